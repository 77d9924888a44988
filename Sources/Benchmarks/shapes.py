#!/usr/bin/env python3
"""PyTorch's side of work of any shape (Shapes.swift has ours), and the shapes.

shapes.py --draw 40 --seed 1              names of drawn work, one a line
shapes.py --only NAME,NAME --seconds 0.1  a JSON line for each
"""

import argparse, json, random, statistics, time

p = argparse.ArgumentParser()
p.add_argument("--draw", type=int, help="how many of each family")
p.add_argument("--seed", type=int, default=0)
p.add_argument("--only", default="")
p.add_argument("--seconds", type=float, default=0.1)
p.add_argument("--threads", type=int)
a = p.parse_args()

FAMILIES = {
    "products": ["product", "productT"],
    "softmax": ["softmax1", "softmax1", "softmax0", "logsoftmax1"],
    "norms": ["layernorm1", "rmsnorm1"],
    "reductions": ["sum0", "sum1", "mean1", "max1", "max0", "var1"],
}


def draw(r, kind):
    """Sizes whose logarithms are even; up to 2²² elements, up to 2³⁰ multiply-adds."""
    while True:
        sizes = [round(2 ** r.uniform(0 if i == 0 else 2, 12)) for i in range(3 if kind.startswith("product") else 2)]
        if (
            len(sizes) == 3
            and sizes[0] * sizes[1] * sizes[2] > 2**30
            or any(x * y > 2**22 for x, y in zip(sizes, sizes[1:]))
        ):
            continue
        return f"{kind}:{'x'.join(map(str, sizes))}"


if a.draw:
    r = random.Random(a.seed)
    for kinds in FAMILIES.values():
        for _ in range(a.draw):
            print(draw(r, r.choice(kinds)))
    raise SystemExit

import torch
import torch.nn.functional as F  # noqa: N812

if a.threads:
    torch.set_num_threads(a.threads)
ONE = {
    "softmax1": lambda x: F.softmax(x, 1),
    "softmax0": lambda x: F.softmax(x, 0),
    "logsoftmax1": lambda x: F.log_softmax(x, 1),
    "layernorm1": lambda x: F.layer_norm(x, x.shape[1:]),
    "rmsnorm1": lambda x: F.rms_norm(x, x.shape[1:]),
    "sum0": lambda x: x.sum(0),
    "sum1": lambda x: x.sum(1),
    "mean1": lambda x: x.mean(1),
    "max1": lambda x: x.amax(1),
    "max0": lambda x: x.amax(0),
    "var1": lambda x: x.var(1),
}
for name in a.only.split(","):
    kind, sizes = name.split(":")
    sizes = list(map(int, sizes.split("x")))
    if len(sizes) == 3:
        m, k, n = sizes
        x, y = torch.randn(m, k), torch.randn(k, n) if kind == "product" else torch.randn(n, k).t()
        step = lambda: x @ y  # noqa: E731
    else:
        x = torch.randn(*sizes)
        step = lambda: ONE[kind](x)  # noqa: E731
    for _ in range(3):
        step()
    times, end = [], time.perf_counter() + a.seconds
    while time.perf_counter() < end or len(times) < 5:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    print(json.dumps({"name": name, "ms": statistics.median(times) * 1e3}), flush=True)
