"""Mistakes over samples, and constants that guard a computer and not a hand."""

from __future__ import annotations

from derive.checking.exercise import Exercise
from derive.checking.misconceptions.row import Misconception
from derive.expressions import Add, Call, Div, Expr, Mul, Num, transform
from derive.spec import Network
from derive.steps import Step

GUARDS = ("1e-7", "1e-8")
"""Constants that programs add before a logarithm or below a root."""


def other_reduction(step: Step, exercise: Exercise) -> Expr | None:
    """Sums over the samples where the mean is due, or the reverse."""
    spec = exercise.spec
    if not isinstance(spec, Network) or len(spec.inputs) == 1 or step.expr is None:
        return None
    total = exercise.kind(step.id) == "error" and step.id.startswith(exercise.graph.total)
    if step.kind != "reduction" and not total:
        return None
    count = Num(str(len(spec.inputs)))
    return Mul((count, step.expr)) if spec.reduction == "mean" else Div(step.expr, count)


def _guarded(step: Step, constant: str) -> Expr | None:
    if step.expr is None or step.kind != "value":
        return None

    def change(node: Expr) -> Expr | None:
        if isinstance(node, Call) and node.function in ("log", "ln"):
            return Call(node.function, (Add((node.args[0], Num(constant))),))
        return None

    new = transform(step.expr, change)
    return None if new == step.expr else new


def guarded_large(step: Step, exercise: Exercise) -> Expr | None:
    """Adds 1e-7 inside a logarithm."""
    del exercise
    return _guarded(step, GUARDS[0])


def guarded_small(step: Step, exercise: Exercise) -> Expr | None:
    """Adds 1e-8 inside a logarithm."""
    del exercise
    return _guarded(step, GUARDS[1])


FAMILY = (
    Misconception("M16", other_reduction),
    Misconception("M33", guarded_large),
    Misconception("M33", guarded_small),
)
"""Rows of this family in the order of the catalogue."""
