"""How the numbers of one sheet look: what of a printed number decides how a page is written.

A page may ask whether a number is negative or 0, how many digits it has, and whether it is
exact. That is its form. The digits themselves are only put in.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import itemgetter
from typing import Any

from derive.algebra.expressions import Expr, Name, Value, transform
from derive.numbers import NOTHING, Back, Numbers, Shown, balls
from derive.numbers.balls import BALLS, NotDefined, Undecided, precision
from derive.numbers.compiling import compile_formula
from derive.numbers.rounding import power_of_ten

DECIMAL = re.compile(r"(-?)(\d+\.\d+)(e-?\d+)?", re.ASCII)
"""Sign, mantissa and exponent of a number whose digits a page only places."""
ZEROS = str.maketrans("123456789", "000000000")
Form = str
"""A printed number with 0 for each of its digits, behind the sign that goes before it."""


class Working:
    """A line of printed numbers, and the id whose printed number it is set beside."""

    def __init__(self, formula: Expr, name: str) -> None:
        """Compile the line once."""
        self.formula = formula
        self.name = name
        plain = transform(formula, lambda e: Name(e.id) if isinstance(e, Value) else None)
        self.compute: Callable[[Any], Any] = compile_formula(plain, BALLS, itemgetter)


class _Memory(dict[Any, Any]):
    """What is made at the first look."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: Any) -> Any:  # noqa: ANN401
        made = self[key] = self._make(key)
        return made


class Faces:
    """The printed numbers of one exercise; `digits` are without sign and exponent.

    Keys are ids, and workings, whose number is the one that they lead to.
    """

    def __init__(self, numbers: Numbers) -> None:
        """Nothing is looked at yet."""
        self.numbers = numbers
        self.digits: dict[str | Working, str] = _Memory(self._read_digits)
        self.forms: dict[str | Working, Any] = _Memory(self._find_form)
        self._fractions: dict[str, Any] = _Memory(
            lambda name: balls.exact(numbers.shown(name).text)
        )
        self._unit = power_of_ten(numbers.decimals) * 2
        self._backs: dict[Working, Back] = {}

    def work_back(self, working: Working) -> Back:
        """What printed numbers give; see `Numbers.work_back`."""
        known = self._backs.get(working)
        if known is None:
            known = self._backs[working] = self._work_back(working)
        return known

    def _work_back(self, working: Working) -> Back:
        """At once where the number is near what is printed, else by forms and more bits."""
        numbers, name = self.numbers, working.name
        if "e" not in numbers.shown(name).text:
            printed = self._fractions[name]
            try:
                with precision(numbers.bits):
                    value = working.compute(self._fractions)
                    exact = balls.is_exact(value)
                    if exact and value == printed:
                        return SAME
                    off = abs(value - printed)
                    if off * self._unit < 1 and (exact or off > 0):
                        return NEAR
            except (NotDefined, Undecided):
                pass
        return numbers.work_back(working.formula, name)

    def _find_form(self, key: str | Working) -> object:
        if isinstance(key, Working):
            back = self.work_back(key)
            other = back.other
            return (NOTHING if other == NOTHING else other and to_form(other), back.same)
        shown = self.numbers.shown(key)
        return ("=" if shown.exact else "≈") + to_form(shown.text)

    def _read_digits(self, key: str | Working) -> str:
        if isinstance(key, Working):
            return cut_digits(self.work_back(key).other or "")
        return cut_digits(self.numbers.shown(key).text)

    def shown(self, name: str) -> Shown:
        """How an id prints."""
        return self.numbers.shown(name)


SAME, NEAR = Back(None, same=True), Back(None, same=False)


def is_placed(text: str) -> bool:
    """Whether a page only places the digits of a printed number: not of 0, 1, or 2."""
    return "." in text and DECIMAL.fullmatch(text) is not None and text.strip("-0.") != ""


def to_form(text: str) -> Form:
    """The form of a printed number; one that is not only placed is its own form."""
    if not is_placed(text):
        return f"{text}!"
    mantissa, marker, power = text.partition("e")
    return mantissa.translate(ZEROS) + marker + power


def cut_digits(text: str) -> str:
    """The mantissa of a printed number without its sign."""
    return text.lstrip("-").partition("e")[0]
