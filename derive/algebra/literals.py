"""Typed numbers: decimals as text, never a binary float."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from derive import limits

DECIMAL = re.compile(r"[+-]?(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d{1,9})?", re.ASCII)
SMALLEST, LARGEST = Decimal(f"1e-{limits.NUMBER_DIGITS}"), Decimal(f"1e{limits.NUMBER_DIGITS}")
RANGE = f"1e-{limits.NUMBER_DIGITS} to 1e{limits.NUMBER_DIGITS}"


class Typed(str):
    """A decimal as typed: `0.50` prints as `0.50` and computes as 1/2."""

    __slots__ = ()

    @property
    def exact(self) -> Fraction:
        """The exact value."""
        return Fraction(self)


def problem_with(text: str) -> str | None:
    """Why a literal is no number of ours, or None if it is one."""
    if not DECIMAL.fullmatch(text):
        return "not a finite decimal number; write for example 0.45"
    mantissa = re.split("[eE]", text)[0]
    digits = sum(c.isdigit() for c in mantissa)
    if digits > limits.NUMBER_DIGITS:
        return f"a number of {digits} digits; at most {limits.NUMBER_DIGITS}"
    value = Decimal(text.replace("_", ""))
    if value and not SMALLEST <= value.copy_abs() <= LARGEST:
        return f"outside {RANGE}; rescale the exercise"
    return None


def normalise(text: str) -> str:
    """The literal as it prints: no underscores, no plus, no sign before zero."""
    plain = text.replace("_", "").lower().lstrip("+").replace("e+", "e")
    sign, plain = ("-", plain[1:]) if plain.startswith("-") else ("", plain)
    mantissa, _, exponent = plain.partition("e")
    mantissa = "0" + mantissa if mantissa.startswith(".") else mantissa
    mantissa = mantissa + "0" if mantissa.endswith(".") else mantissa
    if not mantissa.strip("0."):
        return mantissa
    return sign + mantissa + ("e" + exponent if exponent else "")
