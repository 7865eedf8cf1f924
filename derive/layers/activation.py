"""A layer of activations without weights: a softmax behind sigmoids, a loss of given scores.

Each pre-activation is a copy of what the layer receives.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.algebra.expressions import Name
from derive.graph import Quantity
from derive.layers.base import LayerType, check_activation, list_activations, need_nothing
from derive.layers.modules import Module, Own, TorchText
from derive.layers.plain import Field, Functions, Note, Number, activate_at
from derive.layers.shapes import At, Shape
from derive.layers.site import Layer, Site


def check(layer: Layer, place: str, shapes: tuple[Shape, ...]) -> Shape:
    """As many units as it receives."""
    (received,) = shapes
    check_activation(layer, place, received.units)
    return received


def formulas(layer: Layer, site: Site) -> Iterator[Quantity]:
    """Copies, then their activations, place by place."""
    (taken,) = site.taken
    for place in taken.shape.list_places():
        zs = []
        for unit, source in enumerate(taken.at_place(place), 1):
            z = site.quantity("z", unit, Name(source), (source,), at=place)
            zs.append(z.id)
            yield z
        yield from list_activations(layer, site, zs, place)


def module(layer: Layer, width: int) -> Module:
    """Nothing happens before the activation."""
    del layer, width
    return Module("nn.Identity()")


def write_torch(layer: Layer, own: Own, shapes: tuple[Shape, ...], shape: Shape) -> TorchText:
    """Copies, among layers with places."""
    del layer, own, shapes, shape
    return TorchText(("{y} = {x0}.clone()",))


def run_plain(layer: Layer, received: Field, note: Note, functions: Functions) -> Field:
    """The activations of one sample as numbers, for the independent check."""
    out: dict[tuple[int, At], Number] = {}
    for at in received.shape.list_places():
        out |= activate_at(layer, received.units_at(at), note, functions, at)
    return Field(received.shape, out)


ACTIVATION = LayerType(
    "activation", Layer, check, need_nothing, formulas, module, run_plain, by_units=True,
    torch=write_torch,
)  # fmt: skip
