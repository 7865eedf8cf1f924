"""Whether any weights are right on all samples, and if none are, a proof by adding.

Each sample asks for one inequality in the weights. By Farkas and Motzkin no
weights satisfy them all exactly when some of them, each multiplied by a number
that is not negative, add up to 0 < 0. These multipliers are found by the
simplex method over fractions; Bland's rule keeps it from going in circles.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm

import msgspec

from derive import limits
from derive.spec import Perceptron
from derive.spec.model import MISTAKE
from derive.spec.presenting import Weights, sources

ZERO, ONE = Fraction(0), Fraction(1)


class Condition(msgspec.Struct, frozen=True):
    """What one sample, counted from 1, asks of the weights.

    The sum of `factors` times weights is above 0 (`above`) or below; `strict`
    where it may not be 0.
    """

    sample: int
    factors: Weights
    above: bool
    strict: bool


class Certificate(msgspec.Struct, frozen=True):
    """Conditions with whole multipliers whose sums are the same and cannot both hold."""

    parts: tuple[tuple[int, Condition], ...]


def state_conditions(spec: Perceptron) -> tuple[Condition, ...]:
    """One condition for each sample."""
    asked = []
    for sample, (target,) in enumerate(spec.targets):
        above = target.exact == 1
        strict = spec.at_zero == MISTAKE or above != (spec.at_zero == 1)
        asked.append(Condition(sample + 1, sources(spec, sample), above, strict))
    return tuple(asked)


def find_contradiction(spec: Perceptron) -> Certificate | None:
    """The conditions that contradict each other; None where some weights satisfy all.

    To be asked for up to `limits.CERTIFIED_SAMPLES` samples.
    """
    assert len(spec.inputs) <= limits.CERTIFIED_SAMPLES
    asked = state_conditions(spec)
    width = len(asked[0].factors)
    columns = [
        [(f if c.above else -f) for f in c.factors] + [ONE if c.strict else ZERO] for c in asked
    ]
    shares = find_multipliers(columns, [ZERO] * width + [ONE])
    if shares is None:
        return None
    whole = lcm(*(share.denominator for share in shares))
    parts = zip((int(share * whole) for share in shares), asked, strict=True)
    return Certificate(tuple((times, condition) for times, condition in parts if times))


def find_multipliers(
    columns: list[list[Fraction]], wanted: list[Fraction]
) -> list[Fraction] | None:
    """Numbers, none negative, with which the columns add up to `wanted`; None if there are none.

    The first phase of the simplex method; `wanted` holds no negative number.
    """
    rows = [
        [
            *(column[i] for column in columns),
            *(ONE if i == j else ZERO for j in range(len(wanted))),
        ]
        for i in range(len(wanted))
    ]
    right = list(wanted)
    own = [len(columns) + i for i in range(len(wanted))]
    cost = [sum((row[j] for row in rows), ZERO) for j in range(len(columns))]
    left = sum(right, ZERO)
    while left:
        entering = next((j for j, gain in enumerate(cost) if gain > 0), None)
        if entering is None:
            return None
        ratios = [
            (right[i] / row[entering], own[i], i)
            for i, row in enumerate(rows)
            if row[entering] > 0
        ]
        _, _, place = min(ratios)
        _pivot(rows, right, place, entering)
        own[place] = entering
        gain = cost[entering]
        cost = [c - gain * v for c, v in zip(cost, rows[place], strict=False)]
        left -= gain * right[place]
    shares = [ZERO] * len(columns)
    for name, value in zip(own, right, strict=True):
        if name < len(columns):
            shares[name] = value
    return shares


def _pivot(rows: list[list[Fraction]], right: list[Fraction], place: int, entering: int) -> None:
    """Divide one row by its entry and clear the column in all others."""
    by = rows[place][entering]
    rows[place] = [v / by for v in rows[place]]
    right[place] /= by
    for i, row in enumerate(rows):
        factor = row[entering]
        if i != place and factor:
            rows[i] = [v - factor * p for v, p in zip(row, rows[place], strict=True)]
            right[i] -= factor * right[place]
