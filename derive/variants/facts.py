"""What is bare of work in some numbers: answers 0, 1 or a copy, saturated units, corners.

What is far below the last decimal counts as 0. A 0 or 1 that comes of a largest number is
none: somewhere there always is one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, Protocol

import flint
import msgspec

from derive.algebra.expressions import Name, Pick, has_node
from derive.checking.exercise import Exercise
from derive.derivation.steps import Step
from derive.numbers import balls
from derive.numbers.balls import Undecided, Value

FLATTEST = flint.fmpq(1, 200)
"""The smallest slope of a unit that is not saturated: sigmoid's at 5.3 or -5.3."""
ERROR = 1e-11
"""Far more than a float is off that was computed from some hundred others."""
SLOPE = float(FLATTEST) + ERROR
Number = Any
"""A float, or a Value."""
Fact = tuple[str, str]
"""What is wrong, `bare`, `flat` or `kink`, and with the number of which id."""


class Questions(Protocol):
    """What is asked of numbers; the answer may be Undecided."""

    def is_nothing(self, value: Number, /) -> bool:
        """Whether a number is 0, or so small that the sheet cannot tell."""

    def is_one(self, value: Number, /) -> bool:
        """Whether a number is 1."""

    def are_equal(self, one: Number, other: Number, /) -> bool:
        """Whether two numbers are the same."""

    def is_flat(self, value: Number, /) -> bool:
        """Whether a slope is below FLATTEST."""

    def is_ordinary(self, value: Number, others: Sequence[Number], *, is_slope: bool) -> bool:
        """Whether a number is certainly none of this, and equal to none of the others."""


class Certain:
    """Of exact fractions and balls, which are never Undecided."""

    def __init__(self, decimals: int) -> None:
        """`decimals` are those of the sheet."""
        self._tiny = tiny(decimals)

    def is_nothing(self, value: Value) -> bool:
        """Whether all of a ball is below what a sheet can show."""
        return bool(abs(value) - self._tiny < 0)

    def is_one(self, value: Value) -> bool:
        """Of fractions alone: a ball is of no rational number."""
        return balls.is_exact(value) and bool(value == 1)

    def are_equal(self, one: Value, other: Value) -> bool:
        """Whether two balls meet, or fractions are the same."""
        if balls.is_exact(one) != balls.is_exact(other):
            return False
        return bool(one == other) if balls.is_exact(one) else bool(one.overlaps(other))

    def is_flat(self, value: Value) -> bool:
        """Whether all of a ball is below."""
        return bool(abs(value) - FLATTEST < 0)

    def is_ordinary(self, value: Value, others: Sequence[Value], *, is_slope: bool) -> bool:
        """Asked one by one."""
        del value, others, is_slope
        return False


class Quick:
    """Of floats: Undecided is what is nearer to a limit than a float may be off."""

    def __init__(self, decimals: int) -> None:
        """`decimals` are those of the sheet."""
        self._tiny = float(tiny(decimals))
        self._least = max(2 * self._tiny, ERROR)

    def is_nothing(self, value: float) -> bool:
        """Branches of relu and its like are exactly 0."""
        size = abs(value)
        if size == 0 or (self._tiny > ERROR and size < self._tiny / 2):
            return True
        if size < self._least:
            raise Undecided
        return False

    def is_one(self, value: float) -> bool:
        """No float is known to be 1."""
        return _is_near(value - 1)

    def are_equal(self, one: float, other: float) -> bool:
        """No two floats are known to be equal."""
        return _is_near((one - other) / max(1.0, abs(one)))

    def is_flat(self, value: float) -> bool:
        """Whether a slope is certainly below."""
        gap = abs(value) - float(FLATTEST)
        return gap < 0 and not _is_near(gap)

    def is_ordinary(self, value: float, others: Sequence[float], *, is_slope: bool) -> bool:
        """Far from every limit."""
        size = abs(value)
        least = SLOPE if is_slope else self._least
        if size < least or abs(value - 1) < ERROR:
            return False
        error = ERROR * max(1.0, size)
        return all(abs(value - other) > error for other in others)


