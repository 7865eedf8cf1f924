"""The run of a perceptron in exact fractions: which sample when, how it ends, and why.

Only what decides the shape of an exercise: how many presentations there are,
and whether a line separates the samples. Printed digits come from `numbers`.
"""

from derive.derivation.perceptron.run import Ending, Presentation, Run, run_of
from derive.derivation.perceptron.separation import (
    Certificate,
    Condition,
    conditions,
    contradiction,
)

__all__ = [
    "Certificate",
    "Condition",
    "Ending",
    "Presentation",
    "Run",
    "conditions",
    "contradiction",
    "run_of",
]
