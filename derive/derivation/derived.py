"""What every kind of derivation offers, and which one belongs to a graph."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Protocol

from derive.algebra.expressions import Expr
from derive.derivation.chain import Chain
from derive.derivation.derivation import Derivation
from derive.derivation.presentations import Presentations
from derive.derivation.steps import STAGES, Stage, Step
from derive.graph import Graph


class Derived(Protocol):
    """Every step of an exercise, in order or by its id.

    `updates` counts how often parameters change; `chain` differentiates.
    """

    graph: Graph
    updates: int

    @property
    def chain(self) -> Chain | None:
        """Which derivative follows from which; None where nothing is differentiated."""

    def hold(self, most: int) -> bool:
        """Keep all steps at hand, if there are at most so many; say whether there are."""

    def steps(self, stages: Collection[Stage] = STAGES) -> Iterator[Step]:
        """All steps of the given stages, each after those its formula uses."""

    def step(self, name: str) -> Step | None:
        """The step of an id as keys write it; None if the exercise has no such id."""

    def plain(self, base: str) -> Step | None:
        """The step of an id before any update; None if the exercise has no such id."""

    def backward(self, update: int) -> Iterator[Step]:
        """The derivatives that one update needs, in order."""

    def varies(self, name: str) -> bool:
        """Whether an update changes the quantity of a plain id."""

    def rename_ids(self, expr: Expr, done: int) -> Expr:
        """A formula with the ids its quantities have after `done` updates."""


def derive_graph(graph: Graph) -> Derived:
    """The derivation of a graph."""
    return Derivation(graph) if graph.presented is None else Presentations(graph)
