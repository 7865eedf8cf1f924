"""The numbers of a derivation, each digit certified.

Balls start with enough bits for the digits of the key; where a digit or a sign
is in doubt the question is asked again with twice the bits, up to a ceiling.
With `rounding = "stepwise"` a step computes from the printed values of the
steps before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import msgspec

from derive import limits
from derive.algebra.expressions import Cases, Div, Expr, Name, Pick, has_node, transform, walk
from derive.algebra.expressions import Value as Printed
from derive.derivation.derived import Derived
from derive.derivation.steps import Step
from derive.errors import InternalError, SpecError
from derive.graph import Graph
from derive.numbers import balls, rounding
from derive.numbers.atoms import IsAtom, choose_atoms
from derive.numbers.balls import NotDefined, Undecided, Value
from derive.numbers.cancelling import Exact
from derive.numbers.compiling import NoValueError
from derive.numbers.deciding import Evaluate, Evaluator
from derive.numbers.levels import Level, Missing
from derive.numbers.rounding import Change, Shown
from derive.ops import LOSSES

GUARD_BITS = 64
BITS_PER_DIGIT = 3.33
FEWEST_TOLD = 3
"""Significant digits of a number that would give another one away."""
NOTHING = "nothing"
"""Stands for the result of printed operands that have none."""
T = TypeVar("T")


class Settled(msgspec.Struct, frozen=True):
    """A formula with its cases decided; `kink` where a convention was needed."""

    expr: Expr
    kink: bool


class Back(msgspec.Struct, frozen=True):
    """What printed numbers alone give: other digits, if they do; whether just the printed ones.

    `other` is None where they round to what is printed, and NOTHING where they
    have no result, as 1 / (1 - 1.00000000) has none.
    """

    other: str | None
    same: bool


class Answer(msgspec.Struct, frozen=True):
    """What a key holds about one id.

    `value` is a decimal text of at least 30 significant digits (or complete),
    `exact` the fraction where the value is rational. With stepwise rounding
    `value` is the printed number and `unrounded` the one before rounding.
    """

    shown: Shown
    value: str
    exact: str | None = None
    unrounded: str | None = None


def _name_zero(expr: Expr, lookup: balls.Lookup) -> str:
    """Which id is the 0 that a formula divides by; nothing where that is no id."""
    for node in walk(expr):
        if type(node) is Div and type(node.bottom) is Name and lookup(node.bottom.id) == 0:
            return f": {node.bottom.id} is 0"
    return ""


class Numbers:
    """Values and printed digits of every id of a derivation."""

    def __init__(self, derivation: Derived, evaluate: Evaluate = balls.evaluate) -> None:
        """Compute nothing yet; `evaluate` may remember the formulas of steps, which stay."""
        spec = derivation.graph.spec
        self.derivation = derivation
        self.decimals = spec.decimals
        self.stepwise = spec.rounding == "stepwise"
        digits = max(rounding.KEY_DIGITS, self.decimals + 10)
        self.bits = int(digits * BITS_PER_DIGIT) + GUARD_BITS
        self._levels = {self.bits: Level(self, self.bits)}
        self._answers: dict[str, Answer] = {}
        self._cases: dict[str, Settled] = {}
        self._evaluator = Evaluator(
            self.decimals,
            Exact(self._formula, self._find_side, self._choose_atoms),
            evaluate,
        )
        self._printed = Evaluator(
            self.decimals, Exact(self._read_printed, self._find_printed_side)
        )

    def adopt(self, other: Numbers) -> None:
        """Know what another derivation of the same exercise has found of the same numbers."""
        self._answers.update(other._answers)
        self._levels[self.bits].values.update(other._levels[other.bits].values)

    def step(self, name: str) -> Step:
        """The step of an id that the derivation itself has named."""
        step = self.derivation.step(name)
        if step is None:
            raise InternalError(f"no step {name}")
        return step

    def value(self, name: str) -> Value:
        """The value of an id: a fraction, or a ball of at least the key's precision."""
        return self.decide(name, lambda value: value)

    def answer(self, step: Step) -> Answer:
        """The digits of a step; raises SpecError where they cannot be decided."""
        known = self._answers.get(step.id)
        if known is None:
            known = self._answer(step)
            if len(self._answers) >= limits.RECENT:
                self._answers.clear()
            self._answers[step.id] = known
        return known

    def _answer(self, step: Step) -> Answer:
        if type(step.expr) is Name:
            source = self._source(step)
            self._levels[self.bits].copy(step, source)
            return self.answer(source)
        if step.expr is None:
            typed = str(self.derivation.graph[step.id].typed)
            return Answer(Shown(typed, exact=True), typed, str(balls.exact(typed)))
        if self.stepwise:
            return self._stepwise_answer(step)
        first = self._levels[self.bits]
        try:
            with balls.precision(first.bits):
                return self._answer_for(first.compute(step))
        except (Undecided, NotDefined, Missing):
            return self.decide(step.id, self._answer_for, step)

    def shown(self, name: str) -> Shown:
        """How an id prints."""
        known = self._answers.get(name)
        return self.answer(self.step(name)).shown if known is None else known.shown

    def require(self, name: str) -> None:
        """Raise SpecError where an id has no value."""
        self.shown(name)

    def is_exact(self, name: str) -> bool:
        """Whether an id's number is printed whole, so that `=` may stand before it."""
        return self.shown(name).exact

    def is_zero(self, name: str) -> bool:
        """Whether the value of an id is exactly 0."""
        value = self.value(name)
        return balls.is_exact(value) and bool(value == 0)

    def count_characters(self, name: str) -> int:
        """How many characters an id's number has as it is printed."""
        return len(self.shown(name).text)

    def compare(self, old: str, new: str) -> Change:
        """How the printed number of one id differs from that of another."""
        return rounding.compare(self.shown(old), self.shown(new))

    def gives_away(self, name: str, other: str) -> bool:
        """Whether two ids print the same digits, and more of them than may agree by chance."""
        text = self.shown(name).text
        told = sum(map(str.isdigit, text.lstrip("-0.")))
        return told >= FEWEST_TOLD and self.shown(other).text == text

    def settle(self, name: str) -> Settled:
        """The formula of an id with the branch taken in each case."""
        return self.settle_cases(self.step(name))

    def settle_cases(self, step: Step) -> Settled:
        """The formula of a step with the branch taken in each case."""
        known = self._cases.get(step.id)
        if known is None:
            if len(self._cases) >= limits.RECENT:
                self._cases.clear()
            known = self._cases[step.id] = self._settle(step)
        return known

    def _settle(self, step: Step) -> Settled:
        expr = step.expr
        if expr is None:
            return Settled(Name(step.id), kink=False)
        if not may_be_corner(expr):
            return Settled(expr, kink=False)
        kinks: list[Expr] = []

        def at(level: Level) -> Expr:
            return self._evaluator.take_branches(expr, level.value, kinks)

        return Settled(self.raise_precision(step.id, at), bool(kinks))

    def work_back(self, numbers: Expr, name: str) -> Back:
        """What a line of printed numbers alone gives, set beside the printed number of an id.

        `numbers` is a formula in `Value`s, which stand for what is printed of them.
        """
        shown = self.shown(name)

        formula = transform(numbers, lambda e: Name(e.id) if isinstance(e, Printed) else None)

        def at(_: Level) -> Back:
            try:
                value = self._printed.evaluate(formula, self._read_printed)
            except NotDefined:
                return Back(NOTHING, same=False)
            text = rounding.round_like(shown.text, value, self.decimals)
            printed = balls.exact(shown.text)
            same = balls.is_exact(value) and value == printed
            return Back(None if balls.exact(text) == printed else text, same=same)

        return self.raise_precision(name, at)

    def _read_printed(self, name: str) -> Value:
        return balls.exact(self.shown(name).text)

    def _find_printed_side(self, expr: Expr) -> int:
        return balls.sign(balls.evaluate(expr, self._read_printed))

    def read_given(self, name: str) -> Value | None:
        """The exact value of a given id, None for any other."""
        quantity = self.derivation.graph.quantities.get(name)
        return balls.exact(quantity.typed) if quantity and quantity.typed else None

    def _formula(self, name: str) -> Expr | Value:
        known = self._levels[self.bits].values.get(name)
        if known is not None and balls.is_exact(known):
            return known
        step = self.step(name)
        if step.expr is None:
            return self.read_given(name)
        return self.value(name) if self.stepwise else self.settle_cases(step).expr

    def _choose_atoms(self, expr: Expr) -> Iterator[IsAtom]:
        return choose_atoms(self.derivation.graph, expr, self._is_moved)

    def _is_moved(self, name: str) -> bool:
        """Whether an id is a parameter after an update, and no exact number."""
        base, updates = self.derivation.graph.split(name)
        quantity = self.derivation.graph.quantities.get(base)
        if not updates or quantity is None or quantity.role != "parameter":
            return False
        known = self._levels[self.bits].values.get(name)
        return known is None or not balls.is_exact(known)

    def _find_side(self, expr: Expr) -> int:
        """The sign of a formula by its ball."""
        return balls.sign(balls.evaluate(expr, self._level().value))

    def is_used_once(self, step: Step) -> bool:
        """Whether a step belongs to one connection, so that little is gained by keeping it."""
        return step.stage == "backward" and self.derivation.graph.is_connection(step.of, step.wrt)

    def compute(self, step: Step, lookup: balls.Lookup) -> Value:
        """The value of one step from values of others, at the precision in force."""
        if step.expr is None:
            return balls.exact(self.derivation.graph[step.id].typed)
        try:
            value = self._evaluator.evaluate(step.expr, lookup)
            if self.stepwise and not isinstance(step.expr, Name):
                return balls.exact(rounding.show(value, self.decimals).text)
        except NotDefined as problem:
            reason = f"{problem}{_name_zero(step.expr, lookup)}"
            raise self._error(step.id, reason) from None
        return value

    def _source(self, step: Step) -> Step:
        """The step a copy is a copy of."""
        while isinstance(step.expr, Name):
            step = self.step(step.expr.id)
        return step

    def _answer_for(self, value: Value) -> Answer:
        printed, text = rounding.write_texts(value, self.decimals)
        return Answer(printed, text, str(value) if balls.is_exact(value) else None)

    def _stepwise_answer(self, step: Step) -> Answer:
        def at(level: Level) -> Answer:
            expr = step.expr
            assert expr is not None
            value = self._evaluator.evaluate(expr, level.value)
            full = self._answer_for(value)
            return Answer(
                full.shown, full.shown.text, str(balls.exact(full.shown.text)), full.value
            )

        return self.raise_precision(step.id, at)

    def decide(self, name: str, ask: Callable[[Value], T], step: Step | None = None) -> T:
        """What `ask` says of the value of an id, with more bits as long as it is Undecided."""
        wanted = step or self.step(name)

        def at(level: Level) -> T:
            known = level.values.get(wanted.id)
            if known is None:
                try:
                    known = level.compute(wanted)
                except Missing:
                    known = level.value(wanted.id)
            return ask(known)

        return self.raise_precision(name, at)

    def raise_precision(self, name: str, ask: Callable[[Level], T]) -> T:
        """Ask at rising precision until the answer is certain."""
        try:
            return balls.decide(lambda: ask(self._level()), self.bits)
        except NoValueError as problem:
            raise self._error(problem.name, str(problem)) from None
        except NotDefined as problem:
            raise self._error(name, str(problem)) from None
        except Undecided:
            message = (
                f"its digits cannot be decided with {max(self._levels)} bits; "
                "it may be exactly 0 or exactly between two digits: simplify the formula"
            )
            raise self._error(name, message) from None

    def _level(self) -> Level:
        """The values at the precision in force."""
        bits = balls.bits_in_force()
        level = self._levels.get(bits)
        if level is None:
            level = self._levels[bits] = Level(self, bits)
        return level

    def _error(self, name: str, problem: str) -> SpecError:
        base, _ = self.derivation.graph.split(name)
        return SpecError(locate(self.derivation.graph, base, name), problem + self._hint(base))

    def _hint(self, base: str) -> str:
        """What the loss has to be given, where it or its derivative has no value."""
        graph = self.derivation.graph
        if not graph.loss or not LOSSES[graph.loss].outputs:
            return ""
        of = (self.derivation.graph.parts(base) or (base,))[0]
        errors = ("unit_error", "error")
        if of not in graph.quantities or graph[of].role not in errors:
            return ""
        return f"; {graph.loss} takes {LOSSES[graph.loss].outputs}"


def may_be_corner(expr: Expr) -> bool:
    """Whether a formula has cases that may meet."""
    return has_node(expr, Cases) or is_slope_of_largest(expr)


def is_slope_of_largest(expr: Expr) -> bool:
    """Whether a formula is the slope of a maximum, which its case makes 0 or 1."""
    return isinstance(expr, Pick) and expr.values != expr.operands


def locate(graph: Graph, base: str, name: str) -> str:
    """Where an id is defined in the spec, `definitions.q`; elsewhere the id itself."""
    quantity = graph.quantities.get(base)
    defined = quantity is not None and quantity.role == "definition"
    return f"definitions.{base}" if defined else name
