#!/usr/bin/env python3
"""Writes Schedules/ScheduleCases.swift and OptimizerCases.swift beside this file: what PyTorch's schedules and optimizers do.

python3 pytorch_cases.py     (needs torch; the committed files come from PyTorch 2.15)
"""

import os
import random
import warnings

import torch
from torch.optim.lr_scheduler import *  # noqa: F403

warnings.simplefilter("ignore")
HERE = os.path.dirname(os.path.abspath(__file__))
random.seed(3)


def number(low, high):
    return round(random.uniform(low, high), 3)


def momentum_of(group):
    return group["betas"][0] if "betas" in group else group["momentum"]


# ---- schedules: (PyTorch, Swift, optimizer); o is the optimizer, with groups of rates 0.1 and 0.03


def drawn():
    cases = []

    def add(python, swift, optimizer="SGD"):
        cases.append((python, swift, optimizer))

    for _ in range(2):
        n, g = random.randint(1, 6), number(0.1, 1.2)
        add(f"StepLR(o, {n}, gamma={g})", f"StepLR($0, stepSize: {n}, gamma: {g})")
        m = sorted(random.choices(range(0, 15), k=4))
        add(f"MultiStepLR(o, {m}, gamma={g})", f"MultiStepLR($0, milestones: {m}, gamma: {g})")
        f, n = number(0.05, 1), random.randint(1, 12)
        add(f"ConstantLR(o, factor={f}, total_iters={n})", f"ConstantLR($0, factor: {f}, totalIters: {n})")
        a, b, n = number(0.01, 1), number(0, 1), random.randint(1, 15)
        add(f"LinearLR(o, {a}, {b}, {n})", f"LinearLR($0, startFactor: {a}, endFactor: {b}, totalIters: {n})")
        g = number(0.5, 1.1)
        add(f"ExponentialLR(o, {g})", f"ExponentialLR($0, gamma: {g})")
        n, p = random.randint(1, 25), number(0.3, 3)
        add(f"PolynomialLR(o, {n}, {p})", f"PolynomialLR($0, totalIters: {n}, power: {p})")
        n, e = random.randint(1, 12), number(0, 0.02)
        add(f"CosineAnnealingLR(o, {n}, eta_min={e})", f"CosineAnnealingLR($0, tMax: {n}, etaMin: {e})")
        n, k = random.randint(1, 6), random.randint(1, 3)
        add(
            f"CosineAnnealingWarmRestarts(o, {n}, {k}, eta_min={e})",
            f"CosineAnnealingWarmRestarts($0, t0: {n}, tMult: {k}, etaMin: {e})",
        )
        for strategy in ("cos", "linear"):
            n, p, d, e = random.randint(24, 40), number(0.1, 0.4), number(2, 30), number(2, 1e4)
            three = random.choice([True, False])
            low, high = number(0.5, 0.85), number(0.86, 0.95)
            add(
                f"OneCycleLR(o, [0.7, 0.2], total_steps={n}, pct_start={p}, anneal_strategy='{strategy}', div_factor={d}, final_div_factor={e}, "
                f"three_phase={three}, base_momentum={low}, max_momentum={high})",
                f"OneCycleLR($0, maxLR: [0.7, 0.2], totalSteps: {n}, pctStart: {p}, annealStrategy: .{strategy}, baseMomentum: {low}, "
                f"maxMomentum: {high}, divFactor: {d}, finalDivFactor: {e}, threePhase: {str(three).lower()})",
                random.choice(["SGD", "Adam", "RMSprop"]),
            )
        for mode, swift in (("triangular", "triangular"), ("triangular2", "triangular2"), ("exp_range", "expRange")):
            u, d, g = random.randint(1, 7), random.randint(1, 7), number(0.8, 1)
            add(
                f"CyclicLR(o, 0.01, [0.4, 0.3], step_size_up={u}, step_size_down={d}, mode='{mode}', gamma={g})",
                f"CyclicLR($0, baseLR: 0.01, maxLR: [0.4, 0.3], stepSizeUp: {u}, stepSizeDown: {d}, mode: .{swift}, gamma: {g})",
                random.choice(["SGD", "Adam"]),
            )
    add("LambdaLR(o, lambda t: 1 / (t + 1))", "LambdaLR($0) { 1 / Double($0 + 1) }")
    add(
        "LambdaLR(o, [lambda t: 0.9 ** t, lambda t: 1 + t])",
        "LambdaLR($0, [{ pow(0.9, Double($0)) }, { 1 + Double($0) }])",
    )
    add("MultiplicativeLR(o, lambda t: 1 - 0.01 * t)", "MultiplicativeLR($0) { 1 - 0.01 * Double($0) }")
    add(
        "OneCycleLR(o, 0.5, epochs=4, steps_per_epoch=6, cycle_momentum=False)",
        "OneCycleLR($0, maxLR: 0.5, epochs: 4, stepsPerEpoch: 6, cycleMomentum: false)",
    )
    add(
        "CyclicLR(o, 0.01, 0.4, step_size_up=4, cycle_momentum=False)",
        "CyclicLR($0, baseLR: 0.01, maxLR: 0.4, stepSizeUp: 4, cycleMomentum: false)",
    )
    add(
        "SequentialLR(o, [LinearLR(o, 0.1, total_iters=5), CosineAnnealingLR(o, 10, eta_min=0.001)], [5])",
        "SequentialLR($0, schedulers: [LinearLR($0, startFactor: 0.1, totalIters: 5), CosineAnnealingLR($0, tMax: 10, etaMin: 0.001)], milestones: [5])",
    )
    add(
        "SequentialLR(o, [ConstantLR(o, 0.1, 2), ExponentialLR(o, 0.9), StepLR(o, 2, 0.5)], [3, 9])",
        "SequentialLR($0, schedulers: [ConstantLR($0, factor: 0.1, totalIters: 2), ExponentialLR($0, gamma: 0.9), "
        "StepLR($0, stepSize: 2, gamma: 0.5)], milestones: [3, 9])",
    )
    add(
        "SequentialLR(o, [LambdaLR(o, lambda t: 1 / (t + 1)), CosineAnnealingWarmRestarts(o, 3, 2), MultiplicativeLR(o, lambda t: 0.9)], [4, 12])",
        "SequentialLR($0, schedulers: [LambdaLR($0) { 1 / Double($0 + 1) }, CosineAnnealingWarmRestarts($0, t0: 3, tMult: 2), "
        "MultiplicativeLR($0) { _ in 0.9 }], milestones: [4, 12])",
    )
    add(
        "SequentialLR(o, [PolynomialLR(o, 6, 2.0), MultiStepLR(o, [2, 4], 0.5), LinearLR(o, 0.5)], [6, 12])",
        "SequentialLR($0, schedulers: [PolynomialLR($0, totalIters: 6, power: 2), MultiStepLR($0, milestones: [2, 4], gamma: 0.5), "
        "LinearLR($0, startFactor: 0.5)], milestones: [6, 12])",
    )
    add(
        "SequentialLR(o, [ExponentialLR(o, 0.9), ConstantLR(o, 0.3, 2), ExponentialLR(o, 0.7)], [4, 4])",
        "SequentialLR($0, schedulers: [ExponentialLR($0, gamma: 0.9), ConstantLR($0, factor: 0.3, totalIters: 2), ExponentialLR($0, gamma: 0.7)], "
        "milestones: [4, 4])",
    )
    add("MultiStepLR(o, [3, 3, 7], 0.5)", "MultiStepLR($0, milestones: [3, 3, 7], gamma: 0.5)")
    add(
        "ChainedScheduler([ConstantLR(o, 0.1, 4), ExponentialLR(o, 0.9)])",
        "ChainedScheduler([ConstantLR($0, factor: 0.1, totalIters: 4), ExponentialLR($0, gamma: 0.9)])",
    )
    add(
        "ChainedScheduler([LinearLR(o, 0.2, total_iters=6), CosineAnnealingLR(o, 9), StepLR(o, 5, 0.5)])",
        "ChainedScheduler([LinearLR($0, startFactor: 0.2, totalIters: 6), CosineAnnealingLR($0, tMax: 9), StepLR($0, stepSize: 5, gamma: 0.5)])",
    )
    # The configurations of the conformance cases.
    for python, swift in [
        ("StepLR(o, step_size=3)", "StepLR($0, stepSize: 3)"),
        ("MultiStepLR(o, milestones=[2, 5, 9], gamma=0.3)", "MultiStepLR($0, milestones: [2, 5, 9], gamma: 0.3)"),
        ("ConstantLR(o, factor=0.25, total_iters=4)", "ConstantLR($0, factor: 0.25, totalIters: 4)"),
        (
            "LinearLR(o, start_factor=0.1, end_factor=0.9, total_iters=6)",
            "LinearLR($0, startFactor: 0.1, endFactor: 0.9, totalIters: 6)",
        ),
        ("PolynomialLR(o, total_iters=8, power=2.0)", "PolynomialLR($0, totalIters: 8, power: 2)"),
        ("CosineAnnealingLR(o, T_max=7, eta_min=0.01)", "CosineAnnealingLR($0, tMax: 7, etaMin: 0.01)"),
        ("CosineAnnealingLR(o, T_max=20)", "CosineAnnealingLR($0, tMax: 20)"),
        ("CosineAnnealingWarmRestarts(o, T_0=4, T_mult=2)", "CosineAnnealingWarmRestarts($0, t0: 4, tMult: 2)"),
        (
            "OneCycleLR(o, max_lr=0.5, total_steps=25, anneal_strategy='linear', three_phase=True)",
            "OneCycleLR($0, maxLR: 0.5, totalSteps: 25, annealStrategy: .linear, threePhase: true)",
        ),
        ("OneCycleLR(o, max_lr=1.0, total_steps=25)", "OneCycleLR($0, maxLR: 1, totalSteps: 25)"),
        (
            "CyclicLR(o, base_lr=0.05, max_lr=0.5, step_size_up=3, mode='exp_range', gamma=0.95, cycle_momentum=False)",
            "CyclicLR($0, baseLR: 0.05, maxLR: 0.5, stepSizeUp: 3, mode: .expRange, gamma: 0.95, cycleMomentum: false)",
        ),
    ]:
        add(python, swift)
    return cases


