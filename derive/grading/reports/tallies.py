"""Counts over members and over steps, without keeping any answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from math import sqrt

import msgspec

from derive.checking.marking import Marked
from derive.checking.verdicts import RIGHT, Result

NOTHING = 1e-9
"""Below it a sum of squares is 0 but for rounding."""
NAMED = 8
"""Mistakes, and steps to look at again, that are named behind a member."""
SHOWN = 200
"""Members who are named behind a mistake; the others are counted."""


class MemberLine(msgspec.Struct, frozen=True):
    """One member in a summary; `code` is that of the own sheet, where each has one.

    `carried` answers follow from an earlier slip and are right in themselves; `again` are
    steps to look at again: the first one that shows each mistake, and those that none explains.
    """

    student: str | None
    asked: int
    answered: int
    right: int
    first_error: str | None
    mistakes: tuple[str, ...]
    code: str = ""
    carried: int = 0
    again: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Who, as far as it is known."""
        return self.student or self.code


class Shared(msgspec.Struct, frozen=True):
    """A mistake that several members have made, and the first of these."""

    mistake: str
    count: int
    members: tuple[str, ...]


class StepLine(msgspec.Struct, frozen=True):
    """One asked id in a summary: of how many answers how many are right.

    `times` counts the members with the commonest mistake. `discrimination` is the
    correlation of having it right with the share that is right elsewhere, over all members
    who have answered it; None where one of both does not vary.
    """

    id: str
    answered: int
    right: int
    commonest: str | None
    times: int = 0
    discrimination: float | None = None

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
        self._made: Counter[str] = Counter()
        self._makers: dict[str, list[str]] = {}
        self._sums: dict[str, Sums] = {}
        self.missing: list[MemberLine] = []
        """Members of a class who have not handed in anything."""
        self.strays: list[tuple[str, str]] = []
        """Answers that are of no member, and why."""

    def count(self, marked: Marked, asked: Collection[str] | None = None) -> None:
        """Add one member; `asked` are the ids of the own sheet, if these are others."""
        asked = self._asked if asked is None else asked
        self.asked += marked.asked
        self.right += marked.right
        answered: set[str] = set()
        named: Counter[str] = Counter()
        for result in marked.results:
            if result.verdict == "blank":
                continue
            if result.id not in asked:
                self.faults += result.verdict not in RIGHT
            if result.id not in self._order:
                continue
            answered |= {result.id} if result.id in asked else set()
            self._answered[result.id] += 1
            self._right[result.id] += result.verdict in RIGHT
            named.update(result.judgement.misconceptions)
            self._mistakes.setdefault(result.id, Counter()).update(result.judgement.misconceptions)
        faults = list_faults(marked, self._order)
        made = explain(marked) or tuple(name for name, _ in named.most_common())
        self.members.append(
            MemberLine(
                marked.student,
                marked.asked,
                len(answered),
                marked.right,
                faults[0].id if faults else None,
                made[:NAMED],
                marked.code or "",
                sum(r.verdict == "carried" and r.id in asked for r in marked.results),
                list_again(faults, made)[:NAMED],
            )
        )
        self._relate(marked, asked, answered)
        for name in made:
            self._made[name] += 1
            makers = self._makers.setdefault(name, [])
            if len(makers) < SHOWN:
                makers.append(self.members[-1].name)

    def _relate(self, marked: Marked, asked: Collection[str], answered: Collection[str]) -> None:
        """Add each answered id of a member to its sums, beside what is right elsewhere."""
        if len(asked) < 2:  # noqa: PLR2004  there is nothing elsewhere
            return
        right = {r.id for r in marked.results if r.verdict in RIGHT and r.id in asked}
        for name in answered:
            hit = name in right
            elsewhere = (len(right) - hit) / (len(asked) - 1)
            self._sums.setdefault(name, Sums()).add(float(hit), elsewhere)

    def steps(self) -> Iterator[StepLine]:
        """Every id that somebody has answered, in the order of the key."""
        for name in sorted(self._answered, key=self._order.__getitem__):
            mistakes = self._mistakes[name].most_common(1)
            commonest, times = mistakes[0] if mistakes else (None, 0)
            sums = self._sums.get(name)
            related = sums.correlate() if sums else None
            counts = self._answered[name], self._right[name]
            yield StepLine(name, *counts, commonest, times, related)

    def shared(self) -> Iterator[Shared]:
        """The mistakes that several members have made, the commonest first."""
        for name, count in self._made.most_common():
            if count > 1:
                yield Shared(name, count, tuple(self._makers[name]))


class Sums:
    """What a correlation of two columns needs, without the columns."""

    __slots__ = ("count", "x", "xx", "xy", "y", "yy")

    def __init__(self) -> None:
        """Nothing has been added."""
        self.count = 0
        self.x = self.y = self.xx = self.yy = self.xy = 0.0

    def add(self, x: float, y: float) -> None:
        """One row."""
        self.count += 1
        self.x, self.y = self.x + x, self.y + y
        self.xx, self.yy, self.xy = self.xx + x * x, self.yy + y * y, self.xy + x * y

    def correlate(self) -> float | None:
        """Pearson's correlation; None where a column does not vary."""
        across = self.count * self.xx - self.x**2, self.count * self.yy - self.y**2
        if self.count < 2 or min(across) < NOTHING:  # noqa: PLR2004  one row tells nothing
            return None
        return (self.count * self.xy - self.x * self.y) / sqrt(across[0] * across[1])


def explain(marked: Marked) -> tuple[str, ...]:
    """The mistakes that explain all answers of a member together, as far as these are few."""
    sets = marked.joint.explanations if marked.joint else ()
    return tuple(dict.fromkeys(name for mistakes in sets for name in mistakes))


def list_faults(marked: Marked, order: dict[str, int]) -> list[Result]:
    """The answers of a member, in the order of the key, that are wrong of their own."""
    faults = (r for r in marked.results if r.verdict in ("wrong", "misconception"))
    return sorted(faults, key=lambda result: order.get(result.id, -1))


def list_again(faults: list[Result], made: Collection[str]) -> tuple[str, ...]:
    """Of wrong steps the first that shows each mistake, and those that no mistake explains."""
    shown: set[str] = set()
    again = []
    for result in faults:
        mistakes = set(result.judgement.misconceptions) & set(made)
        if not mistakes or mistakes - shown:
            again.append(result.id)
        shown |= mistakes
    return tuple(dict.fromkeys(again))
