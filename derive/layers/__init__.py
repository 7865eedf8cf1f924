"""Layer types: one file each, and the table that all other code reads."""

from __future__ import annotations

from derive.layers.activation import ACTIVATION
from derive.layers.base import PARAMETER, Layer, LayerType, Module, Row, Site, Tensor
from derive.layers.dense import DENSE, Dense

LAYERS: dict[str, LayerType] = {row.name: row for row in (DENSE, ACTIVATION)}
"""Every layer type by the name a spec uses."""


def row_of(layer: Layer) -> LayerType:
    """The row of a layer."""
    return LAYERS[layer.type]


__all__ = [
    "ACTIVATION",
    "DENSE",
    "LAYERS",
    "PARAMETER",
    "Dense",
    "Layer",
    "LayerType",
    "Module",
    "Row",
    "Site",
    "Tensor",
    "row_of",
]
