"""From a value to digits: rounded half away from zero, and only when certain."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from math import floor, log10
from typing import Any, Literal

import flint
import msgspec

from derive import limits
from derive.numbers.balls import NotDefined, Undecided, Value, exact, sign

LOG_OF_2 = log10(2)
HALF = flint.fmpq(1, 2)
TINY, HUGE = 1e-300, 1e300
"""Sizes between which a float tells the decimal exponent."""
KEY_DIGITS = 30
FEWEST_DIGITS = 3
"""A non-zero value that would show fewer significant digits prints with an exponent."""
MANTISSA = 4
"""Significant digits of a number printed with an exponent."""
PLAIN_FROM = -12
"""The power of ten from which on a key writes a value without an exponent."""


Change = Literal["lower", "higher", "equal", "unseen"]
"""How a printed number has changed; `equal` only where both are exact."""


class Shown(msgspec.Struct, frozen=True):
    """A number as printed; `exact` says `=`, otherwise `≈`."""

    text: str
    exact: bool


@lru_cache(maxsize=256)
def power_of_ten(power: int) -> Any:  # noqa: ANN401  flint.fmpz
    """A power of ten, also a negative one, as an exact fraction."""
    if power < 0:
        return flint.fmpq(1, flint.fmpz(10) ** -power)
    return flint.fmpq(flint.fmpz(10) ** power)


@lru_cache(maxsize=256)
def whole_power_of_ten(power: int) -> int:
    """The same as an integer, for powers from 0 on."""
    return int(10**power)


def round_to_integer(value: Value) -> int:
    """Rounded half away from zero; raises Undecided if the ball spans a border."""
    side = sign(value)
    whole = ((value if side >= 0 else -value) + HALF).floor()
    if not isinstance(value, flint.fmpq):
        whole = whole.unique_fmpz()
        if whole is None:
            raise Undecided
    return int(whole) if side >= 0 else -int(whole)


def round_significant(value: Value, digits: int, size: int | None = None) -> tuple[int, int]:
    """The `(n, e)` with value ≈ n x 10^e and n of exactly so many digits; value not 0.

    `size` is its magnitude where that is known already.
    """
    size = measure_magnitude(value) if size is None else size
    exponent = size - digits + 1
    if abs(size) > limits.PRINTED_SMALLNESS:
        raise NotDefined(
            f"the value is of the size 10^{size}; derive prints sizes down to "
            f"10^-{limits.PRINTED_SMALLNESS}"
        )
    n = round_to_integer(value * power_of_ten(-exponent))
    if abs(n) < whole_power_of_ten(digits - 1):
        exponent -= 1
        n = round_to_integer(value * power_of_ten(-exponent))
    elif abs(n) >= whole_power_of_ten(digits):
        exponent += 1
        n = round_to_integer(value * power_of_ten(-exponent))
    return n, exponent


def measure_magnitude(value: Value) -> int:
    """The decimal exponent of a non-zero value, or one off at a power of ten."""
    if sign(value) == 0:
        raise Undecided
    if isinstance(value, flint.arb):
        size = abs(float(value.mid()))
        if TINY < size < HUGE:
            return floor(log10(size))
    mantissa, power = flint.arb(value).mid().man_exp()
    return floor(log10(abs(int(mantissa))) + int(power) * LOG_OF_2)


def ends_within(value: Value, decimals: int) -> bool:
    """Whether an exact fraction is a decimal of at most so many places."""
    return isinstance(value, flint.fmpq) and (value * power_of_ten(decimals)).q == 1


def write_fixed(n: int, decimals: int) -> str:
    """`n / 10^decimals` with all places written."""
    digits = str(abs(n)).rjust(decimals + 1, "0")
    whole, places = digits[: len(digits) - decimals], digits[len(digits) - decimals :]
    return ("-" if n < 0 else "") + whole + ("." + places if decimals else "")


def write_short(value: Value, decimals: int) -> str:
    """An exact decimal without trailing zeros."""
    text = write_fixed(int((value * power_of_ten(decimals)).p), decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def show(value: Value, decimals: int) -> Shown:
    """A computed value as it prints with so many decimals.

    Short where it is exact and ends within them; all places otherwise; with an
    exponent and four digits where fewer than three would be seen.
    """
    _check_size(value)
    if ends_within(value, decimals):
        return Shown(write_short(value, decimals), exact=True)
    n = round_to_integer(value * power_of_ten(decimals))
    text = write_fixed(n, decimals)
    if abs(n) < 10 ** (FEWEST_DIGITS - 1):
        text = write_scientific(*round_significant(value, MANTISSA))
    return Shown(text, exact=isinstance(value, flint.fmpq) and exact(text) == value)


def compare(old: Shown, new: Shown) -> Change:
    """How a printed number has changed."""
    change = Decimal(new.text).compare(Decimal(old.text))
    if change:
        return "lower" if change < 0 else "higher"
    return "equal" if old.exact and new.exact else "unseen"


def _check_size(value: Value) -> None:
    if abs(value) < power_of_ten(limits.PRINTED_MAGNITUDE):
        return
    if abs(value) > power_of_ten(limits.PRINTED_MAGNITUDE - 1):
        raise NotDefined(
            f"the value is larger than 10^{limits.PRINTED_MAGNITUDE - 1}; rescale the exercise"
        )
    raise Undecided


def write_scientific(n: int, exponent: int) -> str:
    """`8.089e-4` from the digits 8089; plain where no exponent is needed."""
    digits = str(abs(n))
    power = exponent + len(digits) - 1
    mantissa = f"{digits[0]}.{digits[1:]}" if len(digits) > 1 else digits
    return ("-" if n < 0 else "") + mantissa + (f"e{power}" if power else "")


def write_texts(value: Value, decimals: int) -> tuple[Shown, str]:
    """How a value prints, and what a key holds of it.

    A ball is rounded once, to the digits of the key; they tell the printed ones
    too, unless they end in what could be a tie.
    """
    if isinstance(value, flint.fmpq):
        return show(value, decimals), write_for_key(value, count_key_digits(value, decimals))
    size = measure_magnitude(value)
    digits = max(KEY_DIGITS, decimals + 10, size + 1 + decimals)
    if size >= limits.PRINTED_MAGNITUDE - 1:
        return show(value, decimals), write_for_key(value, digits)
    n, exponent = round_significant(value, digits, size)
    text = write_digits(n, exponent, digits)
    short = drop_last(n, -exponent - decimals)
    if short is None or abs(short) < 10 ** (FEWEST_DIGITS - 1):
        return show(value, decimals), text
    return Shown(write_fixed(short, decimals), exact=False), text


def drop_last(n: int, count: int) -> int | None:
    """A rounded number rounded to so many digits less; None where that could be a tie."""
    unit = whole_power_of_ten(count)
    whole, rest = divmod(abs(n), unit)
    if 2 * rest == unit:
        return None
    whole = int(whole) + (2 * rest > unit)
    return whole if n >= 0 else -whole


def count_key_digits(value: Value, decimals: int) -> int:
    """Significant digits of a key's value: at least 30, and never fewer than are printed."""
    least = max(KEY_DIGITS, decimals + 10)
    return least if sign(value) == 0 else max(least, measure_magnitude(value) + 1 + decimals)


def write_for_key(value: Value, digits: int) -> str:
    """A value for a key: complete where it is a short decimal, else so many digits."""
    if ends_within(value, 2 * limits.NUMBER_DIGITS):
        return write_short(value, 2 * limits.NUMBER_DIGITS)
    n, exponent = round_significant(value, digits)
    return write_digits(n, exponent, digits)


def write_digits(n: int, exponent: int, digits: int) -> str:
    """`n x 10^exponent` with all its digits, plain unless it would be very long."""
    if PLAIN_FROM - digits <= exponent <= 0:
        return write_fixed(n, -exponent)
    return write_scientific(n, exponent)


def round_like(text: str, value: Value, decimals: int) -> str:
    """The value rounded to the same last place as a printed text."""
    mantissa, marker, exponent = text.partition("e")
    places = len(mantissa.partition(".")[2])
    if not marker:
        places = max(places, decimals)
    last = (int(exponent) if marker else 0) - places
    if not marker and ends_within(value, decimals):
        return write_short(value, decimals)
    n = round_to_integer(value * power_of_ten(-last))
    if not marker:
        return write_fixed(n, places)
    return write_scientific(n, last) if n else "0"
