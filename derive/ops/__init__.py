"""The tables of mathematics: functions, activations, losses, optimizers, what couples or cancels.

A row is text in our grammar plus names; it knows nothing of layers or formats.
A new activation is one row of `functions`, its wording and its line in
`second/functions.py`; generic tests pick it up.
"""

from derive.ops.activations import ACTIVATIONS, KEYS, Activation, name_activations
from derive.ops.cancellations import (
    CANCELLATIONS,
    COUPLED_CANCELLATIONS,
    Cancellation,
    CoupledCancellation,
)
from derive.ops.couplings import COUPLINGS, Coupling
from derive.ops.functions import FUNCTIONS
from derive.ops.losses import LOSSES, Loss, Range
from derive.ops.optimizers import METHODS, OPTIMIZERS, Method, Setting, Track
from derive.ops.rows import Function, ProofLine

__all__ = [
    "ACTIVATIONS",
    "CANCELLATIONS",
    "COUPLED_CANCELLATIONS",
    "COUPLINGS",
    "FUNCTIONS",
    "KEYS",
    "LOSSES",
    "METHODS",
    "OPTIMIZERS",
    "Activation",
    "Cancellation",
    "CoupledCancellation",
    "Coupling",
    "Function",
    "Loss",
    "Method",
    "ProofLine",
    "Range",
    "Setting",
    "Track",
    "name_activations",
]
