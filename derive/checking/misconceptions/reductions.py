"""Mistakes over samples, and constants that guard a computer and not a hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from derive.algebra.expressions import Add, Call, Div, Expr, Mul, Num, names, transform
from derive.checking.exercise import Exercise
from derive.checking.misconceptions.row import Misconception
from derive.derivation.steps import Step

GUARDS = ("1e-7", "1e-8")
"""Constants that programs add inside a logarithm, below a root or to a denominator."""
GUARDED = ("log", "ln", "sqrt")
"""Functions that have no value or no slope at 0; of the losses, binary cross entropy has one."""


def swap_reduction(step: Step, exercise: Exercise) -> Expr | None:
    """Sums over the samples where the mean is due, or the reverse."""
    if len(exercise.graph.roots) == 1 or step.expr is None:
        return None
    of = step.of if step.kind == "reduction" else exercise.graph.split(step.id)[0]
    graph = exercise.graph
    parts = {graph.data: graph.roots, **{batch.data: batch.roots for batch in graph.batches}}
    if of not in parts or step.kind not in ("reduction", "value") or len(parts[of]) == 1:
        return None
    count = Num(str(len(parts[of])))
    return Mul((count, step.expr)) if exercise.spec.reduction == "mean" else Div(step.expr, count)


def count_samples(step: Step, exercise: Exercise) -> int:
    """How many samples share the mean that a derivative of one sample's error goes into.

    1 for any other step, and where samples are added.
    """
    if step.stage != "backward" or exercise.spec.reduction != "mean":
        return 1
    return next((len(b.roots) for b in exercise.graph.batches if step.of in b.roots), 1)


def divide_by_samples(step: Step, exercise: Exercise) -> Iterator[Expr]:
    """Puts the 1/N of the mean into a derivative of one sample's error."""
    count = count_samples(step, exercise)
    if step.expr is not None and count > 1:
        yield Div(step.expr, Num(str(count)))


def divide_by_classes(step: Step, exercise: Exercise) -> Expr | None:
    """Behind a softmax, divides the error signal of one sample by the number of classes."""
    if step.kind != "signal" or step.expr is None or len(exercise.graph.roots) > 1:
        return None
    own = exercise.quantity(exercise.graph.activation_of(step.wrt))
    if not exercise.layers or own is None or not own.vector:
        return None
    return Div(step.expr, Num(str(exercise.units[-1])))


def _guard(step: Step, change: Callable[[Expr], Expr | None]) -> Expr | None:
    if step.expr is None or step.kind != "value":
        return None
    new = transform(step.expr, change)
    return None if new == step.expr else new


def guard_functions(constant: str, step: Step, exercise: Exercise) -> Expr | None:
    """Adds a constant inside a logarithm and below a root."""
    del exercise

    def change(node: Expr) -> Expr | None:
        if isinstance(node, Call) and node.function in GUARDED:
            return Call(node.function, (Add((node.args[0], Num(constant))),))
        return None

    return _guard(step, change)


def guard_denominators(constant: str, step: Step, exercise: Exercise) -> Expr | None:
    """Adds a constant to a denominator that holds a name."""
    del exercise

    def change(node: Expr) -> Expr | None:
        if isinstance(node, Div) and names(node.bottom):
            return Div(node.top, Add((node.bottom, Num(constant))))
        return None

    return _guard(step, change)


FAMILY = (
    Misconception("M16", swap_reduction),
    *(
        Misconception("M33", partial(rule, constant))
        for rule in (guard_functions, guard_denominators)
        for constant in GUARDS
    ),
    Misconception("M63", divide_by_classes),
)
"""Rows of this family in the order of the catalogue."""
SLIPS = (("M63", divide_by_samples),)
"""Slips of this family, made in one step: the sum over the samples may be right."""
