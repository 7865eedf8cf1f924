"""Where a line may hold: on the sheet, and in what a member has gone on from."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from derive.algebra.expressions import Expr, Name
from derive.checking.counterfactuals import Counterfactual
from derive.numbers import balls
from derive.numbers.balls import NotDefined, Undecided, Value
from derive.workings.names import OWN, Defined

NOTHING: Mapping[str, Value] = {}


class World:
    """Values of names: of the sheet's from a counterfactual, of one's own from definitions.

    As `written`, a name of one's own stands for the number behind its formula.
    """

    def __init__(
        self, sheet: Counterfactual, defined: Mapping[str, Defined], *, written: bool = False
    ) -> None:
        """Compute nothing yet."""
        self.sheet = sheet
        self._defined = defined
        self._written = written

    def value(self, name: str) -> Value | None:
        """What a name stands for at the head of a chain; None where it has no value."""
        if name.startswith(OWN):
            return self._operand(name)
        return self.sheet.value(name)

    def _operand(self, name: str) -> Value | None:
        if not name.startswith(OWN):
            return self.sheet.evaluate(Name(name))
        own = self._defined[name]
        if self._written and own.written is not None:
            return own.written
        return None if own.formula is None else self.evaluate(own.formula)

    def evaluate(self, expr: Expr, table: Mapping[str, Value] = NOTHING) -> Value | None:
        """The value of a formula; `table` gives those of names that are no quantities."""

        def operand(name: str) -> Value:
            value = table[name] if name in table else self._operand(name)
            if value is None:
                raise NotDefined(name)
            return value

        return evaluate(expr, operand, self.sheet.exercise.numbers.bits)


def evaluate(expr: Expr, operand: Callable[[str], Value], bits: int) -> Value | None:
    """The value of a formula; None where it has none, or none that can be decided."""
    try:
        with balls.precision(bits):
            return balls.evaluate(expr, operand)
    except (NotDefined, Undecided, ArithmeticError):
        return None
