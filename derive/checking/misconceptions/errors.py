"""Mistakes at the error: its half, its square, its sign, whose target."""

from __future__ import annotations

from derive.algebra.expressions import (
    ONE,
    Add,
    Call,
    Div,
    Expr,
    Mul,
    Name,
    Neg,
    Num,
    Pow,
    names,
    transform,
    walk,
)
from derive.checking.exercise import Exercise
from derive.checking.misconceptions.row import (
    Misconception,
    find_own_term,
    list_factors,
    replace_names,
)
from derive.derivation.steps import Step

TWO = Num("2")
HALVES = ("half_squared_error",)
BINARY_ENTROPY = ("binary_cross_entropy",)
ENTROPY = (*BINARY_ENTROPY, "cross_entropy")
LOGARITHMS = (*ENTROPY, "log_cosh")
SQUARES = ("half_squared_error", "squared_error", "mean_squared_error")


def is_error_slope(step: Step, exercise: Exercise) -> bool:
    """Whether a step is the derivative of the error by an output."""
    return (
        step.kind == "local"
        and exercise.kind(step.of) == "error"
        and exercise.kind(step.wrt) == "activation"
    )


def has_loss(exercise: Exercise, losses: tuple[str, ...]) -> bool:
    """Whether the exercise is a network with one of these losses."""
    return exercise.graph.loss in losses


def flip_sign(step: Step, exercise: Exercise) -> Expr | None:
    """Writes t - o for the derivative and keeps the minus of the update."""
    return Neg(step.expr) if is_error_slope(step, exercise) and step.expr else None


def keep_two(step: Step, exercise: Exercise) -> Expr | None:
    """Forgets the half of the loss, so that the 2 stays."""
    if is_error_slope(step, exercise) and has_loss(exercise, HALVES) and step.expr:
        return Mul((TWO, step.expr))
    return None


def drop_half(step: Step, exercise: Exercise) -> Expr | None:
    """Leaves the half out of the error itself, and differentiates that."""
    if not has_loss(exercise, HALVES):
        return None
    if exercise.kind(step.id) == "unit_error":
        return _find_square(step.expr)
    return keep_two(step, exercise)


def leave_unsquared(step: Step, exercise: Exercise) -> Expr | None:
    """Does not square the difference in the error, whose slope is then a constant."""
    if not has_loss(exercise, SQUARES):
        return None
    if exercise.kind(step.id) == "unit_error":
        return _replace_square(step.expr, None)
    if not is_error_slope(step, exercise):
        return None
    users = (exercise.graph[user] for user in exercise.graph.consumers[step.wrt])
    error = next((user.expr for user in users if user.role == "unit_error"), None)
    factor = _replace_square(error, ONE)
    return None if factor is None else Neg(factor)


def _find_square(expr: Expr | None) -> Pow | None:
    """The square in the error of an output."""
    return next((n for n in walk(expr) if isinstance(n, Pow)), None) if expr is not None else None


def _replace_square(expr: Expr | None, other: Expr | None) -> Expr | None:
    """The error of an output with something else for its square; None for what is squared."""
    square = _find_square(expr)
    if expr is None or square is None:
        return None
    new = square.base if other is None else other
    return transform(expr, lambda node: new if node is square else None)


def drop_two(step: Step, exercise: Exercise) -> Expr | None:
    """Keeps the factor of the loss and drops the 2 of the power rule."""
    if is_error_slope(step, exercise) and has_loss(exercise, SQUARES) and step.expr:
        return Div(step.expr, TWO)
    return None


def average_outputs(step: Step, exercise: Exercise) -> Expr | None:
    """Takes the mean over the outputs for their sum."""
    if not exercise.units or exercise.units[-1] == 1 or step.expr is None:
        return None
    if has_loss(exercise, ("mean_squared_error",)):
        return None
    summed = exercise.kind(step.id) == "error" and all(
        exercise.kind(used) == "unit_error" for used in step.uses
    )
    if summed or is_error_slope(step, exercise):
        return Div(step.expr, Num(str(exercise.units[-1])))
    return None


def exchange_targets(step: Step, exercise: Exercise) -> Expr | None:
    """Takes the target of the next output."""
    return _take_target(step, exercise, 1)


def take_target_before(step: Step, exercise: Exercise) -> Expr | None:
    """Takes the target of the output before; with two outputs it is the next one, too."""
    return _take_target(step, exercise, -1) if exercise.units[-1:] > (2,) else None


def _take_target(step: Step, exercise: Exercise, by: int) -> Expr | None:
    if not exercise.units or not (
        is_error_slope(step, exercise) or exercise.kind(step.id) == "unit_error"
    ):
        return None
    count = exercise.units[-1]
    other: dict[str, Expr] = {}
    for used in names(step.expr) if step.expr is not None else ():
        if exercise.kind(used) == "target":
            number, _, sample = used[1:].partition("_")
            turned = f"t{(int(number) - 1 + by) % count + 1}" + (f"_{sample}" if sample else "")
            other[used] = Name(turned)
    return replace_names(step.expr, other)


def use_error_in_gradient(step: Step, exercise: Exercise) -> Expr | None:
    """Multiplies by the error where its derivative is due, for a weight into an output."""
    return use_error(step, exercise) if step.kind == "gradient" else None


