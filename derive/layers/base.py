"""What every layer type says of itself: one row of the table, in one file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from derive.algebra import vectors
from derive.algebra.expressions import Call, Expr, Name, Num
from derive.algebra.literals import Typed
from derive.errors import SpecError, excerpt, nearest
from derive.graph import Quantity
from derive.naming import Naming, Place, Role
from derive.ops import ACTIVATIONS, KEYS

Row = tuple[Typed, ...]


class Layer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The keys of a spec that a layer of any type may have."""

    type: str = "dense"
    activation: str = "identity"
    slope: Typed | None = None
    alpha: Typed | None = None


class Tensor(msgspec.Struct, frozen=True):
    """The parameters of one letter: `W` of shape (2, 3), typed row by row.

    `attribute` is what PyTorch calls them in the module. Penalties count
    `weights`, not biases; `update_biases` holds only biases.
    """

    letter: str
    shape: tuple[int, ...]
    typed: tuple[Typed, ...]
    attribute: str
    is_weight: bool = True

    def indices(self) -> Iterator[tuple[int, ...]]:
        """The index of each number, in the order of `typed`, from 1."""
        index = [1] * len(self.shape)
        for _ in self.typed:
            yield tuple(index)
            for axis in reversed(range(len(self.shape))):
                index[axis] += 1
                if index[axis] <= self.shape[axis]:
                    break
                index[axis] = 1


class Site(msgspec.Struct, frozen=True):
    """Where a layer stands when its quantities are made.

    `number` from 1; `received` are the ids of what it takes, `own` those of its
    parameters by letter; `varies` says whether updates change its quantities.
    """

    number: int
    naming: Naming
    sample: int
    varies: bool
    received: tuple[str, ...]
    own: dict[str, tuple[str, ...]]

    def quantity(
        self, letter: str, unit: int, expr: Expr, uses: Sequence[str], vector: str = ""
    ) -> Quantity:
        """The pre-activation (`z`) or activation (`a`) of a unit."""
        role: Role = "preactivation" if letter == "z" else "activation"
        place = Place(role, letter, self.number, (unit,), self.sample)
        name = self.naming.name(place)
        return Quantity(name, place, self.varies, expr, "", tuple(uses), vector)


class Module(msgspec.Struct, frozen=True):
    """What PyTorch runs before the activation of a layer: a call, and a class it needs."""

    call: str
    definition: str = ""


class LayerType(msgspec.Struct, frozen=True):
    """One row of the table of layer types.

    `model` are its keys in a spec. `check` takes a layer, its place in the spec
    and the number of units it receives; it gives the number of its own units, or
    raises SpecError. `tensors` are its parameters, `formulas` its quantities for one
    sample, `module` what PyTorch runs for it, given the units it receives; `plain` is
    the forward pass on numbers once more, for the independent check (`layers/plain.py`).
    A model of PyTorch is read by `torch_class`, the name of its module, and
    `torch_keys`, the module's attribute for each key of ours: `{"weights": "weight"}`.
    `matrices` are the keys whose rows are units and whose columns are what these receive.
    """

    name: str
    model: type[Layer]
    check: Callable[[Any, str, int], int]
    tensors: Callable[[Any], tuple[Tensor, ...]]
    formulas: Callable[[Any, Site], Iterator[Quantity]]
    module: Callable[[Any, int], Module]
    plain: Callable[..., list[Any]]
    torch_class: str = ""
    torch_keys: dict[str, str] = msgspec.field(default_factory=dict)
    matrices: tuple[str, ...] = ()


def check_activation(layer: Layer, place: str, units: int) -> None:
    """Raise SpecError for an activation that is unknown or does not fit the layer."""
    activation = ACTIVATIONS.get(layer.activation)
    if activation is None:
        hint = nearest(layer.activation, ACTIVATIONS)
        raise SpecError(
            f"{place}.activation", f"unknown activation {excerpt(layer.activation)}{hint}"
        )
    for key in KEYS:
        if getattr(layer, key) is not None and activation.key != key:
            takers = ", ".join(name for name, row in ACTIVATIONS.items() if row.key == key)
            raise SpecError(
                f"{place}.{key}", f"{layer.activation} has no {key}; these have: {takers}"
            )
    if activation.vector and units == 1:
        raise SpecError(
            f"{place}.activation",
            f"{layer.activation} of one unit is constant; give two units or more, or take sigmoid",
        )


def list_activations(layer: Layer, site: Site, zs: Sequence[str]) -> Iterator[Quantity]:
    """The activation of each unit; of a softmax each uses every pre-activation, its own first."""
    vector = ACTIVATIONS[layer.activation].vector
    total = vectors.sum_exponentials(zs) if vector else None
    for unit, z in enumerate(zs, 1):
        if total is None:
            yield site.quantity("a", unit, activate(layer, Name(z)), (z,))
        else:
            uses = (z, *(other for other in zs if other != z))
            formula = vectors.write_output(vector, z, total)
            yield site.quantity("a", unit, formula, uses, vector)


def activate(layer: Layer, z: Name) -> Expr:
    """The activation of one unit as a formula: a copy of z for the identity."""
    row = ACTIVATIONS[layer.activation]
    if row.function is None:
        return z
    if not row.key:
        return Call(row.function, (z,))
    return Call(row.function, (z, Num(getattr(layer, row.key) or row.default)))
