"""Labels on wires: each at a place of its own wire where nothing else stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from derive.algebra.expressions import Expr, Name, Num, Value, walk
from derive.pages.document import Row

SHARES = (0.3, 0.43, 0.5, 0.57, 0.7, 0.36, 0.64, 0.25, 0.75, 0.2, 0.8)
"""Where on its wire a label may stand, the best place first."""
CHARACTER, LINE = 0.175, 0.42
"""About the size of a character of a label, in centimetres."""
GAP = 0.12
"""Least room between two labels."""
SCRIPTS = str.maketrans("", "", "_@")

Point = tuple[float, float]


class Box(msgspec.Struct, frozen=True):
    """The room that something takes, by its middle."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: Box) -> bool:
        """Whether two rectangles overlap."""
        return (
            abs(self.x - other.x) < (self.width + other.width) / 2 + GAP
            and abs(self.y - other.y) < (self.height + other.height) / 2 + GAP
        )


def place_labels(
    wires: Iterable[tuple[Point, Point, float, float]], taken: Sequence[Box]
) -> list[Box] | None:
    """A box on each wire (its ends, the box's width and height); None where one has no room."""
    boxes = list(taken)
    labels: list[Box] = []
    for start, end, width, height in wires:
        for share in SHARES:
            x = round(start[0] + share * (end[0] - start[0]), 2)
            y = round(start[1] + share * (end[1] - start[1]), 2)
            box = Box(x, y, width, height)
            if not any(box.meets(other) for other in boxes):
                break
        else:
            return None
        boxes.append(box)
        labels.append(box)
    return labels


def label_width(row: Row, count: Callable[[str], int]) -> float:
    """About how wide a label is, in centimetres; a typesetter alone knows it exactly.

    `count` tells how many characters the number of an id has.
    """
    parts = [part.expr for part in row.parts] + ([] if row.left is None else [row.left])
    length = sum(_count(node, count) for part in parts for node in walk(part))
    return round(CHARACTER * (length + 2 * (len(parts) - 1)), 2)


def _count(node: Expr, count: Callable[[str], int]) -> int:
    if isinstance(node, Num):
        return len(node.text)
    if isinstance(node, Value):
        return count(node.id)
    return len(node.id.translate(SCRIPTS)) if isinstance(node, Name) else 0
