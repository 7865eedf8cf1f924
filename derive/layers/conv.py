"""Convolution: every map looks at all channels through one small kernel, place by place.

A cross-correlation, as in PyTorch; `flip` turns the kernel by 180 degrees first, which
is a convolution as mathematics has it (Dumoulin and Visin, "A guide to convolution
arithmetic", for sizes).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain, product
from math import prod
from typing import Any

from msgspec.structs import replace

from derive.algebra.expressions import ZERO, Expr, Mul, Name, Sliding, add
from derive.algebra.literals import Typed
from derive.errors import SpecError, counted
from derive.graph import Quantity
from derive.layers.base import LayerType, Sign, check_activation, list_activations
from derive.layers.compact import TAKES, Letters, Line
from derive.layers.modules import Own, Stored, TorchText, refuse, store
from derive.layers.plain import Field, Functions, Note, Number, activate_at
from derive.layers.shapes import IMAGE, SIGNAL, At, Shape
from derive.layers.site import Layer, Row, Site, Tensor
from derive.layers.windows import AXES, Windows, read_windows, slide
from derive.naming import Numbering

Kernel1 = tuple[Typed, ...]
Kernel2 = tuple[tuple[Typed, ...], ...]


class Conv(Layer, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What both convolutions say beside their kernels: numbers for each axis, or one for all."""

    biases: Row | None = None
    stride: int | tuple[int, ...] = 1
    padding: int | str | tuple[Any, ...] = 0
    dilation: int | tuple[int, ...] = 1
    flip: bool = False


