"""Layers: from a part of the spec to quantities; one file per layer type."""

from __future__ import annotations

from derive.layers.dense import dense, run_plain
from derive.layers.network import Batch, batches_of, network_quantities
from derive.layers.perceptron import perceptron_quantities

LAYERS = {"dense": dense}
"""Every layer type by the name a spec uses."""
PLAIN = {"dense": run_plain}
"""Its forward pass on plain numbers, a second time, by the same name."""

__all__ = [
    "LAYERS",
    "PLAIN",
    "Batch",
    "batches_of",
    "dense",
    "network_quantities",
    "perceptron_quantities",
]
