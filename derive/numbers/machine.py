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

from derive.numbers import balls
from derive.numbers.compiling import Arithmetic

BITS = 400
"""Working bits of a function before it is rounded."""


def round_to_float(value: balls.Value) -> float:
    """The binary64 number nearest to an exact value or to the middle of a narrow ball."""
    with balls.precision(BITS):
        return float(flint.arb(value).mid())


def _quotient(top: float, bottom: float) -> float:
    if bottom == 0:
        raise balls.NotDefined("a division by zero")
    return top / bottom


def _power(base: float, exponent: float) -> float:
    if exponent == 2:  # noqa: PLR2004  a square is one product
        return base * base
    return _function(lambda: balls.power(_exact(base), _exact(exponent)))


def _primitive(name: str, value: float) -> float:
    argument = _exact(value)
    return _function(lambda: balls.PRIMITIVES[name](argument))


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def _exact(value: float) -> balls.Value:
    return flint.fmpq(*value.as_integer_ratio())


def _function(compute: Callable[[], balls.Value]) -> float:
    with balls.precision(BITS):
        return round_to_float(compute())


MACHINE = Arithmetic(
    exact=lambda text: round_to_float(balls.exact(text)),
    total=lambda terms: reduce(add, terms),
    product=lambda factors, at: reduce(mul, (factor(at) for factor in factors)),
    quotient=_quotient,
    power=_power,
    primitive=_primitive,
    sign=_sign,
)
"""Every operation rounded to binary64."""
