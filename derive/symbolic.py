"""The bridge to SymPy: node by node, never from text.

Importing this module imports SymPy; everything that can do without it (help,
checking, a sheet whose shapes are already proved) does not import it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from random import Random
from typing import Any

import sympy as sp

from derive.calculus import full_args, row_text
from derive.expressions import (
    Add,
    Call,
    Cases,
    Diff,
    Div,
    Expr,
    Mul,
    Name,
    Neg,
    Num,
    Pow,
    substitute,
    transform,
    walk,
)
from derive.ops import FUNCTIONS

PRIMITIVES: dict[str, Any] = {
    "exp": sp.exp,
    "log": sp.log,
    "ln": sp.log,
    "sqrt": sp.sqrt,
    "sin": sp.sin,
    "cos": sp.cos,
}
OPERATIONS_FOR_SIMPLIFY = 150
"""Larger differences are only expanded and sampled; simplify may not end."""
HIGHEST_EXPANDED = 6
"""A power above this is not multiplied out."""
ALL_REGIONS = 5
"""Kinks up to which every combination of sides is compared."""
SAMPLES = 12
SAMPLE_DIGITS = 50


def to_sympy(expr: Expr, symbols: Mapping[str, Any]) -> Any:  # noqa: ANN401  SymPy has no types
    """SymPy's form of a tree; `symbols` maps ids to SymPy expressions."""
    if isinstance(expr, Num):
        return sp.Rational(expr.text)
    if isinstance(expr, Name):
        return symbols[expr.id]
    if isinstance(expr, Neg):
        return -to_sympy(expr.arg, symbols)
    if isinstance(expr, Add):
        return sp.Add(*(to_sympy(term, symbols) for term in expr.terms))
    if isinstance(expr, Mul):
        return sp.Mul(*(to_sympy(factor, symbols) for factor in expr.factors))
    if isinstance(expr, Div):
        return to_sympy(expr.top, symbols) / to_sympy(expr.bottom, symbols)
    if isinstance(expr, Pow):
        return to_sympy(expr.base, symbols) ** to_sympy(expr.exponent, symbols)
    if isinstance(expr, Diff):
        return sp.diff(to_sympy(expr.expr, symbols), symbols[expr.wrt])
    if isinstance(expr, Cases):
        subject = to_sympy(expr.subject, symbols)
        parts = [to_sympy(p, symbols) for p in (expr.negative, expr.zero, expr.positive)]
        return sp.Piecewise(
            (parts[0], subject < 0), (parts[1], sp.Eq(subject, 0)), (parts[2], True)
        )
    return _call(expr, symbols)


def _call(expr: Call, symbols: Mapping[str, Any]) -> Any:  # noqa: ANN401
    if expr.function in PRIMITIVES:
        return PRIMITIVES[expr.function](to_sympy(expr.args[0], symbols))
    return to_sympy(defined(expr), symbols)


def defined(expr: Call) -> Expr:
    """A call written out by its definition."""
    function = FUNCTIONS[expr.function]
    assert function.definition is not None
    arguments = full_args(function, expr.args)
    return substitute(
        row_text(function.definition), dict(zip(function.parameters, arguments, strict=True))
    )


def written_out(expr: Expr) -> Expr:
    """Every call but the primitives replaced by its definition."""

    def change(node: Expr) -> Expr | None:
        if isinstance(node, Call) and node.function not in PRIMITIVES:
            return written_out(defined(node))
        return None

    return transform(expr, change)


def lines_hold(question: Diff, lines: tuple[Expr, ...], output: str) -> str:
    """Whether each line equals SymPy's own derivative of the question.

    `output` is the name that stands for the differentiated expression in the
    lines. Cases are settled each way, one region at a time. Gives `proved`,
    `sampled` (equal at random points to 50 digits, no symbolic proof in
    bounds) or `wrong`.
    """
    function = written_out(question.expr)
    full = [written_out(substitute(line, {output: question.expr})) for line in lines]
    subjects = list(dict.fromkeys(_subjects((function, *full))))
    verdict = "proved" if len(subjects) <= ALL_REGIONS else "sampled"
    for signs in _regions(len(subjects)):
        region = dict(zip(subjects, signs, strict=True))
        found = _lines_hold_here(
            _settled(function, region), question.wrt, [_settled(line, region) for line in full]
        )
        if found == "wrong":
            return found
        verdict = found if found != "proved" else verdict
    return verdict


def _regions(subjects: int) -> Iterator[tuple[int, ...]]:
    """Every choice of sides; of many subjects both extremes and each side alone."""
    if subjects <= ALL_REGIONS:
        yield from product((-1, 1), repeat=subjects)
        return
    for side in (-1, 1):
        yield (side,) * subjects
        for one in range(subjects):
            yield (side,) * one + (-side,) + (side,) * (subjects - one - 1)


def _subjects(exprs: tuple[Expr, ...]) -> list[Expr]:
    return [node.subject for e in exprs for node in walk(e) if isinstance(node, Cases)]


def _settled(expr: Expr, region: Mapping[Expr, int]) -> Expr:
    def change(node: Expr) -> Expr | None:
        if isinstance(node, Cases):
            branch = node.positive if region[node.subject] > 0 else node.negative
            return _settled(branch, region)
        return None

    return transform(expr, change)


def _lines_hold_here(function: Expr, wrt: str, lines: list[Expr]) -> str:
    ids = {n.id for e in (function, *lines) for n in walk(e) if isinstance(n, Name)} | {wrt}
    symbols = {name: sp.Symbol(name, real=True) for name in sorted(ids)}
    slope = sp.diff(to_sympy(function, symbols), symbols[wrt])
    if slope.has(sp.nan, sp.zoo):
        return "sampled"
    verdict = "proved"
    for line in lines:
        printed = to_sympy(line, symbols)
        if not _vanishes(printed - slope):
            if not _equal_at_samples(printed, slope, list(symbols.values())):
                return "wrong"
            verdict = "sampled"
    return verdict


def _vanishes(difference: Any) -> bool:  # noqa: ANN401
    if difference == 0:
        return True
    if difference.count_ops() > OPERATIONS_FOR_SIMPLIFY or _has_high_power(difference):
        return False
    if sp.expand(difference) == 0:
        return True
    return bool(sp.simplify(difference) == 0 or sp.simplify(sp.expand(difference)) == 0)


def _has_high_power(difference: Any) -> bool:  # noqa: ANN401
    """Whether expanding would multiply out a power of many terms."""
    return any(
        power.exp.is_Number and abs(power.exp) > HIGHEST_EXPANDED
        for power in difference.atoms(sp.Pow)
    )


def _equal_at_samples(printed: Any, slope: Any, symbols: list[Any]) -> bool:  # noqa: ANN401
    """Equal at every random point where both have a value.

    A point outside the domain says nothing; a formula that has no value at
    any of them is refused where its value is asked for.
    """
    random = Random(0)  # noqa: S311  points, not secrets
    told = 0
    for _ in range(4 * SAMPLES):
        point = {
            s: sp.Float(sp.Rational(random.randint(101, 1999), 1000), 2 * SAMPLE_DIGITS)
            for s in symbols
        }
        ours, theirs = (e.subs(point).evalf(SAMPLE_DIGITS) for e in (printed, slope))
        if not (ours.is_finite and theirs.is_finite):
            continue
        if abs(ours - theirs) > sp.Float(10) ** (-SAMPLE_DIGITS // 2) * (1 + abs(theirs)):
            return False
        told += 1
        if told == SAMPLES:
            return True
    return True
