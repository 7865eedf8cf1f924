"""Long lines broken where a hand would break them: symbols, then numbers, then the value."""

from __future__ import annotations

from collections.abc import Callable

from derive.expressions import Add, Cases, Expr, has_node
from derive.worksheet.document import Part, Row

WIDTH = 64
"""Visible characters of a line, as the format counts them."""
RELATION = 2
"""What a relation takes of it."""
TERMS = 5
"""Terms of a sum on one line, where it is too long for one."""

Measure = Callable[[Expr], int]


def laid_out(row: Row, measure: Measure) -> list[Row]:
    """One line if it fits, else a line for the symbols and one for the numbers."""
    parts = list(row.parts)
    if len(parts) == 1 and not _is_long(parts[0], measure):
        return [row]
    left = measure(row.left) if row.left is not None else 0
    size = left + sum([measure(part.expr) + RELATION for part in parts])
    tall = any(has_node(part.expr, Cases) for part in parts)
    if size <= WIDTH and not tall:
        return [row]
    groups = [[part] for part in parts[:-2]] + [parts[-2:]]
    last = left + sum(measure(part.expr) + RELATION for part in groups[-1])
    if last > WIDTH or (tall and len(groups) == 1):
        groups = [[part] for part in parts]
    lines: list[tuple[Part, ...]] = []
    for first, *others in groups:
        pieces = _pieces(first, measure)
        lines += [(piece,) for piece in pieces[:-1]]
        lines.append((pieces[-1], *others))
    rows = [Row(None, line) for line in lines]
    rows[0] = Row(row.left, rows[0].parts, row.remarks, row.mark and len(rows) == 1)
    if len(rows) > 1:
        rows[-1] = Row(None, rows[-1].parts, (), row.mark)
    return rows


def _is_long(part: Part, measure: Measure) -> bool:
    return isinstance(part.expr, Add) and measure(part.expr) > WIDTH


def _pieces(part: Part, measure: Measure) -> list[Part]:
    """A long sum over several lines."""
    expr = part.expr
    if not isinstance(expr, Add) or len(expr.terms) <= TERMS or measure(expr) <= WIDTH:
        return [part]
    chunks = [expr.terms[i : i + TERMS] for i in range(0, len(expr.terms), TERMS)]
    sums = [Add(chunk) if len(chunk) > 1 else chunk[0] for chunk in chunks]
    return [Part(part.relation, sums[0]), *(Part("+", s) for s in sums[1:])]
