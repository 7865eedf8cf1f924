"""Values that cancel to an exact fraction although their parts are irrational.

Where hidden units are alike, `0.5 h1 - 0.5 h2` is 0, but balls of any precision
only say that it is near 0. So a value is written as a polynomial in atoms: an atom
is what cannot be simplified further, a function or a quotient of polynomials. Equal
atoms are one, so that what cancels is seen. At the end every quotient is brought
over one bottom, so that shares are seen to add up to 1. All this is done only where
balls could not decide.
"""

from __future__ import annotations

from collections.abc import Callable

import flint

from derive.algebra.expressions import Add, Call, Div, Expr, Mul, Name, Neg, Pow, constant, names
from derive.numbers.balls import Value

Monomial = tuple[tuple[int, int], ...]
"""Atoms, by number, and their powers: `((0, 2), (3, 1))`, in the order of the atoms."""
Polynomial = dict[Monomial, Value]
"""Coefficients, none of them 0; an exact fraction has the empty monomial alone, 0 has none."""

MOST_TERMS = 48
"""Longer polynomials become one atom, so that they do not grow with the depth of a network."""
MOST_MULTIPLIED = 8
"""The highest power that is multiplied out."""
MOST_CLEARED = 4096
"""Products up to which quotients are brought over one bottom."""


class Polynomials:
    """The polynomials of one exercise; `of_name` gives the formula or the exact value of an id."""

    def __init__(self, of_name: Callable[[str], Expr | Value]) -> None:
        """Know none yet."""
        self._of_name = of_name
        self._known: dict[str, Polynomial] = {}
        self._atoms: dict[object, int] = {}
        self._inverted: dict[int, Polynomial] = {}

    def find_exact(self, name: str) -> Value | None:
        """The fraction that an id is, if its polynomial is one; None if that cannot be seen."""
        polynomial = self.expand(name)
        if not polynomial:
            return flint.fmpq(0)
        cleared = self._clear_quotients(polynomial)
        return None if cleared is None else _find_ratio(*cleared)

    def _clear_quotients(self, polynomial: Polynomial) -> tuple[Polynomial, Polynomial] | None:
        """A polynomial as a quotient of two without the quotients that are in it.

        None where that would take more than MOST_CLEARED products.
        """
        bottom = make_constant(flint.fmpq(1))
        while True:
            atoms = {atom for monomial in polynomial for atom, _ in monomial}
            atom = max(atoms & self._inverted.keys(), default=None)
            if atom is None:
                return polynomial, bottom
            most = max(_read_power(monomial, atom) for monomial in polynomial)
            below = self._inverted[atom]
            if len(below) ** most * (len(polynomial) + len(bottom)) > MOST_CLEARED:
                return None
            powers = [make_constant(flint.fmpq(1))]
            for _ in range(most):
                powers.append(multiply(powers[-1], below))
            parts = [
                multiply({_drop_atom(m, atom): c}, powers[most - _read_power(m, atom)])
                for m, c in polynomial.items()
            ]
            polynomial, bottom = add(parts), multiply(bottom, powers[most])

    def expand(self, name: str) -> Polynomial:
        """The polynomial of an id; those it needs come first, without recursion over ids."""
        waiting = [name]
        while waiting:
            top = waiting[-1]
            formula = self._of_name(top)
            if isinstance(formula, flint.fmpq):
                self._known[top] = make_constant(formula)
            else:
                missing = [used for used in names(formula) if used not in self._known]
                if missing:
                    waiting.extend(missing)
                    continue
                self._known[top] = self._shorten(self._expand(formula))
            waiting.pop()
        return self._known[name]

    def _expand(self, expr: Expr) -> Polynomial:
        value = constant(expr)
        if value is not None:
            return make_constant(flint.fmpq(value.numerator, value.denominator))
        if isinstance(expr, Name):
            return self._known[expr.id]
        if isinstance(expr, Neg):
            return scale(self._expand(expr.arg), flint.fmpq(-1))
        if isinstance(expr, Add):
            return add([self._expand(term) for term in expr.terms])
        if isinstance(expr, Mul):
            return self._multiply([self._expand(factor) for factor in expr.factors])
        if isinstance(expr, Div):
            return self._divide(self._expand(expr.top), self._expand(expr.bottom))
        if isinstance(expr, Pow):
            return self._raise(self._expand(expr.base), self._expand(expr.exponent))
        assert isinstance(expr, Call)
        args = tuple(frozenset(self._expand(arg).items()) for arg in expr.args)
        return self._name_atom((expr.function, args))

    def _multiply(self, factors: list[Polynomial]) -> Polynomial:
        total = make_constant(flint.fmpq(1))
        for factor in factors:
            total = self._shorten(multiply(total, factor))
        return total

    def _divide(self, top: Polynomial, bottom: Polynomial) -> Polynomial:
        if list(bottom) == [()]:
            return scale(top, 1 / bottom[()])
        inverse = self._name_atom(("/", frozenset(bottom.items())))
        ((place, _),) = next(iter(inverse))
        self._inverted[place] = bottom
        return self._multiply([top, inverse])

    def _raise(self, base: Polynomial, exponent: Polynomial) -> Polynomial:
        count = exponent.get((), flint.fmpq(0)) if set(exponent) <= {()} else None
        if count is not None and count.q == 1 and 0 <= count <= MOST_MULTIPLIED:
            return self._multiply([base] * int(count.p))
        return self._name_atom(("^", frozenset(base.items()), frozenset(exponent.items())))

    def _shorten(self, polynomial: Polynomial) -> Polynomial:
        if len(polynomial) <= MOST_TERMS:
            return polynomial
        return self._name_atom(("+", frozenset(polynomial.items())))

    def _name_atom(self, what: object) -> Polynomial:
        place = self._atoms.setdefault(what, len(self._atoms))
        return {((place, 1),): flint.fmpq(1)}


def make_constant(value: Value) -> Polynomial:
    """An exact fraction as a polynomial."""
    return {(): value} if value != 0 else {}


def scale(polynomial: Polynomial, by: Value) -> Polynomial:
    """A polynomial times a fraction that is not 0."""
    return {monomial: coefficient * by for monomial, coefficient in polynomial.items()}


def add(polynomials: list[Polynomial]) -> Polynomial:
    """The sum; what cancels is gone."""
    total: Polynomial = {}
    for polynomial in polynomials:
        for monomial, coefficient in polynomial.items():
            total[monomial] = total.get(monomial, flint.fmpq(0)) + coefficient
    return {monomial: c for monomial, c in total.items() if c != 0}


def multiply(one: Polynomial, other: Polynomial) -> Polynomial:
    """The product, multiplied out."""
    return add([{_merge(m, n): a * b} for m, a in one.items() for n, b in other.items()])


def _find_ratio(top: Polynomial, bottom: Polynomial) -> Value | None:
    """The fraction that one polynomial is of another, if it is one."""
    if not top:
        return flint.fmpq(0)
    if top.keys() != bottom.keys():
        return None
    ratios = {top[monomial] / bottom[monomial] for monomial in top}
    return ratios.pop() if len(ratios) == 1 else None


def _read_power(monomial: Monomial, atom: int) -> int:
    return dict(monomial).get(atom, 0)


def _drop_atom(monomial: Monomial, atom: int) -> Monomial:
    return tuple(part for part in monomial if part[0] != atom)


def _merge(one: Monomial, other: Monomial) -> Monomial:
    powers = dict(one)
    for atom, power in other:
        powers[atom] = powers.get(atom, 0) + power
    return tuple(sorted(powers.items()))
