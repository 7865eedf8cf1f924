"""The verdict on a formula: equal as a function, a known mistake's formula, or wrong."""

from __future__ import annotations

from collections.abc import Iterable

from derive.algebra.expressions import Expr, Num, walk
from derive.checking.claims import is_correct, round_claim
from derive.checking.explaining import Explainer
from derive.checking.misconceptions import Misconception
from derive.checking.samples import Samples
from derive.checking.targets import Target, Targets
from derive.checking.verdicts import CORRECT, WRONG, Judgement, Remark
from derive.numbers.balls import Value

PARTLY_NUMBERS = Judgement("correct", remarks=(Remark("partly_numbers"),))


class FormulaJudge:
    """Compares formulas with those of the sheet, at points of several exercises alike."""

    def __init__(self, targets: Targets, explainer: Explainer) -> None:
        """Compute nothing yet."""
        self.targets = targets
        self.explainer = explainer
        self.samples = Samples(targets.exercise)

    def evaluate(self, formula: Expr) -> Value | None:
        """What a formula gives on this sheet; None where it has no value."""
        return self.samples.here.evaluate(formula, self.targets.truth)

    def judge(self, target: Target, formula: Expr) -> Judgement:
        """By equality as a function, with numbers of the sheet in place of names, by mistakes."""
        if self.samples.are_equal(formula, target.name):
            return CORRECT
        typed = self.samples.find_typed(formula)
        if typed and self.samples.are_equal(formula, target.name, fixed=typed):
            return PARTLY_NUMBERS
        hits = self._find_wrong_formulas(target, formula, typed)
        if hits:
            return self.explainer.judge(target.name, hits)
        value = self.evaluate(formula)
        number = any(isinstance(e, Num) and "." in e.text for e in walk(formula))
        if value is not None and number and is_correct(target, round_claim(target, value)):
            return PARTLY_NUMBERS
        return WRONG

    def _find_wrong_formulas(
        self, target: Target, formula: Expr, typed: frozenset[str]
    ) -> tuple[Misconception, ...]:
        """The mistakes whose formula an answer is.

        Its names keep their true values; only where no mistake fits so, those after it,
        which then has to be made in this very step.
        """

        def choose(rows: Iterable[Misconception], *, inside: bool) -> tuple[Misconception, ...]:
            return tuple(
                row
                for row in rows
                if self.samples.are_equal(
                    formula, target.name, row.rewrite, fixed=typed, inside=inside
                )
            )

        touching = self.targets.list_touching((target.name,))
        changes = self.targets.list_changes(target.name)
        made = (row for row in touching if row.rewrite in changes)
        return choose((*touching, *target.slips), inside=False) or choose(made, inside=True)
