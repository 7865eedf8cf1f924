"""The verdict on a number: correct, rounded, carried, a known mistake, or wrong.

The rules stand in the order in which they are tried; every tolerance comes
from the digits that the member wrote and from the spread that rounding the
printed numbers before it can cause.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.answers import Member
from derive.checking.claims import (
    Claim,
    claim_all,
    has_enough_digits,
    is_blurred,
    is_correct,
    is_cut,
    is_rounded,
    may_be_named,
    read_claim,
)
from derive.checking.counterfactuals import Counterfactual, Plan, Rewrite
from derive.checking.earlier import EarlierAnswers
from derive.checking.exercise import Exercise
from derive.checking.explaining import Explainer
from derive.checking.formulas import FormulaJudge
from derive.checking.misconceptions import EARLY_ROUNDING, Misconception
from derive.checking.own import OwnWorld
from derive.checking.pen import judge_wrong
from derive.checking.targets import FEWEST, SLACK, Mistaken, Target, Targets
from derive.checking.verdicts import CORRECT, Judgement, Remark
from derive.numbers import balls
from derive.numbers.balls import Value


class Judge:
    """Judges answers to one exercise; what it has computed once serves every member."""

    def __init__(self, exercise: Exercise) -> None:
        """Compute nothing yet."""
        self.exercise = exercise
        self.targets = Targets(exercise)
        self.explainer = Explainer(exercise)
        self.formulas = FormulaJudge(self.targets, self.explainer)
        self.plans: dict[Rewrite, Plan] = exercise.structure.plans

    def judge(self, name: str, answer: Member, earlier: EarlierAnswers) -> Judgement:
        """The verdict on an answer, given what the member has answered before."""
        target = self.targets[name]
        if answer.value is None:
            return self.formulas.judge(target, answer.expr)
        return self.judge_number(target, read_claim(target, answer), earlier)

    def evaluate(self, name: str, answer: Member, earlier: EarlierAnswers) -> Claim | None:
        """The number with which a member goes on after an answer.

        That of a formula has all digits, and comes of the member's own answers.
        """
        if answer.value is not None:
            return read_claim(self.targets[name], answer)
        value = earlier.evaluate(name, answer.expr, self.targets.truth)
        return None if value is None else claim_all(self.targets[name], value)

    def judge_number(self, target: Target, given: Claim, earlier: EarlierAnswers) -> Judgement:
        """The verdict on a number, by the first rule that holds."""
        if is_correct(target, given):
            return CORRECT
        if is_rounded(target, given):
            return Judgement("rounded", remarks=(explain_rounded(target, given),))
        if is_cut(target, given):
            return Judgement("rounded", remarks=(Remark("cut", {"shown": target.text}),))
        own = self._judge_by_own_answers(target, given, earlier)
        if own is None and not is_blurred(target, given):
            own = self._judge_mistaken(target, given, earlier)
        return own or self.judge_unexplained(target, given)

    def judge_unexplained(self, target: Target, given: Claim) -> Judgement:
        """The verdict where neither own answers nor a known mistake lead to a number."""
        places = target.find_early_rounding(given.value, given.unit)
        if places is None or given.digits < FEWEST:
            return judge_wrong(target, given)
        slots = {"here": target.name, "places": str(places)}
        remark = Remark(f"mistake.{EARLY_ROUNDING}", slots)
        return Judgement("misconception", (EARLY_ROUNDING,), (remark,))

    def _judge_by_own_answers(
        self, target: Target, given: Claim, earlier: EarlierAnswers
    ) -> Judgement | None:
        """Right if the member's own earlier answers were right: `rounded`, or `carried`."""
        if earlier.as_printed or not self._comes_out(target, given, earlier, frozenset()):
            return None
        faults = earlier.list_faults(target.name)
        without = earlier.list_handed_on(faults)
        if not faults or self._comes_out(target, given, earlier, without):
            return Judgement("rounded", remarks=(Remark("after_rounded"),))
        first = next(
            (
                fault
                for fault in faults
                if not self._comes_out(target, given, earlier, earlier.list_handed_on([fault]))
            ),
            faults[0],
        )
        return Judgement("carried", remarks=(Remark("carried", {"step": first}),))

    def _comes_out(
        self, target: Target, given: Claim, earlier: EarlierAnswers, without: frozenset[str]
    ) -> bool:
        """Whether an answer follows from a member's own answers, but for some of them."""
        worlds = earlier.list_worlds(target.name, self.targets.truth, without)
        return any(self._follows(target, given, world) for world in worlds)

    def _follows(self, target: Target, given: Claim, world: OwnWorld) -> bool:
        value = world.value(target.name)
        if value is None or not world.differs(target.name):
            return False
        if given.exact == world.points.value(target.name):
            return True
        fewest = FEWEST if balls.is_exact(value) else 0
        if given.digits < fewest or not has_enough_digits(target, given):
            return False
        middle, reach = target.enclose(value)
        if abs(given.value - middle) <= reach + given.half:
            return True
        return given.is_cut_of(middle - reach, middle + reach)

    def _judge_mistaken(
        self, target: Target, given: Claim, earlier: EarlierAnswers
    ) -> Judgement | None:
        """A known mistake that leads to the answer, and that no other answer rules out."""
        tolerance = given.half + SLACK * target.unit
        decimals = self.exercise.decimals
        near = [
            mistaken
            for mistaken in target.list_near(given.value - tolerance, given.value + tolerance)
            if may_be_named(mistaken.value, given, decimals, tolerance)
            and not self._is_ruled_out(target, mistaken, earlier)
        ]
        hits = tuple(mistaken.row for mistaken in near)
        everywhere = {mistaken.row for mistaken in near if mistaken.world is not None}
        alone = frozenset(row for row in hits if row not in everywhere)
        if not hits:
            hits = self._find_mistakes_on_top(target, given, tolerance, earlier)
        return self.explainer.judge(target.name, hits, earlier.right, alone) if hits else None

    def _is_ruled_out(self, target: Target, mistaken: Mistaken, earlier: EarlierAnswers) -> bool:
        """Whether another answer, between the mistake and this one, is not what it leads to."""
        world = mistaken.world
        if world is None or not earlier.answers:
            return False
        needed = self.exercise.list_needed(target.name)
        return any(
            self._contradicts(self.targets[name], earlier.answers[name].claim, world)
            for name in earlier.answers
            if name in needed
        )

    def _contradicts(self, other: Target, given: Claim, world: Counterfactual) -> bool:
        value = world.value(other.name) if world.differs(other.name) else None
        wrong = None if value is None else other.approximate(value)
        if wrong is None or abs(wrong - other.value) <= 2 * other.unit:
            return False
        return bool(abs(given.value - wrong) > given.half + SLACK * other.unit)

    def _find_mistakes_on_top(
        self, target: Target, given: Claim, tolerance: Value, earlier: EarlierAnswers
    ) -> tuple[Misconception, ...]:
        """Known mistakes made after the member's own answers, where they change anything."""
        if earlier.as_printed or (given.digits < FEWEST and not target.short):
            return ()
        decimals = self.exercise.decimals
        clean = [target.value]
        for world in earlier.list_worlds(target.name, self.targets.truth):
            value = world.value(target.name)
            clean += [] if value is None else [target.enclose(value)[0]]
        for counterfactual in earlier.list_unmistaken(target.name, self.targets.truth):
            value = counterfactual.value(target.name)
            clean += [] if value is None else [target.approximate(value)]
        hits = []
        for row, value in self._list_on_top(target, earlier):
            wrong = None if value is None else target.approximate(value)
            if wrong is None or not may_be_named(wrong, given, decimals, tolerance):
                continue
            if all(abs(wrong - other) > 2 * target.unit for other in clean):
                hits.append(row)
        return tuple(hits)

    def _list_on_top(
        self, target: Target, earlier: EarlierAnswers
    ) -> Iterator[tuple[Misconception, Value | None]]:
        """What each known mistake, and each slip, makes of the member's own answers."""
        truth = self.targets.truth
        rows = self.targets.list_touching((target.name, *earlier.list_own_signals(target.name)))
        for row, counterfactual in earlier.list_mistaken(target.name, rows, truth):
            yield row, counterfactual.value(target.name)
        for world in earlier.list_worlds(target.name, truth) if target.slips else ():
            for row in target.slips:
                expr = row.rewrite(target.step, self.exercise)
                yield row, None if expr is None else world.points.evaluate(expr)


def explain_rounded(target: Target, given: Claim) -> Remark:
    """The remark whether the answer was rounded, or the numbers it was computed from."""
    slots = {"shown": target.text}
    if target.is_within(given.value, given.half):
        return Remark("two_digits", slots)
    return Remark("from_printed", slots)
