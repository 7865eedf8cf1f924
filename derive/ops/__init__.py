"""The tables of mathematics: functions, activations, losses.

A row is text in our grammar plus names; it knows nothing of layers or formats.
A new activation is one row here and its wording; generic tests pick it up.
"""

from derive.ops.activations import ACTIVATIONS, Activation
from derive.ops.functions import FUNCTIONS, Function, ProofLine
from derive.ops.losses import LOSSES, Loss

__all__ = [
    "ACTIVATIONS",
    "FUNCTIONS",
    "LOSSES",
    "Activation",
    "Function",
    "Loss",
    "ProofLine",
]
