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
Edits = dict[type, Callable[..., Iterator[Edit]]]
"""By kind of node what may be done to it."""
FUNCTIONS = (("sigmoid", "tanh", "relu"), ("sin", "cos"))
"""Functions that are taken for each other."""
TWO = Num("2")


def list_edits(expr: Expr, siblings: Siblings) -> Iterator[Edit]:
    """Every formula one slip away: slips of the whole first, then those inside.

    An operation in place of another one comes last: it often gives a number by chance.
    """
    yield "sign", Neg(expr)
    yield "factor", Mul((TWO, expr))
    yield "factor", Div(expr, TWO)
    yield from _walk(expr, siblings)
    yield from _walk(expr, lambda _: iter(()), OPERATIONS)


def _walk(expr: Expr, siblings: Siblings, edits: Edits | None = None) -> Iterator[Edit]:
    edit = (EDITS if edits is None else edits).get(type(expr))
    if edit is not None:
        yield from edit(expr)
    yield from siblings(expr)
    parts = children(expr)
    for place, part in enumerate(parts):
        for rule, other in _walk(part, siblings, edits):
            yield rule, rebuild(expr, (*parts[:place], other, *parts[place + 1 :]))


def _edit_sign(expr: Neg) -> Iterator[Edit]:
    yield "sign", expr.arg


def _edit_sum(expr: Add) -> Iterator[Edit]:
    for place, term in enumerate(expr.terms):
        before, behind = expr.terms[:place], expr.terms[place + 1 :]
        yield "term", add(*before, *behind)
        turned = term.arg if isinstance(term, Neg) else Neg(term)
        yield "sign", Add((*before, turned, *behind))
    if _is_one_minus(expr) is not None:
        yield "slope", Add((ONE, Neg(Pow(_is_one_minus(expr) or ONE, TWO))))


def _edit_product(expr: Mul) -> Iterator[Edit]:
    for place, factor in enumerate(expr.factors):
        rest = (*expr.factors[:place], *expr.factors[place + 1 :])
        yield "factor", mul(*rest)
        yield from _edit_slope(factor, rest)
        yield from _lose_bracket(expr, place)
        yield from _raise(factor, rest)


def _raise(factor: Expr, rest: tuple[Expr, ...]) -> Iterator[Edit]:
    """`2 x` as `x^2`, and `x x` as `2 x`."""
    for place, other in enumerate(rest):
        others = (*rest[:place], *rest[place + 1 :])
        if factor == TWO:
            yield "power", mul(Pow(other, TWO), *others)
        elif factor == other:
            yield "power", mul(TWO, other, *others)


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
    """`a(b - c)` as `ab - c`, `a(b - c)^2` as `ab - c^2`, where that is the last factor."""
    factor = expr.factors[place]
    if place != len(expr.factors) - 1:
        return
    base = factor.base if isinstance(factor, Pow) else factor
    if not isinstance(base, Add):
        return
    first, *middle, last = base.terms
    if isinstance(factor, Pow):
        inner = last.arg if isinstance(last, Neg) else last
        raised: Expr = Pow(inner, factor.exponent)
        last = Neg(raised) if isinstance(last, Neg) else raised
    yield "bracket", Add((mul(*expr.factors[:-1], first), *middle, last))


def _edit_quotient(expr: Div) -> Iterator[Edit]:
    if constant(expr) is None:
        yield "factor", expr.top


def _add_factors(expr: Mul) -> Iterator[Edit]:
    yield "operation", Add(expr.factors)


def _multiply_terms(expr: Add) -> Iterator[Edit]:
    yield "operation", Mul(expr.terms)


def _turn_quotient(expr: Div) -> Iterator[Edit]:
    if constant(expr) is None:
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
    family = next((names for names in FUNCTIONS if expr.function in names), ())
    for other in family:
        if other != expr.function:
            yield "function", Call(other, expr.args)


EDITS: Edits = {
    Neg: _edit_sign,
    Add: _edit_sum,
    Mul: _edit_product,
    Div: _edit_quotient,
    Pow: _edit_power,
    Call: _edit_call,
}
OPERATIONS: Edits = {Add: _multiply_terms, Mul: _add_factors, Div: _turn_quotient}


def align(one: Expr, other: Expr) -> list[tuple[Expr, Expr]] | None:
    """The leaves of one formula with those of another of the same shape; None if it differs.

    A name may have a number, also a negative one, or another name in its place.
    """
    if isinstance(one, Name | Num):
        leaf = other.arg if isinstance(other, Neg) else other
        return [(one, other)] if isinstance(leaf, Name | Num) else None
    parts, others = _list_parts(one), _list_parts(other)
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


def _list_parts(expr: Expr) -> tuple[Expr, ...]:
    """The parts of a node; of a product in a product the factors of both."""
    if not isinstance(expr, Mul):
        return children(expr)
    return tuple(
        f
        for part in expr.factors
        for f in (_list_parts(part) if isinstance(part, Mul) else (part,))
    )
