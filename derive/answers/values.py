"""The value of a tree without names, every part of it computed once.

Strict where the sheet's own evaluation need not be: `0*(1/0)` has no value
here, and no exponent passes the limit, however it is written.
"""

from __future__ import annotations

import flint

from derive.algebra.expressions import (
    Add,
    Div,
    Expr,
    Mul,
    Name,
    Neg,
    Num,
    Pow,
    children,
    rebuild,
    walk,
)
from derive.answers.errors import Unreadable
from derive.answers.numbers import EXPONENT
from derive.numbers.balls import (
    NotDefined,
    Undecided,
    Value,
    evaluate,
    exact,
    precision,
    sign,
)

NODES = 200
"""Largest tree of an answer."""
CEILING = 4_096
"""Bits at which a question that is still open is given up."""
SHARP, TINY = 53, 1e-60
"""A ball's least bits, unless it is as narrow as this."""
BEYOND = flint.fmpq(10) ** (2 * EXPONENT)
"""Arithmetic beyond it is no answer."""
PLACES = tuple(Name(str(i)) for i in range(NODES))


def evaluate_answer(expr: Expr, bits: int) -> Value | None:
    """The value of a tree; None if it uses a name.

    Raises Unreadable for a division by zero (also beside names), a value that
    does not exist, an exponent beyond the limit, a tree of too many nodes.
    """
    nodes = list(walk(expr))
    if len(nodes) > NODES:
        raise Unreadable("too_large", limit=str(NODES))
    while True:
        try:
            with precision(bits):
                return _check_sharp(_evaluate(nodes))
        except Undecided:
            bits *= 2
            if bits > CEILING:
                raise Unreadable("undecided") from None
        except NotDefined as error:
            message = str(error)
            if "division by zero" in message:
                raise Unreadable("division_by_zero") from None
            raise Unreadable("not_finite" if "too large" in message else "not_defined") from None


def _check_sharp(value: Value | None) -> Value | None:
    """A value known well enough to be compared; raises Undecided for a wide ball.

    Raises Unreadable for a value that no answer has, whose digits alone would be work.
    """
    if value is not None and abs(value) > BEYOND:
        raise Unreadable("exponent", limit=str(EXPONENT))
    if isinstance(value, flint.arb) and value.rel_accuracy_bits() < SHARP and value.rad() > TINY:
        raise Undecided
    return value


def _evaluate(nodes: list[Expr]) -> Value | None:
    """The value of the first node; its parts, which stand behind it, are computed first."""
    values: dict[int, Value | None] = {}
    for node in reversed(nodes):
        kind = type(node)
        if kind is Num:
            value: Value | None = exact(node.text)  # type: ignore[union-attr]
        elif kind is Name:
            value = None
        else:
            value = _combine(node, [values[id(part)] for part in children(node)])
        values[id(node)] = value
    return values[id(nodes[0])]


def _combine(node: Expr, parts: list[Value | None]) -> Value | None:
    """The value of a node from those of its parts."""
    kind = type(node)
    if kind is Pow and parts[1] is not None:
        beyond = abs(parts[1]) - EXPONENT
        if not beyond <= 0:
            raise Unreadable("exponent", limit=str(EXPONENT))
    elif kind is Div and parts[1] is not None and sign(parts[1]) == 0:
        raise Unreadable("division_by_zero")
    if any(part is None for part in parts):
        return None
    if kind is Neg:
        (only,) = (part for part in parts if part is not None)
        return -only
    names = PLACES[: len(parts)]
    table = {name.id: value for name, value in zip(names, parts, strict=True)}
    if kind is Add or kind is Mul:
        return evaluate(kind(names), table.__getitem__)
    return evaluate(rebuild(node, names), table.__getitem__)
