"""Values of names, one for each, with which the members of a chain are computed."""

from __future__ import annotations

from collections.abc import Mapping

from derive.algebra.expressions import Expr
from derive.numbers.balls import NotDefined, Value
from derive.workings.worlds import evaluate

BITS = 128


class Chosen:
    """One value for each name."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        """Keep them."""
        self._values = values

    def value(self, name: str) -> Value | None:
        """The value of a name."""
        return self._values.get(name)

    def evaluate(self, expr: Expr, table: Mapping[str, Value] | None = None) -> Value | None:
        """The value of a formula; `table` gives those of typed numbers."""
        typed = table or {}

        def operand(name: str) -> Value:
            value = typed[name] if name in typed else self._values.get(name)
            if value is None:
                raise NotDefined(name)
            return value

        return evaluate(expr, operand, BITS)
