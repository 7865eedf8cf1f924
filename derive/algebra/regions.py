"""The regions in which formulas with cases are formulas without: one side for each subject.

A region is left out where linear inequalities show that it is empty: `v/2 > 0`
and `v < 0`, a > b > c > a, or an exponential below 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import Any, NamedTuple

import sympy as sp

from derive.algebra.expressions import Cases, Expr, transform, walk
from derive.algebra.symbolic import Symbols, expand_short, to_sympy

Region = dict[Expr, int]
"""The side of 0 on which each subject of cases is: -1, 1, or 0 where it is always 0."""
NO_NUMBERS = (sp.nan, sp.zoo, sp.oo, -sp.oo)
"""What SymPy writes for 0/0 and 1/0."""
MOST_ROWS = 200
"""Inequalities up to which it is found out whether they exclude one another."""


class Row(NamedTuple):
    """An inequality: a sum of multiples of terms is positive, or not negative if not `strict`."""

    parts: frozenset[tuple[Any, Fraction]]
    strict: bool


def list_regions(exprs: Iterable[Expr], symbols: Symbols) -> Iterator[Region]:
    """Every region that may hold a point."""
    subjects = dict.fromkeys(
        node.subject for expr in exprs for node in walk(expr) if isinstance(node, Cases)
    )
    inner_first = sorted(subjects, key=lambda subject: sum(1 for _ in walk(subject)))
    yield from _extend({}, frozenset(), inner_first, symbols)


def settle(expr: Expr, region: Mapping[Expr, int]) -> Expr:
    """The formula that holds in a region."""

    def change(node: Expr) -> Expr | None:
        if isinstance(node, Cases):
            branch = (node.zero, node.positive, node.negative)[region[node.subject]]
            return settle(branch, region)
        return None

    return transform(expr, change)


def _extend(
    region: Region, rows: frozenset[Row], subjects: list[Expr], symbols: Symbols
) -> Iterator[Region]:
    """The regions inside one, by the sides of more subjects."""
    if not subjects:
        yield region
        return
    first, *others = subjects
    form = _drop_positive_factors(to_sympy(settle(first, region), symbols))
    if form == 0:
        yield from _extend(region | {first: 0}, rows, others, symbols)
        return
    if form.has(*NO_NUMBERS):
        form = sp.Dummy(real=True)
    for side in (-1, 1):
        more = rows | {_write_row(side * form), *_list_facts(form)}
        if not exclude_one_another(more):
            yield from _extend(region | {first: side}, more, others, symbols)


def _drop_positive_factors(subject: Any) -> Any:  # noqa: ANN401  SymPy has no types
    kept = (factor for factor in sp.Mul.make_args(subject) if not factor.is_positive)
    return expand_short(sp.Mul(*kept))


def _write_row(form: Any, *, strict: bool = True) -> Row:  # noqa: ANN401
    """`form > 0`; `>= 0` where it is not strict."""
    parts = {term: Fraction(int(c.p), int(c.q)) for term, c in form.as_coefficients_dict().items()}
    return _normalise(parts, strict=strict)


def _normalise(parts: Mapping[Any, Fraction], *, strict: bool) -> Row:
    """A row with 1 as its largest number, so that equal inequalities are written alike."""
    left = {term: c for term, c in parts.items() if c}
    size = max(map(abs, left.values()), default=Fraction(1))
    return Row(frozenset((term, c / size) for term, c in left.items()), strict)


def _list_facts(form: Any) -> Iterator[Row]:  # noqa: ANN401
    """What is known of the signs of the terms of a form."""
    for term in form.as_coefficients_dict():
        if term.is_nonnegative:
            yield _write_row(term, strict=bool(term.is_positive))
        elif term.is_nonpositive:
            yield _write_row(-term, strict=bool(term.is_negative))


def exclude_one_another(rows: Iterable[Row]) -> bool:
    """Whether no values of the terms fulfil all inequalities; False if that takes too many.

    One term after another is eliminated (Fourier and Motzkin): wherever two rows
    hold it with both signs, their sum without it must hold, too.
    """
    left = set(rows)
    while left and len(left) <= MOST_ROWS:
        if Row(frozenset(), strict=True) in left:
            return True
        terms = {term for row in left for term, _ in row.parts}
        if not terms:
            return False
        left = min((_eliminate(left, term) for term in terms), key=len)
    return False


def _eliminate(rows: set[Row], term: Any) -> set[Row]:  # noqa: ANN401
    signs: dict[int, list[Row]] = {-1: [], 0: [], 1: []}
    for row in rows:
        count = dict(row.parts).get(term, 0)
        signs[(count > 0) - (count < 0)].append(row)
    pairs = product(signs[1], signs[-1])
    return {*signs[0], *(_cancel(more, less, term) for more, less in pairs)}


def _cancel(more: Row, less: Row, term: Any) -> Row:  # noqa: ANN401
    one, other = dict(more.parts), dict(less.parts)
    total = {
        t: one.get(t, Fraction(0)) / one[term] - other.get(t, Fraction(0)) / other[term]
        for t in one.keys() | other.keys()
    }
    return _normalise(total, strict=more.strict or less.strict)
