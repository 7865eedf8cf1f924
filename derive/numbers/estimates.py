"""Floats of the machine's own library: a first look at many numbers, no digit is certain.

Where the answer to a question hangs on the last digits, it is Undecided.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from derive.numbers.compiling import Arithmetic, Compiled, NotDefined, Undecided

NEAR = 1e-9
"""Nearer to 0 than this a float has no sign."""


def _total(terms: Sequence[float]) -> float:
    return sum(terms)


def _product(factors: Sequence[Compiled], at: Any) -> float:  # noqa: ANN401  an environment
    value = 1.0
    for factor in factors:
        value *= factor(at)
    return value


def _quotient(top: float, bottom: float) -> float:
    if abs(bottom) < NEAR:
        raise Undecided
    return top / bottom


def _guard(compute: Callable[[], float]) -> float:
    """What the library computes; it says that a number is too large, or has no value."""
    try:
        return compute()
    except OverflowError:
        raise Undecided from None
    except ValueError as problem:
        raise NotDefined(str(problem)) from None


def _power(base: float, exponent: float) -> float:
    if exponent == 2:  # noqa: PLR2004  a square is one product
        return base * base
    if abs(base) < NEAR:
        raise Undecided
    return _guard(lambda: math.pow(base, exponent))


def _logarithm(value: float) -> float:
    if abs(value) < NEAR:
        raise Undecided
    return math.log(value)


def _primitive(name: str, value: float) -> float:
    return _guard(lambda: PRIMITIVES[name](value))


PRIMITIVES: dict[str, Callable[[float], float]] = {
    "exp": math.exp,
    "sin": math.sin,
    "cos": math.cos,
    "log": _logarithm,
    "ln": _logarithm,
    "sqrt": math.sqrt,
    "normal_cdf": lambda z: (1 + math.erf(z / math.sqrt(2))) / 2,
    "normal_pdf": lambda z: math.exp(-z * z / 2) / math.sqrt(2 * math.pi),
}


def make_estimates(meet: Callable[[], None]) -> Arithmetic:
    """Binary64 without any care for the last bits.

    `meet` is called where the sides of a case meet: where a float is exactly 0. One that is
    only near 0 has no sign.
    """

    def sign(value: float) -> int:
        if value == 0:
            meet()
            return 0
        if abs(value) < NEAR:
            raise Undecided
        return 1 if value > 0 else -1

    return Arithmetic(
        exact=float,
        total=_total,
        product=_product,
        quotient=_quotient,
        power=_power,
        primitive=_primitive,
        sign=sign,
    )
