"""The exercise as one member goes on with it from what stands on the own sheet."""

from __future__ import annotations

from collections.abc import Iterable

import flint

from derive.algebra.expressions import Expr, Name
from derive.checking.counterfactuals import Counterfactual, Plan, Rewrite
from derive.checking.exercise import Exercise
from derive.checking.spread import HALF, Spread
from derive.numbers import balls
from derive.numbers.balls import NotDefined, Undecided, Value


class Carried(Counterfactual):
    """Values as intervals, each as wide as what it is computed from lets it be."""

    def _evaluate(self, expr: Expr) -> Value | None:
        """The interval; where it reaches over a case or a pole, the value at its middle."""
        value = super()._evaluate(expr)
        if value is not None:
            return value

        def operand(name: str) -> Value:
            found = self.operands.get(name)
            if found is None:
                raise NotDefined(name)
            return found if balls.is_exact(found) else found.mid()

        try:
            return self.exercise.structure.evaluate(expr, operand)
        except (NotDefined, Undecided, ArithmeticError):
            return None

    def _widen(self, value: Value | None, half: Value) -> Value | None:
        if value is None or half == 0 or self.exercise.numbers.stepwise:
            return value
        return flint.arb(value) + flint.arb(0, flint.arb(half))


class OwnWorld(Carried):
    """The exercise with what stands on one sheet, as the digits there can be meant.

    What was not answered is computed by the sheet's steps, and wider by half of the
    last digit where it is printed rounded: nobody can tell from which of the two
    numbers a member has gone on. `points` are the numbers just as they were written.
    """

    def __init__(
        self,
        exercise: Exercise,
        spread: Spread,
        truth: Counterfactual,
        rewrites: tuple[Rewrite, ...] = (),
    ) -> None:
        """Nothing is answered yet."""
        self._answers: dict[str, Value] = {}
        super().__init__(exercise, rewrites, own=self._answers, truth=truth)
        self._spread = spread
        self._written: dict[str, Value] = {}
        self.points = Counterfactual(exercise, rewrites, own=self._written, truth=truth)

    def take(self, name: str, written: Value, low: Value, high: Value) -> None:
        """An answer, given after all that were computed from so far."""
        self._answers[name] = _enclose(low, high, self.exercise.numbers.bits)
        self._written[name] = written

    def _operand(self, name: str) -> Value | None:
        return self._widen(super()._operand(name), self._spread.find_half_unit(name))


class RoundedWorld(Carried):
    """The exercise with mistakes, every rounded line known to so many digits only."""

    def __init__(
        self,
        exercise: Exercise,
        truth: Counterfactual,
        rewrites: tuple[Rewrite, ...],
        unit: Value,
    ) -> None:
        """Nothing is computed yet; `unit` is that of the last digit."""
        super().__init__(exercise, rewrites, truth=truth)
        self._unit, self._half = unit, unit * HALF

    def compute(self, names: Iterable[str]) -> None:
        """Compute some ids, each after those it needs, so that other worlds start from them."""
        with balls.precision(self.exercise.numbers.bits):
            for name in names:
                self._fill(name)
                self._at_hand(name)

    def branch(
        self, rewrites: tuple[Rewrite, ...], changed: Plan, open_ids: set[str], affected: set[str]
    ) -> RoundedWorld:
        """The same with mistakes: what they do not affect is taken from here.

        `changed` are their formulas, but for `open_ids`, which several of them change.
        """
        assert self.truth is not None
        world = RoundedWorld(self.exercise, self.truth, rewrites, self._unit)
        world._plan = {k: v for k, v in (self._plan | changed).items() if k not in open_ids}
        world.operands = {k: v for k, v in self.operands.items() if k not in affected}
        return world

    def _operand(self, name: str) -> Value | None:
        value = super()._operand(name)
        step = self.exercise.step(name)
        copied = step is None or step.expr is None or isinstance(step.expr, Name)
        if value is None or copied or balls.is_exact(value):
            return value
        return self._widen(value, self._half)


def _enclose(low: Value, high: Value, bits: int) -> Value:
    """A ball that holds both ends; the number itself where they are one."""
    if low == high:
        return low
    with balls.precision(bits):
        middle, half = (low + high) / 2, (high - low) / 2
        return flint.arb(middle) + flint.arb(0, flint.arb(half))
