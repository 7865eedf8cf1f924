"""Polynomials in atoms with exact coefficients: what cancels in them is gone.

An atom is a number that stands for what cannot be simplified further. Powers are
whole numbers, but of atoms that are positive (exponentials, roots) any fractions.
"""

from __future__ import annotations

from fractions import Fraction

import flint

from derive.numbers.balls import Value

Power = int | Fraction
Monomial = tuple[tuple[int, Power], ...]
"""Atoms and their powers: `((0, 2), (3, 1))`, in the order of the atoms."""
Polynomial = dict[Monomial, Value]
"""Coefficients, none of them 0; an exact fraction has the empty monomial alone, 0 has none."""

ONE: Polynomial = {(): flint.fmpq(1)}


def make_constant(value: Value) -> Polynomial:
    """An exact fraction as a polynomial."""
    return {(): value} if value != 0 else {}


def find_constant(polynomial: Polynomial) -> Value | None:
    """The exact fraction that a polynomial is; None if there is an atom in it."""
    if not polynomial:
        return flint.fmpq(0)
    return polynomial[()] if polynomial.keys() == {()} else None


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
    total: Polynomial = {}
    for left, a in one.items():
        for right, b in other.items():
            monomial = merge(left, right)
            known = total.get(monomial)
            total[monomial] = a * b if known is None else known + a * b
    return {monomial: c for monomial, c in total.items() if c != 0}


def find_ratio(top: Polynomial, bottom: Polynomial) -> Value | None:
    """The fraction that one polynomial is of another, if it is one."""
    if not top:
        return flint.fmpq(0)
    if top.keys() != bottom.keys():
        return None
    ratios = {top[monomial] / bottom[monomial] for monomial in top}
    return ratios.pop() if len(ratios) == 1 else None


def read_power(monomial: Monomial, atom: int) -> Power:
    """The power of an atom; 0 where it does not stand."""
    return dict(monomial).get(atom, 0)


def drop_atom(monomial: Monomial, atom: int) -> Monomial:
    """The monomial without an atom."""
    return tuple(part for part in monomial if part[0] != atom)


def merge(one: Monomial, other: Monomial) -> Monomial:
    """The product of two monomials."""
    if not one or not other:
        return one or other
    powers = dict(one)
    for atom, power in other:
        powers[atom] = powers.get(atom, 0) + power
    return tuple(sorted((atom, power) for atom, power in powers.items() if power))


def raise_monomial(monomial: Monomial, power: Power) -> Monomial:
    """A power of a monomial."""
    return tuple((atom, simplify(p * power)) for atom, p in monomial)


def simplify(power: Power) -> Power:
    """A power as a whole number where it is one, so that equal monomials are equal."""
    return int(power) if power == int(power) else power
