"""One member's whole sheet: the fewest known mistakes that explain all answers together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import msgspec

from derive.checking.misconceptions import CATALOGUE, Misconception
from derive.checking.spread import HALF
from derive.checking.targets import SLACK, named
from derive.checking.verdicts import FAULTY, Result
from derive.checking.worlds import World
from derive.numbers.balls import Value

if TYPE_CHECKING:
    from derive.checking.judging import Judge
    from derive.checking.sitting import Sitting

FEWEST_FAULTS = 2
"""Wrong answers from which a common cause is looked for."""
CANDIDATES = 40
"""Rows of which pairs are tried."""


class Joint(msgspec.Struct, frozen=True):
    """Sets of mistakes, each of which explains every readable answer of a member.

    All sets are equally small; several mean that the answers cannot tell them
    apart. `ask` is the quantity whose answer would tell most.
    """

    explanations: tuple[tuple[str, ...], ...]
    ask: str | None = None


def jointly(judge: Judge, sitting: Sitting, results: Sequence[Result]) -> Joint | None:
    """What explains a member's answers together; None where nothing is wrong or fits."""
    faulty = [r for r in results if r.verdict in (*FAULTY, "carried")]
    if len(faulty) < FEWEST_FAULTS:
        return None
    answers = {r.id: sitting.written[r.id] for r in results if r.id in sitting.written}
    halves = {name: half_unit(judge, name, value) for name, value in answers.items()}
    fitting = list(_singles(judge, answers, halves)) or list(
        _pairs(judge, answers, halves, faulty)
    )
    if not fitting:
        return None
    sets = sorted({named(rows) for rows, _ in fitting})
    worlds = [world for _, world in fitting] if len(sets) > 1 else []
    return Joint(tuple(sets), telling(judge, worlds, answers))


def half_unit(judge: Judge, name: str, value: Value) -> Value:
    """What a value may be off its cause: half of its last digit, and what rounding can do.

    Zeros at the end are not seen any more, so that a short number counts as
    written with few digits; what the key shows has all of its digits.
    """
    target = judge.targets[name]
    unit = target.unit
    while value not in (0, target.shown) and (value / (unit * 10)).q == 1 and unit < abs(value):
        unit = unit * 10
    return unit * HALF + SLACK * target.unit + 2 * target.spread


def explains(
    judge: Judge, world: World, answers: dict[str, Value], halves: dict[str, Value]
) -> bool:
    """Whether every answer is what a world gives."""
    for name, answer in answers.items():
        value = world.value(name)
        if value is None:
            return False
        if abs(judge.targets[name].middle(value) - answer) > halves[name]:
            return False
    return True


def _singles(
    judge: Judge, answers: dict[str, Value], halves: dict[str, Value]
) -> Iterator[tuple[tuple[Misconception, ...], World]]:
    for row, world in judge.targets.worlds:
        if explains(judge, world, answers, halves):
            yield (row,), world


def _pairs(
    judge: Judge, answers: dict[str, Value], halves: dict[str, Value], faulty: Sequence[Result]
) -> Iterator[tuple[tuple[Misconception, ...], World]]:
    """Two mistakes together; one of them must explain the first wrong answer alone."""
    order = judge.exercise.order
    first = min(faulty, key=lambda r: order[r.id]).id
    suspected = {m for r in faulty for m in r.judgement.misconceptions}
    rows = [row for row in CATALOGUE if row.id in suspected][:CANDIDATES]
    start = [
        row for row, world in judge.targets.worlds if fits(judge, world, first, answers, halves)
    ]
    for one, two in combinations(rows, 2):
        if one.id == two.id or (one not in start and two not in start):
            continue
        world = World(judge.exercise, (one.rewrite, two.rewrite), truth=judge.targets.truth)
        if explains(judge, world, answers, halves):
            yield (one, two), world


def fits(
    judge: Judge, world: World, name: str, answers: dict[str, Value], halves: dict[str, Value]
) -> bool:
    """Whether a world gives one of the answers."""
    return explains(judge, world, {name: answers[name]}, halves)


def telling(judge: Judge, worlds: Sequence[World], answers: dict[str, Value]) -> str | None:
    """The unanswered id at which most of the worlds part; None where they never do."""
    best, parts = None, 1
    for name in judge.exercise.order if len(worlds) > 1 else ():
        if name in answers:
            continue
        target = judge.targets[name]
        values = {
            None if value is None else int(target.middle(value) / target.unit)
            for value in (world.value(name) for world in worlds)
        }
        if len(values) > parts:
            best, parts = name, len(values)
    return best
