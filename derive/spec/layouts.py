"""The layers of a network one after the other, and which way round their weights are written.

`weights_layout` says it: books with z = xW have a row for each input. A matrix of the
wrong shape whose transpose would do is told so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from derive.errors import SpecError
from derive.layers import Layer, Shape, row_of
from derive.layers.dense import describe_ragged
from derive.layers.flatten import FLATTEN
from derive.layers.shapes import VECTOR
from derive.spec.model import BOOK_LAYOUT, Network, turn_layer, turn_weights
from derive.spec.samples import is_plain
from derive.spec.wiring import wire

ROWS = f'with weights_layout = "{BOOK_LAYOUT}" rows are inputs, columns are units'
HINTS = {
    True: "; its transpose fits: leave weights_layout out",
    False: f'; its transpose fits, which weights_layout = "{BOOK_LAYOUT}" reads',
}
"""What to do about a transposed matrix, by whether weights are read as books write them."""


def read_layout(spec: Network) -> Network:
    """The spec with a row of weights for each unit; raises SpecError for uneven rows."""
    if spec.weights_layout != BOOK_LAYOUT:
        return spec
    for number, layer in enumerate(spec.layers, 1):
        for key in row_of(layer).matrices:
            rows = getattr(layer, key)
            if len({len(row) for row in rows}) > 1:
                raise SpecError(
                    f"layers[{number}].{key}",
                    f"expected rows of the same length, got {describe_ragged(rows)}; {ROWS}",
                )
    return turn_weights(spec)


def check_layers(spec: Network) -> Shape:
    """The shape of the outputs; raises SpecError where a layer does not fit those before."""

    def check(number: int, sources: tuple[int, ...], shapes: tuple[Shape, ...]) -> Shape:
        layer, place = spec.layers[number - 1], f"layers[{number}]"
        try:
            _check_columns(spec, layer, place, shapes)
            return row_of(layer).check(layer, place, shapes)
        except SpecError as error:
            hint = _advise(spec, number, sources, error.place.removeprefix(f"{place}."), shapes)
            if hint is None:
                raise
            raise SpecError(error.place, hint(error.problem)) from None

    return wire(spec, check)[-1].shape


def _advise(
    spec: Network, number: int, sources: tuple[int, ...], key: str, shapes: tuple[Shape, ...]
) -> Callable[[str], str] | None:
    """What makes a better message of a layer's own; None where nothing does."""
    layer = spec.layers[number - 1]
    if key not in row_of(layer).matrices:
        return None
    if sources[0] and spec.layers[sources[0] - 1].type == FLATTEN.name:
        named = f"columns are the {shapes[0].units} numbers of layers[{sources[0]}] flattened"
        order = f"{named}: map, row, column"
        return lambda problem: f"{problem.partition(';')[0]}; {order}"
    if is_plain(VECTOR, spec.layers) and _fits_turned(spec, number, shapes[0].units):
        return lambda problem: problem + HINTS[spec.weights_layout == BOOK_LAYOUT]
    return None


def _check_columns(spec: Network, layer: Layer, place: str, shapes: tuple[Shape, ...]) -> None:
    """Of a matrix that was transposed on reading, the shape as its author sees it."""
    keys = row_of(layer).matrices if spec.weights_layout == BOOK_LAYOUT else ()
    width = shapes[0].units
    for key in keys:
        rows = getattr(layer, key)
        if rows and len(rows[0]) != width:
            expected = f"expected {width} x {len(rows)}, got {len(rows[0])} x {len(rows)}"
            raise SpecError(f"{place}.{key}", f"{expected}; {ROWS}")


def _fits_turned(spec: Network, number: int, width: int) -> bool:
    """Whether a layer fits both sides with its matrices transposed, alone or with those behind."""
    own, *behind = spec.layers[number - 1 :]
    ends = None if spec.classes else {len(row) for row in spec.targets}
    try:
        turned = turn_layer(own)
        choices = ([turned, *behind], [turned, *map(turn_layer, behind)])
    except ValueError:
        return False
    found = (_walk(layers, width) for layers in choices)
    return any(end is not None and (ends is None or end in ends) for end in found)


def _walk(layers: Sequence[Layer], width: int) -> int | None:
    """The units of the last of some layers; None where one does not fit."""
    shape = Shape(width)
    try:
        for layer in layers:
            shape = row_of(layer).check(layer, "", (shape,))
    except SpecError:
        return None
    return shape.units
