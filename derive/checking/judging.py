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
from derive.checking.exercise import Exercise
from derive.checking.explaining import Explainer
from derive.checking.misconceptions import CATALOGUE, EARLY_ROUNDING, Misconception
from derive.checking.samples import Samples
from derive.checking.sitting import Sitting
from derive.checking.spread import HALF
from derive.checking.targets import FEWEST, SLACK, Target, Targets, named
from derive.checking.verdicts import Judgement, Remark
from derive.checking.worlds import Plan, Rewrite
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
    """Judges answers to one exercise; what it has found out once serves every member."""

    def __init__(self, exercise: Exercise) -> None:
        """Compute nothing yet."""
        self.exercise = exercise
        self.targets = Targets(exercise)
        self.samples = Samples(exercise)
        self.explainer = Explainer(exercise)
        self.plans: dict[Rewrite, Plan] = {}

    def judge(self, name: str, answer: Member, sitting: Sitting) -> Judgement:
        """The verdict on an answer, given what the member has answered before."""
        target = self.targets[name]
        if answer.value is None:
            return self._formula(target, answer)
        return self.number(target, claim(target, answer), sitting)

    def value_of(self, name: str, answer: Member) -> Value | None:
        """The number with which a member goes on after an answer."""
        if answer.value is not None:
            return claim(self.targets[name], answer).value
        value = self.samples.here.value(answer.expr, self.targets.truth)
        return None if value is None else self.targets[name].middle(value)

    def number(self, target: Target, given: Claim, sitting: Sitting) -> Judgement:
        """The verdict on a number, by the first rule that holds."""
        if is_correct(target, given):
            return Judgement("correct", remarks=tuple(self._correct_remarks(target, given)))
        near = is_rounded(target, given)
        if near:
            return Judgement("rounded", remarks=(rounded_remark(target, given),))
        cut = given.digits >= FEWEST_FOR_ROUNDED and target.within(given.value, given.unit)
        if cut and not self._exactly_mistaken(target, given):
            return Judgement("rounded", remarks=(Remark("cut", {"shown": target.text}),))
        carried = self._carried(target, given, sitting)
        if carried is not None:
            return carried
        return self._mistaken(target, given, sitting) or self._wrong(target, given)

    def _correct_remarks(self, target: Target, given: Claim) -> Iterator[Remark]:
        if given.unit <= target.unit or given.value == target.shown:
            return
        alike = target.hits(given.value, given.half)
        if alike:
            yield Remark("few_digits", {"mistakes": ", ".join(named(alike))})

    def _exactly_mistaken(self, target: Target, given: Claim) -> bool:
        """Whether a known mistake leads to exactly this number."""
        exactly = target.hits(given.value, flint.fmpq(0))
        early = target.rounded_early(given.value, given.unit, alike=True)
        return bool(exactly) or early is not None

    def _carried(self, target: Target, given: Claim, sitting: Sitting) -> Judgement | None:
        """Right if the member's own earlier answers were."""
        tolerance = given.half + 2 * target.spread + target.unit
        for world in sitting.worlds(target.name, self.targets.truth):
            value = world.value(target.name)
            if value is None:
                continue
            own = target.middle(value)
            if abs(own - target.value) <= 2 * target.unit or abs(given.value - own) > tolerance:
                continue
            if not sitting.faults:
                return Judgement("rounded", remarks=(Remark("after_rounded"),))
            if own == 0 and not sitting.just_before(target.step):
                continue
            first = sitting.first_error(target.name) or ""
            return Judgement("carried", remarks=(Remark("carried", {"step": first}),))
        return None

    def _mistaken(self, target: Target, given: Claim, sitting: Sitting) -> Judgement | None:
        fine = given.unit <= FINE or given.digits >= FEWEST
        tolerance = given.half + SLACK * target.unit if fine else flint.fmpq(0)
        hits = target.hits(given.value, tolerance)
        if not hits:
            hits = self._mistaken_on_top(target, given.value, tolerance, sitting)
        if hits:
            return self._explained(target, self._here(target, hits))
        places = target.rounded_early(given.value, given.unit)
        if places is None:
            return None
        slots = {"here": target.name, "places": str(places)}
        remark = Remark(f"mistake.{EARLY_ROUNDING}", slots)
        return Judgement("misconception", (EARLY_ROUNDING,), (remark,))

    def _here(self, target: Target, hits: tuple[Misconception, ...]) -> tuple[Misconception, ...]:
        """Of a perceptron's output and difference, the mistakes made in this very step.

        There are so few values that a slip long before hits them by chance.
        """
        if self.exercise.graph.presented is None or target.step.kind == "update":
            return hits
        made = tuple(row for row in hits if row.rewrite(target.step, self.exercise) is not None)
        return made or hits

    def _explained(self, target: Target, rows: tuple[Misconception, ...]) -> Judgement:
        """Known mistakes, each with the step at which this sheet shows it."""
        remarks = self.explainer.remarks(target.name, rows)
        return Judgement("misconception", named(rows), remarks)

    def _mistaken_on_top(
        self, target: Target, answer: Value, tolerance: Value, sitting: Sitting
    ) -> tuple[Misconception, ...]:
        """Known mistakes made after the member's own answers, where they change anything."""
        if sitting.as_printed:
            return ()
        clean = [target.value]
        for world in sitting.worlds(target.name, self.targets.truth):
            value = world.value(target.name)
            clean += [] if value is None else [target.middle(value)]
        hits = []
        rows = self.targets.touching((target.name, *sitting.signals))
        for row, world in sitting.mistaken(target.name, rows, self.targets.truth):
            value = world.value(target.name)
            wrong = None if value is None else target.middle(value)
            if wrong is None or abs(answer - wrong) > tolerance:
                continue
            if all(abs(wrong - other) > 2 * target.unit for other in clean):
                hits.append(row)
        return tuple(hits)

    def _wrong(self, target: Target, given: Claim) -> Judgement:
        """Wrong; with the slip of the pen that explains it, if one does."""
        remarks: list[Remark] = []
        if given.value == 0 or target.value == 0:
            return WRONG
        if target.within(-given.value, given.half):
            remarks.append(Remark("sign"))
        for power in SHIFTS:
            scale = rounding.ten(power)
            if target.within(given.value * scale, given.half * scale):
                remarks.append(Remark("shift", {"places": str(abs(power))}))
        if swapped(target.shown, given):
            remarks.append(Remark("swap"))
        return Judgement("wrong", remarks=tuple(remarks))

    def _formula(self, target: Target, answer: Member) -> Judgement:
        if self.samples.equal(answer.expr, target.name):
            return CORRECT
        hits = tuple(
            row for row in CATALOGUE if self.samples.equal(answer.expr, target.name, row.rewrite)
        )
        if hits:
            return self._explained(target, self._here(target, hits))
        value = self.samples.here.value(answer.expr, self.targets.truth)
        typed = any(isinstance(e, Num) and "." in e.text for e in walk(answer.expr))
        if value is not None and typed and is_correct(target, from_value(target, value)):
            return Judgement("correct", remarks=(Remark("partly_numbers"),))
        return WRONG


