"""Mistakes at the update: its sign, the learning rate, whose old value."""

from __future__ import annotations

import msgspec

from derive.algebra.expressions import Add, Div, Expr, Mul, Name, Neg, mul
from derive.checking.exercise import Exercise
from derive.checking.misconceptions.row import Misconception
from derive.derivation.steps import Step
from derive.naming import LEARNING_RATE

RATE = Name(LEARNING_RATE)


class Parts(msgspec.Struct, frozen=True):
    """An update taken apart: old value, learning rate, gradient, direction.

    In a perceptron difference times input stand in place of the gradient.
    """

    old: Expr
    rate: Expr
    gradient: Expr
    upwards: bool

    def moved(self, change: Expr, *, backwards: bool = False, old: Expr | None = None) -> Expr:
        """The old value moved by a change, in the direction of the exercise or against it."""
        start = self.old if old is None else old
        return Add((start, change if self.upwards != backwards else Neg(change)))


def parts_of(step: Step) -> Parts | None:
    """The parts of an update; None for any other step.

    A velocity that holds the learning rate is one, too.
    """
    if step.kind not in ("update", "state") or not isinstance(step.expr, Add):
        return None
    old, change = step.expr.terms
    upwards = not isinstance(change, Neg)
    product = change.arg if isinstance(change, Neg) else change
    match product:
        case Mul(factors=(rate, *gradient)) if step.kind == "update" or rate == RATE:
            return Parts(old, rate, mul(*gradient), upwards)
    return None


def along_gradient(step: Step, exercise: Exercise) -> Parts | None:
    """The same, but not of a perceptron: its rule has no gradient to speak of."""
    return parts_of(step) if exercise.graph.presented is None else None


def wrong_direction(step: Step, exercise: Exercise) -> Expr | None:
    """Adds where the update subtracts."""
    found = along_gradient(step, exercise)
    return found.moved(Mul((found.rate, found.gradient)), backwards=True) if found else None


def rate_twice(step: Step, exercise: Exercise) -> Expr | None:
    """Multiplies by the learning rate twice."""
    del exercise
    found = parts_of(step)
    return found.moved(Mul((found.rate, found.rate, found.gradient))) if found else None


def no_rate(step: Step, exercise: Exercise) -> Expr | None:
    """Forgets the learning rate."""
    del exercise
    found = parts_of(step)
    return found.moved(found.gradient) if found else None


def step_alone(step: Step, exercise: Exercise) -> Expr | None:
    """Writes the step down as the new value."""
    del exercise
    found = parts_of(step) if step.kind == "update" else None
    return Mul((found.rate, found.gradient)) if found else None


def divided(step: Step, exercise: Exercise) -> Expr | None:
    """Divides by the learning rate."""
    found = along_gradient(step, exercise)
    return found.moved(Div(found.gradient, found.rate)) if found else None


def _from_neighbour(step: Step, exercise: Exercise, by: int) -> Expr | None:
    found = parts_of(step)
    base, done = exercise.graph.split(step.id)
    place = exercise.places.get(base)
    if found is None or place is None or not place.source:
        return None
    other = exercise.weight(place.layer, place.unit, place.source + by)
    if other is None or not exercise.places[other].source:
        return None
    old = Name(exercise.graph.after(other, done - 1))
    return found.moved(Mul((found.rate, found.gradient)), old=old)


def from_next(step: Step, exercise: Exercise) -> Expr | None:
    """Starts from the old value of the next weight of the row."""
    return _from_neighbour(step, exercise, 1)


def from_previous(step: Step, exercise: Exercise) -> Expr | None:
    """Starts from the old value of the weight before in the row."""
    return _from_neighbour(step, exercise, -1)


FAMILY = (
    Misconception("M05", wrong_direction),
    Misconception("M13", rate_twice),
    Misconception("M14", no_rate),
    Misconception("M50", step_alone),
    Misconception("M51", divided),
    Misconception("M52", from_next),
    Misconception("M52", from_previous),
)
"""Rows of this family in the order of the catalogue."""
