"""Where a sum of derivatives may be cut off from the way by which its parts came about.

A bias of all keys has no effect on attention, nor a bias before a batch normalisation:
whatever enters the layer, and whatever error signals come back to it. So the signals at
the outputs of a layer are taken as they are, and all that the sum does not depend on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from derive.algebra.expressions import Expr, names
from derive.graph import Graph

IsAtom = Callable[[str], bool]
"""Whether an id is taken as it is, without asking for its formula."""


def choose_atoms(graph: Graph, expr: Expr, is_moved: IsAtom) -> Iterator[IsAtom]:
    """For a sum of derivatives what to take as it is, the strongest cut first.

    What the derivatives are by always is, and what `is_moved` holds for. First the signals
    at the outputs of their own layer are, then those of the next, then none. Of a formula
    without derivatives what it uses is.
    """
    ends, bases = _find_ends(graph, expr)
    if not ends:
        yield _take_used(graph, expr, is_moved)
        return
    layer = max((graph.quantities[base].place.layer for base in bases), default=0)
    for last in (layer, layer + 1):
        outputs = {name for b in graph.blocks if b.layer == last for name in b.out} - bases
        if outputs:
            yield _cut_at(graph, last, ends, outputs, _reach(graph, bases, last), is_moved)
    yield lambda name: name in ends or is_moved(name)


def _take_used(graph: Graph, expr: Expr, is_moved: IsAtom) -> IsAtom:
    """What a formula uses, but for what is made of the rest: the mean of the same numbers."""
    used = {name: graph.quantities.get(graph.split(name)[0]) for name in names(expr)}
    bases = {q.id for q in used.values() if q is not None}
    alone = {name for name, q in used.items() if q is not None and not bases.intersection(q.uses)}
    return lambda name: name in alone or is_moved(name)


def _find_ends(graph: Graph, expr: Expr) -> tuple[set[str], set[str]]:
    """What the derivatives in a formula are by, with and without the count of updates."""
    ends, bases = set(), set()
    for name in names(expr):
        base, updates = graph.split(name)
        pair = graph.parts(base)
        source = graph.source(pair[1]) if pair else ""
        if source in graph.quantities:
            ends.add(graph.after(source, updates))
            bases.add(source)
    return ends, bases


def _reach(graph: Graph, bases: set[str], last: int) -> set[str]:
    """What depends on some quantities, up to a layer."""
    reached, waiting = set(bases), list(bases)
    while waiting:
        for user in graph.consumers.get(waiting.pop(), ()):
            if user not in reached and graph.quantities[user].place.layer <= last:
                reached.add(user)
                waiting.append(user)
    return reached


def _cut_at(  # noqa: PLR0913, PLR0917  the graph, and what each of five sets of ids is
    graph: Graph,
    last: int,
    ends: set[str],
    outputs: set[str],
    reached: set[str],
    is_moved: IsAtom,
) -> IsAtom:
    def is_atom(name: str) -> bool:
        if name in ends or is_moved(name):
            return True
        base, _ = graph.split(name)
        pair = graph.parts(base)
        if pair is not None:
            return pair[0] in graph.roots and graph.source(pair[1]) in outputs
        quantity = graph.quantities.get(base)
        if quantity is None or quantity.expr is None or base in reached:
            return False
        return 0 < quantity.place.layer <= last

    return is_atom
