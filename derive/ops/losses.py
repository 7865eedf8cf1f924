"""Losses: the error of one output as a formula in t, o and the number n of outputs.

The total error of one sample is always the sum over the outputs.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss by name; `unit` is E_oj as text in `t` (target), `o` (output), `n`."""

    name: str
    unit: str


LOSSES: dict[str, Loss] = {
    row.name: row
    for row in (
        Loss("half_squared_error", "1/2*(t-o)^2"),
        Loss("squared_error", "(t-o)^2"),
        Loss("mean_squared_error", "1/n*(t-o)^2"),
    )
}
"""Every loss by the name a spec uses."""
