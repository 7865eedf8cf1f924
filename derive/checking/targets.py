"""What an answer is compared with: the true value, its digits, its tolerance."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

import flint

from derive import limits
from derive.algebra.expressions import names
from derive.checking.counterfactuals import (
    GUARD,
    Counterfactual,
    Planned,
    Rewrite,
    Truth,
    approximate,
    round_to,
)
from derive.checking.exercise import Exercise
from derive.checking.misconceptions import CATALOGUE, Misconception, list_slips, rank
from derive.checking.spread import Spread, count_places, round_up
from derive.errors import SpecError
from derive.numbers import balls, rounding
from derive.numbers.balls import Value

FEWEST = 3
"""Significant digits a right answer has, unless the key itself has fewer."""
LOOSEST = flint.fmpq(1, 100)
"""Share of a value that early rounding may change at most."""
UNITS = 20
"""Units of the sheet that it may change any value, however small."""
KEPT = 4096
"""Ids whose wrong formulas are kept at hand."""
SLACK = flint.fmpq(3, 2)
"""Units beside half of the learner's own that an answer may be off a known mistake's value."""


class Mistaken(NamedTuple):
    """A known mistake and the number it leads to at an id.

    `world` is the exercise with the mistake made wherever it can be; None where it
    is made in the last step alone.
    """

    row: Misconception
    value: Value
    world: Counterfactual | None


class Target:
    """One asked id: what is true about it, and what each known mistake makes of it."""

    def __init__(self, name: str, targets: Targets) -> None:
        """Take the key's digits."""
        self.name = name
        self._targets = targets
        exercise = targets.exercise
        numbers = exercise.numbers
        step = numbers.step(name)
        shown = numbers.answer(step).shown
        self.step = step
        self.text = shown.text
        self.shown = balls.exact(shown.text)
        self.digits = count_significant(shown.text)
        finer = count_places(shown.text) if "e" in shown.text else 0
        self.places = max(exercise.decimals, finer)
        self.unit = rounding.power_of_ten(-self.places)
        self.guard = self.places + GUARD
        value = targets.truth.value(name)
        self.stepwise = numbers.stepwise
        self.last_unit = rounding.power_of_ten(-count_places(shown.text))
        self.exact = balls.is_exact(value)
        self.short = self.exact and shown.exact
        self.sheet_unit = rounding.power_of_ten(-exercise.decimals)
        self.value = self.approximate(value)
        self._ends: dict[tuple[Counterfactual, int], Value] = {}

    def approximate(self, value: Value) -> Value:
        """An exact fraction far closer to a value than every tolerance."""
        with balls.precision(self._targets.exercise.numbers.bits):
            return approximate(value, self.guard)

    def enclose(self, value: Value) -> tuple[Value, Value]:
        """The middle of a ball, and how far it reaches on both sides."""
        if balls.is_exact(value):
            return value, flint.fmpq(0)
        with balls.precision(self._targets.exercise.numbers.bits):
            return approximate(value.mid(), self.guard), round_up(value.rad())

    def round_to(self, value: Value, places: int) -> Value:
        """The exact decimal of so many places nearest to a value."""
        with balls.precision(self._targets.exercise.numbers.bits):
            return round_to(value, places)

    @cached_property
    def spread(self) -> Value:
        """Half the width of the interval that rounding the printed ancestors can cause.

        Outward intervals grow faster than anybody's errors; where they have
        grown past the first digits of the value they would let any number pass.
        """
        widest = max(abs(self.value) * LOOSEST, UNITS * self.sheet_unit)
        return min(self._targets.spread.measure(self.name), widest)

    def is_within(self, answer: Value, tolerance: Value) -> bool:
        """Whether the true value is at most so far from an answer, decided for certain."""
        gap = abs(answer - self.value) - tolerance
        if self.exact or abs(gap) > rounding.power_of_ten(1 - self.guard):
            return bool(gap <= 0)
        numbers = self._targets.exercise.numbers
        if numbers.stepwise:
            return bool(gap <= 0)
        try:
            return numbers.decide(
                self.name, lambda value: balls.sign(abs(value - answer) - tolerance) <= 0
            )
        except SpecError:
            return False

    @cached_property
    def mistaken(self) -> tuple[Mistaken, ...]:
        """What each known mistake leads to here, where it leads elsewhere than to the truth.

        Made at every step where it can be made, or in this step alone.
        """
        mistaken: dict[tuple[Misconception, Value], Mistaken] = {}
        for row, value, world in self._list_wrong():
            wrong = None if value is None else self.approximate(value)
            if wrong is not None and abs(wrong - self.value) > 2 * self.unit:
                mistaken.setdefault((row, wrong), Mistaken(row, wrong, world))
        return tuple(mistaken.values())

    def list_near(self, low: Value, high: Value) -> list[Mistaken]:
        """The known mistakes that lead to a number in an interval, in the order of `mistaken`."""
        values, places = self._by_value
        found = places[bisect_left(values, low) : bisect_right(values, high)]
        return [self.mistaken[place] for place in sorted(found)]

    @cached_property
    def _by_value(self) -> tuple[list[Value], list[int]]:
        """The numbers that mistakes lead to in order of size, and their places in `mistaken`."""
        places = sorted(range(len(self.mistaken)), key=lambda i: self.mistaken[i].value)
        return [self.mistaken[i].value for i in places], places

    def _list_wrong(self) -> Iterator[tuple[Misconception, Value | None, Counterfactual | None]]:
        """Each mistake with what comes of it, made in this step alone and everywhere."""
        for row, counterfactual in self._targets.counterfactuals:
            yield row, self._evaluate_alone(row), None
            if counterfactual.differs(self.name):
                yield row, counterfactual.value(self.name), counterfactual
        for row in self.slips:
            yield row, self._evaluate_alone(row), None

    def _evaluate_alone(self, row: Misconception) -> Value | None:
        """What comes of a mistake that is made in this step alone."""
        expr = row.rewrite(self.step, self._targets.exercise)
        return None if expr is None else self._targets.plain.evaluate(expr)

    @cached_property
    def slips(self) -> tuple[Misconception, ...]:
        """The slips that can be made in this step, and nowhere else."""
        return tuple(list_slips(self.step, self._targets.exercise))

    def find_early_rounding(self, answer: Value, unit: Value) -> int | None:
        """To how many decimals every step was rounded, if exactly this answer comes of it."""
        for places, end in self.list_early_ends(unit):
            if answer == end:
                return places
        return None

    def list_early_ends(self, unit: Value) -> Iterator[tuple[int, Value]]:
        """What comes of rounding every step to so many decimals, fewest decimals first.

        The last number may be rounded like the others, or to the digits of the answer.
        """
        written = count_decimals(unit)
        for places in range(2, self._targets.exercise.decimals):
            for counterfactual in self._targets.round_early(places):
                value = counterfactual.value(self.name)
                for last in (places, max(places, written)):
                    if value is not None:
                        yield places, self._round_end(counterfactual, value, last)

    def _round_end(self, counterfactual: Counterfactual, value: Value, places: int) -> Value:
        """A value of a counterfactual rounded to so many places, each once."""
        known = self._ends.get((counterfactual, places))
        if known is not None:
            return known
        end = self.round_to(value, places)
        if places <= self.guard:
            self._ends[counterfactual, places] = end
        return end


