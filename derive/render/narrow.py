"""Lines of half a slide's width: cut before relations and signs at the outermost level."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.algebra.expressions import Add, Behind, Expr, Mul, Neg, add
from derive.pages.document import Part, Relation, Row, go_on
from derive.render.joining import needs_sign
from derive.render.layout import RELATION, SIGN, Measure, open_sum, write_share


def lay_out_narrow(row: Row, measure: Measure, room: int) -> list[Row]:
    """As many parts on a line as fit; `room` is what stands right of the first relation."""
    lines: list[list[Part]] = []
    left = 0
    for part in row.parts:
        if lines and measure(part.expr) + RELATION <= left:
            lines[-1].append(part)
        else:
            lines += [[piece] for piece in _cut(part, measure, room)]
            left = room + RELATION
        left -= measure(lines[-1][-1].expr) + RELATION
    rows = [Row(None, tuple(line)) for line in lines]
    first = Row(row.left, rows[0].parts, row.remarks, row.mark and len(rows) == 1)
    if len(rows) == 1:
        return [first]
    return [first, *rows[1:-1], Row(None, rows[-1].parts, (), row.mark)]


def _cut(part: Part, measure: Measure, room: int) -> list[Part]:
    """A part in pieces, each as long as fits; a framed one stays whole."""
    expr = part.expr
    if part.boxed or measure(expr) <= room:
        return [part]
    if isinstance(expr, Neg) and isinstance(expr.arg, Add):
        return open_sum(part.relation, expr, measure, room)
    expr = write_share(expr)
    if not isinstance(expr, Add | Mul):
        return [part]
    if isinstance(expr, Mul) and isinstance(expr.factors[-1], Add):
        return open_sum(part.relation, expr, measure, room)
    if isinstance(expr, Mul):
        return _cut_between(part.relation, expr, measure, room)
    chunks = _fill_lines(expr.terms, measure, room)
    pieces = _join(part.relation, chunks, is_sum=True)
    return [short for piece in pieces for short in _cut_term(piece, measure, room)]


def _cut_between(relation: Relation, expr: Mul, measure: Measure, room: int) -> list[Part]:
    """A product cut between its factors."""
    chunks = _fill_lines(list(_list_factors(expr)), measure, room)
    return list(_join(relation, chunks, is_sum=False))


def _fill_lines(items: Sequence[Expr], measure: Measure, room: int) -> list[list[Expr]]:
    """As many terms or factors on a line as fit."""
    chunks: list[list[Expr]] = [[]]
    left = room
    for item in items:
        size = measure(item) + SIGN
        if chunks[-1] and size > left:
            chunks.append([])
            left = room
        chunks[-1].append(item)
        left -= size
    return chunks


def _cut_term(piece: Part, measure: Measure, room: int) -> list[Part]:
    """A term that is too long for a line by itself, cut between its factors."""
    term = piece.expr
    if isinstance(term, Behind) and len(term.terms) == 1 and piece.relation != "*":
        (term,) = term.terms
    if measure(term) <= room or not isinstance(term, Mul):
        return [piece]
    first, *others = _cut_between("*", term, measure, room)
    whole = first.expr if piece.expr is term else Behind((first.expr,))
    return [Part(piece.relation, whole), *others]


def _list_factors(expr: Mul) -> Iterator[Expr]:
    """The factors of a product, those that stand side by side without a sign as one."""
    run = [expr.factors[0]]
    for factor in expr.factors[1:]:
        if needs_sign(run[-1], factor):
            yield _multiply(run)
            run = []
        run.append(factor)
    yield _multiply(run)


def _multiply(factors: list[Expr]) -> Expr:
    """A product that keeps its parentheses, also where it has one factor."""
    flat = [f for e in factors for f in (e.factors if isinstance(e, Mul) else (e,))]
    return Mul(tuple(flat))


def _join(relation: Relation, chunks: list[list[Expr]], *, is_sum: bool) -> Iterator[Part]:
    """The first piece behind its relation, each other one behind its sign."""
    first, *others = chunks
    yield Part(relation, add(*first) if is_sum else _multiply(first))
    for chunk in others:
        yield go_on(add(*chunk)) if is_sum else Part("*", Behind((_multiply(chunk),)))
