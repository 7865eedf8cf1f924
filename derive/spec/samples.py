"""Samples that are more than a row of numbers: signals, images, sequences, tokens.

The depth of the list decides, nothing is guessed. In a checked spec every sample has all
its levels: channels x rows x columns, steps x features.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from derive.errors import SpecError, counted, excerpt
from derive.layers import LAYERS, Layer, Shape
from derive.layers.nested import measure_depth
from derive.layers.shapes import IMAGE, PLACES, SEQUENCE, SIGNAL, TOKENS, VECTOR, At
from derive.naming import Place, Role

LEVELS = {
    VECTOR: ("numbers",),
    SIGNAL: ("channels", "numbers"),
    IMAGE: ("channels", "rows", "columns"),
    SEQUENCE: ("steps", "features"),
    TOKENS: ("tokens",),
}
"""How one sample is nested, by the kind of the input."""
OUTPUTS = {
    VECTOR: ("numbers",),
    SIGNAL: ("maps", "numbers"),
    IMAGE: ("maps", "rows", "columns"),
    SEQUENCE: ("steps", "units"),
}
"""The same of what the last layer gives."""
Leaf = Callable[[object, str], Any]
"""Reads one entry; raises SpecError with its place."""


def choose_kind(given: object, layers: Sequence[object]) -> str:
    """What a sample is: what the spec says, else what its first layer takes."""
    if given is not None:
        if not isinstance(given, str) or given not in LEVELS:
            kinds = ", ".join(LEVELS)
            raise SpecError("input", f"expected one of {kinds}, got {excerpt(str(given))}")
        return given
    first = layers[0] if layers else None
    kind = first.get("type") if isinstance(first, dict) else getattr(first, "type", None)
    if not isinstance(kind, str) or kind not in LAYERS:
        return VECTOR
    if not LAYERS[kind].kind:
        raise SpecError(
            "input", f'{kind} takes maps: say "image" (rows of numbers) or "signal" (a row)'
        )
    return LAYERS[kind].kind


def read_samples(
    values: object, levels: tuple[str, ...], place: str, read: Leaf
) -> tuple[Any, ...]:
    """Every sample with all its levels; raises SpecError for another depth or uneven lists."""
    depth, full = measure_depth(values), len(levels)
    maps = levels[0] in ("channels", "maps")
    if depth == full:
        samples: Any = [values]
    elif depth == full + 1:
        samples = values
    elif maps and depth == full - 1:
        samples = [[values]]
    else:
        raise SpecError(place, _describe_depth(values, levels, depth))
    read_all = tuple(
        _read(sample, levels, f"{place}[{number}]" if len(samples) > 1 else place, read)
        for number, sample in enumerate(samples, 1)
    )
    sizes = {_measure(sample) for sample in read_all}
    if len(sizes) > 1:
        first, *others = (_measure(sample) for sample in read_all)
        other = next(size for size in others if size != first)
        shown = [" x ".join(map(str, size)) for size in (first, other)]
        raise SpecError(place, f"expected samples of one shape, got {shown[0]} and {shown[1]}")
    return read_all


def _describe_depth(values: object, levels: tuple[str, ...], depth: int) -> str:
    wanted = " x ".join(levels)
    if depth == 1 and levels[0] == "steps":
        assert isinstance(values, list | tuple)
        shown = ", ".join(f"[{value}]" for value in values[:3])
        more = ", ..." if len(values) > 3 else ""  # noqa: PLR2004  shown
        return f"expected {wanted}, got {counted(len(values), 'number')}; write [{shown}{more}]"
    return f"expected {wanted}, or samples of these, got {counted(depth, 'level')}"


def _read(values: Any, levels: tuple[str, ...], place: str, read: Leaf) -> Any:  # noqa: ANN401  nested lists
    if not levels:
        return read(values, place)
    if not isinstance(values, list | tuple) or not values:
        raise SpecError(place, f"expected a list of {levels[0]}")
    made = tuple(
        _read(value, levels[1:], f"{place}[{index}]", read)
        for index, value in enumerate(values, 1)
    )
    if len(levels) > 1 and len({len(row) for row in made}) > 1:
        lengths = ", ".join(str(len(row)) for row in made[:8])
        raise SpecError(place, f"expected {levels[1]} of one length, got {lengths}")
    return made


def _measure(values: Any) -> At:  # noqa: ANN401  nested lists
    sizes = []
    while isinstance(values, tuple):
        sizes.append(len(values))
        values = values[0]
    return tuple(sizes)


def shape_of(sample: Any, kind: str) -> Shape:  # noqa: ANN401  nested tuples
    """The shape of a sample that has all its levels."""
    sizes = _measure(sample)
    if kind == TOKENS:
        return Shape(1, sizes, TOKENS)
    if kind == SEQUENCE:
        return Shape(sizes[1], sizes[:1], SEQUENCE)
    return Shape(sizes[0], sizes[1:], kind)


def list_entries(sample: Any, shape: Shape) -> Iterator[tuple[int, At, Any]]:  # noqa: ANN401  nested tuples
    """Unit, place and entry of everything in a sample, in the order in which it is written."""
    places = list(shape.list_places())
    if shape.kind == TOKENS:
        yield from ((1, at, sample[at[0] - 1]) for at in places)
        return
    if shape.kind == SEQUENCE:
        for at in places:
            for unit, entry in enumerate(sample[at[0] - 1], 1):
                yield unit, at, entry
        return
    for unit in range(1, shape.units + 1):
        for at in places:
            entry = sample[unit - 1]
            for index in at:
                entry = entry[index - 1]
            yield unit, at, entry


def place_input(unit: int, at: At, shape: Shape, sample: int) -> Place:
    """Where a number of the input stands: a single channel has no number."""
    if shape.kind == SEQUENCE:
        return Place("input", "x", 0, (unit,), sample, at[0])
    alone = shape.units == 1 and PLACES[shape.kind]
    return Place("input", "x", 0, at if alone else (unit, *at), sample)


def place_output(role: Role, letter: str, at: tuple[int, At], shape: Shape, sample: int) -> Place:
    """Where a target or an error of an output stands; `at` is its unit and its place."""
    unit, place = at
    if shape.kind == SEQUENCE:
        return Place(role, letter, 0, (unit,), sample, place[0])
    return Place(role, letter, 0, (unit, *place), sample)


def is_plain(kind: str, layers: Sequence[Layer]) -> bool:
    """Whether a network is one of units alone, without places and branches."""
    return kind == VECTOR and all(LAYERS[layer.type].by_units for layer in layers)
