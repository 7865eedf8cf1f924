"""What earns marks: the checker's own intervals, at the one precision a course file can know."""

from __future__ import annotations

import flint
import msgspec

from derive.checking.claims import is_cut, round_claim, tolerate_correct, tolerate_rounded
from derive.checking.spread import HALF, count_places
from derive.checking.targets import Target
from derive.numbers import balls, rounding
from derive.numbers.balls import Value

WHOLE, HALF_MARKS = 100, 50
"""Percent of the marks of a correct answer, and of one that is rounded."""
FINER = 8
"""Decimals of an interval behind those of the sheet, so that its ends are sharp."""


class Accepted(msgspec.Struct, frozen=True):
    """A number, how far an answer may be off it, and the percent of the marks that this earns.

    Both are plain decimals, such as `0.02592286` and `0.000000005`.
    """

    value: str
    tolerance: str
    percent: int


def list_accepted(target: Target) -> tuple[Accepted, ...]:
    """What earns marks, in the order in which the checker asks: its first hit counts.

    The checker takes the unit of the last digit that a learner wrote. A course system
    sees a number without its digits, so every answer is taken for one with all decimals
    of the sheet (or with the digits of the key where that has more): of 0.0259, which
    `derive check` calls correct, it cannot tell that no more digits were meant.
    """
    half = target.unit * HALF
    whole, some = tolerate_correct(target, half), tolerate_rounded(target, half)
    accepted = [Accepted(write_plain(target.text), "0", WHOLE)]
    if whole:
        accepted.append(_interval(target, whole, WHOLE))
    if target.round_to(target.spread, target.places + FINER):
        accepted.append(_interval(target, some, HALF_MARKS))
    return (*accepted, *_list_cuts(target, some))


def _interval(target: Target, reach: Value, percent: int) -> Accepted:
    places = target.places + FINER
    middle = rounding.write_short(target.round_to(target.value, places), places)
    return Accepted(middle, rounding.write_short(target.round_to(reach, places), places), percent)


def _list_cuts(target: Target, reach: Value) -> list[Accepted]:
    """The value cut off behind its last digit, where that is not within reach anyway."""
    size = flint.fmpq((abs(target.value) / target.unit).floor()) * target.unit
    cut = size if target.value > 0 else -size
    if target.is_within(cut, reach) or not is_cut(target, round_claim(target, cut)):
        return []
    return [Accepted(rounding.write_short(cut, target.places), "0", HALF_MARKS)]


def write_plain(text: str) -> str:
    """A printed number without an exponent: all digits of `8.089e-5` as `0.00008089`."""
    if "e" not in text:
        return text
    places = max(count_places(text), 0)
    scaled = balls.exact(text) * rounding.power_of_ten(places)
    return rounding.write_fixed(int(scaled.p), places)
