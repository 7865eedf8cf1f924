"""Losses: the error of one output as a formula in t, o and the number n of outputs.

The total error of one sample is always the sum over the outputs.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from `low` to `high`; `ends` leaves nothing but these two."""

    low: str
    high: str
    ends: bool = False

    def __str__(self) -> str:
        """As a message says it."""
        return f"{self.low} and {self.high}" if self.ends else f"from {self.low} to {self.high}"


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss by name; `unit` is E_oj as text in `t` (target), `o` (output), `n`.

    `d` in it is the key `delta`, whose default is `delta`, None where the loss
    has no such key. `torch` computes the same of all outputs at once: Python in
    the tensors `target` and `output`, `{n}` in it the number of outputs,
    `{delta}` that key. `targets` are the
    targets it is made for, `shares` whether those of a sample must add up to 1,
    `outputs` what a learner has to give it; None and
    empty where any number will do. `given` is the key of a spec that holds `t`.
    """

    name: str
    unit: str
    torch: str = ""
    targets: Range | None = None
    outputs: str = ""
    shares: bool = False
    delta: str | None = None
    given: str = "targets"


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
        Loss(
            "binary_cross_entropy",
            "-(t*ln(o)+(1-t)*ln(1-o))",
            torch='nn.functional.binary_cross_entropy(output, target, reduction="none")',
            targets=Range("0", "1"),
            outputs="outputs between 0 and 1, such as those of sigmoid",
        ),
        Loss(
            "cross_entropy",
            "-(t*ln(o))",
            torch="-target * torch.log(output)",
            targets=Range("0", "1"),
            outputs="outputs above 0, such as those of softmax",
            shares=True,
        ),
        Loss(
            "negative_log_likelihood",
            "-(t*o)",
            torch="-target * output",
            targets=Range("0", "1"),
            shares=True,
        ),
        Loss(
            "huber",
            "cases(abs(t-o)-d,1/2*(t-o)^2,1/2*(t-o)^2,d*(abs(t-o)-1/2*d))",
            torch='nn.functional.huber_loss(output, target, reduction="none", delta={delta})',
            delta="1",
        ),
        Loss(
            "hinge",
            "cases(1-t*o,0,0,1-t*o)",
            torch="torch.relu(1 - target * output)",
            targets=Range("-1", "1", ends=True),
        ),
        Loss(
            "log_cosh",
            "ln(cosh(o-t))",
            # the logarithm of a number near 1 would lose its digits
            torch="torch.log1p(2 * torch.sinh((output - target) / 2) ** 2)",
        ),
        Loss("upstream", "t*o", torch="upstream * output", given="upstream"),
    )
}
"""Every loss by the name a spec uses."""
