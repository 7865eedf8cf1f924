"""A false sign explained, and slips of the pen that explain one."""

from __future__ import annotations

import msgspec

from derive.algebra.expressions import Expr
from derive.checking.pen import SHIFTS, swap_digits
from derive.numbers import rounding
from derive.numbers.balls import Undecided, Value
from derive.workings.parts import Part

TELLING = 3
"""Significant digits from which a number tells how it came about."""


class Slip(msgspec.Struct, frozen=True):
    """A false sign explained.

    `rule` is one of `edits.RULES`, empty where none explains it; `misconceptions` are the
    mistakes of the catalogue that lead there. `value` is what should stand behind the sign;
    `formula` is how the quantity is computed, where the chain is about one. `place` is the
    part of a line that is off, in `wrong` what stands there.
    """

    rule: str = ""
    misconceptions: tuple[str, ...] = ()
    value: Value | None = None
    formula: Expr | None = None
    place: Expr | None = None
    wrong: Expr | None = None
    digits: str = ""


def find_digits(slip: Slip, other: Part, value: Value | None) -> Slip | None:
    """A slip of the pen in a number: its sign, its point, one digit or two neighbours."""
    member = other.member
    if member is None or not other.is_number or value is None:
        return None
    near = _round(value, member.unit)
    if near is None or near == 0:
        return None
    typed: Value = member.value
    if near == -typed:
        return msgspec.structs.replace(slip, rule="sign")
    if member.digits < TELLING:
        return None
    for power in SHIFTS:
        moved = typed * rounding.power_of_ten(power)
        if abs(moved - value) <= member.unit * rounding.power_of_ten(power) / 2:
            return msgspec.structs.replace(slip, rule="arithmetic", digits="shift")
    if typed in swap_digits(near, member.unit):
        return msgspec.structs.replace(slip, rule="arithmetic", digits="swap")
    if member.digits > TELLING and _count_other_digits(near, typed, member.unit) == 1:
        return msgspec.structs.replace(slip, rule="arithmetic", digits="digit")
    return None


def _round(value: Value, unit: Value) -> Value | None:
    try:
        return rounding.round_to_integer(value / unit) * unit
    except (ArithmeticError, Undecided):
        return None


def _count_other_digits(one: Value, other: Value, unit: Value) -> int:
    """In how many places two numbers with the same last place differ, or how long they are."""
    left, right = (str(abs(rounding.round_to_integer(v / unit))) for v in (one, other))
    if len(left) != len(right) or (one > 0) != (other > 0):
        return len(left)
    return sum(a != b for a, b in zip(left, right, strict=True))
