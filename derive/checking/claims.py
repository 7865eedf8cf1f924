"""A number somebody gives, and how many of its digits it takes to judge it."""

from __future__ import annotations

import flint
import msgspec

from derive.answers import Member
from derive.checking.spread import HALF, ZERO
from derive.checking.targets import FEWEST, Target
from derive.numbers import rounding
from derive.numbers.balls import Value

FEWEST_FOR_ROUNDED = 2
"""Significant digits from which an answer can be right up to rounding."""


class Claim(msgspec.Struct, frozen=True):
    """A number somebody gives: its value, the unit of its last digit, its digits.

    `exact` is the value before an expression was rounded to the sheet's digits.
    `formula` says that it is what a formula in names comes to.
    """

    value: Value
    unit: Value
    digits: int
    exact: Value
    formula: bool = False

    @property
    def half(self) -> Value:
        """Half a unit of the last digit."""
        return self.unit * HALF

    def is_cut_of(self, low: Value, high: Value) -> bool:
        """Whether some value from `low` to `high` goes on behind the last digit written.

        Cut off towards 0: of the same sign, and nearer to 0 by less than a unit.
        """
        if self.value == 0:
            return False
        if self.value < 0:
            low, high = -high, -low
        size = abs(self.value)
        return bool(low < size + self.unit and high > size)


def read_claim(target: Target, answer: Member) -> Claim:
    """A written number as it stands; a computed one rounded to the digits of the sheet."""
    if answer.unit is not None:
        return Claim(answer.value, answer.unit, answer.digits, answer.value)
    return round_claim(target, answer.value)


def round_claim(target: Target, value: Value) -> Claim:
    """A computed number, rounded to the digits of the sheet."""
    near = target.round_to(value, target.places)
    digits = rounding.measure_magnitude(near) + target.places + 1 if near != 0 else 0
    return Claim(near, target.unit, digits, target.approximate(value))


def claim_all(target: Target, value: Value) -> Claim:
    """The value of a formula, which stands for itself alone."""
    near = target.approximate(value)
    return Claim(near, rounding.power_of_ten(-target.guard), FEWEST, near, formula=True)


def is_correct(target: Target, given: Claim) -> bool:
    """What the key shows; the whole of a short value; else half a unit, with enough digits."""
    if given.value == target.shown or (target.exact and given.exact == target.value):
        return True
    enough = given.digits >= min(FEWEST, target.digits)
    return enough and target.is_within(given.value, tolerate_correct(target, given.half))


def tolerate_correct(target: Target, half: Value) -> Value:
    """How far a right answer may be off: half a unit of its last digit; a short value nothing."""
    return ZERO if target.short else half


def tolerate_rounded(target: Target, half: Value) -> Value:
    """How far an answer may be off by its own last digit and the rounded numbers before it."""
    return half + target.spread


def has_enough_digits(target: Target, given: Claim) -> bool:
    """Two significant digits, or as many decimals as the sheet has."""
    if given.digits >= FEWEST_FOR_ROUNDED:
        return True
    return bool(given.digits and given.unit <= target.sheet_unit)


def is_rounded(target: Target, given: Claim) -> bool:
    """Whether only rounding is off: of the answer's own digits, or of the numbers before it."""
    return has_enough_digits(target, given) and target.is_within(
        given.value, tolerate_rounded(target, given.half)
    )


def is_blurred(target: Target, given: Claim) -> bool:
    """Whether zeros behind the point, as in 0.0000, are the value rounded to so few decimals."""
    if given.value or given.unit >= 1 or target.short:
        return False
    return target.is_within(given.value, given.half)


def is_cut(target: Target, given: Claim) -> bool:
    """Whether the true value was cut off behind the last digit written."""
    return has_enough_digits(target, given) and given.is_cut_of(target.value, target.value)


def may_be_named(value: Value, given: Claim, decimals: int, tolerance: Value) -> bool:
    """Whether an answer is what a mistake leads to, with enough digits to say so.

    With fewer than three digits only a short value counts, and only exactly.
    """
    if given.digits >= FEWEST:
        return bool(abs(given.value - value) <= tolerance)
    return bool(given.value == value) and rounding.ends_within(flint.fmpq(value), decimals)
