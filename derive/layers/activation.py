"""A layer of activations without weights: a softmax behind sigmoids, a loss of given scores.

Each pre-activation is a copy of what the layer receives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.algebra.expressions import Name
from derive.graph import Quantity
from derive.layers.base import (
    Layer,
    LayerType,
    Module,
    Site,
    Tensor,
    check_activation,
    list_activations,
)
from derive.layers.plain import Functions, Note, Number


def check(layer: Layer, place: str, width: int) -> int:
    """As many units as it receives."""
    check_activation(layer, place, width)
    return width


def tensors(layer: Layer) -> tuple[Tensor, ...]:
    """A layer without weights has no parameters."""
    del layer
    return ()


def formulas(layer: Layer, site: Site) -> Iterator[Quantity]:
    """Copies, then their activations."""
    zs = []
    for unit, source in enumerate(site.received, 1):
        z = site.quantity("z", unit, Name(source), (source,))
        zs.append(z.id)
        yield z
    yield from list_activations(layer, site, zs)


def module(layer: Layer, width: int) -> Module:
    """Nothing happens before the activation."""
    del layer, width
    return Module("nn.Identity()")


def run_plain(
    layer: Layer, received: Sequence[Number], note: Note, functions: Functions
) -> list[Number]:
    """The activations of one sample as numbers, for the independent check."""
    zs = [note("z", value, unit) for unit, value in enumerate(received, 1)]
    outputs = functions.activate(layer, zs)
    return [note("h", value, unit) for unit, value in enumerate(outputs, 1)]


ACTIVATION = LayerType("activation", Layer, check, tensors, formulas, module, run_plain)
