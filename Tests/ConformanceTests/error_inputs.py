#!/usr/bin/env python3
"""Write PyTorch's own error inputs: calls that must end in an error message.

    pip install torch numpy safetensors expecttest
    ./error_inputs.py OUT_DIR --conformance DIR_OF_generate.py [--only NAME,NAME]

They come from the databases that generate.py reads too (op_db's `error_inputs`, module_db's
`module_error_inputs_func`), and are encoded by its `Case`. One file a kind, OUT_DIR/ops.safetensors and
OUT_DIR/modules.safetensors; the metadata key `cases` holds a JSON list. A case has what FORMAT.md says of its kind, up
to the call, and beside it `error_type` and `error_regex`, what PyTorch raises; modules have no `state`. Where `phase`
is "constructor" the module cannot be made, and there is no `forward`.

What the format or any tensor of ours cannot carry is printed with the reason: `out=` tensors, complex numbers, other
devices, more than eight axes, large tensors. A float16 tensor is written as float64: what is wrong with it is that it
is not float32.
"""

import argparse, collections, json, random, sys, warnings
import numpy as np
import torch
from safetensors.torch import save_file
from torch.utils import _pytree as pytree

warnings.filterwarnings("ignore")


def carried(Skip, values):
    """The values as the format takes them; raises where it cannot."""

    def one(v):
        if isinstance(v, complex):
            raise Skip("complex number: no such type")
        if not isinstance(v, torch.Tensor):
            return v
        if v.device.type != "cpu":
            raise Skip("another device: there is one")
        if v.is_complex() or v.layout != torch.strided:
            raise Skip("complex or sparse tensor: no such type")
        if v.dim() > 8:
            raise Skip(f"a tensor of {v.dim()} axes: none can be made, ours have at most 8")
        if v.numel() > 20_000:
            raise Skip(f"a tensor of {v.numel()} elements: the files are to be small")
        return v.to(torch.float64) if v.dtype in (torch.float16, torch.bfloat16) else v

    return pytree.tree_map(one, values)


def op_cases(generate, names):
    from torch.testing._internal.common_methods_invocations import op_db

    for op in op_db:
        if op.name in names and op.error_inputs_func:
            for error in op.error_inputs("cpu"):
                sample = error.sample_input

                def fill(case):
                    if "out" in sample.kwargs:
                        raise generate.Skip("out=: results are returned, never written into an argument")
                    args, kwargs = carried(generate.Skip, ([sample.input, *sample.args], dict(sample.kwargs)))
                    case.json |= {
                        "op": op.name,
                        "variant": op.variant_test_name,
                        "args": case.encode(args, "arg"),
                        "kwargs": case.encode(kwargs, "kwarg"),
                    }

                yield op.name, error, fill


def module_cases(generate, names):
    from torch.testing._internal.common_modules import ModuleErrorEnum, module_db

    for info in module_db:
        if info.module_error_inputs_func and (not names or info.name in names):
            for error in info.module_error_inputs_func(
                info, device="cpu", dtype=torch.float64, requires_grad=False, training=True
            ):
                sample = error.module_error_input

                def fill(case):
                    c, f = sample.constructor_input, sample.forward_input
                    kwargs = {k: v for k, v in c.kwargs.items() if k not in ("device", "dtype")}
                    positional, named = generate.bind(info.module_cls.__init__, (None, *c.args), kwargs)
                    named.pop("self", None)
                    named = ({"*": positional} if positional else {}) | named
                    case.json |= {
                        "module": info.name,
                        "kwargs": case.encode(carried(generate.Skip, named), "kwargs"),
                        "training": True,
                    }
                    if error.error_on == ModuleErrorEnum.CONSTRUCTION_ERROR:
                        case.json["phase"] = "constructor"
                        return
                    m = info.module_cls(*c.args, **c.kwargs)  # its numbers do not matter: no state is written
                    case.json["phase"] = "forward"
                    pos, nam = generate.bind(m.forward, f.args, f.kwargs)
                    case.json["forward"] = case.encode(
                        carried(generate.Skip, ({"*": pos} if pos else {}) | nam), "forward"
                    )

                yield info.name, error, fill


def write(generate, path, cases):
    store, kept, left = {"empty": torch.zeros(1)}, [], collections.Counter()
    for name, error, fill in cases:
        case = generate.Case(len(kept), store)
        try:
            fill(case)
            regex = error.error_regex
            kept.append(case.json | {"error_type": error.error_type.__name__, "error_regex": str(regex)})
        except generate.Skip as e:
            left[f"{name}: {e}"] += 1
            for k in [k for k in store if k.startswith(case.prefix + "/")]:
                del store[k]
    save_file(store, path, {"cases": json.dumps(kept)})
    print(f"{path}: {len(kept)} cases")
    for why, count in left.items():
        print(f"  not carried, {count} × {why}")


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("out")
    ap.add_argument("--conformance", required=True)
    ap.add_argument("--only", default="")
    a = ap.parse_args()
    sys.path.insert(0, a.conformance)
    import generate

    random.seed(0)
    np.random.seed(0)
    torch.manual_seed(0)
    only = {n for n in a.only.split(",") if n}
    ops = only or {line.split("#")[0].strip() for line in open(f"{a.conformance}/ops.txt")} - {""}
    write(generate, f"{a.out}/ops.safetensors", op_cases(generate, ops))
    write(generate, f"{a.out}/modules.safetensors", module_cases(generate, only))


if __name__ == "__main__":
    main()
