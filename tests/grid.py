"""Every activation with every loss: small networks on which the roads are compared."""

import itertools

from derive.ops import LOSSES

ACTIVATIONS = {
    "identity": "",
    "linear": "",
    "sigmoid": "",
    "tanh": "",
    "relu": "",
    "leaky_relu": "",
    "prelu": "",
    "elu": "",
    "elu of 0.5": "\nalpha = 0.5",
    "softplus": "",
    "silu": "",
    "gelu": "",
    "softmax": "",
    "log_softmax": "",
}
"""What a layer says of each activation beside its name."""
TARGETS = {
    "half_squared_error": ("0.2, 0.7", "0.5, -0.1", "0.9, 0.3"),
    "squared_error": ("0.2, 0.7", "0.5, -0.1", "0.9, 0.3"),
    "mean_squared_error": ("0.2, 0.7", "0.5, -0.1", "0.9, 0.3"),
    "binary_cross_entropy": ("1, 0", "0.25, 1", "0, 0.5"),
    "cross_entropy": ("1, 0", "0.25, 0.75", "0, 1"),
    "negative_log_likelihood": ("1, 0", "0.25, 0.75", "0, 1"),
    "huber": ("1.5, -0.2", "-1.2, 0.1", "0.9, 2.5"),
    "huber of 0.25": ("0.2, 0.7", "0.5, -0.1", "0.9, 0.3"),
    "hinge": ("1, -1", "-1, -1", "1, 1"),
    "log_cosh": ("0.2, 1.7", "0.5, -0.1", "0.9, 0.3"),
    "upstream": ("0.5, -1", "2, 0.25", "-0.75, 1"),
}
"""Every loss with targets of three samples that it takes."""
LAST = {
    "binary_cross_entropy": "sigmoid",
    "cross_entropy": "softmax",
    "negative_log_likelihood": "log_softmax",
}
"""The activation of the last layer where a loss needs one; else it is that of the others."""
COUPLED = ("softmax", "log_softmax")
"""Of these every output depends on every pre-activation; a hinge is for scores, not for shares."""
NETWORK = """
inputs = {inputs}
{given} = {targets}
loss = "{loss}"{more_loss}
reduction = "{reduction}"
learning_rate = 0.25
steps = {steps}
[[layers]]
activation = "{first}"{more}
weights = [[0.4, -0.35], [0.25, 0.6], [-0.5, 0.45]]
biases = [0.05, -0.1, 0.2]
[[layers]]
activation = "{last}"{more_last}
weights = [[0.3, 0.55, -0.2], [0.65, -0.15, 0.1]]
"""
INPUTS = ("0.3, -0.2", "0.15, 0.8", "-0.6, 0.4")


def network(activation, loss, samples=3, reduction="mean", steps=2):
    """One network of the grid as TOML."""
    last = LAST.get(loss, activation)
    if loss == "hinge" and activation in COUPLED:
        last = "identity"
    inputs, targets = (
        ", ".join(f"[{row}]" for row in table[:samples]) for table in (INPUTS, TARGETS[loss])
    )
    return NETWORK.format(
        given=LOSSES[loss.split()[0]].given,
        inputs=f"[{inputs}]", targets=f"[{targets}]", loss=loss.split()[0],
        more_loss="\ndelta = 0.25" if loss == "huber of 0.25" else "",
        reduction=reduction, steps=steps,
        first=activation.split()[0], more=ACTIVATIONS[activation],
        last=last.split()[0], more_last=ACTIVATIONS[last],
    )  # fmt: skip


GRID = list(itertools.product(ACTIVATIONS, TARGETS))
ONCE = [
    *((activation, "half_squared_error") for activation in ACTIVATIONS),
    *(("tanh", loss) for loss in TARGETS),
]
"""Pairs in which each stands at least once."""
