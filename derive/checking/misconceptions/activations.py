"""Mistakes at an activation itself: left out, or another function in its place."""

from __future__ import annotations

from functools import partial

from derive.algebra.expressions import ONE, ZERO, Add, Call, Cases, Expr, Mul, Name, Neg, Num, Pow
from derive.checking.exercise import Exercise
from derive.checking.misconceptions.row import Misconception
from derive.derivation.steps import Step

FUNCTIONS = ("sigmoid", "tanh", "relu")
"""Those that are taken for one another."""
KNOWN_SLOPES = (("tanh", "sigmoid"),)
"""A unit and whose slope was taken for its own: that is a mistake with a name, M18b."""
TWO = Num("2")


def write_slope(function: str, output: Expr, z: Expr) -> Expr:
    """The slope of a function, from its output and from what it is taken of."""
    if function == "relu":
        return Cases(z, ZERO, ZERO, ONE, kink=True)
    if function == "tanh":
        return Add((ONE, Neg(Pow(output, TWO))))
    return Mul((output, Add((ONE, Neg(output)))))


def find_preactivation(step: Step, exercise: Exercise) -> Name | None:
    """What a unit's activation is computed from, of the step of the activation; else None."""
    base, done = exercise.graph.split(step.id)
    if step.kind != "value" or isinstance(step.expr, Name) or not exercise.layers:
        return None
    if exercise.kind(base) != "activation":
        return None
    return exercise.state(exercise.graph[base].uses[0], done)


def leave_out(step: Step, exercise: Exercise) -> Expr | None:
    """Goes on with z where the activation of z is due."""
    return find_preactivation(step, exercise)


def leave_out_when_hidden(step: Step, exercise: Exercise) -> Expr | None:
    """The same, but only at hidden units."""
    base = exercise.graph.split(step.id)[0]
    before = find_preactivation(step, exercise)
    return None if before is None or exercise.is_output(base) else before


def is_another(own: str, function: str) -> bool:
    """Whether one function can be taken for the other."""
    return own in FUNCTIONS and own != function


def take_function(function: str, step: Step, exercise: Exercise) -> Expr | None:
    """Computes a unit with another function, and the slope of that."""
    if exercise.is_slope(step.id):
        z = exercise.state(step.wrt, step.updates)
        another = is_another(exercise.name_activation(step.of), function)
        return write_slope(function, Call(function, (z,)), z) if another else None
    if not isinstance(step.expr, Call) or not is_another(step.expr.function, function):
        return None
    before = find_preactivation(step, exercise)
    return None if before is None else Call(function, (before,))


def take_value(function: str, step: Step, exercise: Exercise) -> Expr | None:
    """Computes a unit with another function, but the slope by the formula of the sheet."""
    wrong = None if exercise.is_slope(step.id) else take_function(function, step, exercise)
    before = find_preactivation(step, exercise)
    if wrong is None or before is None or step.expr is None:
        return None
    return keep_above_zero(step.expr, before) if function == "relu" else wrong


def take_slope(function: str, step: Step, exercise: Exercise) -> Expr | None:
    """Takes the slope of another function, where that is no mistake with another name."""
    own = exercise.name_activation(step.of) if exercise.is_slope(step.id) else ""
    if step.expr is None or not is_another(own, function) or (own, function) in KNOWN_SLOPES:
        return None
    output, z = (exercise.state(name, step.updates) for name in (step.of, step.wrt))
    if function == "relu":
        return keep_above_zero(step.expr, z)
    return write_slope(function, output, z)


def keep_above_zero(expr: Expr, z: Expr) -> Expr:
    """What ReLU makes of z below 0, and the right formula above.

    There its value and its slope are those of an activation or a slope left out.
    """
    return Cases(z, ZERO, expr, expr)


FAMILY = (
    Misconception("M56", leave_out),
    Misconception("M56", leave_out_when_hidden),
    *(
        Misconception("M61", partial(rule, function))
        for function in FUNCTIONS
        for rule in (take_function, take_value, take_slope)
    ),
)
"""Rows of this family in the order of the catalogue."""
