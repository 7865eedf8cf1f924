"""What an answer is compared with: the true value, its digits, its tolerance."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

import flint

from derive.checking.exercise import Exercise
from derive.checking.misconceptions import CATALOGUE, Misconception, rank
from derive.checking.spread import Spread, last_place
from derive.checking.worlds import GUARD, Rewrite, Truth, World, middle, rounded
from derive.errors import SpecError
from derive.numbers import balls, rounding
from derive.numbers.balls import Value

FEWEST = 3
"""Significant digits a right answer has, unless the key itself has fewer."""
LOOSEST = flint.fmpq(1, 100)
"""Share of a value that early rounding may change at most."""
UNITS = 20
"""Units of the sheet that it may change any value, however small."""
SLACK = flint.fmpq(3, 2)
"""Units beside half of the learner's own that an answer may be off a known mistake's value."""


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
        self.digits = significant_digits(shown.text)
        finer = last_place(shown.text) if "e" in shown.text else 0
        self.places = max(exercise.decimals, finer)
        self.unit = rounding.ten(-self.places)
        self.guard = self.places + GUARD
        value = targets.truth.value(name)
        self.exact = balls.is_exact(value)
        self.value = self.middle(value)
        self._ends: dict[tuple[World, int], Value] = {}

    def middle(self, value: Value) -> Value:
        """An exact fraction far closer to a value than every tolerance."""
        with balls.precision(self._targets.exercise.numbers.bits):
            return middle(value, self.guard)

    def rounded(self, value: Value, places: int) -> Value:
        """The exact decimal of so many places nearest to a value."""
        with balls.precision(self._targets.exercise.numbers.bits):
            return rounded(value, places)

    @cached_property
    def spread(self) -> Value:
        """Half the width of the interval that rounding the printed ancestors can cause.

        Outward intervals grow faster than anybody's errors; where they have
        grown past the first digits of the value they would let any number pass.
        """
        unit = rounding.ten(-self._targets.exercise.decimals)
        widest = max(abs(self.value) * LOOSEST, UNITS * unit)
        return min(self._targets.spread.half_width(self.name), widest)

    def within(self, answer: Value, tolerance: Value) -> bool:
        """Whether the true value is at most so far from an answer, decided for certain."""
        gap = abs(answer - self.value) - tolerance
        if self.exact or abs(gap) > rounding.ten(1 - self.guard):
            return bool(gap <= 0)
        numbers = self._targets.exercise.numbers
        if numbers.stepwise:
            return bool(gap <= 0)
        try:
            return numbers.decided(
                self.name, lambda value: balls.sign(abs(value - answer) - tolerance) <= 0
            )
        except SpecError:
            return False

    @cached_property
    def mistaken(self) -> tuple[tuple[Misconception, Value], ...]:
        """What each known mistake leads to here, where it leads elsewhere than to the truth.

        Made at every step where it can be made, or in this step alone.
        """
        found: dict[tuple[str, Value], tuple[Misconception, Value]] = {}
        for row, world in self._targets.worlds:
            everywhere = world.value(self.name) if world.changed(self.name) else None
            expr = row.rewrite(self.step, self._targets.exercise)
            alone = None if expr is None else self._targets.plain.value_of(expr)
            for value in (everywhere, alone):
                wrong = None if value is None else self.middle(value)
                if wrong is not None and abs(wrong - self.value) > 2 * self.unit:
                    found.setdefault((row.id, wrong), (row, wrong))
        return tuple(found.values())

    def hits(self, answer: Value, tolerance: Value) -> tuple[Misconception, ...]:
        """All known mistakes whose value is at most so far from an answer."""
        return tuple(row for row, wrong in self.mistaken if abs(answer - wrong) <= tolerance)

    def rounded_early(self, answer: Value, unit: Value, *, alike: bool = False) -> int | None:
        """To how many decimals every step was rounded, if exactly this answer comes of it.

        With `alike` all numbers have its digits.
        """
        written = decimals_of(unit)
        for places, end in self.early_ends(unit):
            if answer == end and (places == written or not alike):
                return places
        return None

    def early_ends(self, unit: Value) -> Iterator[tuple[int, Value]]:
        """What comes of rounding every step to so many decimals, fewest decimals first.

        The last number may be rounded like the others, or to the digits of the answer.
        """
        written = decimals_of(unit)
        for places in range(2, self._targets.exercise.decimals):
            for world in self._targets.rounding_worlds(places):
                value = world.value(self.name)
                for last in (places, max(places, written)):
                    if value is not None:
                        yield places, self._end(world, value, last)

    def _end(self, world: World, value: Value, places: int) -> Value:
        """The value of a world rounded to so many places, each made once."""
        found = self._ends.get((world, places))
        if found is None:
            found = self.rounded(value, places)
            if places <= self.guard:
                self._ends[world, places] = found
        return found


class Targets:
    """Every target of one exercise, made when asked for."""

    def __init__(self, exercise: Exercise) -> None:
        """Make nothing yet."""
        self.exercise = exercise
        self.truth = Truth(exercise)
        self.plain = World(exercise, truth=self.truth)
        self.spread = Spread(exercise)
        self._targets: dict[str, Target] = {}
        self._rounding: dict[int, tuple[World, ...]] = {}
        self._touched: dict[str, frozenset[Rewrite]] = {}

    def __getitem__(self, name: str) -> Target:
        """The target of an asked id."""
        found = self._targets.get(name)
        if found is None:
            found = self._targets[name] = Target(name, self)
        return found

    @cached_property
    def worlds(self) -> tuple[tuple[Misconception, World], ...]:
        """The world of every row of the catalogue."""
        return tuple(
            (row, World(self.exercise, (row.rewrite,), truth=self.truth)) for row in CATALOGUE
        )

    def touching(self, names: Iterable[str]) -> list[Misconception]:
        """The known mistakes that change something on the way to one of some ids."""
        changed = [self._changed(name) for name in names]
        return [row for row, _ in self.worlds if any(row.rewrite in found for found in changed)]

    def _changed(self, name: str) -> frozenset[Rewrite]:
        found = self._touched.get(name)
        if found is None:
            found = frozenset(row.rewrite for row, world in self.worlds if world.changed(name))
            self._touched[name] = found
        return found

    def rounding_worlds(self, places: int) -> tuple[World, ...]:
        """Worlds that round every step, or the factors of each step, to so many decimals."""
        found = self._rounding.get(places)
        if found is None:
            found = (World(self.exercise, places=places), Factors(self, places))
            self._rounding[places] = found
        return found


class Factors(World):
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
        return rounded(value, self.places)


def named(rows: Iterable[Misconception]) -> tuple[str, ...]:
    """The ids of some rows, each once, in the order of the catalogue."""
    return tuple(sorted({row.id for row in rows}, key=rank))


def decimals_of(unit: Value) -> int:
    """Digits behind the point of a number whose last digit stands for `unit`."""
    return len(str(unit.q)) - 1


def significant_digits(text: str) -> int:
    """Significant digits of a printed number; zeros at the end count."""
    mantissa = text.partition("e")[0].lstrip("-")
    return len(re.sub(r"^[0.]+", "", mantissa).replace(".", ""))
