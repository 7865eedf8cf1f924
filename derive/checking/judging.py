"""The verdict on one answer: correct, rounded, carried, a known mistake, or wrong.

The rules stand in the order in which they are tried; every tolerance comes
from the digits that the member wrote and from the spread that rounding the
printed numbers before it can cause.
"""

from __future__ import annotations

from collections.abc import Iterator

import flint
import msgspec

from derive.algebra.expressions import Num, walk
from derive.answers import Member
from derive.checking.counterfactuals import Plan, Rewrite
from derive.checking.earlier import EarlierAnswers
from derive.checking.exercise import Exercise
from derive.checking.explaining import Explainer
from derive.checking.misconceptions import CATALOGUE, EARLY_ROUNDING, Misconception
from derive.checking.samples import Samples
from derive.checking.spread import HALF
from derive.checking.targets import FEWEST, SLACK, Target, Targets, list_ids
from derive.checking.verdicts import Judgement, Remark
from derive.numbers import rounding
from derive.numbers.balls import Value

FEWEST_FOR_ROUNDED = 2
FINE = flint.fmpq(1, 100_000)
SHIFTS = (-3, -2, -1, 1, 2, 3)
CORRECT = Judgement("correct")
WRONG = Judgement("wrong")


class Claim(msgspec.Struct, frozen=True):
    """A number somebody gives: its value, the unit of its last digit, its digits.

    `exact` is the value before an expression was rounded to the sheet's digits.
    """

    value: Value
    unit: Value
    digits: int
    exact: Value

    @property
    def half(self) -> Value:
        """Half a unit of the last digit."""
        return self.unit * HALF


class Judge:
    """Judges answers to one exercise; what it has computed once serves every member."""

    def __init__(self, exercise: Exercise) -> None:
        """Compute nothing yet."""
        self.exercise = exercise
        self.targets = Targets(exercise)
        self.samples = Samples(exercise)
        self.explainer = Explainer(exercise)
        self.plans: dict[Rewrite, Plan] = {}

    def judge(self, name: str, answer: Member, earlier: EarlierAnswers) -> Judgement:
        """The verdict on an answer, given what the member has answered before."""
        target = self.targets[name]
        if answer.value is None:
            return self._judge_formula(target, answer)
        return self.judge_number(target, read_claim(target, answer), earlier)

    def evaluate(self, name: str, answer: Member) -> Value | None:
        """The number with which a member goes on after an answer."""
        if answer.value is not None:
            return read_claim(self.targets[name], answer).value
        value = self.samples.here.evaluate(answer.expr, self.targets.truth)
        return None if value is None else self.targets[name].approximate(value)

    def judge_number(self, target: Target, given: Claim, earlier: EarlierAnswers) -> Judgement:
        """The verdict on a number, by the first rule that holds."""
        if is_correct(target, given):
            return Judgement("correct", remarks=tuple(self._remark_correct(target, given)))
        near = is_rounded(target, given)
        if near:
            return Judgement("rounded", remarks=(explain_rounded(target, given),))
        cut = given.digits >= FEWEST_FOR_ROUNDED and target.is_within(given.value, given.unit)
        if cut and not self._is_exact_mistake(target, given):
            return Judgement("rounded", remarks=(Remark("cut", {"shown": target.text}),))
        carried = self._judge_carried(target, given, earlier)
        if carried is not None:
            return carried
        return self._judge_mistaken(target, given, earlier) or self._judge_wrong(target, given)

    def _remark_correct(self, target: Target, given: Claim) -> Iterator[Remark]:
        if given.unit <= target.unit or given.value == target.shown:
            return
        alike = target.list_hits(given.value, given.half)
        if alike:
            yield Remark("few_digits", {"mistakes": ", ".join(list_ids(alike))})

    def _is_exact_mistake(self, target: Target, given: Claim) -> bool:
        """Whether a known mistake leads to exactly this number."""
        exactly = target.list_hits(given.value, flint.fmpq(0))
        early = target.find_early_rounding(given.value, given.unit, alike=True)
        return bool(exactly) or early is not None

    def _judge_carried(
        self, target: Target, given: Claim, earlier: EarlierAnswers
    ) -> Judgement | None:
        """The verdict `carried`: right if the member's own wrong earlier answers were right."""
        tolerance = given.half + 2 * target.spread + target.unit
        for counterfactual in earlier.list_counterfactuals(target.name, self.targets.truth):
            value = counterfactual.value(target.name)
            if value is None:
                continue
            own = target.approximate(value)
            if abs(own - target.value) <= 2 * target.unit or abs(given.value - own) > tolerance:
                continue
            if not earlier.faults:
                return Judgement("rounded", remarks=(Remark("after_rounded"),))
            if own == 0 and not earlier.uses_fault(target.step):
                continue
            first = earlier.find_first_error(target.name) or ""
            return Judgement("carried", remarks=(Remark("carried", {"step": first}),))
        return None

    def _judge_mistaken(
        self, target: Target, given: Claim, earlier: EarlierAnswers
    ) -> Judgement | None:
        fine = given.unit <= FINE or given.digits >= FEWEST
        tolerance = given.half + SLACK * target.unit if fine else flint.fmpq(0)
        hits = target.list_hits(given.value, tolerance)
        if not hits:
            hits = self._find_mistakes_on_top(target, given.value, tolerance, earlier)
        if hits:
            return self._explain(target, self._keep_made_here(target, hits))
        places = target.find_early_rounding(given.value, given.unit)
        if places is None:
            return None
        slots = {"here": target.name, "places": str(places)}
        remark = Remark(f"mistake.{EARLY_ROUNDING}", slots)
        return Judgement("misconception", (EARLY_ROUNDING,), (remark,))

    def _keep_made_here(
        self, target: Target, hits: tuple[Misconception, ...]
    ) -> tuple[Misconception, ...]:
        """Of a perceptron's output and difference, the mistakes made in this very step.

        There are so few values that a slip long before hits them by chance.
        """
        if self.exercise.graph.presented is None or target.step.kind == "update":
            return hits
        made = tuple(row for row in hits if row.rewrite(target.step, self.exercise) is not None)
        return made or hits

    def _explain(self, target: Target, rows: tuple[Misconception, ...]) -> Judgement:
        """Known mistakes, each with the step at which this sheet shows it."""
        remarks = self.explainer.explain(target.name, rows)
        return Judgement("misconception", list_ids(rows), remarks)

    def _find_mistakes_on_top(
        self, target: Target, answer: Value, tolerance: Value, earlier: EarlierAnswers
    ) -> tuple[Misconception, ...]:
        """Known mistakes made after the member's own answers, where they change anything."""
        if earlier.as_printed:
            return ()
        clean = [target.value]
        for counterfactual in earlier.list_counterfactuals(target.name, self.targets.truth):
            value = counterfactual.value(target.name)
            clean += [] if value is None else [target.approximate(value)]
        hits = []
        rows = self.targets.list_touching((target.name, *earlier.signals))
        for row, counterfactual in earlier.list_mistaken(target.name, rows, self.targets.truth):
            value = counterfactual.value(target.name)
            wrong = None if value is None else target.approximate(value)
            if wrong is None or abs(answer - wrong) > tolerance:
                continue
            if all(abs(wrong - other) > 2 * target.unit for other in clean):
                hits.append(row)
        return tuple(hits)

    def _judge_wrong(self, target: Target, given: Claim) -> Judgement:
        """The verdict `wrong`, with the slip of the pen that explains it, if one does."""
        remarks: list[Remark] = []
        if given.value == 0 or target.value == 0:
            return WRONG
        if target.is_within(-given.value, given.half):
            remarks.append(Remark("sign"))
        for power in SHIFTS:
            scale = rounding.power_of_ten(power)
            if target.is_within(given.value * scale, given.half * scale):
                remarks.append(Remark("shift", {"places": str(abs(power))}))
        if is_swapped(target.shown, given):
            remarks.append(Remark("swap"))
        return Judgement("wrong", remarks=tuple(remarks))

    def _judge_formula(self, target: Target, answer: Member) -> Judgement:
        if self.samples.are_equal(answer.expr, target.name):
            return CORRECT
        hits = tuple(
            row
            for row in CATALOGUE
            if self.samples.are_equal(answer.expr, target.name, row.rewrite)
        )
        if hits:
            return self._explain(target, self._keep_made_here(target, hits))
        value = self.samples.here.evaluate(answer.expr, self.targets.truth)
        typed = any(isinstance(e, Num) and "." in e.text for e in walk(answer.expr))
        if value is not None and typed and is_correct(target, round_claim(target, value)):
            return Judgement("correct", remarks=(Remark("partly_numbers"),))
        return WRONG


