"""Which decimals of a member's line nobody has rounded: given ones, and short exact values."""

from __future__ import annotations

from fractions import Fraction

from derive.algebra.expressions import Num
from derive.checking.counterfactuals import Counterfactual
from derive.checking.spread import HALF, count_places
from derive.checking.targets import count_significant
from derive.numbers import balls, rounding
from derive.numbers.balls import Value
from derive.workings.parts import HALVES, Literals, is_whole

FEW = 2
"""Significant digits to which a value is rounded at the least to go on with it."""


class SheetLiterals(Literals):
    """Typed numbers beside the values of a sheet, for one chain after the other."""

    def __init__(self, truth: Counterfactual) -> None:
        """No chain is looked at yet."""
        self._exercise = truth.exercise
        self._truth = truth
        given = self._exercise.graph.quantities.values()
        super().__init__(HALVES | {abs(Fraction(q.typed)) for q in given if q.typed})
        self._about: str | None = None
        self._known: dict[tuple[str | None, str], bool] = {}

    def turn_to(self, about: str | None) -> None:
        """Read the numbers of a chain about an id; None where it is about none."""
        self._about = about if about in self._exercise.order else None

    def is_given(self, name: str) -> bool:
        """Whether a name stands for a number that is given."""
        return self._exercise.numbers.read_given(name) is not None

    def is_exact(self, number: Num) -> bool:
        """Whether a number stands for itself alone.

        One that is given stands for itself, unless it may be a rounded value that the chain
        is computed from: 0.25 may be a weight, or a slope of 0.2496.
        """
        halved = number.value in HALVES and count_significant(number.text) < FEW
        if is_whole(number) or halved:
            return True  # the half of a loss; `0.50` may be a rounded value
        key = self._about, number.text
        if key not in self._known:
            self._known[key] = self._is_typed(number)
        return self._known[key]

    def _is_typed(self, number: Num) -> bool:
        if self._about is None:
            return super().is_exact(number)
        step = self._exercise.step(self._about)
        used = () if step is None else self._exercise.uses(step)
        needed = self._exercise.list_needed(self._about)
        known = super().is_exact(number) or any(self._is_value(n, number) for n in needed)
        if not known or count_significant(number.text) < FEW:
            return known
        near = used if any(self._is_value(name, number) for name in used) else needed
        return not any(self._may_round(name, number) for name in near)

    def _is_value(self, name: str, number: Num) -> bool:
        """Whether a number is the whole of an exact value."""
        value = self._truth.value(name)
        if value is None or not balls.is_exact(value):
            return False
        return bool(abs(value) == balls.exact(number.text))

    def _may_round(self, name: str, number: Num) -> bool:
        """Whether a value that is not as short rounds to a number."""
        value = self._truth.value(name)
        if value is None:
            return False
        gap: Value = abs(abs(value) - balls.exact(number.text))
        unit = rounding.power_of_ten(-count_places(number.text))
        return not bool(gap == 0) and bool(gap <= unit * HALF)
