"""Numbers that learners type for an id: right, nearly right, known mistakes, slips, anything."""

from random import Random

import flint

from derive.numbers import rounding
from derive.numbers.rounding import power_of_ten


def text_of(count, power):
    """A count of 10^power as somebody types it: decimals, or an exponent above the point."""
    sign, digits = ("-" if count < 0 else ""), str(abs(count))
    if power > 0:
        return f"{sign}{digits}e{power}"
    if power == 0:
        return sign + digits
    digits = digits.rjust(1 - power, "0")
    return f"{sign}{digits[:power]}.{digits[power:]}"


def telling_values(target):
    """The values around which verdicts change: the truth, mistakes, slips of the pen."""
    yield target.value
    yield target.shown
    yield -target.value
    yield from (target.value * power_of_ten(power) for power in (-3, -2, -1, 1, 2, 3))
    yield from (mistaken.value for mistaken in target.mistaken)
    yield from (end for _, end in target.list_early_ends(power_of_ten(-6)))


def typed_numbers(target, draw, powers, shifts=(-1, 0, 1)):
    """Counts and powers: around every telling value, and anything of its size."""
    for power in powers:
        unit = power_of_ten(power)
        for value in telling_values(target):
            near = int((value / unit).floor())
            yield from ((near + shift, power) for shift in shifts)
        size = max(10, abs(int((4 * target.value / unit).floor())))
        yield from ((draw.randint(-size, size), power) for _ in range(4))
    yield 0, 0
    yield from ((int(digit), power) for digit in "19" for power in powers)


def from_seed(*seeds):
    """Reproducible choices."""
    return Random(" ".join(map(str, seeds)))  # noqa: S311  no secret


def rounded_text(value, places):
    """A value rounded to so many decimals."""
    return text_of(rounding.round_to_integer(flint.fmpq(value) * power_of_ten(places)), -places)
