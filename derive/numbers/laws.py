"""Forms in which functions are written out, and follow the laws of exponentials and roots."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

import flint

from derive.algebra.expressions import Add, Call, Cases, Expr, Neg, Pick
from derive.algebra.rules import write_definition
from derive.numbers.balls import Value
from derive.numbers.compiling import NotDefined
from derive.numbers.forms import MOST_MULTIPLIED, Forms, OfName, Pair
from derive.numbers.polynomials import (
    ONE,
    Monomial,
    Polynomial,
    Power,
    add,
    find_constant,
    make_constant,
    multiply,
    raise_monomial,
    read_power,
    scale,
    simplify,
)

PRIMES = (2, 3, 5, 7, 11, 13)
"""Primes that a whole number is taken apart by; the rest counts as one."""
ODD, EVEN = ("sin",), ("cos", "normal_pdf")
"""Functions that turn their sign, or nothing, with their argument's."""
Side = Callable[[Expr], int]


class WrittenOut(Forms):
    """Functions are written out, and exponentials, logarithms and roots by their laws.

    `side` gives the sign of a formula by its ball; it raises Undecided where that
    is not known.
    """

    def __init__(self, of_name: OfName, side: Side) -> None:
        """Know none yet."""
        super().__init__(of_name)
        self._side = side
        self._exponentials: set[int] = set()
        self._logarithms: dict[Monomial, Polynomial] = {}
        self._bases: dict[int, Polynomial] = {}
        self._cosines: dict[int, Polynomial] = {}

    def _apply(self, expr: Expr) -> Polynomial:
        if isinstance(expr, Cases):
            return self.expand(self._choose(expr))
        if isinstance(expr, Pick):
            return self.expand(self._pick(expr))
        assert isinstance(expr, Call)
        written = write_definition(expr)
        if written is not None:
            return self.expand(written)
        return self._primitive(expr.function, self.expand(expr.args[0]))

    def _choose(self, expr: Cases) -> Expr:
        value = self.find_exact(expr.subject)
        side = self._side(expr.subject) if value is None else (value > 0) - (value < 0)
        return (expr.zero, expr.positive, expr.negative)[side]

    def _pick(self, expr: Pick) -> Expr:
        best = 0
        for place in range(1, len(expr.operands)):
            gap = Add((expr.operands[place], Neg(expr.operands[best])))
            value = self.find_exact(gap)
            side = self._side(gap) if value is None else (value > 0) - (value < 0)
            best = place if side > 0 else best
        return expr.values[best]

    def _primitive(self, function: str, arg: Polynomial) -> Polynomial:
        if function == "exp":
            return self._exponential(arg)
        if function in ("log", "ln"):
            return self._logarithm(arg)
        if function == "sqrt":
            return self._root(arg, Fraction(1, 2))
        value = find_constant(arg)
        if value == 0 and function in ("sin", "cos"):
            return ONE if function == "cos" else {}
        turned = function in (*ODD, *EVEN) and _is_negative(arg)
        place = scale(arg, flint.fmpq(-1)) if turned else arg
        if function == "cos":
            sine = self._name_atom(("sin", frozenset(place.items())))
            cosine = self._name_atom(("cos", frozenset(place.items())))
            self._cosines[_find_atom(cosine)] = add([ONE, scale(multiply(sine, sine), -ONE[()])])
            return cosine
        atom = self._name_atom((function, frozenset(place.items())))
        return scale(atom, flint.fmpq(-1)) if turned and function in ODD else atom

    def _exponential(self, arg: Polynomial) -> Polynomial:
        """A product of powers: for each monomial of the exponent an atom to its coefficient."""
        total = ONE
        for monomial, coefficient in arg.items():
            base = self._logarithms.get(monomial)
            if base is not None:
                total = multiply(total, self._raise(base, make_constant(coefficient)))
                continue
            atom = self._name_atom(("exp", monomial), _fraction(coefficient))
            self._exponentials.add(_find_atom(atom))
            total = multiply(total, atom)
        return total

    def _logarithm(self, arg: Polynomial) -> Polynomial:
        """Of a product the sum of logarithms, as far as its factors are positive."""
        if len(arg) != 1:
            return self._logarithm_of_sum(arg)
        ((monomial, coefficient),) = arg.items()
        meanings = {place: what for what, place in self._atoms.items()}
        terms: list[Polynomial] = []
        rest: Monomial = ()
        for atom, power in monomial:
            by = flint.fmpq(Fraction(power).numerator, Fraction(power).denominator)
            if atom in self._exponentials:
                terms.append({meanings[atom][1]: by})  # type: ignore[index]
            elif atom in self._bases:
                terms.append(scale(self._logarithm(self._bases[atom]), by))
            else:
                rest = (*rest, (atom, power))
        if rest:
            return add([*terms, self._name_logarithm({rest: coefficient})])
        if coefficient <= 0:
            raise NotDefined("a logarithm of a number that is not positive")
        for prime, count in _factor(coefficient):
            named = self._name_logarithm(make_constant(flint.fmpq(prime)))
            terms.append(scale(named, flint.fmpq(count)))
        return add(terms)

    def _name_logarithm(self, arg: Polynomial) -> Polynomial:
        atom = self._name_atom(("log", frozenset(arg.items())))
        (monomial,) = atom
        self._logarithms[monomial] = arg
        return atom

    def _logarithm_of_sum(self, arg: Polynomial) -> Polynomial:
        """With the least power of each exponential as a factor of its own."""
        least = {
            atom: min(read_power(monomial, atom) for monomial in arg)
            for atom in {atom for monomial in arg for atom, _ in monomial} & self._exponentials
        }
        factor = tuple(sorted((atom, power) for atom, power in least.items() if power))
        if not factor:
            return self._name_logarithm(arg)
        rest = multiply(arg, {raise_monomial(factor, -1): flint.fmpq(1)})
        return add([self._logarithm({factor: flint.fmpq(1)}), self._logarithm_of_sum(rest)])

    def _raise(self, base: Polynomial, exponent: Polynomial) -> Polynomial:
        count = find_constant(exponent)
        if count is None:
            return self._exponential(self._multiply([exponent, self._logarithm(base)]))
        if count.q != 1:
            return self._root(base, Fraction(int(count.p), int(count.q)))
        if abs(count) > MOST_MULTIPLIED:
            return self._name_power(base, exponent)
        whole = self._multiply([base] * abs(int(count.p)))
        return whole if count >= 0 else self._divide(ONE, whole)

    def _root(self, base: Polynomial, power: Fraction) -> Polynomial:
        """A power that is not whole, of a base that is positive."""
        if not base:
            return {}
        value = find_constant(base)
        if value is not None:
            return self._root_of_fraction(value, power)
        if len(base) == 1:
            ((monomial, coefficient),) = base.items()
            if coefficient == 1 and all(atom in self._exponentials for atom, _ in monomial):
                return {raise_monomial(monomial, power): coefficient}
        return self._name_root(base, power)

    def _root_of_fraction(self, value: Value, power: Fraction) -> Polynomial:
        """A product of roots of the primes in it."""
        if value < 0:
            raise NotDefined("a negative number to a power that is not whole")
        roots = [
            self._name_root(make_constant(flint.fmpq(prime)), power * count)
            for prime, count in _factor(value)
        ]
        return self._multiply(roots)

    def _name_root(self, base: Polynomial, power: Fraction) -> Polynomial:
        atom = self._name_atom(("root", frozenset(base.items())), simplify(power))
        self._bases[_find_atom(atom)] = base
        return atom

    def _clear_atom(self, atom: int, pair: Pair) -> Pair | None:
        if atom in self._exponentials or atom in self._bases:
            least = min(read_power(m, atom) for part in pair for m in part)
            lifted: Polynomial = {((atom, simplify(-least)),): flint.fmpq(1)} if least else ONE
            top, bottom = (multiply(part, lifted) for part in pair)
            pair = top, bottom
        powers = {read_power(m, atom) for part in pair for m in part}
        if atom in self._bases and all(power == int(power) for power in powers):
            return self._put_powers(atom, pair, self._bases[atom], int)
        if atom in self._cosines and all(int(power) % 2 == 0 for power in powers):
            return self._put_powers(atom, pair, self._cosines[atom], lambda power: int(power) // 2)
        return self._clear_quotient(atom, pair)


def _factor(value: Value) -> Iterator[tuple[int, int]]:
    """The primes of a positive fraction with their powers."""
    for whole, sign in ((int(value.p), 1), (int(value.q), -1)):
        left = whole
        for prime in PRIMES:
            count = 0
            while left % prime == 0:
                left, count = left // prime, count + 1
            if count:
                yield prime, sign * count
        if left > 1:
            yield left, sign


def _is_negative(polynomial: Polynomial) -> bool:
    """Whether the coefficient of the first monomial, in a fixed order, is negative."""
    return bool(polynomial[min(polynomial, key=str)] < 0) if polynomial else False


def _find_atom(polynomial: Polynomial) -> int:
    (((atom, _),),) = polynomial
    return atom


def _fraction(value: Value) -> Power:
    return simplify(Fraction(int(value.p), int(value.q)))
