"""Training runs: one forward and one backward pass after the other, each digit certified."""

from derive.training.run import State, asked, updates

__all__ = ["State", "asked", "updates"]
