"""Layer normalisation: the units of one place (Ba et al. 2016)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from derive.layers.base import LayerType
from derive.layers.compact import Letters, Line, combine_routes
from derive.layers.modules import Own, TorchText
from derive.layers.norms import (
    SIGNS,
    CentredNorm,
    check,
    count_less,
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


def write_torch(
    layer: CentredNorm, own: Own, shapes: tuple[Shape, ...], shape: Shape
) -> TorchText:
    """The function behind `nn.LayerNorm`; a variance that divides by n - 1 is written out."""
    del shapes
    x, eps = name_received(shape), eps_of(layer)
    if layer.variance == "biased":
        normalised = f"y = nn.functional.layer_norm({x}, ({shape.units},), eps={eps})"
    else:
        spread = f"{x}.var(dim=-1, keepdim=True, correction={count_less(layer)})"
        normalised = f"y = ({x} - {x}.mean(dim=-1, keepdim=True)) / ({spread} + {eps}) ** 0.5"
    return write_norm(own, shape, normalised)


def read_torch(module: Any) -> list[dict[str, Any]]:  # noqa: ANN401  a module of PyTorch
    """The keys of a layer norm."""
    return [read_units("layer_norm", module) | {"shift": module.bias}]


def write_compact(layer: CentredNorm, letters: Letters) -> Iterator[Line]:
    """The direct route, that by the mean, and that by the deviation."""
    return combine_routes(letters, "sd", centred=True, less=count_less(layer))


LAYER_NORM = LayerType(
    "layer_norm", CentredNorm, check, tensors, formulas, None, run_plain, letters=letters,
    torch=write_torch, torch_read={"LayerNorm": read_torch}, signs=SIGNS, uses=count_three,
    compact=write_compact,
)  # fmt: skip
