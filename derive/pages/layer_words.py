"""What a page says of a layer: its row in the table of layers, the keys of its sentences."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import fields

from derive.algebra.expressions import Name
from derive.graph import Block, Graph
from derive.layers import DENSE, Layer, row_of
from derive.ops import ACTIVATIONS
from derive.pages.document import Cell, Grid, Words, cell
from derive.spec import Network

NAMED = ("type", "activation", "formula", "name", "sources")
"""Keys of a layer that the table has columns for, or that say where the layer stands."""
FEW = 4
"""Numbers of a setting that are told."""


def find_layer(graph: Graph, block: Block) -> Layer | None:
    """What the spec says of a layer; None for the block that copies the outputs."""
    if not block.type or not isinstance(graph.spec, Network):
        return None
    return graph.spec.layers[block.layer - 1]


def name_kind(graph: Graph, block: Block) -> str:
    """The wording of a layer: a dense one has another where it acts on several steps."""
    steps = {graph[name].place.time for name in block.out}
    repeated = block.type == DENSE.name and len(steps) > 1
    return "dense_steps" if repeated else block.type or "copies"


def name_forward(graph: Graph, block: Block) -> str:
    """The key of the sentence on what a layer computes."""
    layer = find_layer(graph, block)
    ending = row_of(layer).forward_words(layer) if layer is not None else ""
    return f"layer_forward.{name_kind(graph, block)}{ending}"


def name_backward(graph: Graph, block: Block) -> str:
    """The key of the sentence on what a layer hands back."""
    layer = find_layer(graph, block)
    ending = row_of(layer).backward_words(layer) if layer is not None else ""
    return f"layer_backward.{name_kind(graph, block)}{ending}"


def write_layers(graph: Graph, blocks: Sequence[Block]) -> Grid:
    """A row for each layer: its type, what it gives, its activation, what it is set to."""
    layers = [
        (block, _list_settings(layer)) for block in blocks if (layer := find_layer(graph, block))
    ]
    is_set = any(settings for _, settings in layers)
    columns = ("layer", "type", "outputs", "activation", *["settings"] * is_set)
    rows: list[tuple[Cell, ...]] = []
    for block, settings in layers:
        first, last = (Name(graph.without_sample(block.out[i])) for i in (0, -1))
        ends = Words("drawing.from_to", {"first": first, "last": last})
        row: tuple[Cell, ...] = (
            Words("layer.plain", {"number": str(block.layer)}),
            Words(f"layer_type.{block.type}"),
            cell(first) if len(block.out) == 1 else ends,
            _name_activation(graph, block),
        )
        rows.append((*row, *[Words("layer.plain", {"number": settings})] * is_set))
    return Grid(tuple(Words(f"column.{key}") for key in columns), tuple(rows))


def _list_settings(layer: Layer) -> str:
    """The keys of a layer that are not as they are by default, as its spec has them."""
    told = [
        (field.encode_name, getattr(layer, field.name))
        for field in fields(layer)
        if field.name not in NAMED and getattr(layer, field.name) != field.default
    ]
    return ", ".join(f"{key} = {_write_setting(value)}" for key, value in told if _is_short(value))


def _is_short(value: object) -> bool:
    """Whether the value of a key is one number or word, or a few whole numbers."""
    if isinstance(value, tuple):
        whole = all(isinstance(part, int | tuple) and _is_short(part) for part in value)
        return whole and len(value) < FEW
    return isinstance(value, str | int)


def _write_setting(value: object) -> str:
    """A value as a spec has it."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_write_setting, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _name_activation(graph: Graph, block: Block) -> Words:
    """The activation of a layer; the identity only where it stands behind a weighted sum."""
    row = ACTIVATIONS.get(block.activation)
    if row is None:
        return Words("layer.plain", {"number": block.activation})
    copied = graph[block.out[0]].expr
    summed = isinstance(copied, Name) and copied.id in block.pre
    if not (row.function or row.vector or summed):
        return Words("term.nothing")
    return Words(f"activation.{block.activation}")
