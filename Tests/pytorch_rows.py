#!/usr/bin/env python3
"""Renews PyTorch's numbers in the tables of tests: rows that hold an expression in Python, its inputs, and what PyTorch makes of them.

    UnarySample("torch.sqrt(x)", x: specialValues, y: […], dx: […]) { … }
    PyTorchCase("a.gather(1, I([[0, 0]]))", [[2, 3]], { … }, shape, y, dx)

    Tests/pytorch_rows.py            writes the numbers that are not PyTorch's anew, in the Swift files
    Tests/pytorch_rows.py --check    only names them, and ends with 1 where there are any

Needs torch; the committed numbers are those of PyTorch 2.15, in float64. A row whose number is not PyTorch's on purpose has a comment above it that begins
with `// Not PyTorch's:` and says whose; such a row is left alone, and named where PyTorch has the number after all. Tests of files, optimizers and schedules
have scripts of their own, pytorch_cases.py beside them.
"""
import pathlib
import re
import sys

import torch
import torch.nn.functional as F  # noqa: F401, N812: expressions use it
from torch import nn  # noqa: F401

torch.set_default_dtype(torch.float64)
HERE = pathlib.Path(__file__).resolve().parent
CLOSING = {"(": ")", "[": "]", "{": "}"}
SPECIAL = [-float("inf"), -2.5, -1, -0.0, 0, 0.5, 1, 3, float("inf")]
I = T = torch.tensor  # noqa: E741: short names that expressions use
from math import inf  # noqa: E402, F401


def f64(x):
    return torch.tensor(x, dtype=torch.float64)


def ramp(shape):
    """`ramp` of ShapeSupport.swift."""
    return f64([(i * 7 % 11 - 5) / 4 for i in range(torch.Size(shape).numel())]).reshape(shape)


def arguments(text, start):
    """Label and span of each argument of the call that opens before `start`."""
    parts, depth, begin, i = [], 0, start, start
    while True:
        c = text[i]
        if c == '"':
            i = text.index('"', i + 1)
        elif c in CLOSING:
            depth += 1
        elif c in ")]}" and depth > 0:
            depth -= 1
        elif depth == 0 and c in ",)":
            label = re.match(r"\s*(\w+):\s*", text[begin:i])
            first = begin + (label.end() if label else re.match(r"\s*", text[begin:i]).end())
            parts.append((label and label[1], first, i))
            begin = i + 1
            if c == ")":
                return parts
        i += 1


def python(text, names={}):
    """The value of a Swift literal."""
    text = re.sub(r" as \[+\w+\]+|Double(?=\.)", "", text.strip())
    text = re.sub(r"\.(infinity|nan)", lambda m: {"infinity": "inf", "nan": "nan"}[m[1]], text)
    return eval(text, dict(inf=float("inf"), nan=float("nan"), nil=None, specialNumbers=SPECIAL, specialValues=SPECIAL + [float("nan")], **names))


def swift(value):
    def one(x):
        if x != x:
            return ".nan"
        if abs(x) == float("inf"):
            return ".infinity" if x > 0 else "-.infinity"
        if x == 0 and str(x).startswith("-"):
            return "-0.0"
        return str(int(x)) if x == int(x) and abs(x) < 1e15 else repr(x)
    if value is None:
        return "nil"
    return one(value) if isinstance(value, float) else "[" + ", ".join(one(float(x)) for x in value) + "]"


def same(a, b):
    if a is None or b is None:
        return a is b
    a, b = (f64(x).flatten() for x in (a, b))
    return a.shape == b.shape and all(x == y or (x != x and y != y) or abs(x - y) <= 1e-13 * max(1, abs(y)) for x, y in zip(a.tolist(), b.tolist()))


def constants(text):
    """The tensors that a file's rows name: `private let x = Tensor([[1, 2]], .float64)`."""
    found = {}
    for name, literal, double in re.findall(r"let (\w+)(?:: Tensor)? = Tensor\((\[[-\d., \[\]e]*\])( as \[+Double\]+|, \.float64|)\)\n", text):
        value = torch.tensor(python(literal))
        found[name] = value.double() if double else value
    return found


def run(expression, names, leaves, weights=None):
    """The expression's elements and the gradient of each leaf, None where none comes."""
    names = dict(globals(), **names)
    for leaf in leaves:
        names[leaf] = names[leaf].clone().requires_grad_()
    y = eval(expression, names)
    if y.requires_grad:
        y.backward(torch.arange(1, y.numel() + 1, dtype=torch.float64).reshape(y.shape) if weights is None else weights(y))
    return y.detach(), [names[leaf].grad for leaf in leaves]


def elements(t):
    return None if t is None else t.flatten().tolist()


def zeros(t, like):
    return [0.0] * len(like) if t is None else elements(t)


# Each row's kind: from its arguments (by label or position) the numbers that belong there, by label or position.
def case(a, names):
    shapes = python(a[1])
    letters = "abcdefgh"[:len(shapes)]
    y, dx = run(python(a[0]), {c: ramp(s) for c, s in zip(letters, shapes)}, letters, lambda y: ramp(y.shape))
    dx = [zeros(d, ramp(s).flatten()) for d, s in zip(dx, shapes)]
    return {3: [float(n) for n in y.shape], 4: elements(y), 5: dx}


