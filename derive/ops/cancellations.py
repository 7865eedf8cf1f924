"""Pairs of loss and activation whose slopes cancel in the error signal.

Domain of the course, unit 6: "BCE (a-t)/(a(1-a)), with sigmoid a-t".
"""

from __future__ import annotations

from dataclasses import dataclass

from derive.ops.functions import ProofLine


@dataclass(frozen=True, slots=True)
class Cancellation:
    """The lines from the product of two slopes to what is left of it.

    `loss` is a row of LOSSES, `function` one of FUNCTIONS; the lines are texts
    in `t` (target), `o` (output) and `n` (number of outputs). The product
    itself is no line: it is derived.
    """

    loss: str
    function: str
    lines: tuple[ProofLine, ...]


CANCELLATIONS: dict[tuple[str, str], Cancellation] = {
    (row.loss, row.function): row
    for row in (
        Cancellation(
            "binary_cross_entropy",
            "sigmoid",
            (
                ProofLine("multiply_in", "-(t*(1-o)-(1-t)*o)"),
                ProofLine("multiply_out", "-(t-t*o-o+t*o)"),
                ProofLine("cancel", "o-t"),
            ),
        ),
    )
}
"""Every pair by the names of its loss and its function."""
