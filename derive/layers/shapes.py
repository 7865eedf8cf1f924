"""How the numbers of one sample are arranged: units at places."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod

import msgspec

VECTOR, SIGNAL, IMAGE, SEQUENCE, TOKENS = "vector", "signal", "image", "sequence", "tokens"
PLACES = {VECTOR: 0, SIGNAL: 1, IMAGE: 2, SEQUENCE: 1, TOKENS: 1}
"""Numbers that say a place, by the kind of a shape."""
At = tuple[int, ...]
"""A place: (3,) of a signal, (2, 3) of an image (row, column), (2,) the second step."""


class Shape(msgspec.Struct, frozen=True):
    """`units` at every place of `size`: two maps of 3 x 4 are `Shape(2, (3, 4), IMAGE)`.

    A vector has no size: its units stand at one place, `()`.
    """

    units: int
    size: tuple[int, ...] = ()
    kind: str = VECTOR

    @property
    def count(self) -> int:
        """How many numbers there are."""
        return self.units * prod(self.size)

    def list_places(self) -> Iterator[At]:
        """Every place in row order, counted from 1."""
        return product(*(range(1, length + 1) for length in self.size))

    def find(self, unit: int, place: At = ()) -> int:
        """The position of a number where all stand in a row: unit, then row, then column."""
        position = unit - 1
        for length, at in zip(self.size, place, strict=True):
            position = position * length + at - 1
        return position

    def holds(self, place: At) -> bool:
        """Whether a place lies inside."""
        return all(1 <= at <= length for length, at in zip(self.size, place, strict=True))

    def __str__(self) -> str:
        """As a message writes it: `1 x 2 x 2`; of a sequence the steps come first."""
        parts = (*self.size, self.units) if self.kind == SEQUENCE else (self.units, *self.size)
        return " x ".join(map(str, parts))
