"""Inputs and targets of a network with places, read once the layers are known."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from derive import limits
from derive.algebra.literals import Typed
from derive.errors import SpecError, excerpt, nearest
from derive.layers.embedding import Embedding
from derive.layers.nested import measure_depth
from derive.layers.shapes import TOKENS, VECTOR, Shape
from derive.spec.layouts import check_layers
from derive.spec.model import Network
from derive.spec.samples import LEVELS, OUTPUTS, Leaf, choose_kind, read_samples, shape_of
from derive.spec.typed import read_typed


def read_places(spec: Network, given: dict[str, Any], *, numbers_as_text: bool) -> Network:
    """The spec with the samples that msgspec was not shown; itself where there are none.

    Raises SpecError with the place of the first number that does not fit.
    """
    if not given:
        if spec.step_reduction is not None:
            raise SpecError("step_reduction", "needs inputs with steps; leave it out")
        return spec
    kind = choose_kind(spec.input, spec.layers)

    def read(value: object, place: str) -> Typed:
        try:
            return read_typed(value, numbers_as_text=numbers_as_text)
        except ValueError as error:
            raise SpecError(place, str(error)) from None

    leaf: Leaf = (lambda value, place: _read_token(spec, value, place)) if kind == TOKENS else read
    _check_size(given["inputs"], LEVELS[kind])
    inputs = read_samples(given["inputs"], LEVELS[kind], "inputs", leaf)
    spec = replace(spec, inputs=inputs)
    shape = check_layers(spec)
    for key in ("targets", "upstream"):
        if key in given:
            spec = replace(spec, **{key: _read_outputs(given[key], shape, key, len(inputs), read)})
    return spec


def _check_size(values: object, levels: tuple[str, ...]) -> None:
    """Raise SpecError for more samples than are allowed, before each number is read."""
    many = isinstance(values, list | tuple) and measure_depth(values) > len(levels)
    if many and isinstance(values, list | tuple) and len(values) > limits.SAMPLES:
        raise SpecError("inputs", f"{len(values)} entries; at most {limits.SAMPLES}")


def _read_token(spec: Network, value: object, place: str) -> str | int:
    """A word of the vocabulary, or the number of a row from 1."""
    layer = next((layer for layer in spec.layers if isinstance(layer, Embedding)), None)
    if layer is None:
        raise SpecError("layers", 'tokens need a layer of type = "embedding"')
    words = layer.vocabulary
    if isinstance(value, str) and not isinstance(value, Typed):
        if words is None or value not in words:
            hint = nearest(value, words or ()) if words else "; give a vocabulary, or row numbers"
            raise SpecError(place, f'"{excerpt(value)}" is no word of the vocabulary{hint}')
        return value
    if type(value) is not int or not 1 <= value <= len(layer.table):
        raise SpecError(place, f"expected a word, or a row from 1 to {len(layer.table)}")
    return value


def _read_outputs(values: object, shape: Shape, key: str, samples: int, read: Leaf) -> Any:  # noqa: ANN401  nested tuples
    """Targets in the shape of the outputs, one for each sample."""
    levels = OUTPUTS[shape.kind]
    if shape.kind == VECTOR and not isinstance(values, list | tuple):
        raise SpecError(key, "expected a list of numbers")
    rows = read_samples(values, levels, key, read)
    if len(rows) != samples:
        raise SpecError(
            key, f"expected {samples} of these, as many as samples in inputs, got {len(rows)}"
        )
    got = shape_of(rows[0], shape.kind)
    if got != shape:
        raise SpecError(key, f"expected {shape} ({' x '.join(levels)}), got {got}")
    return rows
