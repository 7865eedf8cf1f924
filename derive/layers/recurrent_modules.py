"""Recurrent layers in PyTorch: written with their given states, read gate by gate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from derive.layers.modules import Own, Stored, TorchText, refuse, store
from derive.layers.recurrent import ZERO, Recurrent
from derive.layers.shapes import Shape


class Words(msgspec.Struct, frozen=True):
    """What PyTorch calls a recurrent layer, the letters of its gates in its order, and more."""

    name: str
    gates: tuple[str, ...]
    more: str = ""
    states: tuple[str, ...] = ("h",)


def write_recurrent(
    layer: Recurrent, own: Own, shapes: tuple[Shape, ...], shape: Shape, words: Words
) -> TorchText:
    """A recurrent module, its gates one under the other, and the given states."""
    units, width = shape.units, shapes[0].units
    has_bias = any(f"{letter}{words.gates[0]}" in own for letter in ("b", "bU"))
    stored = tuple(_store_gates(own, units, words, "" if layer.truncate else "_l0"))
    more = ", ".join(filter(None, [words.more, "" if has_bias else "bias=False"]))
    more = f", {more}" if more else ""
    given = [
        f"torch.tensor([{', '.join(map(str, row or (ZERO,) * units))}], dtype=torch.float64)"
        for row in [layer.initial, getattr(layer, "initial_cell", None)][: len(words.states)]
    ]
    last = "[:, -1]" if layer.outputs == "last" else ""
    if layer.truncate:
        run = _write_steps(layer.truncate, given, units, words.states, last)
        create = f"nn.{words.name}Cell({width}, {units}{more})"
        return TorchText(run, create, stored, inside=True)
    states = [f"{text}.expand(1, len({{x0}}), {units}).contiguous()" for text in given]
    joined = states[0] if len(states) == 1 else f"({', '.join(states)})"
    create = f"nn.{words.name}({width}, {units}, batch_first=True{more})"
    run = (f"{{y}} = {{m}}({{x0}}, {joined})[0]{last}",)
    return TorchText(run, create, stored, inside=True)


def _store_gates(own: Own, units: int, words: Words, end: str) -> Iterator[Stored]:
    """Weights and biases as the module has them; a bias that only PyTorch needs is 0."""
    has_bias = any(f"{letter}{words.gates[0]}" in own for letter in ("b", "bU"))
    kinds = (("W", "weight_ih"), ("U", "weight_hh"), ("b", "bias_ih"), ("bU", "bias_hh"))
    for letter, attribute in kinds:
        if f"{letter}{words.gates[0]}" in own:
            letters = (f"{letter}{gate}" for gate in words.gates)
            yield store(own, f"{attribute}{end}", *letters)
        elif has_bias:
            count = units * len(words.gates)
            yield Stored(f"{attribute}{end}", (count,), ("0",) * count)


def _write_steps(
    most: int, given: list[str], units: int, states: tuple[str, ...], last: str
) -> tuple[str, ...]:
    """The cell step by step; after `most` steps what enters is cut off on the way back."""
    names = ", ".join(states)
    taken = names if len(states) == 1 else f"({names})"
    start = [f"{text}.expand(len({{x0}}), {units})" for text in given]
    return (
        f"{names} = {', '.join(start)}",
        "steps = []",
        "for t in range({x0}.shape[1]):",
        f"    if t and t % {most} == 0:",
        f"        {names} = {', '.join(f'{name}.detach()' for name in states)}",
        f"    {names} = {{m}}({{x0}}[:, t], {taken})",
        "    steps.append(h)",
        f"{{y}} = torch.stack(steps, dim=1){last}",
    )


def read_stack(module: Any, name: str, gates: str) -> list[dict[str, Any]]:  # noqa: ANN401
    """Every layer of a recurrent stack, its gates taken apart in PyTorch's order."""
    refuse(module, bidirectional=False, proj_size=0, dropout=0.0)
    keys = {
        "weights": "weight_ih", "recurrent_weights": "weight_hh",
        "biases": "bias_ih", "recurrent_biases": "bias_hh",
    }  # fmt: skip
    layers = []
    for number in range(getattr(module, "num_layers", 1)):
        end = f"_l{number}" if hasattr(module, "num_layers") else ""
        plain: dict[str, Any] = {"type": name}
        for key, attribute in keys.items():
            tensor = getattr(module, attribute + end, None)
            if tensor is not None:
                parts = tensor.chunk(max(len(gates), 1))
                plain[key] = dict(zip(gates, parts, strict=True)) if gates else parts[0]
        layers.append(plain)
    return layers
