"""Which quantities stand in which column of a drawing, and what connects them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from derive.graph import Graph, Quantity


class Connection(msgspec.Struct, frozen=True):
    """From a quantity to one that uses it; in a network with the weight between them."""

    low: str
    high: str
    weight: str | None = None


def list_columns(graph: Graph, root: str = "") -> list[list[str]]:
    """The ids of each column from left to right; `root` adds the error of its sample.

    Without it, a network of several samples is drawn by the ids of the first.
    """
    if not graph.blocks:
        return _arrange_circuit(graph)
    placed = _arrange_network(graph, graph[root or graph.roots[0]].sample)
    return [*placed, [root]] if root else placed


def list_connections(graph: Graph, shown: Iterable[str]) -> Iterator[Connection]:
    """Every connection between quantities that are shown."""
    for name in shown:
        kind = graph[name].role
        if kind == "error":
            yield from _connect_error(graph, name)
        elif kind == "definition" or graph[name].vector:
            for used in graph[name].uses:
                yield Connection(used, name)
        elif kind in ("activation", "preactivation"):
            uses = _find_preactivation(graph, name).uses
            weights = [u for u in uses if graph[u].typed and graph[u].role != "input"]
            sources = _list_sources(graph, name)
            own = weights if len(weights) >= len(sources) else [None] * len(sources)
            for source, weight in zip(sources, own, strict=False):
                yield Connection(source, name, weight)


def _connect_error(graph: Graph, name: str) -> Iterator[Connection]:
    """From every output that an error is made of."""
    units = dict.fromkeys(u for part in graph[name].uses for u in graph[part].uses)
    for used in units:
        if graph[used].role == "activation":
            yield Connection(used, name)


def _arrange_network(graph: Graph, sample: int) -> list[list[str]]:
    """The inputs and the activations of each layer, of one sample.

    A layer whose activations depend on all of its pre-activations has a column for each.
    """
    placed: list[list[str]] = []
    layer: dict[str, int] = {}
    for q in graph.quantities.values():
        drawn = ("input", "activation", "preactivation")
        if q.sample != sample or q.role not in drawn or _is_within(graph, q):
            continue
        below = [layer[u] for u in _list_sources(graph, q.id)]
        layer[q.id] = 1 + max(below) if below else 0
        _put(placed, layer[q.id], q.id)
    return placed


def _list_sources(graph: Graph, name: str) -> list[str]:
    """What leads to a dot: the inputs and activations that its pre-activation uses.

    To an activation that depends on all pre-activations of its layer these lead.
    """
    quantity = graph[name]
    if quantity.role == "input":
        return []
    if quantity.vector:
        return list(quantity.uses)
    uses = _find_preactivation(graph, name).uses
    return [u for u in uses if graph[u].role in ("input", "activation")]


def _find_preactivation(graph: Graph, name: str) -> Quantity:
    """The pre-activation of a unit that is one dot, or the dot itself."""
    quantity = graph[name]
    return graph[quantity.uses[0]] if quantity.role == "activation" else quantity


def _is_within(graph: Graph, quantity: Quantity) -> bool:
    """Whether a pre-activation shares the dot of its activation."""
    if quantity.role != "preactivation":
        return False
    return not graph[graph.activation_of(quantity.id)].vector


def _arrange_circuit(graph: Graph) -> list[list[str]]:
    """Values, then each definition one column behind the last of what it uses."""
    placed: list[list[str]] = []
    depth: dict[str, int] = {}
    for q in graph.quantities.values():
        if q.role != "rate":
            depth[q.id] = 1 + max((depth[u] for u in q.uses), default=-1)
            _put(placed, depth[q.id], q.id)
    return placed


def _put(placed: list[list[str]], place: int, name: str) -> None:
    while len(placed) <= place:
        placed.append([])
    placed[place].append(name)