class Conv1d(Conv, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`kernels`: maps x channels x width."""

    kernels: tuple[tuple[Kernel1, ...], ...]


class Conv2d(Conv, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`kernels`: maps x channels x rows x columns."""

    kernels: tuple[tuple[Kernel2, ...], ...]


def read(axes: int, plain: dict[str, Any], place: str) -> dict[str, Any]:
    """The keys with the kernels as maps of channels; one map of one channel may stand alone."""
    kernels, depth = plain.get("kernels"), 0
    at = kernels
    while isinstance(at, list | tuple):
        depth += 1
        at = at[0] if at else None
    if depth in (0, axes + 2):
        return plain
    if depth != axes:
        names = ", ".join(("maps", "channels", *AXES[axes]))
        alone = "a plain table" if axes > 1 else "a plain list"
        raise SpecError(
            f"{place}.kernels",
            f"expected {axes + 2} levels ({names}), got {depth}; "
            f"one map of one channel is {alone}",
        )
    return plain | {"kernels": [[kernels]]}


def measure(layer: Conv1d | Conv2d) -> tuple[int, ...]:
    """Maps, channels, and the size of the kernels."""
    first = layer.kernels[0]
    if isinstance(layer, Conv1d):
        return len(layer.kernels), len(first), len(layer.kernels[0][0])
    return len(layer.kernels), len(first), len(layer.kernels[0][0]), len(layer.kernels[0][0][0])


def check(layer: Conv1d | Conv2d, place: str, shapes: tuple[Shape, ...]) -> Shape:
    """As many channels as the input has maps; every kernel of one size."""
    (received,) = shapes
    axes = 1 if isinstance(layer, Conv1d) else 2
    if not _is_regular(layer.kernels, axes + 2):
        raise SpecError(f"{place}.kernels", "expected kernels of one size, none of them empty")
    if len(received.size) != axes or received.kind not in (SIGNAL, IMAGE):
        wanted = "a signal (channels x numbers)" if axes == 1 else "an image"
        raise SpecError(place, f"{layer.type} takes {wanted}, got {received}")
    maps, channels, *size = measure(layer)
    if channels != received.units:
        raise SpecError(
            f"{place}.kernels",
            f"expected {counted(received.units, 'channel')} in each map, as many as it receives, "
            f"got {channels}",
        )
    if layer.biases is not None and len(layer.biases) != maps:
        raise SpecError(
            f"{place}.biases",
            f"expected {counted(maps, 'number')}, one per map, got {len(layer.biases)}",
        )
    check_activation(layer, place, maps)
    windows = read_windows(layer, place, tuple(size), "kernels")
    return slide(windows, received, maps, f"{place}.kernels")


def _is_regular(rows: Sequence[Any], levels: int) -> bool:
    """Whether nested rows are never empty, and of one size on each level."""
    if levels == 1:
        return bool(rows)
    if not rows or len({len(row) for row in rows}) != 1:
        return False
    shapes = {_shape(row, levels - 1) for row in rows}
    return len(shapes) == 1 and all(_is_regular(row, levels - 1) for row in rows)


def _shape(rows: Sequence[Any], levels: int) -> tuple[int, ...]:
    return (len(rows), *(_shape(rows[0], levels - 1) if levels > 1 and rows else ()))


def tensors(layer: Conv1d | Conv2d) -> tuple[Tensor, ...]:
    """Kernels map by map, then biases."""
    shape = measure(layer)
    flat: Any = layer.kernels
    for _ in shape[1:]:
        flat = chain.from_iterable(flat)
    kernels = Tensor("K", shape, tuple(flat), "weight")
    if layer.biases is None:
        return (kernels,)
    return kernels, Tensor("b", shape[:1], layer.biases, "bias", is_weight=False)


def letters(layer: Conv1d | Conv2d, *_: object) -> dict[str, Numbering]:
    """A slice of the kernels is numbered through all layers: over maps, then channels."""
    return {"K": Numbering("K", measure(layer)[:2])}


def windows_of(layer: Conv1d | Conv2d) -> Windows:
    """The windows of a checked layer."""
    return read_windows(layer, "", measure(layer)[2:], "kernels")


def formulas(layer: Conv1d | Conv2d, site: Site) -> Iterator[Quantity]:
    """Place by place the pre-activations of all maps, then activations, without the padding."""
    (taken,) = site.taken
    kernels, biases = site.own["K"], site.own.get("b")
    maps, channels, *size = measure(layer)
    windows, shape = windows_of(layer), Shape(maps * channels, tuple(size))
    for place in site.shape.list_places():
        seen = list(windows.list_cells(place, taken.shape.size))
        zs = []
        for unit in range(1, maps + 1):
            terms: list[Expr] = []
            uses: list[str] = []
            for channel in range(1, channels + 1):
                slice_ = (unit - 1) * channels + channel
                for cell, at in seen:
                    own = _turn(cell, shape.size) if layer.flip else cell
                    pair = kernels[shape.find(slice_, own)], taken.at(channel, at)
                    terms.append(Mul((Name(pair[0]), Name(pair[1]))))
                    uses += pair
            if biases is not None:
                terms.append(Name(biases[unit - 1]))
                uses.append(biases[unit - 1])
            total = add(*terms) if terms else ZERO
            z = site.quantity("z", unit, total, uses, at=place)
            zs.append(z.id)
            yield z
        yield from list_activations(layer, site, zs, place)


def _turn(cell: At, size: At) -> At:
    """A cell of a kernel that is turned by 180 degrees."""
    return tuple(length + 1 - at for at, length in zip(cell, size, strict=True))


def write_torch(
    layer: Conv1d | Conv2d, own: Own, shapes: tuple[Shape, ...], shape: Shape
) -> TorchText:
    """`nn.Conv1d` or `nn.Conv2d`; a flipped kernel is kept turned."""
    del shapes, shape
    maps, channels, *size = measure(layer)
    windows = windows_of(layer)
    bias = "" if "b" in own else ", bias=False"
    numbers = f"stride={list(windows.stride)}, dilation={list(windows.dilation)}"
    create = f"nn.Conv{len(size)}d({channels}, {maps}, {size}, {numbers}{bias})"
    kernels = store(own, "weight", "K")
    if layer.flip:
        kernels = _turn_stored(kernels)
    stored = (kernels, *([store(own, "bias", "b")] if "b" in own else []))
    sides = [n for pair in reversed(windows.padding) for n in pair]
    padded = f"nn.functional.pad({{x0}}, {sides})" if any(sides) else "{x0}"
    return TorchText((f"{{y}} = {{m}}({padded})",), create, stored)


def _turn_stored(kernels: Stored) -> Stored:
    """Every slice with its cells in the opposite order."""
    cells = prod(kernels.shape[2:])

    def turn(row: tuple[str, ...]) -> tuple[str, ...]:
        starts = range(0, len(row), cells)
        return tuple(cell for start in starts for cell in reversed(row[start : start + cells]))

    return replace(kernels, typed=turn(kernels.typed), names=turn(kernels.names))


def run_plain(layer: Conv1d | Conv2d, received: Field, note: Note, functions: Functions) -> Field:
    """The activations of one sample, for the independent check; a cell outside counts 0."""
    windows = windows_of(layer)
    kernels = [list(_name_kernel(layer, note, m)) for m in range(1, len(layer.kernels) + 1)]
    biases = [note.parameter("b", b, m) for m, b in enumerate(layer.biases or (), 1)]
    shape = Shape(len(kernels), windows.fill(received.shape.size), received.shape.kind)
    out: dict[tuple[int, At], Number] = {}
    for at in shape.list_places():
        start = [
            stride * (i - 1) - sides[0]
            for i, stride, sides in zip(at, windows.stride, windows.padding, strict=True)
        ]
        zs = [
            sum(
                value * received.at(c, tuple(a + b for a, b in zip(start, offset, strict=True)))
                for c, offset, value in cells
            )
            for cells in kernels
        ]
        if biases:
            zs = [z + bias for z, bias in zip(zs, biases, strict=True)]
        out |= activate_at(layer, zs, note, functions, at)
    return Field(shape, out)


def _name_kernel(layer: Conv1d | Conv2d, note: Note, m: int) -> Iterator[tuple[int, At, Number]]:
    """Of each cell of a map's kernel the channel, where it looks from the start, its number."""
    windows = windows_of(layer)
    for c, table in enumerate(layer.kernels[m - 1], 1):
        for cell in product(*(range(size) for size in windows.size)):
            typed: Any = table
            for at in cell:
                typed = typed[at]
            looks = [
                size - 1 - at if layer.flip else at
                for at, size in zip(cell, windows.size, strict=True)
            ]
            offset = tuple(d * at + 1 for d, at in zip(windows.dilation, looks, strict=True))
            yield c, offset, note.parameter("K", typed, m, c, *(at + 1 for at in cell))


def read_torch(module: Any) -> list[dict[str, Any]]:  # noqa: ANN401  a module of PyTorch
    """The keys of an `nn.Conv1d` or `nn.Conv2d`."""
    refuse(module, groups=1, padding_mode="zeros", transposed=False)
    padding = module.padding if isinstance(module.padding, str) else list(module.padding)
    return [{
        "type": f"conv{len(module.kernel_size)}d", "kernels": module.weight,
        "biases": module.bias, "stride": list(module.stride), "padding": padding,
        "dilation": list(module.dilation),
    }]  # fmt: skip


def write_compact(layer: Conv1d | Conv2d, letters: Letters) -> Iterator[Line]:
    """The signals slid over what the layer takes; and the kernel, turned, over the signals.

    Nothing where zeros would have to be put around or between.
    """
    windows = windows_of(layer)
    steps = {*windows.stride, *windows.dilation}
    if layer.flip or steps != {1} or any(map(any, windows.padding)):
        return
    kernel, signals = Name("[K]"), letters.back(Name("[Z]"))
    maps, channels, *_ = measure(layer)
    says = ("kernel", *["kernel_pairs"] * (maps * channels > 1))
    yield Line(letters.back(kernel), Sliding(TAKES, signals), says, letters.first("K"))
    if letters.hands_on:
        says = ("turned", *["turned_sum"] * (maps > 1))
        yield Line(letters.back(TAKES), Sliding(signals, kernel, turned=True), says)


def _row(axes: int) -> LayerType:
    return LayerType(
        f"conv{axes}d", Conv1d if axes == 1 else Conv2d, check, tensors, formulas, None,
        run_plain, letters=letters,
        signs={"K": Sign("K")}, torch=write_torch,
        torch_read={f"Conv{axes}d": read_torch}, read=partial(read, axes),
        kind=SIGNAL if axes == 1 else IMAGE, compact=write_compact,
    )  # fmt: skip


CONV1D, CONV2D = _row(1), _row(2)
