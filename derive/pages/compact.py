"""The way back through a layer as lines of matrices, with one number of them checked."""

from __future__ import annotations

from collections.abc import Sequence

from derive.algebra.expressions import ONE, Add, Expr, Mul, Name, add, mul, names, walk
from derive.derivation.derived import Derived
from derive.graph import Block as LayerBlock
from derive.graph import Quantity
from derive.layers import row_of
from derive.layers.compact import GIVES, TAKES, Letters, Line
from derive.pages.layer_words import find_layer

MOST_TERMS = 9
"""Terms up to which an entry of a line is written out."""


def list_lines(
    derivation: Derived, root: str, blocks: Sequence[LayerBlock], quantities: Sequence[Quantity]
) -> list[Line]:
    """What the type of a layer says of its way back from `root`; nothing for most types."""
    graph, block = derivation.graph, blocks[0]
    layer = find_layer(graph, block)
    if layer is None:
        return []
    parameters = tuple(graph[name] for name in block.parameters)
    letters = Letters(root, parameters, tuple(quantities), _hands_on(derivation, root, block))
    return list(row_of(layer).compact(layer, letters))


def find_side(lines: Sequence[Line]) -> tuple[str, Name]:
    """The sentence on what the layer takes, or on what it gives, and the letter of that."""
    shown = " ".join(name for line in lines for e in (line.left, line.right) for name in names(e))
    return ("compact_takes", TAKES) if TAKES.id in shown else ("compact_gives", GIVES)


def _hands_on(derivation: Derived, root: str, block: LayerBlock) -> bool:
    """Whether what a layer takes gets its whole error signal through this layer."""
    graph = derivation.graph
    users = {user for name in block.inputs for user in graph.consumers.get(name, ())}
    alone = all(graph[user].place.layer == block.layer for user in users)
    back = (graph.derivative(root, name) for name in block.inputs)
    return alone and any(derivation.step(name) is not None for name in back)


def write_entry(derivation: Derived, root: str, line: Line) -> Expr | None:
    """How one entry of a line reads by ids; None for a line without one, or a long one."""
    graph = derivation.graph
    if not line.of:
        return None
    if line.entry is not None:
        entry = line.entry(lambda name: Name(graph.derivative(root, name)))
    else:
        entry = _write_uses(derivation, root, line.of)
    sums = (len(node.terms) for node in walk(entry) if isinstance(node, Add))
    return entry if max(sums, default=1) <= MOST_TERMS else None


def _write_uses(derivation: Derived, root: str, parameter: str) -> Expr:
    """Every use of a parameter: its error signal times what stands beside the parameter."""
    whole = _formula(derivation, derivation.graph.derivative(root, parameter))
    parts = whole.terms if isinstance(whole, Add) else (whole,)
    return add(*(_write_use(derivation, part, parameter) for part in parts))


def _write_use(derivation: Derived, part: Expr, parameter: str) -> Expr:
    product = _formula(derivation, part.id) if isinstance(part, Name) else part
    plain: list[Expr] = []
    for factor in product.factors if isinstance(product, Mul) else (product,):
        written = factor
        if isinstance(factor, Name):
            pair = derivation.graph.parts(factor.id)
            if pair is not None and pair[1] == parameter:
                written = _formula(derivation, factor.id)
        plain += [] if written == ONE else [written]
    return mul(*plain) if plain else ONE


def _formula(derivation: Derived, name: str) -> Expr:
    step = derivation.step(name)
    assert step is not None
    return Name(name) if step.expr is None else step.expr
