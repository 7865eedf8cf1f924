"""A slip of the pen that explains a wrong number: its sign, its point, two digits exchanged."""

from __future__ import annotations

from collections.abc import Iterator

from derive.checking.claims import Claim, has_enough_digits, is_blurred
from derive.checking.targets import FEWEST, Target
from derive.checking.verdicts import WRONG, Judgement, Remark
from derive.numbers import rounding
from derive.numbers.balls import Value

SHIFTS = (-3, -2, -1, 1, 2, 3)
"""Places by which a decimal point may have moved."""


def judge_wrong(target: Target, given: Claim) -> Judgement:
    """The verdict `wrong`, with the slip of the pen that explains it, if one does."""
    if is_blurred(target, given):
        return Judgement("wrong", remarks=(Remark("too_few"),))
    if given.value and not target.short and not has_enough_digits(target, given):
        cut = given.is_cut_of(target.value, target.value)
        if cut or target.is_within(given.value, given.half + target.spread):
            return Judgement("wrong", remarks=(Remark("too_few"),))
    if given.digits < FEWEST or target.value == 0:
        return WRONG
    return Judgement("wrong", remarks=tuple(_list_slips(target, given)))


def _list_slips(target: Target, given: Claim) -> Iterator[Remark]:
    if target.is_within(-given.value, given.half):
        yield Remark("sign")
    for power in SHIFTS:
        scale = rounding.power_of_ten(power)
        if target.is_within(given.value * scale, given.half * scale):
            yield Remark("shift", {"places": str(abs(power))})
    if is_swapped(target.shown, given):
        yield Remark("swap")


def is_swapped(shown: Value, given: Claim) -> bool:
    """Whether two neighbouring digits of the key's number were exchanged: 0.54 for 0.45."""
    return given.value in swap_digits(shown, given.unit)


def swap_digits(shown: Value, unit: Value) -> list[Value]:
    """The key's number with two neighbouring digits exchanged, for each such pair.

    Nobody writes the zero that may come to stand first, but one may have been in front.
    """
    wanted = rounding.round_to_integer(shown / unit)
    digits = f"0{abs(wanted)}"
    swaps = (
        digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
        for i in range(len(digits) - 1)
        if digits[i] != digits[i + 1]
    )
    sign = -1 if wanted < 0 else 1
    return [sign * int(text) * unit for text in swaps if not text.startswith("00")]
