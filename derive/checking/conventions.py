"""Other conventions: who follows one throughout has made no mistake.

A convention is rules for the formulas it changes, and which answers show it. It is
taken for one where all of these answers follow it and there is evidence: an update
that comes out right although the mistake that looks alike would move it, or
several answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from derive.algebra.expressions import Div, Expr, Mul, Neg, Num
from derive.checking.counterfactuals import Counterfactual, Rewrite
from derive.checking.earlier import EarlierAnswers
from derive.checking.exercise import Exercise
from derive.checking.misconceptions.errors import flip_sign, is_error_slope
from derive.checking.misconceptions.reductions import count_samples, swap_reduction
from derive.checking.misconceptions.updates import (
    RATE,
    drop_rate,
    flip_direction,
    is_used_in_update,
    split_update,
)
from derive.checking.targets import LOOSEST, UNITS, Target, Targets
from derive.checking.verdicts import RIGHT, Remark, Result
from derive.derivation.steps import Step, StepKind
from derive.numbers.balls import Value

ENOUGH = 3
"""Answers that follow a convention and are evidence by themselves."""
TWO = Num("2")

Kind = Callable[[Step, Exercise], bool]


class Convention(msgspec.Struct, frozen=True):
    """Another way to write the same work down; `key` is that of its remark.

    `shown` changes the answers of the kind, `made_good` the steps that come of them,
    so that these are right. `proofs` are the steps that are evidence when right.
    """

    key: str
    is_kind: Kind
    shown: tuple[Rewrite, ...]
    made_good: tuple[Rewrite, ...] = ()
    proofs: tuple[StepKind, ...] = ("update",)
    enough: int = ENOUGH

    @property
    def rewrites(self) -> tuple[Rewrite, ...]:
        """All its rules."""
        return (*self.shown, *self.made_good)


def is_error_derivative(step: Step, exercise: Exercise) -> bool:
    """Whether a step is a derivative of an error, in plain gradient descent."""
    plain = exercise.graph.method is None and step.stage == "backward"
    return plain and exercise.kind(step.of) in ("error", "unit_error")


def is_error_signal(step: Step, exercise: Exercise) -> bool:
    """The same, but not by a parameter."""
    return is_error_derivative(step, exercise) and exercise.kind(step.wrt) != "parameter"


def turn_back(step: Step, exercise: Exercise) -> Expr | None:
    """A gradient with the sign of the sheet, made from an error signal with the other one."""
    del exercise
    return Neg(step.expr) if step.kind == "gradient" and step.expr is not None else None


def multiply_rate(step: Step, exercise: Exercise) -> Expr | None:
    """The step, learning rate times gradient, in place of the gradient."""
    if step.expr is None or not is_used_in_update(step, exercise):
        return None
    return Mul((RATE, step.expr))


def is_of_sample(step: Step, exercise: Exercise) -> bool:
    """Whether a step is a derivative of one sample's error that goes into a mean."""
    return count_samples(step, exercise) > 1


def divide_sample(step: Step, exercise: Exercise) -> Expr | None:
    """The slope of one sample's error with the 1/N of the mean in it."""
    count = count_samples(step, exercise)
    if count == 1 or step.expr is None or not is_error_slope(step, exercise):
        return None
    return Div(step.expr, Num(str(count)))


def swap_gradient(step: Step, exercise: Exercise) -> Expr | None:
    """The sum of the samples' gradients for their mean, or the reverse."""
    return swap_reduction(step, exercise) if step.kind == "reduction" else None


def swap_back(step: Step, exercise: Exercise) -> Expr | None:
    """The update with the number of samples that the gradient has no share of."""
    parts = split_update(step)
    if parts is None or exercise.graph.method is not None or len(exercise.graph.roots) == 1:
        return None
    count = Num(str(len(exercise.graph.batch(step.updates).roots)))
    moved = Mul((parts.rate, parts.gradient))
    return parts.move(
        Div(moved, count) if exercise.spec.reduction == "mean" else Mul((count, moved))
    )


def is_perceptron_update(step: Step, exercise: Exercise) -> bool:
    """Whether a step is the update of a perceptron with labels 1 and -1."""
    run = exercise.graph.presented
    return run is not None and run.low != 0 and step.kind == "update"


def move_by_label(step: Step, exercise: Exercise) -> Expr | None:
    """The label in place of the difference: half of it where the output is wrong."""
    parts = split_update(step) if is_perceptron_update(step, exercise) else None
    return parts.move(Mul((parts.rate, Div(parts.gradient, TWO)))) if parts else None


def move_without_rate(step: Step, exercise: Exercise) -> Expr | None:
    """The same without a learning rate: w + y x."""
    parts = split_update(step) if is_perceptron_update(step, exercise) else None
    return parts.move(Div(parts.gradient, TWO)) if parts else None


