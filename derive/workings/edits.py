"""Formulas one slip away from a true one, each with the rule that the slip breaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from derive.algebra.expressions import (
    ONE,
    Add,
    Call,
    Div,
    Expr,
    Mul,
    Name,
    Neg,
    Num,
    Pow,
    add,
    children,
    constant,
    mul,
    rebuild,
)

Edit = tuple[str, Expr]
"""The rule that is broken (`RULES`), and the formula that comes of it."""
Siblings = Callable[[Expr], Iterator[Edit]]
"""What somebody may put in place of a name or a number."""

RULES = (
    *("sign", "factor", "route", "product", "term", "power", "slope"),
    *("function", "name", "number", "operation", "bracket", "arithmetic"),
)
"""What a false sign may break: see `templates/checking/*.toml`, table `rule`."""
FUNCTIONS = ("sigmoid", "tanh", "relu")
TWO = Num("2")


def list_edits(expr: Expr, siblings: Siblings) -> Iterator[Edit]:
    """Every formula one slip away: slips of the whole first, then those inside."""
    yield "sign", Neg(expr)
    yield from _walk(expr, siblings)


def _walk(expr: Expr, siblings: Siblings) -> Iterator[Edit]:
    yield from _edit(expr)
    yield from siblings(expr)
    parts = children(expr)
    for place, part in enumerate(parts):
        for rule, other in _walk(part, siblings):
            yield rule, rebuild(expr, (*parts[:place], other, *parts[place + 1 :]))


def _edit(expr: Expr) -> Iterator[Edit]:
    edit = EDITS.get(type(expr))
    return edit(expr) if edit is not None else iter(())


def _edit_sign(expr: Neg) -> Iterator[Edit]:
    yield "sign", expr.arg


def _edit_sum(expr: Add) -> Iterator[Edit]:
    for place, term in enumerate(expr.terms):
        before, behind = expr.terms[:place], expr.terms[place + 1 :]
        yield "term", add(*before, *behind)
        turned = term.arg if isinstance(term, Neg) else Neg(term)
        yield "sign", Add((*before, turned, *behind))
    yield "operation", Mul(expr.terms)
    if _is_one_minus(expr) is not None:
        yield "slope", Add((ONE, Neg(Pow(_is_one_minus(expr) or ONE, TWO))))


def _edit_product(expr: Mul) -> Iterator[Edit]:
    for place, factor in enumerate(expr.factors):
        rest = (*expr.factors[:place], *expr.factors[place + 1 :])
        yield "power" if constant(factor) is not None else "factor", mul(*rest)
        yield from _edit_slope(factor, rest)
        yield from _lose_bracket(expr, place)
    yield "operation", Add(expr.factors)


def _edit_slope(factor: Expr, rest: tuple[Expr, ...]) -> Iterator[Edit]:
    """`o(1 - o)` as `1 - o^2`, as `1 - o`, as 1."""
    value = _is_one_minus(factor)
    if value is None or value not in rest:
        return
    others = list(rest)
    others.remove(value)
    for slope in (Add((ONE, Neg(Pow(value, TWO)))), factor, ONE, value):
        yield "slope", mul(slope, *others)


def _is_one_minus(expr: Expr) -> Expr | None:
    """The `o` of `1 - o`."""
    if isinstance(expr, Add) and len(expr.terms) == 2 and expr.terms[0] == ONE:  # noqa: PLR2004
        last = expr.terms[1]
        return last.arg if isinstance(last, Neg) else None
    return None


def _lose_bracket(expr: Mul, place: int) -> Iterator[Edit]:
    """`a(b - c)` as `ab - c`, where the sum is the last factor."""
    factor = expr.factors[place]
    if isinstance(factor, Add) and place == len(expr.factors) - 1:
        first = mul(*expr.factors[:-1], factor.terms[0])
        yield "bracket", Add((first, *factor.terms[1:]))


def _edit_quotient(expr: Div) -> Iterator[Edit]:
    if constant(expr) is not None:
        return
    yield "factor", expr.top
    yield "operation", Mul((expr.top, expr.bottom))
    yield "operation", Div(expr.bottom, expr.top)


def _edit_power(expr: Pow) -> Iterator[Edit]:
    yield "power", expr.base
    yield "power", Mul((TWO, expr.base))


def _edit_call(expr: Call) -> Iterator[Edit]:
    if len(expr.args) != 1:
        return
    yield "sign", Call(expr.function, (Neg(expr.args[0]),))
    yield "function", expr.args[0]
    for other in FUNCTIONS:
        if other != expr.function and expr.function in FUNCTIONS:
            yield "function", Call(other, expr.args)


EDITS: dict[type, Callable[..., Iterator[Edit]]] = {
    Neg: _edit_sign,
    Add: _edit_sum,
    Mul: _edit_product,
    Div: _edit_quotient,
    Pow: _edit_power,
    Call: _edit_call,
}


def align(one: Expr, other: Expr) -> list[tuple[Expr, Expr]] | None:
    """The leaves of one formula with those of another of the same shape; None if it differs.

    A name may have a number, also a negative one, or another name in its place.
    """
    if isinstance(one, Name | Num):
        leaf = other.arg if isinstance(other, Neg) else other
        return [(one, other)] if isinstance(leaf, Name | Num) else None
    parts, others = children(one), children(other)
    if type(one) is not type(other) or len(parts) != len(others):
        return None
    if isinstance(one, Call) and isinstance(other, Call) and one.function != other.function:
        return None
    pairs: list[tuple[Expr, Expr]] = []
    for left, right in zip(parts, others, strict=True):
        inner = align(left, right)
        if inner is None:
            return None
        pairs += inner
    return pairs
