"""A dense layer: z = sum of weight x source + bias, then the activation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from derive.algebra.expressions import Expr, Mul, Name, add
from derive.errors import SpecError, counted
from derive.graph import Quantity
from derive.layers.base import (
    Layer,
    LayerType,
    Module,
    Row,
    Site,
    Tensor,
    check_activation,
    list_activations,
)
from derive.layers.plain import Functions, Note, Number


class Dense(Layer, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`weights` has a row per unit and a column per input."""

    weights: tuple[Row, ...]
    biases: Row | None = None


def check(layer: Dense, place: str, width: int) -> int:
    """As many columns as inputs, as many biases as rows."""
    units = len(layer.weights)
    if not units:
        raise SpecError(f"{place}.weights", "an empty list; one row of weights per unit")
    check_activation(layer, place, units)
    columns = {len(row) for row in layer.weights}
    if columns != {width}:
        got = f"{units} x {columns.pop()}" if len(columns) == 1 else describe_ragged(layer.weights)
        raise SpecError(
            f"{place}.weights",
            f"expected {units} x {width}, got {got}; rows are units, columns are inputs",
        )
    if layer.biases is not None and len(layer.biases) != units:
        raise SpecError(
            f"{place}.biases",
            f"expected {counted(units, 'number')}, one per unit, got {len(layer.biases)}",
        )
    return units


def describe_ragged(rows: tuple[Row, ...]) -> str:
    """The lengths of rows that are not all the same."""
    counts = ", ".join(str(len(row)) for row in rows[:8])
    return f"rows of {counts}{', ...' if len(rows) > 8 else ''} numbers"  # noqa: PLR2004


def tensors(layer: Dense) -> tuple[Tensor, ...]:
    """Weights row by row, then biases."""
    shape = (len(layer.weights), len(layer.weights[0]))
    weights = Tensor("W", shape, tuple(chain.from_iterable(layer.weights)), "weight")
    if layer.biases is None:
        return (weights,)
    return weights, Tensor("b", shape[:1], layer.biases, "bias", is_weight=False)


def formulas(layer: Dense, site: Site) -> Iterator[Quantity]:
    """Pre-activations, then activations."""
    weights, biases = site.own["W"], site.own.get("b")
    sources = [Name(name) for name in site.received]
    width, zs = len(sources), []
    for unit in range(len(layer.weights)):
        own = [Name(name) for name in weights[unit * width : (unit + 1) * width]]
        terms: list[Expr] = [Mul((w, h)) for w, h in zip(own, sources, strict=True)]
        uses = [*(w.id for w in own), *site.received]
        if biases is not None:
            terms.append(Name(biases[unit]))
            uses.append(biases[unit])
        z = site.quantity("z", unit + 1, add(*terms), uses)
        zs.append(z.id)
        yield z
    yield from list_activations(layer, site, zs)


def module(layer: Dense, width: int) -> Module:
    """`nn.Linear`, whose weight has our layout."""
    bias = "" if layer.biases is not None else ", bias=False"
    return Module(f"nn.Linear({width}, {len(layer.weights)}{bias})")


def run_plain(
    layer: Dense, received: Sequence[Number], note: Note, functions: Functions
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


DENSE = LayerType(
    "dense", Dense, check, tensors, formulas, module, run_plain,
    "Linear", {"weights": "weight", "biases": "bias"}, ("weights",),
)  # fmt: skip
