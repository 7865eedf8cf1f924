"""All answers of an exercise, right and by each known mistake, as quick estimates in floats.

Formulas are those of the derivation and of the catalogue, compiled once for all numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import msgspec

from derive.algebra.expressions import Expr, names
from derive.checking.exercise import AHEAD, Exercise
from derive.checking.misconceptions import CATALOGUE, Misconception
from derive.numbers import may_be_corner
from derive.numbers.compiling import NotDefined, Program, Undecided
from derive.numbers.estimates import make_estimates
from derive.numbers.straight import Straight

Floats = dict[str, float]
World = tuple[int, str]
"""A row of the catalogue by its place, and the mistake's id."""


class Right(msgspec.Struct, frozen=True):
    """The right answers; where not the `whole` of them, the first ones; ids at a corner."""

    values: Floats
    corners: frozenset[str]
    whole: bool

    def read(self, name: str) -> float:
        """One of them; Undecided where it is missing."""
        if name not in self.values:
            raise Undecided
        return self.values[name]


class Changed(msgspec.Struct, frozen=True):
    """What a mistake makes of the answers."""

    world: World
    formulas: Straight


class Estimates:
    """Quick answers to one exercise for any given numbers."""

    def __init__(self, exercise: Exercise) -> None:
        """Compile what is asked; `exercise` has some numbers of this structure."""
        self.exercise = exercise
        self._met: list[None] = []
        self._arithmetic = make_estimates(lambda: self._met.append(None))
        self._steps = [exercise.numbers.step(name) for name in exercise.order]
        formulas = [(step.id, step.expr) for step in self._steps if step.expr is not None]
        self._right = Program(formulas, self._arithmetic)
        self._formulas = dict(formulas)
        given = (q.id for q in exercise.graph.quantities.values() if q.typed)
        self._names = tuple(dict.fromkeys((*given, *exercise.order)))

    def compute(self, given: Mapping[str, float]) -> Right:
        """The right answers, up to the first one that floats cannot tell."""
        values = dict(given)
        corners: list[str] = []
        for name, expr, compute in self._right.code:
            self._met.clear()
            try:
                values[name] = compute(values)
            except (Undecided, NotDefined):
                return Right(values, frozenset(corners), whole=False)
            if self._met and may_be_corner(expr):
                corners.append(name)
        return Right(values, frozenset(corners), whole=True)

    @cached_property
    def _worlds(self) -> tuple[Changed, ...]:
        return tuple(self._compile_worlds())

    def _compile_worlds(self) -> Iterator[Changed]:
        for place, row in enumerate(CATALOGUE):
            formulas = list(self._rewrite(row))
            if formulas:
                straight = Straight(formulas, self._names, tuple(self.exercise.order))
                yield Changed((place, row.id), straight)

    def _rewrite(self, row: Misconception) -> list[tuple[str, Expr]]:
        """The formulas that a mistake changes, and those that use what comes of them."""
        rewriting = _Rewriting(row, self.exercise)
        for step in self._steps:
            rewriting.visit(step.id)
        return rewriting.formulas if rewriting.found else []

    def compute_wrong(self, right: Floats) -> dict[World, Sequence[float]]:
        """What each known mistake makes of the answers, in order.

        Raises Undecided where floats cannot tell.
        """
        row = [right[name] for name in self._names]
        return {changed.world: changed.formulas.run(row) for changed in self._worlds}


class _Rewriting:
    """Collects the formulas of one mistake, each after those that it uses."""

    def __init__(self, row: Misconception, exercise: Exercise) -> None:
        self._row = row
        self._exercise = exercise
        self._changed: dict[str, bool] = {}
        self.formulas: list[tuple[str, Expr]] = []
        self.found = False

    def visit(self, name: str) -> bool:
        """Whether the mistake changes the number of an id."""
        if name not in self._changed:
            self._changed[name] = False
            self._changed[name] = self._collect(name)
        return self._changed[name]

    def _collect(self, name: str) -> bool:
        step = self._exercise.step(name)
        if step is None or step.expr is None:
            return False
        wrong = self._row.rewrite(step, self._exercise)
        self.found |= wrong is not None
        expr = step.expr if wrong is None else wrong
        used = [self.visit(other) for other in names(expr)]
        changed = wrong is not None or AHEAD in name or any(used)
        if changed:
            self.formulas.append((name, expr))
        return changed
