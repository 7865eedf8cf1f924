"""Formulas in floats by places in a list, for many first looks at the same formulas.

They compute what `estimates` does and refuse in the same places; the sums and products that
derivations are full of are written out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import itemgetter

import msgspec

from derive.algebra.expressions import Add, Expr, Mul
from derive.numbers.compiling import Arithmetic, Compiled, Read, compile_formula
from derive.numbers.estimates import make_estimates

TWO, THREE = 2, 3


class Straight:
    """Some formulas in an order in which they can be computed."""

    def __init__(
        self, formulas: Iterable[tuple[str, Expr]], known: Sequence[str], asked: Sequence[str]
    ) -> None:
        """`known` are the names of the list that is given, `asked` those of the one that is made.

        A formula of a name that is known makes another value of it, for all behind it.
        """
        places = {name: place for place, name in enumerate(known)}
        self._code: list[tuple[int, Compiled]] = []
        for name, expr in formulas:
            compute = compile_formula(expr, FLOATS, lambda used: itemgetter(places[used]))
            self._code.append((places.setdefault(name, len(places)), compute))
        self._more = [0.0] * (len(places) - len(known))
        self._asked = [places[name] for name in asked]

    def run(self, known: list[float]) -> list[float]:
        """The values asked for; raises Undecided or NotDefined where floats cannot tell."""
        row = known + self._more
        for place, compute in self._code:
            row[place] = compute(row)
        return [row[place] for place in self._asked]


def _sum(expr: Add, arithmetic: Arithmetic, read: Read) -> Compiled:
    """Terms in their order."""
    terms = [compile_formula(term, arithmetic, read) for term in expr.terms]
    if len(terms) == TWO:
        one, other = terms
        return lambda at: one(at) + other(at)
    if len(terms) == THREE:
        first, second, third = terms
        return lambda at: first(at) + second(at) + third(at)
    return lambda at: sum([term(at) for term in terms])


def _product(expr: Mul, arithmetic: Arithmetic, read: Read) -> Compiled:
    """Factors in their order."""
    factors = [compile_formula(factor, arithmetic, read) for factor in expr.factors]
    if len(factors) == TWO:
        one, other = factors
        return lambda at: one(at) * other(at)
    if len(factors) == THREE:
        first, second, third = factors
        return lambda at: first(at) * second(at) * third(at)
    product = arithmetic.product
    return lambda at: product(factors, at)


ESTIMATES = make_estimates(lambda: None)
FLOATS = msgspec.structs.replace(ESTIMATES, written_out={Add: _sum, Mul: _product})
