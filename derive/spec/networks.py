"""A network of layers as a graph: given numbers, layers, errors, batches, penalty."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from derive.algebra.expressions import Add, Div, Expr, Mul, Name, Num, add, substitute
from derive.algebra.rules import row_text
from derive.graph import Batch, Block, Graph, Quantity, Spec, list_consumers
from derive.layers import DENSE, Row, Site, row_of
from derive.naming import (
    BATCH,
    DATA,
    LEARNING_RATE,
    OBJECTIVE,
    PENALTY,
    TOTAL,
    Extent,
    Naming,
    Place,
    Role,
)
from derive.ops import LOSSES
from derive.spec.model import Network, Perceptron
from derive.spec.penalty import factors, penalty
from derive.spec.tracks import list_estimates, list_settings, list_states
from derive.spec.training import method_of


def lower_network(spec: Network) -> Graph:
    """All quantities in evaluation order, layer by layer, sample by sample."""
    return _Network(spec).graph()


def extents(spec: Spec) -> tuple[Extent, ...]:
    """How many names each layer takes; a perceptron is one, a circuit has none."""
    if isinstance(spec, Perceptron):
        return (Extent(1, {"W": (1, len(spec.weights)), "b": (1,)}),)
    if not isinstance(spec, Network):
        return ()
    width, made = len(spec.inputs[0]), []
    for number, layer in enumerate(spec.layers, 1):
        row = row_of(layer)
        width = row.check(layer, f"layers[{number}]", width)
        shapes = {tensor.letter: tensor.shape for tensor in row.tensors(layer)}
        made.append(Extent(width, shapes))
    return tuple(made)


def naming_of(spec: Spec) -> Naming:
    """The ids of a spec with layers."""
    return Naming(spec.notation, extents(spec))


def give_samples(spec: Network | Perceptron, naming: Naming) -> Iterator[Quantity]:
    """The inputs of every sample, then the targets of every sample."""
    many = len(spec.inputs) > 1
    given = isinstance(spec, Network) and spec.upstream is not None
    pairs: tuple[tuple[Role, str, tuple[Row, ...]], ...] = (
        ("input", "x", spec.inputs),
        ("upstream", "u", spec.targets) if given else ("target", "t", spec.targets),
    )
    for role, letter, rows in pairs:
        for sample, row in enumerate(rows, 1):
            for index, typed in enumerate(row, 1):
                place = Place(role, letter, 0, (index,), sample if many else 0)
                yield Quantity(naming.name(place), place, varies=False, typed=typed)


class _Network:
    """What has been named so far of one network."""

    def __init__(self, spec: Network) -> None:
        self.spec = spec
        self.naming = naming_of(spec)
        self.varies = spec.steps > 0
        self.many = len(spec.inputs) > 1
        self.table: dict[str, Quantity] = {}
        self.blocks: list[Block] = []

    def graph(self) -> Graph:
        spec = self.spec
        self._give()
        own = [self._parameters(number) for number in range(1, len(spec.layers) + 1)]
        parameters = tuple(q.id for q in self.table.values() if q.role == "parameter" and q.varies)
        self.table.update((q.id, q) for q in list_states(self.spec, parameters))
        samples = range(1, len(spec.inputs) + 1)
        roots = tuple(self._sample(sample if self.many else 0, own) for sample in samples)
        batches = _batches(spec, roots)
        self._reduce(batches, roots)
        return Graph(
            spec,
            self.table,
            list_consumers(self.table.values()),
            TOTAL,
            roots,
            DATA if spec.regularisation else TOTAL,
            batches,
            parameters,
            list_estimates(self.spec, parameters),
            tuple(self.blocks),
            method_of(spec),
            spec.steps if parameters else 0,
            loss=spec.loss,
            input_derivatives=bool(spec.input_derivatives),
            output_routes=all(layer.type == DENSE.name for layer in spec.layers),
        )

    def _put(self, place: Place, **given: Any) -> str:  # noqa: ANN401  fields of Quantity
        name = self.naming.name(place)
        self.table[name] = Quantity(name, place, **given)
        return name

    def _set(self, name: str, role: Role, typed: str) -> None:
        self.table[name] = Quantity(name, Place(role), varies=False, typed=typed)

    def _give(self) -> None:
        self.table.update((q.id, q) for q in give_samples(self.spec, self.naming))
        if self.spec.learning_rate is not None:
            self._set(LEARNING_RATE, "rate", self.spec.learning_rate)
        if self.varies:
            self.table.update((q.id, q) for q in list_settings(self.spec))
        for key, (name, typed) in factors(self.spec.regularisation).items():
            self.table[name] = Quantity(name, Place("factor", key), varies=False, typed=typed)

    def _parameters(self, number: int) -> dict[str, tuple[str, ...]]:
        """The ids of a layer's parameters by letter; biases that are held are constants."""
        layer, own = self.spec.layers[number - 1], {}
        for tensor in row_of(layer).tensors(layer):
            held = not tensor.is_weight and not self.spec.update_biases
            role: Role = "constant" if held else "parameter"
            own[tensor.letter] = tuple(
                self._put(
                    Place(role, tensor.letter, number, index),
                    varies=self.varies and not held,
                    typed=typed,
                )
                for index, typed in zip(tensor.indices(), tensor.typed, strict=True)
            )
        return own

    def _sample(self, sample: int, own: list[dict[str, tuple[str, ...]]]) -> str:
        """The forward pass of one sample and its error; the id of that."""
        table = self.table.values()
        received = tuple(q.id for q in table if q.role == "input" and q.sample == sample)
        targets = tuple(
            q.id for q in table if q.role in ("target", "upstream") and q.sample == sample
        )
        for number, layer in enumerate(self.spec.layers, 1):
            site = Site(number, self.naming, sample, self.varies, received, own[number - 1])
            made = list(row_of(layer).formulas(layer, site))
            self.table.update((q.id, q) for q in made)
            pre = tuple(q.id for q in made if q.role == "preactivation")
            out = tuple(q.id for q in made if q.role == "activation")
            parameters = tuple(name for names in own[number - 1].values() for name in names)
            block = Block(number, sample, received, parameters, pre, out, layer.activation)
            self.blocks.append(block)
            received = out
        errors = list(self._errors(sample, received, targets))
        place = Place("error", "E", sample=sample)
        alone = DATA if self.spec.regularisation else TOTAL
        name = self.naming.name(place) if sample else alone
        total = add(*map(Name, errors))
        self.table[name] = Quantity(name, place, self.varies, total, uses=tuple(errors))
        return name

    def _errors(
        self, sample: int, outputs: tuple[str, ...], targets: tuple[str, ...]
    ) -> Iterator[str]:
        row = LOSSES[self.spec.loss]
        delta = Num(self.spec.delta or row.delta or "")
        formula = substitute(row_text(row.unit), {"d": delta, "n": Num(str(len(outputs)))})
        for unit, (target, output) in enumerate(zip(targets, outputs, strict=True), 1):
            yield self._put(
                Place("unit_error", "E", 0, (unit,), sample),
                varies=self.varies,
                expr=substitute(formula, {"t": Name(target), "o": Name(output)}),
                uses=(target, output),
            )

    def _reduce(self, batches: tuple[Batch, ...], roots: tuple[str, ...]) -> None:
        """The errors of batches and of all samples, the penalty, and the sums of both."""
        for batch in batches if self.spec.batch_size else ():
            self._add(batch.data, _reduction(batch.roots, self.spec.reduction), batch.roots)
        if len(roots) > 1:
            data = DATA if self.spec.regularisation else TOTAL
            self._add(data, _reduction(roots, self.spec.reduction), roots)
        if self.spec.regularisation:
            weights = tuple(name for block in self.blocks[: len(self.spec.layers)]
                            for name in self._weights(block))  # fmt: skip
            self.table[PENALTY] = penalty(self.spec.regularisation, weights, varies=self.varies)
            pairs = {TOTAL: DATA} | {batch.objective: batch.data for batch in batches}
            for objective, data in pairs.items():
                self._add(objective, Add((Name(data), Name(PENALTY))), (data, PENALTY))

    def _weights(self, block: Block) -> Iterator[str]:
        """The weights of a layer: a penalty leaves biases out."""
        layer = self.spec.layers[block.layer - 1]
        counted = {tensor.letter for tensor in row_of(layer).tensors(layer) if tensor.is_weight}
        return (
            name
            for name in block.parameters
            if self.table[name].place.letter in counted and self.table[name].role == "parameter"
        )

    def _add(self, name: str, expr: Expr, uses: tuple[str, ...]) -> None:
        self.table[name] = Quantity(name, Place("error", "E"), self.varies, expr, uses=uses)


def _batches(spec: Network, roots: tuple[str, ...]) -> tuple[Batch, ...]:
    """The batches of one epoch in the order of the samples; a single one without a size.

    The last batch of an epoch may be smaller.
    """
    penalised = spec.regularisation is not None
    if spec.batch_size is None:
        return (Batch(TOTAL, DATA if penalised else TOTAL, roots),)
    starts = range(0, len(roots), spec.batch_size)
    return tuple(
        Batch(
            f"{OBJECTIVE if penalised else BATCH}{number}",
            f"{BATCH}{number}",
            roots[start : start + spec.batch_size],
        )
        for number, start in enumerate(starts, 1)
    )


def _reduction(parts: tuple[str, ...], reduction: str) -> Expr:
    """The sum over samples, or their mean."""
    total = add(*map(Name, parts))
    if reduction == "sum" or len(parts) == 1:
        return total
    return Mul((Div(Num("1"), Num(str(len(parts)))), total))
