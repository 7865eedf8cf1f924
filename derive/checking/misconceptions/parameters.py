"""Mistakes at the last factor: the wrong source of a weight, the slope by a bias."""

from __future__ import annotations

from derive.checking.exercise import Exercise, Place
from derive.checking.misconceptions.row import Misconception
from derive.expressions import ZERO, Expr, Name
from derive.naming import after_updates, split_updates
from derive.steps import Step


def last_factor(step: Step, exercise: Exercise) -> Place | None:
    """The place of the parameter a pre-activation is differentiated by."""
    if step.kind != "local" or exercise.kind(step.of) != "preactivation":
        return None
    return exercise.places.get(step.wrt)


def sample_of(step: Step, exercise: Exercise) -> int:
    """The sample a step belongs to; 0 where there is only one."""
    quantity = exercise.quantity(step.of)
    return 0 if quantity is None else quantity.sample


def one_layer_off(step: Step, exercise: Exercise) -> Expr | None:
    """Takes x for h, or h for x: the unit one layer too early, in the first layer too late."""
    place = last_factor(step, exercise)
    if place is None or not place.source:
        return None
    sample = sample_of(step, exercise)
    if place.layer == 1:
        return exercise.state(exercise.unit(1, place.unit, sample), step.updates)
    if place.source > exercise.width(place.layer - 2):
        return None
    return exercise.state(exercise.unit(place.layer - 2, place.source, sample), step.updates)


def neighbour_source(by: int, step: Step, exercise: Exercise) -> Expr | None:
    """Takes the output of another unit of the layer below, `by` places further."""
    place = last_factor(step, exercise)
    if place is None or not place.source:
        return None
    width = exercise.width(place.layer - 1)
    if by >= width:
        return None
    source = (place.source - 1 + by) % width + 1
    name = exercise.unit(place.layer - 1, source, sample_of(step, exercise))
    return exercise.state(name, step.updates)


def next_source(step: Step, exercise: Exercise) -> Expr | None:
    """Takes the output of the next unit of the layer below."""
    return neighbour_source(1, step, exercise)


def previous_source(step: Step, exercise: Exercise) -> Expr | None:
    """Takes the output of the unit before; with two units it is the next one, too."""
    place = last_factor(step, exercise)
    if place is None or not place.source:
        return None
    width = exercise.width(place.layer - 1)
    return neighbour_source(width - 1, step, exercise) if width > 2 else None  # noqa: PLR2004


def bias_by(step: Step, exercise: Exercise) -> Place | None:
    """The place of the bias a pre-activation is differentiated by."""
    place = last_factor(step, exercise)
    return place if place is not None and not place.source else None


def bias_itself(step: Step, exercise: Exercise) -> Expr | None:
    """Takes the bias for the derivative by the bias."""
    if bias_by(step, exercise) is None:
        return None
    return exercise.state(step.wrt, step.updates)


def bias_preactivation(step: Step, exercise: Exercise) -> Expr | None:
    """Takes z for the derivative by the bias."""
    if bias_by(step, exercise) is None:
        return None
    return exercise.state(step.of, step.updates)


def bias_input(step: Step, exercise: Exercise) -> Expr | None:
    """Multiplies the derivative by the bias with what the first weight receives."""
    place = bias_by(step, exercise)
    if place is None:
        return None
    name = exercise.unit(place.layer - 1, 1, sample_of(step, exercise))
    return exercise.state(name, step.updates)


def bias_constant(step: Step, exercise: Exercise) -> Expr | None:
    """Takes 0 for the derivative by the bias."""
    return ZERO if bias_by(step, exercise) is not None else None


def bias_kept(step: Step, exercise: Exercise) -> Expr | None:
    """Does not update the bias."""
    base, done = split_updates(step.id)
    place = exercise.places.get(base)
    if step.kind != "update" or place is None or place.source:
        return None
    return Name(after_updates(base, done - 1))


FAMILY = (
    Misconception("M10", one_layer_off),
    Misconception("M29", bias_itself),
    Misconception("M29", bias_preactivation),
    Misconception("M29", bias_input),
    Misconception("M29", bias_constant),
    Misconception("M29", bias_kept),
    Misconception("M43", next_source),
    Misconception("M43", previous_source),
)
"""Rows of this family in the order of the catalogue."""
