"""The steps of a perceptron: presentation by presentation, each with another sample.

Unlike in a network, the formula of a step depends on how many updates were made
before: presentation k shows sample k modulo their number. A presentation counts
as one update, also where nothing changes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice

from derive.algebra.expressions import Add, Expr, Name, mul, rename
from derive.derivation.steps import STAGES, Stage, Step
from derive.graph import Graph
from derive.naming import DIFFERENCE, LEARNING_RATE


class Presentations:
    """Every step of a perceptron's run, by order and by id."""

    chain = None
    """Nothing is differentiated: a step function passes no derivative back."""

    def __init__(self, graph: Graph) -> None:
        """Note what each sample's inputs and target are called."""
        self.graph = graph
        self.updates = graph.updates
        self._kept: dict[str, Step] = {}
        (block,) = graph.blocks
        shown = tuple(q for q in graph.of_role("input", "target") if q.sample == block.sample)
        self._sources = tuple(q.id for q in shown)
        self._factors = dict(zip(block.parameters, block.inputs, strict=False))
        samples: dict[int, list[str]] = {}
        for q in graph.of_role("input", "target"):
            samples.setdefault(q.sample, []).append(q.id)
        self._samples = [dict(zip(self._sources, own, strict=True)) for own in samples.values()]

    def hold(self, most: int) -> bool:
        """Whether there are at most so many steps; each that was asked for is kept."""
        return next(islice(self.steps(), most, None), None) is None

    def steps(self, stages: Collection[Stage] = STAGES) -> Iterator[Step]:
        """All steps of the given stages, each after those its formula uses."""
        table = self.graph.quantities.values()
        if "given" in stages:
            for q in table:
                if q.expr is None:
                    yield Step(q.id, "given", "given", None)
        for done in range(self.updates):
            if "forward" in stages:
                for q in table:
                    if q.expr is not None:
                        yield self._make_value(q.id, q.expr, done)
            if "update" in stages:
                for name in self.graph.parameters:
                    yield self._make_update(name, done + 1)

    def step(self, name: str) -> Step | None:
        """The step of an id as keys write it; None if the exercise has no such id."""
        base, done = self.graph.split(name)
        quantity = self.graph.quantities.get(base)
        if quantity is None:
            return None
        if quantity.expr is not None:
            return self._make_value(base, quantity.expr, done) if done < self.updates else None
        if done == 0:
            return Step(base, "given", "given", None)
        known = quantity.role == "parameter" and done <= self.updates
        return self._make_update(base, done) if known else None

    def plain(self, base: str) -> Step | None:
        """The step of an id before any update."""
        return self.step(base)

    def backward(self, update: int) -> Iterator[Step]:
        """Nothing: no derivative is taken."""
        del update
        return iter(())

    def varies(self, name: str) -> bool:
        """Whether a presentation changes the quantity of a plain id."""
        quantity = self.graph.quantities.get(name)
        return quantity is not None and quantity.varies

    def rename_ids(self, expr: Expr, done: int) -> Expr:
        """A formula of the first presentation with the ids that it has in another."""
        own = self._samples[done % len(self._samples)]

        def at(name: str) -> str:
            return self.graph.after(name, done) if self.varies(name) else own.get(name, name)

        return rename(expr, at)

    def _make_value(self, name: str, formula: Expr, done: int) -> Step:
        named = self.graph.after(name, done)
        if named not in self._kept:
            expr = self.rename_ids(formula, done)
            self._kept[named] = Step(named, "value", "forward", expr, updates=done)
        return self._kept[named]

    def _make_update(self, name: str, done: int) -> Step:
        """The update of one weight: old value + learning rate * difference * input."""
        named = self.graph.after(name, done)
        if named in self._kept:
            return self._kept[named]
        moved: list[Expr] = [Name(LEARNING_RATE), Name(DIFFERENCE)]
        if name in self._factors:
            moved.append(Name(self._factors[name]))
        expr = self.rename_ids(Add((Name(name), mul(*moved))), done - 1)
        step = self._kept[named] = Step(named, "update", "update", expr, wrt=name, updates=done)
        return step
