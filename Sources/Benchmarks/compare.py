#!/usr/bin/env python3
"""Runs PyTorch's side and Tapestry's in turns and prints the ratio of the medians.

    swift build -c release --product Benchmarks
    Sources/Benchmarks/compare.py --bench ../shared/bench --python /path/to/venv/bin/python [--only NAME,NAME] [--launches 7] [--seconds 0.5]
    … --shapes 40 [--seed 1]        products, softmax, norms and reductions of so many drawn shapes each, in place of the workloads; --only names one too (shapes.py)

PyTorch runs at its best: pinned, with MKL's fast kernels on AMD (tuned.sh), and for each workload the fastest of what a
well-informed user would try (--best). Each round runs both sides, and Tapestry once more: where the same program
against itself differs by more than 5 %, the machine was too restless for that row, and the line says so. `limit` is the
least time by what the workload must compute or move, from this machine's measured peak and bandwidth.
"""

import argparse, json, math, os, pathlib, platform, statistics, subprocess

p = argparse.ArgumentParser()
p.add_argument("--bench", required=True, help="the folder with pytorch_bench.py and tuned.sh")
p.add_argument("--python", default="python3")
p.add_argument("--tapestry", default=".build/release/Benchmarks")
p.add_argument("--only", default="")
p.add_argument("--launches", type=int, default=7)
p.add_argument("--seconds", default="0.5")
p.add_argument("--threads", default="")
p.add_argument("--shapes", default="")
p.add_argument("--seed", default="0")
a = p.parse_args()

# What each workload cannot do without: multiply-adds, and megabytes from and to memory.
LIMITS = {
    "gemm_1024": (1024**3, 0),
    "gemm_128x784x256": (128 * 784 * 256, 0),
    "cross_entropy_50k": (3 * 1024 * 768 * 50257, 0),
    "mlp_infer_b256": (256 * (784 * 256 + 256 * 128 + 1280), 0),
    "mlp_adam_b256": (3 * 256 * (784 * 256 + 256 * 128 + 1280), 0),
    **{
        name: (0, mb)
        for name, mb in {
            "add_4m": 33.6,
            "exp_4m": 33.6,
            "gelu_4m": 33.6,
            "softmax_4m": 33.6,
            "layernorm_4m": 33.6,
            "transpose_4m": 33.6,
            "sum_4m": 16.8,
            "chain8_4m": 67.1,
            "bmm_3x3_1m": 108,
        }.items()
    },
}


def run(command):
    return {
        r["name"]: r
        for r in map(
            json.loads, subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
        )
    }


def processor():
    if platform.system() == "Linux":
        for line in open("/proc/cpuinfo"):
            if line.startswith("model name"):
                return f"{line.split(':')[1].strip()}, {os.cpu_count()} processors"
    return f"{platform.machine()}, {os.cpu_count()} processors"


tapestry = [a.tapestry, "--seconds", a.seconds] + (["--threads", a.threads] if a.threads else [])
machine = run([a.tapestry, "machine"])
peak, bandwidth = machine["peak"]["gflops"] * 1e9, machine["bandwidth"]["gbs"] * 1e9
bench = pathlib.Path(a.bench)
shapes = str(pathlib.Path(__file__).with_name("shapes.py"))
drawn = (
    subprocess.run(
        [a.python, shapes, "--draw", a.shapes, "--seed", a.seed], check=True, capture_output=True, text=True
    ).stdout.split()
    if a.shapes
    else []
)
names = a.only or ",".join(dict.fromkeys(drawn)) or ",".join(run([a.tapestry, "list"]))
script = [shapes] if ":" in names else [str(bench / "pytorch_bench.py"), "--best"]
torch = ["bash", str(bench / "tuned.sh"), a.python, *script, "--seconds", a.seconds] + (
    ["--threads", a.threads] if a.threads else []
)
sides = {"torch": torch, "ours": tapestry, "again": tapestry}
times, how = {side: {} for side in sides}, {}
for launch in range(a.launches):
    order = list(sides) if launch % 2 == 0 else list(sides)[::-1]
    for side in order:
        for name, row in run(sides[side] + ["--only", names]).items():
            times[side].setdefault(name, []).append(row["ms"])
            if side == "torch":
                how[name] = row.get("how", "")
WIDE = max(22, *(len(n) + 2 for n in names.split(",")))
print(f"{processor()}: {peak / 1e9:.0f} GFLOP/s on all, {bandwidth / 1e9:.1f} GB/s")
print(
    f"{'workload':{WIDE}s}{'PyTorch':>11s}{'Tapestry':>11s}{'ratio':>8s}{'spread':>14s}{'of limit':>10s}   medians of {a.launches} rounds in turns, ms"
)
ratios = []
for name in names.split(","):
    theirs, ours = times["torch"][name], times["ours"][name] + times["again"][name]
    x, y = statistics.median(theirs), statistics.median(ours)
    rounds = sorted(t / o for t, o in zip(theirs, times["ours"][name]))
    low, high = rounds[len(rounds) // 4], rounds[-1 - len(rounds) // 4]
    flops, megabytes = LIMITS.get(name, (0, 0))
    limit = max(2 * flops / peak, megabytes * 1e6 / bandwidth) * 1e3
    share = f"{limit / y:.0%}" if limit else ""
    self_ratio = statistics.median(times["ours"][name]) / statistics.median(times["again"][name])
    note = "" if abs(math.log(self_ratio)) < math.log(1.05) else f"   restless: itself against itself {self_ratio:.2f}"
    ratios.append(x / y)
    print(
        f"{name:{WIDE}s}{x:11.4f}{y:11.4f}{x / y:8.2f}{f'{low:.2f} … {high:.2f}':>14s}{share:>10s}   {how[name]}{note}"
    )
for family in dict.fromkeys(n.split(":")[0] for n in names.split(",") if ":" in n):
    of = [r for n, r in zip(names.split(","), ratios) if n.split(":")[0] == family]
    print(
        f"{family:{WIDE}s}{'':22s}{math.exp(statistics.mean(map(math.log, of))):8.2f}   least {min(of):.2f}, {sum(r < 0.85 for r in of)} of {len(of)} below 0.85"
    )
print(f"{'geometric mean':{WIDE}s}{'':22s}{math.exp(statistics.mean(map(math.log, ratios))):8.2f}")
