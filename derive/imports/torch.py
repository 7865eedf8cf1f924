"""A spec from a model of PyTorch: its layers, weights and loss, read and never run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from derive.errors import SpecError, nearest
from derive.layers import ACTIVATION, LAYERS, LayerType
from derive.layers.shapes import TOKENS, VECTOR
from derive.ops import ACTIVATIONS, LOSSES
from derive.spec import Network, from_plain
from derive.spec.samples import choose_kind

MODULE = re.compile(r"nn\.(\w+)\(")
SETTINGS_OF = {"LeakyReLU": "negative_slope", "ELU": "alpha"}
"""The name PyTorch has for the second value of an activation."""

Numbers = Any
"""Nested lists of numbers, or a tensor."""


def from_torch(
    model: Any,  # noqa: ANN401  torch is an extra and not imported here
    inputs: Numbers,
    targets: Numbers,
    loss: Any = "half_squared_error",  # noqa: ANN401
    **keys: object,
) -> Network:
    """The spec of an `nn.Sequential` of layers and activations that derive knows.

    Numbers are the shortest decimals that the tensor's own type reads back
    unchanged: a float32 0.1 is 0.1. `loss` is a name of derive or a loss of
    PyTorch: MSELoss, BCELoss, HuberLoss, NLLLoss, and on raw outputs
    BCEWithLogitsLoss and CrossEntropyLoss, whose sigmoid or softmax becomes the
    last activation; targets of the latter two may be the numbers of the classes.
    `keys` are further keys of the spec (`learning_rate`, `steps`, `decimals`,
    `title`, ...). Raises SpecError that names the layer which derive does not know.
    """
    if not isinstance(model, Iterable):
        kind = type(model).__name__
        raise SpecError("model", f"expected nn.Sequential(...), got {kind}; put it into one")
    layers = list(_drop_flatten(_layers(list(model))))
    units = _count_outputs(layers, inputs)
    named, more = _loss(loss, layers, units)
    plain: dict[str, object] = {
        "kind": "network",
        "inputs": _read_inputs(inputs, layers, keys.get("input")),
        "targets": _targets(targets, named, units),
        "loss": named,
        "layers": layers,
        **more,
        **{key: _plain(value) for key, value in keys.items()},
    }
    if "learning_rate" not in plain:
        plain.setdefault("steps", 0)
    spec = from_plain(plain)
    assert isinstance(spec, Network)
    return spec


def _drop_flatten(layers: Iterable[dict[str, object]]) -> Iterator[dict[str, object]]:
    """The layers; behind a global pool there is nothing left to flatten."""
    before = ""
    for layer in layers:
        kind = str(layer["type"])
        if not (kind == "flatten" and before.startswith("global")):
            yield layer
        before = kind


def _read_inputs(inputs: Numbers, layers: Sequence[dict[str, object]], given: object) -> object:
    """Inputs as nested as the first layer takes them; rows of tokens count from 1 here."""
    kind = choose_kind(given, layers)
    if kind == VECTOR:
        return _rows(inputs)
    if kind != TOKENS:
        return _nested(inputs)

    def count_on(part: Any) -> Any:  # noqa: ANN401
        return [count_on(each) for each in part] if isinstance(part, list) else int(part) + 1

    return count_on(_list(inputs))


def map_activations() -> Mapping[str, str]:
    """The activation of derive for each module of PyTorch that is one of its own."""
    module_names: dict[str, str] = {}
    for row in ACTIVATIONS.values():
        module = MODULE.match(row.torch)
        if module is not None:
            module_names.setdefault(module.group(1), row.name)
    return module_names


def _layers(modules: Sequence[Any]) -> Iterator[dict[str, object]]:
    """A module with weights and the activation behind it are one layer of a spec.

    An activation behind another one, or in front, is a layer of its own.
    """
    known = map_activations()
    readers = list_readers()
    layer: dict[str, object] = {}
    found = False
    for place, module in enumerate(modules):
        kind = type(module).__name__
        if kind not in readers and kind not in known:
            names = ", ".join((*readers, *known))
            hint = nearest(kind, (*readers, *known))
            problem = f"{kind} is no layer that derive knows{hint}; known: {names}"
            raise SpecError(f"model[{place}]", problem)
        if layer and (kind in readers or "activation" in layer):
            yield layer
            layer = {}
        if kind in readers:
            *before, layer = _read(module, readers[kind], f"model[{place}]") or [{}]
            yield from before
        else:
            layer = layer or {"type": ACTIVATION.name}
            layer |= _activation(module, known[kind], f"model[{place}]")
        found = found or bool(layer)
    if not found:
        raise SpecError("model", "holds no layer; expected nn.Sequential(nn.Linear(...), ...)")
    if layer:
        yield layer


Reader = Callable[[Any], list[dict[str, Any]]]
"""The keys of our layers from a module, with tensors as they are."""


def list_readers() -> dict[str, Reader]:
    """What reads each module of PyTorch that is a layer, by the name of its class."""
    readers: dict[str, Reader] = {
        row.torch_class: partial(_parameters, row=row)
        for row in LAYERS.values()
        if row.torch_class
    }
    for row in LAYERS.values():
        readers |= row.torch_read
    return readers


def _read(module: Any, reader: Reader, place: str) -> list[dict[str, object]]:  # noqa: ANN401
    """The layers of a module as plain data; raises SpecError with the module's place."""
    try:
        layers = reader(module)
    except SpecError as problem:
        named = f"{type(module).__name__}: {problem.problem}"
        raise SpecError(place, named) from None
    return [{key: _to_plain(v) for key, v in plain.items() if v is not None} for plain in layers]