def use_error(step: Step, exercise: Exercise) -> Expr | None:
    """Multiplies by the error wherever its derivative is due, so that hidden units follow."""
    if step.kind not in ("gradient", "signal"):
        return None
    first = list_factors(step.expr)[:1]
    pair = exercise.pair(first[0].id) if first and isinstance(first[0], Name) else None
    if pair is None or not exercise.is_output(pair[1]) or exercise.kind(pair[0]) != "error":
        return None
    name = exercise.graph.after(pair[0], step.updates)
    return Mul((Name(name), *list_factors(step.expr)[1:]))


def square_difference(step: Step, exercise: Exercise) -> Expr | None:
    """Squares the difference where it should differentiate the square."""
    if not is_error_slope(step, exercise) or not has_loss(exercise, SQUARES):
        return None
    used = names(step.expr) if step.expr is not None else ()
    target = [n for n in used if exercise.kind(n) == "target"]
    output = [n for n in used if exercise.kind(n) == "activation"]
    if not target or not output:
        return None
    return Pow(Add((Name(output[0]), Neg(Name(target[0])))), TWO)


def take_difference(step: Step, exercise: Exercise) -> Expr | None:
    """Takes o - t for the slope of the loss, so that the slope of the activation comes twice."""
    return (
        _write_difference(step)
        if is_error_slope(step, exercise) and _is_entropy(exercise)
        else None
    )


def multiply_difference(step: Step, exercise: Exercise) -> Expr | None:
    """Multiplies o - t, where both slopes are in already, by the slope of the activation."""
    first, *others = list_factors(step.expr) or (None,)
    pair = exercise.pair(first.id) if isinstance(first, Name) else None
    if pair is None or step.kind not in ("gradient", "signal") or not _is_entropy(exercise):
        return None
    loss = exercise.step(exercise.graph.after(exercise.graph.derivative(*pair), step.updates))
    if loss is None or not is_error_slope(loss, exercise):
        return None
    difference = _write_difference(loss)
    return None if difference is None else Mul((difference, *others))


def multiply_softmax_difference(step: Step, exercise: Exercise) -> Expr | None:
    """Multiplies o - t, all that is left behind a softmax, by the own slope once more."""
    if step.kind != "signal" or not has_loss(exercise, ("cross_entropy",)):
        return None
    own = find_own_term(step, exercise)
    if own is None:
        return None
    error, slope = own.factors
    loss = exercise.step(error.id) if isinstance(error, Name) else None
    difference = (
        _write_difference(loss) if loss is not None and is_error_slope(loss, exercise) else None
    )
    return None if difference is None else Mul((difference, slope))


def _is_entropy(exercise: Exercise) -> bool:
    return has_loss(exercise, ENTROPY)


def _write_difference(step: Step) -> Expr | None:
    """O - t of the slope of a loss."""
    used = names(step.expr) if step.expr is not None else ()
    if len(used) != 2:  # noqa: PLR2004  a target and an output
        return None
    target, output = used
    return Add((Name(output), Neg(Name(target))))


def keep_first_half(step: Step, exercise: Exercise) -> Expr | None:
    """Takes -t ln o alone for the binary cross entropy, in value or in slope."""
    if not has_loss(exercise, BINARY_ENTROPY):
        return None
    match step.expr:
        case Neg(arg=Add(terms=(hit, _))) if _is_of_loss(step, exercise):
            return Neg(hit)
    return None


def lose_sign(step: Step, exercise: Exercise) -> Expr | None:
    """Forgets the minus in front of the binary cross entropy itself."""
    if not has_loss(exercise, BINARY_ENTROPY) or exercise.kind(step.id) != "unit_error":
        return None
    return step.expr.arg if isinstance(step.expr, Neg) else None


def take_common_logarithm(step: Step, exercise: Exercise) -> Expr | None:
    """Takes the logarithm to base 10 for the natural one."""
    if not has_loss(exercise, LOGARITHMS) or not _is_of_loss(step, exercise):
        return None
    return Div(step.expr, Call("ln", (Num("10"),))) if step.expr is not None else None


def _is_of_loss(step: Step, exercise: Exercise) -> bool:
    """Whether a step is the error of an output or its slope."""
    return exercise.kind(step.id) == "unit_error" or is_error_slope(step, exercise)


FAMILY = (
    Misconception("M04", flip_sign),
    Misconception("M08", keep_two),
    Misconception("M08", drop_half),
    Misconception("M09", drop_two),
    Misconception("M15", average_outputs),
    Misconception("M21", take_common_logarithm),
    Misconception("M24", take_difference),
    Misconception("M24", multiply_difference),
    Misconception("M24", multiply_softmax_difference),
    Misconception("M26", keep_first_half),
    Misconception("M26", lose_sign),
    Misconception("M44", exchange_targets),
    Misconception("M44", take_target_before),
    Misconception("M47", use_error_in_gradient),
    Misconception("M47", use_error),
    Misconception("M53", square_difference),
    Misconception("M58", leave_unsquared),
)
"""Rows of this family in the order of the catalogue."""