class Targets:
    """Every target of one exercise, made when asked for."""

    def __init__(self, exercise: Exercise) -> None:
        """Make nothing yet."""
        self.exercise = exercise
        self.truth = Truth(exercise)
        self.plain = Counterfactual(exercise, truth=self.truth)
        self.spread = Spread(exercise)
        self._targets: dict[str, Target] = {}
        self._rounding: dict[int, tuple[Counterfactual, ...]] = {}
        self._touched: dict[str, frozenset[Rewrite]] = {}
        self._changes: dict[str, Mapping[Rewrite, Planned]] = {}

    def __getitem__(self, name: str) -> Target:
        """The target of an asked id."""
        if name not in self._targets:
            self._targets[name] = Target(name, self)
        return self._targets[name]

    @cached_property
    def counterfactuals(self) -> tuple[tuple[Misconception, Counterfactual], ...]:
        """Every row of the catalogue with the values that the mistake leads to."""
        return tuple((row, self._imagine(row)) for row in CATALOGUE)

    def _imagine(self, row: Misconception) -> Counterfactual:
        exercise = self.exercise
        plan = exercise.structure.plans.setdefault(row.rewrite, {})
        small = exercise.derivation.hold(limits.DIAGNOSED_STEPS)
        affected = self.find_affected(row.rewrite) if small else None
        return Counterfactual(
            exercise, (row.rewrite,), truth=self.truth, plan=plan, affected=affected
        )

    def find_affected(self, rewrite: Rewrite) -> frozenset[str]:
        """The asked ids whose formula a mistake changes, and all that come of them."""
        known = self.exercise.structure.affected
        if rewrite not in known:
            known[rewrite] = frozenset(self._list_affected(rewrite))
        return known[rewrite]

    def _list_affected(self, rewrite: Rewrite) -> set[str]:
        exercise = self.exercise
        affected: set[str] = set()
        for name in exercise.order:
            step = exercise.step(name)
            if step is None:
                continue
            used = not affected.isdisjoint(exercise.uses(step))
            if used or rewrite(step, exercise) is not None:
                affected.add(name)
        return affected

    def list_changes(self, name: str) -> Mapping[Rewrite, Planned]:
        """The known mistakes that change the formula of an id, each with that formula."""
        if name not in self._changes:
            if len(self._changes) >= KEPT:
                self._changes.clear()
            self._changes[name] = dict(self._find_changes(name))
        return self._changes[name]

    def _find_changes(self, name: str) -> Iterator[tuple[Rewrite, Planned]]:
        step = self.exercise.step(name)
        if step is None:
            return
        for row, _ in self.counterfactuals:
            expr = row.rewrite(step, self.exercise)
            if expr is not None:
                yield row.rewrite, (step, expr, names(expr))

    def list_touching(self, ids: Iterable[str]) -> list[Misconception]:
        """The known mistakes that change something on the way to one of some ids."""
        changed = [self._find_changing(name) for name in ids]
        return [
            row
            for row, _ in self.counterfactuals
            if any(row.rewrite in rules for rules in changed)
        ]

    def _find_changing(self, name: str) -> frozenset[Rewrite]:
        if name not in self._touched:
            self._touched[name] = frozenset(
                row.rewrite for row, wrong in self.counterfactuals if wrong.differs(name)
            )
        return self._touched[name]

    def round_early(self, places: int) -> tuple[Counterfactual, ...]:
        """What comes of rounding every step, or the factors of each, to so many decimals."""
        if places not in self._rounding:
            every = Counterfactual(self.exercise, places=places)
            self._rounding[places] = every, RoundedFactors(self, places)
        return self._rounding[places]


class RoundedFactors(Counterfactual):
    """Each step from the true values before it, rounded to so many decimals."""

    def __init__(self, targets: Targets, places: int) -> None:
        """Nothing is computed yet."""
        super().__init__(targets.exercise, places=places, truth=targets.truth)

    def _operand(self, name: str) -> Value | None:
        assert self.truth is not None
        assert self.places is not None
        value = self.truth.value(name)
        step = self.exercise.step(name)
        if value is None or (step is not None and step.kind in ("update", "given")):
            return value
        return round_to(value, self.places)


def list_ids(rows: Iterable[Misconception]) -> tuple[str, ...]:
    """The ids of some rows, each once, in the order of the catalogue."""
    return tuple(sorted({row.id for row in rows}, key=rank))


def count_decimals(unit: Value) -> int:
    """Digits behind the point of a number whose last digit stands for `unit`."""
    return len(str(unit.q)) - 1


def count_significant(text: str) -> int:
    """Significant digits of a printed number; zeros at the end count."""
    mantissa = text.partition("e")[0].lstrip("-")
    return len(re.sub(r"^[0.]+", "", mantissa).replace(".", ""))
