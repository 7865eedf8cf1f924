"""The frozen expression tree: what is printed, in the order it was written.

Nothing is simplified on construction: `2 * 1/2 * (t1 - o1)^(2-1) * (-1) + 0`
stays as it is, because a learner must see it. `tidy.py` simplifies, SymPy
proves; this module only holds, walks and writes trees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from operator import is_
from typing import Any

import msgspec


class Num(msgspec.Struct, frozen=True, gc=False):
    """A number as it is printed: `0.50`, `2`, `-12`, `8.089e-4`."""

    text: str

    @property
    def value(self) -> Fraction:
        """The exact value of the text."""
        return Fraction(self.text)

    @property
    def is_zero(self) -> bool:
        """Whether the text has no other digit than 0."""
        return not self.text.partition("e")[0].strip("-0.")


class Name(msgspec.Struct, frozen=True, gc=False):
    """A quantity by its id: `W5`, `dE_total/do1`."""

    id: str


class Value(msgspec.Struct, frozen=True, gc=False):
    """The printed number of an id: a page holds it until it is written."""

    id: str


class Neg(msgspec.Struct, frozen=True, gc=False):
    """The opposite of `arg`."""

    arg: Expr


class Add(msgspec.Struct, frozen=True, gc=False):
    """A sum of two or more terms; a difference is a sum with a `Neg`."""

    terms: tuple[Expr, ...]


class Mul(msgspec.Struct, frozen=True, gc=False):
    """A product of two or more factors."""

    factors: tuple[Expr, ...]


class Div(msgspec.Struct, frozen=True, gc=False):
    """A fraction."""

    top: Expr
    bottom: Expr


class Pow(msgspec.Struct, frozen=True, gc=False):
    """A power; the exponent may be an unsimplified `2 - 1`."""

    base: Expr
    exponent: Expr


class Call(msgspec.Struct, frozen=True, gc=False):
    """A function of `derive.ops`, applied."""

    function: str
    args: tuple[Expr, ...]


class Cases(msgspec.Struct, frozen=True, gc=False):
    """One of three expressions, by the sign of `subject`.

    `kink` marks a derivative whose middle case is a convention, not a limit.
    """

    subject: Expr
    negative: Expr
    zero: Expr
    positive: Expr
    kink: bool = False


class Pick(msgspec.Struct, frozen=True, gc=False):
    """The value that belongs to the largest operand; of equal ones to the first.

    `values` are as many as `operands`: the same make it the maximum, a 1 among zeros
    the slope of the maximum by one operand.
    """

    operands: tuple[Expr, ...]
    values: tuple[Expr, ...]


class Diff(msgspec.Struct, frozen=True, gc=False):
    """The derivative of `expr` by the name `wrt`, not carried out yet."""

    expr: Expr
    wrt: str


class Matrix(msgspec.Struct, frozen=True, gc=False):
    """Entries in rows of the same length; only ever printed."""

    rows: tuple[tuple[Expr, ...], ...]


class Transposed(msgspec.Struct, frozen=True, gc=False):
    """A matrix with rows and columns exchanged; only ever printed."""

    arg: Expr


class Elementwise(msgspec.Struct, frozen=True, gc=False):
    """The product entry by entry of two matrices of one shape; only ever printed."""

    left: Expr
    right: Expr


class Sliding(msgspec.Struct, frozen=True, gc=False):
    """One map slid over another, the products added up at each shift; only ever printed.

    A cross-correlation; where the second is `turned`, a convolution over every overlap.
    """

    left: Expr
    right: Expr
    turned: bool = False


class Behind(msgspec.Struct, frozen=True):
    """The terms of a sum behind a sign that stands before them; only ever printed."""

    terms: tuple[Expr, ...]


class Broken(msgspec.Struct, frozen=True, gc=False):
    """One line of `factors` times a sum that takes several; only ever printed.

    The first line has the factors, or only a minus where it is `negative`, and the
    opening parenthesis; the last one (`closes`) has no factors and the closing one.
    """

    factors: tuple[Expr, ...]
    terms: Expr
    closes: bool
    negative: bool = False


OfPages = Matrix | Transposed | Elementwise | Sliding | Behind | Broken
"""What only pages hold."""
Expr = Num | Name | Value | Neg | Add | Mul | Div | Pow | Call | Cases | Pick | Diff | OfPages

ZERO = Num("0")
ONE = Num("1")


CHILDREN: dict[type, Callable[[Any], tuple[Expr, ...]]] = {
    Num: lambda _: (),
    Name: lambda _: (),
    Value: lambda _: (),
    Neg: lambda e: (e.arg,),
    Add: lambda e: e.terms,
    Mul: lambda e: e.factors,
    Div: lambda e: (e.top, e.bottom),
    Pow: lambda e: (e.base, e.exponent),
    Call: lambda e: e.args,
    Cases: lambda e: (e.subject, e.negative, e.zero, e.positive),
    Pick: lambda e: (*e.operands, *e.values),
    Diff: lambda e: (e.expr,),
    Matrix: lambda e: tuple(entry for row in e.rows for entry in row),
    Transposed: lambda e: (e.arg,),
    Elementwise: lambda e: (e.left, e.right),
    Sliding: lambda e: (e.left, e.right),
    Behind: lambda e: e.terms,
    Broken: lambda e: (*e.factors, e.terms),
}
REBUILD: dict[type, Callable[[Any, tuple[Expr, ...]], Expr]] = {
    Num: lambda e, _: e,
    Name: lambda e, _: e,
    Value: lambda e, _: e,
    Neg: lambda _, parts: Neg(*parts),
    Add: lambda _, parts: Add(parts),
    Mul: lambda _, parts: Mul(parts),
    Div: lambda _, parts: Div(*parts),
    Pow: lambda _, parts: Pow(*parts),
    Call: lambda e, parts: Call(e.function, parts),
    Cases: lambda e, parts: cases(parts, kink=e.kink),
    Pick: lambda e, parts: Pick(parts[: len(e.operands)], parts[len(e.operands) :]),
    Diff: lambda e, parts: Diff(parts[0], e.wrt),
    Matrix: lambda e, parts: Matrix(tuple(batched(parts, len(e.rows[0])))),
    Transposed: lambda _, parts: Transposed(*parts),
    Elementwise: lambda _, parts: Elementwise(*parts),
    Sliding: lambda e, parts: Sliding(parts[0], parts[1], e.turned),
    Behind: lambda _, parts: Behind(parts),
    Broken: lambda e, parts: Broken(parts[:-1], parts[-1], e.closes, e.negative),
}


def children(expr: Expr) -> tuple[Expr, ...]:
    """The direct parts of a node, in reading order."""
    return CHILDREN[type(expr)](expr)


def rebuild(expr: Expr, parts: tuple[Expr, ...]) -> Expr:
    """The same node with other parts; inverse of `children`."""
    return REBUILD[type(expr)](expr, parts)


def batched(parts: tuple[Expr, ...], size: int) -> Iterator[tuple[Expr, ...]]:
    """The parts in rows of one size."""
    for start in range(0, len(parts), size):
        yield parts[start : start + size]


def cases(parts: tuple[Expr, ...], *, kink: bool) -> Cases:
    """A `Cases` node from its four parts in order."""
    subject, negative, zero, positive = parts
    return Cases(subject, negative, zero, positive, kink)


def transform(expr: Expr, change: Callable[[Expr], Expr | None]) -> Expr:
    """Replace, from the top down, every node for which `change` gives another.

    What stays as it is remains the same object, so that many lines share it.
    """
    new = change(expr)
    if new is not None:
        return new
    kind = type(expr)
    parts = CHILDREN[kind](expr)
    if not parts:
        return expr
    changed = tuple([transform(part, change) for part in parts])
    if all(map(is_, changed, parts)):
        return expr
    return REBUILD[kind](expr, changed)


def substitute(expr: Expr, values: Mapping[str, Expr]) -> Expr:
    """Replace names by expressions."""
    return transform(expr, lambda e: values.get(e.id) if isinstance(e, Name) else None)


def rename(expr: Expr, new_id: Callable[[str], str]) -> Expr:
    """Give every name, also the one a `Diff` is taken by, another id."""

    def change(e: Expr) -> Expr | None:
        if isinstance(e, Name):
            return Name(new_id(e.id))
        if isinstance(e, Diff):
            return Diff(rename(e.expr, new_id), new_id(e.wrt))
        return None

    return transform(expr, change)


def walk(expr: Expr) -> Iterator[Expr]:
    """Every node, parents before children, left to right."""
    stack: list[Expr] = [expr]
    while stack:
        node = stack.pop()
        yield node
        parts = CHILDREN[type(node)](node)
        if parts:
            stack.extend(parts[::-1])


def names(expr: Expr) -> tuple[str, ...]:
    """The ids an expression uses, each once, in reading order."""
    ids: dict[str, None] = {}
    stack: list[Expr] = [expr]
    while stack:
        node = stack.pop()
        if type(node) is Name:
            ids[node.id] = None
        elif type(node) is not Num:
            stack.extend(CHILDREN[type(node)](node)[::-1])
    return tuple(ids)


def depends_on(expr: Expr, name: str) -> bool:
    """Whether `name` occurs in the expression."""
    stack: list[Expr] = [expr]
    while stack:
        node = stack.pop()
        if type(node) is Name:
            if node.id == name:
                return True
        elif type(node) is not Num:
            stack.extend(CHILDREN[type(node)](node))
    return False


def has_node(expr: Expr, kind: type) -> bool:
    """Whether a node of this class occurs in the expression."""
    stack: list[Expr] = [expr]
    while stack:
        node = stack.pop()
        own = type(node)
        if own is kind:
            return True
        if own is not Name and own is not Num:
            stack.extend(CHILDREN[own](node))
    return False


def add(*terms: Expr) -> Expr:
    """A sum, without a wrapper around a single term."""
    return terms[0] if len(terms) == 1 else Add(terms)


def mul(*factors: Expr) -> Expr:
    """A product, without a wrapper around a single factor."""
    return factors[0] if len(factors) == 1 else Mul(factors)


def number(value: Fraction | int) -> Expr:
    """An exact number as a tree: an integer, or a fraction of two."""
    value = Fraction(value)
    size = abs(value)
    tree: Expr = Num(str(size.numerator))
    if size.denominator != 1:
        tree = Div(tree, Num(str(size.denominator)))
    return Neg(tree) if value < 0 else tree


def constant(expr: Expr) -> Fraction | None:
    """The exact value of a literal number, a sign or a fraction of literals."""
    if isinstance(expr, Num):
        return expr.value
    if isinstance(expr, Neg):
        inner = constant(expr.arg)
        return None if inner is None else -inner
    if isinstance(expr, Div):
        top, bottom = constant(expr.top), constant(expr.bottom)
        return None if top is None or not bottom else top / bottom
    return None


PRECEDENCE: dict[type, int] = {Add: 1, Neg: 2, Mul: 3, Div: 3, Elementwise: 3, Sliding: 3, Pow: 5}
ATOM = 9


def precedence(expr: Expr) -> int:
    """How tightly a node binds when it is written on one line."""
    if isinstance(expr, Num):
        return 2 if expr.text.startswith("-") else ATOM
    return PRECEDENCE.get(type(expr), ATOM)
