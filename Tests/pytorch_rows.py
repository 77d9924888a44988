#!/usr/bin/env python3
"""Renews PyTorch's and scikit-learn's numbers in the tests: each row

    UnarySample("torch.sqrt(x)", x: specialValues, y: [1, 2], dx: [0.5, 0.25]) { sqrt($0) }

is a call of one of the types below, with an expression in Python first; it may use the row's inputs, and what has a
name there by `let name = Tensor(…)` or `let name: [Double] = …`. This runs every expression and writes the numbers that
are others anew, in the file. Where we differ on purpose `// differs: why` stands above the numbers: they are left
alone, and reported once they differ no longer.

    python3 Tests/pytorch_rows.py            (needs torch, scikit-learn and swift; the committed numbers are those of
                                              PyTorch 2.15 and scikit-learn 1.9)
    python3 Tests/pytorch_rows.py --check    changes nothing, and exits with 1 where it would
"""

import collections
import math
import pathlib
import re
import subprocess
import sys
import warnings

import numpy as np
import sklearn.impute
import sklearn.metrics as metrics
import sklearn.model_selection
import sklearn.preprocessing
import sklearn.utils
import torch
import torch.nn.functional as F  # noqa: N812

torch.set_default_dtype(torch.float64)
warnings.simplefilter("ignore")  # kl_div's of its mean, and what scikit-learn says of classes that are not there
CLOSING = {"(": ")", "[": "]", "{": "}"}
PYTHON = {"torch": torch, "nn": torch.nn, "F": F, "I": torch.tensor, "inf": math.inf}
PYTHON |= {"sklearn": sklearn, "metrics": metrics, "np": np, "nan": math.nan}


def ramp(shape):
    """As that of ShapeSupport.swift."""
    return torch.tensor([(i * 7 % 11 - 5) / 4 for i in range(torch.Size(shape).numel())]).reshape(shape)


def counting(y):
    return torch.arange(1.0, y.numel() + 1).reshape(y.shape)


# For each type: the inputs by their names in the expression (row[key] is an argument, by its place or label, or what
# has that name in the file); what other arguments hold (the result's shape, the result y, the gradient of the first
# input, dx, of the second, dy, and those of all); what comes back to the result.
GRADIENTS = {"y": "y", "dx": "dx"}
ROWS = {
    "PyTorchCase": (
        lambda row: dict(zip("abcdefgh", map(ramp, row[1]))),
        {3: "shape", 4: "y", 5: "all"},
        lambda y: ramp(y.shape),
    ),
    "UnarySample": (lambda row: {"x": row["x"]}, GRADIENTS, torch.ones_like),
    "BinarySample": (lambda row: {"x": row[1], "y": row[2]}, {"result": "y", "dx": "dx", "dy": "dy"}, torch.ones_like),
    "ReductionSample": (lambda row: {"x": row["reductionInput"]}, {"shape": "shape", **GRADIENTS}, counting),
    "ScalarAxisSample": (lambda row: {"t": row["scalar"]}, GRADIENTS, lambda y: torch.full_like(y, 2)),
    "LossSample": (lambda row: {row.text(1): row[1]}, GRADIENTS, counting),
    "PairLossSample": (
        lambda row: {row.text(i): row[i] for i in (1, 2)[: 1 + (row["dt"] is not None)]},
        {**GRADIENTS, "dt": "dy"},
        counting,
    ),
    "LossObjectSample": (lambda row: {}, {1: "y"}, None),
    "LayerSample": (lambda row: {}, {2: "y"}, None),
    "pytorch": (lambda row: {}, {1: "y"}, None),
    "scikit": (lambda row: {}, {1: "y"}, None),
}


def arguments(text, start):
    """Where the arguments of the call that opens before `start` begin and end."""
    parts, depth, begin, i = [], 0, start, start
    while True:
        c = text[i]
        if c == '"':
            i = text.index('"', i + 1)
        elif text.startswith("//", i):
            i = text.index("\n", i)
        elif c in CLOSING:
            depth += 1
        elif c in ")]}":
            if depth == 0:
                return parts + [(begin, i)] if text[begin:i].strip() else parts
            depth -= 1
        elif c == "," and depth == 0:
            parts.append((begin, i))
            begin = i + 1
        i += 1


def tensor(numbers, dtype=None, shape=None):
    made = torch.tensor(numbers, dtype=dtype)
    return made if shape is None else made.reshape(shape)


def swift(text, names):
    """The value of Swift's numbers, arrays and `Tensor(…)`."""
    text = re.sub(r"//.*", "", text)
    text = re.sub(r"\s+as \[+Double\]+", ", float64", text)
    text = re.sub(r"(?<![\w)\]])\.(\w+)", r"\1", text)
    text = re.sub(r"\b(\w+):\s", r"\1=", text)
    known = {
        "Tensor": tensor,
        "nan": math.nan,
        "infinity": math.inf,
        "float64": torch.float64,
        "int64": torch.int64,
        "nil": None,
    }
    return eval(" ".join(text.split()), {**known, **names})


SKIPPED = r'''"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|//.*'''
NAMED = re.compile(SKIPPED + r"|[{}]|(?:let|var|,)\s+(\w+)(?:: (?:(\[Double\])|\w+))? = (?:Variable\()?(?=(Tensor\()?)")


