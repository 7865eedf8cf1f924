"""A named number of the exercise: given, or a formula over earlier ones."""

from __future__ import annotations

from typing import Literal

import msgspec

from derive.algebra.expressions import Expr

Kind = Literal[
    "input",
    "target",
    "rate",
    "setting",  # of an optimizer
    "factor",  # of a penalty
    "state",  # what an optimizer keeps beside a parameter, 0 before the first update
    "parameter",
    "constant",
    "preactivation",
    "activation",
    "unit_error",
    "error",
    "penalty",  # on large weights
    "difference",
    "definition",
]


class Quantity(msgspec.Struct, frozen=True, gc=False):
    """One named number.

    Given quantities have a `typed` text, all others an `expr` over earlier
    ids. `varies` says whether an update changes it. `sample` is 0 where there
    is only one sample or the quantity belongs to none. `coupling` names the row
    of COUPLINGS of an activation that uses all pre-activations of its layer,
    the own one first.
    """

    id: str
    kind: Kind
    varies: bool
    expr: Expr | None = None
    typed: str = ""
    uses: tuple[str, ...] = ()
    sample: int = 0
    coupling: str = ""
