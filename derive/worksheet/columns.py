"""Which quantities stand in which column of a drawing, and what connects them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from derive.graph import Graph
from derive.spec import Circuit


class Connection(msgspec.Struct, frozen=True):
    """From a quantity to one that uses it; in a network with the weight between them."""

    low: str
    high: str
    weight: str | None = None


def columns(graph: Graph, root: str = "") -> list[list[str]]:
    """The ids of each column from left to right; `root` adds the error of its sample.

    Without it, a network of several samples is drawn by the ids of the first.
    """
    if isinstance(graph.spec, Circuit):
        return _circuit(graph)
    found = _network(graph, graph[root or graph.roots[0]].sample)
    return [*found, [root]] if root else found


def connections(graph: Graph, shown: Iterable[str]) -> Iterator[Connection]:
    """Every connection between quantities that are shown."""
    for name in shown:
        quantity = graph[name]
        if quantity.kind == "activation":
            z = graph[quantity.uses[0]]
            weights = [u for u in z.uses if graph[u].typed and graph[u].kind != "input"]
            for source, weight in zip(_sources(graph, name), weights, strict=False):
                yield Connection(source, name, weight)
        elif quantity.kind == "definition":
            for used in quantity.uses:
                yield Connection(used, name)
        elif quantity.kind == "error":
            units = dict.fromkeys(u for part in quantity.uses for u in graph[part].uses)
            for used in units:
                if graph[used].kind == "activation":
                    yield Connection(used, name)


def _network(graph: Graph, sample: int) -> list[list[str]]:
    """The inputs and the activations of each layer, of one sample."""
    found: list[list[str]] = []
    layer: dict[str, int] = {}
    for q in graph.quantities.values():
        if q.sample != sample or q.kind not in ("input", "activation"):
            continue
        below = [layer[u] for u in _sources(graph, q.id)]
        layer[q.id] = 1 + max(below) if below else 0
        _put(found, layer[q.id], q.id)
    return found


def _sources(graph: Graph, name: str) -> list[str]:
    """The inputs and activations that a unit's pre-activation uses."""
    quantity = graph[name]
    if quantity.kind != "activation":
        return []
    uses = graph[quantity.uses[0]].uses
    return [u for u in uses if graph[u].kind in ("input", "activation")]


def _circuit(graph: Graph) -> list[list[str]]:
    """Values, then each definition one column behind the last of what it uses."""
    found: list[list[str]] = []
    depth: dict[str, int] = {}
    for q in graph.quantities.values():
        if q.kind != "rate":
            depth[q.id] = 1 + max((depth[u] for u in q.uses), default=-1)
            _put(found, depth[q.id], q.id)
    return found


def _put(found: list[list[str]], place: int, name: str) -> None:
    while len(found) <= place:
        found.append([])
    found[place].append(name)