def read_claim(target: Target, answer: Member) -> Claim:
    """A written number as it stands; a computed one rounded to the digits of the sheet."""
    if answer.unit is not None:
        return Claim(answer.value, answer.unit, answer.digits, answer.value)
    return round_claim(target, answer.value)


def round_claim(target: Target, value: Value) -> Claim:
    """A computed number, rounded to the digits of the sheet."""
    near = target.round_to(value, target.places)
    digits = rounding.measure_magnitude(near) + target.places + 1 if near != 0 else 0
    return Claim(near, target.unit, digits, target.approximate(value))


def is_correct(target: Target, given: Claim) -> bool:
    """Within half a unit of the digits written, with enough of them; or what the key shows."""
    if given.value == target.shown or (target.exact and given.exact == target.value):
        return True
    enough = given.digits >= min(FEWEST, target.digits)
    return enough and target.is_within(given.value, given.half)


def is_rounded(target: Target, given: Claim) -> bool:
    """Whether only rounding is off: of the answer's own digits, or of the numbers before it."""
    if given.digits < FEWEST_FOR_ROUNDED:
        return False
    return target.is_within(given.value, given.half + target.spread)


def explain_rounded(target: Target, given: Claim) -> Remark:
    """The remark whether the answer was rounded, or the numbers it was computed from."""
    slots = {"shown": target.text}
    if target.is_within(given.value, given.half):
        return Remark("two_digits", slots)
    return Remark("from_printed", slots)


def is_swapped(shown: Value, given: Claim) -> bool:
    """Whether two neighbouring digits of the key's number were exchanged: 0.54 for 0.45."""
    return given.value in swap_digits(shown, given.unit)


def swap_digits(shown: Value, unit: Value) -> list[Value]:
    """The key's number with two neighbouring digits exchanged, for each such pair.

    Nobody writes the zero that may come to stand first, but one may have been in front.
    """
    wanted = rounding.round_to_integer(shown / unit)
    digits = f"0{abs(wanted)}"
    swaps = (
        digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
        for i in range(len(digits) - 1)
        if digits[i] != digits[i + 1]
    )
    sign = -1 if wanted < 0 else 1
    return [sign * int(text) * unit for text in swaps if not text.startswith("00")]
