"""Mistakes at the chain rule of a circuit: a factor left out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from derive.algebra.expressions import Add, Expr, Mul, add
from derive.checking.exercise import Exercise
from derive.checking.misconceptions.row import Misconception
from derive.derivation.steps import Step


def list_terms(step: Step, exercise: Exercise) -> tuple[Expr, ...]:
    """The terms of a circuit's chain rule, one for each route; none for any other step."""
    chained = step.stage == "backward" and step.kind != "local"
    if not chained or exercise.layers or step.expr is None:
        return ()
    return step.expr.terms if isinstance(step.expr, Add) else (step.expr,)


def keep_factor(place: int, step: Step, exercise: Exercise) -> Expr | None:
    """Keeps one factor of every product: 0 the derivative further up, -1 the local one."""
    terms = list_terms(step, exercise)
    kept = tuple(t.factors[place] if isinstance(t, Mul) else t for t in terms)
    return add(*kept) if kept != terms else None


def list_short_routes(step: Step, exercise: Exercise) -> Iterator[Expr]:
    """The sum of several routes, a factor left out on one of them."""
    terms = list_terms(step, exercise)
    for i, term in enumerate(terms if len(terms) > 1 else ()):
        for factor in term.factors if isinstance(term, Mul) else ():
            yield Add((*terms[:i], factor, *terms[i + 1 :]))


FAMILY = (
    Misconception("M62", partial(keep_factor, 0)),
    Misconception("M62", partial(keep_factor, -1)),
)
"""Rows of this family in the order of the catalogue."""
SLIPS = (("M62", list_short_routes),)
"""Slips of this family, made in one step."""
