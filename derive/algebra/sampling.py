"""Two formulas at random points, to many digits: what is left where no proof is found."""

from __future__ import annotations

import cmath
from cmath import isfinite
from collections.abc import Callable, Collection, Mapping
from math import exp, prod
from random import Random
from typing import Any

import sympy as sp

from derive.algebra.expressions import (
    Add,
    Call,
    Diff,
    Div,
    Expr,
    Mul,
    Name,
    Neg,
    Num,
    Pow,
    children,
    walk,
)

POINTS, SAMPLES = 100, 12
"""Random points tried, and how many suffice."""
SPAN = (-7.0, 0.7)
"""Natural logarithms of the coordinates of a point: 0.001 to 2."""
SAMPLE_DIGITS = 50


def compare_at_points(
    printed: Any,  # noqa: ANN401  SymPy has no types
    slope: Any,  # noqa: ANN401
    symbols: Mapping[str, Any],
    trees: Collection[Expr],
) -> str:
    """Compare at random points: `sampled`, `wrong`, or `unchecked` if no point tells.

    A point is left out where a function or a power of `trees`, which both come
    from, would be given what no float can hold: SymPy would need unbounded work.
    """
    random = Random(0)  # noqa: S311  points, not secrets
    decided = 0
    for _ in range(POINTS):
        values = {name: round(exp(random.uniform(*SPAN)), 4) for name in symbols}
        if not all(_within_floats(tree, values) for tree in trees):
            continue
        point = {s: sp.Float(str(values[name]), 2 * SAMPLE_DIGITS) for name, s in symbols.items()}
        ours, theirs = (e.subs(point).evalf(SAMPLE_DIGITS) for e in (printed, slope))
        if not (ours.is_finite and theirs.is_finite):
            continue
        if abs(ours - theirs) > sp.Float(10) ** (-SAMPLE_DIGITS // 2) * (1 + abs(theirs)):
            return "wrong"
        decided += 1
        if decided == SAMPLES:
            break
    return "sampled" if decided else "unchecked"


def _within_floats(expr: Expr, values: Mapping[str, float]) -> bool:
    """Whether what functions and exponents are given has a finite float at a point."""
    given = [
        part
        for node in walk(expr)
        for part in (
            node.args
            if isinstance(node, Call)
            else (node.exponent,)
            if isinstance(node, Pow)
            else ()
        )
    ]
    try:
        return all(isfinite(_float(part, values)) for part in given)
    except (OverflowError, ZeroDivisionError, ValueError):
        return False


def _float(expr: Expr, values: Mapping[str, float]) -> complex:
    """A rough value, to see whether the exact one can be asked for."""
    if isinstance(expr, Num):
        return complex(float(expr.text))
    if isinstance(expr, Name):
        return complex(values[expr.id])
    parts = [_float(part, values) for part in children(expr)]
    if isinstance(expr, Call):
        return complex(getattr(cmath, FLOATS[expr.function])(parts[0]))
    return ROUGH[type(expr)](parts)


FLOATS = {name: name for name in ("exp", "log", "sqrt", "sin", "cos")} | {
    "ln": "log",
    # bounded, and that is all that is asked
    "normal_cdf": "tanh",
    "normal_pdf": "tanh",
}
ROUGH: dict[type, Callable[[list[complex]], complex]] = {
    Neg: lambda parts: -parts[0],
    Add: sum,
    Mul: prod,
    Div: lambda parts: parts[0] / parts[1],
    Pow: lambda parts: parts[0] ** parts[1],
    Diff: lambda parts: parts[0],
}
