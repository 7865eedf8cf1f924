"""Mistakes at the last factor: the wrong source of a weight, the slope by a bias."""

from __future__ import annotations

import msgspec

from derive.algebra.expressions import ZERO, Expr, Mul, Name
from derive.checking.counterfactuals import Rewrite
from derive.checking.exercise import Connection, Exercise
from derive.checking.misconceptions.row import Misconception, list_factors
from derive.derivation.steps import Step


def find_connection(step: Step, exercise: Exercise) -> Connection | None:
    """The place of the parameter a pre-activation is differentiated by."""
    if step.kind != "local" or exercise.kind(step.of) != "preactivation":
        return None
    return exercise.places.get(step.wrt)


def find_sample(step: Step, exercise: Exercise) -> int:
    """The sample a step belongs to; 0 where there is only one."""
    quantity = exercise.quantity(step.of)
    return 0 if quantity is None else quantity.sample


def hold_always(rule: Rewrite) -> Rewrite:
    """A rule for the last factor that also holds where the right one never changes.

    The sheet writes `dz1/dW1 = x1` once for all updates; what stands there by
    mistake (`h1`) is another number after each, and sits in the gradient.
    """

    def everywhere(step: Step, exercise: Exercise) -> Expr | None:
        factors = list_factors(step.expr) if step.kind == "gradient" and step.updates else ()
        last = factors[-1] if factors else None
        local = exercise.step(last.id) if isinstance(last, Name) else None
        if local is None:
            return rule(step, exercise)
        wrong = rule(msgspec.structs.replace(local, updates=step.updates), exercise)
        constant = local.updates == 0
        return Mul((*factors[:-1], wrong)) if constant and wrong is not None else None

    return everywhere


def take_other_layer(step: Step, exercise: Exercise) -> Expr | None:
    """Takes x for h, or h for x: the unit one layer too early, in the first layer too late."""
    place = find_connection(step, exercise)
    if place is None or not place.source:
        return None
    sample = find_sample(step, exercise)
    if place.layer == 1:
        return exercise.state(exercise.unit(1, place.unit, sample), step.updates)
    if place.source > exercise.width(place.layer - 2):
        return None
    return exercise.state(exercise.unit(place.layer - 2, place.source, sample), step.updates)


def take_neighbour(by: int, step: Step, exercise: Exercise) -> Expr | None:
    """Takes the output of another unit of the layer below, `by` places further."""
    place = find_connection(step, exercise)
    if place is None or not place.source:
        return None
    width = exercise.width(place.layer - 1)
    if by >= width:
        return None
    source = (place.source - 1 + by) % width + 1
    name = exercise.unit(place.layer - 1, source, find_sample(step, exercise))
    return exercise.state(name, step.updates)


def take_next(step: Step, exercise: Exercise) -> Expr | None:
    """Takes the output of the next unit of the layer below."""
    return take_neighbour(1, step, exercise)


def take_previous(step: Step, exercise: Exercise) -> Expr | None:
    """Takes the output of the unit before; with two units it is the next one, too."""
    place = find_connection(step, exercise)
    if place is None or not place.source:
        return None
    width = exercise.width(place.layer - 1)
    return take_neighbour(width - 1, step, exercise) if width > 1 else None


def find_bias(step: Step, exercise: Exercise) -> Connection | None:
    """The place of the bias a pre-activation is differentiated by."""
    place = find_connection(step, exercise)
    return place if place is not None and not place.source else None


def take_bias(step: Step, exercise: Exercise) -> Expr | None:
    """Takes the bias for the derivative by the bias."""
    if find_bias(step, exercise) is None:
        return None
    return exercise.state(step.wrt, step.updates)


def take_preactivation(step: Step, exercise: Exercise) -> Expr | None:
    """Takes z for the derivative by the bias."""
    if find_bias(step, exercise) is None:
        return None
    return exercise.state(step.of, step.updates)


def take_input(step: Step, exercise: Exercise) -> Expr | None:
    """Multiplies the derivative by the bias with what the first weight receives."""
    place = find_bias(step, exercise)
    if place is None:
        return None
    name = exercise.unit(place.layer - 1, 1, find_sample(step, exercise))
    return exercise.state(name, step.updates)


def take_zero(step: Step, exercise: Exercise) -> Expr | None:
    """Takes 0 for the derivative by the bias."""
    return ZERO if find_bias(step, exercise) is not None else None


def keep_bias(step: Step, exercise: Exercise) -> Expr | None:
    """Does not update the bias."""
    base, done = exercise.graph.split(step.id)
    place = exercise.places.get(base)
    if step.kind != "update" or place is None or place.source:
        return None
    return Name(exercise.graph.after(base, done - 1))


FAMILY = (
    Misconception("M10", hold_always(take_other_layer)),
    Misconception("M29", hold_always(take_bias)),
    Misconception("M29", hold_always(take_preactivation)),
    Misconception("M29", hold_always(take_input)),
    Misconception("M29", take_zero),
    Misconception("M29", keep_bias),
    Misconception("M43", hold_always(take_next)),
    Misconception("M43", hold_always(take_previous)),
)
"""Rows of this family in the order of the catalogue."""
