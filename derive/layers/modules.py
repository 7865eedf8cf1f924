"""A layer in PyTorch's words: modules, lines that run them, tensors that they keep."""

from __future__ import annotations

from typing import Any

import msgspec

from derive.errors import SpecError
from derive.layers.site import Tensor


class Stored(msgspec.Struct, frozen=True):
    """A tensor of parameters as PyTorch keeps it: its attribute, and its numbers in their order.

    `names` are the ids of the numbers; a tensor that PyTorch needs and a spec has not has
    none, and is held at 0.
    """

    attribute: str
    shape: tuple[int, ...]
    typed: tuple[str, ...]
    names: tuple[str, ...] = ()


Own = dict[str, tuple[Tensor, tuple[str, ...]]]
"""The parameters of a layer by letter: the tensor and its ids."""


CONTAINER = "nn.Module()"
"""What keeps the parameters of a layer that is written out in tensors."""


class TorchText(msgspec.Struct, frozen=True):
    """A layer in PyTorch's words: a module, its parameters, the lines that run it.

    In the lines `{m}` is the module, `{x0}`, `{x1}` what it takes and `{y}` what it gives,
    before the activation of the layer unless the module has it `inside`. Tensors are
    N x maps x places, of sequences N x steps x units.
    """

    run: tuple[str, ...]
    create: str = ""
    stored: tuple[Stored, ...] = ()
    inside: bool = False


class Module(msgspec.Struct, frozen=True):
    """What PyTorch runs before the activation of a layer: a call, and a class it needs."""

    call: str
    definition: str = ""


def refuse(module: Any, **usual: object) -> None:  # noqa: ANN401  a module of PyTorch
    """Raise SpecError where a setting of a module is not the one that our layer has."""
    for key, wanted in usual.items():
        given = getattr(module, key, wanted)
        if given != wanted:
            raise SpecError("", f"{key}={given!r} has no counterpart; expected {wanted!r}")


def store(own: Own, attribute: str, *letters: str) -> Stored:
    """The parameters of some letters as one tensor, one under the other."""
    parts = [own[letter] for letter in letters]
    first, *behind = parts[0][0].shape
    return Stored(
        attribute,
        (first * len(parts), *behind),
        tuple(typed for tensor, _ in parts for typed in tensor.typed),
        tuple(name for _, ids in parts for name in ids),
    )
