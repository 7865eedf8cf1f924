"""Maps as one vector, map by map and row by row; no quantity of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from derive.errors import SpecError
from derive.graph import Quantity
from derive.layers.base import LayerType, has_activation, need_nothing
from derive.layers.modules import Own, TorchText, refuse
from derive.layers.plain import Field, Functions, Note
from derive.layers.shapes import VECTOR, Shape
from derive.layers.site import Layer, Site
from derive.naming import UNIT, Numbering


def check(layer: Layer, place: str, shapes: tuple[Shape, ...]) -> Shape:
    """As many units as there are numbers."""
    refuse_activation(layer, place)
    (received,) = shapes
    if received.kind == VECTOR:
        raise SpecError(place, "flatten takes maps or steps, got a vector; leave it out")
    return Shape(received.count)


def refuse_activation(layer: Layer, place: str) -> None:
    """Raise SpecError where a layer without quantities of its own has an activation."""
    if has_activation(layer):
        problem = f"{layer.type} takes no activation; put it on another layer"
        raise SpecError(f"{place}.activation", problem)


def number_no_unit(*_: object) -> dict[str, Numbering]:
    """The layer takes no number of the units."""
    return {letter: Numbering(UNIT, (0,)) for letter in "zab"}


def hand_on(site: Site, made: Sequence[Quantity]) -> tuple[str, ...]:
    """What it receives: maps in order, of a sequence step after step."""
    del made
    (taken,) = site.taken
    if taken.shape.kind != "sequence":
        return taken.ids
    return tuple(name for at in taken.shape.list_places() for name in taken.at_place(at))


def run_plain(layer: Layer, received: Field, note: Note, functions: Functions) -> Field:
    """The same numbers in another order, for the independent check."""
    del layer, note, functions
    shape = received.shape
    places = list(shape.list_places())
    if shape.kind == "sequence":
        order = [(unit, at) for at in places for unit in range(1, shape.units + 1)]
    else:
        order = [(unit, at) for unit in range(1, shape.units + 1) for at in places]
    numbers: dict[tuple[int, tuple[int, ...]], Any] = {
        (number, ()): received.numbers[key] for number, key in enumerate(order, 1)
    }
    return Field(Shape(shape.count), numbers)


def write_torch(layer: Layer, own: Own, shapes: tuple[Shape, ...], shape: Shape) -> TorchText:
    """`nn.Flatten`, whose order is ours."""
    del layer, own, shapes, shape
    return TorchText(("{y} = {m}({x0})",), "nn.Flatten()")


def read_torch(module: Any) -> list[dict[str, Any]]:  # noqa: ANN401  a module of PyTorch
    """An `nn.Flatten` of everything behind the samples."""
    refuse(module, start_dim=1, end_dim=-1)
    return [{"type": "flatten"}]


FLATTEN = LayerType(
    "flatten", Layer, check, need_nothing, need_nothing, None,
    run_plain, letters=number_no_unit, outputs=hand_on, copied=lambda _: True,
    torch=write_torch, torch_read={"Flatten": read_torch},
)  # fmt: skip
