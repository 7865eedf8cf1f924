"""Passes from any values of the given numbers, by the formulas of the derivation.

Nothing is remembered between two passes, so a run of 10,000 updates needs no
more memory than one. Values are fractions or balls at the precision in force.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol, TypeVar

from derive import limits
from derive.algebra.expressions import Expr, Name
from derive.derivation.derivation import Derivation
from derive.derivation.steps import Step
from derive.derivation.updates import COUNT, moving
from derive.errors import SpecError
from derive.graph import Graph
from derive.naming import after_updates, derivative_id
from derive.numbers import Shown, balls, rounding
from derive.numbers.balls import NotDefined, Undecided, Value
from derive.numbers.gradients import Sweep, add_up
from derive.numbers.numbers import place_of
from derive.spec import Spec, build, overridden

T = TypeVar("T")
Values = dict[str, Value]
"""By plain id: a pass knows nothing of how many updates were made."""


class NoValueError(NotDefined):
    """The value of an id does not exist: a division by zero, a size beyond bounds."""

    def __init__(self, name: str, problem: str) -> None:
        """Say which and why."""
        super().__init__(problem)
        self.name = name


def told(problem: NotDefined, graph: Graph, updates: int) -> SpecError:
    """The same for the author; `updates` says how many were made before."""
    name = problem.name if isinstance(problem, NoValueError) else graph.total
    shown = after_updates(name, updates)
    return SpecError(shown if updates else place_of(graph, name, shown), str(problem))


class Passes(Protocol):
    """How one exercise is computed from values of its given numbers."""

    graph: Graph

    def printed(self, name: str, value: Value) -> Shown:
        """How an id of the latest pass prints, which has this value; may raise Undecided."""

    def forward(self, changed: Mapping[str, Value]) -> Values:
        """Every quantity, where some given numbers have other values than in the spec.

        Raises NoValueError, and Undecided where more bits are needed.
        """

    def gradients(self, values: Values, count: int = 1) -> Values:
        """The derivative by each parameter of what update `count` goes down on.

        That is the total error, the error of its batch, or a circuit's output.
        """

    def start(self) -> Values:
        """What updates change, before the first of them: parameters, then states beside them."""

    def updated(self, values: Values, count: int) -> Values:
        """The same after update number `count`, from 1."""


def certain(ask: Callable[[], T], bits: int, most: int = limits.PRECISION_CEILING) -> T:
    """What `ask` says at the first precision that decides; Undecided if none up to `most` does."""
    while True:
        try:
            with balls.precision(bits):
                return ask()
        except Undecided:
            bits *= 2
            if bits > most:
                raise


def passes_of(spec: Spec, *, update: bool) -> Passes:
    """The passes of a spec, with an update or forward only.

    Raises SpecError where an update is asked for and the spec has no learning rate.
    """
    derivation = Derivation(build(overridden(spec, {"steps": int(update)})))
    return StepPasses(derivation) if spec.rounding == "stepwise" else SweepPasses(derivation)


class _Base:
    """What both kinds share: the forward pass and the update, formula by formula."""

    def __init__(self, derivation: Derivation) -> None:
        """Read the given numbers once."""
        self.derivation = derivation
        self.graph = derivation.graph
        spec = self.graph.spec
        self._decimals = spec.decimals
        self._stepwise = spec.rounding == "stepwise"
        self._printed: dict[str, Shown] = {}
        table = self.graph.quantities.values()
        self._given = {q.id: balls.exact(q.typed) for q in table if q.expr is None}
        self._formulas = tuple((q.id, q.expr) for q in table if q.expr is not None)
        self._updates = tuple(
            (name, derivation.movement(name))
            for p in self.graph.parameters
            for name in moving(derivation.method, p)
        )

    def start(self) -> Values:
        """Parameters as typed, states 0."""
        states = (q.id for q in self.graph.quantities.values() if q.role == "state")
        return {name: self._given[name] for name in (*self.graph.parameters, *states)}

    def forward(self, changed: Mapping[str, Value]) -> Values:
        """Every quantity in order."""
        values = {**self._given, **changed}
        for name, expr in self._formulas:
            values[name] = self._computed(name, expr, values)
        return values

    def _computed(self, name: str, expr: Expr, values: Values) -> Value:
        try:
            value = balls.evaluate(expr, values.__getitem__)
            return self._short(name, expr, value) if self._stepwise else value
        except NotDefined as problem:
            raise NoValueError(name, str(problem)) from None

    def _short(self, name: str, expr: Expr, value: Value) -> Value:
        """The value as it is printed; a copy prints as its source."""
        if isinstance(expr, Name):
            self._printed[name] = self.printed(expr.id, value)
            return value
        printed = rounding.shown(value, self._decimals)
        self._printed[name] = printed
        return balls.exact(printed.text)

    def printed(self, name: str, value: Value) -> Shown:
        """As it was rounded, else as its value rounds."""
        found = self._printed.get(name)
        return rounding.shown(value, self._decimals) if found is None else found

    def _moved(self, values: Values, gradients: Values, count: int) -> Values:
        """The new parameters and states, from the old ones and from new states."""
        total = self.graph.batch(1).objective
        known = values | {derivative_id(total, p): value for p, value in gradients.items()}
        known[COUNT] = balls.exact(str(count))
        new: Values = {}
        for name, expr in self._updates:
            new[name] = known[after_updates(name, 1)] = self._computed(name, expr, known)
        return new


class StepPasses(_Base):
    """Every step of the derivation one by one: where each is rounded."""

    def __init__(self, derivation: Derivation) -> None:
        """Keep no step yet."""
        super().__init__(derivation)
        self._kept: dict[int, tuple[Step, ...]] = {}

    def gradients(self, values: Values, count: int = 1) -> Values:
        """By parameter."""
        known = dict(values)
        for step in self._backward(count):
            if step.expr is not None:
                known[step.id] = self._computed(step.id, step.expr, known)
        total = self.graph.batch(count).objective
        return {p: known[derivative_id(total, p)] for p in self.graph.parameters}

    def updated(self, values: Values, count: int) -> Values:
        """What updates change, after one more."""
        return self._moved(values, self.gradients(values, count), count)

    def _backward(self, count: int) -> Iterable[Step]:
        """The steps of an update, kept for the next with the same samples if they are few."""
        place = (count - 1) % len(self.graph.batches)
        if place not in self._kept:
            found = tuple(self.derivation.backward(count))
            if len(found) > limits.PAGE_STEPS:
                return found
            self._kept[place] = found
        return self._kept[place]


class SweepPasses(_Base):
    """All gradients at once."""

    def __init__(self, derivation: Derivation) -> None:
        """Lay out the way back from each root."""
        super().__init__(derivation)
        self._sweeps = {root: Sweep(derivation.chain, root) for root in self.graph.roots}
        self._formulas_by_id: dict[str, Expr] = {}

    def gradients(self, values: Values, count: int = 1) -> Values:
        """By parameter."""
        known = dict(values)

        def value(name: str) -> Value:
            computed = known.get(name)
            if computed is None:
                computed = known[name] = self._computed(name, self._formula(name), known)
            return computed

        roots = self.graph.batch(count).roots
        parts = {root: self._sweeps[root].run(value) for root in roots}
        return add_up(self.derivation.chain, count, parts, value)

    def updated(self, values: Values, count: int) -> Values:
        """What updates change, after one more."""
        return self._moved(values, self.gradients(values, count), count)

    def _formula(self, name: str) -> Expr:
        """The formula of a slope, or of the error by one output."""
        formula = self._formulas_by_id.get(name)
        if formula is None:
            step = self.derivation.plain(name)
            assert step is not None
            assert step.expr is not None
            formula = self._formulas_by_id[name] = step.expr
        return formula
