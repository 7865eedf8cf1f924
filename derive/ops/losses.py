"""Losses: the error of one output as a formula in t, o and the number n of outputs.

The total error of one sample is always the sum over the outputs.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss by name; `unit` is E_oj as text in `t` (target), `o` (output), `n`.

    `torch` computes the same of all outputs at once: Python in the tensors
    `target` and `output`, `{n}` in it the number of outputs.
    """

    name: str
    unit: str
    torch: str = ""


LOSSES: dict[str, Loss] = {
    row.name: row
    for row in (
        Loss("half_squared_error", "1/2*(t-o)^2", torch="0.5 * (target - output) ** 2"),
        Loss(
            "squared_error",
            "(t-o)^2",
            torch='nn.functional.mse_loss(output, target, reduction="none")',
        ),
        Loss(
            "mean_squared_error",
            "1/n*(t-o)^2",
            torch='nn.functional.mse_loss(output, target, reduction="none") / {n}',
        ),
    )
}
"""Every loss by the name a spec uses."""
