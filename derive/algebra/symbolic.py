"""The bridge to SymPy: node by node, never from text.

Importing this module imports SymPy; everything that can do without it (help,
checking, a sheet whose shapes are already proved) does not import it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import islice
from typing import Any

import sympy as sp

from derive.algebra.expressions import (
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
from derive.algebra.rules import full_args, row_text
from derive.algebra.sampling import compare_at_points
from derive.ops import FUNCTIONS

PRIMITIVES: dict[str, Any] = {
    "exp": sp.exp,
    "log": sp.log,
    "ln": sp.log,
    "sqrt": sp.sqrt,
    "sin": sp.sin,
    "cos": sp.cos,
    "normal_cdf": lambda z: (1 + sp.erf(z / sp.sqrt(2))) / 2,
    "normal_pdf": lambda z: sp.exp(-(z**2) / 2) / sp.sqrt(2 * sp.pi),
}
OPERATIONS_FOR_SIMPLIFY = 150
"""Larger differences are only expanded and sampled; simplify may not end."""
HIGHEST_EXPANDED = 6
"""A power above this is not multiplied out."""
ALL_REGIONS = 5
"""Kinks up to which every combination of sides is compared."""
VERDICTS = ("proved", "sampled", "unchecked")
"""From the best evidence to none; a formula without a value anywhere has none."""


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
    assert isinstance(expr, Call)
    return _call(expr, symbols)


def _call(expr: Call, symbols: Mapping[str, Any]) -> Any:  # noqa: ANN401
    if expr.function in PRIMITIVES:
        return PRIMITIVES[expr.function](to_sympy(expr.args[0], symbols))
    return to_sympy(defined(expr), symbols)


def defined(expr: Call) -> Expr:
    """A call written out by its definition."""
    function = FUNCTIONS[expr.function].take(len(expr.args))
    assert function.definition is not None
    arguments = full_args(function, expr.args)
    return substitute(
        row_text(function.definition), dict(zip(function.parameters, arguments, strict=True))
    )


def write_out(expr: Expr) -> Expr:
    """Every call but the primitives replaced by its definition."""

    def change(node: Expr) -> Expr | None:
        if isinstance(node, Call) and node.function not in PRIMITIVES:
            return write_out(defined(node))
        return None

    return transform(expr, change)


def lines_hold(question: Diff, lines: tuple[Expr, ...], output: str) -> str:
    """Whether each line equals SymPy's own derivative of the question.

    `output` is the name that stands for the differentiated expression in the
    lines. Cases are settled each way, one region at a time. Gives `proved`,
    `sampled` (equal at random points to 50 digits, no symbolic proof in
    bounds), `unchecked` (no point told anything) or `wrong`.
    """
    function = write_out(question.expr)
    full = [write_out(substitute(line, {output: question.expr})) for line in lines]
    regions, verdict = _regions(list(dict.fromkeys(_subjects((function, *full)))))
    for region in regions:
        here = _lines_hold_here(
            _settle(function, region), question.wrt, [_settle(line, region) for line in full]
        )
        if here == "wrong":
            return here
        verdict = max(verdict, here, key=VERDICTS.index)
    return verdict


def equal(one: Expr, others: Iterable[Expr], positive: Collection[str] = ()) -> bool:
    """Whether SymPy proves that expressions without cases are the same for all real names.

    Those of `positive` stand for positive numbers only.
    """
    whole = [write_out(expr) for expr in (one, *others)]
    ids = {node.id for expr in whole for node in walk(expr) if isinstance(node, Name)}
    symbols = {
        name: sp.Symbol(name, **({"positive": True} if name in positive else {"real": True}))
        for name in sorted(ids)
    }
    first, *rest = (to_sympy(expr, symbols) for expr in whole)
    return all(_vanishes(expr - first) for expr in rest)


Region = dict[Expr, int]
"""The side on which each subject of cases is, -1 or 1."""


def _regions(subjects: list[Expr]) -> tuple[list[Region], str]:
    """Every region there can be; of too many the first, both extremes, each side alone."""
    inner_first = sorted(subjects, key=lambda subject: sum(1 for _ in walk(subject)))
    regions = list(islice(_extend({}, inner_first), 2**ALL_REGIONS + 1))
    if len(regions) <= 2**ALL_REGIONS:
        return regions, "proved"
    some = [
        {subject: -side if subject is other else side for subject in subjects}
        for side in (-1, 1)
        for other in (None, *subjects)
    ]
    return [*regions, *(region for region in some if _is_possible(region))], "sampled"


def _extend(region: Region, subjects: list[Expr]) -> Iterator[Region]:
    """The regions inside one, by the sides of more subjects."""
    if not subjects:
        yield region
        return
    for side in (-1, 1):
        smaller = region | {subjects[0]: side}
        if _is_possible(smaller):
            yield from _extend(smaller, subjects[1:])


def _is_possible(region: Region) -> bool:
    """Whether no circle of greater and smaller shows that a region is empty."""
    smaller: dict[Expr, set[Expr]] = {}
    for subject, side in region.items():
        match _settle(subject, region):
            case Add((high, Neg(low))):
                high, low = (high, low) if side > 0 else (low, high)
                smaller.setdefault(high, set()).add(low)
    try:
        TopologicalSorter(smaller).prepare()
    except CycleError:
        return False
    return True


def _subjects(exprs: tuple[Expr, ...]) -> list[Expr]:
    return [node.subject for e in exprs for node in walk(e) if isinstance(node, Cases)]


def _settle(expr: Expr, region: Mapping[Expr, int]) -> Expr:
    def change(node: Expr) -> Expr | None:
        if isinstance(node, Cases):
            branch = node.positive if region[node.subject] > 0 else node.negative
            return _settle(branch, region)
        return None

    return transform(expr, change)


def _lines_hold_here(function: Expr, wrt: str, lines: list[Expr]) -> str:
    ids = {n.id for e in (function, *lines) for n in walk(e) if isinstance(n, Name)} | {wrt}
    symbols = {name: sp.Symbol(name, real=True) for name in sorted(ids)}
    slope = sp.diff(to_sympy(function, symbols), symbols[wrt])
    if slope.has(sp.nan, sp.zoo):
        return "unchecked"
    verdict = "proved"
    for line in lines:
        if not _vanishes(to_sympy(line, symbols) - slope):
            printed = to_sympy(line, symbols)
            agreement = compare_at_points(printed, slope, symbols, (function, line))
            if agreement == "wrong":
                return agreement
            verdict = max(verdict, agreement, key=VERDICTS.index)
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
