"""A dense layer: z = sum of weight x source + bias, then the activation.

On a sequence it acts on every step with the same weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from derive.algebra.expressions import Expr, Mul, Name, add
from derive.errors import SpecError, counted
from derive.graph import Quantity
from derive.layers.base import LayerType, check_activation, list_activations
from derive.layers.modules import Module, Own, TorchText, store
from derive.layers.plain import Field, Functions, Note, Number, activate_at
from derive.layers.shapes import SEQUENCE, VECTOR, At, Shape
from derive.layers.site import Layer, Row, Site, Tensor


class Dense(Layer, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`weights` has a row per unit and a column per input."""

    weights: tuple[Row, ...]
    biases: Row | None = None


def check(layer: Dense, place: str, shapes: tuple[Shape, ...]) -> Shape:
    """As many columns as inputs, as many biases as rows."""
    (received,) = shapes
    units, width = len(layer.weights), received.units
    if received.kind not in (VECTOR, SEQUENCE):
        problem = f'dense takes a vector, got {received}; put type = "flatten" before it'
        raise SpecError(place, problem)
    if not units:
        raise SpecError(f"{place}.weights", "an empty list; one row of weights per unit")
    check_activation(layer, place, units)
    check_matrix(layer.weights, (units, width), f"{place}.weights")
    if layer.biases is not None and len(layer.biases) != units:
        raise SpecError(
            f"{place}.biases",
            f"expected {counted(units, 'number')}, one per unit, got {len(layer.biases)}",
        )
    return Shape(units, received.size, received.kind)


def check_matrix(
    rows: tuple[Row, ...],
    shape: tuple[int, int],
    place: str,
    what: str = "rows are units, columns are inputs",
) -> None:
    """Raise SpecError unless there are so many rows and columns."""
    columns = {len(row) for row in rows}
    if len(rows) != shape[0] or columns != {shape[1]}:
        got = f"{len(rows)} x {columns.pop()}" if len(columns) == 1 else describe_ragged(rows)
        raise SpecError(place, f"expected {shape[0]} x {shape[1]}, got {got}; {what}")


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
    """Pre-activations, then activations, step by step where there are steps."""
    (taken,) = site.taken
    weights, biases = site.own["W"], site.own.get("b")
    width = taken.shape.units
    for place in taken.shape.list_places():
        received, zs = taken.at_place(place), []
        for unit in range(len(layer.weights)):
            own = weights[unit * width : (unit + 1) * width]
            terms: list[Expr] = [
                Mul((Name(w), Name(h))) for w, h in zip(own, received, strict=True)
            ]
            uses = [*own, *received]
            if biases is not None:
                terms.append(Name(biases[unit]))
                uses.append(biases[unit])
            z = site.quantity("z", unit + 1, add(*terms), uses, at=place)
            zs.append(z.id)
            yield z
        yield from list_activations(layer, site, zs, place)


def module(layer: Dense, width: int) -> Module:
    """`nn.Linear`, whose weight has our layout."""
    bias = "" if layer.biases is not None else ", bias=False"
    return Module(f"nn.Linear({width}, {len(layer.weights)}{bias})")


def write_torch(layer: Dense, own: Own, shapes: tuple[Shape, ...], shape: Shape) -> TorchText:
    """`nn.Linear` among layers with places; on a sequence it acts on every step."""
    del shape
    biased = [store(own, "bias", "b")] if "b" in own else []
    create = module(layer, shapes[0].units).call
    return TorchText(("{y} = {m}({x0})",), create, (store(own, "weight", "W"), *biased))


def run_plain(layer: Dense, received: Field, note: Note, functions: Functions) -> Field:
    """The activations of one sample as numbers, for the independent check."""
    out: dict[tuple[int, At], Number] = {}
    for at in received.shape.list_places():
        zs = []
        for unit, row in enumerate(layer.weights, 1):
            z = note.parameter("b", layer.biases[unit - 1], unit) if layer.biases else 0
            for source, (typed, value) in enumerate(
                zip(row, received.units_at(at), strict=True), 1
            ):
                z += note.parameter("W", typed, unit, source) * value
            zs.append(z)
        out |= activate_at(layer, zs, note, functions, at)
    return Field(Shape(len(layer.weights), received.shape.size, received.shape.kind), out)


DENSE = LayerType(
    "dense", Dense, check, tensors, formulas, module, run_plain,
    "Linear", {"weights": "weight", "biases": "bias"}, ("weights",), by_units=True,
    torch=write_torch,
)  # fmt: skip
