"""A tree computed as a computer does: every operation rounded to binary64 (53 bits).

The four operations are those of the machine, which rounds correctly (IEEE 754);
exp, log and their like are computed with far more bits and rounded once, so that
no library's last bit shows and the result is the same everywhere. A function that
has a definition (sigmoid) is computed by it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import add, mul

import flint

from derive.algebra.expressions import Add, Call, Cases, Div, Expr, Mul, Name, Neg, Num, Pow
from derive.algebra.rules import full_args, row_text
from derive.numbers import balls
from derive.ops import FUNCTIONS

BITS = 400
"""Working bits of a function before it is rounded."""

FloatLookup = Callable[[str], float]


def machine_value(expr: Expr, lookup: FloatLookup) -> float:
    """The value of a tree in binary64; raises balls.NotDefined where there is none."""
    return COMPUTE[type(expr)](expr, lookup)


def rounded(value: balls.Value) -> float:
    """The binary64 number nearest to an exact value or to the middle of a narrow ball."""
    with balls.precision(BITS):
        return float(flint.arb(value).mid())


def _fraction(expr: Div, lookup: FloatLookup) -> float:
    bottom = machine_value(expr.bottom, lookup)
    if bottom == 0:
        raise balls.NotDefined("a division by zero")
    return machine_value(expr.top, lookup) / bottom


def _power(expr: Pow, lookup: FloatLookup) -> float:
    base, exponent = machine_value(expr.base, lookup), machine_value(expr.exponent, lookup)
    if exponent == 2:  # noqa: PLR2004  a square is one product
        return base * base
    return _function(lambda: balls.power(_exact(base), _exact(exponent)))


def _call(expr: Call, lookup: FloatLookup) -> float:
    function = FUNCTIONS[expr.function].of(len(expr.args))
    if function.definition is None:
        argument = _exact(machine_value(expr.args[0], lookup))
        return _function(lambda: balls.PRIMITIVES[expr.function](argument))
    values = [machine_value(arg, lookup) for arg in full_args(function, expr.args)]
    given = dict(zip(function.parameters, values, strict=True))
    return machine_value(row_text(function.definition), given.__getitem__)


def _cases(expr: Cases, lookup: FloatLookup) -> float:
    subject = machine_value(expr.subject, lookup)
    part = expr.positive if subject > 0 else expr.negative if subject < 0 else expr.zero
    return machine_value(part, lookup)


def _exact(value: float) -> balls.Value:
    return flint.fmpq(*value.as_integer_ratio())


def _function(compute: Callable[[], balls.Value]) -> float:
    with balls.precision(BITS):
        return rounded(compute())


COMPUTE: dict[type, Callable[..., float]] = {
    Num: lambda expr, _: rounded(balls.exact(expr.text)),
    Name: lambda expr, lookup: lookup(expr.id),
    Neg: lambda expr, lookup: -machine_value(expr.arg, lookup),
    Add: lambda expr, lookup: reduce(add, (machine_value(term, lookup) for term in expr.terms)),
    Mul: lambda expr, lookup: reduce(mul, (machine_value(f, lookup) for f in expr.factors)),
    Div: _fraction,
    Pow: _power,
    Call: _call,
    Cases: _cases,
}
