"""RMS normalisation: units divided by the root of their mean square (Zhang and Sennrich 2019)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from derive.layers.base import LayerType
from derive.layers.compact import Letters, Line, combine_routes
from derive.layers.modules import Own, TorchText
from derive.layers.norms import (
    SIGNS,
    Norm,
    check,
    count_three,
    eps_of,
    formulas,
    letters,
    name_received,
    read_units,
    run_plain,
    tensors,
    write_norm,
)
from derive.layers.shapes import Shape


def write_torch(layer: Norm, own: Own, shapes: tuple[Shape, ...], shape: Shape) -> TorchText:
    """What `nn.RMSNorm` computes."""
    del shapes
    x = name_received(shape)
    root = f"(({x} ** 2).mean(dim=-1, keepdim=True) + {eps_of(layer)}) ** 0.5"
    return write_norm(own, shape, f"y = {x} / {root}")


def read_torch(module: Any) -> list[dict[str, Any]]:  # noqa: ANN401  a module of PyTorch
    """The keys of an RMS norm."""
    return [read_units("rms_norm", module)]


def write_compact(layer: Norm, letters: Letters) -> Iterator[Line]:
    """The direct route and that by the root."""
    del layer
    return combine_routes(letters, "rms", centred=False)


RMS_NORM = LayerType(
    "rms_norm", Norm, check, tensors, formulas, None, run_plain, letters=letters,
    torch=write_torch, torch_read={"RMSNorm": read_torch}, signs=SIGNS, uses=count_three,
    compact=write_compact,
)  # fmt: skip
