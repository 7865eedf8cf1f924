"""Formulas that a slide uncovers piece by piece: factor by factor, term by term, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from derive.pages.document import Picture
from derive.render.boxes import NOTHING, Box, Uncovered

LINE, TALL_LINE, SKIP, ROW, NOTE = 0.6, 0.98, 0.32, 0.62, 0.45
"""About the heights on a slide, in centimetres: a line, one with fractions, the room around
a formula, a row of a table, a sentence."""


class Overlays:
    """Numbers the pieces of one fragment in the order in which they appear."""

    count = 0
    """Pieces so far; the first one is there from the start."""

    def next(self, piece: Box) -> Box:
        """A piece that appears after everything before it."""
        self.count += 1
        return self.with_last(piece)

    def routes(self, picture: Picture) -> bool:
        """Whether the routes of a drawing appear one after the other; they are counted here."""
        numbers = {wire.route for wire in picture.wires if wire.route}
        self.count = max(self.count, 1) + len(numbers)
        return bool(numbers)

    def with_last(self, piece: Box) -> Box:
        """A piece that appears together with the last one."""
        hidden = self.count > 1 and piece != NOTHING
        return Uncovered(self.count, piece) if hidden else piece


class Slide(msgspec.Struct, frozen=True):
    """A fragment, the number of steps that uncover it, its height in centimetres."""

    text: str
    steps: int
    height: float


def height(view: Mapping[str, Any]) -> float:
    """About how high a block stands on a slide."""
    if view["type"] == "lines":
        return SKIP + sum(TALL_LINE if row.tall else LINE for row in view["rows"])
    if view["type"] == "grid":
        return ROW * (1 + len(view["rows"]))
    return NOTE
