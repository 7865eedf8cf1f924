"""The tables of mathematics: functions, activations, losses, optimizers, what couples or cancels.

A row is text in our grammar plus names; it knows nothing of layers or formats.
A new activation is one row of `functions`, its wording and its line in
`second/functions.py`; generic tests pick it up.
"""

from derive.ops.activations import ACTIVATIONS, KEYS, Activation, name_activations
from derive.ops.cancellations import (
    CANCELLATIONS,
    VECTOR_CANCELLATIONS,
    Cancellation,
    VectorCancellation,
)
from derive.ops.functions import FUNCTIONS
from derive.ops.losses import LOSSES, Loss, Range
from derive.ops.optimizers import METHODS, OPTIMIZERS, Method, Setting, Track
from derive.ops.rows import Function, ProofLine
from derive.ops.vectors import VECTOR_ACTIVATIONS, VectorActivation

__all__ = [
    "ACTIVATIONS",
    "CANCELLATIONS",
    "FUNCTIONS",
    "KEYS",
    "LOSSES",
    "METHODS",
    "OPTIMIZERS",
    "VECTOR_ACTIVATIONS",
    "VECTOR_CANCELLATIONS",
    "Activation",
    "Cancellation",
    "Function",
    "Loss",
    "Method",
    "ProofLine",
    "Range",
    "Setting",
    "Track",
    "VectorActivation",
    "VectorCancellation",
    "name_activations",
]
