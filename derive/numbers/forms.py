"""Values as polynomials in atoms, and quotients of them brought over one bottom."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

import flint

from derive.algebra.expressions import (
    Add,
    Div,
    Expr,
    Mul,
    Name,
    Neg,
    Pow,
    constant,
    names,
)
from derive.numbers.balls import Value
from derive.numbers.compiling import NotDefined
from derive.numbers.polynomials import (
    ONE,
    Polynomial,
    Power,
    add,
    drop_atom,
    find_constant,
    find_ratio,
    make_constant,
    multiply,
    read_power,
    scale,
)

MOST_TERMS = 48
"""Longer polynomials become one atom, so that they do not grow with the depth of a network."""
MOST_MULTIPLIED = 8
"""The highest power that is multiplied out."""
MOST_CLEARED = 4096
"""Products up to which quotients are brought over one bottom."""

OfName = Callable[[str], Expr | Value]
"""The formula or the exact value of an id; the id itself where it is an atom."""
Pair = tuple[Polynomial, Polynomial]
"""Top and bottom of a quotient."""


class Forms(ABC):
    """Values as polynomials; `of_name` gives the formula or the exact value of an id.

    How far functions, powers and atoms are taken apart is said by two classes: `cancelling.Opaque`
    and `laws.WrittenOut`.
    """

    most_terms = MOST_TERMS

    def __init__(self, of_name: OfName) -> None:
        """Know none yet."""
        self._of_name = of_name
        self._known: dict[str, Polynomial] = {}
        self._atoms: dict[object, int] = {}
        self._inverted: dict[int, Polynomial] = {}

    def find_exact(self, expr: Expr) -> Value | None:
        """The fraction that a formula is; None if its polynomial is not seen to be one."""
        self._expand_names(names(expr))
        polynomial = self.expand(expr)
        parts = self._part_by_bottoms(polynomial)
        fractions = [self._find_fraction(part) for part in parts]
        known = [fraction for fraction in fractions if fraction is not None]
        if len(known) == len(parts):
            return sum(known, flint.fmpq(0))
        return self._find_fraction(polynomial) if len(parts) > 1 else None

    def _part_by_bottoms(self, polynomial: Polynomial) -> list[Polynomial]:
        """The terms with the same quotients together: such sums often cancel by themselves.

        The rows of attention do, and over one bottom they would be too long.
        """
        parts: dict[frozenset[int], Polynomial] = {}
        for monomial, coefficient in polynomial.items():
            bottoms = frozenset(atom for atom, _ in monomial if atom in self._inverted)
            parts.setdefault(bottoms, {})[monomial] = coefficient
        return list(parts.values())

    def _find_fraction(self, polynomial: Polynomial) -> Value | None:
        cleared = self._clear((polynomial, ONE))
        return None if cleared is None else find_ratio(*cleared)

    def _expand_names(self, wanted: tuple[str, ...]) -> None:
        """The polynomials of ids; those they need come first, without recursion over ids."""
        waiting = [name for name in wanted if name not in self._known]
        while waiting:
            top = waiting[-1]
            formula = self._of_name(top)
            if isinstance(formula, flint.fmpq):
                self._known[top] = make_constant(formula)
            elif formula == Name(top):
                self._known[top] = self._name_atom(top)
            else:
                missing = [used for used in names(formula) if used not in self._known]
                if missing:
                    waiting.extend(missing)
                    continue
                self._known[top] = self._shorten(self.expand(formula))
            waiting.pop()

    def expand(self, expr: Expr) -> Polynomial:
        """The polynomial of a formula whose names are known."""
        value = constant(expr)
        if value is not None:
            return make_constant(flint.fmpq(value.numerator, value.denominator))
        match expr:
            case Name(name):
                return self._known[name]
            case Neg(arg):
                return scale(self.expand(arg), flint.fmpq(-1))
            case Add(terms):
                return add([self.expand(term) for term in terms])
            case Mul(factors):
                return self._multiply([self.expand(factor) for factor in factors])
            case Div(top, bottom):
                return self._divide(self.expand(top), self.expand(bottom))
            case Pow(base, exponent):
                return self._raise(self.expand(base), self.expand(exponent))
        return self._apply(expr)

    @abstractmethod
    def _apply(self, expr: Expr) -> Polynomial:
        """A function or cases; raises Undecided where the case is not known."""

    @abstractmethod
    def _raise(self, base: Polynomial, exponent: Polynomial) -> Polynomial:
        """A power."""

    @abstractmethod
    def _clear_atom(self, atom: int, pair: Pair) -> Pair | None:
        """The quotient with something simpler in the place of an atom, if there is that."""

    def _multiply(self, factors: list[Polynomial]) -> Polynomial:
        total = ONE
        for factor in factors:
            total = self._shorten(multiply(total, factor))
        return total

    def _divide(self, top: Polynomial, bottom: Polynomial) -> Polynomial:
        value = find_constant(bottom)
        if value is not None:
            if value == 0:
                raise NotDefined("a division by zero")
            return scale(top, 1 / value)
        inverse = self._name_atom(("/", frozenset(bottom.items())))
        ((place, _),) = next(iter(inverse))
        self._inverted[place] = bottom
        return self._multiply([top, inverse])

    def _name_power(self, base: Polynomial, exponent: Polynomial) -> Polynomial:
        return self._name_atom(("^", frozenset(base.items()), frozenset(exponent.items())))

    def _shorten(self, polynomial: Polynomial) -> Polynomial:
        if len(polynomial) <= self.most_terms:
            return polynomial
        return self._name_atom(("+", frozenset(polynomial.items())))

    def _name_atom(self, what: object, power: Power = 1) -> Polynomial:
        place = self._atoms.setdefault(what, len(self._atoms))
        return {((place, power),): flint.fmpq(1)}

    def _clear(self, pair: Pair) -> Pair | None:
        """A quotient of two polynomials without the quotients that are in them.

        Later atoms first: what stands in them are earlier ones. None where that would
        take more than MOST_CLEARED products.
        """
        done: set[int] = set()
        while True:
            present = {atom for part in pair for monomial in part for atom, _ in monomial}
            atom = max(present - done, default=None)
            if atom is None:
                return pair
            done.add(atom)
            cleared = self._clear_atom(atom, pair)
            if cleared is None:
                return None
            pair = cleared

    def _clear_quotient(self, atom: int, pair: Pair) -> Pair | None:
        """Both multiplied by the bottom of a quotient, so that it is gone."""
        below = self._inverted.get(atom)
        if below is None:
            return pair
        most = max(int(read_power(m, atom)) for part in pair for m in part)
        return self._put_powers(atom, pair, below, lambda power: most - int(power))

    def _put_powers(
        self, atom: int, pair: Pair, base: Polynomial, count: Callable[[Power], int]
    ) -> Pair | None:
        """In the place of each power of an atom so many factors `base`."""
        most = max(count(read_power(m, atom)) for part in pair for m in part)
        if len(base) ** most * sum(map(len, pair)) > MOST_CLEARED:
            return None
        powers = [ONE]
        for _ in range(most):
            powers.append(multiply(powers[-1], base))
        top, bottom = (
            add(
                [
                    multiply({drop_atom(m, atom): c}, powers[count(read_power(m, atom))])
                    for m, c in part.items()
                ]
            )
            for part in pair
        )
        return top, bottom
