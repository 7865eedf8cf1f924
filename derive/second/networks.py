"""A network spec as a wiring: its own forward pass, written a second time."""

from __future__ import annotations

from fractions import Fraction
from functools import partial

from mpmath import mp, mpf

from derive.second.functions import (
    COUPLED,
    FUNCTIONS,
    LOSSES,
    Loss,
    activation,
    constant_of,
    exact,
    ratio,
)
from derive.second.optimizers import rule_of
from derive.second.wiring import Node, Signs, SkippedError, Values, Wiring, sign
from derive.spec import Layer, Network, Regularisation

BUDGET = 5_000_000
"""Products the numeric road may spend: it computes forward twice per parameter."""


class Board:
    """The names of the board, layer by layer."""

    def __init__(self, spec: Network) -> None:
        self.z: list[list[str]] = []
        self.a: list[list[str]] = []
        self.b: list[list[str]] = []
        self.w: list[list[list[str]]] = []
        self.indexed = spec.notation != "flat"
        units = weights = 0
        for number, layer in enumerate(spec.layers, 1):
            self._name(layer, number, units, weights)
            units += len(layer.weights)
            weights += len(layer.weights) * len(layer.weights[0])
        if not self.indexed:
            self.a[-1] = [f"o{i}" for i, _ in enumerate(self.a[-1], 1)]

    def _name(self, layer: Layer, number: int, units: int, weights: int) -> None:
        columns = len(layer.weights[0])
        counted = [f"{number}_{i}" if self.indexed else f"{units + i}"
                   for i, _ in enumerate(layer.weights, 1)]  # fmt: skip
        self.z.append(["z" + unit for unit in counted])
        self.b.append(["b" + unit for unit in counted])
        self.a.append([("a" if self.indexed else "h") + unit for unit in counted])
        self.w.append(
            [
                [
                    f"W{unit}_{j + 1}" if self.indexed else f"W{weights + i * columns + j + 1}"
                    for j in range(columns)
                ]
                for i, unit in enumerate(counted)
            ]
        )

    def error(self, output: int) -> str:
        """The error of an output, counted from 1."""
        return f"E_{output}" if self.indexed else f"E_o{output}"


def wire_network(spec: Network) -> Wiring:
    """The wiring of a network; raises SkippedError for what has no second definition here."""
    weights = sum(len(layer.weights) * len(layer.weights[0]) for layer in spec.layers)
    if weights**2 * len(spec.inputs) * (spec.steps + 1) > BUDGET:
        raise SkippedError(f"{weights} weights are too many for central differences")
    if spec.loss not in LOSSES:
        raise SkippedError(f"the loss {spec.loss} has no second definition here")
    board = Board(spec)
    leaves, parameters = _parameters(spec, board)
    nodes: dict[str, Node] = {}
    totals = []
    for index in range(len(spec.inputs)):
        tag = f"_s{index + 1}" if len(spec.inputs) > 1 else ""
        leaves |= {f"x{i}{tag}": exact(x) for i, x in enumerate(spec.inputs[index], 1)}
        leaves |= {f"t{i}{tag}": exact(t) for i, t in enumerate(spec.targets[index], 1)}
        totals.append(_wire_sample(spec, board, tag, nodes))
    data = "E_data" if spec.regularisation else "E_total"
    if len(totals) > 1:
        share = Fraction(1, len(totals)) if spec.reduction == "mean" else Fraction(1)
        nodes[data] = Node(tuple(totals), partial(_weighted, tuple(totals), share))
    if spec.regularisation:
        leaves |= _wire_penalty(spec.regularisation, board, nodes)
    objectives = _wire_batches(spec, totals, nodes)
    rate = None
    if spec.learning_rate is not None:
        rate = leaves["learning_rate"] = exact(spec.learning_rate)
    rule = rule_of(spec)
    leaves |= rule.set | (rule.start(parameters) if rate is not None else {})
    return Wiring(leaves, nodes, "E_total", parameters, rate, objectives, rule.moved)


def _wire_batches(spec: Network, totals: list[str], nodes: dict[str, Node]) -> tuple[str, ...]:
    """Add the error of each mini-batch; the names of what the updates of an epoch go down on."""
    if spec.batch_size is None:
        return ()
    found: list[str] = []
    for first in range(0, len(totals), spec.batch_size):
        own = tuple(totals[first : first + spec.batch_size])
        share = Fraction(1, len(own)) if spec.reduction == "mean" else Fraction(1)
        name = f"E_batch{len(found) + 1}"
        nodes[name] = Node(own, partial(_weighted, own, share))
        if spec.regularisation:
            pair = (name, "R")
            name = f"J{len(found) + 1}"
            nodes[name] = Node(pair, partial(_weighted, pair, Fraction(1)))
        found.append(name)
    return tuple(found)


