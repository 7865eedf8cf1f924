"""Which layer takes whose output, and the shape of every output."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from derive.errors import SpecError, excerpt, nearest
from derive.layers import INPUT, Layer, Shape, row_of
from derive.layers.joining import list_sources
from derive.layers.shapes import TOKENS
from derive.spec.samples import choose_kind, shape_of


class Wired(msgspec.Struct, frozen=True):
    """A layer in its place: its number from 1, whose outputs it takes, the shapes in and out.

    A source is the number of a layer, 0 the input. The last of all may be a mere copy of
    the outputs before it, so that these are called `o`: it has no layer of the spec.
    """

    number: int
    layer: Layer | None
    sources: tuple[int, ...]
    shapes: tuple[Shape, ...]
    shape: Shape


def input_shape(spec: Any) -> Shape:  # noqa: ANN401  a network; its model stands above
    """The shape of a sample."""
    return shape_of(spec.inputs[0], choose_kind(spec.input, spec.layers))


Check = Callable[[int, tuple[int, ...], tuple[Shape, ...]], Shape]
"""The shape that layer number so gives, from its sources and their shapes, or SpecError."""


def wire(spec: Any, check: Check | None = None) -> tuple[Wired, ...]:  # noqa: ANN401  a network
    """Every layer with its sources and shapes; raises SpecError where something does not fit.

    `check` is asked for each layer in place of the layer's own check.
    """
    names: dict[str, int] = {INPUT: 0}
    shapes, made = [input_shape(spec)], []
    for number, layer in enumerate(spec.layers, 1):
        place = f"layers[{number}]"
        sources = _find_sources(layer, place, number, names)
        taken = tuple(shapes[source] for source in sources)
        if taken[0].kind == TOKENS and row_of(layer).kind != TOKENS:
            problem = f"{layer.type} takes numbers, got tokens; put an embedding first"
            raise SpecError(place, problem)
        if check is None:
            shape = row_of(layer).check(layer, place, taken)
        else:
            shape = check(number, sources, taken)
        made.append(Wired(number, layer, sources, taken, shape))
        shapes.append(shape)
        if layer.name is not None:
            _check_name(layer.name, place, names)
            names[layer.name] = number
    _check_taken(made)
    last = made[-1]
    if last.layer is not None and row_of(last.layer).copied(last.layer):
        made.append(Wired(last.number + 1, None, (last.number,), (last.shape,), last.shape))
    return tuple(made)


def _find_sources(layer: Layer, place: str, number: int, names: dict[str, int]) -> tuple[int, ...]:
    """The numbers of the layers whose outputs a layer takes."""
    given = list_sources(layer)
    if layer.sources is not None and not given:
        raise SpecError(f"{place}.from", "an empty list; leave it out to take the layer before")
    for name in given:
        if name not in names:
            hint = nearest(name, names) or '; give it its name with name = "..."'
            raise SpecError(f"{place}.from", f'"{excerpt(name)}" is no earlier layer{hint}')
    fewest, most = row_of(layer).sources
    if len(given or (None,)) > most:
        raise SpecError(f"{place}.from", f"{layer.type} takes at most {most}, got {len(given)}")
    if len(given or (None,)) < fewest:
        raise SpecError(f"{place}.from", f"{layer.type} takes {fewest} outputs or more")
    return tuple(names[name] for name in given) or (number - 1,)


def _check_name(name: str, place: str, names: dict[str, int]) -> None:
    if not name:
        raise SpecError(f"{place}.name", "an empty name; leave it out")
    if name in names:
        other = "the input" if name == INPUT else f"layers[{names[name]}]"
        raise SpecError(f"{place}.name", f'"{excerpt(name)}" is the name of {other}; rename it')


def _check_taken(made: list[Wired]) -> None:
    """Raise SpecError for a layer whose output no other layer takes."""
    taken = {source for wired in made for source in wired.sources}
    for wired in made[:-1]:
        if wired.number not in taken:
            problem = "no layer takes its output; name it in a from, or leave it out"
            raise SpecError(f"layers[{wired.number}]", problem)
