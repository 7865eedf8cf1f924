"""The exercise as a drawing: what feeds what, in columns from left to right.

Positions are in centimetres from the upper left corner; a format scales them.
One layout serves every format that can draw.
"""

from __future__ import annotations

from collections.abc import Iterable

from derive.expressions import Name
from derive.graph import Graph
from derive.spec import Network
from derive.worksheet.document import Dot, Picture, Wire

MOST_ROWS = 5
"""Units of a column up to which a drawing is readable."""
MOST_COLUMNS = 7
LABELLED_ROWS = 3
"""Units of a column up to which the weights are written on their wires."""
COLUMN, ROW = 4.4, 2.0
MARGIN = 0.6
NEAR, FAR = 0.3, 0.43
"""Where on its wire a label stands; neighbours alternate."""


def picture(graph: Graph) -> Picture | None:
    """The drawing of an exercise; None where it would be too large to read."""
    columns = _network(graph) if isinstance(graph.spec, Network) else _circuit(graph)
    if len(columns) > MOST_COLUMNS or max(map(len, columns)) > MOST_ROWS:
        return None
    rows = max(map(len, columns))
    dots = {
        name: Dot(
            Name(name), MARGIN + COLUMN * at, MARGIN + ROW * (row + (rows - len(column)) / 2)
        )
        for at, column in enumerate(columns)
        for row, name in enumerate(column)
    }
    labelled = rows <= LABELLED_ROWS
    wires = [
        _wire(dots, low, high, parameter if labelled else None)
        for low, high, parameter in _connections(graph, dots)
    ]
    width = 2 * MARGIN + COLUMN * (len(columns) - 1)
    height = 2 * MARGIN + ROW * (rows - 1)
    return Picture(round(width, 2), round(height, 2), tuple(dots.values()), tuple(wires))


def _wire(dots: dict[str, Dot], low: str, high: str, parameter: str | None) -> Wire:
    start, end = dots[low], dots[high]
    place = list(dots).index(low)
    share = FAR if place % 2 else NEAR
    return Wire(
        (start.x, start.y),
        (end.x, end.y),
        None if parameter is None else Name(parameter),
        (
            round(start.x + share * (end.x - start.x), 2),
            round(start.y + share * (end.y - start.y), 2),
        ),
    )


def _network(graph: Graph) -> list[list[str]]:
    """The inputs and the activations of each layer, of the first sample."""
    sample = graph.roots and graph[graph.roots[0]].sample
    columns: list[list[str]] = []
    layer: dict[str, int] = {}
    for q in graph.quantities.values():
        if q.sample != sample or q.kind not in ("input", "activation"):
            continue
        below = [layer[u] for u in _sources(graph, q.id)]
        layer[q.id] = 1 + max(below) if below else 0
        while len(columns) <= layer[q.id]:
            columns.append([])
        columns[layer[q.id]].append(q.id)
    return columns


def _sources(graph: Graph, name: str) -> list[str]:
    """The inputs and activations that a unit's pre-activation uses."""
    quantity = graph[name]
    if quantity.kind != "activation":
        return []
    uses = graph[quantity.uses[0]].uses
    return [u for u in uses if graph[u].kind in ("input", "activation")]


def _circuit(graph: Graph) -> list[list[str]]:
    """Values, then each definition one column behind the last of what it uses."""
    columns: list[list[str]] = []
    depth: dict[str, int] = {}
    for q in graph.quantities.values():
        if q.kind == "rate":
            continue
        depth[q.id] = 1 + max((depth[u] for u in q.uses), default=-1)
        while len(columns) <= depth[q.id]:
            columns.append([])
        columns[depth[q.id]].append(q.id)
    return columns


def _connections(graph: Graph, dots: dict[str, Dot]) -> Iterable[tuple[str, str, str | None]]:
    """Every wire: from, to, and the weight on it in a network."""
    for name in dots:
        quantity = graph[name]
        if quantity.kind == "activation":
            z = graph[quantity.uses[0]]
            weights = [u for u in z.uses if graph[u].typed and graph[u].kind != "input"]
            for source, weight in zip(_sources(graph, name), weights, strict=False):
                yield source, name, weight
        elif quantity.kind == "definition":
            for used in quantity.uses:
                yield used, name, None
