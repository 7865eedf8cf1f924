"""Numbers that were wrong above: a line that goes on with them is right in itself."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from derive.numbers import balls
from derive.numbers.balls import Value
from derive.workings.comparing import NONE, Comparer, Values, overlap
from derive.workings.parts import Part, replace_numbers

MOST = 1_000
"""Wrong numbers that are remembered."""


class WrongNumbers:
    """Wrong numbers by their digits, each with the right value in its place."""

    def __init__(self, comparer: Comparer) -> None:
        """Nothing was wrong."""
        self._comparer = comparer
        self._right: dict[Fraction, Value] = {}

    def note(self, part: Part, right: Value | None) -> None:
        """Keep a wrong number; of 0 and 1, which stand everywhere, nothing comes."""
        if right is None or part.member is None or len(self._right) >= MOST:
            return
        typed: Value = part.member.value
        size = Fraction(int(typed.p), int(typed.q))
        if size not in (0, 1):
            self._right[abs(size)] = right if size > 0 else -right

    def holds(self, one: Part, other: Part, values: Values, slack: Value = NONE) -> bool:
        """Whether a sign holds once wrong numbers in its members are put right."""
        if not self._right:
            return False
        with balls.precision(self._comparer.bits):
            left, right = self._put_right(one, values), self._put_right(other, values)
            if not (left[1] or right[1]) or left[0] is None or right[0] is None:
                return False
            return overlap(left[0], right[0], slack)

    def _put_right(self, part: Part, values: Values) -> tuple[Value | None, bool]:
        """The value of a member with right numbers, and whether it had wrong ones."""
        if part.member is None or part.is_number:
            return self._comparer.enclose(part, values), False
        expr, table = replace_numbers(part.member.expr, self._right)
        member = msgspec.structs.replace(part.member, expr=expr)
        wide, typed = self._comparer.literals.widen(msgspec.structs.replace(part, member=member))
        return values.evaluate(wide, table | typed), bool(table)
