"""By how much the answers of known mistakes differ, in units of the sheet's last decimal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import msgspec

from derive import limits
from derive.checking.diagnosability import RIGHT, AnswerTable
from derive.numbers import Numbers
from derive.numbers.compiling import Undecided
from derive.variants.estimates import Estimates, Right, World

TRUTH: World = (-1, RIGHT)
Pair = tuple[World, World]
FAR = 1e300
"""The distance between a number and none."""
ROUNDING = 2.0
"""Units by which rounding both answers may change their distance."""
FLOAT = 1e-9
"""Share of the largest answer by which floats may be off."""


class Table(msgspec.Struct, frozen=True):
    """The answers of each world to the asked ids, in units of the last decimal.

    `margin` is how far a distance may be off.
    """

    answers: Mapping[World, Sequence[float | None]]
    margin: float = 0

    def measure(self, pair: Pair) -> float:
        """The distance where two worlds differ most."""
        one, other = (self.answers.get(world) or self.answers[TRUTH] for world in pair)
        if one is other:
            return 0
        return max(map(_measure, one, other))

    def list_pairs(self) -> list[Pair]:
        """Every two worlds of different mistakes."""
        worlds = sorted(self.answers)
        return [(one, other) for one, other in combinations(worlds, 2) if one[1] != other[1]]


def _measure(one: float | None, other: float | None) -> float:
    if one is None or other is None:
        return 0 if one is other else FAR
    return abs(one - other)


def tabulate(numbers: Numbers) -> Table | None:
    """Certified answers; None for an exercise with too many steps."""
    if not numbers.derivation.hold(limits.DIAGNOSED_STEPS):
        return None
    table = AnswerTable(numbers)
    scale = 10 ** (table.places - numbers.decimals)
    worlds = zip(table.rows, table.wrong, strict=True)
    rows = {TRUTH: table.right} | {(place, name): row for place, (name, row) in worlds}
    return Table({
        world: [None if units is None else units // scale for units in row]
        for world, row in rows.items()
    })  # fmt: skip


def estimate(estimates: Estimates, right: Right, decimals: int) -> Table:
    """The same by floats; raises Undecided or NotDefined where they cannot tell."""
    if not right.whole:
        raise Undecided
    unit = 10.0**decimals
    names = tuple(estimates.exercise.order)
    answers = {TRUTH: [right.values[name] * unit for name in names]}
    for world, changed in estimates.compute_wrong(right.values).items():
        answers[world] = [changed[name] * unit for name in names]
    largest = max(max(map(abs, row)) for row in answers.values())
    return Table(answers, ROUNDING + FLOAT * largest)


class Least(msgspec.Struct, frozen=True):
    """The two worlds that are nearest to each other, and how far apart they are."""

    pair: Pair
    distance: float


def find_least(table: Table, pairs: Iterable[Pair]) -> Least | None:
    """Which of some pairs is nearest; None where there are none."""
    best: Least | None = None
    for pair in pairs:
        distance = table.measure(pair)
        if best is None or distance < best.distance:
            best = Least(pair, distance)
    return best
