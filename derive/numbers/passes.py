"""Passes from any values of the given numbers, by the formulas of the derivation.

Nothing is remembered between two passes, so a run of 10,000 updates needs no
more memory than one. Values are fractions or balls at the precision in force.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from derive.algebra.expressions import Expr, Name
from derive.derivation.derivation import Derivation
from derive.derivation.updates import COUNT, list_updated
from derive.errors import SpecError
from derive.graph import Graph
from derive.numbers import Shown, balls, rounding
from derive.numbers.balls import BALLS, NotDefined, Value
from derive.numbers.compiling import NoValueError, Program
from derive.numbers.gradients import Backward
from derive.numbers.numbers import locate
from derive.spec import Spec, build, override

Values = dict[str, Value]
"""By plain id: a pass knows nothing of how many updates were made."""


def explain(problem: NotDefined, graph: Graph, updates: int) -> SpecError:
    """The problem as an error that the spec's author can act on, after `updates` updates."""
    name = problem.name if isinstance(problem, NoValueError) else graph.total
    shown = graph.after(name, updates)
    return SpecError(shown if updates else locate(graph, name, shown), str(problem))


def build_passes(spec: Spec, *, update: bool) -> Passes:
    """The passes of a spec, with an update or forward only.

    Raises SpecError where an update is asked for and the spec has no learning rate.
    """
    return Passes(Derivation(build(override(spec, {"steps": int(update)}))))


class Passes:
    """How one exercise is computed from values of its given numbers."""

    def __init__(self, derivation: Derivation) -> None:
        """Read the given numbers once."""
        self.derivation = derivation
        self.graph = derivation.graph
        self._decimals = self.graph.spec.decimals
        self._stepwise = self.graph.spec.rounding == "stepwise"
        self._settle = self._round if self._stepwise else None
        self._printed: dict[str, Shown] = {}
        table = self.graph.quantities.values()
        self._given = {q.id: balls.exact(q.typed) for q in table if q.expr is None}
        formulas = ((q.id, q.expr) for q in table if q.expr is not None)
        self._forward = Program(formulas, BALLS)
        self._backward: dict[int, Backward | Program] = {}

    @cached_property
    def _update(self) -> Program:
        """New parameters and states, from the old ones, the gradients, and new states."""
        moved = (
            (self.graph.after(name, 1), self.derivation.write_update(name))
            for p in self.graph.parameters
            for name in list_updated(self.graph, p)
        )
        return Program(moved, BALLS)

    def _slope(self, parameter: str) -> str:
        return self.graph.derivative(self.graph.objective, parameter)

    def list_start(self) -> Values:
        """What updates change, before the first of them: parameters, then states beside them."""
        states = (q.id for q in self.graph.of_role("state"))
        return {name: self._given[name] for name in (*self.graph.parameters, *states)}

    def run_forward(self, changed: Mapping[str, Value]) -> Values:
        """Every quantity, where some given numbers have other values than in the spec.

        Raises NoValueError, and Undecided where more bits are needed.
        """
        return self._forward.run({**self._given, **changed}, self._settle)

    def run_backward(self, values: Values, count: int = 1) -> Values:
        """The derivative by each parameter of what update `count` goes down on.

        That is the total error, the error of its batch, or a circuit's output.
        """
        backward = self._choose_backward(count)
        if isinstance(backward, Backward):
            return backward.run(values)
        known = backward.run(values, self._settle)
        objective = self.graph.batch(count).objective
        return {p: known[self.graph.derivative(objective, p)] for p in self.graph.parameters}

    def update(self, values: Values, count: int) -> Values:
        """What updates change, after update number `count`, from 1."""
        slopes = {self._slope(p): v for p, v in self.run_backward(values, count).items()}
        known = values | slopes | {COUNT: balls.exact(str(count))}
        new = self._update.run(known, self._settle)
        return {name: new[self.graph.after(name, 1)] for name in self.list_start()} | {
            name: new[self.graph.after(name, 1)] for name in self.graph.estimates
        }

    def show(self, name: str, value: Value) -> Shown:
        """How an id of the latest pass prints, which has this value; may raise Undecided."""
        known = self._printed.get(name)
        return rounding.show(value, self._decimals) if known is None else known

    def _choose_backward(self, count: int) -> Backward | Program:
        """The backward pass of an update: all at once, or step by step where each is rounded."""
        place = (count - 1) % len(self.graph.batches)
        if place not in self._backward:
            if self._stepwise:
                steps = self.derivation.backward(count)
                formulas = ((s.id, s.expr) for s in steps if s.expr is not None)
                self._backward[place] = Program(formulas, BALLS)
            else:
                self._backward[place] = Backward(self.derivation.chain, count)
        return self._backward[place]

    def _round(self, name: str, expr: Expr, value: Value) -> Value:
        """The value as it is printed; a copy prints as its source."""
        plain = name.removesuffix("+")
        if isinstance(expr, Name):
            self._printed[plain] = self.show(expr.id, value)
            return value
        printed = self._printed[plain] = rounding.show(value, self._decimals)
        return balls.exact(printed.text)
