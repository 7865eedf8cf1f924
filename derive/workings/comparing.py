"""Whether two members of a chain agree, as far as the digits written tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

import flint

from derive.algebra.expressions import Expr, names
from derive.checking.spread import HALF
from derive.numbers import balls
from derive.numbers.balls import Value
from derive.workings.parts import ENOUGH, Literals, Part, is_short

NONE = flint.fmpq(0)
Agreement = Literal["true", "rounded", "false"]


class Values(Protocol):
    """Whoever knows what names stand for."""

    def value(self, name: str) -> Value | None:
        """What a name that is a whole member stands for."""

    def evaluate(self, expr: Expr, table: Mapping[str, Value] = ...) -> Value | None:
        """The value of a formula."""


class Comparer:
    """Compares members; `unit` is that of the last decimal of whatever is computed."""

    def __init__(
        self, literals: Literals, unit: Value, bits: int, *, stepwise: bool = False
    ) -> None:
        """Keep what all comparisons share.

        Where steps are rounded (`stepwise`) names stand for rounded numbers, too.
        """
        self.literals = literals
        self._stepwise = stepwise
        self._half = unit * HALF
        self.bits = bits

    def compare(
        self, one: Part, other: Part, values: Values, wide: Values | None = None
    ) -> Agreement | None:
        """Whether two members agree; None where one of them has no value.

        `true` with the numbers as they are written, `rounded` with some that round, or are
        cut, to them. Names then stand for what they do in `wide`, if that is given.
        """
        with balls.precision(self.bits):
            left, right = self.evaluate(one, values), self.evaluate(other, values)
            if left is None or right is None:
                return None
            if overlap(left, right, max(self._tolerate(one), self._tolerate(other))):
                return "true"
            if self._is_copy(one, other) or self._is_copy(other, one):
                return "false"
            ends = (self.enclose(part, wide or values) for part in (one, other))
            low, high = ends
            if low is None or high is None:
                return None
            return "rounded" if overlap(low, high) else "false"

    def _is_copy(self, one: Part, other: Part) -> bool:
        """Whether a given number was to be copied: nobody rounds one to a digit or two."""
        given = one.name is not None and self.literals.is_given(one.name)
        return given and is_short(other) and not other.loose

    def goes_on_exactly(self, one: Part, other: Part, values: Values) -> bool:
        """Whether two members are one fraction, and no number of the first was rounded."""
        rounded = one.member is not None and self.literals.has_rounded(one.member.expr)
        if rounded and not one.exact:
            return False
        left, right = self.evaluate(one, values), self.evaluate(other, values)
        if left is None or right is None:
            return False
        return balls.is_exact(left) and balls.is_exact(right) and bool(left == right)

    def evaluate(self, part: Part, values: Values) -> Value | None:
        """The value of a member with its numbers as they are written."""
        if part.name is not None:
            return values.value(part.name)
        if part.member is None:
            return None
        return part.member.value if part.is_number else values.evaluate(part.member.expr)

    def enclose(self, part: Part, values: Values) -> Value | None:
        """Every value of a member with numbers that round to those written."""
        if part.name is not None:
            return values.value(part.name)
        return None if part.member is None else values.evaluate(*self.literals.widen(part))

    def _tolerate(self, part: Part) -> Value:
        """How far a member may be off by its own last digit."""
        if part.member is None:
            return NONE
        if part.is_number:
            bare = part.member.digits < ENOUGH and not part.loose
            half: Value = NONE if bare or part.member.unit is None else part.member.unit * HALF
            return half
        typed = self._stepwise or not names(part.member.expr)
        return self._half if typed or self.literals.has_rounded(part.member.expr) else NONE


def overlap(one: Value, other: Value, tolerance: Value = NONE) -> bool:
    """Whether two values may be as near to each other as that."""
    gap = abs(one - other) - tolerance
    return bool(gap <= 0) if balls.is_exact(gap) else not gap > 0