def run_schedule(python, optimizer, steps=25):
    groups = [{"params": [torch.zeros(1, requires_grad=True)], "lr": lr} for lr in (0.1, 0.03)]
    kwargs = {} if optimizer == "Adam" else {"momentum": 0.9}
    o = getattr(torch.optim, optimizer)(groups, **kwargs)
    schedule = eval(python, globals(), {"o": o})
    rates, momenta = [[], []], [[], []]
    for s in range(steps):
        if s:
            o.step()
            schedule.step()
        for i, group in enumerate(o.param_groups):
            rates[i].append(float(group["lr"]))
            momenta[i].append(float(momentum_of(group)))
    return rates, momenta


def text(lists):
    """A multi-line string: numbers with spaces between them, a list a paragraph."""
    lines = []
    for values in lists:
        line = ""
        for v in values:
            if len(line) + len(repr(v)) > 150:
                lines.append(line)
                line = ""
            line += (" " if line else "") + repr(v)
        lines += [line, ";"]
    return "\n".join(['"""'] + ["        " + line for line in lines[:-1]] + ['        """'])


def write_schedules():
    out = [
        "// swift-format-ignore-file",
        "// Written by pytorch_cases.py. Two groups with the rates 0.1 and 0.03; the rates and momenta (or β₁) of each at 25 steps.",
        "import TapestryOptim",
        "",
        "#if canImport(Darwin)",
        "  import Darwin",
        "#else",
        "  import Glibc",
        "#endif",
        "",
        "// One statement a case: the compiler takes long over large expressions.",
        "func makeScheduleCases() -> [ScheduleCase] {",
        "  var cases: [ScheduleCase] = []",
    ]
    for python, swift, optimizer in drawn():
        rates, momenta = run_schedule(python, optimizer)
        cycled = any(len(set(m)) > 1 for m in momenta)
        out += [
            "  cases.append(",
            "    ScheduleCase(",
            f"      pytorch: \"{python}\", optimizer: \"{optimizer}\",",
            f"      make: {{ {swift} }},",
            f"      rates: {text(rates)}" + (f",\n      momenta: {text(momenta)}))" if cycled else "))"),
        ]
    out += ["  return cases", "}", ""]
    out += ["func makePlateauCases() -> [PlateauCase] {", "  var cases: [PlateauCase] = []"]
    for mode in ("min", "max"):
        for threshold_mode in ("rel", "abs"):
            for _ in range(2):
                f, p, t, c = (
                    number(0.1, 0.9),
                    random.randint(0, 3),
                    random.choice([0.0001, 0.05, 0.2]),
                    random.randint(0, 3),
                )
                least, e = [number(0, 0.02), number(0, 0.01)], random.choice([1e-8, 0.004])
                values = [number(-1, 1) + (1 if mode == "min" else -1) * 3 / (i + 1) for i in range(25)]
                groups = [{"params": [torch.zeros(1, requires_grad=True)], "lr": lr} for lr in (0.1, 0.03)]
                o = torch.optim.SGD(groups)
                s = ReduceLROnPlateau(o, mode, f, p, t, threshold_mode, c, least, e)  # noqa: F405
                rates = [[], []]
                for v in values:
                    s.step(v)
                    for i, group in enumerate(o.param_groups):
                        rates[i].append(group["lr"])
                out += [
                    "  cases.append(",
                    "    PlateauCase(",
                    "      make: {",
                    "        ReduceLROnPlateau(",
                    f"          $0, mode: .{mode}, factor: {f}, patience: {p}, threshold: {t}, thresholdMode: .{threshold_mode}, cooldown: {c}, "
                    f"minLR: [{least[0]}, {least[1]}], eps: {e})",
                    "      },",
                    f"      metrics: {text([values])},",
                    f"      rates: {text(rates)}))",
                ]
    out += ["  return cases", "}", ""]
    # A step after each batch is one step more than the cycle has: what rate and β₁ are then.
    out += ["func makeOneCycleEnds() -> [(steps: Int, rate: Double, beta: Double)] {", "  ["]
    for n in (1, 2, 3, 10):
        o = torch.optim.Adam([torch.zeros(1, requires_grad=True)], lr=0.1)
        s = OneCycleLR(o, 0.1, total_steps=n)  # noqa: F405
        for _ in range(n):
            o.step()
            s.step()
        out += [f"    ({n}, {float(o.param_groups[0]['lr'])!r}, {float(o.param_groups[0]['betas'][0])!r}),"]
    out += ["  ]", "}", ""]
    with open(os.path.join(HERE, "Schedules", "ScheduleCases.swift"), "w") as f:
        f.write("\n".join(out))


