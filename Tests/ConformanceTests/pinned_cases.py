#!/usr/bin/env python3
"""Add the cases that OpDifferences.swift pins to the committed ones.

    generate.py FULL --kinds ops --seed 3 --cap 1000     (the conformance kit's)
    ./pinned_cases.py FULL

Of each function with a known difference the file Cases/float64/ops/NAME.safetensors is written anew: its first three
cases, as `--cap 3` gives them, and those that are pinned, under their own numbers.
"""

import json, pathlib, re, sys
from safetensors import safe_open
from safetensors.torch import save_file

here = pathlib.Path(__file__).resolve().parent
table = (here / "OpDifferences.swift").read_text()
pinned = {}
for name, numbers in re.findall(r'OpDifference\(\s*"([^"]+)", \[([\d, ]*)\]', table):
    pinned.setdefault(name, set()).update(int(n) for n in numbers.split(",") if n.strip())
for name, numbers in sorted(pinned.items()):
    with safe_open(pathlib.Path(sys.argv[1]) / "ops" / f"{name}.safetensors", "pt") as f:
        cases = [c for c in json.loads(f.metadata()["cases"]) if c["id"] < 3 or c["id"] in numbers]
        kept = {str(c["id"]) for c in cases}
        tensors = {k: f.get_tensor(k) for k in f.keys() if k.split("/")[0] in kept}
    if missing := numbers - {c["id"] for c in cases}:
        sys.exit(f"{name}: there are no cases {sorted(missing)}")
    save_file(tensors, here / "Cases/float64/ops" / f"{name}.safetensors", {"cases": json.dumps(cases)})
    print(f"{name}: {len(cases)} cases")
