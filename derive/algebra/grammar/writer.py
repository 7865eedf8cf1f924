"""A tree as text in the grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derive.algebra.expressions import (
    ATOM,
    Add,
    Behind,
    Broken,
    Call,
    Cases,
    Diff,
    Div,
    Elementwise,
    Expr,
    Matrix,
    Mul,
    Name,
    Neg,
    Num,
    OfPages,
    Pick,
    Pow,
    Transposed,
    Value,
    precedence,
)
from derive.algebra.grammar.tokens import NAME
from derive.ops import FUNCTIONS


def to_text(expr: Expr) -> str:
    """Write a tree in the grammar; `parse` gives the same tree back."""
    return "".join(_pieces(expr, 0))


def _pieces(expr: Expr, level: int) -> Iterator[str]:
    if precedence(expr) < level:
        yield "("
        yield from _pieces(expr, 0)
        yield ")"
    elif isinstance(expr, Num):
        yield expr.text
    elif isinstance(expr, Name):
        plain = re.fullmatch(NAME, expr.id, re.ASCII) and expr.id not in FUNCTIONS
        yield expr.id if plain else "{" + expr.id + "}"
    elif isinstance(expr, Neg):
        yield "-"
        yield from _pieces(expr.arg, 3)
    elif isinstance(expr, Add):
        yield from _sum(expr)
    elif isinstance(expr, Mul):
        for index, factor in enumerate(expr.factors):
            yield "*" if index else ""
            yield from _pieces(factor, 4 if index or isinstance(factor, Mul) else 3)
    elif isinstance(expr, Div):
        yield from _pieces(expr.top, 3)
        yield "/"
        yield from _pieces(expr.bottom, 4)
    elif isinstance(expr, Pow):
        yield from _pieces(expr.base, ATOM)
        yield "^"
        yield from _pieces(expr.exponent, 5)
    else:
        yield from _applied(expr)


def _sum(expr: Add) -> Iterator[str]:
    for index, term in enumerate(expr.terms):
        if index and isinstance(term, Neg):
            yield "-"
            yield from _pieces(term.arg, 2)
        else:
            yield "+" if index else ""
            yield from _pieces(term, 2)


def _applied(
    expr: Call | Cases | Pick | Diff | Value | OfPages,
) -> Iterator[str]:
    """Calls; and the nodes that only derivations and pages hold, which are not read back."""
    if isinstance(expr, OfPages):
        yield from _of_pages(expr)
        return
    if isinstance(expr, Value):
        yield f"<{expr.id}>"
        return
    if isinstance(expr, Diff):
        yield f"d/d{expr.wrt}["
        yield from _pieces(expr.expr, 0)
        yield "]"
        return
    if isinstance(expr, Cases):
        yield from _by_sign(expr)
        return
    if isinstance(expr, Pick):
        yield from _by_size(expr)
        return
    yield expr.function + "("
    for index, part in enumerate(expr.args):
        yield "," if index else ""
        yield from _pieces(part, 0)
    yield ")"


def _by_sign(expr: Cases) -> Iterator[str]:
    """`[1 if x > 0, 0 if x <= 0]`."""
    rows = [(expr.positive, ">"), (expr.zero, "="), (expr.negative, "<")]
    if expr.zero == expr.negative:
        rows = [(expr.positive, ">"), (expr.negative, "<=")]
    subject = to_text(expr.subject)
    yield "["
    for index, (part, test) in enumerate(rows):
        yield ", " if index else ""
        yield f"{to_text(part)} if {subject} {test} 0"
    yield "]"


def _by_size(expr: Pick) -> Iterator[str]:
    """`max(a, b)`; of other values `[0 if a, 1 if b is the first of the largest]`."""
    if expr.values == expr.operands:
        yield f"max({','.join(map(to_text, expr.operands))})"
        return
    pairs = zip(expr.values, expr.operands, strict=True)
    yield f"[{', '.join(f'{to_text(value)} if {to_text(at)}' for value, at in pairs)}"
    yield " is the first of the largest]"


def _of_pages(expr: OfPages) -> Iterator[str]:
    """`[a, b; c, d]`, `[x]^T`, `[x] .* [y]`, `[x] corr [y]`, `2*(a+b`."""
    if isinstance(expr, Matrix):
        rows = (", ".join(map(to_text, row)) for row in expr.rows)
        yield f"[{'; '.join(rows)}]"
    elif isinstance(expr, Behind):
        yield from _sum(Add(expr.terms))
    elif isinstance(expr, Broken):
        for factor in expr.factors:
            yield from _pieces(factor, 3)
            yield "*"
        yield "" if expr.closes else "-(" if expr.negative else "("
        yield from _pieces(expr.terms, 0)
        yield ")" if expr.closes else ""
    elif isinstance(expr, Transposed):
        yield from _pieces(expr.arg, ATOM)
        yield "^T"
    else:
        yield from _pieces(expr.left, 3)
        yield " .* " if isinstance(expr, Elementwise) else " conv " if expr.turned else " corr "
        yield from _pieces(expr.right, 4)
