"""Formulas as JSON: what the page's script evaluates.

A number is its text, a quantity the index of its id, a parameter of a function a
negative index, everything else an operation with its parts: `["+", 3, "0.5"]`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from derive.algebra.expressions import (
    Add,
    Call,
    Cases,
    Div,
    Expr,
    Mul,
    Name,
    Neg,
    Num,
    Pick,
    Pow,
)
from derive.algebra.rules import full_args, row_text
from derive.errors import InternalError
from derive.ops import FUNCTIONS
from derive.ops.rows import Function

Tree = str | int | list[Any]
"""One formula; a list begins with the sign of its operation."""
Place = Callable[[str], int]
"""The index that stands for an id."""

OPERATIONS: dict[type, tuple[str, Callable[[Any], tuple[Expr, ...]]]] = {
    Neg: ("-", lambda e: (e.arg,)),
    Add: ("+", lambda e: e.terms),
    Mul: ("*", lambda e: e.factors),
    Div: ("/", lambda e: (e.top, e.bottom)),
    Pow: ("^", lambda e: (e.base, e.exponent)),
    Cases: ("?", lambda e: (e.subject, e.negative, e.zero, e.positive)),
    Pick: ("pick", lambda e: (*e.operands, *e.values)),
}
"""The sign of each operation that is no function, and its parts."""


class Called(msgspec.Struct, frozen=True):
    """A function: how many values it takes, those it has by default, its formula.

    Without a formula the script computes it by the function's name.
    """

    takes: int
    defaults: tuple[Tree, ...]
    body: Tree | None


def write_tree(expr: Expr, place: Place) -> Tree:
    """A formula as JSON."""
    if isinstance(expr, Num):
        return str(expr.text)
    if isinstance(expr, Name):
        return place(expr.id)
    if isinstance(expr, Call):
        function = FUNCTIONS[expr.function].take(len(expr.args))
        args = full_args(function, expr.args)
        return [name_call(expr.function, len(args)), *(write_tree(arg, place) for arg in args)]
    operation = OPERATIONS.get(type(expr))
    if operation is None:
        raise InternalError(f"{type(expr).__name__} stands in no formula that has a value")
    sign, parts = operation
    return [sign, *(write_tree(part, place) for part in parts(expr))]


def name_call(name: str, count: int) -> str:
    """A function's name in a tree; that of max and min of many values says how many."""
    return name if count == len(FUNCTIONS[name].parameters) else f"{name}{count}"


def list_functions(trees: list[Tree]) -> dict[str, Called]:
    """Every function of the grammar, and max and min of as many values as formulas have."""
    found = {name: write_function(row) for name, row in FUNCTIONS.items()}
    for name, row in FUNCTIONS.items():
        for count in row.arities if row.extreme else ():
            called = name_call(name, count)
            if called not in found and any(_calls(tree, called) for tree in trees):
                found[called] = write_function(row.take(count))
    return found


def write_function(row: Function) -> Called:
    """A row of the table of functions."""
    places = {name: -1 - i for i, name in enumerate(row.parameters)}
    body = row.computed
    return Called(
        len(row.parameters),
        tuple(write_tree(row_text(text), places.__getitem__) for text in row.defaults),
        None if body is None else write_tree(row_text(body), places.__getitem__),
    )


def _calls(tree: Tree, name: str) -> bool:
    """Whether a formula calls a function."""
    return isinstance(tree, list) and (
        tree[0] == name or any(_calls(part, name) for part in tree[1:])
    )
