"""What lstm and gru share: every gate has weights, recurrent weights and biases of its own."""

from __future__ import annotations

from derive.errors import SpecError
from derive.layers.base import Sign
from derive.layers.dense import check_matrix
from derive.layers.plain import Note, Number
from derive.layers.recurrent import (
    Recurrent,
    States,
    add_bias,
    check_units,
    list_tensors,
    weigh,
)
from derive.layers.shapes import Shape
from derive.layers.site import Row, Tensor

Rows = dict[str, tuple[Row, ...]]


class Gated(Recurrent, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of every gate the weights, by its letter: `weights.i`."""

    weights: Rows
    recurrent_weights: Rows
    biases: dict[str, Row] | None = None
    recurrent_biases: dict[str, Row] | None = None


def check_gates(layer: Gated, gates: tuple[str, ...], place: str, received: Shape) -> int:
    """The units of a layer with gates; raises SpecError for a gate that does not fit."""
    for key in ("weights", "recurrent_weights", "biases", "recurrent_biases"):
        table = getattr(layer, key)
        if table is None:
            continue
        if set(table) != set(gates):
            got = ", ".join(sorted(table)) or "none"
            raise SpecError(
                f"{place}.{key}", f"expected a table with {', '.join(gates)}, got {got}"
            )
    units = len(layer.weights[gates[0]])
    shapes = {"weights": (units, received.units), "recurrent_weights": (units, units)}
    for key, shape in shapes.items():
        for gate in gates:
            check_matrix(getattr(layer, key)[gate], shape, f"{place}.{key}.{gate}")
    for key in ("biases", "recurrent_biases"):
        for gate, row in (getattr(layer, key) or {}).items():
            check_units(row, units, f"{place}.{key}.{gate}")
    return units


def list_gate_tensors(layer: Gated, gates: tuple[str, ...]) -> tuple[Tensor, ...]:
    """The parameters of all gates."""
    biases, more = layer.biases or {}, layer.recurrent_biases or {}
    return tuple(
        tensor
        for gate in gates
        for tensor in list_tensors(
            layer.weights[gate], biases.get(gate), layer.recurrent_weights[gate], more.get(gate),
            gate,
        )
    )  # fmt: skip


def sign_gates(gates: tuple[str, ...], symbols: tuple[str, ...]) -> dict[str, Sign]:
    """How gates and their parameters print."""
    parts = {"z": "", "W": "", "U": "", "b": "", "bU": "U"}
    signs = {f"g{gate}": Sign(symbol) for gate, symbol in zip(gates, symbols, strict=True)}
    for gate in gates:
        signs |= {f"{part}{gate}": Sign(part[0], more + gate) for part, more in parts.items()}
    return signs


def receive(layer: Gated, gate: str, unit: int, inputs: States, note: Note) -> Number:
    """W x + b of a gate, for the independent check."""
    row = (layer.biases or {}).get(gate)
    z = weigh(layer.weights[gate], f"W{gate}", unit, inputs, note)
    return z + add_bias(row, f"b{gate}", unit, note)


def remember(layer: Gated, gate: str, unit: int, states: States, note: Note) -> Number:
    """U h + bU of a gate, for the independent check."""
    row = (layer.recurrent_biases or {}).get(gate)
    z = weigh(layer.recurrent_weights[gate], f"U{gate}", unit, states, note)
    return z + add_bias(row, f"bU{gate}", unit, note)
