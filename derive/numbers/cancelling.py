"""Values that cancel to an exact fraction although their parts are irrational.

Where hidden units are alike, `0.5 h1 - 0.5 h2` is 0, but balls of any precision
only say that it is near 0. A form is a value as a polynomial over whatever
cannot be simplified further (a function of a form, a quotient); equal things
have equal forms, so that what cancels is seen. At the end every quotient is
brought over one bottom, so that shares are seen to add up to 1. Forms are asked for only where
balls could not decide.
"""

from __future__ import annotations

from collections.abc import Callable

import flint

from derive.algebra.expressions import Add, Call, Div, Expr, Mul, Name, Neg, Pow, constant, names
from derive.numbers.balls import Value

Monomial = tuple[tuple[int, int], ...]
"""Things and their powers, in the order of the things."""
Form = dict[Monomial, Value]
"""Coefficients, none of them 0; an exact fraction has the empty monomial alone, 0 has none."""

MOST_TERMS = 48
"""Longer forms are one thing, so that forms do not grow with the depth of a network."""
MOST_MULTIPLIED = 8
"""The highest power that is multiplied out."""
MOST_CLEARED = 4096
"""Products up to which quotients are brought over one bottom."""


class Forms:
    """The forms of one exercise; `of_name` gives the formula or the exact value of an id."""

    def __init__(self, of_name: Callable[[str], Expr | Value]) -> None:
        """Know no form yet."""
        self._of_name = of_name
        self._known: dict[str, Form] = {}
        self._things: dict[object, int] = {}
        self._inverted: dict[int, Form] = {}

    def exact_value(self, name: str) -> Value | None:
        """The fraction that an id is, if its form is one; None if that cannot be seen."""
        form = self.of(name)
        if not form:
            return flint.fmpq(0)
        cleared = self._cleared(form)
        return None if cleared is None else _ratio(*cleared)

    def _cleared(self, form: Form) -> tuple[Form, Form] | None:
        """A form as a quotient of two without the quotients that are in it.

        None where that would take more than MOST_CLEARED products.
        """
        bottom = number(flint.fmpq(1))
        while True:
            things = {thing for monomial in form for thing, _ in monomial}
            thing = max(things & self._inverted.keys(), default=None)
            if thing is None:
                return form, bottom
            most = max(_power_in(monomial, thing) for monomial in form)
            below = self._inverted[thing]
            if len(below) ** most * (len(form) + len(bottom)) > MOST_CLEARED:
                return None
            powers = [number(flint.fmpq(1))]
            for _ in range(most):
                powers.append(multiplied(powers[-1], below))
            parts = [
                multiplied({_without(m, thing): c}, powers[most - _power_in(m, thing)])
                for m, c in form.items()
            ]
            form, bottom = added(parts), multiplied(bottom, powers[most])

    def of(self, name: str) -> Form:
        """The form of an id; those it needs are made first, without recursion over ids."""
        waiting = [name]
        while waiting:
            top = waiting[-1]
            found = self._of_name(top)
            if isinstance(found, flint.fmpq):
                self._known[top] = number(found)
            else:
                missing = [used for used in names(found) if used not in self._known]
                if missing:
                    waiting.extend(missing)
                    continue
                self._known[top] = self._shortened(self._form(found))
            waiting.pop()
        return self._known[name]

    def _form(self, expr: Expr) -> Form:
        value = constant(expr)
        if value is not None:
            return number(flint.fmpq(value.numerator, value.denominator))
        if isinstance(expr, Name):
            return self._known[expr.id]
        if isinstance(expr, Neg):
            return scaled(self._form(expr.arg), flint.fmpq(-1))
        if isinstance(expr, Add):
            return added([self._form(term) for term in expr.terms])
        if isinstance(expr, Mul):
            return self._product([self._form(factor) for factor in expr.factors])
        if isinstance(expr, Div):
            return self._quotient(self._form(expr.top), self._form(expr.bottom))
        if isinstance(expr, Pow):
            return self._power(self._form(expr.base), self._form(expr.exponent))
        assert isinstance(expr, Call)
        args = tuple(frozenset(self._form(arg).items()) for arg in expr.args)
        return self._thing((expr.function, args))

    def _product(self, factors: list[Form]) -> Form:
        total = number(flint.fmpq(1))
        for factor in factors:
            total = self._shortened(multiplied(total, factor))
        return total

    def _quotient(self, top: Form, bottom: Form) -> Form:
        if list(bottom) == [()]:
            return scaled(top, 1 / bottom[()])
        inverse = self._thing(("/", frozenset(bottom.items())))
        ((place, _),) = next(iter(inverse))
        self._inverted[place] = bottom
        return self._product([top, inverse])

    def _power(self, base: Form, exponent: Form) -> Form:
        count = exponent.get((), flint.fmpq(0)) if set(exponent) <= {()} else None
        if count is not None and count.q == 1 and 0 <= count <= MOST_MULTIPLIED:
            return self._product([base] * int(count.p))
        return self._thing(("^", frozenset(base.items()), frozenset(exponent.items())))

    def _shortened(self, form: Form) -> Form:
        if len(form) <= MOST_TERMS:
            return form
        return self._thing(("+", frozenset(form.items())))

    def _thing(self, what: object) -> Form:
        place = self._things.setdefault(what, len(self._things))
        return {((place, 1),): flint.fmpq(1)}


def number(value: Value) -> Form:
    """An exact fraction as a form."""
    return {(): value} if value != 0 else {}


def scaled(form: Form, by: Value) -> Form:
    """A form times a fraction that is not 0."""
    return {monomial: coefficient * by for monomial, coefficient in form.items()}


def added(forms: list[Form]) -> Form:
    """The sum; what cancels is gone."""
    total: Form = {}
    for form in forms:
        for monomial, coefficient in form.items():
            total[monomial] = total.get(monomial, flint.fmpq(0)) + coefficient
    return {monomial: c for monomial, c in total.items() if c != 0}


def multiplied(one: Form, other: Form) -> Form:
    """The product, multiplied out."""
    return added([{_merged(m, n): a * b} for m, a in one.items() for n, b in other.items()])


def _ratio(top: Form, bottom: Form) -> Value | None:
    """The fraction that one form is of another, if it is one."""
    if not top:
        return flint.fmpq(0)
    if top.keys() != bottom.keys():
        return None
    ratios = {top[monomial] / bottom[monomial] for monomial in top}
    return ratios.pop() if len(ratios) == 1 else None


def _power_in(monomial: Monomial, thing: int) -> int:
    return dict(monomial).get(thing, 0)


def _without(monomial: Monomial, thing: int) -> Monomial:
    return tuple(part for part in monomial if part[0] != thing)


def _merged(one: Monomial, other: Monomial) -> Monomial:
    powers = dict(one)
    for thing, power in other:
        powers[thing] = powers.get(thing, 0) + power
    return tuple(sorted(powers.items()))
