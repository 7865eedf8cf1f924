"""Dropout with a given mask: h = m x / (1 - rate), so that the mean stays as it was.

Which units are dropped is chance in training; on paper the mask is given, 0 or 1 for each
unit (Srivastava et al. 2014; scaled as in PyTorch).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from derive.algebra.expressions import ONE, Add, Div, Expr, Mul, Name, Neg, Num
from derive.algebra.literals import Typed
from derive.errors import SpecError
from derive.graph import Quantity
from derive.layers.base import (
    LayerType,
    Sign,
    check_activation,
    count_once,
    has_activation,
    list_activations,
    need_nothing,
)
from derive.layers.modules import Own, TorchText
from derive.layers.nested import lay_out
from derive.layers.plain import Field, Functions, Note, Number, activate_at
from derive.layers.shapes import SEQUENCE, At, Shape
from derive.layers.site import Given, Layer, Site
from derive.naming import UNIT, Numbering


class Dropout(Layer, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`mask` has the shape of a sample, or a level more for samples; 1 is kept."""

    rate: Typed
    mask: tuple[Any, ...]
    scale: bool = True


def check(layer: Dropout, place: str, shapes: tuple[Shape, ...]) -> Shape:
    """A 0 or 1 for each number."""
    (received,) = shapes
    if not 0 <= layer.rate.exact < 1:
        raise SpecError(f"{place}.rate", f"expected a number from 0 to below 1, got {layer.rate}")
    for table in list_masks(layer, received, place):
        if set(table.values()) - {"0", "1"}:
            raise SpecError(f"{place}.mask", "expected 0 and 1, 1 where a number is kept")
    check_activation(layer, place, received.units)
    return received


def list_masks(
    layer: Dropout, received: Shape, place: str = ""
) -> Sequence[dict[tuple[int, At], str]]:
    """The mask that holds for all samples, or one for each."""
    return lay_out(layer.mask, received, f"{place}.mask")


def letters(layer: Dropout, shapes: tuple[Shape, ...], shape: Shape) -> dict[str, Numbering]:
    """A mask has the number of its unit."""
    del layer, shapes
    return {"m": Numbering(UNIT, (shape.units,))}


def list_given(layer: Dropout, shapes: tuple[Shape, ...], shape: Shape) -> Iterator[Given]:
    """The mask of each number."""
    masks = list_masks(layer, shapes[0])
    for sample, table in enumerate(masks, 1):
        for (unit, at), typed in table.items():
            own = sample if len(masks) > 1 else 0
            if shape.kind == SEQUENCE:
                yield Given("m", "mask", (unit,), Typed(typed), at[0], own)
            else:
                yield Given("m", "mask", (unit, *at), Typed(typed), None, own)


def formulas(layer: Dropout, site: Site) -> Iterator[Quantity]:
    """Every number times its mask."""
    (taken,) = site.taken
    own = len(list_masks(layer, taken.shape)) > 1
    letter = "z" if has_activation(layer) else "a"
    for at in site.shape.list_places():
        made = []
        for unit, name in enumerate(taken.at_place(at), 1):
            place = site.place("mask", "m", unit, at)
            mask = site.naming.name(place if own else site.unsampled(place))
            value: Expr = Mul((Name(mask), Name(name)))
            if layer.scale and layer.rate.exact:
                value = Div(value, Add((ONE, Neg(Num(str(layer.rate))))))
            made.append(site.quantity(letter, unit, value, (name, mask), at=at))
        yield from made
        if has_activation(layer):
            yield from list_activations(layer, site, [q.id for q in made], at)


def write_torch(layer: Dropout, own: Own, shapes: tuple[Shape, ...], shape: Shape) -> TorchText:
    """The given mask in the place of the one that `nn.Dropout` would draw."""
    del own, shapes
    masks = list_masks(layer, shape)
    places = list(shape.list_places())
    units = range(1, shape.units + 1)
    steps = shape.kind == SEQUENCE
    order = (
        [(u, at) for at in places for u in units]
        if steps
        else [(u, at) for u in units for at in places]
    )
    listed = [int(table[key]) for table in masks for key in order]
    sizes = (*shape.size, shape.units) if steps else (shape.units, *shape.size)
    mask = f"torch.tensor({listed}).reshape({(len(masks), *sizes)})"
    share = f" / (1 - {layer.rate})" if layer.scale else ""
    return TorchText((f"{{y}} = {{x0}} * {mask}{share}",))


def run_plain(layer: Dropout, received: Field, note: Note, functions: Functions) -> Field:
    """What is kept of one sample, for the independent check."""
    masks = list_masks(layer, received.shape)
    own = len(masks) > 1
    table = masks[note.sample - 1 if own else 0]
    out: dict[tuple[int, At], Number] = {}
    for at in received.shape.list_places():
        kept = []
        for unit, value in enumerate(received.units_at(at), 1):
            mask = note.given("m", Typed(table[unit, at]), unit, at=at, own=own)
            share = 1 - functions.exact(layer.rate) if layer.scale else 1
            kept.append(mask * value / share)
        if has_activation(layer):
            out |= activate_at(layer, kept, note, functions, at)
        else:
            out |= {(u, at): note("h", value, u, at=at) for u, value in enumerate(kept, 1)}
    return Field(received.shape, out)


def read_torch(module: Any) -> list[dict[str, Any]]:  # noqa: ANN401  a module of PyTorch
    """Nothing of a dropout in evaluation; raises SpecError for one that draws its mask."""
    if module.training and module.p:
        problem = "draws its mask by chance; call model.eval(), or give the mask in a spec"
        raise SpecError("", problem)
    return []


def say_scale(layer: Dropout) -> str:
    """What is kept has another sentence where it is not divided."""
    return "" if layer.scale else "_unscaled"


DROPOUT = LayerType(
    "dropout", Dropout, check, need_nothing, formulas, None, run_plain, letters=letters,
    given=list_given, torch=write_torch,
    torch_read={"Dropout": read_torch}, signs={"m": Sign("m")}, uses=count_once,
    forward_words=say_scale,
)  # fmt: skip
