"""All gradients of an exercise at once, without a step for each connection.

The same products and sums as in the steps, unit by unit from the outputs back:
an error signal is found once, handed back over each weight and multiplied by
each last factor. For programs that need every gradient of a large network.
"""

from __future__ import annotations

import msgspec

from derive.chains import NetworkChain
from derive.expressions import Expr, Name
from derive.layers.network import reduced
from derive.naming import derivative_id
from derive.numbers import balls
from derive.numbers.balls import Lookup, Value
from derive.numbers.numbers import Numbers


def gradients(numbers: Numbers) -> dict[str, Value]:
    """`dE_total/dp` by parameter p before any update: fractions, or balls of the key's bits.

    Nothing for a perceptron, where nothing is differentiated.
    Raises SpecError where a value does not exist or a case cannot be decided.
    """
    graph, chain = numbers.derivation.graph, numbers.derivation.chain
    if chain is None:
        return {}
    if numbers.stepwise or not isinstance(chain, NetworkChain):
        parameters = [q.id for q in graph.quantities.values() if q.kind == "parameter"]
        return {p: numbers.value(derivative_id(graph.total, p)) for p in parameters}
    parts = [_of_sample(numbers, chain, root) for root in reversed(graph.roots)][::-1]
    with balls.precision(numbers.bits):
        return total(chain, parts)


def _of_sample(numbers: Numbers, chain: NetworkChain, root: str) -> dict[str, Value]:
    backward = Backward(chain, root)
    return numbers.rising(root, lambda level: backward.gradients(level.value))


def total(chain: NetworkChain, parts: list[dict[str, Value]]) -> dict[str, Value]:
    """The gradients of all samples from those of each, in the order of the roots."""
    if len(parts) == 1:
        return parts[0]
    roots = chain.graph.roots
    formula = reduced(tuple(Name(root) for root in roots), chain.spec.reduction)
    found: dict[str, Value] = {}
    for p in parts[0]:
        own = {root: part[p] for root, part in zip(roots, parts, strict=True)}
        found[p] = balls.evaluate(formula, own.__getitem__)
    return found


class _Unit(msgspec.Struct, frozen=True):
    """What the backward pass needs of a unit: ids, and the slopes of its pre-activation."""

    activation: str
    error: str
    slope: str
    parameters: tuple[tuple[str, Expr], ...]
    below: tuple[tuple[str, Expr], ...]


class Backward:
    """The backward pass of one sample, laid out once for any number of values."""

    def __init__(self, chain: NetworkChain, root: str) -> None:
        """Walk the layers from the outputs back."""
        self.units = tuple(
            _Unit(
                a,
                derivative_id(root, a),
                derivative_id(a, z),
                tuple(chain.into(z, "parameter")),
                tuple(chain.into(z, "activation")),
            )
            for units in reversed(chain.layers(chain.graph[root].sample))
            for z, a in units
        )
        self.parameters = tuple(
            q.id for q in chain.graph.quantities.values() if q.kind == "parameter"
        )

    def gradients(self, value: Lookup) -> dict[str, Value]:
        """The error of the sample by each parameter, in the order of the quantities.

        `value` gives that of any id; of the derivatives it is asked for those
        of the error by an output and of a unit's activation by its pre-activation.
        """
        returned: dict[str, Value] = {}
        found: dict[str, Value] = {}
        for unit in self.units:
            error = returned.pop(unit.activation, None)
            if error is None:
                error = value(unit.error)
            signal = balls.product(error, value(unit.slope))
            for p, slope in unit.parameters:
                found[p] = balls.product(signal, balls.evaluate(slope, value))
            for below, slope in unit.below:
                back = balls.product(signal, balls.evaluate(slope, value))
                returned[below] = returned[below] + back if below in returned else back
        return {p: found[p] for p in self.parameters}
