"""Layers that take several outputs: their sum, their product, or all of them side by side.

A sum with what went around some layers is a residual connection (He et al. 2016).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from derive.algebra.expressions import Expr, Mul, Name, Num, add
from derive.errors import SpecError
from derive.graph import Quantity
from derive.layers.base import (
    LayerType,
    check_activation,
    count_once,
    has_activation,
    list_activations,
    need_nothing,
)
from derive.layers.flatten import number_no_unit, refuse_activation
from derive.layers.modules import Own, TorchText
from derive.layers.nested import lay_out
from derive.layers.plain import Field, Functions, Note, Number, activate_at
from derive.layers.shapes import IMAGE, SEQUENCE, SIGNAL, At, Shape
from derive.layers.site import Layer, Site

MOST_SOURCES = 64


class Join(Layer, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`constants` are one more operand, of the same shape: positions, for example."""

    constants: tuple[Any, ...] | None = None


def check(layer: Join, place: str, shapes: tuple[Shape, ...]) -> Shape:
    """Two operands or more, all of one shape."""
    if len(shapes) + (layer.constants is not None) < 2:  # noqa: PLR2004  operands
        raise SpecError(f"{place}.from", f"{layer.type} takes two outputs or more, or constants")
    for name, shape in zip(list_sources(layer), shapes, strict=False):
        if shape != shapes[0]:
            problem = f'expected outputs of one shape, got {shapes[0]} and {shape} of "{name}"'
            raise SpecError(f"{place}.from", problem)
    if layer.constants is not None and len(
        lay_out(layer.constants, shapes[0], f"{place}.constants")
    ) != 1:  # fmt: skip
        raise SpecError(f"{place}.constants", f"expected one table of {shapes[0]}")
    check_activation(layer, place, shapes[0].units)
    return shapes[0]


def list_sources(layer: Layer) -> tuple[str, ...]:
    """The names in `from`."""
    if layer.sources is None:
        return ()
    return (layer.sources,) if isinstance(layer.sources, str) else layer.sources


def check_concat(layer: Layer, place: str, shapes: tuple[Shape, ...]) -> Shape:
    """Two outputs or more with the same places."""
    refuse_activation(layer, place)
    if len(shapes) < 2:  # noqa: PLR2004  outputs
        raise SpecError(f"{place}.from", "concat takes two outputs or more")
    for shape in shapes:
        if (shape.size, shape.kind) != (shapes[0].size, shapes[0].kind):
            problem = f"expected outputs with the same places, got {shapes[0]} and {shape}"
            raise SpecError(f"{place}.from", problem)
    return Shape(sum(shape.units for shape in shapes), shapes[0].size, shapes[0].kind)


def formulas(layer: Join, site: Site) -> Iterator[Quantity]:
    """Unit by unit the sum or the product at each place."""
    combine: Callable[[list[Expr]], Expr] = _JOIN[layer.type]
    shape = site.shape
    constants = lay_out(layer.constants, shape, "")[0] if layer.constants is not None else {}
    letter = "z" if has_activation(layer) else "a"
    for at in shape.list_places():
        made = []
        for unit in range(1, shape.units + 1):
            names = [taken.at(unit, at) for taken in site.taken]
            operands: list[Expr] = [*map(Name, names)]
            if constants:
                operands.append(Num(constants[unit, at]))
            made.append(site.quantity(letter, unit, combine(operands), names, at=at))
        yield from made
        if has_activation(layer):
            yield from list_activations(layer, site, [q.id for q in made], at)


_JOIN: dict[str, Callable[[list[Expr]], Expr]] = {
    "add": lambda operands: add(*operands),
    "multiply": lambda operands: Mul(tuple(operands)),
}


def stand_side_by_side(site: Site, made: Sequence[Quantity]) -> tuple[str, ...]:
    """The units of one output after those of the other, at each place."""
    del made
    units = [(taken, unit) for taken in site.taken for unit in range(1, taken.shape.units + 1)]
    return tuple(taken.at(unit, at) for taken, unit in units for at in site.shape.list_places())


def write_torch(layer: Layer, own: Own, shapes: tuple[Shape, ...], shape: Shape) -> TorchText:
    """Tensors added, multiplied, or one beside the other."""
    del own
    taken = [f"{{x{at}}}" for at in range(len(shapes))]
    if not isinstance(layer, Join):
        dim = 1 if shape.kind in (SIGNAL, IMAGE) else -1
        return TorchText((f"{{y}} = torch.cat([{', '.join(taken)}], dim={dim})",))
    if layer.constants is not None:
        table = lay_out(layer.constants, shape, "")[0]
        places, units = list(shape.list_places()), range(1, shape.units + 1)
        steps = shape.kind == SEQUENCE
        order = (
            [(u, at) for at in places for u in units]
            if steps
            else [(u, at) for u in units for at in places]
        )
        sizes = (*shape.size, shape.units) if steps else (shape.units, *shape.size)
        listed = ", ".join(table[key] for key in order)
        taken.append(f"torch.tensor([{listed}], dtype=torch.float64).reshape({sizes})")
    sign = " + " if layer.type == "add" else " * "
    return TorchText((f"{{y}} = {sign.join(taken)}",))


def run_plain(layer: Join, *received: Field, note: Note, functions: Functions) -> Field:
    """The sums or products of one sample, for the independent check."""
    shape = received[0].shape
    constants = lay_out(layer.constants, shape, "")[0] if layer.constants is not None else {}
    out: dict[tuple[int, At], Number] = {}
    for at in shape.list_places():
        joined = []
        for unit in range(1, shape.units + 1):
            operands = [field.at(unit, at) for field in received]
            if constants:
                operands.append(functions.exact(constants[unit, at]))
            value = operands[0]
            for operand in operands[1:]:
                value = value + operand if layer.type == "add" else value * operand
            joined.append(value)
        if has_activation(layer):
            out |= activate_at(layer, joined, note, functions, at)
        else:
            out |= {(u, at): note("h", value, u, at=at) for u, value in enumerate(joined, 1)}
    return Field(shape, out)


def run_side_by_side(layer: Layer, *received: Field, note: Note, functions: Functions) -> Field:
    """All units of one sample, for the independent check."""
    del layer, note, functions
    out: dict[tuple[int, At], Number] = {}
    before = 0
    for field in received:
        out |= {(before + unit, at): value for (unit, at), value in field.numbers.items()}
        before += field.shape.units
    return Field(Shape(before, received[0].shape.size, received[0].shape.kind), out)


ADD, MULTIPLY = (
    LayerType(
        name,
        Join,
        check,
        need_nothing,
        formulas,
        None,
        run_plain,
        uses=count_once,
        sources=(1, MOST_SOURCES),
        torch=write_torch,
    )
    for name in ("add", "multiply")
)
CONCAT = LayerType(
    "concat", Layer, check_concat, need_nothing, need_nothing, None, run_side_by_side,
    letters=number_no_unit, outputs=stand_side_by_side, copied=lambda _: True,
    sources=(2, MOST_SOURCES), torch=write_torch,
)  # fmt: skip
