"""Mistakes at the slope of an activation: left out, or of another function."""

from __future__ import annotations

from derive.algebra.expressions import ONE, ZERO, Add, Call, Cases, Expr, Mul, Neg, Num, Pow
from derive.checking.exercise import Exercise
from derive.checking.misconceptions.row import Misconception, drop_factors, replace_names
from derive.derivation.steps import Step

SIGMOID = ("sigmoid",)
TANH = ("tanh",)
RELU = ("relu",)
LEAKY = ("leaky_relu",)
OF_ITS_OWN = ("identity", *RELU)
"""Activations whose slope is 1 everywhere, and those of which 1 is a mistake of its own."""


def is_slope_of(step: Step, exercise: Exercise, functions: tuple[str, ...]) -> bool:
    """Whether a step is the slope of one of these activations."""
    return exercise.is_slope(step.id) and exercise.name_activation(step.of) in functions


def _drop_slope(step: Step, exercise: Exercise, *, output: bool) -> Expr | None:
    if step.kind not in ("signal", "gradient"):
        return None

    def is_slope_at(name: str) -> bool:
        pair = exercise.pair(name)
        return (
            pair is not None and exercise.is_slope(name) and exercise.is_output(pair[0]) == output
        )

    return drop_factors(step.expr, is_slope_at)


def forget_at_output(step: Step, exercise: Exercise) -> Expr | None:
    """Leaves out the slope of the activation at the output."""
    return _drop_slope(step, exercise, output=True)


def forget_at_hidden(step: Step, exercise: Exercise) -> Expr | None:
    """Leaves out the slope of the activation at a hidden unit."""
    return _drop_slope(step, exercise, output=False)


def _take_one(step: Step, exercise: Exercise, *, output: bool) -> Expr | None:
    if not exercise.is_slope(step.id) or exercise.is_output(step.of) != output:
        return None
    return None if exercise.name_activation(step.of) in OF_ITS_OWN else ONE


def take_one_at_output(step: Step, exercise: Exercise) -> Expr | None:
    """Leaves the slope at the output out as the value 1."""
    return _take_one(step, exercise, output=True)


def take_one_at_hidden(step: Step, exercise: Exercise) -> Expr | None:
    """Leaves the slope at a hidden unit out as the value 1."""
    return _take_one(step, exercise, output=False)


def apply_twice(step: Step, exercise: Exercise) -> Expr | None:
    """Puts the output into the sigmoid once more before taking its slope."""
    if not is_slope_of(step, exercise, SIGMOID):
        return None
    output = exercise.state(step.of, step.updates)
    return replace_names(step.expr, {output.id: Call("sigmoid", (output,))})


def take_preactivation(step: Step, exercise: Exercise) -> Expr | None:
    """Writes z(1 - z) for a(1 - a)."""
    if not is_slope_of(step, exercise, SIGMOID):
        return None
    output = exercise.state(step.of, step.updates)
    return replace_names(step.expr, {output.id: exercise.state(step.wrt, step.updates)})


def keep_one_factor(step: Step, exercise: Exercise) -> Expr | None:
    """Writes 1 - a for a(1 - a)."""
    if not is_slope_of(step, exercise, SIGMOID):
        return None
    return Add((ONE, Neg(exercise.state(step.of, step.updates))))


def take_preactivation_in_tanh(step: Step, exercise: Exercise) -> Expr | None:
    """Writes 1 - z^2 for 1 - tanh^2 z."""
    if not is_slope_of(step, exercise, TANH):
        return None
    return Add((ONE, Neg(Pow(exercise.state(step.wrt, step.updates), Num("2")))))


def take_sigmoid_slope(step: Step, exercise: Exercise) -> Expr | None:
    """Takes a(1 - a) for the slope of tanh."""
    if not is_slope_of(step, exercise, TANH):
        return None
    output = exercise.state(step.of, step.updates)
    return Mul((output, Add((ONE, Neg(output)))))


def take_relu_value(step: Step, exercise: Exercise) -> Expr | None:
    """Takes the value of ReLU for its slope."""
    return exercise.state(step.of, step.updates) if is_slope_of(step, exercise, RELU) else None


def take_one(step: Step, exercise: Exercise) -> Expr | None:
    """Takes 1 for the slope of ReLU everywhere."""
    return ONE if is_slope_of(step, exercise, RELU) else None


def take_one_at_zero(step: Step, exercise: Exercise) -> Expr | None:
    """Takes 1 for the slope of ReLU at 0, where PyTorch takes 0."""
    if not is_slope_of(step, exercise, RELU) or not isinstance(step.expr, Cases):
        return None
    case = step.expr
    return Cases(case.subject, case.negative, ONE, case.positive)


def take_zero_below(step: Step, exercise: Exercise) -> Expr | None:
    """Takes 0 for the slope of leaky ReLU below 0."""
    if not is_slope_of(step, exercise, LEAKY) or not isinstance(step.expr, Cases):
        return None
    case = step.expr
    return Cases(case.subject, ZERO, ZERO, case.positive)


def take_value_below(step: Step, exercise: Exercise) -> Expr | None:
    """Takes the slope times z for the slope of leaky ReLU below 0."""
    if not is_slope_of(step, exercise, LEAKY) or not isinstance(step.expr, Cases):
        return None
    case = step.expr
    value = Mul((case.negative, exercise.state(step.wrt, step.updates)))
    return Cases(case.subject, value, case.zero, case.positive)


def flip_exponent(step: Step, exercise: Exercise) -> Expr | None:
    """Computes the sigmoid with e^{+z}."""
    base = exercise.graph.split(step.id)[0]
    if step.kind != "value" or exercise.name_activation(base) not in SIGMOID:
        return None
    if not isinstance(step.expr, Call):
        return None
    return Call("sigmoid", (Neg(step.expr.args[0]),))


FAMILY = (
    Misconception("M03", forget_at_output),
    Misconception("M03", take_one_at_output),
    Misconception("M06", forget_at_hidden),
    Misconception("M06", take_one_at_hidden),
    Misconception("M07", apply_twice),
    Misconception("M18", take_preactivation_in_tanh),
    Misconception("M18b", take_sigmoid_slope),
    Misconception("M19", take_relu_value),
    Misconception("M19", take_one),
    Misconception("M19", take_one_at_zero),
    Misconception("M20", take_zero_below),
    Misconception("M20", take_value_below),
    Misconception("M22", flip_exponent),
    Misconception("M39", take_preactivation),
    Misconception("M40", keep_one_factor),
)
"""Rows of this family in the order of the catalogue."""
