"""Formulas one slip away, tried until one gives what is written."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import msgspec

from derive.algebra.expressions import Expr, Name, names, walk
from derive.answers import Member
from derive.workings.comparing import Comparer, Values
from derive.workings.edits import Edit, Siblings, list_edits
from derive.workings.parts import Part
from derive.workings.pen import TELLING, Slip, find_digits

MOST = 600
"""Formulas one slip away that are tried."""
NODES = 120
"""Parts of a formula whose neighbours are tried."""


class EditFinder:
    """Explains false signs by what is written alone."""

    def __init__(self, comparer: Comparer) -> None:
        """Compute nothing."""
        self._comparer = comparer

    def find(self, one: Part, other: Part, values: Values) -> Slip:
        """Why the second member does not follow from the first."""
        value = self._comparer.evaluate(one, values)
        slip = Slip(value=value)
        bases = [] if one.member is None or one.is_number else [one.member.expr]
        rule = find_digits(slip, other, value)
        found = rule or self._find_edit(slip, bases, other, values)
        plain = other.is_number or (one.expr is not None and not names(one.expr))
        return found or (_call_arithmetic(slip) if plain else slip)

    def _find_edit(
        self, slip: Slip, bases: list[Expr], other: Part, values: Values
    ) -> Slip | None:
        edits = list_some_edits(bases, lambda _: iter(()))
        rule = find_edit(list(edits), other, values, self._comparer)
        return None if rule is None else msgspec.structs.replace(slip, rule=rule)


def _call_arithmetic(slip: Slip) -> Slip:
    return msgspec.structs.replace(slip, rule="arithmetic")


def list_some_edits(bases: list[Expr], siblings: Siblings) -> Iterator[Edit]:
    """Formulas one slip away from some, as many of each as there is time for."""
    for base in bases:
        if sum(1 for _ in walk(base)) <= NODES:
            yield from islice(list_edits(base, siblings), MOST)


def find_edit(edits: list[Edit], other: Part, values: Values, comparer: Comparer) -> str | None:
    """The rule of the first formula that gives a member; without rounding before with it."""
    few = other.member is not None and other.is_number and other.member.digits < TELLING
    if other.expr is None or few:
        return None
    for grade in ("true", "rounded"):
        for rule, expr in edits:
            if comparer.compare(as_part(expr), other, values) == grade:
                return rule
    return None


def as_part(expr: Expr) -> Part:
    """A formula as a member of a chain."""
    if isinstance(expr, Name):
        return Part(expr.id, None, expr.id)
    return Part("", Member("formula", expr, None, None, 0))