def named(text):
    """The literals that have names where `text`, a file up to a row, ends: a `let` counts in its braces."""
    scopes = [{}]
    for found in NAMED.finditer(text):
        names = scopes[-1]
        if found[0] == "{":
            scopes.append(dict(names))
        elif found[0] == "}":
            scopes.pop()
        elif found[1]:
            names.pop(found[1], None)
            try:
                if found[2]:
                    names[found[1]] = [float(x) for x in swift(text[found.end() :].split("\n", 1)[0], names)]
                elif found[3]:
                    names[found[1]] = swift(
                        text[found.end() : arguments(text, found.end() + len(found[3]))[-1][1] + 1], names
                    )
            except Exception:
                continue  # no literal
    return scopes[-1]


class Row:
    def __init__(self, text, start):
        spans = arguments(text, start)
        self.end = spans[-1][1]
        self.source = text
        self.spans, self.marks = {}, {}
        for i, (begin, end) in enumerate(spans):
            label = re.match(r"(?:\s|//.*)*(?:([a-zA-Z]\w*):)?\s*", text[begin:end])
            self.spans[label[1] or i] = (begin + label.end(), end)
            self.marks[label[1] or i] = "// differs: " in label[0]
        self.expression = self.text(0)[1:-1]
        if not self.text(0).startswith('"'):
            sys.exit(f"the first argument is no expression: {text[start - 20:self.end]}")
        self.names = named(text[:start])

    def text(self, key):
        begin, end = self.spans[key]
        return self.source[begin:end].strip()

    def __getitem__(self, key):
        return swift(self.text(key), self.names) if key in self.spans else self.names[key]


def outcome(kind, row, axis):
    """What PyTorch gives for a row. `axis` is for the samples of scalars, which have the same for 0 and −1."""
    inputs, _, cotangent = ROWS[kind]
    leaves = {name: torch.as_tensor(x, dtype=torch.float64).clone().requires_grad_() for name, x in inputs(row).items()}
    y = torch.as_tensor(eval(row.expression, {**PYTHON, **row.names, **leaves, "axis": axis}))
    if y.requires_grad and leaves:
        y.backward(cotangent(y))
    gradients = [(torch.zeros_like(x) if x.grad is None else x.grad).flatten().tolist() for x in leaves.values()]
    return {
        "shape": list(y.shape),
        "y": y.detach().flatten().tolist(),
        "all": gradients,
        **dict(zip(("dx", "dy"), gradients)),
    }


def same(a, b):
    """No test compares the sign of a zero. Beside the relative tolerance is what rounding leaves of a sum that is 0."""
    if isinstance(a, list) or isinstance(b, list):
        return isinstance(a, list) and isinstance(b, list) and len(a) == len(b) and all(map(same, a, b))
    return math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-15) or (a != a and b != b)


def written(x):
    if isinstance(x, list):
        return "[" + ", ".join(map(written, x)) + "]"
    if x != x or math.isinf(x):
        return ".nan" if x != x else ".infinity" if x > 0 else "-.infinity"
    return str(int(x)) if x == int(x) and abs(x) < 1e15 and str(x) != "-0.0" else repr(x)


def main():
    check = "--check" in sys.argv[1:]
    counts, wrong, marks = collections.Counter(), 0, 0
    for path in sorted(pathlib.Path(__file__).resolve().parent.glob("*Tests/**/*.swift")):
        text = before = path.read_text()
        unread = text.count("// differs: ")
        for found in reversed(list(re.finditer(rf"(?<!func )\b({'|'.join(ROWS)})\(", text))):
            kind, row = found[1], Row(text, found.end())
            new, again = (outcome(kind, row, axis) for axis in (0, -1))
            if not all(same(new[what], again[what]) for what in new):
                sys.exit(f"{path.name}: {row.expression}: twice is not the same, or axis 0 not −1")
            counts[kind] += 1
            reports, renewed = [], []
            for key, what in ROWS[kind][1].items():
                old, (begin, end) = row[key], row.spans[key]
                if old is None:
                    continue  # not compared
                value = new[what] if isinstance(old, list) or len(new[what]) != 1 else new[what][0]
                marks += row.marks[key]
                unread -= row.marks[key]
                if row.marks[key] and same(old, value):
                    reports.append(f"{key}: differs no longer")
                elif not row.marks[key] and not same(old, value):
                    reports.append(f"{key}: {written(old)}, in Python {written(value)}")
                    renewed.append((begin, end, written(value)))
            if reports:
                wrong += 1
                print(
                    "\n  ".join(
                        [f"{path.name}:{text.count(chr(10), 0, found.start()) + 1}: {row.expression}", *reports]
                    )
                )
            for begin, end, value in reversed(renewed):
                text = text[:begin] + value + text[end:]
        if unread:
            sys.exit(f"{path.name}: {unread} times \"// differs: \" stands where no number of a row follows")
        if text != before and not check:
            path.write_text(text)
            subprocess.run(["swift", "format", "--in-place", path], check=True)
    if set(ROWS) - set(counts):
        sys.exit(f"no rows of {set(ROWS) - set(counts)}")
    print(
        ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
        + f": {sum(counts.values())} rows, {wrong} reported; {marks} marks"
    )
    sys.exit(wrong > 0 and check)


main()
