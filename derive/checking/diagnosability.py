"""How well a sheet's own numbers tell known mistakes apart.

For each known mistake the answer it leads to at every asked id, rounded to the
sheet's digits. Mistakes that agree in all of them cannot be told apart by any
answer to this sheet, however many are given.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import combinations, pairwise

import flint
import msgspec

from derive import limits
from derive.checking.exercise import Exercise
from derive.checking.misconceptions import rank
from derive.checking.targets import Targets
from derive.numbers import Numbers, rounding
from derive.numbers.balls import Value

Answers = tuple["int | None", ...]
"""By asked id as printed, in units of the sheet's finest digit; None where there is no value."""
RIGHT = "right"
HALF = flint.fmpq(1, 2)


class Distance(msgspec.Struct, frozen=True):
    """How far two catalogue answers to one id are apart; each of a mistake, or `right`."""

    id: str
    answers: tuple[str, str]
    distance: str


class Diagnosability(msgspec.Struct, frozen=True):
    """What answers to a sheet can tell.

    `possible` are the mistakes that this exercise leaves room for, `unseen`
    those of them that change no printed digit. `alike` are groups that no
    answer can tell apart, `alike_in_updates` those that the new parameters
    alone cannot. `smallest` is the smallest distance between two different
    answers to one id; `hardest` the two mistakes that are hardest to tell
    apart, at the id where they part most.
    """

    possible: tuple[str, ...]
    unseen: tuple[str, ...]
    alike: tuple[tuple[str, ...], ...]
    alike_in_updates: tuple[tuple[str, ...], ...]
    smallest: Distance | None
    hardest: Distance | None


def measure_diagnosability(numbers: Numbers) -> Diagnosability | None:
    """Compare all known mistakes on all asked ids; None for an exercise with too many."""
    if not numbers.derivation.hold(limits.DIAGNOSED_STEPS):
        return None
    return AnswerTable(numbers).compare()


class AnswerTable:
    """The answers to every asked id: the right ones, and those of each known mistake.

    They are counted in units of `places` decimals. `wrong` are the mistakes that change
    a formula here, each by its id; one id may stand there more than once. `rows` are their
    places in the catalogue.
    """

    def __init__(self, numbers: Numbers) -> None:
        """Compute all of them; raises SpecError for an exercise without digits."""
        self.targets = Targets(Exercise(numbers))
        exercise = self.targets.exercise
        self.names = tuple(exercise.order)
        self.steps = [numbers.step(name) for name in self.names]
        self.places = max(self.targets[name].places for name in self.names)
        self.updates = [i for i, step in enumerate(self.steps) if step.stage == "update"]
        self.right = tuple(
            self._count_units(name, self.targets[name].value) for name in self.names
        )
        judged = list(self._judge_catalogue())
        self.rows = tuple(place for place, _, _ in judged)
        self.wrong = [(name, answers) for _, name, answers in judged]

    def compare(self) -> Diagnosability:
        """All that the report says about the sheet."""
        everywhere = range(len(self.names))
        seen = {name for name, answers in self.wrong if answers != self.right}
        possible = {name for name, _ in self.wrong}
        return Diagnosability(
            possible=_rank(possible),
            unseen=_rank(possible - seen),
            alike=self._group_alike(everywhere),
            alike_in_updates=self._group_alike(self.updates) if self.updates else (),
            smallest=self._find_smallest(),
            hardest=self._find_hardest(),
        )

    def _judge_catalogue(self) -> Iterator[tuple[int, str, Answers]]:
        """The answers of each row of the catalogue that changes a formula of this exercise."""
        for place, (row, counterfactual) in enumerate(self.targets.counterfactuals):
            affected = self.targets.find_affected(row.rewrite)
            if affected:
                counterfactual.take_from_truth(name for name in self.names if name not in affected)
                pairs = zip(self.names, self.right, strict=True)
                yield (
                    place,
                    row.id,
                    tuple(
                        self._count_units(name, counterfactual.value(name))
                        if name in affected
                        else right
                        for name, right in pairs
                    ),
                )

    def _count_units(self, name: str, value: Value | None) -> int | None:
        if value is None:
            return None
        target = self.targets[name]
        whole = int((target.approximate(value) / target.unit + HALF).floor())
        return whole * int(10 ** (self.places - target.places))

    def _group_alike(self, places: Collection[int]) -> tuple[tuple[str, ...], ...]:
        """Groups with the same answers at some places, wrong ones."""
        groups: dict[Answers, set[str]] = {}
        for name, answers in self.wrong:
            groups.setdefault(tuple(answers[i] for i in places), set()).add(name)
        groups.pop(tuple(self.right[i] for i in places), None)
        alike = {_rank(names) for names in groups.values() if len(names) > 1}
        return tuple(sorted(alike, key=lambda names: [rank(name) for name in names]))

    def _find_smallest(self) -> Distance | None:
        """At one id, between any two different answers, the right one among them."""
        known = [*reversed(self.wrong), (RIGHT, self.right)]
        best: tuple[int, int, tuple[str, str]] | None = None
        for place in range(len(self.names)):
            units = {a[place]: who for who, a in known if a[place] is not None}
            here = sorted((number, who) for number, who in units.items() if number is not None)
            for (low, one), (high, other) in pairwise(here):
                if best is None or high - low < best[0]:
                    best = high - low, place, (one, other)
        return self._describe(best)

    def _find_hardest(self) -> Distance | None:
        """The two mistakes whose answers differ least where they differ most."""
        seen = [(who, answers) for who, answers in self.wrong if answers != self.right]
        best: tuple[int, int, tuple[str, str]] | None = None
        for (one, first), (other, second) in combinations(seen, 2):
            if one == other:
                continue
            distances = [
                -1 if a is None or b is None else abs(a - b)
                for a, b in zip(first, second, strict=True)
            ]
            apart = max(distances)
            if apart > 0 and (best is None or apart < best[0]):
                best = apart, distances.index(apart), (one, other)
        return self._describe(best)

    def _describe(self, pair: tuple[int, int, tuple[str, str]] | None) -> Distance | None:
        """A pair of answers as the report holds it: how many units apart, at which id, whose."""
        if pair is None:
            return None
        apart, place, answers = pair
        exact = apart * rounding.power_of_ten(-self.places)
        return Distance(
            self.names[place], answers, rounding.write_for_key(exact, rounding.MANTISSA)
        )


def _rank(names: set[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=rank))