def _to_plain(value: Any) -> object:  # noqa: ANN401
    """Tensors as nested numbers, everything else as it is."""
    if isinstance(value, dict):
        return {key: _to_plain(part) for key, part in value.items()}
    if hasattr(value, "detach"):
        return _nested(value)
    return _plain(value)


def _parameters(module: Any, row: LayerType) -> list[dict[str, Any]]:  # noqa: ANN401
    """The type of a layer, and its parameters by the keys of a spec."""
    values = {key: getattr(module, name, None) for key, name in row.torch_keys.items()}
    return [{"type": row.name, **values}]


def _activation(module: Any, name: str, place: str) -> dict[str, object]:  # noqa: ANN401
    layer: dict[str, object] = {"activation": name}
    key = ACTIVATIONS[name].key
    if key:
        layer[key] = _typed(getattr(module, SETTINGS_OF[type(module).__name__]))
    axis = getattr(module, "dim", -1)
    if ACTIVATIONS[name].vector and axis not in (1, -1):
        raise SpecError(place, f"dim={axis} runs over the samples; expected dim=-1")
    return layer | _only_default(module, place)


def _only_default(module: Any, place: str) -> dict[str, object]:  # noqa: ANN401
    """Nothing; raises SpecError for a setting that an exercise has no key for."""
    for setting, usual in (("beta", 1), ("threshold", 20), ("approximate", "none")):
        given = getattr(module, setting, usual)
        if given != usual:
            problem = f"{setting}={given!r} has no counterpart; expected {usual!r}"
            raise SpecError(place, problem)
    return {}


PLAIN_LOSSES = {
    "BCELoss": "binary_cross_entropy",
    "BCEWithLogitsLoss": "binary_cross_entropy",
    "HuberLoss": "huber",
}
"""Losses that PyTorch averages over all numbers, and derive adds up over the outputs."""
ON_SCORES = {
    "BCEWithLogitsLoss": ("sigmoid", "binary_cross_entropy"),
    "CrossEntropyLoss": ("softmax", "cross_entropy"),
}
"""Losses with an activation in them, and the same two apart."""
OF_CLASSES = ("cross_entropy", "negative_log_likelihood")
SETTINGS = {"weight": None, "pos_weight": None, "label_smoothing": 0.0, "ignore_index": -100}
"""Settings of a loss that an exercise has no key for, as they usually are."""


