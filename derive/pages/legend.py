"""What the plain letters of an answer form stand for, where a sheet writes others."""

from __future__ import annotations

from collections.abc import Iterator

from derive.algebra.expressions import Name
from derive.graph import Graph, Quantity
from derive.naming import LEARNING_RATE
from derive.pages.document import Say, Words, say


def explain_ids(graph: Graph, derivative: str = "") -> Iterator[Say]:
    """How a derivative is typed, and under which id each symbol of one's own is asked for."""
    if derivative:
        yield say("derivative_sign", symbol=Name(derivative), id=derivative)
    pairs = [
        Words("term.id_of", {"symbol": Name(name), "id": name})
        for role in graph.spec.symbols
        for name in _list_examples(graph, role)
    ]
    if pairs:
        listed, *others = pairs
        for pair in others:
            listed = Words("term.listed", {"before": listed, "last": pair})
        yield say("own_symbols", pairs=listed)


def _list_examples(graph: Graph, role: str) -> list[str]:
    """The id of the first quantity that a role of `[symbols]` writes, if there is one.

    Pre-activations may have names by the unit, so of these the first output's, too.
    """
    if role == "error":
        return [graph.total] if graph.blocks else []
    found = [q.id for q in graph.quantities.values() if _is_of(graph, q, role)][:1]
    if role == "preactivation" and graph.blocks:
        found += graph.blocks_of(graph.blocks[0].sample)[-1].pre[:1]
    return list(dict.fromkeys(found))


def _is_of(graph: Graph, quantity: Quantity, role: str) -> bool:
    """Whether a symbol of this role writes a quantity."""
    if role == "learning_rate":
        return quantity.id == LEARNING_RATE
    if role in ("weight", "bias"):
        return quantity.typed != "" and quantity.place.letter == {"weight": "W", "bias": "b"}[role]
    if role in ("activation", "output"):
        last = max((block.layer for block in graph.blocks), default=0)
        output = graph.spec.notation == "flat" and quantity.place.layer == last
        return quantity.role == "activation" and output == (role == "output")
    return quantity.role == role
