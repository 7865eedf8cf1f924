"""Formulas as functions of a list of floats, for many first looks at the same formulas.

They compute what `estimates` does, operation by operation, and refuse in the same places;
the sums and products that derivations are full of are written out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from derive.algebra.expressions import (
    Add,
    Call,
    Cases,
    Div,
    Expr,
    Mul,
    Name,
    Neg,
    Num,
    Pick,
    Pow,
    Value,
)
from derive.algebra.rules import full_args, row_text
from derive.numbers.compiling import Undecided
from derive.numbers.estimates import NEAR, make_estimates
from derive.ops import FUNCTIONS

Row = list[float]
Function = Callable[[Row], float]
Places = Mapping[str, int]
ESTIMATES = make_estimates(lambda: None)
POWER, PRIMITIVE, SIGN = ESTIMATES.power, ESTIMATES.primitive, ESTIMATES.sign
TWO, THREE = 2, 3


class Straight:
    """Some formulas in an order in which they can be computed, by places in a list."""

    def __init__(
        self, formulas: Iterable[tuple[str, Expr]], known: Sequence[str], asked: Sequence[str]
    ) -> None:
        """`known` are the names of the list that is given, `asked` those of the one that is made.

        A formula of a name that is known makes another value of it, for all behind it.
        """
        self._places = {name: place for place, name in enumerate(known)}
        self._length = len(known)
        self._code = [self._compile(name, expr) for name, expr in formulas]
        self._more = [0.0] * (self._length - len(known))
        places = [self._places[name] for name in asked]
        self._choose: Callable[[Row], Any] = itemgetter(*places)
        self._single = len(places) == 1

    def run(self, known: Row) -> Sequence[float]:
        """The values asked for; raises Undecided or NotDefined where floats cannot tell."""
        row = known + self._more
        for place, compute in self._code:
            row[place] = compute(row)
        chosen: Sequence[float] = (self._choose(row),) if self._single else self._choose(row)
        return chosen

    def _compile(self, name: str, expr: Expr) -> tuple[int, Function]:
        compute = self.write(expr, self._places)
        if name not in self._places:
            self._places[name] = self._add_place()
        return self._places[name], compute

    def _add_place(self) -> int:
        self._length += 1
        return self._length - 1

    def write(self, expr: Expr, places: Places) -> Function:
        """A formula as a function; `places` are those of the names in it."""
        return WRITERS[type(expr)](self, expr, places)

    def number(self, expr: Num, _: Places) -> Function:
        """What is the same in every list."""
        value = float(expr.text)
        return lambda _: value

    def name(self, expr: Name | Value, places: Places) -> Function:
        """A value of the list."""
        return itemgetter(places[expr.id])

    def opposite(self, expr: Neg, places: Places) -> Function:
        """A value with the other sign."""
        arg = self.write(expr.arg, places)
        return lambda row: -arg(row)

    def sum(self, expr: Add, places: Places) -> Function:
        """Terms in their order."""
        terms = [self.write(term, places) for term in expr.terms]
        if len(terms) == TWO:
            pairs = [_find_pair(term, places) for term in expr.terms]
            if None not in pairs:
                (a, b), (c, d) = (pair for pair in pairs if pair is not None)
                return lambda row: row[a] * row[b] + row[c] * row[d]
            one, other = terms
            return lambda row: one(row) + other(row)
        if len(terms) == THREE:
            first, second, third = terms
            return lambda row: first(row) + second(row) + third(row)
        return lambda row: sum([term(row) for term in terms])

    def product(self, expr: Mul, places: Places) -> Function:
        """Factors in their order."""
        pair = _find_pair(expr, places)
        if pair is not None:
            a, b = pair
            return lambda row: row[a] * row[b]
        factors = [self.write(factor, places) for factor in expr.factors]
        if len(factors) == TWO:
            one, other = factors
            return lambda row: one(row) * other(row)
        if len(factors) == THREE:
            first, second, third = factors
            return lambda row: first(row) * second(row) * third(row)

        def multiply(row: Row) -> float:
            value = 1.0
            for factor in factors:
                value *= factor(row)
            return value

        return multiply

    def quotient(self, expr: Div, places: Places) -> Function:
        """A division by nothing that may be 0."""
        top, bottom = self.write(expr.top, places), self.write(expr.bottom, places)

        def divide(row: Row) -> float:
            above, below = top(row), bottom(row)
            if abs(below) < NEAR:
                raise Undecided
            return above / below

        return divide

    def power(self, expr: Pow, places: Places) -> Function:
        """A power."""
        base, exponent = self.write(expr.base, places), self.write(expr.exponent, places)
        return lambda row: POWER(base(row), exponent(row))

    def call(self, expr: Call, places: Places) -> Function:
        """A function by its definition, whose arguments get places of their own."""
        function = FUNCTIONS[expr.function].take(len(expr.args))
        args = [self.write(arg, places) for arg in full_args(function, expr.args)]
        if function.computed is None:
            name, arg = expr.function, args[0]
            return lambda row: PRIMITIVE(name, arg(row))
        given = expr.args[0]
        if len(args) == 1 and isinstance(given, Name):
            inner = {function.parameters[0]: places[given.id]}
            return self.write(row_text(function.computed), inner)
        inner = {name: self._add_place() for name in function.parameters}
        filled = list(zip(inner.values(), args, strict=True))
        body = self.write(row_text(function.computed), inner)

        def compute(row: Row) -> float:
            for place, arg in filled:
                row[place] = arg(row)
            return body(row)

        return compute

    def cases(self, expr: Cases, places: Places) -> Function:
        """The branch of the subject's sign; no other one is computed."""
        subject = self.write(expr.subject, places)
        branches = [self.write(side, places) for side in (expr.zero, expr.positive, expr.negative)]
        return lambda row: branches[SIGN(subject(row))](row)

    def pick(self, expr: Pick, places: Places) -> Function:
        """The value of the first of the largest operands; no other one is computed."""
        operands = [self.write(part, places) for part in expr.operands]
        values = [self.write(part, places) for part in expr.values]

        def choose(row: Row) -> float:
            best, place = operands[0](row), 0
            for other in range(1, len(operands)):
                value = operands[other](row)
                if SIGN(value - best) > 0:
                    best, place = value, other
            return values[place](row)

        return choose


def _find_pair(expr: Expr, places: Places) -> tuple[int, int] | None:
    """The places of both factors of a product of two names."""
    if isinstance(expr, Mul) and len(expr.factors) == TWO:
        one, other = expr.factors
        if isinstance(one, Name) and isinstance(other, Name):
            return places[one.id], places[other.id]
    return None


WRITERS: dict[type, Callable[[Straight, Any, Places], Function]] = {
    Num: Straight.number,
    Name: Straight.name,
    Value: Straight.name,
    Neg: Straight.opposite,
    Add: Straight.sum,
    Mul: Straight.product,
    Div: Straight.quotient,
    Pow: Straight.power,
    Call: Straight.call,
    Cases: Straight.cases,
    Pick: Straight.pick,
}
