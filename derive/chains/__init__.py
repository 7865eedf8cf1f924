"""The chain rule in reverse: which derivatives an exercise needs, in which order.

A chain gives, for any pair of quantities, the step that derives one by the
other, and lists the pairs in teaching order, the error's end first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from derive.chains.circuit import CircuitChain
from derive.chains.network import NetworkChain
from derive.graph import Graph
from derive.spec import Circuit
from derive.steps import Step


class Chain(Protocol):
    """How one kind of exercise is differentiated."""

    def derivative(self, of: str, wrt: str) -> Step | None:
        """The step of `dOF/dWRT`; None if the exercise has no such derivative."""

    def order(self) -> Iterator[tuple[str, str]]:
        """Every pair the sheet shows, each after those its formula uses."""


def chain_for(graph: Graph) -> Chain:
    """The chain of a graph."""
    if isinstance(graph.spec, Circuit):
        return CircuitChain(graph)
    return NetworkChain(graph)


__all__ = ["Chain", "CircuitChain", "NetworkChain", "chain_for"]
