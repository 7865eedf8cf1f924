"""A perceptron's run as a training table: the weights after each presentation."""

from __future__ import annotations

from collections.abc import Iterator

from derive.derivation.derived import derive_graph
from derive.graph import Graph
from derive.numbers import Numbers, Shown
from derive.pages.document import Say, Words
from derive.spec.presenting import Run


def rows(graph: Graph) -> Iterator[tuple[Shown, ...]]:
    """The weights after 0, 1, 2, ... presentations."""
    numbers = Numbers(derive_graph(graph))
    for done in range(numbers.derivation.updates + 1):
        yield tuple(numbers.shown(graph.after(p, done)) for p in graph.parameters)


def ending(run: Run) -> Say:
    """How the run ends."""
    if run.ending == "clean":
        return Say(Words("say.clean", {"number": str(run.epoch)}))
    if run.ending == "cycle":
        ends = {"number": str(run.epoch), "count": str(run.again // run.size + 1)}
        return Say(Words("say.comes_back", ends))
    return Say(Words("say.unfinished", {"count": str(len(run.presentations))}))
