"""Value and slope of a formula at a point, as certified balls, by Taylor arithmetic.

Each operation acts on `value + slope * h`, so the slope of a formula comes from
the formula alone: neither our rules nor SymPy have a part in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import reduce
from operator import add, mul, neg, pow, truediv  # noqa: A004  the power of two series
from typing import Any

import flint

from derive.algebra.expressions import (
    Add,
    Call,
    Cases,
    Diff,
    Div,
    Expr,
    Mul,
    Name,
    Neg,
    Num,
    Pow,
    children,
)
from derive.algebra.rules import full_args, row_text
from derive.ops import FUNCTIONS

Series = Any
"""`flint.arb_series`: the value, and the slope by the variable; python-flint ships no types."""
ORDER = 2
"""Coefficients of a series that are kept."""


class NoValue(Exception):  # noqa: N818  a point to be left out, not an error
    """The formula has no value or no slope at a point, or none that can be certified."""


@contextmanager
def taylor_arithmetic(bits: int) -> Iterator[None]:
    """Keep value and slope alone inside the block, with so many bits."""
    before = flint.ctx.prec, flint.ctx.cap
    flint.ctx.prec, flint.ctx.cap = bits, ORDER
    try:
        yield
    finally:
        flint.ctx.prec, flint.ctx.cap = before


class Point:
    """What formulas are at one point; `sides` notes on which side of 0 each subject is there."""

    def __init__(self, names: Mapping[str, Series], sides: list[int] | None = None) -> None:
        """Know the names alone."""
        self.names = dict(names)
        self.sides: list[int] = [] if sides is None else sides
        self._known: dict[Expr, Series] = {}

    def expand(self, expr: Expr) -> Series:
        """The series of a formula; raises NoValue."""
        if isinstance(expr, Name):
            return self.names[expr.id]
        found = self._known.get(expr)
        if found is None:
            found = self._expand(expr)
            if not (found[0].is_finite() and found[1].is_finite()):
                raise NoValue
            self._known[expr] = found
        return found

    def _expand(self, expr: Expr) -> Series:
        if isinstance(expr, Num):
            value = expr.value
            return flint.arb_series([flint.fmpq(value.numerator, value.denominator)])
        if isinstance(expr, Cases):
            return self.expand(self._choose_case(expr))
        parts = [self.expand(part) for part in children(expr)]
        try:
            if isinstance(expr, Call):
                return self._apply(expr, parts)
            return OPERATIONS[type(expr)](parts)
        except (ValueError, ZeroDivisionError):
            raise NoValue from None

    def _choose_case(self, expr: Cases) -> Expr:
        side = _find_side(self.expand(expr.subject))
        self.sides.append(side)
        return (expr.zero, expr.positive, expr.negative)[side]

    def _apply(self, call: Call, args: list[Series]) -> Series:
        """A function of our tables, by its definition."""
        function = FUNCTIONS[call.function].take(len(args))
        if function.definition is None:
            return PRIMITIVES[function.name](*args)
        left_out = full_args(function, call.args)[len(args) :]
        values = (*args, *map(self.expand, left_out))
        inside = Point(dict(zip(function.parameters, values, strict=True)), self.sides)
        return inside.expand(row_text(function.definition))


def _find_side(subject: Series) -> int:
    """-1, 0 or 1; at a border between cases there is no slope."""
    if subject[0] > 0:
        return 1
    if subject[0] < 0:
        return -1
    if subject[0].is_zero() and subject[1].is_zero():
        return 0
    raise NoValue


OPERATIONS: dict[type, Callable[[list[Series]], Series]] = {
    Neg: lambda parts: neg(*parts),
    Add: lambda parts: reduce(add, parts),
    Mul: lambda parts: reduce(mul, parts),
    Div: lambda parts: truediv(*parts),
    Pow: lambda parts: pow(*parts),
    Diff: lambda parts: parts[0].derivative(),
}
PRIMITIVES: dict[str, Callable[[Series], Series]] = {
    "exp": lambda z: z.exp(),
    "log": lambda z: z.log(),
    "ln": lambda z: z.log(),
    "sqrt": lambda z: z.sqrt(),
    "sin": lambda z: z.sin(),
    "cos": lambda z: z.cos(),
    "normal_cdf": lambda z: (-z / flint.arb(2).sqrt()).erfc() / 2,
    "normal_pdf": lambda z: (-z * z / 2).exp() / (2 * flint.arb.pi()).sqrt(),
}
