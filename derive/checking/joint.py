"""One member's whole sheet: the fewest known mistakes that explain all answers together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice, product
from typing import TYPE_CHECKING

import msgspec

from derive.checking.counterfactuals import Counterfactual, Plan, Rewrite
from derive.checking.misconceptions import Misconception
from derive.checking.own import RoundedWorld
from derive.checking.targets import LOOSEST, SLACK, UNITS, list_ids
from derive.checking.verdicts import FAULTY, Result
from derive.numbers import rounding

if TYPE_CHECKING:
    from derive.checking.earlier import EarlierAnswers
    from derive.checking.judging import Judge

FEWEST_FAULTS = 2
"""Wrong answers from which a common cause is looked for."""
NOTHING: frozenset[str] = frozenset()
MOST_PAIRS = 1000
"""Pairs of mistakes that are tried."""
MOST_LISTED = 3
"""Explanations that are listed; of more only the question is asked that tells most."""


Explanation = tuple[tuple[Misconception, ...], Counterfactual]
"""Mistakes made together, and the exercise computed with them."""


class Joint(msgspec.Struct, frozen=True):
    """Sets of mistakes, each of which explains every readable answer of a member.

    All sets are equally small; several mean that the answers cannot tell them
    apart, and none that there are more than a few. `ask` is the quantity whose
    answer would tell most.
    """

    explanations: tuple[tuple[str, ...], ...]
    ask: str | None = None


def explain_jointly(
    judge: Judge, earlier: EarlierAnswers, results: Sequence[Result]
) -> Joint | None:
    """What explains a member's answers together; None where nothing is wrong or fits."""
    faulty = [r for r in results if r.verdict in (*FAULTY, "carried") and r.id in earlier.answers]
    if len(faulty) < FEWEST_FAULTS:
        return None
    sheet = _Sheet(judge, earlier, [r.id for r in faulty])
    fitting = list(sheet.try_single()) or list(sheet.try_pairs(faulty))
    if not fitting:
        return None
    sets = sorted({list_ids(rows) for rows, _ in fitting})
    question = sheet.choose_question([c for _, c in fitting], len(sets))
    return Joint(tuple(sets) if len(sets) <= MOST_LISTED else (), question)


