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
        self,
        sheet: Counterfactual,
        defined: Mapping[str, Defined],
        head: str | None = None,
        *,
        written: bool = False,
        wide: bool = False,
    ) -> None:
        """Compute nothing yet; the `head` of a chain is computed from what is before it.

        In a `wide` one names of one's own stand for all that their formulas may give.
        """
        self._wide = wide
        self.sheet = sheet
        self._head = head
        self._defined = defined
        self._written = written

    def value(self, name: str) -> Value | None:
        """What a name that is a whole member stands for; None where it has no value."""
        return self.sheet.value(name) if name == self._head else self._operand(name)

    def _operand(self, name: str) -> Value | None:
        if not name.startswith(OWN):
            return self.sheet.evaluate(Name(name))
        own = self._defined[name]
        if self._written and own.written is not None:
            return own.written
        if self._wide and own.wide is not None:
            return own.wide
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
