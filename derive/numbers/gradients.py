"""All gradients of an exercise at once, without a step for each connection.

The same sum over all uses as in the steps, from the error's end back: what a
quantity hands on is multiplied by the slope of each use and added up. For
programs that need every gradient of a large network, and for training.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import itemgetter

from derive.algebra.expressions import Expr, Name
from derive.derivation.chain import Chain, Edge
from derive.naming import PENALTY
from derive.numbers import balls
from derive.numbers.balls import BALLS, Value
from derive.numbers.compiling import Compiled, Program, compile_formula
from derive.numbers.numbers import Numbers


def compute_gradients(numbers: Numbers) -> dict[str, Value]:
    """`dE_total/dp` by parameter p before any update: fractions, or balls of the key's bits.

    With mini-batches those of the first batch. Nothing for a perceptron, where
    nothing is differentiated. Raises SpecError where a value does not exist or a
    case cannot be decided.
    """
    graph, chain = numbers.derivation.graph, numbers.derivation.chain
    if chain is None:
        return {}
    objective = graph.objective
    if numbers.stepwise:
        parameters = graph.of_role("parameter")
        return {q.id: numbers.value(graph.derivative(objective, q.id)) for q in parameters}
    backward = Backward(chain, 1)
    return numbers.raise_precision(
        objective,
        lambda level: backward.run({name: level.value(name) for name in backward.needed}),
    )


class Backward:
    """The backward pass of one update, compiled once and run with any values."""

    def __init__(self, chain: Chain, update: int) -> None:
        """Lay out the slopes of all uses, the way back from each root, and their sums."""
        graph = self._graph = chain.graph
        self.batch = graph.batch(update)
        self.needed = tuple(graph.quantities)
        self.parameters = tuple(q.id for q in graph.of_role("parameter"))
        edges = {root: tuple(chain.list_edges(root)) for root in self.batch.roots}
        slopes = {
            edge.slope.id: _read_formula(chain, edge.slope.id)
            for own in edges.values()
            for edge in own
            if isinstance(edge.slope, Name) and edge.slope.id not in graph.quantities
        }
        self._slopes = Program(slopes.items(), BALLS)
        self._sweeps = {root: Sweep(own) for root, own in edges.items()}
        self._sums = Program(self._list_sums(chain), BALLS)

    def _list_sums(self, chain: Chain) -> Iterator[tuple[str, Expr]]:
        """The derivatives of sums of errors, of a penalty, and of both together."""
        batch = self.batch
        wanted = [batch.data] if batch.data not in batch.roots else []
        if batch.objective != batch.data:
            wanted += [PENALTY, batch.objective]
        for of in wanted:
            for p in self.parameters:
                step = chain.derive(of, p)
                if step is not None and step.expr is not None:
                    yield step.id, step.expr

    def run(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """By parameter the derivative of what the update goes down on.

        `values` are those of all quantities. Raises NoValueError.
        """
        known = self._slopes.run(values)
        backs = {root: sweep.run(root, known) for root, sweep in self._sweeps.items()}
        if not self._sums.code:
            (back,) = backs.values()
            return {p: back.get(p, balls.ZERO) for p in self.parameters}
        ends = dict(values)
        for root, back in backs.items():
            ends |= {
                self._graph.derivative(root, p): back.get(p, balls.ZERO) for p in self.parameters
            }
        ends = self._sums.run(ends)
        return {p: ends[self._graph.derivative(self.batch.objective, p)] for p in self.parameters}


def _read_formula(chain: Chain, name: str) -> Expr:
    """The formula of a local slope, or of the root by an output."""
    step = chain.read(name)
    assert step is not None
    assert step.expr is not None
    return step.expr


class Sweep:
    """The backward pass from one root: the derivative by every quantity that it uses."""

    def __init__(self, edges: tuple[Edge, ...]) -> None:
        """Compile the slopes that are more than a name."""
        self._edges: list[tuple[str, str, str | Compiled]] = [
            (edge.user, edge.used, _prepare(edge.slope)) for edge in edges
        ]

    def run(self, root: str, values: Mapping[str, Value]) -> dict[str, Value]:
        """The derivative of the root by each quantity, by its id."""
        back: dict[str, Value] = {root: balls.ONE}
        for user, used, slope in self._edges:
            signal = back.get(user)
            if signal is not None:
                factor = values[slope] if isinstance(slope, str) else slope(values)
                part = balls.product(signal, factor)
                known = back.get(used)
                back[used] = part if known is None else known + part
        return back


def _prepare(slope: Expr) -> str | Compiled:
    return slope.id if type(slope) is Name else compile_formula(slope, BALLS, itemgetter)
