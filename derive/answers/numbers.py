"""Decimals as people type them: exact value, unit of the last digit, digits written.

Groups of digits are set apart by a thin space, `_`, `'` or a comma; a comma is
a decimal comma where the number has no point and this comma alone.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Literal

import flint
import msgspec

from derive.algebra.expressions import Expr, Neg, Num
from derive.answers.errors import Unreadable
from derive.answers.patterns import Pattern
from derive.numbers.balls import Value

EXPONENT = 100
"""Largest exponent of ten, and of any power, without its sign."""


class Member(msgspec.Struct, frozen=True):
    """One member of an answer.

    `value` is exact for a number; exact or a ball for arithmetic; None for a
    formula. `unit` is the value of one in the last written place and `digits`
    how many significant digits were written, both of a number only.
    """

    kind: Literal["number", "arithmetic", "formula"]
    expr: Expr
    value: Value | None
    unit: Value | None
    digits: int


LAYERS = 4
"""So many parentheses around a number are looked through."""
CLOSING = {"(": ")", "{": "}", "[": "]"}
PLAIN = Pattern(r"\s*([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?\s*", re.ASCII)
TIMES = r"(?:\*|\\times(?![A-Za-z])|\\cdot(?![A-Za-z])|[xX])"
WHOLE = r"[+-]?\s*\d+"
MANTISSA = r"\.?\d(?:\d|[_'](?=\d)|[.,](?=\d))*\.?"
SPACED = Pattern(
    r"([+-]?\s*\d{1,3}(?: \d{3})*(?:[.,](?:\d{3} )*\d{1,3})?)"
    r"(\s*(?:[eE][+-]?\d+|\\?%|[x*\\].*)?)",
    re.ASCII,
)
"""Digits in groups of three with blanks between: `12 345.5`, `0.025 922 86`."""
POWER = rf"(?:\^|\*\*)\s*(?:\{{\s*({WHOLE})\s*\}}|\(\s*({WHOLE})\s*\)|([+-]?\d+))"
DECORATED = Pattern(
    rf"([+-]?)\s*(,?{MANTISSA})"
    r"(?:[eE]([+-]?\d+)|\s[eE]([+-]\d+)"
    rf"|\s*(?:\\[,;:! ]\s*)*{TIMES}?\s*(?:\\[,;:! ]\s*)*(?<![\d.])10\s*{POWER})?"
    r"\s*(\\?%)?",
    re.ASCII,
)
GROUPS = Pattern(r"[1-9]\d{0,2}(?:,\d{3})+", re.ASCII)
SEPARATED = Pattern(r"\d{1,3}(?:'\d{3})+(?:\.(?:\d{3}')*\d{1,3})?|\d+\.(?:\d{3}')+\d{1,3}")


def read_plain(match: re.Match[str], decimals: int) -> Member:
    """The number of a match of `PLAIN`."""
    sign, whole, fraction, exponent = match.groups()
    return read_number(sign, whole, fraction or "", exponent, decimals)


def read_decorated(text: str, decimals: int) -> Member | None:
    """A decimal with groups, a comma, a power of ten or a percent sign; None for any other."""
    text = _strip_parentheses(text)
    spaced = SPACED.fullmatch(text) if " " in text else None
    if spaced is not None:
        text = spaced.group(1).replace(" ", "") + spaced.group(2)
    match = DECORATED.fullmatch(text)
    if match is None:
        return None
    sign, mantissa, *exponents, percent = match.groups()
    parts = split_decimal(mantissa)
    if parts is None:
        raise Unreadable("two_numbers")
    exponent = next((text for text in exponents if text), None)
    return read_number(sign, *parts, exponent, decimals, percent=bool(percent))


def _strip_parentheses(text: str) -> str:
    """The text without parentheses around the whole."""
    if text.startswith("\\left"):
        text = text.replace("\\left", " ").replace("\\right", " ").strip()
    for _ in range(LAYERS):
        if text[-1:] != CLOSING.get(text[:1]):
            break
        text = text[1:-1].strip()
    return text


def split_decimal(mantissa: str, *, comma: bool = True) -> tuple[str, str] | None:
    """Digits before and after the point; None if the commas, points or groups fit no number."""
    if "'" in mantissa and not SEPARATED.fullmatch(mantissa):
        return None
    text = mantissa.replace("_", "").replace("'", "")
    if "," in text:
        commas = text.count(",")
        if "." not in text and commas == 1:
            text = text.replace(",", ".") if comma else text
        else:
            whole, point, fraction = text.partition(".")
            if not GROUPS.fullmatch(whole):
                return None
            text = whole.replace(",", "") + point + fraction
    whole, _, fraction = text.partition(".")
    if "." in fraction or "," in whole or "," in fraction:
        return None
    return whole, fraction


def read_exponent(text: str | None) -> int:
    """An exponent within the limit; raises Unreadable beyond it."""
    if not text:
        return 0
    bare = text.replace(" ", "")
    if len(bare.lstrip("+-0")) > len(str(EXPONENT)) or abs(int(bare)) > EXPONENT:
        raise Unreadable("exponent", limit=str(EXPONENT))
    return int(bare)


def read_number(  # noqa: PLR0913  the parts of one typed number
    sign: str,
    whole: str,
    fraction: str,
    exponent: str | None,
    decimals: int,
    *,
    percent: bool = False,
) -> Member:
    """A number from its parts; zeros beyond the sheet's decimals are padding.

    Behind an exponent every digit was written on purpose.
    """
    places = len(fraction)
    if exponent is None:
        shift = -2 if percent else 0
        if places - shift > decimals:
            least = max(0, decimals + shift)
            fraction = fraction[:least] + fraction[least:].rstrip("0")
            places = len(fraction)
    else:
        shift = read_exponent(exponent) - (2 if percent else 0)
    digits = whole + fraction
    count = int(digits)
    power = shift - places
    unit = _power_of_ten(power)
    tree: Expr = Num(_write_text(whole, fraction, shift))
    if sign == "-":
        count, tree = -count, Neg(tree)
    return Member("number", tree, unit * count, unit, len(digits.lstrip("0")))


def _write_text(whole: str, fraction: str, shift: int) -> str:
    mantissa = f"{whole or '0'}.{fraction}" if fraction else whole
    return f"{mantissa}e{shift}" if shift else mantissa


@lru_cache(maxsize=4 * EXPONENT)
def _power_of_ten(power: int) -> Any:  # noqa: ANN401  python-flint ships no types
    if power < 0:
        return flint.fmpq(1, flint.fmpz(10) ** -power)
    return flint.fmpq(flint.fmpz(10) ** power)
