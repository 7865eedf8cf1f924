"""Batch normalisation: one unit in all samples and at all places (Ioffe and Szegedy 2015)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from msgspec.structs import replace

from derive.errors import SpecError
from derive.graph import Quantity
from derive.layers.base import LayerType
from derive.layers.compact import Letters, Line, combine_routes
from derive.layers.modules import Own, TorchText
from derive.layers.norms import (
    SIGNS,
    CentredNorm,
    Group,
    Pass,
    check_rows,
    count_less,
    count_three,
    eps_of,
    formulas,
    hand_on,
    letters,
    name_received,
    normalise,
    read_norm,
    run_plain,
    tensors,
    write_norm,
)
from derive.layers.plain import Field, Functions, Note, Number
from derive.layers.shapes import At, Shape
from derive.layers.site import Given, Row, Site


class BatchNorm(CentredNorm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """With the statistics of the batch, or with given ones, a number per unit."""

    statistics: Literal["batch", "given"] = "batch"
    mean: Row | None = None
    var: Row | None = None


def check(layer: BatchNorm, place: str, shapes: tuple[Shape, ...]) -> Shape:
    """Mean and variance where they are given, and only there."""
    given = [key for key in ("mean", "var") if getattr(layer, key) is not None]
    wanted = ["mean", "var"] if layer.statistics == "given" else []
    received = check_rows(layer, place, shapes, ("gain", "shift", "mean", "var"))
    if given != wanted:
        problem = 'statistics = "given" takes mean and var; "batch" takes neither'
        raise SpecError(f"{place}.statistics", problem)
    return received


def formulas_together(layer: BatchNorm, sites: tuple[Site, ...]) -> list[list[Quantity]]:
    """The statistics of each unit over all samples and places, made with the first sample."""
    first: list[Quantity] = []
    shared, shape = replace(sites[0], sample=0), sites[0].shape
    ends: list[tuple[str, str]] = []
    for unit in range(1, shape.units + 1):
        group = Group(layer, shared, (unit,))
        if layer.statistics == "batch":
            names = [s.taken[0].at(unit, at) for s in sites for at in shape.list_places()]
            statistics = list(group.measure(names))
            first += statistics
            ends.append((statistics[0].id, statistics[-1].id))
        else:
            mean, spread = (shared.given(letter, (unit,)) for letter in ("mu", "var"))
            deviation = group.take_root("sd", spread)
            first.append(replace(deviation, varies=False))
            ends.append((mean, deviation.id))
    made = [list(_finish(layer, site, ends)) for site in sites]
    return [[*first, *made[0]], *made[1:]]


def _finish(layer: BatchNorm, site: Site, ends: list[tuple[str, str]]) -> Iterator[Quantity]:
    """What is left of a sample once the statistics of each unit are known."""
    for at in site.shape.list_places():
        rows = [
            normalise(site, unit, site.taken[0].at(unit, at), end, at)
            for unit, end in enumerate(ends, 1)
        ]
        yield from rows
        yield from hand_on(layer, site, [q.id for q in rows], at)


def is_coupled(layer: BatchNorm) -> bool:
    """Whether the numbers of one sample depend on the others."""
    return layer.statistics == "batch"


def list_given(layer: BatchNorm, *_: object) -> Iterator[Given]:
    """The given statistics."""
    for letter, row in (("mu", layer.mean), ("var", layer.var)):
        for unit, typed in enumerate(row or (), 1):
            yield Given(letter, "constant", (unit,), typed)


def _list(row: Row | None) -> str:
    return f"[{', '.join(map(str, row or ()))}]"


def run_together(
    layer: BatchNorm, *received: Field, notes: Sequence[Note], functions: Functions
) -> list[Field]:
    """The normalised numbers of all samples."""
    shape = received[0].shape
    shared = Pass(layer, notes[0].shared(), functions)
    statistics = []
    for unit in range(1, shape.units + 1):
        if layer.mean is not None and layer.var is not None:
            mean, spread = (
                shared.note.given(letter, row[unit - 1], unit)
                for letter, row in (("mu", layer.mean), ("var", layer.var))
            )
            statistics.append((mean, shared.take_root("sd", spread, unit)))
        else:
            group = [field.at(unit, at) for field in received for at in shape.list_places()]
            statistics.append(shared.measure(group, unit))
    made = []
    for field, note in zip(received, notes, strict=True):
        out: dict[tuple[int, At], Number] = {}
        for at in shape.list_places():
            here = Pass(layer, note, functions, at)
            out |= here.finish(field.units_at(at), statistics)
        made.append(Field(shape, out))
    return made


def write_torch(layer: BatchNorm, own: Own, shapes: tuple[Shape, ...], shape: Shape) -> TorchText:
    """What `nn.BatchNorm` computes, with either variance."""
    del shapes
    dims = list(range(len(shape.size) + 1))
    x, spread = name_received(shape), f"correction={count_less(layer)}"
    statistics = (
        f"torch.tensor({_list(layer.mean)}), torch.tensor({_list(layer.var)})"
        if layer.mean is not None
        else f"{x}.mean(dim={dims}), {x}.var(dim={dims}, {spread})"
    )
    normalised = f"y = ({x} - mean) / (var + {eps_of(layer)}) ** 0.5"
    return write_norm(own, shape, f"mean, var = {statistics}", normalised)


def read_torch(module: Any) -> list[dict[str, Any]]:  # noqa: ANN401  a module of PyTorch
    """The keys of a batch norm; one that is in evaluation has given statistics."""
    plain = read_norm("batch_norm", module) | {"shift": module.bias}
    if module.running_mean is not None and not module.training:
        plain |= {"statistics": "given", "mean": module.running_mean, "var": module.running_var}
    return [plain]


def write_compact(layer: BatchNorm, letters: Letters) -> Iterator[Line]:
    """The routes by the statistics of the batch; given ones hand nothing back."""
    if layer.statistics == "batch":
        yield from combine_routes(letters, "sd", centred=True, less=count_less(layer))


def say_statistics(layer: BatchNorm) -> str:
    """Given statistics make no sample depend on another."""
    return "" if layer.statistics == "batch" else "_given"


BATCH_NORM = LayerType(
    "batch_norm", BatchNorm, check, tensors, formulas, None, run_plain, letters=letters,
    given=list_given, together=formulas_together, coupled=is_coupled,
    plain_together=run_together, torch=write_torch,
    torch_read={"BatchNorm1d": read_torch, "BatchNorm2d": read_torch}, signs=SIGNS,
    uses=count_three, compact=write_compact, forward_words=say_statistics,
    backward_words=say_statistics,
)  # fmt: skip
