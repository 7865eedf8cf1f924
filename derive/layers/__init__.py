"""Layers: from a part of the spec to quantities; one file per layer type."""

from __future__ import annotations

from derive.layers.dense import dense
from derive.layers.network import Batch, batches_of, network_quantities
from derive.layers.perceptron import perceptron_quantities

LAYERS = {"dense": dense}
"""Every layer type by the name a spec uses."""

__all__ = [
    "LAYERS",
    "Batch",
    "batches_of",
    "dense",
    "network_quantities",
    "perceptron_quantities",
]
