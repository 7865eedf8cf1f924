"""By how much the answers of known mistakes differ, in units of the sheet's last decimal."""

from __future__ import annotations

import math
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
"""Stands for an answer that has no value: far from every number."""
ROUNDING = 2.0
"""Units by which rounding both answers may change their distance."""
FLOAT = 1e-9
"""Share of the largest answer by which floats may be off."""


class Table(msgspec.Struct, frozen=True):
    """The answers of each world to the asked ids.

    A distance is so many times as large in units of the last decimal as `unit` says; `margin`
    is how far it may be off.
    """

    answers: Mapping[World, Sequence[float]]
    unit: float = 1
    margin: float = 0

    def measure(self, pair: Pair) -> float:
        """The distance where two worlds differ most."""
        one, other = map(self.row, pair)
        return self.unit * max(abs(a - b) for a, b in zip(one, other, strict=True))

    def row(self, world: World) -> Sequence[float]:
        """The answers of a mistake; one that changes nothing here has the right ones."""
        return self.answers.get(world) or self.answers[TRUTH]

    def list_pairs(self) -> list[Pair]:
        """Every two worlds of different mistakes."""
        worlds = sorted(self.answers)
        return [(one, other) for one, other in combinations(worlds, 2) if one[1] != other[1]]


def tabulate(numbers: Numbers) -> Table | None:
    """Certified answers; None for an exercise with too many steps."""
    if not numbers.derivation.hold(limits.DIAGNOSED_STEPS):
        return None
    table = AnswerTable(numbers)
    scale = 10 ** (table.places - numbers.decimals)
    worlds = zip(table.rows, table.wrong, strict=True)
    rows = {TRUTH: table.right} | {(place, name): row for place, (name, row) in worlds}
    return Table({
        world: [FAR if units is None else units // scale for units in row]
        for world, row in rows.items()
    })  # fmt: skip


def estimate(estimates: Estimates, right: Right, decimals: int) -> Table:
    """The same by floats; raises Undecided or NotDefined where they cannot tell."""
    if not right.whole:
        raise Undecided
    unit = 10.0**decimals
    answers: dict[World, Sequence[float]] = {
        TRUTH: [right.values[name] for name in estimates.exercise.order]
    }
    answers |= estimates.compute_wrong(right.values)
    largest = max(max(*row, -min(row)) for row in answers.values())
    return Table(answers, unit, ROUNDING + FLOAT * unit * largest)


class Least(msgspec.Struct, frozen=True):
    """The two worlds that are nearest to each other, and how far apart they are."""

    pair: Pair
    distance: float


class Nearest:
    """Finds which of some pairs is nearest, in any number of tables.

    A pair is as far apart as it is at any id, so one id where it is far spares the others;
    which one that was in the table before is a good guess.
    """

    def __init__(self, pairs: Iterable[Pair]) -> None:
        """Nothing is known of the pairs."""
        self._pairs = tuple(pairs)
        self._worlds = tuple(dict.fromkeys(world for pair in self._pairs for world in pair))
        places = {world: at for at, world in enumerate(self._worlds)}
        self._guesses = [(places[one], places[other], 0) for one, other in self._pairs]

    def find(self, table: Table) -> Least | None:
        """The nearest pair; None where there are none."""
        rows = [table.row(world) for world in self._worlds]
        length = len(rows[0]) if rows else 0
        best, nearest = math.inf, -1
        for at, (one, other, place) in enumerate(self._guesses):
            left, right = rows[one], rows[other]
            if place < length:  # a perceptron's run may be short
                gap = left[place] - right[place]
                if gap >= best or -gap >= best:
                    continue
            gaps = [abs(a - b) for a, b in zip(left, right, strict=True)]
            distance = max(gaps)
            self._guesses[at] = one, other, gaps.index(distance)
            if distance < best:
                best, nearest = distance, at
        return None if nearest < 0 else Least(self._pairs[nearest], best * table.unit)
