"""Mistakes at the update: its sign, the learning rate, whose old value."""

from __future__ import annotations

from collections.abc import Iterator

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

    def move(self, change: Expr, *, backwards: bool = False, old: Expr | None = None) -> Expr:
        """The old value moved by a change, in the direction of the exercise or against it."""
        start = self.old if old is None else old
        return Add((start, change if self.upwards != backwards else Neg(change)))


def split_update(step: Step) -> Parts | None:
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


def split_gradient_update(step: Step, exercise: Exercise) -> Parts | None:
    """The same, but not of a perceptron: its rule has no gradient to speak of."""
    return split_update(step) if exercise.graph.presented is None else None


def flip_direction(step: Step, exercise: Exercise) -> Expr | None:
    """Adds where the update subtracts."""
    parts = split_gradient_update(step, exercise)
    return parts.move(Mul((parts.rate, parts.gradient)), backwards=True) if parts else None


def apply_rate_twice(step: Step, exercise: Exercise) -> Expr | None:
    """Multiplies by the learning rate twice."""
    del exercise
    parts = split_update(step)
    return parts.move(Mul((parts.rate, parts.rate, parts.gradient))) if parts else None


def drop_rate(step: Step, exercise: Exercise) -> Expr | None:
    """Forgets the learning rate."""
    del exercise
    parts = split_update(step)
    return parts.move(parts.gradient) if parts else None


def take_step_alone(step: Step, exercise: Exercise) -> Expr | None:
    """Writes the step down as the new value."""
    del exercise
    parts = split_update(step) if step.kind == "update" else None
    return Mul((parts.rate, parts.gradient)) if parts else None


def is_used_in_update(step: Step, exercise: Exercise) -> bool:
    """Whether a step is the gradient that plain gradient descent subtracts."""
    graph = exercise.graph
    if graph.method is not None or graph.presented is not None or not graph.updates:
        return False
    wanted = step.stage == "backward" and step.wrt in graph.parameters
    return wanted and any(step.of == batch.objective for batch in graph.batches)


def answer_step(step: Step, exercise: Exercise) -> Iterator[Expr]:
    """Gives the step, learning rate times gradient, for the gradient."""
    if step.expr is not None and is_used_in_update(step, exercise):
        yield Mul((RATE, step.expr))


def divide_by_rate(step: Step, exercise: Exercise) -> Expr | None:
    """Divides by the learning rate."""
    parts = split_gradient_update(step, exercise)
    return parts.move(Div(parts.gradient, parts.rate)) if parts else None


def _start_from(step: Step, exercise: Exercise, by: int) -> Expr | None:
    parts = split_update(step)
    base, done = exercise.graph.split(step.id)
    place = exercise.places.get(base)
    if parts is None or place is None or not place.source:
        return None
    other = exercise.weight(place.layer, place.unit, place.source + by)
    if other is None or not exercise.places[other].source:
        return None
    old = Name(exercise.graph.after(other, done - 1))
    return parts.move(Mul((parts.rate, parts.gradient)), old=old)


def start_from_next(step: Step, exercise: Exercise) -> Expr | None:
    """Starts from the old value of the next weight of the row."""
    return _start_from(step, exercise, 1)


def start_from_previous(step: Step, exercise: Exercise) -> Expr | None:
    """Starts from the old value of the weight before in the row."""
    return _start_from(step, exercise, -1)


FAMILY = (
    Misconception("M05", flip_direction),
    Misconception("M13", apply_rate_twice),
    Misconception("M14", drop_rate),
    Misconception("M50", take_step_alone),
    Misconception("M51", divide_by_rate),
    Misconception("M52", start_from_next),
    Misconception("M52", start_from_previous),
)
"""Rows of this family in the order of the catalogue."""
SLIPS = (("M60", answer_step),)
"""Slips of this family, made in one step: the update that follows may be right."""
