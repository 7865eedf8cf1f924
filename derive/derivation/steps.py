"""One step of a derivation as data: an id, the formula it follows, no words."""

from __future__ import annotations

from typing import Literal

import msgspec

from derive.algebra.expressions import Expr, names

Stage = Literal["given", "forward", "backward", "update", "check"]
STAGES: tuple[Stage, ...] = ("given", "forward", "backward", "update", "check")

StepKind = Literal[
    "given",  # a number of the spec
    "value",  # a quantity of the forward pass
    "local",  # the derivative of one formula by one of its own names
    "signal",  # error by pre-activation: two factors
    "gradient",  # error by parameter: three factors
    "route",  # the part of a derivative that comes along one route
    "routes",  # the sum over all routes
    "reduction",  # over samples
    "regularised",  # the gradient of the data and that of the penalty
    "unit",  # the output by itself: 1
    "none",  # no route: 0
    "state",  # what an optimizer keeps beside a parameter
    "estimate",  # what it finds from that, for this update alone
    "update",  # a parameter's new value
]


class Step(msgspec.Struct, frozen=True, gc=False):
    """One id and its formula.

    `expr` is None only for given numbers. Formulas of functions with cases
    hold all cases; `numbers` takes the branch. For derivatives `of` and `wrt`
    say what is differentiated by what, before any update.
    """

    id: str
    kind: StepKind
    stage: Stage
    expr: Expr | None
    of: str = ""
    wrt: str = ""
    updates: int = 0

    @property
    def uses(self) -> tuple[str, ...]:
        """The ids in the formula, each once, in reading order."""
        return () if self.expr is None else names(self.expr)
