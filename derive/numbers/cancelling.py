"""Values that are exact fractions although their parts are irrational.

Where hidden units are alike, `0.5 h1 - 0.5 h2` is 0 and each share of a softmax a half,
but balls of any precision only say that they are near. So a value is written as a
polynomial in atoms: equal atoms are one, so that what cancels is seen. At the end
every quotient is brought over one bottom, so that shares are seen to add up to 1.

Functions are atoms at first; only where that is not enough they are written out by
their definitions, and exponentials, logarithms and roots by their laws. All this is
done only where a ball could not decide, or lies about a short fraction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from derive import limits
from derive.algebra.expressions import Call, Expr, Name
from derive.numbers.atoms import IsAtom
from derive.numbers.balls import Value
from derive.numbers.compiling import NotDefined, Undecided
from derive.numbers.forms import MOST_MULTIPLIED, Forms, OfName, Pair
from derive.numbers.laws import Side, WrittenOut
from derive.numbers.polynomials import Polynomial, find_constant

ChooseAtoms = Callable[[Expr], Iterable[IsAtom]]
"""For a formula which ids are taken as they are, one choice after the other."""


class Opaque(Forms):
    """Functions are atoms: what they are made of is not asked."""

    def _apply(self, expr: Expr) -> Polynomial:
        if not isinstance(expr, Call):
            raise Undecided
        args = tuple(frozenset(self.expand(arg).items()) for arg in expr.args)
        return self._name_atom((expr.function, args))

    def _raise(self, base: Polynomial, exponent: Polynomial) -> Polynomial:
        count = find_constant(exponent)
        if count is not None and count.q == 1 and 0 <= count <= MOST_MULTIPLIED:
            return self._multiply([base] * int(count.p))
        return self._name_power(base, exponent)

    def _clear_atom(self, atom: int, pair: Pair) -> Pair | None:
        return self._clear_quotient(atom, pair)


class Shallow(Opaque):
    """Some ids are atoms too, so that formulas end soon and may be longer."""

    most_terms = 1024


class Exact:
    """Finds the exact fraction that a formula is: functions as atoms, then written out."""

    def __init__(
        self, of_name: OfName, side: Side, choose_atoms: ChooseAtoms | None = None
    ) -> None:
        """Know none yet.

        `choose_atoms` says of a formula which ids are atoms at first: what holds whatever
        these are is then seen without the way by which they came about.
        """
        self._of_name = of_name
        self._choose_atoms = choose_atoms
        self._in_vain: set[Expr] = set()
        self._deep = (Opaque(of_name), WrittenOut(of_name, side))

    def find(self, expr: Expr) -> Value | None:
        """The fraction; None if it cannot be seen to be one.

        A formula that was looked through in vain is not looked through again with more bits;
        one of which a part was undecided is.
        """
        if expr in self._in_vain:
            return None
        decided = True
        for forms in self._list_forms(expr):
            try:
                found = forms.find_exact(expr)
            except (NotDefined, Undecided):
                decided = False
                continue
            if found is not None:
                return found
        if decided:
            if len(self._in_vain) >= limits.RECENT:
                self._in_vain.clear()
            self._in_vain.add(expr)
        return None

    def _list_forms(self, expr: Expr) -> Iterator[Forms]:
        for is_atom in self._choose_atoms(expr) if self._choose_atoms else ():
            yield Shallow(partial(self._name_or_formula, is_atom))
        yield from self._deep

    def _name_or_formula(self, is_atom: IsAtom, name: str) -> Expr | Value:
        return Name(name) if is_atom(name) else self._of_name(name)
