"""Carry out what a learner does in the last line: numbers multiplied, zeros gone.

`2 * 1/2 * (t1 - o1)^(2-1) * (-1) + 0` becomes `-(t1 - o1)`. Products are not
expanded and sums are not factored: the shape that was taught stays visible.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from derive.algebra.expressions import (
    ONE,
    ZERO,
    Add,
    Cases,
    Div,
    Expr,
    Mul,
    Neg,
    Pow,
    add,
    cases,
    children,
    constant,
    mul,
    number,
    rebuild,
)

SMALL = 10**6
"""Powers of numbers are multiplied out only up to this size."""
REMEMBERED = 4096
"""Trees whose short form is kept: a sum looks at its terms twice, at every depth."""
LARGE = 10**50
"""Products of numbers likewise; a literal of the grammar has at most 60 digits."""


@lru_cache(maxsize=REMEMBERED)
def tidy(expr: Expr) -> Expr:
    """The same value, written as shortly as the taught rules allow."""
    if isinstance(expr, Add):
        return _sum(expr)
    if isinstance(expr, Neg | Mul | Div | Pow):
        return _Product().take(expr, Fraction(1)).build()
    if isinstance(expr, Cases):
        branches = (tidy(part) for part in (expr.negative, expr.zero, expr.positive))
        return cases((expr.subject, *branches), kink=expr.kink)
    parts = children(expr)
    return rebuild(expr, tuple(tidy(part) for part in parts)) if parts else expr


def _sum(expr: Add) -> Expr:
    """Drop zeros, add up plain numbers, join terms that differ in their number only."""
    plain = Fraction(0)
    counts: dict[Expr, Fraction] = {}
    for term in _terms(expr):
        value = constant(term)
        if value is not None:
            plain += value
            continue
        product = _Product().take(term, Fraction(1))
        rest = product.without_number()
        counts[rest] = counts.get(rest, Fraction(0)) + product.number
    terms = [_times(count, rest) for rest, count in counts.items() if count]
    if plain:
        terms.insert(0 if _starts_with_number(expr) else len(terms), number(plain))
    return add(*terms) if terms else ZERO


def _terms(expr: Add) -> list[Expr]:
    flat: list[Expr] = []
    for term in expr.terms:
        simple = tidy(term)
        flat.extend(simple.terms if isinstance(simple, Add) else (simple,))
    return flat


def _starts_with_number(expr: Add) -> bool:
    return constant(expr.terms[0]) not in (None, 0)


def _times(count: Fraction, rest: Expr) -> Expr:
    size = abs(count)
    if size == 1:
        term = rest
    elif isinstance(rest, Div):
        term = _scaled_fraction(size, rest)
    else:
        term = Mul((number(size), *(rest.factors if isinstance(rest, Mul) else (rest,))))
    return Neg(term) if count < 0 else term


def _scaled_fraction(size: Fraction, rest: Div) -> Expr:
    top, bottom = rest.top, rest.bottom
    if size.numerator != 1:
        top = number(size.numerator) if top == ONE else _times(Fraction(size.numerator), top)
    if size.denominator != 1:
        bottom = _times(Fraction(size.denominator), bottom)
    return Div(top, bottom)


class _Product:
    """A product taken apart: one number, and bases with their exponents."""

    def __init__(self) -> None:
        self.number = Fraction(1)
        self.powers: dict[Expr, Expr] = {}

    def take(self, expr: Expr, power: Fraction) -> _Product:
        """Multiply by `expr` to the given sign of exponent (1 or -1)."""
        if isinstance(expr, Neg):
            self.number = -self.number
            return self.take(expr.arg, power)
        if isinstance(expr, Mul):
            for factor in expr.factors:
                self.take(factor, power)
            return self
        if isinstance(expr, Div):
            return self.take(expr.top, power).take(expr.bottom, -power)
        if isinstance(expr, Pow):
            return self.take_power(tidy(expr.base), tidy(expr.exponent), power)
        simple = tidy(expr)
        value = constant(simple)
        if isinstance(expr, Add) and not isinstance(simple, Add):
            return self.take(simple, power)
        if value is not None and (value or power > 0):
            product = self.number * (value if power > 0 else 1 / value)
            if max(abs(product.numerator), product.denominator) <= LARGE:
                self.number = product
                return self
        return self.put(simple, number(power))

    def take_power(self, base: Expr, exponent: Expr, power: Fraction) -> _Product:
        count = constant(exponent)
        value = constant(base)
        if count == 1:
            return self.take(base, power)
        if count == -1:
            return self.take(base, -power)
        if count == 0:
            return self
        if value and count and count.denominator == 1 and abs(count) <= 64:  # noqa: PLR2004
            raised = value ** int(count * power)
            if max(raised.numerator, raised.denominator) <= SMALL:
                self.number *= raised
                return self
        return self.put(base, exponent if power > 0 else _negate(exponent))

    def put(self, base: Expr, exponent: Expr) -> _Product:
        if base in self.powers:
            exponent = tidy(Add((self.powers.pop(base), exponent)))
        if constant(exponent) != 0:
            self.powers[base] = exponent
        return self

    def without_number(self) -> Expr:
        """The product of the bases alone, as a fraction where one is below the line."""
        if not self.number:
            return ONE
        tops: list[Expr] = []
        bottoms: list[Expr] = []
        for base, exponent in self.powers.items():
            value = constant(exponent)
            below = (value is not None and value < 0) or isinstance(exponent, Neg)
            shown = _negate(exponent) if below else exponent
            raised = base if constant(shown) == 1 else Pow(base, shown)
            (bottoms if below else tops).append(raised)
        top = mul(*tops) if tops else ONE
        return Div(top, mul(*bottoms)) if bottoms else top

    def build(self) -> Expr:
        """The product as a tree; a sign stands in front of the whole."""
        rest = self.without_number()
        if not self.number or rest == ONE:
            return number(self.number)
        return _times(self.number, rest)


def _negate(exponent: Expr) -> Expr:
    return exponent.arg if isinstance(exponent, Neg) else tidy(Neg(exponent))