def claim(target: Target, answer: Member) -> Claim:
    """A written number as it stands; a computed one rounded to the digits of the sheet."""
    if answer.unit is not None:
        return Claim(answer.value, answer.unit, answer.digits, answer.value)
    return from_value(target, answer.value)


def from_value(target: Target, value: Value) -> Claim:
    """A computed number, rounded to the digits of the sheet."""
    near = target.rounded(value, target.places)
    digits = rounding.magnitude(near) + target.places + 1 if near != 0 else 0
    return Claim(near, target.unit, digits, target.middle(value))


def is_correct(target: Target, given: Claim) -> bool:
    """Within half a unit of the digits written, with enough of them; or what the key shows."""
    if given.value == target.shown or (target.exact and given.exact == target.value):
        return True
    enough = given.digits >= min(FEWEST, target.digits)
    return enough and target.within(given.value, given.half)


def is_rounded(target: Target, given: Claim) -> bool:
    """What rounding the printed numbers before it can lead to, or two digits only."""
    if given.digits < FEWEST_FOR_ROUNDED:
        return False
    return target.within(given.value, given.half + target.spread)


def rounded_remark(target: Target, given: Claim) -> Remark:
    """Whether it is the digits written or those computed with that were few."""
    slots = {"shown": target.text}
    if target.within(given.value, given.half):
        return Remark("two_digits", slots)
    return Remark("from_printed", slots)


def swapped(shown: Value, given: Claim) -> bool:
    """Whether exchanging two neighbouring digits makes the key's number of the answer."""
    return given.value in transposed(shown, given.unit)


def transposed(shown: Value, unit: Value) -> list[Value]:
    """The key's number in so many digits, each time with two neighbouring ones exchanged.

    Nobody writes the zero that may come to stand first, but one may have been in front.
    """
    wanted = rounding.nearest_integer(shown / unit)
    digits = f"0{abs(wanted)}"
    found = (
        digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
        for i in range(len(digits) - 1)
        if digits[i] != digits[i + 1]
    )
    sign = -1 if wanted < 0 else 1
    return [sign * int(text) * unit for text in found if not text.startswith("00")]
