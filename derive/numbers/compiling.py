"""Formulas compiled to functions, and several to a straight-line program.

One compiler serves every arithmetic: fractions and balls (`balls.BALLS`), and the
binary64 numbers of a computer (`machine.MACHINE`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

import msgspec

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
from derive.ops import FUNCTIONS

Compiled = Callable[[Any], Any]
"""From an environment, which holds the values of names, to the value of a formula."""
Read = Callable[[str], Compiled]
"""How the value of a name is read from an environment."""


class Undecided(Exception):  # noqa: N818  a question for more bits, not an error
    """The ball is too wide to answer a question; more bits may."""


class NotDefined(Exception):  # noqa: N818  becomes a SpecError once its place is known
    """The value does not exist: a division by zero, a logarithm of 0."""


class NoValueError(NotDefined):
    """The value of an id does not exist."""

    def __init__(self, name: str, problem: str) -> None:
        """Say which and why."""
        super().__init__(problem)
        self.name = name


class Arithmetic(msgspec.Struct, frozen=True):
    """The operations of one kind of number.

    `product` takes the factors as functions of the environment: an exact zero
    decides it. `primitive` computes a function without a definition. Kinds of formulas that
    it compiles in another way are `written_out`.
    """

    exact: Callable[[str], Any]
    total: Callable[[Sequence[Any]], Any]
    product: Callable[[Sequence[Compiled], Any], Any]
    quotient: Callable[[Any, Any], Any]
    power: Callable[[Any, Any], Any]
    primitive: Callable[[str, Any], Any]
    sign: Callable[[Any], int]
    written_out: Mapping[type, Callable[..., Compiled]] = {}

    def __hash__(self) -> int:
        """The identity, as there is one object of each kind of number."""
        return id(self)


def compile_formula(expr: Expr, arithmetic: Arithmetic, read: Read) -> Compiled:
    """A formula as a function of an environment."""
    kind = type(expr)
    return (arithmetic.written_out.get(kind) or COMPILE[kind])(expr, arithmetic, read)


def look_up(name: str) -> Compiled:
    """How a name is read where the environment is a function: `lookup("W5")`."""
    return lambda lookup: lookup(name)


def _number(expr: Num, arithmetic: Arithmetic, _: Read) -> Compiled:
    value = arithmetic.exact(expr.text)
    return lambda _: value


def _negative(expr: Neg, arithmetic: Arithmetic, read: Read) -> Compiled:
    arg = compile_formula(expr.arg, arithmetic, read)
    return lambda at: -arg(at)


def _sum(expr: Add, arithmetic: Arithmetic, read: Read) -> Compiled:
    terms = [compile_formula(term, arithmetic, read) for term in expr.terms]
    total = arithmetic.total
    return lambda at: total([term(at) for term in terms])


def _product(expr: Mul, arithmetic: Arithmetic, read: Read) -> Compiled:
    factors = [compile_formula(factor, arithmetic, read) for factor in expr.factors]
    product = arithmetic.product
    return lambda at: product(factors, at)


def _fraction(expr: Div, arithmetic: Arithmetic, read: Read) -> Compiled:
    top, bottom = (compile_formula(part, arithmetic, read) for part in (expr.top, expr.bottom))
    return lambda at: arithmetic.quotient(top(at), bottom(at))


def _power(expr: Pow, arithmetic: Arithmetic, read: Read) -> Compiled:
    base, exponent = (compile_formula(e, arithmetic, read) for e in (expr.base, expr.exponent))
    return lambda at: arithmetic.power(base(at), exponent(at))


def _call(expr: Call, arithmetic: Arithmetic, read: Read) -> Compiled:
    function = FUNCTIONS[expr.function].take(len(expr.args))
    args = full_args(function, expr.args)
    values = [compile_formula(arg, arithmetic, read) for arg in args]
    if function.computed is None:
        return lambda at: arithmetic.primitive(expr.function, values[0](at))
    body = _definition(function.computed, arithmetic)
    return lambda at: body(
        {name: value(at) for name, value in zip(function.parameters, values, strict=True)}
    )


@lru_cache(maxsize=256)
def _definition(text: str, arithmetic: Arithmetic) -> Compiled:
    return compile_formula(row_text(text), arithmetic, itemgetter)


def _cases(expr: Cases, arithmetic: Arithmetic, read: Read) -> Compiled:
    subject = compile_formula(expr.subject, arithmetic, read)
    sides = (expr.zero, expr.positive, expr.negative)
    branches = tuple(compile_formula(side, arithmetic, read) for side in sides)
    return lambda at: branches[arithmetic.sign(subject(at))](at)


def _pick(expr: Pick, arithmetic: Arithmetic, read: Read) -> Compiled:
    operands = [compile_formula(part, arithmetic, read) for part in expr.operands]
    values = [compile_formula(part, arithmetic, read) for part in expr.values]
    sign = arithmetic.sign

    def choose(at: Any) -> Any:  # noqa: ANN401  as every compiled formula
        best, place = operands[0](at), 0
        for other in range(1, len(operands)):
            value = operands[other](at)
            if sign(value - best) > 0:
                best, place = value, other
        return values[place](at)

    return choose


COMPILE: dict[type, Callable[..., Compiled]] = {
    Num: _number,
    Name: lambda expr, _, read: read(expr.id),
    Value: lambda expr, _, read: read(expr.id),
    Neg: _negative,
    Add: _sum,
    Mul: _product,
    Div: _fraction,
    Pow: _power,
    Call: _call,
    Cases: _cases,
    Pick: _pick,
}


class Remembered:
    """Formulas that are compiled once and computed with many values, found by their identity."""

    def __init__(self, arithmetic: Arithmetic, most: int = 20_000) -> None:
        """`most` compiled formulas are kept at hand."""
        self._arithmetic = arithmetic
        self._most = most
        self._compiled: dict[int, tuple[Expr, Compiled]] = {}

    def evaluate(self, expr: Expr, lookup: Callable[[str], Any]) -> Any:  # noqa: ANN401  its numbers
        """The value of a tree; `lookup` gives that of an id."""
        known = self._compiled.get(id(expr))
        if known is None:
            if len(self._compiled) >= self._most:
                self._compiled.clear()
            known = expr, compile_formula(expr, self._arithmetic, look_up)  # the tree stays
            self._compiled[id(expr)] = known
        return known[1](lookup)


Settle = Callable[[str, Expr, Any], Any]
"""From a name, its formula and its value to the value that later formulas use."""


class Program:
    """Named formulas in an order in which they can be computed, compiled once."""

    def __init__(self, formulas: Iterable[tuple[str, Expr]], arithmetic: Arithmetic) -> None:
        """Compile every formula."""
        self.code = [
            (name, expr, compile_formula(expr, arithmetic, itemgetter)) for name, expr in formulas
        ]

    def run(self, given: Mapping[str, Any], settle: Settle | None = None) -> dict[str, Any]:
        """The given values and those of all formulas; raises NoValueError where one has none.

        `settle` makes of a formula's value the one that later formulas use.
        """
        values = dict(given)
        self.fill(values, settle)
        return values

    def fill(self, values: dict[str, Any], settle: Settle | None = None) -> None:
        """Add the values of all formulas to given ones, in order, up to one that has none."""
        for name, expr, compute in self.code:
            try:
                value = compute(values)
                values[name] = value if settle is None else settle(name, expr, value)
            except NotDefined as problem:
                raise NoValueError(name, str(problem)) from None
