"""What one known mistake is: a name of the catalogue and the formula it leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from derive.algebra.expressions import Add, Expr, Mul, Name, mul, substitute
from derive.checking.counterfactuals import Rewrite
from derive.checking.exercise import Exercise
from derive.derivation.steps import Step


class Misconception(msgspec.Struct, frozen=True):
    """A mistake of the catalogue (`M03`) as a rule from a step to its wrong formula.

    A mistake that can be made in several ways has a row for each, all of the
    same `id`.
    """

    id: str
    rewrite: Rewrite


Slip = Callable[[Step, Exercise], "Iterator[Expr]"]
"""The wrong formulas to which a slip leads at one step, where nobody makes it everywhere."""


class OneStep(msgspec.Struct, frozen=True):
    """A rule that holds at one step alone: the formula that a slip leads to there."""

    step: str
    expr: Expr

    def __call__(self, step: Step, exercise: Exercise) -> Expr | None:
        """The wrong formula of this step, None for any other."""
        del exercise
        return self.expr if step.id == self.step else None


def list_factors(expr: Expr | None) -> tuple[Expr, ...]:
    """The factors of a product; none for anything else."""
    return expr.factors if isinstance(expr, Mul) else ()


def drop_factors(expr: Expr | None, leave_out: Callable[[str], bool]) -> Expr | None:
    """A product without the factors whose id is one to leave out; None if none is."""
    factors = list_factors(expr)
    kept = [f for f in factors if not (isinstance(f, Name) and leave_out(f.id))]
    return mul(*kept) if kept and len(kept) < len(factors) else None


def find_own_term(step: Step, exercise: Exercise) -> Mul | None:
    """Of the error signal in front of a softmax, the term along the unit's own output.

    None for an error signal that is one product, and for any other step.
    """
    if step.kind not in ("signal", "routes") or not isinstance(step.expr, Add):
        return None
    own = exercise.graph.activation_of(step.wrt)
    if not own or not exercise.graph[own].vector:
        return None
    slope = exercise.graph.after(exercise.graph.derivative(own, step.wrt), step.updates)
    for term in step.expr.terms:
        if isinstance(term, Mul) and term.factors[-1] == Name(slope):
            return term
    return None


def replace_names(expr: Expr | None, other: dict[str, Expr]) -> Expr | None:
    """A formula with other things in place of some names; None if it has none of them."""
    if expr is None:
        return None
    new = substitute(expr, other)
    return None if new == expr else new
