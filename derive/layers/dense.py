"""A dense layer: z = sum of weight x source + bias, then the activation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from derive.algebra import couplings
from derive.algebra.expressions import Call, Expr, Mul, Name, Num, add
from derive.layers.plain import Functions, Note, Number
from derive.naming import Naming
from derive.ops import ACTIVATIONS
from derive.quantities import Quantity
from derive.spec import Layer


class Place(msgspec.Struct, frozen=True):
    """Where a layer stands, from 1; whether there are updates, and of its biases."""

    number: int
    naming: Naming
    updates: bool
    update_biases: bool


def parameters(layer: Layer, place: Place) -> Iterator[Quantity]:
    """Weights row by row, then biases; biases that are held are constants."""
    ids = place.naming
    for unit, row in enumerate(layer.weights, 1):
        for source, typed in enumerate(row, 1):
            yield Quantity(
                ids.weight(place.number, unit, source), "parameter", place.updates, typed=typed
            )
    for unit, typed in enumerate(layer.biases or (), 1):
        name = ids.bias(place.number, unit)
        if place.update_biases:
            yield Quantity(name, "parameter", place.updates, typed=typed)
        else:
            yield Quantity(name, "constant", varies=False, typed=typed)


def dense(
    layer: Layer, place: Place, own: Sequence[Name], sources: Sequence[Name], sample: int
) -> Iterator[Quantity]:
    """Pre-activation and activation of each unit, for one sample (0: the only one).

    `own` names the layer's parameters, `sources` the activations it receives.
    """
    ids, units = place.naming, range(1, len(layer.weights) + 1)
    suffix = f"_s{sample}" if sample else ""
    width = len(sources)
    for unit in units:
        weights = own[(unit - 1) * width : unit * width]
        terms: list[Expr] = [Mul((w, h)) for w, h in zip(weights, sources, strict=True)]
        uses = [*(w.id for w in weights), *(h.id for h in sources)]
        if layer.biases is not None:
            bias = own[len(units) * width + unit - 1]
            terms.append(bias)
            uses.append(bias.id)
        z = ids.preactivation(place.number, unit) + suffix
        total = add(*terms)
        yield Quantity(z, "preactivation", place.updates, total, uses=tuple(uses), sample=sample)
    names = [(ids.preactivation(place.number, unit) + suffix,
              ids.activation(place.number, unit) + suffix) for unit in units]  # fmt: skip
    if coupling := ACTIVATIONS[layer.activation].coupling:
        yield from _coupled(coupling, names, varies=place.updates, sample=sample)
        return
    for z, a in names:
        formula = activated(layer, Name(z))
        yield Quantity(a, "activation", place.updates, formula, uses=(z,), sample=sample)


def _coupled(
    coupling: str, names: list[tuple[str, str]], *, varies: bool, sample: int
) -> Iterator[Quantity]:
    """The activations of a layer whose outputs depend on all of its pre-activations."""
    zs = [z for z, _ in names]
    total = couplings.exponentials(zs)
    for z, a in names:
        uses = (z, *(other for other in zs if other != z))
        formula = couplings.activated(coupling, z, total)
        yield Quantity(a, "activation", varies, formula, "", uses, sample, coupling)


def activated(layer: Layer, z: Name) -> Expr:
    """The activation as a formula: a copy of z for the identity."""
    row = ACTIVATIONS[layer.activation]
    if row.function is None:
        return z
    if not row.key:
        return Call(row.function, (z,))
    return Call(row.function, (z, Num(getattr(layer, row.key) or getattr(row, row.key))))


def run_plain(
    layer: Layer, received: Sequence[Number], note: Note, functions: Functions
) -> list[Number]:
    """The activations of one sample as numbers, for the independent check."""
    zs = []
    for unit, row in enumerate(layer.weights, 1):
        z = note.parameter("b", layer.biases[unit - 1], unit) if layer.biases else 0
        for source, (typed, value) in enumerate(zip(row, received, strict=True), 1):
            z += note.parameter("W", typed, unit, source) * value
        zs.append(note("z", z, unit))
    activations = functions.activate(layer, zs)
    return [note("h", value, unit) for unit, value in enumerate(activations, 1)]
