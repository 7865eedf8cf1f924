"""The layers of a network one after the other, and which way round their weights are written.

`weights_layout` says it: books with z = xW have a row for each input. A matrix of the
wrong shape whose transpose would do is told so.
"""

from __future__ import annotations

from collections.abc import Sequence

from derive.errors import SpecError
from derive.layers import Layer, row_of
from derive.layers.dense import describe_ragged
from derive.spec.model import BOOK_LAYOUT, Network, turn_layer, turn_weights

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


def check_layers(spec: Network) -> int:
    """The number of outputs; raises SpecError where a layer does not fit the one before."""
    width = len(spec.inputs[0])
    for number, layer in enumerate(spec.layers, 1):
        place = f"layers[{number}]"
        try:
            _check_columns(spec, layer, place, width)
            width = row_of(layer).check(layer, place, width)
        except SpecError as error:
            at = error.place.removeprefix(f"{place}.")
            if at in row_of(layer).matrices and _fits_turned(spec, number, width):
                hint = HINTS[spec.weights_layout == BOOK_LAYOUT]
                raise SpecError(error.place, error.problem + hint) from None
            raise
    return width


def _check_columns(spec: Network, layer: Layer, place: str, width: int) -> None:
    """Of a matrix that was transposed on reading, the shape as its author sees it."""
    keys = row_of(layer).matrices if spec.weights_layout == BOOK_LAYOUT else ()
    for key in keys:
        rows = getattr(layer, key)
        if rows and len(rows[0]) != width:
            shapes = f"expected {width} x {len(rows)}, got {len(rows[0])} x {len(rows)}"
            raise SpecError(f"{place}.{key}", f"{shapes}; {ROWS}")


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
    try:
        for layer in layers:
            width = row_of(layer).check(layer, "", width)
    except SpecError:
        return None
    return width