def unary(a, names):
    x = python(a["x"])
    y, (dx,) = run(python(a[0]), {"x": f64(x)}, "x", torch.ones_like)
    return {"y": elements(y), "dx": zeros(dx, x)}


def binary(a, names):
    x, z = python(a[1]), python(a[2])
    y, (dx, dz) = run(python(a[0]), {"x": f64(x), "y": f64(z)}, "xy", torch.ones_like)
    return {"result": elements(y), "dx": zeros(dx, x), "dy": zeros(dz, z)}


def reduction(a, names):
    y, (dx,) = run(python(a[0]), {"x": f64([[1.5, -2, 0.25], [4, 0.5, -1]])}, "x")
    return {"shape": [float(n) for n in y.shape], "y": elements(y), "dx": zeros(dx, range(6))}


def scalar(a, names):
    results = [run(python(a[0]), {"t": f64(-3.0), "axis": axis}, "t", lambda y: torch.full_like(y, 2)) for axis in (0, -1)]
    assert all(float(y) == float(results[0][0]) for y, _ in results)
    return {"y": float(results[0][0]), "dx": float(results[0][1][0])}


def loss(a, names):
    names = dict(names, xd=f64([(i / 4 - 1) ** 2 for i in range(12)]).reshape(2, 3, 2))
    of = a[1].strip()
    name = re.match(r"\w+", of)[0]
    y, (dx,) = run(python(a[0]), names, [name])
    return {"y": elements(y), "dx": elements(eval(of, {name: dx}))}


def pair(a, names):
    names = {n.removeprefix("in").lower(): t for n, t in names.items()}
    leaves = [a[i].strip().removeprefix("in").lower() for i in (1, 2)]
    if a["dt"].strip() == "nil":   # some targets must not ask for a gradient
        leaves = leaves[:1]
    y, gradients = run(python(a[0]), names, leaves)
    return {"y": elements(y)} | dict(zip(("dx", "dt"), map(elements, gradients)))


def grad(f, *inputs):
    inputs = [x.clone().requires_grad_() for x in inputs]
    y = f(*inputs)
    y.backward(torch.arange(1, y.numel() + 1.0).reshape(y.shape))
    return [x.grad for x in inputs]


def expression(a, names):
    return {1: elements(eval(python(a[0]), globals()))}


def layer(a, names):
    y = eval(python(a[0]), globals()).eval()(names["points"])
    return {2: elements(y.detach())}


def loss_object(a, names):
    names = dict(vars(nn), torch=torch, p=torch.sigmoid(names["x"]), **names)
    return {1: float(eval(python(a[0]), names))}


KINDS = {"PyTorchCase": case, "UnarySample": unary, "BinarySample": binary, "ReductionSample": reduction, "Sample": scalar, "LossSample": loss,
         "PairLossSample": pair, "LayerSample": layer, "LossObjectSample": loss_object, "pytorch": expression}
NOT = "// Not PyTorch's:"


def renew(path, counts):
    text = path.read_text()
    names = constants(text) if KINDS.keys() & set(re.findall(r"\b\w+(?=\(\s*\")", text)) else {}
    problems, changes = [], []
    for found in re.finditer(rf"\b({'|'.join(KINDS)})\((?=\s*\")", text):
        spans = arguments(text, found.end())
        a = {key: text[first:last] for i, (label, first, last) in enumerate(spans) for key in ((label,) if label else ()) + (i,)}
        places = {key: (first, last) for i, (label, first, last) in enumerate(spans) for key in ((label,) if label else ()) + (i,)}
        counts[found[1]] = counts.get(found[1], 0) + 1
        above = text[:text.rindex("\n", 0, found.start())].rsplit("\n", 1)[-1].strip()
        other = above.startswith(NOT)
        if other and "mpmath" in a[0]:
            continue
        expected = KINDS[found[1]](a, names)
        nested = {k for k, v in expected.items() if isinstance(v, list) and v and isinstance(v[0], list)}
        wrong = [k for k, v in expected.items() if not (
            len(python(a[k])) == len(v) and all(map(same, python(a[k]), v)) if k in nested else same(python(a[k]), v))]
        if other:
            if not wrong:
                problems.append(f"{path.name}: {python(a[0])} is PyTorch's after all: '{above}' is not needed")
            continue
        if wrong:
            problems.append(f"{path.name}: {python(a[0])}: {', '.join(map(str, wrong))}")
            for k in wrong:
                new = "[" + ", ".join(map(swift, expected[k])) + "]" if k in nested else swift(expected[k])
                changes.append((places[k], new))
    for (first, last), new in sorted(changes, reverse=True):
        text = text[:first] + new + text[last:]
    return text, problems


def main():
    check, counts, all_problems = "--check" in sys.argv, {}, []
    for path in sorted(HERE.glob("*Tests/*.swift")):
        text, problems = renew(path, counts)
        all_problems += problems
        if problems and not check:
            path.write_text(text)
    print("\n".join(all_problems))
    print(", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())) + f": {len(all_problems)} {'differ' if check else 'renewed'}")
    sys.exit(1 if check and all_problems else 0)


main()
