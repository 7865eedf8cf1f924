"""Windows that slide over a signal or an image: which cells one sees, how many there are.

The conventions are those of PyTorch: stride and dilation in cells, `partial` is its
`ceil_mode`. Cells and places count from 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod
from typing import Any

import msgspec

from derive import limits
from derive.errors import SpecError
from derive.layers.shapes import At, Shape

AXES = {1: ("width",), 2: ("rows", "columns")}
"""What the sizes of a window are, by the number of its axes."""
SAME, VALID = "same", "valid"
Pair = tuple[int, int]
"""Cells before and behind on one axis."""


class Windows(msgspec.Struct, frozen=True):
    """Windows of one size; every field has one entry for each axis."""

    size: At
    stride: At
    padding: tuple[Pair, ...]
    dilation: At
    partial: bool = False

    def count(self, length: int, axis: int) -> int:
        """How many windows fit along an axis of so many cells; 0 or less where none does."""
        span = self.dilation[axis] * (self.size[axis] - 1) + 1
        before, behind = self.padding[axis]
        stride = self.stride[axis]
        room = length + before + behind - span
        if room < 0:
            return 0
        count = room // stride + 1
        more = self.partial and room % stride and count * stride < length + before
        return count + 1 if more else count

    def fill(self, size: At) -> At:
        """How many windows fit along each axis."""
        return tuple(self.count(length, axis) for axis, length in enumerate(size))

    def list_cells(self, place: At, size: At) -> Iterator[tuple[At, At]]:
        """The cells of a window in row order and what each sees: only what lies inside."""
        for cell in product(*(range(1, length + 1) for length in self.size)):
            seen = tuple(map(self._see, range(len(size)), place, cell))
            if all(1 <= at <= length for at, length in zip(seen, size, strict=True)):
                yield cell, seen

    def _see(self, axis: int, place: int, cell: int) -> int:
        start = self.stride[axis] * (place - 1) - self.padding[axis][0]
        return start + self.dilation[axis] * (cell - 1) + 1

    def count_padded(self, place: At, size: At) -> int:
        """How many cells of a window lie inside the input and its padding together."""
        counts = []
        for axis, (at, length) in enumerate(zip(place, size, strict=True)):
            start = self.stride[axis] * (at - 1)
            end = length + sum(self.padding[axis])
            counts.append(min(start + self.size[axis], end) - start)
        return prod(counts)


def read_windows(layer: Any, place: str, size: At, of: str = "size") -> Windows:  # noqa: ANN401  the keys of several layers
    """The windows of a layer whose window has some size; raises SpecError with the place.

    `of` is the key that says the size.
    """
    axes = len(size)
    if prod(size) > limits.WINDOW_CELLS:
        raise SpecError(f"{place}.{of}", f"{prod(size)} cells; at most {limits.WINDOW_CELLS}")
    stride = size if layer.stride is None else spread(layer.stride, axes, f"{place}.stride", 1)
    dilation = spread(getattr(layer, "dilation", 1), axes, f"{place}.dilation", 1)
    partial = getattr(layer, "partial", False)
    padding = _read_padding(layer.padding, f"{place}.padding", size, stride, dilation)
    return Windows(size, stride, padding, dilation, partial)


def spread(value: object, axes: int, place: str, least: int) -> At:
    """A number for every axis, or one number for each; raises SpecError for anything else."""
    listed = list(value) if isinstance(value, list | tuple) else [value] * axes
    numbers = [number for number in listed if type(number) is int and number >= least]
    if not len(listed) == len(numbers) == axes:
        pair = f", or [{', '.join(AXES[axes])}]" if axes > 1 else ""
        shown = listed if isinstance(value, list | tuple) else value
        raise SpecError(place, f"expected a whole number from {least}{pair}, got {shown}")
    return tuple(numbers)


def _read_padding(
    value: object, place: str, size: At, stride: At, dilation: At
) -> tuple[Pair, ...]:
    if value == VALID:
        return ((0, 0),) * len(size)
    if value == SAME:
        if set(stride) != {1}:
            shown = stride[0] if len(set(stride)) == 1 else list(stride)
            problem = f'"same" needs stride 1, got {shown}; give the padding in numbers'
            raise SpecError(place, problem)
        totals = [d * (length - 1) for d, length in zip(dilation, size, strict=True)]
        return tuple((total // 2, total - total // 2) for total in totals)
    if isinstance(value, str):
        raise SpecError(place, f'expected whole numbers, "{SAME}" or "{VALID}", got "{value}"')
    if isinstance(value, list | tuple) and any(isinstance(v, list | tuple) for v in value):
        if len(value) != len(size):
            sides = "[[left, right]]" if len(size) == 1 else "[[top, bottom], [left, right]]"
            raise SpecError(place, f"expected {sides}")
        pairs = [spread(v, 2, place, 0) for v in value]
        return tuple((first, last) for first, last in pairs)
    if len(size) == 1 and isinstance(value, list | tuple) and len(value) == 2:  # noqa: PLR2004  left and right
        first, last = spread(value, 2, place, 0)
        return ((first, last),)
    return tuple((n, n) for n in spread(value, len(size), place, 0))


def slide(windows: Windows, received: Shape, units: int, place: str) -> Shape:
    """The shape of what windows over a shape give; raises SpecError where none fits."""
    size = windows.fill(received.size)
    if min(size) < 1:
        shown, room = (" x ".join(map(str, s)) for s in (windows.size, received.size))
        smaller = "smaller kernels" if place.endswith("kernels") else "a smaller size"
        if max(windows.dilation) > 1:
            shown, smaller = f"dilated {shown}", f"{smaller}, a smaller dilation"
        raise SpecError(
            place, f"a {shown} window does not fit into {room}; give {smaller} or a padding"
        )
    if prod(size) > limits.PLACES:
        raise SpecError(place, f"{prod(size)} places of a map; at most {limits.PLACES}")
    return Shape(units, size, received.kind)
