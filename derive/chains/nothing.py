"""The chain of an exercise without derivatives."""

from __future__ import annotations

from collections.abc import Iterator

from derive.steps import Step


class NoChain:
    """Nothing is differentiated: a step function passes no derivative back."""

    def derivative(self, of: str, wrt: str) -> Step | None:
        """There is none."""
        del self, of, wrt
        return None

    def order(self) -> Iterator[tuple[str, str]]:
        """No pairs."""
        del self
        return iter(())
