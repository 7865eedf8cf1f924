"""What a layer's own forward pass for the independent check is given: no graph, only numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import msgspec

from derive.algebra.literals import Typed
from derive.layers.shapes import At, Shape
from derive.layers.site import Layer

Number = Any
"""A number of high precision; which kind is not the layer's business."""


class Field(msgspec.Struct, frozen=True):
    """The numbers of one sample, by unit and place: (2, (1, 3)) is map 2, row 1, column 3."""

    shape: Shape
    numbers: Mapping[tuple[int, At], Number]

    def at(self, unit: int, place: At = ()) -> Number:
        """The number of a unit at a place; 0 outside, as padding is."""
        return self.numbers.get((unit, place), 0)

    def units_at(self, place: At = ()) -> list[Number]:
        """The numbers of all units at a place."""
        return [self.numbers[unit, place] for unit in range(1, self.shape.units + 1)]


class Note(Protocol):
    """Names each number of a layer; what it gives back is to be computed with.

    A number has a letter, an index in the layer from 1, and a place of the layer's
    outputs, or a step (`time`).
    """

    def __call__(
        self, letter: str, value: Number, *index: int, at: At = (), time: int | None = None
    ) -> Number:
        """Name a computed number."""

    def parameter(self, letter: str, typed: Typed, *index: int) -> Number:
        """The number behind a typed parameter."""

    @property
    def sample(self) -> int:
        """The sample whose numbers are named, from 1; 0 where there is only one."""

    def shared(self) -> Note:
        """The same for numbers that belong to no sample."""

    def given(
        self, letter: str, typed: Typed, *index: int,
        at: At = (), time: int | None = None, own: bool = False,
    ) -> Number:  # fmt: skip
        """The number behind another typed number, by which nothing is differentiated.

        All samples share it, unless the sample has its `own`.
        """

    def hold(self, letter: str, value: Number, *index: int, time: int | None = None) -> Number:
        """A number named before, as a constant for whatever is computed from it."""


class Functions(Protocol):
    """The table of plain functions."""

    def __call__(self, name: str, *args: Number) -> Number:
        """A function by its name."""

    def activate(self, layer: Layer, zs: Sequence[Number]) -> list[Number]:
        """The activations of the units of one place."""

    def share_out(self, scores: Sequence[Number]) -> list[Number]:
        """The softmax of a row."""

    def exact(self, typed: Typed | str) -> Number:
        """A typed number."""

    @property
    def nothing(self) -> Number:
        """What a division by 0 gives."""

    def side(self, value: Number) -> int:
        """On which side of 0 a number lies: -1, 0 or 1."""


def activate_at(
    layer: Layer, zs: Sequence[Number], note: Note, functions: Functions, at: At
) -> dict[tuple[int, At], Number]:
    """Named pre-activations and activations of the units of one place."""
    named = [note("z", z, unit, at=at) for unit, z in enumerate(zs, 1)]
    values = enumerate(functions.activate(layer, named), 1)
    return {(unit, at): note("h", value, unit, at=at) for unit, value in values}
