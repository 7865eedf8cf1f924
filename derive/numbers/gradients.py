"""All gradients of an exercise at once, without a step for each connection.

The same products and sums as in the steps, unit by unit from the outputs back:
an error signal is found once, handed back over each weight and multiplied by
each last factor. For programs that need every gradient of a large network.
"""

from __future__ import annotations

from derive.chains import NetworkChain
from derive.expressions import Name
from derive.layers.network import reduced
from derive.naming import derivative_id
from derive.numbers import balls
from derive.numbers.balls import Value
from derive.numbers.levels import Level
from derive.numbers.numbers import Numbers


def gradients(numbers: Numbers) -> dict[str, Value]:
    """`dE_total/dp` by parameter p before any update: fractions, or balls of the key's bits.

    Raises SpecError where a value does not exist or a case cannot be decided.
    """
    graph, chain = numbers.derivation.graph, numbers.derivation.chain
    if numbers.stepwise or not isinstance(chain, NetworkChain):
        return {p: numbers.value(derivative_id(graph.total, p)) for p in graph.parameters}
    parts = [
        numbers.rising(root, _Backward(chain, root).gradients) for root in reversed(graph.roots)
    ][::-1]
    if len(parts) == 1:
        return parts[0]
    total = reduced(tuple(Name(root) for root in graph.roots), chain.spec.reduction)
    found: dict[str, Value] = {}
    with balls.precision(numbers.bits):
        for p in graph.parameters:
            own = {root: part[p] for root, part in zip(graph.roots, parts, strict=True)}
            found[p] = balls.evaluate(total, own.__getitem__)
    return found


class _Backward:
    """The backward pass of one sample."""

    def __init__(self, chain: NetworkChain, root: str) -> None:
        self.chain = chain
        self.root = root

    def gradients(self, level: Level) -> dict[str, Value]:
        """By parameter, in the order of the quantities."""
        returned: dict[str, Value] = {}
        found: dict[str, Value] = {}
        for units in reversed(self.chain.layers(self.chain.graph[self.root].sample)):
            for z, a in units:
                error = returned.get(a)
                if error is None:
                    error = level.value(derivative_id(self.root, a))
                signal = error * level.value(derivative_id(a, z))
                for p, slope in self.chain.into(z, "parameter"):
                    found[p] = signal * balls.evaluate(slope, level.value)
                for below, slope in self.chain.into(z, "activation"):
                    back = signal * balls.evaluate(slope, level.value)
                    returned[below] = returned[below] + back if below in returned else back
        return {p: found[p] for p in self.chain.graph.parameters}
