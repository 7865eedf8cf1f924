"""Counterfactuals: the exercise as somebody computes it who makes a mistake.

That is with other formulas, with own wrong numbers, or rounding early. Values are
computed when asked for, each once; what nothing has changed is taken from the key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet

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
Planned = tuple[Step, Expr, tuple[str, ...]]
"""How an id is computed: its step, the formula, the ids in it."""
Plan = dict[str, Planned]
GUARD = 16
"""Decimals kept past the printed ones: far below every tolerance."""

FAR = 100_000
"""Bits before or behind the point that are still written out."""


class Counterfactual:
    """The values of all ids as a mistake makes them; without one, the true values.

    `values` are those before their own rounding, `operands` what the next step uses.
    """

    def __init__(  # noqa: PLR0913, PLR0917  what differs from the key
        self,
        exercise: Exercise,
        rewrites: Iterable[Rewrite] = (),
        own: Mapping[str, Value] | None = None,
        places: int | None = None,
        truth: Counterfactual | None = None,
        plan: Plan | None = None,
        affected: AbstractSet[str] | None = None,
    ) -> None:
        """Nothing is computed yet.

        `own` holds values that somebody has written down and goes on with;
        `places` rounds every step to so many decimals; `plan` is shared by
        counterfactuals with the same formulas; `affected` are all asked ids that differ
        from the truth, if that is known.
        """
        self.exercise = exercise
        self.rewrites = tuple(rewrites)
        self.own = {} if own is None else own
        self.places = places
        self.truth = truth
        self._affected = affected
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

    def evaluate(self, expr: Expr) -> Value | None:
        """The value of any formula from the values here; None where it has none."""
        with balls.precision(self.exercise.numbers.bits):
            for name in names(expr):
                if not self._at_hand(name):
                    self._fill(name)
                    self._at_hand(name)
            return self._evaluate(expr)

    def take_from_truth(self, names: Iterable[str]) -> None:
        """Take the values of some ids from the key, where the mistake is known to change none."""
        assert self.truth is not None
        self.values |= {name: self.truth.value(name) for name in names}

    def _is_true(self, name: str) -> bool:
        """Whether an id is known to have its true value."""
        return self._affected is not None and name not in self._affected and AHEAD not in name

    def differs(self, name: str) -> bool:
        """Whether the mistake changes a formula or a value that an id needs."""
        if self._is_true(name):
            return False
        self.value(name)
        return name in self._differing

    def list_changed(self) -> dict[str, Expr]:
        """The formulas that are not those of the sheet, of all ids that were computed so far."""
        return {n: expr for n, (step, expr, _) in self._plan.items() if expr is not step.expr}

    def rewrite_formula(self, step: Step) -> Expr | None:
        """The formula of a step after every mistake, each made on what the one before left."""
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
            elif self._is_true(top) and self.truth is not None:
                self.values[top] = self.truth.value(top)
            elif top in under_way:
                for used in under_way[top][2]:
                    if used not in self.operands:
                        self._at_hand(used)
                self._compute(*under_way[top])
            else:
                planned = self._plan.get(top) or self._plan_step(top)
                if planned is None:
                    self._take_given(top)
                    continue
                under_way[top] = planned
                waiting += [
                    u for u in planned[2] if u not in self.operands and not self._at_hand(u)
                ]

    def _plan_step(self, name: str) -> Planned | None:
        """A step, its formula here and what that uses; None for what is given."""
        step = self.exercise.step(name)
        expr = None if step is None else self.rewrite_formula(step)
        if step is None or expr is None:
            return None
        needed = self.exercise.uses(step) if expr is step.expr else names(expr)
        self._plan[name] = (step, expr, needed)
        return self._plan[name]

    def _take_given(self, name: str) -> None:
        self.values[name] = self.operands[name] = self.exercise.numbers.read_given(name)
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
            expr = Add(tuple(self._round_change(term) for term in expr.terms))
        self.values[name] = self._evaluate(expr)

    def _round_change(self, term: Expr) -> Expr:
        """The change of an update is a line of its own, and rounded like one."""
        if isinstance(term, Neg):
            return Neg(self._round_change(term.arg))
        value = self._evaluate(term) if isinstance(term, Mul) else None
        if value is None or self.places is None:
            return term
        near = round_to(value, self.places)
        return Div(Num(str(near.p)), Num(str(near.q)))

    def _evaluate(self, expr: Expr) -> Value | None:
        def operand(name: str) -> Value:
            value = self.operands.get(name)
            if value is None:
                raise NotDefined(name)
            return value

        try:
            return self.exercise.structure.evaluate(expr, operand)
        except (NotDefined, Undecided, ArithmeticError):
            return None

    def _operand(self, name: str) -> Value | None:
        """The value as the next step uses it: rounded where every step is."""
        value = self.values[name]
        if value is None:
            return None
        if self.places is not None:
            return round_to(value, self.places)
        if self.exercise.numbers.stepwise:
            return self._print(name, value)
        return value

    def _print(self, name: str, value: Value) -> Value | None:
        step = self.exercise.step(name)
        expr = None if step is None else self.rewrite_formula(step)
        if isinstance(expr, Name):
            return value
        try:
            return balls.exact(rounding.show(value, self.exercise.decimals).text)
        except (NotDefined, Undecided):
            return None


class Truth(Counterfactual):
    """No mistake at all: every value is that of the key, before its own rounding."""

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

    def differs(self, name: str) -> bool:
        """Nothing ever is."""
        del name
        return False


def round_to(value: Value, places: int) -> Value:
    """The exact decimal of so many places nearest to a value, half away from zero."""
    try:
        return flint.fmpq(
            rounding.round_to_integer(value * rounding.power_of_ten(places))
        ) / rounding.power_of_ten(places)
    except Undecided:
        return approximate(value, places)


def approximate(value: Value, places: int) -> Value:
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
    return flint.fmpq((near * rounding.power_of_ten(places)).floor()) / rounding.power_of_ten(
        places
    )
