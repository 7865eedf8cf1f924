"""Long lines broken where a hand would break them: symbols, then numbers, then the value."""

from __future__ import annotations

from collections.abc import Callable

from derive.expressions import Add, Cases, Expr, has_node
from derive.worksheet.document import Part, Row, Words

WIDTH = 64
"""Visible characters of a line of a page, as the format counts them."""
SLIDE_WIDTH = 50
"""The same of a line that must also fit on a slide."""
RELATION = 2
"""What a relation takes of it."""
SIGN = 1
"""What the sign between two terms takes."""
TERMS = 5
"""Most terms of a sum on one line, where it is too long for one."""

BESIDE = 78
"""Visible characters of a line with the remarks beside it."""
BRACE = 6
"""What the brace of cases and the room between their columns take of it."""
COMMA = 2
"""What stands between two remarks."""

Measure = Callable[[Expr], int]
Told = Callable[[Words], int]
"""How wide a remark is."""


def laid_out(row: Row, measure: Measure, width: int = WIDTH) -> list[Row]:
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


def beside(rows: list[Row], measure: Measure, told: Told) -> list[Row]:
    """Remarks without room beside the widest line stand below their own, a row without parts."""
    if not any(row.remarks for row in rows):
        return rows
    left = max(measure(row.left) if row.left is not None else 0 for row in rows)
    right = max(sum(_room(part.expr, measure) + RELATION for part in row.parts) for row in rows)
    found: list[Row] = []
    for row in rows:
        chunks = _chunks(row.remarks, told, BESIDE - left - right)
        if len(chunks) > 1 or any(told(words) > BESIDE - left - right for words in row.remarks):
            found.append(Row(row.left, row.parts, (), row.mark))
            chunks = _chunks(row.remarks, told, BESIDE - left)
            found += [Row(None, (), chunk) for chunk in chunks]
        else:
            found.append(row)
    return found


def _room(expr: Expr, measure: Measure) -> int:
    return measure(expr) + BRACE * has_node(expr, Cases)


def _chunks(remarks: tuple[Words, ...], told: Told, room: int) -> list[tuple[Words, ...]]:
    """Remarks in lines that have room for them, one at least in each."""
    lines: list[tuple[Words, ...]] = []
    size = 0
    for words in remarks:
        size += told(words) + COMMA
        if lines and size - COMMA <= room:
            lines[-1] = (*lines[-1], words)
        else:
            lines.append((words,))
            size = told(words) + COMMA
    return lines


def _is_long(part: Part, measure: Measure, width: int) -> bool:
    return isinstance(part.expr, Add) and measure(part.expr) > width


def _pieces(part: Part, measure: Measure, width: int) -> list[Part]:
    """A long sum over several lines, each as long as fits."""
    expr = part.expr
    if not isinstance(expr, Add) or measure(expr) <= width:
        return [part]
    chunks: list[list[Expr]] = [[]]
    room = width
    for term in expr.terms:
        room -= measure(term) + SIGN
        if chunks[-1] and (room < 0 or len(chunks[-1]) == TERMS):
            chunks.append([])
            room = width - measure(term) - SIGN
        chunks[-1].append(term)
    sums = [Add(tuple(chunk)) if len(chunk) > 1 else chunk[0] for chunk in chunks]
    return [Part(part.relation, sums[0]), *(Part("+", s) for s in sums[1:])]