def _loss(
    loss: Any,  # noqa: ANN401
    layers: list[dict[str, object]],
    outputs: int,
) -> tuple[str, dict[str, object]]:
    """Our loss for the one given, and the keys that make it the same."""
    if isinstance(loss, str):
        return loss, {}
    kind, reduction = type(loss).__name__, getattr(loss, "reduction", "mean")
    name = _loss_name(kind, reduction)
    if name is None or reduction not in ("mean", "sum"):
        known = ", ".join(("nn.MSELoss()", *LOSSES_OF_TORCH, *LOSSES))
        raise SpecError("loss", f"{kind} is not known as it is set; give one of: {known}")
    for setting, usual in SETTINGS.items():
        given = getattr(loss, setting, usual)
        if given is not usual and given != usual:
            raise SpecError("loss", f"{setting}={given!r} has no counterpart; expected {usual!r}")
    if kind in PLAIN_LOSSES and reduction == "mean" and outputs > 1:
        raise SpecError(
            "loss",
            f"{kind} takes the mean over {outputs} outputs, derive their sum; "
            'give reduction="sum", or one output',
        )
    if kind in ON_SCORES:
        if "activation" in layers[-1]:
            raise SpecError("loss", f"{kind} takes raw outputs; leave out the last activation")
        layers[-1]["activation"] = ON_SCORES[kind][0]
    more: dict[str, object] = {"reduction": reduction}
    if name == "huber":
        more["delta"] = _typed(loss.delta)
    return name, more


def _loss_name(kind: str, reduction: str) -> str | None:
    if kind == "MSELoss":
        return "mean_squared_error" if reduction == "mean" else "squared_error"
    return LOSSES_OF_TORCH.get(kind)


LOSSES_OF_TORCH = PLAIN_LOSSES | {
    "NLLLoss": "negative_log_likelihood",
    "CrossEntropyLoss": "cross_entropy",
}


def _count_outputs(layers: Sequence[dict[str, object]], inputs: Numbers) -> int:
    """The units of the last layer with weights, or the inputs where none has any."""
    rows = (layer["weights"] for layer in reversed(layers) if "weights" in layer)
    weights = next(rows, None)
    if isinstance(weights, dict):
        weights = next(iter(weights.values()))
    return len(weights) if isinstance(weights, list) else len(_rows(inputs)[0])


def _targets(targets: Numbers, loss: str, classes: int) -> list[Any]:
    """A row for each sample; the number of a class, from 0, becomes its row of 0 and 1."""
    listed = _list(targets)
    if loss in OF_CLASSES and listed and all(_is_whole(number) for number in listed):
        for number in listed:
            if int(number) >= classes:
                most = classes - 1
                raise SpecError("targets", f"expected classes from 0 to {most}, got {number}")
        return [["1" if place == int(number) else "0" for place in range(classes)]
                for number in listed]  # fmt: skip
    nested = listed and isinstance(listed[0], list) and isinstance(listed[0][0], list)
    return _nested(targets) if nested else _rows(targets)


def _is_whole(number: object) -> bool:
    return not isinstance(number, list) and str(number).isdecimal()


def _rows(values: Numbers) -> list[list[str]]:
    """One row for each sample or unit; a single row may stand alone."""
    rows = _list(values)
    if rows and not isinstance(rows[0], list):
        rows = [rows]
    return [[_typed(number) for number in row] for row in rows]


def _nested(values: Numbers) -> Any:  # noqa: ANN401
    """Numbers as typed, nested as they are."""
    return _type_all(_list(values))


def _type_all(part: Any) -> Any:  # noqa: ANN401
    return [_type_all(each) for each in part] if isinstance(part, list) else _typed(part)


def _list(values: Numbers) -> list[Any]:
    """A tensor as nested lists of the shortest decimals of its type."""
    if hasattr(values, "detach"):
        array = values.detach().cpu().numpy()
        return _shorten(array)
    return [list(row) if isinstance(row, list | tuple) else row for row in values]


def _shorten(array: Any) -> list[Any]:  # noqa: ANN401
    if array.ndim > 1:
        return [_shorten(part) for part in array]
    return [str(number) for number in array]


def _typed(number: object) -> str:
    """A number as a plain decimal text."""
    return format(Decimal(str(number)), "f")


def _plain(value: object) -> object:
    return _typed(value) if isinstance(value, float | Decimal) else value
