"""How far an answer may be off because the printed numbers before it were rounded."""

from __future__ import annotations

import flint

from derive.algebra.expressions import Expr, Name
from derive.checking.exercise import Exercise
from derive.derivation.steps import Step
from derive.numbers import balls, rounding
from derive.numbers.balls import NotDefined, Undecided, Value

HALF = flint.fmpq(1, 2)
ZERO = flint.fmpq(0)
FAR = 100_000
"""Bits beyond which a width is taken for one so small or so large."""


class Spread:
    """How far rounding the numbers before an answer can move it, as an interval.

    Each printed ancestor that was rounded widens its interval by half a unit
    of its last printed digit; what is typed, copied or exact does not.
    """

    def __init__(self, exercise: Exercise) -> None:
        """Carry nothing yet."""
        self.exercise = exercise
        self._intervals: dict[str, Value] = {}

    def measure(self, name: str) -> Value:
        """Half the width of an id's interval without its own rounding; 0 where steps round."""
        if self.exercise.numbers.stepwise:
            return ZERO
        with balls.precision(self.exercise.numbers.bits):
            self._fill(name)
        interval = self._intervals[name]
        return ZERO if balls.is_exact(interval) else round_up(interval.rad())

    def _fill(self, name: str) -> None:
        waiting = [name]
        while waiting:
            top = waiting[-1]
            step = self.exercise.numbers.step(top)
            if top in self._intervals:
                waiting.pop()
                continue
            expr = self.exercise.numbers.settle_cases(step).expr
            missing = [used for used in step.uses if used not in self._intervals]
            if step.expr is None:
                self._intervals[top] = self.exercise.numbers.value(top)
            elif missing:
                waiting.extend(missing)
            else:
                self._intervals[top] = self._carry(step, expr)

    def _carry(self, step: Step, expr: Expr) -> Value:
        """The interval of a step; its own value where no finite interval can be told."""
        try:
            return balls.evaluate(expr, self._operand)
        except (NotDefined, Undecided, ArithmeticError):
            return self.exercise.numbers.value(step.id)

    def _operand(self, name: str) -> Value:
        interval, half = self._intervals[name], self.find_half_unit(name)
        return interval if half == 0 else flint.arb(interval) + flint.arb(0, flint.arb(half))

    def find_half_unit(self, name: str) -> Value:
        """Half a unit of an id's last printed digit; 0 where it is typed, copied or exact."""
        step = self.exercise.step(name)
        if step is None or step.expr is None or isinstance(step.expr, Name):
            return ZERO
        shown = self.exercise.numbers.answer(step).shown
        return ZERO if shown.exact else rounding.power_of_ten(-count_places(shown.text)) * HALF


def count_places(text: str) -> int:
    """How many places behind the point the last digit of a printed number stands."""
    mantissa, _, exponent = text.partition("e")
    return len(mantissa.partition(".")[2]) - int(exponent or 0)


def round_up(ball: Value) -> Value:
    """An exact fraction that is not below any number of a ball."""
    top = ball.mid() + ball.rad()
    if not top.is_finite():
        return ZERO
    mantissa, exponent = top.mid().man_exp()
    whole = flint.fmpz(mantissa)
    power = min(max(int(exponent), -FAR), FAR)
    if power >= 0:
        return flint.fmpq(whole * flint.fmpz(2) ** power)
    return flint.fmpq(whole, flint.fmpz(2) ** -power)
