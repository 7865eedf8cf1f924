"""Mistakes of optimizers and penalties: what is kept, how it is corrected, what it moves."""

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
)
from derive.checking.exercise import Exercise
from derive.checking.misconceptions.row import Misconception, replace_names
from derive.derivation.steps import Step
from derive.naming import (
    LEARNING_RATE,
    PENALTY,
)
from derive.ops import Method
from derive.spec.penalty import HALF, L2

RATE, SHARE = Name(LEARNING_RATE), Name("momentum")
TWO = Num("2")


def choose_method(exercise: Exercise, *wanted: str) -> Method | None:
    """The optimizer of the exercise, if it is one of those."""
    method = exercise.graph.method
    return method if method is not None and method.name in wanted else None


def name_gradient(step: Step, exercise: Exercise) -> str:
    """The gradient of the parameter that a step moves or keeps something of, before updates."""
    graph = exercise.graph
    return graph.derivative(graph.batch(step.updates).objective, exercise.find_parameter(step))


def find_gradient(step: Step, exercise: Exercise) -> Name | None:
    """The gradient in the formula of a state or an update; None where there is none."""
    plain = name_gradient(step, exercise)
    names = (plain, exercise.graph.after(plain, step.updates - 1))
    return next((Name(name) for name in step.uses if name in names), None)


def name_velocity(step: Step, exercise: Exercise, later: int = 0) -> Name:
    """The velocity beside the parameter of a step: `v_W5@2`, and `v_W5+` with `later` -1."""
    track = exercise.graph.track("v", exercise.find_parameter(step))
    return Name(exercise.graph.after(track, step.updates + later))


def omit_correction(step: Step, exercise: Exercise) -> Expr | None:
    """Adam: takes the running means as they are."""
    del exercise
    return step.expr.top if step.kind == "estimate" and isinstance(step.expr, Div) else None


def count_from_zero(step: Step, exercise: Exercise) -> Expr | None:
    """Adam: counts the updates from 0, which has a value from the second on."""
    del exercise
    if step.kind != "estimate" or step.expr is None or step.updates == 1:
        return None
    count = Num(str(step.updates))

    def earlier(node: Expr) -> Expr | None:
        if isinstance(node, Pow) and node.exponent == count:
            return Pow(node.base, Num(str(step.updates - 1)))
        return None

    return transform(step.expr, earlier)


def swap_betas(step: Step, exercise: Exercise) -> Expr | None:
    """Adam: takes one beta for the other."""
    del exercise
    if step.kind not in ("state", "estimate"):
        return None
    return replace_names(step.expr, {"beta1": Name("beta2"), "beta2": Name("beta1")})


def carry_corrected(step: Step, exercise: Exercise) -> Expr | None:
    """Adam: builds the next running mean on the corrected one."""
    method = choose_method(exercise, "adam", "adamw")
    if method is None or step.kind != "state" or step.updates == 1:
        return None
    parameter, done = exercise.find_parameter(step), step.updates - 1
    other: dict[str, Expr] = {}
    for letter in (track.letter for track in method.tracks if track.kept):
        old, corrected = (exercise.graph.track(one, parameter) for one in (letter, f"{letter}hat"))
        other[exercise.graph.after(old, done)] = Name(exercise.graph.after(corrected, done))
    return replace_names(step.expr, other)


def put_epsilon_in_root(step: Step, exercise: Exercise) -> Expr | None:
    """Adds epsilon inside the root."""
    del exercise
    if step.kind != "update" or step.expr is None:
        return None

    def inside(node: Expr) -> Expr | None:
        match node:
            case Add(terms=(Call(function="sqrt", args=(kept,)), small)):
                return Call("sqrt", (Add((kept, small)),))
        return None

    new = transform(step.expr, inside)
    return None if new == step.expr else new


def mix_gradient(step: Step, exercise: Exercise) -> Expr | None:
    """Momentum: takes a share 1 - mu of the gradient, as in a running mean."""
    gradient = find_gradient(step, exercise)
    momentum = choose_method(exercise, "momentum", "nesterov")
    if momentum is None or step.kind != "state" or gradient is None:
        return None
    part = Mul((Add((ONE, Neg(SHARE))), gradient))
    return replace_names(step.expr, {gradient.id: part})


