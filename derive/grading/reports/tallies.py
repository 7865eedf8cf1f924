"""Counts over members and over steps, without keeping any answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

import msgspec

from derive.checking.marking import Marked
from derive.checking.verdicts import RIGHT


class MemberLine(msgspec.Struct, frozen=True):
    """One member in a summary."""

    student: str | None
    asked: int
    answered: int
    right: int
    first_error: str | None
    mistakes: tuple[str, ...]


class StepLine(msgspec.Struct, frozen=True):
    """One asked id in a summary: of how many answers how many are right."""

    id: str
    answered: int
    right: int
    commonest: str | None

    @property
    def share(self) -> str:
        """How many of a hundred are right; 0 and 100 only where none or all of them are."""
        thousandth = (2000 * self.right + self.answered) // (2 * self.answered)
        if 1000 * self.right != thousandth * self.answered:
            thousandth = min(max(thousandth, 1), 999)
        whole, tenth = divmod(thousandth, 10)
        return f"{whole}.{tenth} %" if tenth or 1000 * self.right % self.answered else f"{whole} %"


class Tally:
    """Sums up members one after the other."""

    def __init__(self, order: dict[str, int], asked: Collection[str]) -> None:
        """Nobody has been counted; `asked` are the ids of the sheet's blanks."""
        self._order = order
        self._asked = asked
        self.members: list[MemberLine] = []
        self.asked = 0
        self.right = 0
        self.faults = 0
        """Answers to what the sheet does not ask that are not right."""
        self._answered: Counter[str] = Counter()
        self._right: Counter[str] = Counter()
        self._mistakes: dict[str, Counter[str]] = {}

    def count(self, marked: Marked) -> None:
        """Add one member."""
        self.asked += marked.asked
        self.right += marked.right
        answered = 0
        named: Counter[str] = Counter()
        for result in marked.results:
            if result.verdict == "blank":
                continue
            if result.id not in self._asked:
                self.faults += result.verdict not in RIGHT
            if result.id not in self._order:
                continue
            answered += result.id in self._asked
            self._answered[result.id] += 1
            self._right[result.id] += result.verdict in RIGHT
            named.update(result.judgement.misconceptions)
            self._mistakes.setdefault(result.id, Counter()).update(result.judgement.misconceptions)
        self.members.append(
            MemberLine(
                marked.student,
                marked.asked,
                answered,
                marked.right,
                first_fault(marked, self._order),
                tuple(name for name, _ in named.most_common(3)),
            )
        )

    def steps(self) -> Iterator[StepLine]:
        """Every id that somebody has answered, in the order of the key."""
        for name in sorted(self._answered, key=self._order.__getitem__):
            mistakes = self._mistakes[name].most_common(1)
            commonest = mistakes[0][0] if mistakes else None
            yield StepLine(name, self._answered[name], self._right[name], commonest)


def first_fault(marked: Marked, order: dict[str, int]) -> str | None:
    """The first step of a member, in the order of the key, that is wrong of its own."""
    faults = [r.id for r in marked.results if r.verdict in ("wrong", "misconception")]
    return min(faults, key=lambda name: order.get(name, -1), default=None)
