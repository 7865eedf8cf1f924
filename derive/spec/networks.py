"""A network of layers as a graph: given numbers, layers, errors, batches, penalty."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from derive.algebra.expressions import Add, Div, Expr, Mul, Name, Num, add, substitute
from derive.algebra.rules import row_text
from derive.graph import Batch, Block, Graph, Quantity, Spec, list_consumers
from derive.layers import DENSE, Shape, Site, Taken, row_of
from derive.layers.base import choose_outputs
from derive.layers.shapes import SEQUENCE, TOKENS, At
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
from derive.spec.samples import (
    choose_kind,
    is_plain,
    list_entries,
    place_input,
    place_output,
)
from derive.spec.tracks import list_estimates, list_settings, list_states
from derive.spec.training import method_of
from derive.spec.wiring import Wired, input_shape, wire


def lower_network(spec: Network) -> Graph:
    """All quantities in evaluation order, layer by layer, sample by sample."""
    return _Network(spec).graph()


def extents(spec: Spec) -> tuple[Extent, ...]:
    """How many names each layer takes; a perceptron is one, a circuit has none."""
    if isinstance(spec, Perceptron):
        return (Extent(1, {"W": (1, len(spec.weights)), "b": (1,)}),)
    if not isinstance(spec, Network):
        return ()
    return tuple(map(_measure, wire(spec)))


def _measure(wired: Wired) -> Extent:
    """How many names one layer takes."""
    layer = wired.layer
    if layer is None:
        return Extent(wired.shape.units)
    row = row_of(layer)
    shapes = {tensor.letter: tensor.shape for tensor in row.tensors(layer)}
    return Extent(wired.shape.units, shapes, row.letters(layer, wired.shapes, wired.shape))


def naming_of(spec: Spec) -> Naming:
    """The ids of a spec with layers."""
    return Naming(spec.notation, extents(spec))


def give_samples(spec: Network | Perceptron, naming: Naming) -> Iterator[Quantity]:
    """The inputs of every sample, then the targets of every sample."""
    many = len(spec.inputs) > 1
    network = spec if isinstance(spec, Network) else None
    received = input_shape(network) if network else Shape(len(spec.inputs[0]))
    given = wire(network)[-1].shape if network else Shape(len(spec.targets[0]))
    for number, sample in enumerate(spec.inputs, 1):
        if received.kind == TOKENS:
            break
        for unit, at, typed in list_entries(sample, received):
            place = place_input(unit, at, received, number if many else 0)
            yield Quantity(naming.name(place), place, varies=False, typed=typed)
    derived = network is not None and network.upstream is not None
    role, letter = ("upstream", "u") if derived else ("target", "t")
    for number, sample in enumerate(spec.targets, 1):
        for unit, at, typed in list_entries(sample, given):
            where = place_output(cast("Role", role), letter, (unit, at), given, number * many)
            yield Quantity(naming.name(where), where, varies=False, typed=typed)


class _Network:
    """What has been named so far of one network."""

    def __init__(self, spec: Network) -> None:
        self.spec = spec
        self.wired = wire(spec)
        self.naming = naming_of(spec)
        self.varies = spec.steps > 0
        self.many = len(spec.inputs) > 1
        self.samples = range(1, len(spec.inputs) + 1) if self.many else range(1)
        self.coupled = self.many and any(
            row_of(w.layer).coupled(w.layer) for w in self.wired if w.layer is not None
        )
        self.table: dict[str, Quantity] = {}
        self.blocks: list[Block] = []
        self.outputs: dict[tuple[int, int], Taken] = {}
        """What each layer hands on, by layer and sample; layer 0 is the input."""

    def graph(self) -> Graph:
        spec = self.spec
        self._give()
        own = {w.number: self._parameters(w) for w in self.wired}
        parameters = tuple(q.id for q in self.table.values() if q.role == "parameter" and q.varies)
        self.table.update((q.id, q) for q in list_states(self.spec, parameters))
        errors = tuple(self._run(own))
        batches, roots = self._choose_roots(errors)
        self._reduce(batches, errors)
        types = [layer.type for layer in spec.layers]
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
            output_routes=set(types) == {DENSE.name} and self._is_by_units(),
            by_units=self._is_by_units(),
        )

    def _is_by_units(self) -> bool:
        return is_plain(choose_kind(self.spec.input, self.spec.layers), self.spec.layers) and all(
            layer.sources is None for layer in self.spec.layers
        )

    def _choose_roots(self, errors: tuple[str, ...]) -> tuple[tuple[Batch, ...], tuple[str, ...]]:
        """What is differentiated: the error of each sample, or of all where these are coupled."""
        if not self.coupled:
            return _batches(self.spec, errors), errors
        data = DATA if self.spec.regularisation else TOTAL
        return (Batch(TOTAL, data, (data,)),), (data,)

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

    def _parameters(self, wired: Wired) -> dict[str, tuple[str, ...]]:
        """The ids of a layer's parameters by letter; biases that are held are constants.

        What else the layer is given stands behind them.
        """
        layer, own = wired.layer, {}
        if layer is None:
            return {}
        for tensor in row_of(layer).tensors(layer):
            held = not tensor.is_weight and not self.spec.update_biases
            role: Role = "constant" if held else "parameter"
            own[tensor.letter] = tuple(
                self._put(
                    Place(role, tensor.letter, wired.number, index),
                    varies=self.varies and not held,
                    typed=typed,
                )
                for index, typed in zip(tensor.indices(), tensor.typed, strict=True)
            )
        for given in row_of(layer).given(layer, wired.shapes, wired.shape):
            place = Place(
                given.role, given.letter, wired.number, given.index, given.sample, given.time
            )
            self._put(place, varies=False, typed=given.typed)
        return own

    def _run(self, own: dict[int, dict[str, tuple[str, ...]]]) -> Iterator[str]:
        """The forward pass of every sample and its error; the ids of these.

        Sample after sample; layer after layer where samples depend on each other.
        """
        for sample in self.samples:
            self.outputs[0, sample] = self._take_input(sample)
        if not self.coupled:
            for sample in self.samples:
                for wired in self.wired:
                    self._make(wired, (sample,), own[wired.number])
                yield self._measure(sample)
            return
        for wired in self.wired:
            self._make(wired, tuple(self.samples), own[wired.number])
        for sample in self.samples:
            yield self._measure(sample)

    def _take_input(self, sample: int) -> Taken:
        shape = input_shape(self.spec)
        if shape.kind == TOKENS:
            return Taken((), shape, self._read_tokens(self.spec.inputs[max(sample, 1) - 1]))
        table = self.table.values()
        ids = {
            (q.place.index, q.place.time): q.id
            for q in table
            if q.role == "input" and q.sample == sample
        }
        order = []
        for unit in range(1, shape.units + 1):
            for at in shape.list_places():
                place = place_input(unit, at, shape, sample)
                order.append(ids[place.index, place.time])
        return Taken(tuple(order), shape)

    def _read_tokens(self, sample: Any) -> tuple[int, ...]:  # noqa: ANN401  words or numbers
        """The rows of a sample's tokens, from 1."""
        layers = self.spec.layers
        words = next((w for w in (getattr(x, "vocabulary", None) for x in layers) if w), ())
        return tuple(words.index(t) + 1 if isinstance(t, str) else int(t) for t in sample)

    def _make(
        self, wired: Wired, samples: tuple[int, ...], own: dict[str, tuple[str, ...]]
    ) -> None:
        """The quantities of one layer for some samples."""
        sites = tuple(
            Site(
                wired.number, self.naming, sample, self.varies,
                tuple(self.outputs[source, sample] for source in wired.sources), own, wired.shape,
            )
            for sample in samples
        )  # fmt: skip
        layer = wired.layer
        together = row_of(layer).together if layer is not None else None
        if layer is None:
            rows = [list(copy_outputs(site)) for site in sites]
        elif together is not None:
            rows = together(layer, sites)
        else:
            rows = [list(row_of(layer).formulas(layer, site)) for site in sites]
        for site, made in zip(sites, rows, strict=True):
            self.table.update((q.id, q) for q in made)
            choose = row_of(layer).outputs if layer is not None else choose_outputs
            out = choose(site, made)
            self.outputs[wired.number, site.sample] = Taken(out, wired.shape)
            self.blocks.append(
                Block(
                    wired.number, site.sample, tuple(n for t in site.taken for n in t.ids),
                    tuple(name for names in own.values() for name in names),
                    tuple(q.id for q in made if q.role == "preactivation"), out,
                    layer.activation if layer is not None else "identity",
                    layer.type if layer is not None else "",
                )
            )  # fmt: skip

    def _measure(self, sample: int) -> str:
        """The error of one sample: of its steps first, where it has some."""
        outputs = self.outputs[self.wired[-1].number, sample]
        errors = self._errors(sample, outputs)
        if outputs.shape.kind == SEQUENCE and outputs.shape.size[0] > 1:
            names = tuple(self._add_steps(sample, errors))
            total = reduce_errors(names, self.spec.step_reduction or "sum")
        else:
            names = tuple(errors.values())
            total = add(*map(Name, names))
        place = Place("error", "E", sample=sample)
        alone = DATA if self.spec.regularisation else TOTAL
        name = self.naming.name(place) if sample else alone
        self.table[name] = Quantity(name, place, self.varies, total, uses=names)
        return name

    def _add_steps(self, sample: int, errors: dict[tuple[int, At], str]) -> Iterator[str]:
        """The error of each step: the sum over the units."""
        for time in sorted({at[0] for _, at in errors}):
            parts = tuple(name for (_, at), name in errors.items() if at[0] == time)
            place = Place("error", "E", sample=sample, time=time)
            yield self._put(place, varies=self.varies, expr=add(*map(Name, parts)), uses=parts)

    def _errors(self, sample: int, outputs: Taken) -> dict[tuple[int, At], str]:
        """The error of each output, by unit and place."""
        row, shape = LOSSES[self.spec.loss], outputs.shape
        role: Role = "target" if self.spec.upstream is None else "upstream"
        delta = Num(self.spec.delta or row.delta or "")
        formula = substitute(row_text(row.unit), {"d": delta, "n": Num(str(shape.count))})
        made = {}
        for at in shape.list_places():
            for unit in range(1, shape.units + 1):
                letter = "t" if role == "target" else "u"
                target = self.naming.name(place_output(role, letter, (unit, at), shape, sample))
                output = outputs.at(unit, at)
                made[unit, at] = self._put(
                    place_output("unit_error", "E", (unit, at), shape, sample),
                    varies=self.varies,
                    expr=substitute(formula, {"t": Name(target), "o": Name(output)}),
                    uses=(target, output),
                )
        return made

    def _reduce(self, batches: tuple[Batch, ...], roots: tuple[str, ...]) -> None:
        """The errors of batches and of all samples, the penalty, and the sums of both."""
        for batch in batches if self.spec.batch_size else ():
            self._add(batch.data, reduce_errors(batch.roots, self.spec.reduction), batch.roots)
        if len(roots) > 1:
            data = DATA if self.spec.regularisation else TOTAL
            self._add(data, reduce_errors(roots, self.spec.reduction), roots)
        if self.spec.regularisation:
            weights = tuple(name for block in self.blocks if block.sample == self.samples[0]
                            for name in self._weights(block))  # fmt: skip
            self.table[PENALTY] = penalty(self.spec.regularisation, weights, varies=self.varies)
            pairs = {TOTAL: DATA} | {batch.objective: batch.data for batch in batches}
            for objective, data in pairs.items():
                self._add(objective, Add((Name(data), Name(PENALTY))), (data, PENALTY))

    def _weights(self, block: Block) -> Iterator[str]:
        """The weights of a layer: a penalty leaves biases out."""
        layer = self.wired[block.layer - 1].layer
        if layer is None:
            return iter(())
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


def copy_outputs(site: Site) -> Iterator[Quantity]:
    """Copies of what the last layer hands on, so that they are called `o`."""
    (taken,) = site.taken
    for at in taken.shape.list_places():
        for unit, name in enumerate(taken.at_place(at), 1):
            yield site.quantity("a", unit, Name(name), (name,), at=at)


def reduce_errors(parts: tuple[str, ...], reduction: str) -> Expr:
    """The sum over samples or steps, or their mean."""
    total = add(*map(Name, parts))
    if reduction == "sum" or len(parts) == 1:
        return total
    return Mul((Div(Num("1"), Num(str(len(parts)))), total))