class _Sheet:
    """The readable answers of one member, by id, and the digits that the member keeps."""

    def __init__(self, judge: Judge, earlier: EarlierAnswers, faulty: Sequence[str]) -> None:
        self.judge = judge
        self.answers = earlier.answers
        self.faulty = faulty
        long = (a.claim.unit for n, a in self.answers.items() if not judge.targets[n].short)
        unit = max(long, default=rounding.power_of_ten(-judge.exercise.decimals))
        self._right = RoundedWorld(judge.exercise, judge.targets.truth, (), unit)
        self._changed: dict[Rewrite, Plan] = {}
        self._affected: dict[Rewrite, set[str]] = {}
        self._find_affected()

    def _find_affected(self) -> None:
        """What each mistake changes on the way to the answers, and all that comes of it."""
        exercise = self.judge.exercise
        needed = {n for name in self.answers for n in (name, *exercise.list_needed(name))}
        way = sorted(needed & exercise.order.keys(), key=exercise.order.__getitem__)
        for name in way:
            for rule, planned in self.judge.targets.list_changes(name).items():
                self._changed.setdefault(rule, {})[name] = planned
                self._affected.setdefault(rule, set()).add(name)
            step = exercise.step(name)
            uses = exercise.uses(step) if step is not None else ()
            for affected in self._affected.values():
                if not affected.isdisjoint(uses):
                    affected.add(name)
        self._right.compute(way)

    def _affects(self, row: Misconception, ids: Collection[str]) -> bool:
        """Whether a mistake changes what comes of at least one of some ids."""
        return not self._affected.get(row.rewrite, NOTHING).isdisjoint(ids)

    def _list_affecting(self, ids: Collection[str]) -> list[Misconception]:
        return [row for row, _ in self.judge.targets.counterfactuals if self._affects(row, ids)]

    def _carry(self, *rules: Rewrite) -> RoundedWorld:
        """The exercise with mistakes, computed with as few digits as the member writes."""
        changed: Plan = {}
        for rule in rules:
            changed |= self._changed[rule]
        affected = set().union(*(self._affected[rule] for rule in rules))
        return self._right.branch(rules, changed, self._find_shared(*rules), affected)

    def _find_shared(self, *rules: Rewrite) -> set[str]:
        """The steps that several mistakes change: there their order counts."""
        first, *others = (self._changed[rule].keys() for rule in rules)
        return set(first).intersection(*others) if others else set()

    def _fits(self, world: RoundedWorld, name: str) -> bool:
        """Whether an exercise with mistakes gives the answer to an id.

        A wrong answer also has to be one that the mistakes change.
        """
        value = world.value(name)
        if value is None:
            return False
        target, claim = self.judge.targets[name], self.answers[name].claim
        middle, reach = target.enclose(value)
        reach = min(reach, max(abs(middle) * LOOSEST, UNITS * target.sheet_unit))
        if name in self.faulty and abs(middle - target.value) <= 2 * target.unit:
            return False
        tolerance = claim.half + SLACK * target.unit + reach
        return bool(abs(middle - claim.value) <= tolerance) or claim.is_cut_of(
            middle - reach, middle + reach
        )

    def _explains(self, world: RoundedWorld) -> bool:
        names = (*self.faulty, *(name for name in self.answers if name not in self.faulty))
        return all(self._fits(world, name) for name in names)

    def _make(self, *rules: Rewrite) -> Counterfactual:
        """The exercise with mistakes and all digits."""
        return Counterfactual(self.judge.exercise, rules, truth=self.judge.targets.truth)

    def try_single(self) -> Iterator[Explanation]:
        """Each mistake that explains all answers alone."""
        for row in self._list_affecting(self.faulty):
            if self._explains(self._carry(row.rewrite)):
                yield (row,), self._make(row.rewrite)

    def try_pairs(self, faulty: Sequence[Result]) -> Iterator[Explanation]:
        """Two mistakes together.

        Where a mistake explains the first wrong answer, it and any other one; else two
        that only together do.
        """
        first = min(faulty, key=lambda r: self.judge.exercise.order[r.id]).id
        at_first = self._list_affecting([first])
        start = [row for row in at_first if self._fits(self._carry(row.rewrite), first)]
        others = self._list_affecting(self.answers) if start else at_first
        for one, two in islice(self._pair(start or at_first, others), MOST_PAIRS):
            ways = [(one.rewrite, two.rewrite), (two.rewrite, one.rewrite)]
            for both in ways if self._find_shared(*ways[0]) else ways[:1]:
                world = self._carry(*both)
                if self._fits(world, first) and self._explains(world):
                    yield (one, two), self._make(*both)
                    break

    def _pair(
        self, some: Sequence[Misconception], others: Sequence[Misconception]
    ) -> Iterator[tuple[Misconception, Misconception]]:
        """Pairs of different mistakes, each once, that change every wrong answer between them."""
        tried: set[frozenset[Rewrite]] = set()
        for one, two in product(some, others):
            both = frozenset((one.rewrite, two.rewrite))
            changed = self._affected[one.rewrite] | self._affected[two.rewrite]
            if one.id != two.id and both not in tried and changed.issuperset(self.faulty):
                tried.add(both)
                yield one, two

    def choose_question(
        self, counterfactuals: Sequence[Counterfactual], explanations: int
    ) -> str | None:
        """The unanswered id whose answer would tell most of the explanations apart, or None."""
        best, most = None, 1
        for name in self.judge.exercise.order if explanations > 1 else ():
            if name in self.answers:
                continue
            target = self.judge.targets[name]
            values = {
                None if value is None else int(target.approximate(value) / target.unit)
                for value in (counterfactual.value(name) for counterfactual in counterfactuals)
            }
            if len(values) > most:
                best, most = name, len(values)
        return best
