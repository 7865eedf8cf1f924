"""What earns marks: the checker's own rules, at the one precision that a course file can know."""

from __future__ import annotations

import flint
import msgspec

from derive.checking.claims import is_cut, round_claim, tolerate_correct, tolerate_rounded
from derive.checking.spread import HALF, count_places
from derive.checking.targets import Target
from derive.numbers import balls, rounding
from derive.numbers.balls import Value

WHOLE, HALF_MARKS = 100, 50
"""Percent of the marks of a correct answer, and of a rounded one."""


class Accepted(msgspec.Struct, frozen=True):
    """A number, how far an answer may be off it, and the percent of the marks that this earns.

    Both are plain decimals, such as `0.02592286` and `0.000000005`.
    """

    value: str
    tolerance: str
    percent: int

    def find_ends(self) -> tuple[str, str]:
        """The smallest and the largest number that is accepted."""
        places = max(count_places(self.value), count_places(self.tolerance))
        value, reach = balls.exact(self.value), balls.exact(self.tolerance)
        return (
            rounding.write_short(value - reach, places),
            rounding.write_short(value + reach, places),
        )


class Span(msgspec.Struct, frozen=True):
    """The numbers from `low` to `high`, counted in units of the last digit."""

    low: int
    high: int

    def stretch(self, number: int) -> Span:
        """The same with one number more."""
        return Span(min(self.low, number), max(self.high, number))


def list_accepted(target: Target) -> tuple[Accepted, ...]:
    """What earns marks, in the order in which it is to be asked: the first hit counts.

    The checker takes the unit of the last digit that a learner wrote. A course system
    sees a number without its digits; so the unit here is that of an answer with all
    decimals of the sheet (with all digits of the key, where it has more), and any other
    answer counts as what it rounds to with so many. A short value is itself alone. Of
    0.0259, which `derive check` calls correct, no course system can tell that it is meant
    with four decimals: it is wrong there.
    """
    half = target.unit * HALF
    shown = _count_units(target, target.shown)
    whole = _find_span(target, tolerate_correct(target, half)).stretch(shown)
    some = _find_span(target, tolerate_rounded(target, half)).stretch(shown)
    some = _keep_sign(target, whole, some)
    cut = _count_units(target, target.value)
    if is_cut(target, round_claim(target, cut * target.unit)):
        some = some.stretch(cut)
    accepted = [_accept(target, whole, WHOLE)]
    return (*accepted, *([] if some == whole else [_accept(target, some, HALF_MARKS)]))


def _keep_sign(target: Target, whole: Span, some: Span) -> Span:
    """The numbers that earn half of the marks without 0, and without those beyond it.

    A system does not see how many digits were written, and `0` has none of a small value.
    """
    if target.value > 0:
        return Span(max(some.low, min(whole.low, 1)), some.high)
    if target.value < 0:
        return Span(some.low, min(some.high, max(whole.high, -1)))
    return some


def _find_span(target: Target, reach: Value) -> Span:
    """The numbers with all digits that are at most so far from the true value."""
    low, high = (target.value - reach) / target.unit, (target.value + reach) / target.unit
    return Span(int(low.ceil()), int(high.floor()))


def _count_units(target: Target, value: Value) -> int:
    """A value in whole units, cut off towards 0."""
    size = int((abs(value) / target.unit).floor())
    return size if value > 0 else -size


def _accept(target: Target, span: Span, percent: int) -> Accepted:
    """The middle of some numbers, and the reach of all that round to one of them."""
    exactly = target.short and span.low == span.high
    reach = flint.fmpq(span.high - span.low + (0 if exactly else 1)) * target.unit * HALF
    if span.low == span.high:
        middle = write_plain(target.text)
    else:
        middle = _write(flint.fmpq(span.low + span.high) * target.unit * HALF, target.places)
    return Accepted(middle, _write(reach, target.places), percent)


def _write(value: Value, places: int) -> str:
    """A whole number of half units."""
    return rounding.write_short(value, places + 1)


def write_plain(text: str) -> str:
    """A printed number without an exponent: all digits of `8.089e-5` as `0.00008089`."""
    if "e" not in text:
        return text
    places = max(count_places(text), 0)
    scaled = balls.exact(text) * rounding.power_of_ten(places)
    return rounding.write_fixed(int(scaled.p), places)
