"""Mistakes with the perceptron rule: the step at 0, updating when right, the target alone."""

from __future__ import annotations

from derive.algebra.expressions import Add, Call, Div, Expr, Mul, Name, Neg, Num, mul
from derive.checking.exercise import Exercise
from derive.checking.misconceptions.row import Misconception, replace_names
from derive.checking.misconceptions.updates import split_update
from derive.derivation.steps import Step
from derive.spec.lowering import apply_step


def flip_at_zero(step: Step, exercise: Exercise) -> Expr | None:
    """Takes > for >= (or the reverse): the step at 0 has the other label."""
    run = exercise.graph.presented
    if run is None or exercise.kind(step.id) != "activation":
        return None
    assert isinstance(step.expr, Call)
    other = run.low if run.at_zero == 1 else 1
    return apply_step(other, run.low, step.expr.args[0])


def _find_difference(step: Step, exercise: Exercise) -> tuple[Name, Name] | None:
    """The difference that an update uses, and the target in it.

    None for any other step, and where another mistake has put something else there.
    """
    if exercise.graph.presented is None or step.kind != "update":
        return None
    name = next((used for used in step.uses if exercise.kind(used) == "difference"), None)
    made = None if name is None else exercise.step(name)
    if name is None or made is None:
        return None
    target = next(used for used in made.uses if exercise.kind(used) == "target")
    return Name(name), Name(target)


def update_when_right(step: Step, exercise: Exercise) -> Expr | None:
    """Moves the weights towards the target although the unit is right already."""
    pair = _find_difference(step, exercise)
    if pair is None:
        return None
    difference, target = pair
    run = exercise.graph.presented
    towards: Expr = Mul((Num("2"), target))
    if run.low == 0:
        towards = Add((towards, Neg(Num("1"))))
    if run.by_label:
        towards = target
    return replace_names(step.expr, {difference.id: towards})


def take_target(step: Step, exercise: Exercise) -> Expr | None:
    """Writes the target where target minus output belongs, in the difference itself."""
    if exercise.kind(step.id) != "difference" or exercise.graph.presented.by_label:
        return None
    return next(Name(used) for used in step.uses if exercise.kind(used) == "target")


def use_target_in_update(step: Step, exercise: Exercise) -> Expr | None:
    """Writes the target where target minus output belongs, in the update."""
    pair = _find_difference(step, exercise)
    right = pair is None or exercise.graph.presented.by_label
    return None if right or pair is None else replace_names(step.expr, {pair[0].id: pair[1]})


def use_target_when_wrong(step: Step, exercise: Exercise) -> Expr | None:
    """The same, but only where the unit is wrong."""
    pair = _find_difference(step, exercise)
    if pair is None or exercise.graph.presented.by_label:
        return None
    difference, target = pair
    wrong: Expr = Call("abs", (difference,))
    if exercise.graph.presented.low:
        wrong = Div(wrong, Num("2"))
    return replace_names(step.expr, {difference.id: mul(target, wrong)})


def flip_direction(step: Step, exercise: Exercise) -> Expr | None:
    """Moves the weights away from the target: subtracts where the rule adds."""
    parts = split_update(step) if exercise.graph.presented is not None else None
    return parts.move(Mul((parts.rate, parts.gradient)), backwards=True) if parts else None


FAMILY = (
    Misconception("M46", flip_at_zero),
    Misconception("M46b", update_when_right),
    Misconception("M46c", take_target),
    Misconception("M46c", use_target_in_update),
    Misconception("M46c", use_target_when_wrong),
    Misconception("M65", flip_direction),
)
"""Rows of this family in the order of the catalogue."""
