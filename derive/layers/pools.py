"""Pooling: of each window its largest cell, or the mean of its cells; map by map.

A tie goes to the first cell in row order, as in PyTorch; to share it, or to give all of
it to every cell, is no derivative.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from math import prod
from typing import Any

from derive.algebra.expressions import Div, Expr, Name, Num, Pick, add
from derive.errors import SpecError
from derive.graph import Quantity
from derive.layers.base import (
    LayerType,
    check_activation,
    has_activation,
    list_activations,
    need_nothing,
)
from derive.layers.modules import Own, TorchText, refuse
from derive.layers.plain import Field, Functions, Note, Number, activate_at
from derive.layers.shapes import IMAGE, SEQUENCE, SIGNAL, VECTOR, At, Shape
from derive.layers.site import Layer, Site
from derive.layers.windows import Windows, read_windows, slide, spread


class MaxPool(Layer, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`size` of the windows; `stride` is the size unless given."""

    size: int | tuple[int, ...]
    stride: int | tuple[int, ...] | None = None
    padding: int | str | tuple[Any, ...] = 0
    dilation: int | tuple[int, ...] = 1
    partial: bool = False


class AvgPool(Layer, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same without dilation; `count_padding` says whether padding counts as cells of 0."""

    size: int | tuple[int, ...]
    stride: int | tuple[int, ...] | None = None
    padding: int | str | tuple[Any, ...] = 0
    count_padding: bool = True
    partial: bool = False


Pool = MaxPool | AvgPool | Layer


def is_max(layer: Pool) -> bool:
    """Whether the largest cell of a window is taken, and not the mean."""
    return "max" in layer.type


def check(layer: MaxPool | AvgPool, place: str, shapes: tuple[Shape, ...]) -> Shape:
    """As many maps as it receives, of fewer places; every window sees a cell."""
    (received,) = shapes
    if received.kind not in (SIGNAL, IMAGE):
        raise SpecError(place, f"{layer.type} takes maps, got {received}")
    windows = windows_of(layer, received, place)
    shape = slide(windows, received, received.units, f"{place}.size")
    empty = [at for at in shape.list_places() if not any(windows.list_cells(at, received.size))]
    if empty:
        raise SpecError(
            f"{place}.padding", "a window lies in the padding alone; give less padding"
        )
    check_activation(layer, place, received.units)
    return shape


def check_global(layer: Layer, place: str, shapes: tuple[Shape, ...]) -> Shape:
    """A number for each map, or for each unit over all steps."""
    (received,) = shapes
    if received.kind == VECTOR:
        raise SpecError(place, f"{layer.type} takes maps or steps, got {received} numbers")
    check_activation(layer, place, received.units)
    return Shape(received.units)


def windows_of(layer: Pool, received: Shape, place: str = "") -> Windows:
    """The windows of a layer over what it receives; a global pool has one over everything."""
    if not isinstance(layer, MaxPool | AvgPool):
        axes = len(received.size)
        return Windows(received.size, received.size, ((0, 0),) * axes, (1,) * axes)
    size = spread(layer.size, len(received.size), f"{place}.size", 1)
    return read_windows(layer, place, size)


def formulas(layer: Pool, site: Site) -> Iterator[Quantity]:
    """Window by window the largest cell or the mean, for each map."""
    (taken,) = site.taken
    windows = windows_of(layer, taken.shape)
    letter = "z" if has_activation(layer) else "a"
    whole = not site.shape.size
    for place in site.shape.list_places():
        window = place if not whole else (1,) * len(taken.shape.size)
        seen = [at for _, at in windows.list_cells(window, taken.shape.size)]
        made = []
        for unit in range(1, site.shape.units + 1):
            cells = tuple(taken.at(unit, at) for at in seen)
            names = tuple(map(Name, cells))
            value: Expr
            if is_max(layer):
                value = Pick(names, names) if len(names) > 1 else names[0]
            else:
                count = count_cells(layer, windows, window, taken.shape, len(cells))
                value = Div(add(*names), Num(str(count)))
            made.append(site.quantity(letter, unit, value, cells, at=place))
        yield from made
        if has_activation(layer):
            yield from list_activations(layer, site, [q.id for q in made], place)


def count_cells(layer: Pool, windows: Windows, window: At, received: Shape, inside: int) -> int:
    """By how many cells the sum of a window is divided."""
    counted = isinstance(layer, AvgPool) and layer.count_padding
    return windows.count_padded(window, received.size) if counted else inside


def write_torch(layer: Pool, own: Own, shapes: tuple[Shape, ...], shape: Shape) -> TorchText:
    """`nn.MaxPool2d`, `nn.AvgPool2d` and their like; over everything the largest or the mean."""
    del own, shape
    (received,) = shapes
    axes = len(received.size)
    if not isinstance(layer, MaxPool | AvgPool):
        steps = received.kind == SEQUENCE
        dims = [1] if steps else [2, 3][:axes]
        name = "amax" if is_max(layer) else "mean"
        return TorchText((f"{{y}} = {{x0}}.{name}(dim={dims})",))
    windows = windows_of(layer, received)
    given = f"{list(windows.size)}, stride={list(windows.stride)}"
    given += f", ceil_mode={layer.partial}"
    sides = [n for pair in reversed(windows.padding) for n in pair]
    even = all(first == last for first, last in windows.padding)
    if is_max(layer):
        given += f", dilation={list(windows.dilation)}"
    elif isinstance(layer, AvgPool):
        given += f", count_include_pad={layer.count_padding}"
    pairs = zip(windows.padding, windows.size, strict=True)
    within = all(2 * first <= size for (first, _), size in pairs)
    taken = "{x0}"
    if even and within:
        given += f", padding={[first for first, _ in windows.padding]}"
    elif is_max(layer) and not layer.partial:
        taken = f'nn.functional.pad({{x0}}, {sides}, value=float("-inf"))'
    else:
        problem = "no pool of PyTorch pads like this; give the same on both sides"
        raise SpecError("padding", problem)
    kind = "Max" if is_max(layer) else "Avg"
    return TorchText((f"{{y}} = {{m}}({taken})",), f"nn.{kind}Pool{axes}d({given})")


def run_plain(layer: Pool, received: Field, note: Note, functions: Functions) -> Field:
    """The pooled maps of one sample, for the independent check."""
    whole = not isinstance(layer, MaxPool | AvgPool)
    windows = windows_of(layer, received.shape)
    size = () if whole else windows.fill(received.shape.size)
    shape = Shape(received.shape.units, size, VECTOR if whole else received.shape.kind)
    out: dict[tuple[int, At], Number] = {}
    for at in shape.list_places():
        window = at or (1,) * len(received.shape.size)
        seen = [cell for _, cell in windows.list_cells(window, received.shape.size)]
        pooled = []
        for unit in range(1, shape.units + 1):
            cells = [received.at(unit, cell) for cell in seen]
            if is_max(layer):
                pooled.append(_find_largest(cells, functions))
            else:
                count = count_cells(layer, windows, window, received.shape, len(cells))
                pooled.append(sum(cells) / count)
        if has_activation(layer):
            out |= activate_at(layer, pooled, note, functions, at)
        else:
            out |= {(u, at): note("h", v, u, at=at) for u, v in enumerate(pooled, 1)}
    return Field(shape, out)


def _find_largest(cells: list[Number], functions: Functions) -> Number:
    """The first of the largest cells."""
    best = cells[0]
    for cell in cells[1:]:
        if functions.side(cell - best) > 0:
            best = cell
    return best


def count_seen(layer: Pool, shapes: tuple[Shape, ...], shape: Shape) -> int:
    """How many cells all windows see."""
    return shape.count * prod(windows_of(layer, shapes[0]).size)


def read_torch(module: Any) -> list[dict[str, Any]]:  # noqa: ANN401  a module of PyTorch
    """The keys of a pool of PyTorch."""
    kind = "max_pool" if "Max" in type(module).__name__ else "avg_pool"
    if hasattr(module, "output_size"):
        size = module.output_size
        if set(size if isinstance(size, tuple) else (size,)) != {1}:
            raise SpecError("", f"output_size={size!r} has no counterpart; expected 1")
        return [{"type": f"global_{kind}"}]
    refuse(module, return_indices=False, divisor_override=None)
    own = {"size": module.kernel_size, "stride": module.stride, "padding": module.padding}
    plain = {key: list(v) if isinstance(v, tuple) else v for key, v in own.items()}
    plain |= {"type": kind, "partial": module.ceil_mode}
    if kind == "max_pool":
        dilation = module.dilation
        return [plain | {"dilation": list(dilation) if isinstance(dilation, tuple) else dilation}]
    return [plain | {"count_padding": module.count_include_pad}]


def list_readers(kind: str, word: str) -> dict[str, Any]:
    """The modules that a pool is, in one direction and in two."""
    return {f"{word}{kind}Pool{axes}d": read_torch for axes in (1, 2)}


READERS = {
    "max_pool": ("Max", ""),
    "avg_pool": ("Avg", ""),
    "global_max_pool": ("Max", "Adaptive"),
    "global_avg_pool": ("Avg", "Adaptive"),
}


def say_padding(layer: Pool) -> str:
    """A mean says how it counts cells outside, where there are some."""
    if not isinstance(layer, AvgPool) or layer.padding in (0, "valid"):
        return ""
    return "_padded" if layer.count_padding else "_inside"


def _row(name: str, model: type[Any], checked: Any, kind: str = "") -> LayerType:  # noqa: ANN401  one of two checks
    return LayerType(
        name,
        model,
        checked,
        need_nothing,
        formulas,
        None,
        run_plain,
        uses=count_seen,
        torch=write_torch,
        torch_read=list_readers(*READERS[name]),
        forward_words=say_padding,
        kind=kind,
    )


MAX_POOL, AVG_POOL = _row("max_pool", MaxPool, check), _row("avg_pool", AvgPool, check)
GLOBAL_MAX_POOL, GLOBAL_AVG_POOL = map(
    partial(_row, model=Layer, checked=check_global, kind=VECTOR),
    ("global_max_pool", "global_avg_pool"),
)
