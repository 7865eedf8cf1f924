"""How well a sheet's own numbers tell known mistakes apart.

For each known mistake the answer it leads to at every asked id, rounded to the
sheet's digits. Mistakes that agree in all of them cannot be told apart by any
answer to this sheet, however many are given.
"""

from __future__ import annotations

from itertools import pairwise

import flint
import msgspec

from derive import limits
from derive.checking.exercise import Exercise
from derive.checking.misconceptions import rank
from derive.checking.targets import Targets
from derive.numbers import Numbers, rounding
from derive.numbers.balls import Value

Answers = tuple["int | None", ...]
"""By asked id in units of its last printed digit; None where there is no value."""


class Closest(msgspec.Struct, frozen=True):
    """Two catalogue answers to one id that differ least; a mistake or `right`."""

    id: str
    answers: tuple[str, str]
    distance: str


class Diagnosability(msgspec.Struct, frozen=True):
    """What answers to a sheet can tell.

    `possible` are the mistakes that this exercise leaves room for, `unseen`
    those of them that change no printed digit, `alike` the groups that no
    answer can tell apart. `closest` is the smallest distance between two
    different catalogue answers to one id.
    """

    possible: tuple[str, ...]
    unseen: tuple[str, ...]
    alike: tuple[tuple[str, ...], ...]
    closest: Closest | None


def diagnosability(numbers: Numbers) -> Diagnosability | None:
    """Compare all known mistakes on all asked ids; None for an exercise beyond a page."""
    if not numbers.derivation.hold(limits.PAGE_STEPS):
        return None
    sheet = _Sheet(numbers)
    if len(sheet.targets.exercise.order) > limits.DIAGNOSED_ANSWERS:
        return None
    return sheet.compared()


class _Sheet:
    def __init__(self, numbers: Numbers) -> None:
        self.targets = Targets(Exercise(numbers))
        self.names = tuple(self.targets.exercise.order)
        self.right = tuple(self._units(name, self._true(name)) for name in self.names)

    def compared(self) -> Diagnosability:
        """Put mistakes with the same answers together."""
        wrong = self._wrong()
        groups: dict[Answers, set[str]] = {}
        for name, answers in wrong:
            groups.setdefault(answers, set()).add(name)
        unseen = groups.pop(self.right, set())
        alike = sorted(
            (_sorted(names) for names in groups.values() if len(names) > 1),
            key=lambda names: rank(names[0]),
        )
        shown = {name for names in groups.values() for name in names}
        return Diagnosability(
            possible=_sorted({name for name, _ in wrong}),
            unseen=_sorted(unseen - shown),
            alike=tuple(dict.fromkeys(alike)),
            closest=self._closest(groups),
        )

    def _wrong(self) -> list[tuple[str, Answers]]:
        """Each row of the catalogue that changes a formula of this exercise."""
        found = []
        for row, world in self.targets.worlds:
            values = [world.value(name) for name in self.names]
            if any(world.changed(name) for name in self.names):
                pairs = zip(self.names, values, strict=True)
                found.append((row.id, tuple(self._units(name, v) for name, v in pairs)))
        return found

    def _closest(self, groups: dict[Answers, set[str]]) -> Closest | None:
        told = [(self.right, "right"), *((a, _sorted(n)[0]) for a, n in groups.items())]
        best: tuple[Value, str, tuple[str, str]] | None = None
        for index, name in enumerate(self.names):
            here = sorted(
                (answers[index], place, who)
                for place, (answers, who) in enumerate(told)
                if answers[index] is not None
            )
            for (low, _, one), (high, _, other) in pairwise(here):
                apart = (high - low) * self.targets[name].unit
                if apart > 0 and (best is None or apart < best[0]):
                    best = apart, name, (one, other)
        if best is None:
            return None
        return Closest(best[1], best[2], rounding.key_text(best[0], rounding.MANTISSA))

    def _true(self, name: str) -> Value | None:
        return self.targets[name].value

    def _units(self, name: str, value: Value | None) -> int | None:
        if value is None:
            return None
        target = self.targets[name]
        return int((target.middle(value) / target.unit + flint.fmpq(1, 2)).floor())


def _sorted(names: set[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=rank))
