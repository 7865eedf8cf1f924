"""What a ball alone cannot say: that a value is a short fraction, and which case holds at 0."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from derive import limits
from derive.algebra.expressions import (
    Add,
    Call,
    Cases,
    Expr,
    Neg,
    Pick,
    children,
    has_node,
    number,
    rebuild,
    transform,
)
from derive.algebra.rules import write_definition
from derive.numbers import balls, rounding
from derive.numbers.balls import Lookup, Undecided, Value
from derive.numbers.cancelling import Exact

DENOMINATORS = 2520
"""A multiple of every number up to 10: a fraction with one of them is short."""


PRECISE = 60
"""Bits of a ball of which a float has the first 53."""
LARGEST, OFF = 2.0**50, 2.0**-50
"""Sizes up to which a float has digits behind the point, and how far it may be off."""
Evaluate = Callable[[Expr, Lookup], Value]


class Evaluator:
    """Evaluates formulas by balls, and by their form where a ball lies about a short fraction.

    Short are 0, a decimal of the page, half of its last place, and a fraction with a
    small denominator. `exact` finds the form; it knows what names stand for.
    """

    def __init__(self, decimals: int, exact: Exact, evaluate: Evaluate = balls.evaluate) -> None:
        """`decimals` are those of the page; `evaluate` gives the ball of a formula that stays."""
        self._short = rounding.whole_power_of_ten(decimals + 1) * DENOMINATORS
        self._exact = exact
        self._evaluate = evaluate

    def evaluate(self, expr: Expr, lookup: Lookup) -> Value:
        """The value of a formula; raises Undecided where neither ball nor form tells it."""
        try:
            value = self._evaluate(expr, lookup)
        except Undecided:
            found = self._exact.find(expr)
            if found is not None:
                return found
            settled = self.take_branches(_write_cases(expr), lookup, [])
            value = balls.evaluate(self._put_exact(settled, lookup), lookup)
        return self._make_exact(expr, value)

    def _put_exact(self, expr: Expr, lookup: Lookup) -> Expr:
        """The formula with the number in the place of each part that is seen to be exact."""
        parts = children(expr)
        if not parts:
            return expr
        simple = rebuild(expr, tuple(self._put_exact(part, lookup) for part in parts))
        try:
            value = self._make_exact(simple, balls.evaluate(simple, lookup))
        except Undecided:
            return simple
        return number(Fraction(int(value.p), int(value.q))) if balls.is_exact(value) else simple

    def _make_exact(self, expr: Expr, ball: Value) -> Value:
        if balls.is_exact(ball) or self._is_far(ball) or not _holds_an_integer(ball * self._short):
            return ball
        found = self._exact.find(expr)
        return found if found is not None and ball.contains(found) else ball

    def _is_far(self, ball: Value) -> bool:
        """Whether a float tells at once that a ball lies about no short fraction."""
        if ball.rel_accuracy_bits() < PRECISE:
            return False
        size = abs(float(ball.mid()) * self._short)
        return 1 < size < LARGEST and abs(size - round(size)) > size * OFF

    def take_branches(self, expr: Expr, lookup: Lookup, kinks: list[Expr]) -> Expr:
        """The formula with the branch taken in each case; those at a kink are added to `kinks`."""

        def change(node: Expr) -> Expr | None:
            if isinstance(node, Pick):
                return self._pick(node, lookup, kinks)
            if not isinstance(node, Cases):
                return None
            side = balls.sign(self.evaluate(node.subject, lookup))
            if node.kink and side == 0:
                sides = [self.evaluate(part, lookup) for part in (node.negative, node.positive)]
                if not (all(map(balls.is_exact, sides)) and sides[0] == sides[1]):
                    kinks.append(node)
            chosen = (node.zero, node.positive, node.negative)[side]
            return self.take_branches(chosen, lookup, kinks)

        return transform(expr, change)

    def _pick(self, node: Pick, lookup: Lookup, kinks: list[Expr]) -> Expr:
        """The value that belongs to the first of the largest operands; a tie is a kink."""
        best, tied = 0, False
        for place in range(1, len(node.operands)):
            gap = Add((node.operands[place], Neg(node.operands[best])))
            side = balls.sign(self.evaluate(gap, lookup))
            tied = (side == 0 and (tied or node.values[place] != node.values[best])) or (
                tied and side < 0
            )
            best = place if side > 0 else best
        if tied and node.values != node.operands:
            kinks.append(node)
        return self.take_branches(node.values[best], lookup, kinks)


def _holds_an_integer(ball: Value) -> bool:
    """Whether a ball holds just one whole number, not one of a size that nobody writes."""
    if ball.contains(0):
        return True
    near, far = abs(ball) < 1, abs(ball) > rounding.power_of_ten(2 * limits.NUMBER_DIGITS)
    return not near and not far and ball.unique_fmpz() is not None


def _write_cases(expr: Expr) -> Expr:
    """The formula with the cases of its functions written out."""

    def change(node: Expr) -> Expr | None:
        written = write_definition(node) if isinstance(node, Call) else None
        if written is None or not has_node(written, Cases):
            return None
        return transform(written, change)

    return transform(expr, change)
