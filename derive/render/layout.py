"""Long lines broken where a hand would break them: symbols, then numbers, then the value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unicodedata import east_asian_width

from msgspec.structs import replace

from derive.algebra.expressions import ONE, Add, Broken, Cases, Div, Expr, Mul, Neg, add, has_node
from derive.pages.document import Part, Relation, Row, Words, go_on
from derive.render import boxes
from derive.render.boxes import Box, fold

WIDTH = 64
"""Visible characters of a line of a page, as the format counts them."""
SLIDE_WIDTH = 50
"""The same of a line that must also fit on a slide."""
HALF_WIDTH = 29
"""The same of a line on half a slide."""
WIDTHS_OF_SLIDES = {"full": SLIDE_WIDTH, "half": HALF_WIDTH}
RELATION = 2
"""What a relation takes of it."""
SIGN = 2
"""What the sign between two terms takes."""
SIGNS = ("+", "-", "*")
TERMS = 5
"""Most terms of a sum on one line, where it is too long for one."""

REMARKS = 15
"""Characters that a margin for remarks may add to a line."""

Measure = Callable[[Expr], int]
Width = Callable[[Box], int]
CASES, CASE = 10, 3
"""What a brace and each of its rows takes."""
ROOMS = ("thin", "thick", "quad")


def count_columns(text: str) -> int:
    """Characters of a text; those of Hangul are two wide."""
    return sum(1 + (east_asian_width(character) in "WF") for character in text)


def _table(box: boxes.Table, width: Width) -> int:
    """The widest cell of each column, a space between columns, and the brackets.

    Cases count with all their rows, so that remarks stand below them.
    """
    if box.kind == "cases":
        return CASES + sum(CASE + sum(map(width, cells)) for cells in box.rows)
    columns = [max(map(width, column)) for column in zip(*box.rows, strict=True)]
    return sum(columns) + len(columns) + 1


WIDTHS: dict[type, Callable[[Any, Width], int]] = {
    boxes.Symbol: lambda box, _: box.text not in ROOMS,
    boxes.Operator: lambda *_: 1,
    boxes.Number: lambda box, _: len(box.text),
    boxes.Word: lambda box, _: 1 if box.style == "function" else len(box.text),
    boxes.Text: lambda box, _: count_columns(box.text),
    boxes.Row: lambda box, width: sum(map(width, box.parts)),
    boxes.Scripted: lambda box, width: sum(
        width(part) for part in (box.base, box.below, box.above) if part is not None
    ),
    boxes.Fraction: lambda box, width: max(width(box.top), width(box.bottom)),
    boxes.Fenced: lambda box, width: width(box.inside) + 2,
    boxes.Wrapped: lambda box, width: width(box.inside) + (box.command == "sqrt"),
    boxes.Blank: lambda box, _: len(box.number) + 6 if box.number else 3,
    boxes.Table: _table,
}
"""About how many characters wide each box is."""
measure_width = fold(WIDTHS)


def lay_out(row: Row, measure: Measure, width: int = WIDTH) -> list[Row]:
    """One line if it fits, else a line for the symbols and one for the numbers."""
    parts = list(row.parts)
    if len(parts) == 1 and not _is_long(parts[0], measure, width):
        return [row]
    left = measure(row.left) if row.left is not None else 0
    size = left + sum([measure(part.expr) + RELATION for part in parts])
    tall = any(has_node(part.expr, Cases) for part in parts)
    if size <= width and not tall:
        return [row]
    groups = [[part] for part in parts[:-2]] + [parts[-2:]]
    last = left + sum(measure(part.expr) + RELATION for part in groups[-1])
    if last > width or (tall and len(groups) == 1):
        groups = [[part] for part in parts]
    lines: list[tuple[Part, ...]] = []
    for first, *others in groups:
        pieces = _pieces(first, measure, width)
        lines += [(piece,) for piece in pieces[:-1]]
        lines.append((pieces[-1], *others))
    rows = [Row(None, line) for line in lines]
    rows[0] = Row(row.left, rows[0].parts, row.remarks, row.mark and len(rows) == 1)
    if len(rows) > 1:
        rows[-1] = Row(None, rows[-1].parts, (), row.mark)
    return rows


def _is_long(part: Part, measure: Measure, width: int) -> bool:
    return isinstance(write_share(part.expr), Add | Mul) and measure(part.expr) > width


def write_share(expr: Expr) -> Expr:
    """A sum over a number as a share of the sum, which can go on on another line."""
    if isinstance(expr, Div) and isinstance(expr.top, Add):
        return Mul((Div(ONE, expr.bottom), expr.top))
    return expr


def _pieces(part: Part, measure: Measure, width: int) -> list[Part]:
    """A long sum over several lines, each as long as fits."""
    if measure(part.expr) <= width:
        return [part]
    expr = write_share(part.expr)
    if isinstance(expr, Add):
        first, *others = _sums(expr, measure, width)
        return [Part(part.relation, first), *map(go_on, others)]
    if isinstance(expr, Mul) and isinstance(expr.factors[-1], Add):
        return open_sum(part.relation, expr, measure, width)
    return [part]


def open_sum(relation: Relation, expr: Mul | Neg, measure: Measure, width: int) -> list[Part]:
    """A long sum behind factors or a minus: its parenthesis closes on the last line."""
    negative = isinstance(expr, Neg)
    *factors, total = (expr.arg,) if isinstance(expr, Neg) else expr.factors
    assert isinstance(total, Add)
    front = sum(measure(factor) + SIGN for factor in factors)
    first, *others = _sums(total, measure, width, front)
    if not others:
        return [Part(relation, expr)]
    *middle, last = map(go_on, others)
    return [
        Part(relation, Broken(tuple(factors), first, closes=False, negative=negative)),
        *middle,
        Part(last.relation, Broken((), last.expr, closes=True)),
    ]


def _sums(expr: Add, measure: Measure, width: int, front: int = 0) -> list[Expr]:
    """The terms of a sum in as many sums as it takes lines; `front` is in the way of the first."""
    chunks: list[list[Expr]] = [[]]
    room = width - front
    for term in expr.terms:
        room -= measure(term) + SIGN
        if chunks[-1] and (room < 0 or len(chunks[-1]) == TERMS):
            chunks.append([])
            room = width - measure(term) - SIGN
        chunks[-1].append(term)
    return [add(*chunk) for chunk in chunks]


def with_remarks(
    rows: list[Row], measure: Measure, length: Callable[[Row], int], width: int = WIDTH
) -> list[Row]:
    """Aligned lines with their remarks at the margin, or below where all would be too wide.

    `length` counts the characters of a line's remarks.
    """
    if not any(row.remarks for row in rows):
        return rows
    left = max(0 if row.left is None else measure(row.left) for row in rows)
    right = max(sum(measure(part.expr) + RELATION for part in row.parts) for row in rows)
    if left + right + max(map(length, rows)) <= width + REMARKS:
        return rows
    waiting: tuple[Words, ...] = ()
    below: list[Row] = []
    for row, after in zip(rows, [*rows[1:], None], strict=True):
        below.append(replace(row, remarks=()))
        waiting = (*waiting, *row.remarks)
        if waiting and not _goes_on(after):
            below.append(Row(None, (), waiting))
            waiting = ()
    return below


def _goes_on(row: Row | None) -> bool:
    """Whether a line continues the sum of the line before."""
    return row is not None and row.left is None and row.parts[0].relation in SIGNS
