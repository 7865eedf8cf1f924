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
        return max(map(_measure, *self.rows(pair)))

    def rows(self, pair: Pair) -> tuple[Sequence[float | None], Sequence[float | None]]:
        """The answers of both; a mistake that changes nothing here has the right ones."""
        right = self.answers[TRUTH]
        return self.answers.get(pair[0], right), self.answers.get(pair[1], right)

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


class Nearest:
    """Finds which of some pairs is nearest, in any number of tables.

    A pair is as far apart as it is at any id, so one id where it is far spares the others;
    which one that was in the table before is a good guess.
    """

    def __init__(self, pairs: Iterable[Pair]) -> None:
        """Nothing is known of the pairs."""
        self._guesses = dict.fromkeys(pairs, 0)

    def find(self, table: Table) -> Least | None:
        """The nearest pair; None where there are none."""
        best: Least | None = None
        for pair, place in self._guesses.items():
            rows = table.rows(pair)
            known = best is not None and place < len(rows[0])  # a perceptron's run may be short
            if known and best and _measure(rows[0][place], rows[1][place]) >= best.distance:
                continue
            distances = list(map(_measure, *rows))
            distance = max(distances)
            self._guesses[pair] = distances.index(distance)
            if best is None or distance < best.distance:
                best = Least(pair, distance)
        return best
