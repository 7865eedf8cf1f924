"""The same exercise by another convention: the same ids, some with another formula."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import msgspec

from derive.algebra.expressions import Expr
from derive.checking.counterfactuals import Counterfactual, Rewrite
from derive.checking.exercise import Exercise
from derive.derivation.chain import Chain
from derive.derivation.derived import Derived
from derive.derivation.steps import STAGES, Stage, Step
from derive.graph import Graph
from derive.numbers import Numbers


class Converted:
    """A derivation with some formulas rewritten; all else is that of the exercise."""

    def __init__(self, exercise: Exercise, rewrites: tuple[Rewrite, ...]) -> None:
        """Rewrite nothing yet."""
        self._plain: Derived = exercise.derivation
        self._rules = Counterfactual(exercise, rewrites)
        self.graph = self._plain.graph
        self.updates = self._plain.updates

    @property
    def chain(self) -> Chain | None:
        """That of the exercise: what is differentiated by what is the same."""
        return self._plain.chain

    def hold(self, most: int) -> bool:
        """Whether there are at most so many steps; the exercise keeps them."""
        return self._plain.hold(most)

    def steps(self, stages: Collection[Stage] = STAGES) -> Iterator[Step]:
        """All steps of the given stages, each after those its formula uses."""
        return (self._convert(step) for step in self._plain.steps(stages))

    def step(self, name: str) -> Step | None:
        """The step of an id; None if the exercise has no such id."""
        step = self._plain.step(name)
        return None if step is None else self._convert(step)

    def plain(self, base: str) -> Step | None:
        """The step of an id before any update."""
        step = self._plain.plain(base)
        return None if step is None else self._convert(step)

    def backward(self, update: int) -> Iterator[Step]:
        """The derivatives that an update needs."""
        return (self._convert(step) for step in self._plain.backward(update))

    def varies(self, name: str) -> bool:
        """Whether an update changes the quantity of a plain id."""
        return self._plain.varies(name)

    def rename_ids(self, expr: Expr, done: int) -> Expr:
        """A formula with the ids its quantities have after `done` updates."""
        return self._plain.rename_ids(expr, done)

    def _convert(self, step: Step) -> Step:
        expr = self._rules.rewrite_formula(step)
        return step if expr is step.expr else msgspec.structs.replace(step, expr=expr)


def convert(exercise: Exercise, rewrites: tuple[Rewrite, ...]) -> Exercise:
    """The exercise as somebody computes it who has other formulas for some of its ids."""

    def derive(graph: Graph) -> Converted:
        return Converted(exercise.change(graph), rewrites)

    return Exercise(Numbers(Converted(exercise, rewrites)), derive=derive)
