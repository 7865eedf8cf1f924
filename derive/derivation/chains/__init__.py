"""The chain rule in reverse: which derivatives an exercise needs, in which order.

A chain gives, for any pair of quantities, the step that derives one by the
other, and lists the pairs in teaching order, the error's end first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from derive.derivation.chains.circuit import CircuitChain
from derive.derivation.chains.network import NetworkChain
from derive.derivation.steps import Step
from derive.graph import Graph
from derive.spec import Circuit


class Chain(Protocol):
    """How one kind of exercise is differentiated."""

    def derivative(self, of: str, wrt: str) -> Step | None:
        """The step of `dOF/dWRT`; None if the exercise has no such derivative."""

    def order(self, update: int = 1) -> Iterator[tuple[str, str]]:
        """Every pair that an update needs, each after those its formula uses."""


def chain_for(graph: Graph) -> Chain:
    """The chain of a graph."""
    if isinstance(graph.spec, Circuit):
        return CircuitChain(graph)
    return NetworkChain(graph)


__all__ = ["Chain", "CircuitChain", "NetworkChain", "chain_for"]
