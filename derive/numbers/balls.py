"""Exact fractions and Arb balls: evaluating a tree so that nothing is guessed.

A value is an exact fraction as long as it is rational, else a ball that
contains it. A question a ball cannot answer (a sign, a digit) raises
`Undecided`; the caller asks again with more bits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import isqrt
from typing import Any, TypeVar

import flint

from derive import limits
from derive.algebra.expressions import Expr, Mul, Name
from derive.numbers.compiling import (
    Arithmetic,
    Compiled,
    NotDefined,
    Undecided,
    compile_formula,
    look_up,
)

Value = Any
"""`flint.fmpq` (exact) or `flint.arb` (a ball); python-flint ships no types."""
Lookup = Callable[[str], Value]

T = TypeVar("T")
ZERO = flint.fmpq(0)
ONE = flint.fmpq(1)


class precision:  # noqa: N801  used like a keyword: with precision(bits)
    """Work with so many bits inside the block."""

    __slots__ = ("before", "bits")

    def __init__(self, bits: int) -> None:
        """Change nothing yet."""
        self.bits = bits
        self.before = bits

    def __enter__(self) -> None:
        """Remember the bits in force."""
        self.before = flint.ctx.prec
        flint.ctx.prec = self.bits

    def __exit__(self, *_: object) -> None:
        """Go back to them."""
        flint.ctx.prec = self.before


def bits_in_force() -> int:
    """The working precision."""
    return int(flint.ctx.prec)


def decide(ask: Callable[[], T], bits: int, most: int = limits.PRECISION_CEILING) -> T:
    """What `ask` says at the first precision that decides; Undecided if none up to `most` does."""
    while True:
        try:
            with precision(bits):
                return ask()
        except Undecided:
            bits *= 2
            if bits > most:
                raise


def is_exact(value: Value) -> bool:
    """Whether a value is an exact fraction."""
    return isinstance(value, flint.fmpq)


@lru_cache(maxsize=4096)
def exact(text: str) -> Value:
    """The exact fraction a typed or printed number stands for."""
    mantissa, _, exponent = text.lower().partition("e")
    whole, _, decimals = mantissa.partition(".")
    power = int(exponent or 0) - len(decimals)
    digits = flint.fmpz(int(whole + decimals))
    if power >= 0:
        return flint.fmpq(digits * flint.fmpz(10) ** power)
    return flint.fmpq(digits, flint.fmpz(10) ** -power)


def sign(value: Value) -> int:
    """-1, 0 or 1; raises Undecided for a ball around zero."""
    if isinstance(value, flint.fmpq):
        return (value > 0) - (value < 0)
    if value > 0:
        return 1
    if value < 0:
        return -1
    if value.is_zero():
        return 0
    raise Undecided


def evaluate(expr: Expr, lookup: Lookup) -> Value:
    """The value of a tree; `lookup` gives that of an id.

    Raises Undecided, or NotDefined where there is no value.
    """
    if type(expr) is Mul and all(type(factor) is Name for factor in expr.factors):
        return _product([look_up(factor.id) for factor in expr.factors], lookup)  # type: ignore[union-attr]
    return compile_formula(expr, BALLS, look_up)(lookup)


def _bound(value: Value) -> Value:
    """The value, as a ball where it is a fraction that has grown too long."""
    if isinstance(value, flint.fmpq):
        if value.height_bits() > limits.EXACT_BITS:
            return flint.arb(value)
    elif not value.is_finite():
        raise NotDefined("the value is too large to be computed; rescale the exercise")
    return value


def product(one: Value, other: Value) -> Value:
    """Two factors; an exact zero stays exact, whatever it is multiplied by."""
    return ZERO if one == 0 or other == 0 else _bound(one * other)


def total(terms: Sequence[Value]) -> Value:
    """A sum of any number of terms."""
    return _bound(sum(terms, ZERO))


def _product(factors: Sequence[Compiled], at: object) -> Value:
    """An exact zero stays exact, whatever it is multiplied by, if only that has a value."""
    whole, doubt = None, None
    for factor in factors:
        try:
            value = factor(at)
        except Undecided as problem:
            doubt = problem
            continue
        whole = value if whole is None else ZERO if whole == 0 else whole * value
    if doubt is not None and (whole is None or whole != 0):
        raise doubt
    return ZERO if whole == 0 else _bound(whole)


def quotient(top: Value, bottom: Value) -> Value:
    """One value divided by another; raises NotDefined for a division by zero."""
    if sign(bottom) == 0:
        raise NotDefined("a division by zero")
    return _bound(ZERO if top == 0 else top / bottom)


def power(base: Value, exponent: Value) -> Value:
    """A power over the reals; a whole exponent works for every base."""
    if isinstance(exponent, flint.fmpq) and exponent.q == 1:
        return _whole_power(base, exponent.p)
    side = sign(base)
    if side < 0:
        raise NotDefined("a negative number to a power that is not whole")
    if side == 0:
        if sign(exponent) < 0:
            raise NotDefined("a division by zero")
        return ZERO
    if isinstance(exponent, flint.fmpq) and exponent.q == 2:  # noqa: PLR2004  a square root
        return _whole_power(square_root(base), exponent.p)
    return flint.arb(base) ** flint.arb(exponent)


def _whole_power(base: Value, count: Any) -> Value:  # noqa: ANN401
    if isinstance(base, flint.fmpq):
        if base == 0 and count < 0:
            raise NotDefined("a division by zero")
        if abs(count) * base.height_bits() <= limits.EXACT_BITS or base in (0, 1, -1):
            return base ** int(count)
        base = flint.arb(base)
    if base.contains(0):
        return _power_around_zero(base, int(count))
    return base**count


def _power_around_zero(base: Value, count: int) -> Value:
    """A ball's power by multiplication; Arb's own goes over the logarithm."""
    if count < 0:
        if base.is_zero():
            raise NotDefined("a division by zero")
        raise Undecided
    if count > limits.EXACT_BITS:
        raise Undecided
    result = flint.arb(1)
    for bit in f"{count:b}":
        result = result * result * (base if bit == "1" else 1)
    return result


def square_root(value: Value) -> Value:
    """The square root; exact where the value is the square of a fraction."""
    side = sign(value)
    if side < 0:
        raise NotDefined("a square root of a negative number")
    if isinstance(value, flint.fmpq):
        top, bottom = isqrt(int(value.p)), isqrt(int(value.q))
        if top * top == value.p and bottom * bottom == value.q:
            return flint.fmpq(top, bottom)
    return flint.arb(value).sqrt()


def logarithm(value: Value) -> Value:
    """The natural logarithm; exact at 1."""
    if sign(value) <= 0:
        raise NotDefined("a logarithm of a number that is not positive")
    if value == 1:
        return ZERO
    return flint.arb(value).log()


def _exact_at_zero(name: str, at_zero: Value) -> Callable[[Value], Value]:
    def primitive(value: Value) -> Value:
        if value == 0:
            return at_zero
        return getattr(flint.arb(value), name)()

    return primitive


def normal_cdf(value: Value) -> Value:
    """How much of the standard normal distribution lies below; exact at 0."""
    if value == 0:
        return flint.fmpq(1, 2)
    return (-flint.arb(value) / flint.arb(2).sqrt()).erfc() / 2


def normal_pdf(value: Value) -> Value:
    """The density of the standard normal distribution."""
    ball = flint.arb(value)  # times itself: Arb's power of a ball around 0 is no number
    return (-(ball * ball) / 2).exp() / (2 * flint.arb.pi()).sqrt()


PRIMITIVES: dict[str, Callable[[Value], Value]] = {
    "exp": _exact_at_zero("exp", ONE),
    "sin": _exact_at_zero("sin", ZERO),
    "cos": _exact_at_zero("cos", ONE),
    "log": logarithm,
    "ln": logarithm,
    "sqrt": square_root,
    "normal_cdf": normal_cdf,
    "normal_pdf": normal_pdf,
}


BALLS = Arithmetic(
    exact=exact,
    total=total,
    product=_product,
    quotient=quotient,
    power=lambda base, exponent: _bound(power(base, exponent)),
    primitive=lambda name, value: _bound(PRIMITIVES[name](value)),
    sign=sign,
)
"""Exact fractions, and balls where a value is not rational."""

__all__ = [
    "BALLS",
    "NotDefined",
    "Undecided",
    "Value",
    "evaluate",
    "exact",
    "is_exact",
    "precision",
    "product",
    "sign",
]
