"""Whether two formulas are equal as functions: tried at other numbers than the sheet's."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fractions import Fraction
from random import Random

import msgspec

from derive.algebra.expressions import Add, Call, Cases, Expr, Num, has_node, walk
from derive.algebra.rules import write_definition
from derive.checking.counterfactuals import Counterfactual, Rewrite, Truth
from derive.checking.exercise import Exercise
from derive.checking.varying import SCHEDULE, move
from derive.derivation.steps import Step
from derive.errors import SpecError
from derive.graph import Graph
from derive.numbers import balls
from derive.numbers.balls import NotDefined, Undecided, Value

POINTS = 5
TRIES = 48
LARGE, FEW_TRIES = 2000, 12
"""Quantities from which fewer points are tried, and how many."""
BESIDE = 2
"""Tries of each distance that are listed."""
NOTHING: frozenset[str] = frozenset()
UNWRITTEN = frozenset((Fraction(0), Fraction(1)))
"""Numbers that leave no trace in a product or a sum."""


class Point:
    """One set of given numbers: the exercise there, and what each mistake makes of it."""

    def __init__(self, exercise: Exercise) -> None:
        """Compute nothing yet."""
        self.exercise = exercise
        self.truth = Truth(exercise)
        self._counterfactuals: dict[Rewrite, Counterfactual] = {}
        self._last: tuple[Expr | None, Counterfactual, Value | None] = None, self.truth, None

    def choose(self, rewrite: Rewrite | None) -> Counterfactual:
        """The exercise with a mistake; without one the true values."""
        if rewrite is None:
            return self.truth
        if rewrite not in self._counterfactuals:
            mistaken = Counterfactual(self.exercise, (rewrite,), truth=self.truth)
            self._counterfactuals[rewrite] = mistaken
        return self._counterfactuals[rewrite]

    def evaluate(self, formula: Expr, counterfactual: Counterfactual) -> Value | None:
        """The value of a formula from the values of a counterfactual; None where it has none.

        One formula is compared with that of many mistakes: the last value is kept.
        """
        known, used, value = self._last
        if known is not formula or used is not counterfactual:
            value = self._evaluate(formula, counterfactual)
            self._last = formula, counterfactual, value
        return value

    def _evaluate(self, formula: Expr, counterfactual: Counterfactual) -> Value | None:
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

    def agrees(
        self, formula: Expr, name: str, rewrite: Rewrite | None, *, inside: bool = False
    ) -> bool:
        """Whether a formula has the value that an id has after a mistake, and a mistake shows.

        The names in it keep their true values, or `inside` those after the mistake.
        """
        counterfactual = self.choose(rewrite)
        if rewrite is not None and not counterfactual.differs(name):
            return False
        wanted = counterfactual.value(name)
        if wanted is None:
            return False
        used = counterfactual if inside else self.truth
        with balls.precision(self.exercise.numbers.bits):
            return overlap(self.evaluate(formula, used), wanted)


class Samples:
    """The sheet's own point, and others with other given numbers, every one of them."""

    def __init__(self, exercise: Exercise) -> None:
        """Make the other points only when a formula is compared.

        Where the sheet rounds every step, no formula is equal to its own printed number:
        functions are compared with all digits.
        """
        self._exercise = keep_all_digits(exercise)
        self.here = Point(self._exercise)
        self._pools: dict[tuple[frozenset[str], bool], list[Point]] = {}
        self._chosen: dict[tuple[frozenset[str], str], tuple[Point, ...]] = {}

    def find_typed(self, formula: Expr) -> frozenset[str]:
        """The given ids for which a formula has their number: 0.5 for the learning rate.

        What is 0 or 1 is not even written: `-ln(o2)` where the target is 1.
        """
        return self.find_given({node.value for node in walk(formula) if isinstance(node, Num)})

    def find_given(self, numbers: Collection[Fraction]) -> frozenset[str]:
        """The given ids that are one of some numbers, or 0 or 1."""
        typed = UNWRITTEN.union(numbers)
        given = self._exercise.graph.quantities.values()
        return frozenset(q.id for q in given if q.typed and Fraction(q.typed) in typed)

    def are_equal(
        self,
        formula: Expr,
        name: str,
        rewrite: Rewrite | None = None,
        *,
        fixed: frozenset[str] = NOTHING,
        inside: bool = False,
    ) -> bool:
        """Whether a formula equals that of an id, right or mistaken, as a function.

        The names in it keep their true values, or `inside` those after the mistake.
        Numbers of the sheet that are `fixed` do not vary.
        """
        if not self.here.agrees(formula, name, rewrite, inside=inside):
            return False
        others = self.choose(name, fixed)
        return all(point.agrees(formula, name, rewrite, inside=inside) for point in others)

    def choose(self, name: str, fixed: frozenset[str]) -> tuple[Point, ...]:
        """Points at which formulas for an id are compared, made once.

        The branch that is taken here is taken there, too, in every formula with cases of
        its own: the key prints that branch alone. Of a function with cases, such as max
        or ReLU, each branch is taken at some point.
        """
        if (fixed, name) not in self._chosen:
            self._chosen[fixed, name] = tuple(self._find(name, fixed))
        return self._chosen[fixed, name]

    def _find(self, name: str, fixed: frozenset[str]) -> list[Point]:
        needed = [self._exercise.numbers.step(n) for n in self._list_needed(name)]
        kept = [s.id for s in needed if s.expr is not None and has_node(s.expr, Cases)]
        branching = [step for step in needed if step.kind == "value" and list_branching(step)]
        seen = {(s.id, take_branch(self.here.exercise, s)) for s in branching}
        points: list[Point] = []
        for zeros in (True, False):
            for point in self._walk_pool(fixed, zeros=zeros):
                if not self._same_cases(point, name, kept):
                    continue
                taken = {(s.id, take_branch(point.exercise, s)) for s in branching}
                if len(points) < POINTS or not taken <= seen:
                    points.append(point)
                    seen |= taken
                if len(points) >= POINTS and len(seen) > len(branching):
                    break
            if len(points) >= POINTS:
                break
        return points

    def _list_needed(self, name: str) -> list[str]:
        return [*self._exercise.list_needed(name), name]

    def _walk_pool(self, fixed: frozenset[str], *, zeros: bool) -> Iterator[Point]:
        """The tries, each made once; fewer of an exercise that takes long to change."""
        pool = self._pools.setdefault((fixed, zeros), [])
        graph = self._exercise.graph
        tries = TRIES if len(graph.quantities) <= LARGE else FEW_TRIES
        for attempt in range(tries):
            if attempt == len(pool):
                moved = vary(graph, attempt, tries, fixed, zeros=zeros)
                pool.append(Point(self._exercise.change(moved)))
            yield pool[attempt]

    def _same_cases(self, point: Point, name: str, kept: list[str]) -> bool:
        """Whether an id has a value at a point, and the same branches are taken before it."""
        try:
            return point.truth.value(name) is not None and all(
                take_cases(point.exercise, k) == take_cases(self._exercise, k) for k in kept
            )
        except SpecError:
            return False


