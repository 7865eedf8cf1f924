"""Whether two formulas are equal as functions: tried at other weights than the sheet's."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from random import Random

import msgspec

from derive.algebra.expressions import Cases, Expr, has_node
from derive.checking.counterfactuals import Counterfactual, Rewrite, Truth
from derive.checking.exercise import Exercise
from derive.derivation.derived import derive_graph
from derive.errors import SpecError
from derive.graph import Graph
from derive.numbers import Numbers, balls
from derive.numbers.balls import NotDefined, Undecided, Value

POINTS = 5
TRIES = 40
SPREADS = (300, 100, 30, 10, 3)
"""How far a parameter moves, in thousandths of itself; less where a case would change."""


class Point:
    """One set of parameters: the exercise there, and what each mistake makes of it."""

    def __init__(self, exercise: Exercise) -> None:
        """Compute nothing yet."""
        self.exercise = exercise
        self.truth = Truth(exercise)
        self._counterfactuals: dict[Rewrite, Counterfactual] = {}

    def choose(self, rewrite: Rewrite | None) -> Counterfactual:
        """The exercise with a mistake; without one the true values."""
        if rewrite is None:
            return self.truth
        if rewrite not in self._counterfactuals:
            mistaken = Counterfactual(self.exercise, (rewrite,), truth=self.truth)
            self._counterfactuals[rewrite] = mistaken
        return self._counterfactuals[rewrite]

    def evaluate(self, formula: Expr, counterfactual: Counterfactual) -> Value | None:
        """The value of a formula from the values of a counterfactual; None where it has none."""

        def operand(name: str) -> Value:
            value = counterfactual.value(name)
            if value is None:
                raise NotDefined(name)
            return value

        try:
            with balls.precision(self.exercise.numbers.bits):
                return balls.evaluate(formula, operand)
        except (NotDefined, Undecided, ArithmeticError):
            return None

    def agrees(self, formula: Expr, name: str, rewrite: Rewrite | None) -> bool:
        """Whether a formula has the value that an id has after a mistake, and a mistake shows.

        The names in it keep their true values, or those after the mistake.
        """
        counterfactual = self.choose(rewrite)
        if rewrite is not None and not counterfactual.differs(name):
            return False
        wanted = counterfactual.value(name)
        if wanted is None:
            return False
        operands = (self.truth,) if rewrite is None else (self.truth, counterfactual)
        with balls.precision(self.exercise.numbers.bits):
            return any(overlap(self.evaluate(formula, used), wanted) for used in operands)


class Samples:
    """The sheet's own point, and others with the same cases but other parameters."""

    def __init__(self, exercise: Exercise) -> None:
        """Make the other points only when a formula is compared."""
        self.here = Point(exercise)
        self._exercise = exercise

    def are_equal(self, formula: Expr, name: str, rewrite: Rewrite | None = None) -> bool:
        """Whether a formula equals that of an id, right or mistaken, as a function."""
        if not self.here.agrees(formula, name, rewrite):
            return False
        return all(point.agrees(formula, name, rewrite) for point in self.others)

    @cached_property
    def others(self) -> tuple[Point, ...]:
        """Other points, fewer than POINTS only where no more keep the sheet's cases."""
        points = []
        for exercise in self._candidates():
            if self._same_cases(exercise):
                points.append(Point(exercise))
            if len(points) == POINTS:
                break
        return tuple(points)

    def _candidates(self) -> Iterator[Exercise]:
        random = Random(0)  # noqa: S311  fixed numbers, no secret
        for attempt in range(TRIES):
            spread = SPREADS[attempt * len(SPREADS) // TRIES]
            graph = move(self._exercise.graph, random, spread)
            try:
                yield Exercise(Numbers(derive_graph(graph)))
            except SpecError:
                continue

    @cached_property
    def _with_cases(self) -> tuple[str, ...]:
        steps = self._exercise.derivation.steps()
        return tuple(s.id for s in steps if s.expr is not None and has_node(s.expr, Cases))

    def _same_cases(self, exercise: Exercise) -> bool:
        try:
            return all(
                take_cases(exercise, name) == take_cases(self._exercise, name)
                for name in self._with_cases
            )
        except SpecError:
            return False


def take_cases(exercise: Exercise, name: str) -> Expr:
    """The formula of an id with the case that holds here."""
    return exercise.numbers.settle_cases(exercise.numbers.step(name)).expr


def overlap(a: Value | None, b: Value | None) -> bool:
    """Whether two values are equal as far as their balls tell."""
    if a is None or b is None:
        return False
    difference = a - b
    return difference == 0 if balls.is_exact(difference) else bool(difference.contains(0))


def move(graph: Graph, random: Random, spread: int) -> Graph:
    """The same exercise with other parameters; a circuit without any with other values."""

    def other(typed: str) -> str:
        share = Fraction(random.choice((-1, 1)) * random.randint(spread // 3 + 1, spread), 1000)
        value = Fraction(typed)
        return write_decimal(value * (1 + share) if value else share)

    free = tuple(graph.of_role("parameter", "constant")) or tuple(graph.of_role("value"))
    changed = {q.id: msgspec.structs.replace(q, typed=other(q.typed)) for q in free}
    return msgspec.structs.replace(graph, quantities=graph.quantities | changed)


def write_decimal(value: Fraction) -> str:
    """A fraction as a typed decimal of about twelve digits."""
    return f"{float(value):.12e}"
