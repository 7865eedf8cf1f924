"""Mistakes on the way back: routes forgotten or mixed, the wrong weight on a route."""

from __future__ import annotations

from derive.algebra.expressions import Add, Expr, Mul, Name, Neg, add
from derive.checking.exercise import AHEAD, Exercise
from derive.checking.misconceptions.row import (
    Misconception,
    drop_factors,
    find_own_term,
    list_factors,
    replace_names,
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


def list_routes(step: Step) -> tuple[Expr, ...]:
    """The routes a step adds; none for any other step."""
    return step.expr.terms if step.kind == "routes" and isinstance(step.expr, Add) else ()


def use_updated_weights(step: Step, exercise: Exercise) -> Expr | None:
    """Sends the error back over weights that have been updated already."""
    if not is_weight_slope(step.id, exercise) or not isinstance(step.expr, Name):
        return None
    base, done = exercise.graph.split(step.expr.id)
    updated = exercise.graph.after(base, done + 1)
    if exercise.kind(base) != "parameter" or exercise.step(updated) is None:
        return None
    return Name(updated)


def keep_first_route(step: Step, exercise: Exercise) -> Expr | None:
    """Stops at the first route although the unit feeds several."""
    del exercise
    terms = list_routes(step)
    return terms[0] if len(terms) > 1 else None


def drop_first_route(step: Step, exercise: Exercise) -> Expr | None:
    """Leaves out the first route."""
    del exercise
    terms = list_routes(step)
    return add(*terms[1:]) if len(terms) > 1 else None


def transpose_weights(step: Step, exercise: Exercise) -> Expr | None:
    """Reads the table of weights along the wrong side: row for column."""
    if not is_weight_slope(step.id, exercise) or not isinstance(step.expr, Name):
        return None
    base, done = exercise.graph.split(step.expr.id)
    place = exercise.places.get(base)
    if place is None or place.unit == place.source:
        return None
    other = exercise.weight(place.layer, place.source, place.unit)
    return None if other is None else Name(exercise.graph.after(other, done))


def recompute_ahead(step: Step, exercise: Exercise) -> Expr | None:
    """Updates the layers above and runs forward again before going on backwards."""
    if AHEAD in step.id or exercise.kind(step.wrt) != "activation" or exercise.places == {}:
        return None
    if step.kind not in ("route", "routes") or not exercise.spec.steps:
        return None
    layer = exercise.find_layer(step.wrt) + 1
    other: dict[str, Expr] = {}
    for name in step.uses:
        pair = exercise.pair(name)
        if pair is None:
            continue
        if is_weight_slope(name, exercise) or exercise.kind(pair[1]) == "preactivation":
            other[name] = Name(f"{name}{AHEAD}{layer}")
    return replace_names(step.expr, other)


def multiply_routes(step: Step, exercise: Exercise) -> Expr | None:
    """Multiplies the routes."""
    del exercise
    terms = list_routes(step)
    return Mul(terms) if len(terms) > 1 else None


def subtract_routes(step: Step, exercise: Exercise) -> Expr | None:
    """Subtracts the routes after the first."""
    del exercise
    terms = list_routes(step)
    return Add((terms[0], *(Neg(t) for t in terms[1:]))) if len(terms) > 1 else None


def drop_weight(step: Step, exercise: Exercise) -> Expr | None:
    """Passes the error signal back without the weight of the route."""

    def weight(name: str) -> bool:
        return is_weight_slope(name, exercise)

    if step.kind == "route" or (step.kind == "routes" and isinstance(step.expr, Mul)):
        return drop_factors(step.expr, weight)
    terms = list_routes(step)
    bare = [drop_factors(t, weight) or t for t in terms]
    return add(*bare) if terms and tuple(bare) != terms else None


def pass_raw_error(step: Step, exercise: Exercise) -> Expr | None:
    """Passes the error by the unit back over the weight, not that by its pre-activation."""
    if step.kind not in ("route", "routes") or not exercise.layers:
        return None
    other: dict[str, Expr] = {}
    for used in step.uses:
        pair = exercise.pair(used)
        if pair is not None and exercise.kind(pair[1]) == "preactivation":
            unit = exercise.graph.activation_of(pair[1])
            if not unit:
                continue
            raw = exercise.graph.derivative(pair[0], unit)
            other[used] = exercise.state(raw, step.updates)
    return replace_names(step.expr, other)


def add_factors(step: Step, exercise: Exercise) -> Expr | None:
    """Adds the factors of the chain."""
    del exercise
    factors = list_factors(step.expr) if step.kind == "gradient" else ()
    return Add(factors) if factors else None


def keep_own_output(step: Step, exercise: Exercise) -> Expr | None:
    """In front of a softmax, follows the own output only and leaves out the others."""
    return find_own_term(step, exercise)


FAMILY = (
    Misconception("M01", use_updated_weights),
    Misconception("M02", keep_first_route),
    Misconception("M02b", drop_first_route),
    Misconception("M11", transpose_weights),
    Misconception("M23", keep_own_output),
    Misconception("M38", recompute_ahead),
    Misconception("M41", add_factors),
    Misconception("M42", multiply_routes),
    Misconception("M48", drop_weight),
    Misconception("M49", subtract_routes),
    Misconception("M57", pass_raw_error),
)
"""Rows of this family in the order of the catalogue."""
