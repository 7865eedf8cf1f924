"""Activations of a whole layer: each output depends on every pre-activation.

Texts are in `z` (the unit's own pre-activation), `v` (that of another unit),
`S` (the sum of exp over all pre-activations of the layer), `y` (the unit's
output) and `w` (that of the other unit). Domain of the course, unit 5:
"case i=j: p_i(1-p_i); case i!=j: -p_i p_j".
"""

from __future__ import annotations

from dataclasses import dataclass

from derive.ops.rows import ProofLine


@dataclass(frozen=True, slots=True)
class VectorActivation:
    """How the outputs of a layer follow from all of its pre-activations.

    `unit` is the output of one unit; `own` are the lines from its derivative
    by the own pre-activation to the taught slope, `other` those by the
    pre-activation of another unit. The last line is the slope. `shift` are the
    lines of a unit's output once `c` is added to every pre-activation, from
    the question on; `table` is the wording of what its table of slopes shows.
    """

    name: str
    unit: str
    own: tuple[ProofLine, ...]
    other: tuple[ProofLine, ...]
    shift: tuple[ProofLine, ...]
    table: str


VECTOR_ACTIVATIONS: dict[str, VectorActivation] = {
    row.name: row
    for row in (
        VectorActivation(
            "softmax",
            "exp(z)/S",
            own=(
                ProofLine("quotient", "(exp(z)*S-exp(z)*exp(z))/S^2"),
                ProofLine("split", "exp(z)/S*((S-exp(z))/S)"),
                ProofLine("divide", "exp(z)/S*(1-exp(z)/S)"),
                ProofLine("name_output", "y*(1-y)"),
            ),
            other=(
                ProofLine("quotient", "(0*S-exp(z)*exp(v))/S^2"),
                ProofLine("split", "-(exp(z)/S*(exp(v)/S))"),
                ProofLine("name_outputs", "-(y*w)"),
            ),
            shift=(
                ProofLine("", "exp(z+c)/(exp(c)*S)"),
                ProofLine("power_of_sum", "exp(c)*exp(z)/(exp(c)*S)"),
                ProofLine("cancel", "exp(z)/S"),
            ),
            table="jacobian_softmax",
        ),
        VectorActivation(
            "log_softmax",
            "z-ln(S)",
            own=(
                ProofLine("logarithm", "1-1/S*exp(z)"),
                ProofLine("name_exponential", "1-exp(y)"),
            ),
            other=(
                ProofLine("logarithm", "0-1/S*exp(v)"),
                ProofLine("name_exponential", "-exp(w)"),
            ),
            shift=(
                ProofLine("", "z+c-ln(exp(c)*S)"),
                ProofLine("logarithm_of_product", "z+c-(c+ln(S))"),
                ProofLine("cancel", "z-ln(S)"),
            ),
            table="jacobian_log_softmax",
        ),
    )
}
"""Every such activation by its name."""
