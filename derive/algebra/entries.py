"""A formula of written matrices, entry by entry."""

from __future__ import annotations

from derive.algebra.expressions import (
    Add,
    Elementwise,
    Expr,
    Matrix,
    Mul,
    Neg,
    Transposed,
    add,
    has_node,
)

Rows = tuple[tuple[Expr, ...], ...]


def write_entries(expr: Expr) -> Rows:
    """The formula of each entry of the result; one that holds no matrix is a single entry."""
    match expr:
        case Matrix(rows):
            return rows
        case Transposed(arg):
            return tuple(zip(*write_entries(arg), strict=True))
        case Neg(arg):
            return tuple(tuple(map(Neg, row)) for row in write_entries(arg))
        case Elementwise(left, right):
            return _pair(Mul, write_entries(left), write_entries(right))
        case Add(terms) if has_node(expr, Matrix):
            first, *others = map(write_entries, terms)
            for other in others:
                first = _pair(Add, first, other)
            return first
        case Mul(factors) if has_node(expr, Matrix):
            first, *others = map(write_entries, factors)
            for other in others:
                first = _multiply(first, other)
            return first
    return ((expr,),)


def _pair(node: type[Mul | Add], left: Rows, right: Rows) -> Rows:
    return tuple(
        tuple(node(pair) for pair in zip(*rows, strict=True))
        for rows in zip(left, right, strict=True)
    )


def _multiply(left: Rows, right: Rows) -> Rows:
    """Rows by columns; a single number in front multiplies every entry."""
    if len(left[0]) != len(right):
        ((number,),) = left
        return tuple(tuple(Mul((number, entry)) for entry in row) for row in right)
    columns = list(zip(*right, strict=True))
    return tuple(
        tuple(add(*(Mul(pair) for pair in zip(row, column, strict=True))) for column in columns)
        for row in left
    )
