"""The derivative of one formula by one of its own names, in terms of what is known."""

from __future__ import annotations

from derive.algebra.expressions import (
    ONE,
    ZERO,
    Add,
    Div,
    Expr,
    Mul,
    Name,
    Pick,
    add,
    constant,
    depends_on,
    names,
    transform,
)
from derive.algebra.lemmas import slope
from derive.graph import Quantity


class LocalSlopes:
    """The slope of a formula by one of its names.

    Where the terms of a long sum hold which names is noted once per sum, so
    that a slope does not cost more in a wide layer; only the latest sums are
    remembered.
    """

    REMEMBERED = 512

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._places: dict[str, dict[str, tuple[int, ...]]] = {}

    def slope(self, quantity: Quantity, wrt: str) -> Expr:
        """The slope of a quantity's formula, where the formula itself is written as its id.

        So `sigmoid(z3) (1 - sigmoid(z3))` reads `o1 (1 - o1)`.
        """
        if isinstance(quantity.expr, Pick):
            return pick_slope(quantity.expr, wrt)
        part = self.select_part(quantity, wrt)
        output = Name(quantity.id) if part is quantity.expr else None
        return slope(part, wrt, output)

    def select_part(self, quantity: Quantity, wrt: str) -> Expr:
        """The terms of a sum or of a mean that contain `wrt`; of any other formula the whole."""
        expr = quantity.expr
        assert expr is not None
        if isinstance(expr, Add):
            return self._select_terms(quantity.id, expr, wrt)
        if type(expr) is Div and type(expr.top) is Add and constant(expr.bottom) is not None:
            return Div(self._select_terms(quantity.id, expr.top, wrt), expr.bottom)
        return expr

    def _select_terms(self, name: str, total: Add, wrt: str) -> Expr:
        places = self._places.get(name)
        if places is None:
            places = self._places[name] = group_terms(total)
            if len(self._places) > self.REMEMBERED:
                del self._places[next(iter(self._places))]
        return add(*(total.terms[i] for i in places[wrt]))


def pick_slope(expr: Pick, wrt: str) -> Pick:
    """The slope of a maximum of names by one of them: 1 where it is taken, else 0."""
    taken = tuple(ONE if part == Name(wrt) else ZERO for part in expr.operands)
    return Pick(expr.operands, taken)


def name_output(quantity: Quantity, expr: Expr) -> Expr:
    """Write a quantity's id wherever its own formula stands: `o1` for `sigmoid(z3)`."""
    whole = quantity.expr
    if isinstance(expr, Name):
        return expr
    return transform(expr, lambda node: Name(quantity.id) if node == whole else None)


def group_terms(expr: Add) -> dict[str, tuple[int, ...]]:
    """For each name the positions of the terms that contain it."""
    groups: dict[str, list[int]] = {}
    for index, term in enumerate(expr.terms):
        for name in names(term):
            groups.setdefault(name, []).append(index)
    return {name: tuple(places) for name, places in groups.items()}


def keep_terms_with(expr: Expr, wrt: str) -> Expr:
    """A formula without the terms of its sums that do not contain `wrt`.

    `1/2*c*(w1^2 + w2^2)` by w1 keeps `1/2*c*w1^2`: the rest is a constant.
    """
    if isinstance(expr, Add):
        return add(*(keep_terms_with(t, wrt) for t in expr.terms if depends_on(t, wrt)))
    if isinstance(expr, Mul):
        return Mul(
            tuple(keep_terms_with(f, wrt) if depends_on(f, wrt) else f for f in expr.factors)
        )
    return expr
