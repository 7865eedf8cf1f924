"""Training runs: one forward and one backward pass after the other, each digit certified."""

from derive.training.passes import Passes, certain, passes_of
from derive.training.run import State, asked, updates

__all__ = ["Passes", "State", "asked", "certain", "passes_of", "updates"]
