"""One member's whole sheet: the fewest known mistakes that explain all answers together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import msgspec

from derive.checking.counterfactuals import Counterfactual
from derive.checking.misconceptions import CATALOGUE, Misconception
from derive.checking.spread import HALF
from derive.checking.targets import SLACK, list_ids
from derive.checking.verdicts import FAULTY, Result
from derive.numbers.balls import Value

if TYPE_CHECKING:
    from derive.checking.earlier import EarlierAnswers
    from derive.checking.judging import Judge

FEWEST_FAULTS = 2
"""Wrong answers from which a common cause is looked for."""
CANDIDATES = 40
"""Rows of which pairs are tried."""


Explanation = tuple[tuple[Misconception, ...], Counterfactual]
"""Mistakes made together, and the exercise computed with them."""


class Joint(msgspec.Struct, frozen=True):
    """Sets of mistakes, each of which explains every readable answer of a member.

    All sets are equally small; several mean that the answers cannot tell them
    apart. `ask` is the quantity whose answer would tell most.
    """

    explanations: tuple[tuple[str, ...], ...]
    ask: str | None = None


def explain_jointly(
    judge: Judge, earlier: EarlierAnswers, results: Sequence[Result]
) -> Joint | None:
    """What explains a member's answers together; None where nothing is wrong or fits."""
    faulty = [r for r in results if r.verdict in (*FAULTY, "carried")]
    if len(faulty) < FEWEST_FAULTS:
        return None
    answers = {r.id: earlier.written[r.id] for r in results if r.id in earlier.written}
    sheet = _Sheet(judge, answers)
    fitting = list(sheet.try_single()) or list(sheet.try_pairs(faulty))
    if not fitting:
        return None
    sets = sorted({list_ids(rows) for rows, _ in fitting})
    return Joint(tuple(sets), sheet.choose_question([c for _, c in fitting], len(sets)))


class _Sheet:
    """The readable answers of one member, by id, and how far each may be off its cause."""

    def __init__(self, judge: Judge, answers: dict[str, Value]) -> None:
        self.judge = judge
        self.answers = answers
        self.slacks = {name: self._measure_slack(name, value) for name, value in answers.items()}

    def _measure_slack(self, name: str, value: Value) -> Value:
        """What a value may be off its cause: half of its last digit, and what rounding can do.

        Zeros at the end are not seen any more, so that a short number counts as
        written with few digits; what the key shows has all of its digits.
        """
        target = self.judge.targets[name]
        unit = target.unit
        while (
            value not in (0, target.shown) and (value / (unit * 10)).q == 1 and unit < abs(value)
        ):
            unit = unit * 10
        return unit * HALF + SLACK * target.unit + 2 * target.spread

    def _fits(self, counterfactual: Counterfactual, name: str) -> bool:
        """Whether a counterfactual gives the answer to an id."""
        value = counterfactual.value(name)
        if value is None:
            return False
        target = self.judge.targets[name]
        return bool(abs(target.approximate(value) - self.answers[name]) <= self.slacks[name])

    def _explains(self, counterfactual: Counterfactual) -> bool:
        return all(self._fits(counterfactual, name) for name in self.answers)

    def try_single(self) -> Iterator[Explanation]:
        """Each mistake that explains all answers alone."""
        for row, counterfactual in self.judge.targets.counterfactuals:
            if self._explains(counterfactual):
                yield (row,), counterfactual

    def try_pairs(self, faulty: Sequence[Result]) -> Iterator[Explanation]:
        """Two mistakes together; one of them must explain the first wrong answer alone."""
        judge = self.judge
        first = min(faulty, key=lambda r: judge.exercise.order[r.id]).id
        suspected = {m for r in faulty for m in r.judgement.misconceptions}
        rows = [row for row in CATALOGUE if row.id in suspected][:CANDIDATES]
        start = [row for row, c in judge.targets.counterfactuals if self._fits(c, first)]
        for one, two in combinations(rows, 2):
            if one.id == two.id or (one not in start and two not in start):
                continue
            both = (one.rewrite, two.rewrite)
            counterfactual = Counterfactual(judge.exercise, both, truth=judge.targets.truth)
            if self._explains(counterfactual):
                yield (one, two), counterfactual

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
