"""Layer types: one file each, and the table that all other code reads."""

from __future__ import annotations

from derive.layers.activation import ACTIVATION
from derive.layers.attention import ATTENTION
from derive.layers.base import INPUT, PARAMETER, LayerType
from derive.layers.batch_norm import BATCH_NORM
from derive.layers.conv import CONV1D, CONV2D
from derive.layers.dense import DENSE, Dense
from derive.layers.dropout import DROPOUT
from derive.layers.embedding import EMBEDDING
from derive.layers.flatten import FLATTEN
from derive.layers.gru import GRU
from derive.layers.joining import ADD, CONCAT, MULTIPLY
from derive.layers.layer_norm import LAYER_NORM
from derive.layers.lstm import LSTM
from derive.layers.modules import Module
from derive.layers.pools import AVG_POOL, GLOBAL_AVG_POOL, GLOBAL_MAX_POOL, MAX_POOL
from derive.layers.rms_norm import RMS_NORM
from derive.layers.rnn import RNN
from derive.layers.shapes import Shape
from derive.layers.site import Layer, Row, Site, Taken, Tensor

LAYERS: dict[str, LayerType] = {
    row.name: row
    for row in (
        DENSE, ACTIVATION, CONV1D, CONV2D, MAX_POOL, AVG_POOL, GLOBAL_MAX_POOL, GLOBAL_AVG_POOL,
        FLATTEN, RNN, LSTM, GRU, EMBEDDING, ATTENTION, LAYER_NORM, RMS_NORM, BATCH_NORM, DROPOUT,
        ADD, CONCAT, MULTIPLY,
    )
}  # fmt: skip
"""Every layer type by the name a spec uses."""


def row_of(layer: Layer) -> LayerType:
    """The row of a layer."""
    return LAYERS[layer.type]


__all__ = [
    "ACTIVATION",
    "DENSE",
    "INPUT",
    "LAYERS",
    "PARAMETER",
    "Dense",
    "Layer",
    "LayerType",
    "Module",
    "Row",
    "Shape",
    "Site",
    "Taken",
    "Tensor",
    "row_of",
]
