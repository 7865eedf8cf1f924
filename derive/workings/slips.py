"""What was done at a false sign: the rule that was broken, and what should stand there."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from derive.algebra.expressions import (
    ONE,
    Add,
    Expr,
    Mul,
    Name,
    Neg,
    Num,
    Pow,
    depends_on,
    names,
    substitute,
    walk,
)
from derive.algebra.lemmas import slope
from derive.answers import Member
from derive.checking.earlier import EarlierAnswers
from derive.checking.exercise import Exercise
from derive.checking.judging import Judge
from derive.derivation.steps import Step
from derive.numbers.balls import Value
from derive.workings.comparing import Comparer
from derive.workings.edits import TWO, Edit, align
from derive.workings.names import OWN
from derive.workings.parts import Part
from derive.workings.pen import Slip, find_digits
from derive.workings.rules import find_rules
from derive.workings.searching import NODES, as_part, find_edit, list_some_edits
from derive.workings.worlds import World

COMPUTED = {"sign", "factor", "term", "power", "operation", "bracket", "arithmetic"}
"""Rules that may be broken between numbers put in right and what they come to."""


class SlipFinder:
    """Explains false signs on one sheet."""

    def __init__(self, judge: Judge, comparer: Comparer) -> None:
        """Compute nothing yet."""
        self._judge = judge
        self._exercise: Exercise = judge.exercise
        self._comparer = comparer
        self._values: list[tuple[str, Value]] | None = None

    def find(self, one: Part, other: Part, about: str | None, world: World) -> Slip:
        """Why the second member does not follow from the first, which is right."""
        asked = about if about in self._exercise.order else None
        step = self._exercise.step(asked) if asked is not None else None
        value = self._comparer.evaluate(one, world)
        formula = None if step is None else self._exercise.numbers.settle_cases(step).expr
        slip = Slip(value=value, formula=formula)
        bases = list(self._list_bases(one, step))
        found = (
            self._compare_leaves(slip, bases, other, world)
            or find_digits(slip, other, value)
            or self._find_edit(slip, bases, other, step, world)
        )
        codes = self._find_mistakes(one, other, asked, world)
        rule = found.rule if found is not None else ""
        if _is_computing(one, other):
            codes = tuple(code for code in codes if find_rules([code]) <= COMPUTED)
            rule = rule if rule in COMPUTED else ""
        broken = sorted(find_rules(codes))
        told = {"name"} if rule == "number" else {rule}
        if broken and told.isdisjoint(broken) and (not rule or len(broken) == 1):
            rule = broken[0]
        if not rule and self._is_arithmetic(one, other):
            rule = "arithmetic"
        if rule == "slope" and step is not None and not step.wrt:
            rule = "function"
        return msgspec.structs.replace(found or slip, rule=rule, misconceptions=codes)

    def _is_arithmetic(self, one: Part, other: Part) -> bool:
        """Whether nothing but computing separates the two members."""
        return other.is_number or (
            one.member is not None and not names(one.member.expr) and other.member is not None
        )

    def _list_bases(self, one: Part, step: Step | None) -> Iterator[Expr]:
        """The formulas from which the second member may have come: as written, and the sheet's."""
        if one.member is not None and not one.is_number:
            yield one.member.expr
        if step is None or step.expr is None:
            return
        own = self._exercise.numbers.settle_cases(step).expr
        assert own is not None
        yield own
        expanded = substitute(own, dict(self._list_formulas(own)))
        if expanded != own and sum(1 for _ in walk(expanded)) <= NODES:
            yield expanded

    def _list_formulas(self, expr: Expr) -> Iterator[tuple[str, Expr]]:
        """The derivatives in a formula with how each of them is computed."""
        for name in names(expr):
            step = self._exercise.step(name)
            deeper = self._exercise.pair(name) or self._exercise.kind(name) == "unit_error"
            if step is not None and step.expr is not None and deeper:
                formula = self._exercise.numbers.settle_cases(step).expr
                if formula is not None:
                    yield name, formula

    def _compare_leaves(
        self, slip: Slip, bases: list[Expr], other: Part, world: World
    ) -> Slip | None:
        """A formula of the right shape with something wrong in one place or two."""
        if other.expr is None or other.is_number:
            return None
        for base in bases:
            pairs = align(base, other.expr)
            if not pairs:
                continue
            off = [(a, b) for a, b in pairs if not self._is_same(a, b, world)]
            same = len({(a, b) for a, b in off}) == 1
            if off and (same or len(off) <= max(1, len(pairs) // 2)):
                place, wrong = off[0]
                typed = not isinstance(wrong, Name)
                rule = "number" if typed else "name"
                if self._is_slope_of_another(place, wrong, world):
                    rule = "slope"
                elif typed and len(off) == 1 and self._is_same(place, Neg(wrong), world):
                    rule = "sign"
                return msgspec.structs.replace(slip, rule=rule, place=place, wrong=wrong)
        return None

    def _is_slope_of_another(self, place: Expr, wrong: Expr, world: World) -> bool:
        """Whether what stands for a slope is that of another function at the same place."""
        return any(
            rule == "slope" and self._is_same(other, wrong, world)
            for rule, other in self._list_siblings(place)
        )

    def _is_same(self, place: Expr, leaf: Expr, world: World) -> bool:
        if place == leaf:
            return True
        one, other = as_part(place), as_part(leaf)
        return self._comparer.compare(one, other, world) in ("true", "rounded")

    def _find_edit(
        self, slip: Slip, bases: list[Expr], other: Part, step: Step | None, world: World
    ) -> Slip | None:
        """A formula one slip away that gives what is written."""
        edits = list(self._list_edits(bases, step))
        rule = find_edit(edits, other, world, self._comparer)
        if rule is None:
            return None
        return msgspec.structs.replace(slip, rule=self._refine(rule, other, step))

    def _list_edits(self, bases: list[Expr], step: Step | None) -> Iterator[Edit]:
        if step is not None and step.wrt:
            yield from self._multiply_slopes(step)
        yield from list_some_edits(bases, self._list_siblings)

    def _multiply_slopes(self, step: Step) -> Iterator[Edit]:
        """The derivative of each factor in a product, multiplied."""
        for product in self._list_products(step):
            yield "product", Mul(tuple(slope(factor, step.wrt) for factor in product.factors))

    def _refine(self, rule: str, other: Part, step: Step | None) -> str:
        """A rule by its own name: a route for a term, a number for a name."""
        if rule in ("name", "number"):
            typed = other.expr is not None and not names(other.expr)
            return "number" if typed else "name"
        if rule == "function" and step is not None and step.wrt:
            return "slope"
        if rule == "term" and step is not None:
            if step.kind in ("routes", "signal", "route"):
                return "route"
            if step.wrt and any(self._list_products(step)):
                return "product"
        return rule

    def _list_products(self, step: Step) -> Iterator[Mul]:
        """The products, with the variable in several factors, that a derivative is taken of."""
        of = self._exercise.step(step.of)
        for node in walk(of.expr) if of is not None and of.expr is not None else ():
            if isinstance(node, Mul) and sum(depends_on(f, step.wrt) for f in node.factors) > 1:
                yield node

    def _list_siblings(self, expr: Expr) -> Iterator[Edit]:
        """What may stand in place of a name: one of its kind; of a slope another function's."""
        exercise = self._exercise
        if isinstance(expr, Num):
            yield from self._list_numbers(expr)
        if not isinstance(expr, Name) or expr.id.startswith(OWN):
            return
        if exercise.is_slope(expr.id):
            output = Name(exercise.pair(expr.id)[0])  # type: ignore[index]
            square = Add((ONE, Neg(Pow(output, TWO))))
            for taken in (square, Add((ONE, Neg(output))), output, ONE):
                yield "slope", taken
        yield from (("name", Name(other)) for other in self._list_alike(expr.id))

    def _list_alike(self, name: str) -> Iterator[str]:
        """Quantities that one may be taken for: of its role; for a derivative, one of its kind."""
        exercise = self._exercise
        kind = exercise.kind(name)
        if kind:
            alike = ("input", "activation") if kind in ("input", "activation") else (kind,)
            for other, quantity in exercise.graph.quantities.items():
                if other != name and quantity.role in alike:
                    yield other
            return
        pair = exercise.pair(name)
        if pair is None:
            return
        for other in exercise.order:
            against = exercise.pair(other)
            if against is not None and other != name and against[0] == pair[0]:
                yield other

    def _list_numbers(self, number: Num) -> Iterator[Edit]:
        """Other quantities in place of the one that a typed number is."""
        for name, value in self._known:
            if self._comparer.compare(as_part(number), _as_value(value), _NOBODY) == "true":
                for other in self._list_alike(name):
                    yield "number", Name(other)
                return

    @property
    def _known(self) -> list[tuple[str, Value]]:
        """Every quantity with its value."""
        if self._values is None:
            truth = self._judge.targets.truth
            values = ((name, truth.value(name)) for name in self._exercise.graph.quantities)
            self._values = [(name, value) for name, value in values if value is not None]
        return self._values

    def _find_mistakes(
        self, one: Part, other: Part, asked: str | None, world: World
    ) -> tuple[str, ...]:
        """The mistakes of the catalogue that lead to the second member, if it is the asked one."""
        if asked is None or other.expr is None or asked == other.name:
            return ()
        if any(name.startswith(OWN) for name in names(other.expr)):
            return ()
        if self._comparer.compare(as_part(Name(asked)), one, world) not in ("true", "rounded"):
            return ()
        nobody = EarlierAnswers(self._exercise, self._judge.plans)
        answer = other.member or Member("formula", other.expr, None, None, 0)
        return self._judge.judge(asked, answer, nobody).misconceptions


def _is_computing(one: Part, other: Part) -> bool:
    """Whether numbers stand before a sign, and behind it the number that they come to."""
    return other.is_number and one.member is not None and not names(one.member.expr)


class _Nobody:
    """Knows no names."""

    def value(self, name: str) -> Value | None:
        """Nothing."""
        del name
        return None

    def evaluate(self, expr: Expr, table: object = None) -> Value | None:
        """Nothing."""
        del expr, table
        return None


_NOBODY = _Nobody()


def _as_value(value: Value) -> Part:
    return Part("", Member("number", Num("0"), value, value * 0, 0))
