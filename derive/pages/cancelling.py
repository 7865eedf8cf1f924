"""The error signal of an output where the slopes of loss and activation cancel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from derive.algebra.cancellations import OUTPUT, TARGET, cancel_slopes
from derive.algebra.expressions import Call, Expr, Name, substitute
from derive.algebra.rules import Line
from derive.graph import Graph
from derive.pages.document import Block, Lines, Part, Row, Say, Words


def write_cancellation(graph: Graph, root: str, z: str, a: str) -> Iterator[Block]:
    """The lines from both slopes to what is left; nothing for any other pair or a hidden unit."""
    error = graph[graph.consumers[a][0]]
    formula = graph[a].expr
    if error.role != "unit_error" or not isinstance(formula, Call):
        return
    outputs = len(graph[root].uses)
    lines = cancel_slopes(graph.loss, formula.function, outputs)
    if not lines:
        return
    own: dict[str, Expr] = {TARGET: Name(error.uses[0]), OUTPUT: Name(a)}
    signal = Name(graph.derivative(root, z))
    written = tuple(Line(substitute(line.expr, own), line.rules) for line in lines)
    yield Say(Words("say.cancels", {"result": written[-1].expr}))
    yield Lines(tuple(equal_lines(signal, written)))


def equal_lines(left: Expr | None, lines: Iterable[Line]) -> Iterator[Row]:
    """Lines that are equal one after the other, each with its rules; `left` begins the first."""
    for line in lines:
        yield Row(left, (Part("=", line.expr),), tuple(Words(f"rule.{r}") for r in line.rules))
        left = None
