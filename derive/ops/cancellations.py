"""Pairs of loss and activation whose slopes cancel in the error signal.

Domain of the course, unit 6: "BCE (a-t)/(a(1-a)), with sigmoid a-t".
"""

from __future__ import annotations

from dataclasses import dataclass

from derive.ops.rows import ProofLine


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


@dataclass(frozen=True, slots=True)
class VectorCancellation:
    """The same where an error signal is a sum over all outputs of a layer.

    Each line is a sum: one text for the unit itself in its target `t` and its
    output `o`, one for each other unit in its target `u` and `o`. `factored`
    and `left` are the last two lines; `T` is the sum of all targets, which is 1.
    """

    loss: str
    vector: str
    lines: tuple[tuple[str, str, str], ...]
    """Rule, term of the unit itself, term of another unit."""
    factored: str
    left: str


VECTOR_CANCELLATIONS: dict[tuple[str, str], VectorCancellation] = {
    (row.loss, row.vector): row
    for row in (
        VectorCancellation(
            "cross_entropy",
            "softmax",
            (("cancel", "-(t*(1-o))", "u*o"), ("multiply_out", "-t+t*o", "u*o")),
            factored="-t+o*T",
            left="o-t",
        ),
        VectorCancellation(
            "negative_log_likelihood",
            "log_softmax",
            (("multiply_out", "-t+t*exp(o)", "u*exp(o)"),),
            factored="-t+exp(o)*T",
            left="exp(o)-t",
        ),
    )
}
"""Every such pair by the names of its loss and its vector; domain of the course, unit 6."""