def is_reduction(step: Step, exercise: Exercise) -> bool:
    """Whether a step collects the gradients of all samples."""
    del exercise
    return step.kind == "reduction"


CONVENTIONS = (
    Convention("turned_sign", is_error_derivative, (flip_sign,), (flip_direction,)),
    Convention("turned_sign", is_error_signal, (flip_sign,), (turn_back,)),
    Convention("step_for_gradient", is_used_in_update, (multiply_rate,), (drop_rate,)),
    Convention(
        "mean_in_samples",
        is_of_sample,
        (divide_sample,),
        (swap_gradient,),
        proofs=("update", "reduction"),
    ),
    Convention("mean_in_update", is_reduction, (swap_gradient,), (swap_back,)),
    Convention("label_rule", is_perceptron_update, (move_without_rate,), proofs=(), enough=2),
    Convention("label_rule", is_perceptron_update, (move_by_label,), proofs=(), enough=2),
)
"""Every convention that is known, as it is looked for."""


class Following:
    """Whether members follow one convention; what is computed once serves all of them."""

    def __init__(self, convention: Convention, targets: Targets) -> None:
        """Compute nothing yet."""
        self.convention = convention
        self._targets = targets
        self._exercise = targets.exercise
        truth = targets.truth
        self._by_convention = Counterfactual(self._exercise, convention.rewrites, truth=truth)
        self._by_mistake = Counterfactual(self._exercise, convention.shown, truth=truth)
        self._kinds: dict[str, bool] = {}

    def find_shown(self, earlier: EarlierAnswers, faulty: Iterable[str]) -> frozenset[str]:
        """The answers that can only follow one: the convention, or the sheet.

        Nothing where some wrong one of them is far from what the convention gives.
        """
        wrong = [name for name in faulty if self.tells(name)]
        for name in wrong:
            if not self._is_near(name, earlier.answers[name].claim.value):
                return frozenset()
        if not wrong:
            return frozenset()
        return frozenset(name for name in earlier.answers if self.tells(name))

    def tells(self, name: str) -> bool:
        """Whether an id is of the kind, and has another value by the convention."""
        if name not in self._kinds:
            step = self._exercise.step(name)
            kind = step is not None and self.convention.is_kind(step, self._exercise)
            self._kinds[name] = kind and self._parts(self._by_convention, self._targets[name])
        return self._kinds[name]

    def find_value(self, name: str) -> Value | None:
        """What an id comes to by the convention, if that is another number; else None."""
        if not self.tells(name):
            return None
        return self._targets[name].approximate(self._by_convention.value(name))

    def list_proofs(self, names: Iterable[str]) -> list[str]:
        """The ids of which a right answer is evidence, unless they show the convention."""
        return [name for name in names if self._is_proof(name) and not self.tells(name)]

    def _parts(self, world: Counterfactual, target: Target) -> bool:
        value = world.value(target.name)
        return (
            value is not None and abs(target.approximate(value) - target.value) > 2 * target.unit
        )

    def _is_near(self, name: str, written: Value) -> bool:
        target, value = self._targets[name], self._by_convention.value(name)
        if value is None:
            return False
        wanted = target.approximate(value)
        slack = max(abs(wanted) * LOOSEST * 10, UNITS * target.sheet_unit)
        return bool(abs(written - wanted) <= slack)

    def is_followed(
        self, shown: frozenset[str], results: Sequence[Result], earlier: EarlierAnswers
    ) -> bool:
        """Whether all answers that show it are right by the convention, with evidence.

        `results` are those by the convention.
        """
        right = {result.id for result in results if result.verdict in RIGHT}
        if not shown <= right:
            return False
        proofs = [name for name in earlier.answers if self._is_proof(name) and name not in shown]
        if proofs:
            return any(name in right and self._proves(name, earlier) for name in proofs)
        return len(shown) >= self.convention.enough

    def _is_proof(self, name: str) -> bool:
        step = self._exercise.step(name)
        return step is not None and step.kind in self.convention.proofs

    def _proves(self, name: str, earlier: EarlierAnswers) -> bool:
        """Whether an answer has digits enough to differ from what the mistake would give."""
        target, claim = self._targets[name], earlier.answers[name].claim
        value = self._by_mistake.value(name)
        return value is None or bool(
            abs(claim.value - target.approximate(value)) > claim.half + 2 * target.unit
        )

    def mark(self, result: Result, shown: frozenset[str]) -> Result:
        """A result by the convention, with a remark where an answer shows it."""
        if result.id not in shown or result.verdict not in RIGHT:
            return result
        judgement = result.judgement
        remarks = (*judgement.remarks, Remark(self.convention.key))
        return msgspec.structs.replace(
            result, judgement=msgspec.structs.replace(judgement, remarks=remarks)
        )
