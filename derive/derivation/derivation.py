"""The whole derivation as an ordered stream of steps, and any one step by its id.

Steps are made when asked for: a net of 100,000 weights is streamed, and a
fragment costs one step. After updates the same steps come back with suffixed
ids; what an update does not touch keeps its id and is not derived again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from copy import copy
from itertools import islice

from derive.algebra.expressions import Expr, Name, Num, rename
from derive.derivation.chain import Chain
from derive.derivation.order import TeachingOrder
from derive.derivation.steps import STAGES, Stage, Step
from derive.derivation.updates import (
    COUNT,
    UpdateNames,
    choose_kind,
    list_updated,
    write_update,
)
from derive.graph import Batch, Graph, Quantity


class Derivation:
    """Every step of an exercise, by order and by id."""

    def __init__(self, graph: Graph) -> None:
        """Derive nothing yet."""
        self.graph = graph
        self.chain = Chain(graph)
        self._order = TeachingOrder(self.chain)
        self.updates = graph.updates
        self._kept: dict[str, Step] = {}
        self._varying: dict[str, bool] = {}
        self._held: dict[str, Step] | None = None

    def renew(self, graph: Graph) -> Derivation:
        """The same steps for a graph that differs in its given numbers alone."""
        other = copy(self)
        other.graph = graph
        return other

    def hold(self, most: int) -> bool:
        """Make and keep all steps, if there are at most so many; say whether there are."""
        if self._held is None:
            held = {step.id: step for step in islice(self.steps(), most + 1)}
            if len(held) > most:
                return False
            self._held = held
        return len(self._held) <= most

    def steps(self, stages: Collection[Stage] = STAGES) -> Iterator[Step]:
        """All steps of the given stages, each after those its formula uses."""
        if self._held is None:
            return self._list_steps(stages)
        return (step for step in self._held.values() if step.stage in stages)

    def _list_steps(self, stages: Collection[Stage]) -> Iterator[Step]:
        if "given" in stages:
            yield from self._given_steps()
        last = max(self.updates, 1)
        for done in range(last):
            if "forward" in stages:
                yield from self._forward_steps(done)
            if "backward" in stages:
                yield from self._backward_steps(done)
            if "update" in stages:
                for parameter in self.graph.parameters:
                    for name in list_updated(self.graph, parameter):
                        yield self._make_update(name, done + 1)
        if "check" in stages and self.updates:
            yield from self._forward_steps(self.updates)

    def step(self, name: str) -> Step | None:
        """The step of an id as keys write it; None if the exercise has no such id."""
        held = self._held.get(name) if self._held is not None else None
        if held is not None:
            return held
        base, done = self.graph.split(name)
        if base in self.graph.estimates:
            return self._make_update(base, done) if 0 < done <= self.updates else None
        plain = self.plain(base)
        if plain is None:
            return None
        if done == 0:
            return plain if plain.stage != "backward" or self._has_pass(plain) else None
        last = self.updates - (plain.stage == "backward")
        if done > last or not self._step_varies(plain):
            return None
        if plain.kind == "given":
            return self._make_update(base, done)
        if len(self.graph.batches) > 1 and plain.stage == "backward":
            return self._rename_step(plain, done) if self._belongs_to_pass(plain, done) else None
        return self._rename_step(plain, done)

    def _has_pass(self, step: Step) -> bool:
        """Whether a derivative belongs to the first pass, so that its id has no count."""
        if len(self.graph.batches) == 1:
            return True
        passes = range(max(self.updates, 1)) if not self._step_varies(step) else range(1)
        return any(self._belongs_to_pass(step, done) for done in passes)

    def backward(self, update: int) -> Iterator[Step]:
        """The derivatives that an update needs, by plain ids."""
        steps = (self._derive(of, wrt) for of, wrt in self._order.list_pairs(update))
        return (step for step in steps if step is not None)

    def varies(self, name: str) -> bool:
        """Whether an update changes the quantity of a plain id."""
        quantity = self.graph.quantities.get(name)
        if quantity is not None:
            return quantity.varies
        if name not in self._varying:
            self._settle_varying(name)
        return self._varying[name]

    def _settle_varying(self, name: str) -> None:
        """Find out whether an update changes an id, from what it needs, without recursion."""
        waiting = [name]
        while waiting:
            step = self.plain(waiting[-1])
            uses = step.uses if step is not None else ()
            unknown = [u for u in uses if self._known_to_vary(u) is None]
            if unknown and not any(self._known_to_vary(u) for u in uses):
                waiting.append(unknown[0])
            else:
                self._varying[waiting.pop()] = any(self._known_to_vary(u) for u in uses)

    def _known_to_vary(self, name: str) -> bool | None:
        quantity = self.graph.quantities.get(name)
        return self._varying.get(name) if quantity is None else quantity.varies

    def _step_varies(self, step: Step) -> bool:
        if step.stage != "backward":
            return self.graph[step.id].varies
        return any(self.varies(used) for used in step.uses)

    def _given_steps(self) -> Iterator[Step]:
        for q in self.graph.quantities.values():
            if q.expr is None:
                yield Step(q.id, "given", "given", None)

    def _forward_steps(self, done: int) -> Iterator[Step]:
        for q in self.graph.quantities.values():
            if q.expr is not None and (done == 0 or q.varies):
                yield self._rename_step(self._make_value(q), done)

    def _make_value(self, q: Quantity) -> Step:
        return Step(q.id, "value", "forward", q.expr)

    def _backward_steps(self, done: int) -> Iterator[Step]:
        for of, wrt in self._order.list_pairs(done + 1):
            step = self._derive(of, wrt)
            if step is None:
                continue
            if len(self.graph.batches) > 1 and self._belongs_to_pass(step, done):
                yield self._rename_step(step, done if self._step_varies(step) else 0)
            elif len(self.graph.batches) == 1 and (done == 0 or self._step_varies(step)):
                yield self._rename_step(step, done)

    def _belongs_to_pass(self, step: Step, done: int) -> bool:
        """Whether a derivative is computed in the pass after so many updates.

        One that no update changes belongs to the first pass with its samples.
        """
        batches = self.graph.batches
        own = next((i for i, b in enumerate(batches) if self._is_in_batch(step.of, b)), None)
        place = done % len(batches) if own is None else own
        if not self._step_varies(step):
            return done == place
        return done % len(batches) == place

    def _is_in_batch(self, name: str, batch: Batch) -> bool:
        """Whether a quantity belongs to one mini-batch: its error, or anything of its samples."""
        sample = self.graph[name].sample
        return name in (batch.data, batch.objective) or (
            sample > 0 and self.graph.roots[sample - 1] in batch.roots
        )

    def _derive(self, of: str, wrt: str) -> Step | None:
        """The step of a derivative; kept, unless it is one of the many of a single connection."""
        if self.graph.is_connection(of, wrt):
            return self.chain.derive(of, wrt)
        name = self.graph.derivative(of, wrt)
        if name not in self._kept:
            step = self.chain.derive(of, wrt)
            if step is None:
                return None
            self._kept[name] = step
        return self._kept[name]

    def plain(self, base: str) -> Step | None:
        """The step of a plain id, also of one that stands in later passes only."""
        pair = self.graph.parts(base)
        if pair is not None:
            return self._derive(*pair)
        quantity = self.graph.quantities.get(base)
        if quantity is None:
            return None
        if quantity.expr is None:
            return Step(base, "given", "given", None)
        return self._make_value(quantity)

    def _rename_step(self, step: Step, done: int) -> Step:
        """A step with the ids it has after `done` updates."""
        if done == 0 or step.expr is None:
            return step
        last = step.kind == "value" and done == self.updates
        stage: Stage = "check" if last else step.stage
        expr = self.rename_ids(step.expr, done)
        return Step(
            self.graph.after(step.id, done), step.kind, stage, expr, step.of, step.wrt, done
        )

    def rename_ids(self, expr: Expr, done: int) -> Expr:
        """A formula with the ids its quantities have after `done` updates."""
        if done == 0:
            return expr
        return rename(expr, lambda n: self.graph.after(n, done) if self.varies(n) else n)

    def _make_update(self, name: str, done: int) -> Step:
        """The new value of a parameter, or of a number an optimizer keeps beside it."""

        def before(used: str) -> str:
            return self.graph.after(used, done - 1) if done > 1 and self.varies(used) else used

        ids = UpdateNames(before, lambda used: self.graph.after(used, done), Num(str(done)))
        expr = write_update(self.graph, name, self.graph.batch(done).objective, ids)
        kind = choose_kind(self.graph, name)
        return Step(ids.after(name), kind, "update", expr, wrt=name, updates=done)

    def write_update(self, name: str) -> Expr:
        """The formula of any update of `W5`: from the plain ids to the new ones, `W5+`.

        The number of the update stands in it as COUNT.
        """
        ids = UpdateNames(str, lambda used: self.graph.after(used, 1), Name(COUNT))
        return write_update(self.graph, name, self.graph.batch(1).objective, ids)
