"""The drawing of an exercise that is too large to show each unit: a box for each layer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from derive.algebra.expressions import Name
from derive.graph import Graph
from derive.pages.columns import list_columns
from derive.pages.document import Dot, Label, Picture, Wire, Words

MOST_BOXES = 4
"""Layers up to which each has a box; of more, the middle ones share one."""
STEP, WIDTH, HEIGHT = 5.8, 3.8, 0.9
MARGIN = 0.3


def summary(graph: Graph) -> Picture:
    """A box for each column, and between them the weights from first to last."""
    boxes = list(_boxes(graph))
    if len(boxes) > MOST_BOXES:
        half = MOST_BOXES // 2
        left_out = Words("drawing.more", {"count": str(len(boxes) - 2 * half + 1)})
        boxes = [*boxes[:half], (left_out, None), *boxes[1 - half :]]
    y = MARGIN + HEIGHT / 2
    places = [round(MARGIN + WIDTH / 2 + STEP * at, 2) for at in range(len(boxes))]
    dots = tuple(Dot(words, x, y, WIDTH) for (words, _), x in zip(boxes, places, strict=True))
    labels = tuple(
        Label(into, round(x - STEP / 2, 2), round(y - 0.45, 2))
        for (_, into), x in zip(boxes, places, strict=True)
        if into is not None
    )
    wires = tuple(Wire((a, y), (b, y)) for a, b in pairwise(places))
    width = round(2 * MARGIN + WIDTH + STEP * (len(boxes) - 1), 2)
    return Picture(width, round(2 * y, 2), dots, wires, labels)


Box = tuple[Words, Words | None]
"""What a box says, and what the line into it says."""


def _boxes(graph: Graph) -> Iterator[Box]:
    if graph.presented is not None:
        return _perceptron_boxes(graph)
    return _network_boxes(graph) if graph.blocks else _circuit_boxes(graph)


def _perceptron_boxes(graph: Graph) -> Iterator[Box]:
    inputs, _ = list_columns(graph)
    yield Words("drawing.inputs", {"count": str(len(inputs))}), None
    ends = {"first": Name(graph.parameters[0]), "last": Name(graph.parameters[len(inputs) - 1])}
    yield Words("drawing.step_unit"), Words("drawing.from_to", ends)


def _network_boxes(graph: Graph) -> Iterator[Box]:
    layers = graph.blocks_of(graph.blocks[0].sample)
    yield Words("drawing.inputs", {"count": str(len(layers[0].inputs))}), None
    for layer in layers:
        activation = Words(f"activation.{layer.activation}")
        weights = [p for p in layer.parameters if graph[p].place.letter == "W"]
        ends = {"first": Name(weights[0]), "last": Name(weights[-1])} if weights else None
        yield (
            Words("drawing.units", {"count": str(len(layer.out)), "activation": activation}),
            Words("drawing.from_to", ends) if ends else None,
        )


def _circuit_boxes(graph: Graph) -> Iterator[Box]:
    values, *definitions = list_columns(graph)
    yield Words("drawing.values", {"count": str(len(values))}), None
    for names in definitions:
        yield Words("drawing.definitions", {"count": str(len(names))}), None