def _wire_penalty(given: Regularisation, board: Board, nodes: dict[str, Node]) -> dict[str, mpf]:
    """Add the penalty on all weights and the sum of both; the factors by their ids."""
    weights = tuple(name for layer in board.w for row in layer for name in row)
    both = given.l1 is not None and given.l2 is not None
    square, size = (exact(typed) if typed else mpf(0) for typed in (given.l2, given.l1))
    nodes["R"] = Node(weights, partial(_penalised, weights, square, size))
    nodes["E_total"] = Node(("E_data", "R"), partial(_weighted, ("E_data", "R"), Fraction(1)))
    names = ("lambda2", "lambda1") if both else ("lambda", "lambda")
    pairs = ((names[0], given.l2), (names[1], given.l1))
    return {name: exact(typed) for name, typed in pairs if typed is not None}


def _penalised(
    weights: tuple[str, ...], square: mpf, size: mpf, values: Values, signs: Signs
) -> mpf:
    if size:
        signs.extend(sign(values[name]) for name in weights)
    return mp.fsum(square * values[name] ** 2 / 2 + size * abs(values[name]) for name in weights)


def _parameters(spec: Network, board: Board) -> tuple[dict[str, mpf], tuple[str, ...]]:
    """Values of weights and biases, and the names of those that are updated."""
    weights: dict[str, mpf] = {}
    biases: dict[str, mpf] = {}
    for depth, layer in enumerate(spec.layers):
        for names, row in zip(board.w[depth], layer.weights, strict=True):
            weights |= {name: exact(w) for name, w in zip(names, row, strict=True)}
        if layer.biases is not None:
            pairs = zip(board.b[depth], layer.biases, strict=True)
            biases |= {name: exact(b) for name, b in pairs}
    updated = (*weights, *biases) if spec.update_biases else tuple(weights)
    return weights | biases, updated


def _wire_sample(spec: Network, board: Board, tag: str, nodes: dict[str, Node]) -> str:
    """Add the nodes of one sample; the name of its error."""
    before = [f"x{i}{tag}" for i, _ in enumerate(spec.inputs[0], 1)]
    for depth, layer in enumerate(spec.layers):
        after = [a + tag for a in board.a[depth]]
        zs = tuple(z + tag for z in board.z[depth])
        for unit, z in enumerate(zs):
            bias = board.b[depth][unit] if layer.biases is not None else None
            pairs = tuple(zip(board.w[depth][unit], before, strict=True))
            needs = (*(name for pair in pairs for name in pair), *((bias,) if bias else ()))
            nodes[z] = Node(needs, partial(_preactivation, pairs, bias))
        for z, a in zip(zs, after, strict=True):
            if layer.activation in COUPLED:
                nodes[a] = Node(zs, partial(_coupled, layer.activation, z, zs))
            else:
                activation(layer)
                nodes[a] = Node((z,), partial(_activated, layer, z))
        before = after
    constant = constant_of(spec)
    errors = []
    for j, o in enumerate(before, 1):
        errors.append(board.error(j) + tag)
        t = f"t{j}{tag}"
        nodes[errors[-1]] = Node((t, o), partial(_error, LOSSES[spec.loss], t, o, constant))
    total = "E" + tag if tag else "E_data" if spec.regularisation else "E_total"
    nodes[total] = Node(tuple(errors), partial(_weighted, tuple(errors), Fraction(1)))
    return total


def _preactivation(
    pairs: tuple[tuple[str, str], ...],
    bias: str | None,
    values: Values,
    signs: Signs,  # noqa: ARG001
) -> mpf:
    z = values[bias] if bias else mpf(0)
    for weight, received in pairs:
        z += values[weight] * values[received]
    return z


def _activated(layer: Layer, z: str, values: Values, signs: Signs) -> mpf:
    unit = activation(layer)
    if unit is None:
        return values[z]
    return FUNCTIONS[unit.function]([values[z], *map(exact, unit.given(layer))], signs)


def _coupled(
    name: str,
    own: str,
    zs: tuple[str, ...],
    values: Values,
    signs: Signs,  # noqa: ARG001
) -> mpf:
    return COUPLED[name](values[own], [values[z] for z in zs])


def _error(loss: Loss, t: str, o: str, constant: Fraction, values: Values, signs: Signs) -> mpf:  # noqa: PLR0913, PLR0917  bound one by one
    return loss(values[t], values[o], ratio(constant), signs)


def _weighted(terms: tuple[str, ...], share: Fraction, values: Values, signs: Signs) -> mpf:  # noqa: ARG001
    return mp.fsum(values[term] for term in terms) * share.numerator / share.denominator
