"""A spec from a model of PyTorch: its layers, weights and loss, read and never run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from derive.errors import SpecError, nearest
from derive.ops import ACTIVATIONS, LOSSES
from derive.spec import Network, from_plain

MODULE = re.compile(r"nn\.(\w+)\(")
SLOPES = {"LeakyReLU": "negative_slope", "ELU": "alpha"}
"""The name PyTorch has for our key `slope`."""

Numbers = Any
"""Nested lists of numbers, or a tensor."""


def from_torch(
    model: Any,  # noqa: ANN401  torch is an extra and not imported here
    inputs: Numbers,
    targets: Numbers,
    loss: Any = "half_squared_error",  # noqa: ANN401
    **keys: object,
) -> Network:
    """The spec of an `nn.Sequential` of Linear layers and the activations derive knows.

    Numbers are the shortest decimals that the tensor's own type reads back
    unchanged: a float32 0.1 is 0.1. `loss` is a name of derive or `nn.MSELoss()`;
    `keys` are further keys of the spec (`learning_rate`, `steps`, `decimals`,
    `title`, ...). Raises SpecError that names the layer which derive does not know.
    """
    named, reduction = _loss(loss)
    plain: dict[str, object] = {
        "kind": "network",
        "inputs": _rows(inputs),
        "targets": _rows(targets),
        "loss": named,
        "layers": list(_layers(list(model))),
        **reduction,
        **{key: _plain(value) for key, value in keys.items()},
    }
    if "learning_rate" not in plain:
        plain.setdefault("steps", 0)
    found = from_plain(plain)
    assert isinstance(found, Network)
    return found


def activations() -> Mapping[str, str]:
    """The activation of derive for each module of PyTorch that is one of its own."""
    found: dict[str, str] = {}
    for row in ACTIVATIONS.values():
        module = MODULE.match(row.torch)
        if module is not None:
            found.setdefault(module.group(1), row.name)
    return found


def _layers(modules: Sequence[Any]) -> Iterator[dict[str, object]]:
    """A Linear and the activation behind it are one layer of a spec."""
    known = activations()
    layer: dict[str, object] | None = None
    for place, module in enumerate(modules):
        kind = type(module).__name__
        if kind == "Linear":
            if layer is not None:
                yield layer
            layer = _linear(module)
        elif layer is not None and "activation" not in layer and kind in known:
            layer |= _activation(module, known[kind], f"model[{place}]")
        else:
            raise SpecError(f"model[{place}]", _unknown(kind, known))
    if layer is None:
        raise SpecError("model", "holds no layer; expected nn.Sequential(nn.Linear(...), ...)")
    yield layer


def _unknown(kind: str, known: Mapping[str, str]) -> str:
    if kind in known:
        return f"{kind} stands behind no Linear of its own; put a Linear layer before it"
    names = ("Linear", *known)
    return f"{kind} is no layer that derive knows{nearest(kind, names)}; known: {', '.join(names)}"


def _linear(module: Any) -> dict[str, object]:  # noqa: ANN401
    layer: dict[str, object] = {"weights": _rows(module.weight)}
    if module.bias is not None:
        layer["biases"] = _numbers(module.bias)
    return layer


def _activation(module: Any, name: str, place: str) -> dict[str, object]:  # noqa: ANN401
    layer: dict[str, object] = {"activation": name}
    if ACTIVATIONS[name].slope is not None:
        layer["slope"] = _typed(getattr(module, SLOPES[type(module).__name__]))
    return layer | _only_default(module, place)


def _only_default(module: Any, place: str) -> dict[str, object]:  # noqa: ANN401
    """Nothing; raises SpecError for a setting that an exercise has no key for."""
    for setting, usual in (("beta", 1), ("threshold", 20), ("approximate", "none")):
        given = getattr(module, setting, usual)
        if given != usual:
            told = f"{setting}={given!r} has no counterpart; expected {usual!r}"
            raise SpecError(place, told)
    return {}


def _loss(loss: Any) -> tuple[str, dict[str, object]]:  # noqa: ANN401
    """Our loss for the one given, and the keys that make it the same."""
    if isinstance(loss, str):
        return loss, {}
    kind, reduction = type(loss).__name__, getattr(loss, "reduction", "mean")
    if kind == "MSELoss" and reduction in ("mean", "sum"):
        name = "mean_squared_error" if reduction == "mean" else "squared_error"
        return name, {"reduction": reduction}
    known = ", ".join(LOSSES)
    raise SpecError("loss", f"{kind} is not known; give nn.MSELoss() or one of: {known}")


def _rows(values: Numbers) -> list[list[str]]:
    """One row for each sample or unit; a single row may stand alone."""
    rows = _listed(values)
    if rows and not isinstance(rows[0], list):
        rows = [rows]
    return [[_typed(number) for number in row] for row in rows]


def _numbers(values: Numbers) -> list[str]:
    return [_typed(number) for number in _listed(values)]


def _listed(values: Numbers) -> list[Any]:
    """A tensor as nested lists of the shortest decimals of its type."""
    if hasattr(values, "detach"):
        array = values.detach().cpu().numpy()
        return _shortest(array)
    return [list(row) if isinstance(row, list | tuple) else row for row in values]


def _shortest(array: Any) -> list[Any]:  # noqa: ANN401
    if array.ndim > 1:
        return [_shortest(part) for part in array]
    return [str(number) for number in array]


def _typed(number: object) -> str:
    """A number as a plain decimal text."""
    return format(Decimal(str(number)), "f")


def _plain(value: object) -> object:
    return _typed(value) if isinstance(value, float | Decimal) else value
