"""All gradients of an exercise at once, without a step for each connection.

The same products and sums as in the steps, unit by unit from the outputs back:
an error signal is found once, handed back over each weight and multiplied by
each last factor. For programs that need every gradient of a large network.
"""

from __future__ import annotations

import msgspec

from derive.algebra.expressions import Expr, Name
from derive.derivation.chains import NetworkChain
from derive.layers.network import reduced
from derive.naming import derivative_id
from derive.numbers import balls
from derive.numbers.balls import Lookup, Value
from derive.numbers.numbers import Numbers


def gradients(numbers: Numbers) -> dict[str, Value]:
    """`dE_total/dp` by parameter p before any update: fractions, or balls of the key's bits.

    With mini-batches those of the first batch.

    Nothing for a perceptron, where nothing is differentiated.
    Raises SpecError where a value does not exist or a case cannot be decided.
    """
    graph, chain = numbers.derivation.graph, numbers.derivation.chain
    if chain is None:
        return {}
    if numbers.stepwise or not isinstance(chain, NetworkChain):
        parameters = [q.id for q in graph.quantities.values() if q.kind == "parameter"]
        objective = graph.batch(1).objective
        return {p: numbers.value(derivative_id(objective, p)) for p in parameters}
    parts = [_of_sample(numbers, chain, root) for root in reversed(graph.batch(1).roots)][::-1]
    with balls.precision(numbers.bits):
        return total(chain, parts, numbers.value)


def _of_sample(numbers: Numbers, chain: NetworkChain, root: str) -> dict[str, Value]:
    backward = Backward(chain, root)
    return numbers.rising(root, lambda level: backward.gradients(level.value))


def total(chain: NetworkChain, parts: list[dict[str, Value]], value: Lookup) -> dict[str, Value]:
    """The gradients of the total error from those of each sample, in the order of the roots.

    `value` gives that of a weight and of the factors of a penalty on it.
    """
    found = _reduced(chain, parts)
    if not chain.spec.regularisation:
        return found
    added = {
        p: balls.evaluate(chain.penalty_slope(p), value) for p in found if chain.is_penalised(p)
    }
    return {p: gradient + added.get(p, balls.ZERO) for p, gradient in found.items()}


def _reduced(chain: NetworkChain, parts: list[dict[str, Value]]) -> dict[str, Value]:
    if len(parts) == 1:
        return parts[0]
    roots = [str(number) for number in range(len(parts))]
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
    slopes: tuple[tuple[str, str], ...]
    parameters: tuple[tuple[str, Expr], ...]
    below: tuple[tuple[str, Expr], ...]


class Backward:
    """The backward pass of one sample, laid out once for any number of values."""

    def __init__(self, chain: NetworkChain, root: str) -> None:
        """Walk the layers from the outputs back."""
        self.layers = tuple(
            tuple(
                _Unit(
                    a,
                    derivative_id(root, a),
                    chain.slopes_at(z),
                    tuple(chain.into(z, "parameter")),
                    tuple(chain.into(z, "activation")),
                )
                for z, a in units
            )
            for units in reversed(chain.layers(chain.graph[root].sample))
        )
        self.parameters = tuple(
            q.id for q in chain.graph.quantities.values() if q.kind == "parameter"
        )

    def gradients(self, value: Lookup) -> dict[str, Value]:
        """The error of the sample by each parameter, in the order of the quantities.

        `value` gives that of any id; of the derivatives it is asked for those
        of the error by an output and of a unit's activation by its pre-activation.
        """
        errors: dict[str, Value] = {}
        found: dict[str, Value] = {}
        for layer in self.layers:
            returned: dict[str, Value] = {}
            for unit in layer:
                if unit.activation not in errors:
                    errors[unit.activation] = value(unit.error)
            for unit in layer:
                signal = _signal(unit, errors, value)
                for p, slope in unit.parameters:
                    found[p] = balls.product(signal, balls.evaluate(slope, value))
                for below, slope in unit.below:
                    back = balls.product(signal, balls.evaluate(slope, value))
                    returned[below] = returned[below] + back if below in returned else back
            errors = returned
        return {p: found[p] for p in self.parameters}


def _signal(unit: _Unit, errors: dict[str, Value], value: Lookup) -> Value:
    """The error by a pre-activation: along each activation that depends on it."""
    first, *others = (balls.product(errors[a], value(slope)) for a, slope in unit.slopes)
    for part in others:
        first += part
    return first
