"""What a layer's own forward pass for the independent check is given: no graph, only numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from derive.algebra.literals import Typed
from derive.layers.base import Layer

Number = Any
"""A number of high precision; which kind is not the layer's business."""


class Note(Protocol):
    """Names each number of a layer; what it gives back is to be computed with."""

    def __call__(self, letter: str, value: Number, *index: int, time: int | None = None) -> Number:
        """Name a computed number by its letter, its index in the layer from 1, and its step."""

    def parameter(self, letter: str, typed: Typed, *index: int) -> Number:
        """The number behind a typed parameter."""


class Functions(Protocol):
    """The table of plain functions."""

    def __call__(self, name: str, *args: Number) -> Number:
        """A function by its name."""

    def activate(self, layer: Layer, zs: Sequence[Number]) -> list[Number]:
        """The activations of the units of one place."""
