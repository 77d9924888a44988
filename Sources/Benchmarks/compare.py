#!/usr/bin/env python3
"""Runs PyTorch's side and Tapestry's in turns and prints the ratio of the medians.

    swift build -c release --product Benchmarks
    Sources/Benchmarks/compare.py --torch ../shared/bench/pytorch_bench.py --python /path/to/venv/bin/python [--only NAME,NAME] [--launches 7]

PyTorch's threads are pinned (OMP_PROC_BIND, OMP_PLACES): unpinned its times are bimodal.
"""
import argparse, json, os, statistics, subprocess

p = argparse.ArgumentParser()
p.add_argument("--torch", required=True)
p.add_argument("--python", default="python3")
p.add_argument("--tapestry", default=".build/release/Benchmarks")
p.add_argument("--only", default="add_10,chain_10,xor_sgd_b4,mlp_adam_b32")
p.add_argument("--launches", type=int, default=7)
p.add_argument("--seconds", default="0.5")
a = p.parse_args()
common = ["--only", a.only, "--seconds", a.seconds]
pinned = dict(os.environ, OMP_PROC_BIND="true", OMP_PLACES="cores")
sides = {"torch": ([a.python, a.torch, *common], pinned), "tapestry": ([a.tapestry, *common], os.environ)}
times = {side: {} for side in sides}
for _ in range(a.launches):
    for side, (command, env) in sides.items():
        for line in subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout.splitlines():
            row = json.loads(line)
            times[side].setdefault(row["name"], []).append(row["ms"])
print(f"{'workload':22s}{'PyTorch':>14s}{'Tapestry':>14s}{'ratio':>9s}   median of {a.launches} launches each, in turns")
for name, ours in times["tapestry"].items():
    x, y = statistics.median(times["torch"][name]), statistics.median(ours)
    print(f"{name:22s}{x:11.5f} ms{y:11.5f} ms{x / y:8.2f}×")
