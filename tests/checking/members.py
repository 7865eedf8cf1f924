"""Members who write each step down with few digits, rounded or cut off, and go on with it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from random import Random

from float_networks import as_typed

GIVEN_DECIMALS = 3
"""Decimals of given numbers, which nobody rounds when they are copied."""


def keep_digits(count: int, *, cut: bool, significant: bool) -> Callable[[float], str]:
    """What is written of a number: so many significant digits, or decimals."""

    def keep(value: float) -> str:
        whole = as_typed(value)
        if whole == whole.quantize(Decimal(1).scaleb(-GIVEN_DECIMALS)):
            return f"{whole.normalize():f}" if whole else "0"
        places = count - 1 - whole.adjusted() if significant else count
        way = ROUND_DOWN if cut else ROUND_HALF_UP
        return f"{whole.quantize(Decimal(1).scaleb(-places), way):f}"

    return keep


def some_way(draw: Random) -> tuple[str, Callable[[float], str]]:
    """A way to write numbers, and what it is called."""
    cut, significant = draw.random() < 0.4, draw.random() < 0.6
    count = draw.randint(2 if significant and not cut else 3, 6)
    name = f"{'cut' if cut else 'rounded'} to {count} {'digits' if significant else 'decimals'}"
    return name, keep_digits(count, cut=cut, significant=significant)
