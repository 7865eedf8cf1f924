"""Every number that can be typed for an id, in stretches of one verdict.

A typed number is a count of units of its last digit. Each question that the
judge asks about it is whether it lies in some interval, so between the ends of
all of these intervals the verdict cannot change. The judge is asked about one
number of each stretch, and once where all its questions have the same answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

import flint
import msgspec

from derive.checking.claims import Claim
from derive.checking.earlier import EarlierAnswers
from derive.checking.judging import Judge
from derive.checking.pen import SHIFTS, swap_digits
from derive.checking.spread import HALF
from derive.checking.targets import FEWEST, SLACK
from derive.checking.verdicts import WRONG, Judgement
from derive.numbers import rounding
from derive.numbers.balls import Value

MARGIN = flint.fmpq(1, 1_000_000)
"""Units from a number within which only the judge can tell on which side an end lies."""
NOTHING = flint.fmpq(0)

Question = tuple[str | int, ...]
"""What the judge wants to know, named alike whatever the unit."""
Verdicts = tuple[Judgement, Judgement]
"""The verdict on a number, and that where no mistake of the catalogue explains it."""


class Stretch(msgspec.Struct, frozen=True):
    """Counts of units from `low` to `high`, both among them, and the verdict on each.

    `unexplained` is the verdict where other answers rule out every mistake of the
    catalogue that would explain the number.
    """

    low: int
    high: int
    judgement: Judgement
    unexplained: Judgement

    @property
    def verdicts(self) -> Verdicts:
        """Both verdicts."""
        return self.judgement, self.unexplained


class Interval(msgspec.Struct, frozen=True):
    """The numbers for which a question is answered yes: `centre` plus or minus `reach`.

    `sharp` says that the ends are exactly those with which the judge compares.
    """

    question: Question
    centre: Value
    reach: Value = NOTHING
    sharp: bool = True


class Lookup:
    """The verdicts on all numbers for one id, each judged without earlier answers."""

    def __init__(self, judge: Judge, name: str) -> None:
        """Ask the judge nothing yet."""
        self._judge = judge
        self._target = judge.targets[name]
        self._nobody = EarlierAnswers(judge.exercise, judge.plans)
        self._judgements: dict[tuple[frozenset[Question], bool, bool], Verdicts] = {}

    def list_stretches(self, power: int) -> list[Stretch]:
        """The stretches of counts of 10^power, in order.

        A count in none of them is wrong, and nothing explains it.
        """
        unit = rounding.power_of_ten(power)
        changes: defaultdict[int, set[Question]] = defaultdict(set)
        for question, low, high in self._count_ranges(power):
            changes[low] ^= {question}
            changes[high + 1] ^= {question}
        stretches: list[Stretch] = []
        holds: frozenset[Question] = frozenset()
        for low, beyond in pairwise(sorted(changes)):
            holds ^= changes[low]
            verdicts = self._judge_count(low, unit, holds)
            last = stretches[-1] if stretches else None
            if last is not None and last.high == low - 1 and last.verdicts == verdicts:
                stretches[-1] = Stretch(last.low, beyond - 1, *verdicts)
            elif verdicts[0] != WRONG:
                stretches.append(Stretch(low, beyond - 1, *verdicts))
        return stretches

    def _judge_count(self, count: int, unit: Value, holds: frozenset[Question]) -> Verdicts:
        """The verdicts on a count of units; one for all with the same answers to all questions."""
        known = (holds, bool(unit <= self._target.sheet_unit), count == 0)
        if known not in self._judgements:
            value = count * unit
            given = Claim(value, unit, len(str(abs(count))) if count else 0, value)
            judgement = self._judge.judge_number(self._target, given, self._nobody)
            known_mistake = judgement.verdict == "misconception"
            self._judgements[known] = (
                judgement,
                self._judge.judge_unexplained(self._target, given) if known_mistake else judgement,
            )
        return self._judgements[known]

    def _count_ranges(self, power: int) -> Iterator[tuple[Question, int, int]]:
        """Each question with the least and the greatest count for which it is answered yes.

        A count so close to an end that only the judge can tell the side is a
        question of its own, and one of this unit alone.
        """
        for digits in range(FEWEST):
            most = 10**digits - 1
            yield ("more digits than", digits), -most, most
        unit = rounding.power_of_ten(power)
        for interval in self._intervals(unit):
            low = (interval.centre - interval.reach) / unit
            high = (interval.centre + interval.reach) / unit
            margin = NOTHING if interval.sharp else MARGIN
            least, most = int((low + margin).ceil()), int((high - margin).floor())
            if least <= most:
                yield interval.question, least, most
            if not interval.sharp:
                for end in (int((low - margin).ceil()), int((high + margin).floor())):
                    if not least <= end <= most and low - margin <= end <= high + margin:
                        yield ("close to an end of", *interval.question, power, end), end, end

    def _intervals(self, unit: Value) -> Iterator[Interval]:
        """Everything the judge asks about a number with this unit."""
        target, half, sharp = self._target, unit * HALF, self._target.exact
        yield Interval(("near",), target.value, half, sharp)
        yield Interval(("from printed",), target.value, half + target.spread, sharp)
        yield Interval(("cut",), target.value - half * _sign(target.value), half, sharp=False)
        yield Interval(("shown",), target.shown)
        yield Interval(("true",), target.value)
        yield Interval(("sign",), -target.value, half, sharp)
        for power in SHIFTS:
            yield Interval(
                ("shift", power), target.value / rounding.power_of_ten(power), half, sharp
            )
        for value in swap_digits(target.shown, unit):
            yield Interval(("swap",), value)
        for index, mistaken in enumerate(target.mistaken):
            yield Interval(("mistake", index), mistaken.value, half + SLACK * target.unit)
            yield Interval(("exactly", index), mistaken.value)
        for index, (places, end) in enumerate(target.list_early_ends(unit)):
            yield Interval(("early", places, index), end)


def _sign(value: Value) -> int:
    return int(value > 0) - int(value < 0)
