#!/usr/bin/env python3
"""Renews PyTorch's numbers in the tests of this folder: each row

    PyTorchCase("a.gather(1, I([[0, 0]]))", [[2, 3]], { … }, shape, y, dx)

holds an expression in Python of inputs a, b, c, … of the given shapes, filled as `ramp` of ShapeSupport.swift fills them, the result's shape and elements, and
the gradients for the cotangent `ramp(shape)`. This runs every expression and writes the numbers that are not PyTorch's anew, in the file.

    python3 pytorch_cases.py     (needs torch; the committed numbers are those of PyTorch 2.15)
"""
import pathlib
import re

import torch
import torch.nn.functional as F  # noqa: F401, N812: the expressions use it

HERE = pathlib.Path(__file__).resolve().parent
I = torch.tensor  # noqa: E741
CLOSING = {"(": ")", "[": "]", "{": "}"}


def ramp(shape):
    count = torch.Size(shape).numel()
    return torch.tensor([(i * 7 % 11 - 5) / 4 for i in range(count)], dtype=torch.float64).reshape(shape)


def arguments(text, start):
    """Where the arguments of the call that opens before `start` begin and end."""
    parts, depth, begin, i = [], 0, start, start
    while True:
        c = text[i]
        if c == '"':
            i = text.index('"', i + 1)
        elif c in CLOSING:
            depth += 1
        elif c in ")]}":
            if depth == 0:
                return parts + [(begin, i)]
            depth -= 1
        elif c == "," and depth == 0:
            parts.append((begin, i))
            begin = i + 1
        i += 1


def numbers(value):
    def one(x):
        if x != x:
            return ".nan"
        if x in (float("inf"), float("-inf")):
            return ".infinity" if x > 0 else "-.infinity"
        return str(int(x)) if x == int(x) and abs(x) < 1e15 else repr(x)
    return "[" + ", ".join(one(x) for x in value.flatten().tolist()) + "]"


def parsed(text):
    return eval(text.strip().replace("-.infinity", "-inf").replace(".infinity", "inf").replace(".nan", "nan"), {"inf": float("inf"), "nan": float("nan")})


def same(a, b):
    a, b = (torch.tensor(x, dtype=torch.float64).flatten() for x in (a, b))
    return a.shape == b.shape and torch.allclose(a, b, rtol=1e-12, atol=1e-12, equal_nan=True)


cases = renewed = 0
for path in sorted(HERE.glob("*Tests.swift")):
    text = path.read_text()
    for found in reversed(list(re.finditer(r"PyTorchCase\((?=\s*\")", text))):
        spans = arguments(text, found.end())
        python, shapes, _, shape, y, dx = (text[a:b] for a, b in spans)
        python = parsed(python)
        inputs = [ramp(s).requires_grad_() for s in parsed(shapes)]
        result = eval(python, globals(), dict(zip("abcdefgh", inputs)))
        result.backward(ramp(result.shape))
        gradients = [torch.zeros_like(x) if x.grad is None else x.grad for x in inputs]
        cases += 1
        old = parsed(dx)
        if parsed(shape) == list(result.shape) and same(parsed(y), result.flatten().tolist()) and len(old) == len(gradients) and all(
                same(a, b.flatten().tolist()) for a, b in zip(old, gradients)):
            continue
        renewed += 1
        print(f"{path.name}: {python}")
        new = f"\n      {list(result.shape)}, {numbers(result)},\n      [{', '.join(map(numbers, gradients))}]"
        text = text[:spans[3][0]] + new + text[spans[5][1]:]
    path.write_text(text)
print(f"{cases} cases, {renewed} renewed")
