"""A difference quotient with a wide h, given for the derivative itself."""

from __future__ import annotations

from functools import partial

from derive.algebra.expressions import Expr, Num
from derive.checking.exercise import Exercise
from derive.checking.misconceptions.row import Misconception
from derive.derivation.steps import Step
from derive.errors import SpecError
from derive.numbers import balls, rounding
from derive.numbers.balls import NotDefined, Undecided
from derive.numbers.differences import compute_quotient

FAR, NEAR = "0.1", "0.01"
"""Steps so wide that the quotient differs from the derivative in the first digits."""
MOST_PARAMETERS = 24
"""Parameters up to which quotients are looked for: each costs a forward pass."""
DIGITS = 24
"""Significant digits of a quotient, far beyond every tolerance."""
BITS = 160


def take_wide_quotient(h: str, central: bool, step: Step, exercise: Exercise) -> Expr | None:  # noqa: FBT001  bound in a row
    """Computes the gradient as a difference quotient, before any update."""
    graph = exercise.graph
    if not exercise.gradient_check:
        return None
    wanted = step.of == graph.objective and step.wrt in graph.parameters and not step.updates
    if not wanted or exercise.graph.presented is not None:
        return None
    if len(graph.parameters) > MOST_PARAMETERS:
        return None
    key = step.wrt, h, central
    if key not in exercise.quotients:
        exercise.quotients[key] = _write_decimal(exercise, *key)
    return exercise.quotients[key]


def _write_decimal(exercise: Exercise, wrt: str, h: str, central: bool) -> Num | None:  # noqa: FBT001
    """The quotient as a long decimal; None where it has no value."""
    try:
        with balls.precision(BITS):
            value = compute_quotient(exercise.graph, wrt, h, central=central)
            if value == 0:
                return Num("0")
            whole, exponent = rounding.round_significant(value, DIGITS)
    except (SpecError, NotDefined, Undecided, ArithmeticError):
        return None
    return Num(f"{whole}e{exponent}")


FAMILY = tuple(
    Misconception("M45", partial(take_wide_quotient, h, central))
    for h, central in ((FAR, False), (NEAR, False), (FAR, True))
)
"""Rows of this family."""
