"""The tables of mathematics: functions, activations, losses, what couples, what cancels.

A row is text in our grammar plus names; it knows nothing of layers or formats.
A new activation is one row here and its wording; generic tests pick it up.
"""

from derive.ops.activations import ACTIVATIONS, KEYS, Activation
from derive.ops.cancellations import (
    CANCELLATIONS,
    COUPLED_CANCELLATIONS,
    Cancellation,
    CoupledCancellation,
)
from derive.ops.couplings import COUPLINGS, Coupling
from derive.ops.functions import FUNCTIONS, Function, ProofLine
from derive.ops.losses import LOSSES, Loss, Range

__all__ = [
    "ACTIVATIONS",
    "CANCELLATIONS",
    "COUPLED_CANCELLATIONS",
    "COUPLINGS",
    "FUNCTIONS",
    "KEYS",
    "LOSSES",
    "Activation",
    "Cancellation",
    "CoupledCancellation",
    "Coupling",
    "Function",
    "Loss",
    "ProofLine",
    "Range",
]
