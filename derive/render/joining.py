"""Where a sign or parentheses must stand, so that a formula reads one way only."""

from __future__ import annotations

from derive.algebra.expressions import Add, Cases, Diff, Div, Expr, Name, Neg, Num, Pow, constant
from derive.pages.document import BLANK
from derive.render import boxes
from derive.render.boxes import Box

TALL = frozenset({Pow, Cases, Diff})
BROAD = frozenset({Cases, Diff})


def is_count(exponent: Expr) -> bool:
    """Whether an exponent is a positive whole number, perhaps one less: `2 - 1`.

    With any other one at its name a function would read as its inverse.
    """
    terms = exponent.terms if isinstance(exponent, Add) else (exponent,)
    values = [constant(term) for term in terms]
    if None in values:
        return False
    total = sum(value for value in values if value is not None)
    return total > 0 and total.denominator == 1


def has_power(base: Expr) -> bool:
    """Whether a number is written with a power of ten."""
    return isinstance(base, Num) and "e" in base.text


def is_raised(base: Box) -> bool:
    """Whether a symbol carries a superscript already."""
    raised = (type(box) is boxes.Scripted and box.above is not None for box in boxes.walk(base))
    return not boxes.find_opening(base) and any(raised)


def needs_sign(left: Expr, right: Expr) -> bool:
    """Whether a multiplication sign must stand between two factors."""
    if _is_apart(left) or _is_apart(right):
        return True
    if type(right) is Pow and type(right.base) is Num:
        return True
    kind = type(right)
    if kind is Num or kind is Neg or kind is Div:
        return type(left) is not Num or kind is not Div or _is_ratio(right)
    if type(left) is Num:
        return left.text in ("0", "1") or not left.text.isdigit()
    return type(left) in TALL or kind in BROAD


def _is_ratio(expr: Expr) -> bool:
    return type(expr) is Div and type(expr.top) is Num and type(expr.bottom) is Num


def _is_apart(expr: Expr) -> bool:
    """A blank or a derivative: always with a sign to its neighbours."""
    return type(expr) is Name and ("/" in expr.id or expr.id[0] == BLANK)
