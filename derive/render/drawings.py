"""A drawing as strings of a format: positions in centimetres, labels as cells of a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from derive.pages.document import Cell, Curve, Picture, Wire
from derive.render.safe import Safe

PIXELS = 96 / 2.54
"""Of a centimetre in a browser."""
Writes = Callable[[Cell], Safe]
"""How a format writes a cell."""


def picture_view(block: Picture, cell: Writes) -> dict[str, Any]:
    """What `picture.j2` of a format places."""
    return {
        "type": "picture",
        "caption": Safe() if block.caption is None else cell(block.caption),
        "width": length(block.width),
        "height": length(block.height),
        "pixels": Safe(f"{block.width * PIXELS:.1f} {block.height * PIXELS:.1f}"),
        "dots": [
            {
                "x": length(dot.x),
                "y": length(dot.y),
                "left": length(dot.x - dot.width / 2),
                "width": length(dot.width),
                "lit": dot.lit,
                "label": cell(dot.label),
            }
            for dot in block.dots
        ],
        "wires": [_wire(wire) for wire in sorted(block.wires, key=_is_lit)],
        "curves": [_curve(curve) for curve in block.curves],
        "labels": [
            {
                "x": length(label.x),
                "y": length(label.y),
                "tone": Safe(label.tone),
                "text": cell(label.text),
            }
            for label in block.labels
        ],
    }


def length(centimetres: float) -> Safe:
    """A length as a number without its unit."""
    return Safe(f"{centimetres:.2f}")


def _wire(wire: Wire) -> dict[str, Safe]:
    ends = zip(("x1", "y1", "x2", "y2"), (*wire.start, *wire.end), strict=True)
    route = Safe("" if wire.route is None else str(wire.route))
    step = Safe(1 + (wire.route or 0))
    return {**{name: length(value) for name, value in ends}, "route": route, "step": step}


def _curve(curve: Curve) -> dict[str, Any]:
    """The points in centimetres, and in the pixels of a browser, which has no other unit there."""
    points = [{"x": length(x), "y": length(y)} for x, y in curve.points]
    pixels = " ".join(f"{x * PIXELS:.1f},{y * PIXELS:.1f}" for x, y in curve.points)
    return {"points": points, "pixels": Safe(pixels), "tone": Safe(curve.tone)}


def _is_lit(wire: Wire) -> bool:
    """Highlighted wires are drawn over the others."""
    return wire.route is not None
