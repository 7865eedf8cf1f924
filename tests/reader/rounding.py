"""The rounding rule: half away from zero, short where exact, four digits where small."""

from __future__ import annotations

from decimal import Decimal, localcontext

from mpmath import mpf, nstr

from tape import DIGITS

TINY = mpf(10) ** (30 - DIGITS)


def decimal_of(value: mpf) -> Decimal:
    """Exact to nearly all digits that are computed."""
    return Decimal(nstr(mpf(value), DIGITS - 10, min_fixed=-1, max_fixed=1))


def number(text: str) -> mpf:
    return mpf(text)


def close(a: mpf, b: mpf) -> bool:
    return abs(a - b) <= TINY * max(1, abs(a), abs(b))


def round_half_up(value: mpf, decimals: int) -> Decimal:
    with localcontext() as context:
        context.prec = 2 * DIGITS
        exact = decimal_of(value)
        nudge = Decimal(1).scaleb(40 - DIGITS + max(0, exact.adjusted()))
        nudged = exact + (nudge if exact >= 0 else -nudge)
        return nudged.quantize(Decimal(1).scaleb(-decimals), rounding="ROUND_HALF_DOWN")


def is_exact(value: mpf, text: str) -> bool:
    return close(value, number(text))


def shown(value: mpf, decimals: int) -> str:
    """The text that a page must show, with E-notation for a small number."""
    if abs(value) < TINY:
        return "0"
    with localcontext() as context:
        context.prec = 2 * DIGITS
        rounded = round_half_up(value, decimals)
        if close(mpf(str(rounded)), value):
            return plain(rounded.normalize())
        if abs(rounded) < Decimal(1).scaleb(2 - decimals):
            return small(value)
        return f"{rounded:f}"


def small(value: mpf) -> str:
    with localcontext() as context:
        context.prec = 2 * DIGITS
        exact = decimal_of(value)
        digits = round_half_up(value, 3 - exact.adjusted())
        power = digits.adjusted()
        mantissa = digits.scaleb(-power).quantize(Decimal("1.000"))
        return f"{mantissa}e{power}" if power else f"{mantissa}"


def plain(value: Decimal) -> str:
    text = f"{value:f}"
    return "0" if text == "-0" else text


def same_number(a: str, b: str) -> bool:
    return Decimal(a) == Decimal(b)
