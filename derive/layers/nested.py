"""Nested lists of a spec as numbers by unit and place; their depth decides what they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from derive.errors import SpecError, counted
from derive.layers.shapes import IMAGE, SEQUENCE, SIGNAL, At, Shape

NAMES = {
    "vector": "numbers",
    "signal": "maps x numbers",
    "image": "maps x rows x columns",
    "sequence": "steps x units",
}
"""How the numbers of one sample are nested, by the kind of their shape."""


def measure_depth(values: object) -> int:
    """How many lists stand inside each other at the first number."""
    depth = 0
    while isinstance(values, list | tuple) and values:
        values, depth = values[0], depth + 1
    return depth


def lay_out(values: Sequence[Any], shape: Shape, place: str) -> list[dict[tuple[int, At], str]]:
    """Tables of a nested list, one for each sample; a single one where there is no such level.

    One map may stand without its level. Raises SpecError for another shape.
    """
    full = 1 + len(shape.size)
    depth = measure_depth(values)
    alone = shape.units == 1 and shape.kind in (SIGNAL, IMAGE) and depth == full - 1
    samples: Sequence[Any] = [[values]] if alone else [values] if depth == full else values
    if depth not in (full, full + 1) and not alone:
        raise SpecError(place, f"expected {NAMES[shape.kind]} ({shape}), got {depth} levels")
    return [_lay_out_one(sample, shape, place) for sample in samples]


def _lay_out_one(values: Any, shape: Shape, place: str) -> dict[tuple[int, At], str]:  # noqa: ANN401  nested lists
    sizes = (*shape.size, shape.units) if shape.kind == SEQUENCE else (shape.units, *shape.size)
    table: dict[tuple[int, At], str] = {}
    for at, value in _walk(values, sizes, place, shape):
        key = (at[-1], at[:-1]) if shape.kind == SEQUENCE else (at[0], at[1:])
        table[key] = str(value)
    return table


def _walk(values: Any, sizes: tuple[int, ...], place: str, shape: Shape) -> Any:  # noqa: ANN401  nested lists
    if not sizes:
        if isinstance(values, list | tuple):
            raise SpecError(place, f"expected {NAMES[shape.kind]} ({shape}), got more levels")
        yield (), values
        return
    if not isinstance(values, list | tuple) or len(values) != sizes[0]:
        got = counted(len(values), "entry") if isinstance(values, list | tuple) else "a number"
        raise SpecError(place, f"expected {NAMES[shape.kind]} ({shape}), got {got}")
    for index, value in enumerate(values, 1):
        for at, number in _walk(value, sizes[1:], place, shape):
            yield (index, *at), number
