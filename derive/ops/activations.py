"""Activations of a layer: the function, its module in PyTorch, its key in a spec."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from derive.ops.functions import FUNCTIONS
from derive.ops.rows import Function

KEYS = ("slope", "alpha")
"""Keys of a layer that an activation may take."""


@dataclass(frozen=True, slots=True)
class Activation:
    """What a layer may name under `activation`.

    `function` is a row of FUNCTIONS, None for the identity (the activation is
    then a copy of the pre-activation). `key` is the key of the spec for the
    function's second value, "" if it takes none, and `default` that value where
    the spec gives none. `vector` is a row of VECTOR_ACTIVATIONS for an activation of a
    whole layer; `function` is then None. `torch` is the module of PyTorch that
    computes it, `{slope}` or `{alpha}` in it the second value. `bounds` are numbers that
    its values stay between.
    """

    name: str
    function: str | None
    torch: str = ""
    key: str = ""
    default: str = ""
    vector: str = ""
    bounds: tuple[str | None, str | None] = (None, None)


# nn.PReLU would learn the slope; an exercise holds it
ALIASES = {"leaky_relu": ("prelu",)}
"""Further names of a function as an activation."""


def name_activations(row: Function) -> Iterator[Activation]:
    """A function as the activation of a layer, under each of its names; none without a module."""
    default = row.defaults[0] if row.key else ""
    for name in (row.name, *ALIASES.get(row.name, ())) if row.module else ():
        yield Activation(name, row.name, row.module, row.key, default, bounds=row.bounds)


ACTIVATIONS: dict[str, Activation] = {
    row.name: row
    for row in (
        Activation("identity", None, "nn.Identity()"),
        Activation("linear", None, "nn.Identity()"),
        *chain.from_iterable(map(name_activations, FUNCTIONS.values())),
        Activation("softmax", None, "nn.Softmax(dim=-1)", vector="softmax", bounds=("0", "1")),
        Activation("log_softmax", None, "nn.LogSoftmax(dim=-1)", vector="log_softmax"),
    )
}
"""Every activation by the name a spec uses."""