# ---- optimizers: five steps of Σ (p − s/10)² + Σ (q + s/5)², p and q in groups of their own when `groups` says how
# they differ

OPTIMIZERS = [
    ("SGD", dict(lr=0.1)),
    ("SGD", dict(lr=0.1, momentum=0.9)),
    ("SGD", dict(lr=0.1, momentum=0.9, dampening=0.3, weight_decay=0.05)),
    ("SGD", dict(lr=0.1, momentum=0.9, weight_decay=0.05, nesterov=True)),
    ("SGD", dict(lr=0.01, momentum=0.5, maximize=True)),
    ("SGD", dict(lr=0.01, weight_decay=0.5)),
    ("Adam", dict(lr=0.1)),
    ("Adam", dict(lr=0.1, betas=(0.8, 0.95), eps=0.001, weight_decay=0.1)),
    ("Adam", dict(lr=0.01, maximize=True)),
    ("Adam", dict(lr=0.3, betas=(0.5, 0.6), weight_decay=0.1, amsgrad=True)),
    ("AdamW", dict(lr=0.1)),
    ("AdamW", dict(lr=0.1, weight_decay=0.3)),
    ("AdamW", dict(lr=0.3, betas=(0.5, 0.6), amsgrad=True, maximize=True)),
    ("RMSprop", dict()),
    ("RMSprop", dict(lr=0.1, alpha=0.9, eps=0.01)),
    ("RMSprop", dict(lr=0.1, weight_decay=0.1, maximize=True)),
    ("RMSprop", dict(lr=0.05, alpha=0.7, centered=True, weight_decay=0.1)),
    ("RMSprop", dict(lr=0.05, momentum=0.8)),
    ("RMSprop", dict(lr=0.05, weight_decay=0.1, centered=True, momentum=0.3, maximize=True)),
    ("Adagrad", dict()),
    ("Adagrad", dict(lr=0.3, lr_decay=0.2, eps=0.01)),
    ("Adagrad", dict(lr=0.2, weight_decay=0.1, initial_accumulator_value=0.5, maximize=True)),
    ("SGD", dict(lr=0.1, momentum=0.9), [dict(), dict(lr=0.03, momentum=0.0, weight_decay=0.2)]),
    (
        "SGD",
        dict(lr=0.1, maximize=True),
        [dict(momentum=0.5, nesterov=True), dict(dampening=0.2, momentum=0.7, maximize=False)],
    ),
    ("Adam", dict(lr=0.1), [dict(betas=(0.7, 0.8), eps=0.01), dict(lr=0.02, amsgrad=True)]),
    ("AdamW", dict(lr=0.01, weight_decay=0.1), [dict(weight_decay=0.0), dict(lr=0.05)]),
    ("RMSprop", dict(lr=0.05), [dict(alpha=0.8, centered=True), dict(momentum=0.6, weight_decay=0.1)]),
]
NAMES = dict(
    lr="learningRate",
    weight_decay="weightDecay",
    lr_decay="lrDecay",
    initial_accumulator_value="initialAccumulatorValue",
)
ORDER = dict(
    SGD="lr momentum dampening weight_decay nesterov maximize",
    Adam="lr betas eps weight_decay amsgrad maximize",
    AdamW="lr betas eps weight_decay amsgrad maximize",
    RMSprop="lr alpha eps weight_decay momentum centered maximize",
    Adagrad="lr lr_decay weight_decay initial_accumulator_value eps maximize",
    group="lr weight_decay momentum dampening nesterov betas eps amsgrad alpha centered maximize",
)