def tiny(decimals: int) -> Value:
    """A hundredth of the sheet's last decimal: what is less shows nothing of its size."""
    return flint.fmpq(1, 10 ** (decimals + 2))


def _is_near(value: float) -> bool:
    """False; raises Undecided for what may be 0."""
    if abs(value) < ERROR:
        raise Undecided
    return False


class Asked(msgspec.Struct, frozen=True):
    """An asked id: its step, what that uses, whether it is the slope of a unit by its own z.

    It `is_worked` out by a formula, unless there is none, or the step copies a number, or a
    rule decides and no gradient, as a perceptron's does; `is_largest` of several, or a slope of
    that.
    """

    step: Step
    uses: tuple[str, ...]
    is_slope: bool
    is_worked: bool
    is_largest: bool

    @property
    def compared(self) -> tuple[str, ...]:
        """The id, and those whose copy it may be."""
        return self.step.id, *self.uses


def list_asked(exercise: Exercise) -> tuple[Asked, ...]:
    """What is asked, in order."""
    ruled = exercise.graph.presented is not None
    return tuple(
        Asked(
            step,
            exercise.uses(step),
            _is_own_slope(exercise, step.id),
            is_worked=not ruled and step.expr is not None and not isinstance(step.expr, Name),
            is_largest=step.expr is not None and has_node(step.expr, Pick),
        )
        for step in map(exercise.numbers.step, exercise.order)
    )


def _is_own_slope(exercise: Exercise, name: str) -> bool:
    pair = exercise.pair(name)
    if pair is None or not exercise.is_slope(name):
        return False
    of, by = (exercise.graph[part].place for part in pair)
    return (of.layer, of.index, of.time) == (by.layer, by.index, by.time)


class Facts:
    """What is wrong with the numbers of some asked ids."""

    def __init__(
        self,
        values: Callable[[str], Number],
        questions: Questions,
        structural: Collection[Fact] = (),
    ) -> None:
        """`structural` is what no numbers of this structure can avoid."""
        self._values = values
        self._ask = questions
        self._structural = structural
        self._excused: set[str] = set()

    def find(self, asked: Iterable[Asked], allowed: int = 0) -> set[Fact]:
        """All that is wrong; raises Undecided where it hangs on what is uncertain.

        That is where no more than the `allowed` number of facts is certain.
        """
        found: set[Fact] = set()
        unsure = False
        for one in asked:
            if self._is_ordinary(one):
                continue
            try:
                found |= set(self._judge(one))
            except Undecided:
                unsure = True
        if unsure and len(found) <= allowed:
            raise Undecided
        return found

    def _is_ordinary(self, asked: Asked) -> bool:
        """Whether it is seen at a glance that nothing is wrong."""
        if asked.is_largest:
            return False
        try:
            value, *others = map(self._values, asked.compared)
        except Undecided:
            return False
        return self._ask.is_ordinary(value, others, is_slope=asked.is_slope)

    def _judge(self, asked: Asked) -> Iterator[Fact]:
        value, name = self._values(asked.step.id), asked.step.id
        if asked.is_slope and not self._is_known("flat", name) and self._ask.is_flat(value):
            yield "flat", name
        if not asked.is_worked or self._excuse(asked, value):
            return
        if not self._is_known("bare", name) and self._is_bare(asked, value):
            yield "bare", name

    def _is_known(self, kind: str, name: str) -> bool:
        return (kind, name) in self._structural

    def _excuse(self, asked: Asked, value: Number) -> bool:
        """Whether a number comes of a largest one, or is a 0 that does."""
        if asked.is_largest or (
            not self._excused.isdisjoint(asked.uses) and self._ask.is_nothing(value)
        ):
            self._excused.add(asked.step.id)
            return True
        return False

    def _is_bare(self, asked: Asked, value: Number) -> bool:
        ask = self._ask
        if ask.is_nothing(value) or ask.is_one(value):
            return True
        return any(ask.are_equal(value, self._values(used)) for used in asked.uses)
