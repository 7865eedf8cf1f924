"""From what a number of a variant is drawn: listed numbers, or a grid."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, localcontext
from fractions import Fraction

import msgspec

from derive.algebra.literals import Typed
from derive.graph import Span

LARGEST_WHOLE = 9
"""Whole numbers vary up to this one, others up to a tenth of it."""
DIGITS = 200
"""Enough for a sum of two typed numbers."""


class Listed(msgspec.Struct, frozen=True):
    """Numbers one by one, as typed."""

    texts: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.texts)

    def text(self, index: int) -> str:
        """The number at a place, from 0."""
        return self.texts[index]

    def places_of(self, values: Iterable[Fraction]) -> set[int]:
        """Where some numbers stand, as far as they are among these."""
        wanted = set(values)
        return {i for i, text in enumerate(self.texts) if Fraction(text) in wanted}


class Grid(msgspec.Struct, frozen=True):
    """The numbers (first + i step) / 10^decimals for i from 0; without 0 if it is left out."""

    first: int
    step: int
    size: int
    decimals: int
    zero: bool = True

    @property
    def hole(self) -> int | None:
        """Where the 0 would stand that is left out."""
        at, rest = divmod(-self.first, self.step)
        return at if not self.zero and rest == 0 and 0 <= at < self.size else None

    @property
    def count(self) -> int:
        """How many there are."""
        return self.size - (self.hole is not None)

    def text(self, index: int) -> str:
        """The number at a place, from 0, with all its decimals."""
        if self.hole is not None and index >= self.hole:
            index += 1
        whole = self.first + index * self.step
        digits = str(abs(whole)).zfill(self.decimals + 1)
        cut = len(digits) - self.decimals
        sign = "-" if whole < 0 else ""
        return sign + digits[:cut] + (f".{digits[cut:]}" if self.decimals else "")

    def places_of(self, values: Iterable[Fraction]) -> set[int]:
        """Where some numbers stand, as far as they are among these."""
        places = set()
        for value in values:
            below = value.denominator
            above = value.numerator * 10**self.decimals - self.first * below
            place, rest = divmod(above, self.step * below)
            if not rest and 0 <= place < self.size and place != self.hole:
                places.add(place - (self.hole is not None and place > self.hole))
        return places


Choices = Listed | Grid


def count_decimals(text: str) -> int:
    """Digits behind the point of a number as typed."""
    exponent = Decimal(text).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def make_choices(given: Span | tuple[Typed, ...]) -> Choices:
    """What an author names; a grid has as many decimals as its first number or its step."""
    if not isinstance(given, Span):
        return Listed(tuple(map(str, given)))
    decimals = max(count_decimals(given.first), count_decimals(given.step))
    scale = 10**decimals
    first, step = (int(part.exact * scale) for part in (given.first, given.step))
    size = (given.last.exact * scale - first) // step + 1
    return Grid(first, step, int(size), decimals)


def choose_around(text: str, low: str | None = None, high: str | None = None) -> Choices | None:
    """The grid of a number that its author names no range for; None where it stays.

    It has the number's own decimals and lies between -0.9 and 0.9, of a whole number
    between -9 and 9; a positive number stays positive, 0 stays 0. `low` and `high` are
    bounds that it stays between.
    """
    with localcontext(prec=DIGITS):
        value, decimals = Decimal(text), count_decimals(text)
        end = LARGEST_WHOLE * 10 ** max(decimals - 1, 0)
        first, last = (1 if value > 0 else -end), end
        if low is not None:
            first = max(first, int(Decimal(low).scaleb(decimals)) + 1)
        if high is not None:
            last = min(last, -int(-Decimal(high).scaleb(decimals)) - 1)
    if value == 0 or last < first:
        return None
    return Grid(first, 1, last - first + 1, decimals, zero=False)
