"""Mistakes on the way back: routes forgotten or mixed, the wrong weight on a route."""

from __future__ import annotations

from derive.algebra.expressions import Add, Expr, Mul, Name, Neg, add
from derive.checking.exercise import AHEAD, Exercise
from derive.checking.misconceptions.row import (
    Misconception,
    own_term,
    product,
    replaced,
    without,
)
from derive.derivation.steps import Step


def is_weight_slope(name: str, exercise: Exercise) -> bool:
    """Whether an id is the derivative of a pre-activation by a unit below: a weight."""
    pair = exercise.pair(name)
    return (
        pair is not None
        and exercise.kind(pair[0]) == "preactivation"
        and exercise.kind(pair[1]) == "activation"
    )


def terms_of(step: Step) -> tuple[Expr, ...]:
    """The routes a step adds; none for any other step."""
    return step.expr.terms if step.kind == "routes" and isinstance(step.expr, Add) else ()


def updated_weights(step: Step, exercise: Exercise) -> Expr | None:
    """Sends the error back over weights that have been updated already."""
    if not is_weight_slope(step.id, exercise) or not isinstance(step.expr, Name):
        return None
    base, done = exercise.graph.split(step.expr.id)
    updated = exercise.graph.after(base, done + 1)
    if exercise.kind(base) != "parameter" or exercise.step(updated) is None:
        return None
    return Name(updated)


def first_route_only(step: Step, exercise: Exercise) -> Expr | None:
    """Stops at the first route although the unit feeds several."""
    del exercise
    terms = terms_of(step)
    return terms[0] if len(terms) > 1 else None


def first_route_missing(step: Step, exercise: Exercise) -> Expr | None:
    """Leaves out the first route."""
    del exercise
    terms = terms_of(step)
    return add(*terms[1:]) if len(terms) > 1 else None


def transposed(step: Step, exercise: Exercise) -> Expr | None:
    """Reads the table of weights along the wrong side: row for column."""
    if not is_weight_slope(step.id, exercise) or not isinstance(step.expr, Name):
        return None
    base, done = exercise.graph.split(step.expr.id)
    place = exercise.places.get(base)
    if place is None or place.unit == place.source:
        return None
    other = exercise.weight(place.layer, place.source, place.unit)
    return None if other is None else Name(exercise.graph.after(other, done))


def recomputed(step: Step, exercise: Exercise) -> Expr | None:
    """Updates the layers above and runs forward again before going on backwards."""
    if AHEAD in step.id or exercise.kind(step.wrt) != "activation" or exercise.places == {}:
        return None
    if step.kind not in ("route", "routes") or not exercise.spec.steps:
        return None
    layer = exercise.layer_of(step.wrt) + 1
    other: dict[str, Expr] = {}
    for name in step.uses:
        pair = exercise.pair(name)
        if pair is None:
            continue
        if is_weight_slope(name, exercise) or exercise.kind(pair[1]) == "preactivation":
            other[name] = Name(f"{name}{AHEAD}{layer}")
    return replaced(step.expr, other)


def multiplied(step: Step, exercise: Exercise) -> Expr | None:
    """Multiplies the routes."""
    del exercise
    terms = terms_of(step)
    return Mul(terms) if len(terms) > 1 else None


def subtracted(step: Step, exercise: Exercise) -> Expr | None:
    """Subtracts the routes after the first."""
    del exercise
    terms = terms_of(step)
    return Add((terms[0], *(Neg(t) for t in terms[1:]))) if len(terms) > 1 else None


def without_weight(step: Step, exercise: Exercise) -> Expr | None:
    """Passes the error signal back without the weight of the route."""

    def weight(name: str) -> bool:
        return is_weight_slope(name, exercise)

    if step.kind == "route" or (step.kind == "routes" and isinstance(step.expr, Mul)):
        return without(step.expr, weight)
    terms = terms_of(step)
    bare = [without(t, weight) or t for t in terms]
    return add(*bare) if terms and tuple(bare) != terms else None


def added_factors(step: Step, exercise: Exercise) -> Expr | None:
    """Adds the factors of the chain."""
    del exercise
    factors = product(step.expr) if step.kind == "gradient" else ()
    return Add(factors) if factors else None


def own_output_only(step: Step, exercise: Exercise) -> Expr | None:
    """In front of a softmax, follows the own output only and leaves out the others."""
    return own_term(step, exercise)


FAMILY = (
    Misconception("M01", updated_weights),
    Misconception("M02", first_route_only),
    Misconception("M02b", first_route_missing),
    Misconception("M11", transposed),
    Misconception("M23", own_output_only),
    Misconception("M38", recomputed),
    Misconception("M41", added_factors),
    Misconception("M42", multiplied),
    Misconception("M48", without_weight),
    Misconception("M49", subtracted),
)
"""Rows of this family in the order of the catalogue."""
