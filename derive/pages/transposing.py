"""The formulas of any layer beside those of programs that store a sample as a row."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import starmap
from typing import TYPE_CHECKING

from derive.algebra.expressions import (
    Add,
    Elementwise,
    Expr,
    Mul,
    Name,
    Transposed,
    has_node,
)
from derive.graph import Graph
from derive.pages.document import Block, Grid, Part, Row, Words

if TYPE_CHECKING:
    from derive.pages.network import NetworkSheet

ONES = Name("[1]")


def show_rows_convention(sheet: NetworkSheet) -> Iterator[Block]:
    """The same formulas where samples are rows and weights stand the other way round."""
    yield sheet.say("rows_convention")
    heads = (Words("column.as_columns"), Words("column.as_rows"))
    forms = zip(*_forms(sheet.graph), strict=True)
    hidden = (units[0][1] for units in sheet.layers[0][:-1])
    coupled = any(map(sheet.chain.is_vector, hidden))
    yield Grid(heads, tuple(pair for pair in forms if not (coupled and _multiplies_slopes(pair))))


def _forms(graph: Graph) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    """Pass, signal and gradients of any layer, with samples as columns and as rows."""
    (z, w, b), delta = (
        (Name(graph.matrix(letter, "l")) for letter in "ZWb"),
        Name(graph.matrix("Delta", "l")),
    )
    before, after = Name(graph.matrix("A", "l-1")), Name(graph.matrix("Delta", "l+1"))
    weights, slopes = Name(graph.matrix("W", "l+1")), Name(graph.matrix("Slopes", "l"))
    by_w, by_b = (Name(graph.derivative("E_total", graph.matrix(letter, "l"))) for letter in "Wb")
    columns: tuple[tuple[Expr, Expr], ...] = (
        (z, Add((Mul((w, before)), Mul((b, Transposed(ONES)))))),
        (delta, Elementwise(Mul((Transposed(weights), after)), slopes)),
        (by_w, Mul((delta, Transposed(before)))),
        (by_b, Mul((delta, ONES))),
    )
    rows: tuple[tuple[Expr, Expr], ...] = (
        (z, Add((Mul((before, w)), Mul((ONES, b))))),
        (delta, Elementwise(Mul((after, Transposed(weights))), slopes)),
        (by_w, Mul((Transposed(before), delta))),
        (by_b, Mul((Transposed(ONES), delta))),
    )
    return tuple(starmap(_equation, columns)), tuple(starmap(_equation, rows))


def _multiplies_slopes(forms: tuple[Row, ...]) -> bool:
    """Whether a formula holds only where each unit has one slope."""
    return any(has_node(part.expr, Elementwise) for row in forms for part in row.parts)


def _equation(left: Expr, right: Expr) -> Row:
    return Row(left, (Part("=", right),))
