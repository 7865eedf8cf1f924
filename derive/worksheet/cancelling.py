"""The error signal of an output where the slopes of loss and activation cancel."""

from __future__ import annotations

from collections.abc import Iterator

from derive.cancellations import OUTPUT, TARGET, cancellation
from derive.expressions import Call, Expr, Name, substitute
from derive.graph import Graph
from derive.naming import derivative_id
from derive.spec import Network
from derive.worksheet.document import Block, Lines, Part, Row, Say, Words


def cancelled(graph: Graph, root: str, z: str, a: str) -> Iterator[Block]:
    """The lines from both slopes to what is left; nothing for any other pair or a hidden unit."""
    error = graph[graph.consumers[a][0]]
    formula = graph[a].expr
    if error.kind != "unit_error" or not isinstance(formula, Call):
        return
    assert isinstance(graph.spec, Network)
    outputs = len(graph[root].uses)
    lines = cancellation(graph.spec.loss, formula.function, outputs)
    if not lines:
        return
    own: dict[str, Expr] = {TARGET: Name(error.uses[0]), OUTPUT: Name(a)}
    left: Expr | None = Name(derivative_id(root, z))
    rows: list[Row] = []
    for line in lines:
        rules = tuple(Words(f"rule.{rule}") for rule in line.rules)
        rows.append(Row(left, (Part("=", substitute(line.expr, own)),), rules))
        left = None
    yield Say(Words("say.cancels", {"result": substitute(lines[-1].expr, own)}))
    yield Lines(tuple(rows))
