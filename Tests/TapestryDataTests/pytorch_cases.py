#!/usr/bin/env python3
"""Writes the files in Cases, beside this one: what Python's safetensors, csv, NumPy and gzip write, and what PyTorch
makes of it.

python3 pytorch_cases.py     (needs torch, safetensors and numpy; the committed files come from PyTorch 2.15,
safetensors 0.8, NumPy 2.4, Python 3.11)
"""

import csv
import gzip
import io
import json
import pathlib

import numpy
import torch
from safetensors.torch import save, save_file

CASES = pathlib.Path(__file__).resolve().parent / "Cases"
CASES.mkdir(exist_ok=True)

# The types of our own.
save_file(
    {
        "b": torch.tensor([[1.5, -2, float("inf")], [0, 1e-40, 3]]),
        "a": torch.tensor([1.1, 2.2], dtype=torch.float64),
        "c.ä\"\\\n\x01": torch.tensor([-1, 2**40]),
        "z": torch.tensor([7, -8, 9], dtype=torch.int32),
        "u": torch.tensor([0, 255], dtype=torch.uint8),
        "flag": torch.tensor([True, False, True]),
        "scalar": torch.tensor(3.25),
        "empty": torch.zeros(2, 0),
    },
    CASES / "ours.safetensors",
    {"epoch": "3"},
)

# Those that are read as others (and halves), each with what PyTorch's own widening makes of it: "f16" and "f16
# widened".
tensors = {}
bits8 = torch.arange(256, dtype=torch.uint8)
bits16 = (
    torch.cat([torch.arange(0, 2**16, 61), torch.tensor([1, 0x7BFF, 0x7C00, 0x7E00, 0x8000, 0xFC00, 0xFF80, 0x7F80])])
    .to(torch.int32)
    .to(torch.uint16)
)
for name, dtype in {
    "f16": torch.float16,
    "bf16": torch.bfloat16,
    "f8_e4m3": torch.float8_e4m3fn,
    "f8_e5m2": torch.float8_e5m2,
    "f8_e4m3fnuz": torch.float8_e4m3fnuz,
    "f8_e5m2fnuz": torch.float8_e5m2fnuz,
    "f8_e8m0": torch.float8_e8m0fnu,
}.items():
    tensors[name] = (bits16 if dtype.itemsize == 2 else bits8).clone().view(dtype)
    tensors[name + " widened"] = tensors[name].to(torch.float32)
for name, dtype, wide in [
    ("i8", torch.int8, torch.int32),
    ("i16", torch.int16, torch.int32),
    ("u16", torch.uint16, torch.int32),
    ("u32", torch.uint32, torch.int64),
    ("u64", torch.uint64, torch.int64),
]:
    ends = torch.iinfo(dtype)
    tensors[name] = torch.tensor([ends.min, 1, min(ends.max, 2**63 - 1)], dtype=dtype)
    tensors[name + " widened"] = tensors[name].to(wide)
save_file(tensors, CASES / "others.safetensors")

# float32 narrowed by PyTorch: drawn numbers of all sizes, ties and what lies beside them, the ends of both types. The
# file is also what Python writes of halves.
torch.manual_seed(3)
drawn = torch.cat(
    [
        torch.randn(300) * torch.exp2(torch.randint(-30, 20, (300,))),
        torch.tensor([2049.0, 2051, 65504, 65519.99, 65520, 1e38, 3.39e38, 3.4e38, 2**-24, 2**-25, 3e-8]),
        torch.tensor([257.0, 259, 1 + 2**-8, 1 + 3 * 2**-8, float("inf"), float("nan"), 0, 1e-40, 9.2e-41, 4.6e-41]),
    ]
)
drawn = torch.cat([drawn, -drawn])
save_file(
    {"x": drawn, "f16": drawn.to(torch.float16), "bf16": drawn.to(torch.bfloat16)},
    CASES / "halves.safetensors",
    {"by": "PyTorch"},
)

# "é" in one code point and in two.
one, two = "\u00e9", "e\u0301"
while True:  # safetensors writes metadata in the order of a hash that is new each time; ours is sorted
    names = save({one: torch.ones(1), two: torch.zeros(1), "a": torch.ones(2)}, {one: "x", two: "y"})
    if names.index(two.encode()) < names.index(one.encode()):
        break
(CASES / "names.safetensors").write_bytes(names)

# CSV: csv.writer, and savetxt with and without a header.
with open(CASES / "python.csv", "w", newline="") as f:
    writer = csv.writer(f)
    for row in (
        ["a", "b c", 'q"x', one],
        [1.5, None, True, float("inf")],
        [],
        ["", " x", "l\nf", "c\rr"],
        [2**53 + 1, 0.1 + 0.2, 1e-300, False],
    ):
        writer.writerow(row)
numbers = numpy.array([[1.5, numpy.nan], [2, -3]])
numpy.savetxt(CASES / "numpy.csv", numbers, delimiter=",", header="a,b")
numpy.savetxt(CASES / "numpy-plain.csv", numbers[1:], delimiter=",")

# gzip: the module with a name, two members, and zeros that fill a block.
named = io.BytesIO()
with gzip.GzipFile("inner.csv", "wb", fileobj=named, mtime=0) as f:
    f.write(b"a,b\n1,2\n")
members = named.getvalue() + gzip.compress(b"3,4\n", mtime=0)
(CASES / "members.csv.gz").write_bytes(members + b"\0" * (512 - len(members)))
assert gzip.decompress((CASES / "members.csv.gz").read_bytes()) == b"a,b\n1,2\n3,4\n"

# torch.utils.data.random_split: the lengths for fractions.
splits = [
    (10, [0.8, 0.2]),
    (10, [0.33, 0.33, 0.34]),
    (100, [0.29, 0.71]),
    (7, [0.25] * 4),
    (442, [0.7, 0.15, 0.15]),
    (3, [0.5, 0.5]),
    (1, [0.1, 0.9]),
    (5, [0.5, 0.5]),
    (11, [0.3, 0.3, 0.4]),
    (0, [0.5, 0.5]),
    (6, [0.0, 1.0]),
]
lengths = [[len(part) for part in torch.utils.data.random_split(range(n), fractions)] for n, fractions in splits]
cases = [{"count": n, "fractions": fractions, "lengths": parts} for (n, fractions), parts in zip(splits, lengths)]
(CASES / "splits.json").write_text("[\n" + ",\n".join("  " + json.dumps(case) for case in cases) + "\n]\n")
