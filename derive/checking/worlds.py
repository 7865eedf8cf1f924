"""The exercise as somebody computes it: with other formulas, own values, early rounding.

A world without any of these is the true one. Values are made when asked for,
each once; what nothing has changed is taken from the true world.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import flint
import msgspec

from derive.algebra.expressions import Add, Div, Expr, Mul, Name, Neg, Num, names
from derive.checking.exercise import AHEAD, Exercise
from derive.derivation.steps import Step
from derive.errors import SpecError
from derive.numbers import balls, rounding
from derive.numbers.balls import NotDefined, Undecided, Value

Rewrite = Callable[[Step, Exercise], "Expr | None"]
"""The formula somebody uses in place of a step's own, None where it is the step's own."""
Plan = dict[str, tuple[Step, Expr, tuple[str, ...]]]
"""How each id is computed: its step, the formula, the ids in it."""
GUARD = 16
"""Decimals kept past the printed ones: far below every tolerance."""

FAR = 100_000
"""Bits before or behind the point that are still written out."""


class World:
    """Values before their own rounding, and operands as the next step uses them."""

    def __init__(  # noqa: PLR0913, PLR0917  what makes a world differ
        self,
        exercise: Exercise,
        rewrites: Iterable[Rewrite] = (),
        own: Mapping[str, Value] | None = None,
        places: int | None = None,
        truth: World | None = None,
        plan: Plan | None = None,
    ) -> None:
        """Nothing is computed yet.

        `own` holds values that somebody has written down and goes on with;
        `places` rounds every step to so many decimals; `plan` is shared by
        worlds with the same formulas.
        """
        self.exercise = exercise
        self.rewrites = tuple(rewrites)
        self.own = {} if own is None else own
        self.places = places
        self.truth = truth
        self.values: dict[str, Value | None] = {}
        self.operands: dict[str, Value | None] = {}
        self._differing: set[str] = set()
        self._plan: Plan = {} if plan is None else plan

    def value(self, name: str) -> Value | None:
        """The value of an id before its own rounding; None where it has none."""
        if name not in self.values:
            with balls.precision(self.exercise.numbers.bits):
                self._fill(name)
        return self.values[name]

    def value_of(self, expr: Expr) -> Value | None:
        """The value of any formula over ids of this world; None where it has none."""
        with balls.precision(self.exercise.numbers.bits):
            for name in names(expr):
                if not self._at_hand(name):
                    self._fill(name)
                    self._at_hand(name)
            return self._evaluated(expr)

    def take_over(self, names: Iterable[str]) -> None:
        """Fill in ids whose value is that of the true world, which nobody needs to find out."""
        assert self.truth is not None
        self.values |= {name: self.truth.value(name) for name in names}

    def changed(self, name: str) -> bool:
        """Whether a formula or a value differs from the true world on the way to an id."""
        self.value(name)
        return name in self._differing

    def formula(self, step: Step) -> Expr | None:
        """The formula this world has for a step: each mistake made on that of the one before."""
        expr = step.expr
        for rewrite in self.rewrites:
            seen = step if expr is step.expr else msgspec.structs.replace(step, expr=expr)
            other = rewrite(seen, self.exercise)
            expr = expr if other is None else other
        return expr

    def _fill(self, name: str) -> None:
        """Compute an id and first what it needs, without recursion."""
        waiting = [name]
        under_way: Plan = {}
        while waiting:
            top = waiting[-1]
            if top in self.values:
                waiting.pop()
            elif top in under_way:
                for used in under_way[top][2]:
                    if used not in self.operands:
                        self._at_hand(used)
                self._compute(*under_way[top])
            else:
                planned = self._plan.get(top) or self._planned(top)
                if planned is None:
                    self._given(top)
                    continue
                under_way[top] = planned
                waiting += [
                    u for u in planned[2] if u not in self.operands and not self._at_hand(u)
                ]

    def _planned(self, name: str) -> tuple[Step, Expr, tuple[str, ...]] | None:
        """A step, its formula here and what that uses; None for what is given."""
        step = self.exercise.step(name)
        expr = None if step is None else self.formula(step)
        if step is None or expr is None:
            return None
        needed = self.exercise.uses(step) if expr is step.expr else names(expr)
        self._plan[name] = (step, expr, needed)
        return self._plan[name]

    def _given(self, name: str) -> None:
        self.values[name] = self.operands[name] = self.exercise.numbers.given(name)
        if self.values[name] is None:
            self._differing.add(name)

    def _at_hand(self, name: str) -> bool:
        if name in self.operands:
            return True
        mine = self.own.get(name)
        if mine is not None:
            self.operands[name] = mine
            self._differing.add(name)
            return True
        if name in self.values:
            self.operands[name] = self._operand(name)
            return True
        return False

    def _compute(self, step: Step, expr: Expr, used: tuple[str, ...]) -> None:
        name = step.id
        fresh = expr is step.expr and self.places is None and AHEAD not in name
        if fresh and self._differing.isdisjoint(used):
            if self.truth is not None:
                self.values[name] = self.truth.value(name)
                return
        else:
            self._differing.add(name)
        if self.places is not None and step.kind == "update" and isinstance(expr, Add):
            expr = Add(tuple(self._rounded_change(term) for term in expr.terms))
        self.values[name] = self._evaluated(expr)

    def _rounded_change(self, term: Expr) -> Expr:
        """The change of an update is a line of its own, and rounded like one."""
        if isinstance(term, Neg):
            return Neg(self._rounded_change(term.arg))
        value = self._evaluated(term) if isinstance(term, Mul) else None
        if value is None or self.places is None:
            return term
        near = rounded(value, self.places)
        return Div(Num(str(near.p)), Num(str(near.q)))

    def _evaluated(self, expr: Expr) -> Value | None:
        def operand(name: str) -> Value:
            found = self.operands.get(name)
            if found is None:
                raise NotDefined(name)
            return found

        try:
            return balls.evaluate(expr, operand)
        except (NotDefined, Undecided, ArithmeticError):
            return None

    def _operand(self, name: str) -> Value | None:
        """The value as the next step uses it: rounded where this world rounds."""
        value = self.values[name]
        if value is None:
            return None
        if self.places is not None:
            return rounded(value, self.places)
        if self.exercise.numbers.stepwise:
            return self._printed(name, value)
        return value

    def _printed(self, name: str, value: Value) -> Value | None:
        step = self.exercise.step(name)
        expr = None if step is None else self.formula(step)
        if isinstance(expr, Name):
            return value
        try:
            return balls.exact(rounding.shown(value, self.exercise.decimals).text)
        except (NotDefined, Undecided):
            return None


class Truth(World):
    """The true world: every value is that of the key, before its own rounding."""

    def _fill(self, name: str) -> None:
        numbers = self.exercise.numbers
        step = self.exercise.step(name)
        if step is None:
            self.values[name] = None
            return
        try:
            if numbers.stepwise:
                answer = numbers.answer(step)
                self.values[name] = balls.exact(answer.unrounded or answer.value)
            else:
                self.values[name] = numbers.value(name)
        except SpecError:
            self.values[name] = None

    def changed(self, name: str) -> bool:
        """Nothing ever is."""
        del name
        return False


def rounded(value: Value, places: int) -> Value:
    """The exact decimal of so many places nearest to a value, half away from zero."""
    try:
        return flint.fmpq(rounding.nearest_integer(value * rounding.ten(places))) / rounding.ten(
            places
        )
    except Undecided:
        return middle(value, places)


def middle(value: Value, places: int) -> Value:
    """An exact fraction within one unit of so many decimals of a value.

    One beyond every answer stands for a value beyond FAR, whose digits nothing can hold.
    """
    if isinstance(value, flint.fmpq):
        return value
    mantissa, exponent = value.mid().man_exp()
    if exponent < -FAR:
        return flint.fmpq(0)
    exponent = min(exponent, flint.fmpz(FAR))
    shift = flint.fmpz(2) ** abs(int(exponent))
    near = flint.fmpq(mantissa * shift) if exponent >= 0 else flint.fmpq(mantissa, shift)
    return flint.fmpq((near * rounding.ten(places)).floor()) / rounding.ten(places)
