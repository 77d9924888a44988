#!/usr/bin/env python3
"""Prints Sources/CTapestry/kernels/math_single_tables.inc: the functions that float32 kernels look up in sixteen
intervals.

    python3 Tests/function_tables.py > Sources/CTapestry/kernels/math_single_tables.inc        (needs mpmath and numpy)

The intervals are those of v = scale·a + shift, four to each power of two, and stand in the order of the bits that
number them: the lowest two of v's exponent and the highest two of its fraction. On each, f(point + u) = c₀ + c₁·u + … +
c₆·u⁶ by interpolation at Chebyshev's nodes; `point` lies near the middle, where f is all but a float32, so that c₀
costs no accuracy. On the first, where f(0) = 0, point = c₀ = 0, and f = first·u + u·(c₁ + c₂·u + …): c₁ is what is left of f's
slope.
"""

import textwrap

import mpmath as mp
import numpy as np

mp.mp.dps = 40
DEGREE = 6


def single(x):
    return mp.mpf(float(np.float32(float(x))))


def print_row(numbers):
    text = "{" + ", ".join(mp.nstr(single(c), 9) + "f" for c in numbers) + "},"
    print(textwrap.fill(text, 120, initial_indent=" " * 4, subsequent_indent=" " * 8))


def nodes(low, high, n):
    return [(low + high) / 2 + (high - low) / 2 * mp.cos(mp.pi * (2 * i + 1) / (2 * n)) for i in range(n)]


def interpolated(f, low, high, n):
    """The n coefficients of the polynomial that is f at Chebyshev's nodes; f need not be defined at 0."""
    x = [x if abs(x) > 1e-9 else mp.mpf("1e-9") for x in nodes(low, high, n)]
    matrix = mp.matrix([[x[i] ** k for k in range(n)] for i in range(n)])
    return [single(c) for c in mp.lu_solve(matrix, mp.matrix([f(x) for x in x]))]


def point_within(f, low, high):
    """Of 601 float32 numbers around the middle that where f is nearest to a float32."""
    points = [single((low + high) / 2 + (high - low) * mp.mpf(s) / 4096) for s in range(-300, 301)]
    return min(points, key=lambda p: abs(single(f(p)) - f(p)) / f(p))


def table(name, f, scale, shift, first, zero=None):
    """Rows 0 … 7: the points, and the coefficients of 1, u … u⁶, a column to an interval. Where f(0) is not 0, `first` is
    None; around a `zero` of f the intervals that end within 0.01 of it have it for their point."""
    columns, low, worst = [None] * 16, mp.mpf(shift), 0
    for k in range(16):
        high = low + mp.mpf(2) ** mp.floor(mp.log(low, 2)) / 4
        a, b = (low - shift) / scale, (high - shift) / scale
        if k == 0 and first is not None:
            slope = single(mp.diff(f, 0) - first)
            point, c = mp.mpf(0), [mp.mpf(0), slope] + interpolated(
                lambda x: (f(x) / x - first - slope) / x, a, b, DEGREE - 1
            )
        else:
            near = zero is not None and a - mp.mpf("0.01") < zero < b + mp.mpf("0.01")
            point = single(zero) if near else point_within(f, a, b)
            c = [single(f(point))] + interpolated(lambda u: (f(point + u) - f(point)) / u, a - point, b - point, DEGREE)
        for x in (a + (b - a) * t / mp.mpf(100) for t in range(1, 101)):
            u = x - point
            worst = max(
                worst,
                abs(
                    (sum(c * u**k for k, c in enumerate(c)) + (first * u if k == 0 and first is not None else 0)) / f(x)
                    - 1
                ),
            )
        columns[int(np.float32(float(low)).view(np.uint32)) >> 21 & 15] = [point] + c
        low = high
    print(
        f"\n// Up to {float(b):g}; relative error 2^{float(mp.log(worst, 2)):.1f}.\nstatic const float {name}[8][16] = {{"
    )
    for row in range(DEGREE + 2):
        print_row(c[row] for c in columns)
    print("};")


print("// Printed by Tests/function_tables.py, which says what the rows are.\n#pragma once")
print("\n// 2^(j/16) in two parts.\nstatic const float single_powers[2][16] = {")
powers = [mp.mpf(2) ** (mp.mpf(j) / 16) for j in range(16)]
for row in (powers, [p - single(p) for p in powers]):
    print_row(row)
print("};")
table("single_tail", lambda a: a * mp.erfc(a / mp.sqrt(2)) * mp.exp(a * a / 2) / 2, 1, mp.mpf(1), mp.mpf(0))


def slope(a):
    return mp.erfc(a / mp.sqrt(2)) * mp.exp(a * a / 2) / 2 - a / mp.sqrt(2 * mp.pi)


table("single_slope", slope, 1, mp.mpf(1), None, mp.findroot(slope, 0.75))
table("single_tanh_table", mp.tanh, 1, mp.mpf("0.625"), 1)
table("single_erf_table", mp.erf, 2, mp.mpf("0.625"), 1)