def arguments(kwargs, order):
    def swift(v):
        return str(v).lower() if isinstance(v, bool) else str(v)

    return "".join(f", {NAMES.get(k, k)}: {swift(kwargs[k])}" for k in ORDER[order].split() if k in kwargs)


def write_optimizers():
    out = [
        "// swift-format-ignore-file",
        "// Written by pytorch_cases.py. What five steps of Σ (p − s/10)² + Σ (q + s/5)² at step s leave in p and q, in float64.",
        "import TapestryOptim",
        "",
        "func makeOptimizerCases() -> [OptimizerCase] {",
        "  var cases: [OptimizerCase] = []",
    ]
    for name, kwargs, *groups in OPTIMIZERS:
        p = torch.tensor([1.0, -2, 3], dtype=torch.float64, requires_grad=True)
        q = torch.tensor([[0.5], [-1.5]], dtype=torch.float64, requires_grad=True)
        if groups:
            o = getattr(torch.optim, name)([{"params": [x], **g} for x, g in zip((p, q), groups[0])], **kwargs)
            source = (
                "["
                + ", ".join(f"ParameterGroup([${'0'}[{i}]]{arguments(g, 'group')})" for i, g in enumerate(groups[0]))
                + "]"
            )
        else:
            o = getattr(torch.optim, name)([p, q], **kwargs)
            source = "$0"
        for s in range(5):
            o.zero_grad()
            (((p - s / 10) ** 2).sum() + ((q + s / 5) ** 2).sum()).backward()
            o.step()
        values = p.tolist() + [x[0] for x in q.tolist()]
        call = f"{name}({source}{arguments(kwargs, name)})"
        out += [
            "  cases.append(",
            "    OptimizerCase(",
            f"      description: \"{call.replace('$0', 'w')}\",",
            f"      make: {{ {call} }},",
            "      expected: [" + ", ".join(map(repr, values)) + "]))",
        ]
    out += ["  return cases", "}", ""]
    with open(os.path.join(HERE, "OptimizerCases.swift"), "w") as f:
        f.write("\n".join(out))


write_schedules()
write_optimizers()
