"""The checked spec as frozen values; numbers stay the text the author typed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from derive.algebra.literals import Typed
from derive.graph import Spec
from derive.layers import Layer, Row, row_of
from derive.spec.variants import write_variants


class Optimizer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How parameters move; a key is None where the method has none such."""

    name: str
    convention: str | None = None
    momentum: Typed | None = None
    decay: Typed | None = None
    beta1: Typed | None = None
    beta2: Typed | None = None
    epsilon: Typed | None = None
    weight_decay: Typed | None = None


class Update(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The update of a circuit; `parameters` empty means all values.

    With `direction = "ascent"` an optimizer takes the negative of each gradient.
    """

    parameters: tuple[str, ...] = ()
    learning_rate: Typed
    direction: Literal["descent", "ascent"] = "descent"
    optimizer: Optimizer | None = None


class Regularisation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is added to the error for large weights: half of `l2` times the sum of squares.

    And `l1` times the sum of absolute values.
    """

    l2: Typed | None = None
    l1: Typed | None = None


BOOK_LAYOUT = "inputs_by_units"
"""Weights as z = xW has them: a row for each input, a column for each unit."""


class Network(Spec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A network of layers; one row of `inputs` and `targets` per sample.

    Samples of an `input` other than a vector are deeper: channels x rows x columns.

    In a checked spec weights have a row for each unit, whatever `weights_layout` says,
    and `targets` are there, also where `classes` or `upstream` stood in their place.
    """

    kind: str = "network"
    inputs: tuple[Row, ...]
    targets: tuple[Row, ...] = ()
    loss: str = "half_squared_error"
    learning_rate: Typed | None = None
    update_biases: bool = True
    layers: tuple[Layer, ...]
    delta: Typed | None = None
    optimizer: Optimizer | None = None
    regularisation: Regularisation | None = None
    batch_size: int | None = None
    weights_layout: Literal["units_by_inputs", "inputs_by_units"] | None = None
    classes: tuple[int, ...] | None = None
    upstream: tuple[Row, ...] | None = None
    input_derivatives: bool | None = None
    functions: dict[str, str] | None = None
    input: str | None = None
    step_reduction: Literal["sum", "mean"] | None = None


def turn_weights(spec: Network) -> Network:
    """The same spec with each matrix of weights transposed."""
    return msgspec.structs.replace(spec, layers=tuple(map(turn_layer, spec.layers)))


def turn_layer(layer: Layer) -> Layer:
    """The same layer with its matrices transposed."""
    turned = {key: tuple(zip(*getattr(layer, key), strict=True)) for key in row_of(layer).matrices}
    return msgspec.structs.replace(layer, **turned)


def _write_back(spec: Spec) -> Spec:
    """The spec as its author wrote it, where a key says that it is read in another way."""
    if isinstance(spec, Network) and spec.weights_layout == BOOK_LAYOUT:
        return turn_weights(spec)
    return spec


class Circuit(Spec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A circuit of named formulas; `definitions` may stand in any order."""

    kind: str = "circuit"
    output: str
    values: dict[str, Typed]
    definitions: dict[str, str]
    update: Update | None = None


MISTAKE = "mistake"
"""What `at_zero` says where a z of 0 is wrong whatever the label."""


class Perceptron(Spec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One unit with a step function; samples are presented one after the other.

    `targets` has a row of one label per sample: 0 and 1, or -1 and 1. The run
    ends with the first epoch without a mistake, and after `epochs` at the
    latest; `steps` other than 0 asks for exactly so many presentations. With
    `at_zero = "mistake"` the step at 0 is 0, which is neither of the labels -1 and 1.
    """

    kind: str = "perceptron"
    steps: int = 0
    inputs: tuple[Row, ...]
    targets: tuple[Row, ...]
    weights: Row
    bias: Typed | None = None
    learning_rate: Typed
    at_zero: int | Literal["mistake"] = 1
    epochs: int = 10
    rule: Literal["difference", "label"] | None = None

    @property
    def low(self) -> int:
        """The label below 0: that of the targets, or the one that `at_zero` names."""
        named = {row[0].exact for row in self.targets} | {self.at_zero}
        return -1 if -1 in named else 0

    @property
    def zero(self) -> int:
        """The step at exactly 0."""
        return 0 if self.at_zero == "mistake" else self.at_zero

    @property
    def by_label(self) -> bool:
        """Whether a mistake moves the weights by the target alone."""
        return self.rule == "label"


IN_PLACE_OF_TARGETS = ("classes", "upstream")
"""Keys of a network of which one may stand where `targets` would."""
LATER_KEYS = (
    "alpha", "delta", "optimizer", "regularisation", "batch_size", "weights_layout",
    "classes", "upstream", "input_derivatives", "rule", "functions", "input",
    "step_reduction", "name", "from", "initial", "initial_cell", "truncate", "stride",
    "variants",
)  # fmt: skip
"""Keys that specs of the first version did not have."""
LATER_TABLES = ("optimizer", "regularisation")
"""Tables of which only what is given stands in a key."""


COUNTING = ("perceptron",)
"""Kinds that count their steps themselves where the author gives none."""


KINDS: dict[str, type[Spec]] = {
    "network": Network,
    "circuit": Circuit,
    "perceptron": Perceptron,
}
BRITISH, AMERICAN = "regularisation", "regularization"
"""Two spellings of one table; messages and keys have the first."""


def to_plain(spec: Spec) -> dict[str, Any]:
    """The spec as JSON-ready data: numbers as typed strings, defaults filled in.

    A key that came later stands there only where it is given, so that a spec
    keeps the digest it had before; a perceptron has `steps` only where the
    author counts them.
    """
    plain: dict[str, Any] = msgspec.to_builtins(_write_back(spec), enc_hook=str)
    if any(plain.get(key) is not None for key in IN_PLACE_OF_TARGETS):
        del plain["targets"]
    for layer in plain.get("layers", ()):
        del layer["formula"]
    if spec.variants is not None:
        plain["variants"] = write_variants(spec.variants)
    for table in (plain, *plain.get("layers", ()), plain.get("update") or {}):
        for key in LATER_KEYS:
            if key in table and table[key] is None:
                del table[key]
        for name in LATER_TABLES:
            if name in table:
                table[name] = {k: value for k, value in table[name].items() if value is not None}
    if not spec.steps and spec.kind in COUNTING:
        del plain["steps"]
    return plain


def digest(spec: Spec) -> str:
    """Sha256 of the spec's compact sorted-key UTF-8 JSON.

    It finds accidents, not intent: whoever edits a key can compute it anew.
    """
    return digest_plain(to_plain(spec))


def digest_plain(plain: Mapping[str, Any]) -> str:
    """The same of a spec as the data that keys hold."""
    return hashlib.sha256(msgspec.json.encode(plain, order="sorted")).hexdigest()