def vary(graph: Graph, attempt: int, tries: int, fixed: frozenset[str], *, zeros: bool) -> Graph:
    """The given numbers of one try: far from the sheet's at first, then nearer and nearer."""
    random = Random(attempt)  # noqa: S311  fixed numbers, no secret
    return move(graph, random, SCHEDULE[attempt * len(SCHEDULE) // tries], fixed, zeros=zeros)


def list_moved(graph: Graph) -> Iterator[Graph]:
    """A few of the tries, from each distance, with and without the zeros of the sheet."""
    apart = TRIES // len(SCHEDULE)
    for zeros in (True, False):
        for attempt in range(0, TRIES, apart):
            for beside in range(BESIDE):
                yield vary(graph, attempt + beside, TRIES, NOTHING, zeros=zeros)


def keep_all_digits(exercise: Exercise) -> Exercise:
    """The same exercise without rounding between its steps."""
    if not exercise.numbers.stepwise:
        return exercise
    spec = msgspec.structs.replace(exercise.spec, rounding="exact")
    return exercise.change(msgspec.structs.replace(exercise.graph, spec=spec))


def take_cases(exercise: Exercise, name: str) -> Expr:
    """The formula of an id with the case that holds here."""
    return exercise.numbers.settle_cases(exercise.numbers.step(name)).expr


def list_branching(step: Step) -> list[Call]:
    """The functions with cases in a formula: max, ReLU, an absolute value."""
    calls = [n for n in walk(step.expr) if isinstance(n, Call)] if step.expr is not None else []
    written = ((call, write_definition(call)) for call in calls)
    return [call for call, text in written if text is not None and has_node(text, Cases)]


def take_branch(exercise: Exercise, step: Step) -> Expr:
    """The branch that the functions with cases of a step take at a point."""
    parts = tuple(write_definition(call) or call for call in list_branching(step))
    whole = Step(f"{step.id}, its cases", step.kind, step.stage, Add(parts))
    return exercise.numbers.settle_cases(whole).expr


def overlap(a: Value | None, b: Value | None) -> bool:
    """Whether two values are equal as far as their balls tell."""
    if a is None or b is None:
        return False
    difference = a - b
    return difference == 0 if balls.is_exact(difference) else bool(difference.contains(0))
