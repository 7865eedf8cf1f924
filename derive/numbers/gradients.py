"""All gradients of an exercise at once, without a step for each connection.

The same sum over all uses as in the steps, from the error's end back: what a
quantity hands on is multiplied by the slope of each use and added up. For
programs that need every gradient of a large network, and for training.
"""

from __future__ import annotations

from derive.algebra.expressions import Name
from derive.derivation.chain import Chain
from derive.naming import PENALTY, derivative_id
from derive.numbers import balls
from derive.numbers.balls import Lookup, Value
from derive.numbers.numbers import Numbers


def gradients(numbers: Numbers) -> dict[str, Value]:
    """`dE_total/dp` by parameter p before any update: fractions, or balls of the key's bits.

    With mini-batches those of the first batch. Of a circuit those by every value;
    nothing for a perceptron, where nothing is differentiated.
    Raises SpecError where a value does not exist or a case cannot be decided.
    """
    graph, chain = numbers.derivation.graph, numbers.derivation.chain
    if chain is None:
        return {}
    batch = graph.batch(1)
    parameters = [q.id for q in graph.of_role("parameter")]
    if numbers.stepwise:
        return {p: numbers.value(derivative_id(batch.objective, p)) for p in parameters}
    parts = {root: _of_root(numbers, chain, root) for root in reversed(batch.roots)}
    with balls.precision(numbers.bits):
        return add_up(chain, 1, parts, numbers.value)


def _of_root(numbers: Numbers, chain: Chain, root: str) -> dict[str, Value]:
    sweep = Sweep(chain, root)
    return numbers.rising(root, lambda level: sweep.run(level.value))


def add_up(
    chain: Chain, update: int, parts: dict[str, dict[str, Value]], value: Lookup
) -> dict[str, Value]:
    """The gradients that an update needs, from those of each sample's error by its id.

    `value` gives that of a weight and of the factors of a penalty on it.
    """
    graph = chain.graph
    batch = graph.batch(update)
    known = dict(parts)
    if batch.data not in known:
        known[batch.data] = _combine(chain, batch.data, known)
    if batch.objective not in known:
        known[PENALTY] = _penalties(chain, known[batch.data], value)
        known[batch.objective] = _combine(chain, batch.objective, known)
    return known[batch.objective]


def _combine(chain: Chain, of: str, known: dict[str, dict[str, Value]]) -> dict[str, Value]:
    """The derivative of a sum of errors by each parameter, from those of its terms."""
    uses, made = chain.graph[of].uses, {}
    for p in next(iter(known.values())):
        step = chain.derivative(of, p)
        assert step is not None
        assert step.expr is not None
        own = {derivative_id(part, p): known[part].get(p, balls.ZERO) for part in uses}
        made[p] = balls.evaluate(step.expr, own.__getitem__)
    return made


def _penalties(chain: Chain, parameters: dict[str, Value], value: Lookup) -> dict[str, Value]:
    slopes = {p: chain.derivative(PENALTY, p) for p in parameters if chain.is_penalised(p)}
    return {
        p: balls.evaluate(step.expr, value)
        for p, step in slopes.items()
        if step is not None and step.expr is not None
    }


class Sweep:
    """The way back from one root, laid out once for any number of values."""

    def __init__(self, chain: Chain, root: str) -> None:
        """Walk the uses from the root back."""
        self.root = root
        self.edges = tuple(chain.edges(root))
        self.parameters = tuple(q.id for q in chain.graph.of_role("parameter"))

    def run(self, value: Lookup) -> dict[str, Value]:
        """The root by each parameter, in the order of the quantities.

        `value` gives that of any id; of derivatives it is asked for local slopes and
        for the root by an output.
        """
        back: dict[str, Value] = {self.root: balls.ONE}
        for edge in self.edges:
            signal = back.get(edge.user)
            if signal is None:
                continue
            slope = edge.slope
            own = value(slope.id) if type(slope) is Name else balls.evaluate(slope, value)
            part = balls.product(signal, own)
            known = back.get(edge.used)
            back[edge.used] = part if known is None else known + part
        return {p: back.get(p, balls.ZERO) for p in self.parameters}