def move_rate(step: Step, exercise: Exercise) -> Expr | None:
    """Momentum: the learning rate and the sign inside where they stand outside, or the reverse."""
    method, gradient = choose_method(exercise, "momentum"), find_gradient(step, exercise)
    if method is None:
        return None
    inside = method.convention == "step"
    carried = Mul((SHARE, name_velocity(step, exercise, -1)))
    if step.kind == "state" and gradient is not None:
        return Add((carried, gradient if inside else Neg(Mul((RATE, gradient)))))
    if step.kind == "update":
        old, new = (
            exercise.old_value(step),
            name_velocity(step, exercise),
        )
        return Add((old, Neg(Mul((RATE, new))) if inside else new))
    return None


def move_rate_only(step: Step, exercise: Exercise) -> Expr | None:
    """Momentum: the learning rate inside the velocity and the sign outside."""
    gradient = find_gradient(step, exercise)
    if choose_method(exercise, "momentum") is None:
        return None
    if step.kind == "state" and gradient is not None:
        carried = Mul((SHARE, name_velocity(step, exercise, -1)))
        return Add((carried, Mul((RATE, gradient))))
    if step.kind == "update":
        old = exercise.old_value(step)
        return Add((old, Neg(name_velocity(step, exercise))))
    return None


def use_old_velocity(step: Step, exercise: Exercise) -> Expr | None:
    """Moves the parameter by the velocity before the update."""
    if choose_method(exercise, "momentum", "nesterov") is None or step.kind != "update":
        return None
    new = name_velocity(step, exercise)
    return replace_names(step.expr, {new.id: name_velocity(step, exercise, -1)})


def toggle_look_ahead(step: Step, exercise: Exercise) -> Expr | None:
    """Nesterov without its look ahead; plain momentum with it."""
    gradient = name_gradient(step, exercise)
    method = choose_method(exercise, "momentum", "nesterov")
    if method is None or method.convention == "step" or step.kind != "update":
        return None
    new = name_velocity(step, exercise)
    old = exercise.old_value(step)
    varies = exercise.derivation.varies(gradient)
    now = Name(exercise.graph.after(gradient, step.updates - 1 if varies else 0))
    ahead = Add((now, Mul((SHARE, new))))
    return Add((old, Neg(Mul((RATE, new if method.name == "nesterov" else ahead)))))


def add_whole_velocity(step: Step, exercise: Exercise) -> Expr | None:
    """Nesterov: adds the whole new velocity to the gradient, not a share of it."""
    gradient = find_gradient(step, exercise)
    if choose_method(exercise, "nesterov") is None or step.kind != "update" or gradient is None:
        return None
    old = exercise.old_value(step)
    return Add((old, Neg(Mul((RATE, Add((gradient, name_velocity(step, exercise))))))))


def double_penalty(step: Step, exercise: Exercise) -> Expr | None:
    """L2 without its half: 2 lambda w for lambda w, lambda w^2 for half of it."""
    squares = (q.id for q in exercise.graph.of_role("factor") if q.place.letter == L2)
    factor = next(squares, "")
    if not factor or step.expr is None:
        return None

    def whole(node: Expr) -> Expr | None:
        if not isinstance(node, Mul) or factor not in names(node):
            return None
        kept = tuple(f for f in node.factors if f != HALF)
        return Mul(kept) if len(kept) < len(node.factors) else Mul((TWO, *kept))

    if step.of != PENALTY and exercise.kind(step.id) != "penalty":
        return None
    return transform(step.expr, whole)


def couple_decay(step: Step, exercise: Exercise) -> Expr | None:
    """AdamW: puts the decay into the gradient, as Adam with L2 does."""
    if choose_method(exercise, "adamw") is None or step.expr is None:
        return None
    old = exercise.old_value(step)
    gradient = find_gradient(step, exercise)
    if step.kind == "state" and gradient is not None:
        return replace_names(
            step.expr, {gradient.id: Add((gradient, Mul((Name("weight_decay"), old))))}
        )
    if step.kind == "update" and isinstance(step.expr, Add):
        return Add((old, *step.expr.terms[1:]))
    return None


FAMILY = (
    Misconception("M33", put_epsilon_in_root),
    Misconception("M35", omit_correction),
    Misconception("M35", count_from_zero),
    Misconception("M35", swap_betas),
    Misconception("M36", mix_gradient),
    Misconception("M36", move_rate),
    Misconception("M36", move_rate_only),
    Misconception("M36", use_old_velocity),
    Misconception("M36", toggle_look_ahead),
    Misconception("M36", add_whole_velocity),
    Misconception("M37", double_penalty),
    Misconception("M37", couple_decay),
    Misconception("M64", carry_corrected),
)
"""Rows of this family in the order of the catalogue."""
