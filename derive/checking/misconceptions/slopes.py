"""Mistakes at the slope of an activation: left out, or of another function."""

from __future__ import annotations

from derive.algebra.expressions import ONE, ZERO, Add, Call, Cases, Expr, Mul, Neg, Num, Pow
from derive.checking.exercise import Exercise
from derive.checking.misconceptions.row import Misconception, replaced, without
from derive.derivation.steps import Step

SIGMOID = ("sigmoid",)
TANH = ("tanh",)
RELU = ("relu",)
LEAKY = ("leaky_relu",)


def slope_of(step: Step, exercise: Exercise, functions: tuple[str, ...]) -> bool:
    """Whether a step is the slope of one of these activations."""
    return exercise.is_slope(step.id) and exercise.activation_of(step.of) in functions


def _left_out(step: Step, exercise: Exercise, *, output: bool) -> Expr | None:
    if step.kind not in ("signal", "gradient"):
        return None

    def wanted(name: str) -> bool:
        pair = exercise.pair(name)
        return (
            pair is not None and exercise.is_slope(name) and exercise.is_output(pair[0]) == output
        )

    return without(step.expr, wanted)


def forgets_at_output(step: Step, exercise: Exercise) -> Expr | None:
    """Leaves out the slope of the activation at the output."""
    return _left_out(step, exercise, output=True)


def forgets_at_hidden(step: Step, exercise: Exercise) -> Expr | None:
    """Leaves out the slope of the activation at a hidden unit."""
    return _left_out(step, exercise, output=False)


def of_own_output(step: Step, exercise: Exercise) -> Expr | None:
    """Puts the output into the sigmoid once more before taking its slope."""
    if not slope_of(step, exercise, SIGMOID):
        return None
    output = exercise.state(step.of, step.updates)
    return replaced(step.expr, {output.id: Call("sigmoid", (output,))})


def of_preactivation(step: Step, exercise: Exercise) -> Expr | None:
    """Writes z(1 - z) for a(1 - a)."""
    if not slope_of(step, exercise, SIGMOID):
        return None
    output = exercise.state(step.of, step.updates)
    return replaced(step.expr, {output.id: exercise.state(step.wrt, step.updates)})


def half_the_product(step: Step, exercise: Exercise) -> Expr | None:
    """Writes 1 - a for a(1 - a)."""
    if not slope_of(step, exercise, SIGMOID):
        return None
    return Add((ONE, Neg(exercise.state(step.of, step.updates))))


def tanh_of_preactivation(step: Step, exercise: Exercise) -> Expr | None:
    """Writes 1 - z^2 for 1 - tanh^2 z."""
    if not slope_of(step, exercise, TANH):
        return None
    return Add((ONE, Neg(Pow(exercise.state(step.wrt, step.updates), Num("2")))))


def sigmoid_slope_on_tanh(step: Step, exercise: Exercise) -> Expr | None:
    """Takes a(1 - a) for the slope of tanh."""
    if not slope_of(step, exercise, TANH):
        return None
    output = exercise.state(step.of, step.updates)
    return Mul((output, Add((ONE, Neg(output)))))


def relu_value(step: Step, exercise: Exercise) -> Expr | None:
    """Takes the value of ReLU for its slope."""
    return exercise.state(step.of, step.updates) if slope_of(step, exercise, RELU) else None


def relu_one(step: Step, exercise: Exercise) -> Expr | None:
    """Takes 1 for the slope of ReLU everywhere."""
    return ONE if slope_of(step, exercise, RELU) else None


def relu_one_at_zero(step: Step, exercise: Exercise) -> Expr | None:
    """Takes 1 for the slope of ReLU at 0, where PyTorch takes 0."""
    if not slope_of(step, exercise, RELU) or not isinstance(step.expr, Cases):
        return None
    case = step.expr
    return Cases(case.subject, case.negative, ONE, case.positive)


def leaky_zero(step: Step, exercise: Exercise) -> Expr | None:
    """Takes 0 for the slope of leaky ReLU below 0."""
    if not slope_of(step, exercise, LEAKY) or not isinstance(step.expr, Cases):
        return None
    case = step.expr
    return Cases(case.subject, ZERO, ZERO, case.positive)


def leaky_value(step: Step, exercise: Exercise) -> Expr | None:
    """Takes the slope times z for the slope of leaky ReLU below 0."""
    if not slope_of(step, exercise, LEAKY) or not isinstance(step.expr, Cases):
        return None
    case = step.expr
    value = Mul((case.negative, exercise.state(step.wrt, step.updates)))
    return Cases(case.subject, value, case.zero, case.positive)


def wrong_exponent(step: Step, exercise: Exercise) -> Expr | None:
    """Computes the sigmoid with e^{+z}."""
    base = exercise.graph.split(step.id)[0]
    if step.kind != "value" or exercise.activation_of(base) not in SIGMOID:
        return None
    if not isinstance(step.expr, Call):
        return None
    return Call("sigmoid", (Neg(step.expr.args[0]),))


FAMILY = (
    Misconception("M03", forgets_at_output),
    Misconception("M06", forgets_at_hidden),
    Misconception("M07", of_own_output),
    Misconception("M18", tanh_of_preactivation),
    Misconception("M18b", sigmoid_slope_on_tanh),
    Misconception("M19", relu_value),
    Misconception("M19", relu_one),
    Misconception("M19", relu_one_at_zero),
    Misconception("M20", leaky_zero),
    Misconception("M20", leaky_value),
    Misconception("M22", wrong_exponent),
    Misconception("M39", of_preactivation),
    Misconception("M40", half_the_product),
)
"""Rows of this family in the order of the catalogue."""
