"""Normalisation: numbers minus their mean, divided by their standard deviation.

`layer_norm` and `rms_norm` take the units of one place, `batch_norm` one unit in all
samples and at all places. eps stands inside the root and the variance divides by n, as in
PyTorch (Ioffe and Szegedy 2015; Ba et al. 2016; Zhang and Sennrich 2019).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from derive.algebra.expressions import Add, Call, Div, Expr, Mul, Name, Neg, Num, Pow, add
from derive.algebra.literals import Typed
from derive.errors import SpecError, counted
from derive.graph import Quantity
from derive.layers.base import (
    CONTAINER,
    Given,
    Layer,
    LayerType,
    Own,
    Row,
    Sign,
    Site,
    Tensor,
    TorchText,
    check_activation,
    has_activation,
    list_activations,
    store,
)
from derive.layers.plain import Field, Functions, Note, Number, activate_at
from derive.layers.shapes import SEQUENCE, VECTOR, At, Shape
from derive.naming import Numbering

LETTERS = ("mu", "var", "sd", "ms", "rms", "n", "gain", "shift")
"""All that has the number of its norm."""
SYMBOLS = ("\\mu", "\\sigma^{2}", "\\sigma", "\\mathrm{ms}", "\\mathrm{rms}", "n",
           "\\gamma", "\\beta")  # fmt: skip
SIGNS = {letter: Sign(symbol) for letter, symbol in zip(LETTERS, SYMBOLS, strict=True)}


EPS = Typed("0.00001")
"""What keeps the root from 0 where nothing else is said."""


class Norm(Layer, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`gain` multiplies each unit afterwards; eps keeps the root from 0."""

    gain: Row | None = None
    eps: Typed | None = None


class CentredNorm(Norm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """With a mean that is taken away first; `shift` is added afterwards."""

    shift: Row | None = None
    variance: Literal["biased", "unbiased"] = "biased"


class BatchNorm(CentredNorm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """With the statistics of the batch, or with given ones, a number per unit."""

    statistics: Literal["batch", "given"] = "batch"
    mean: Row | None = None
    var: Row | None = None


def check(layer: Norm, place: str, shapes: tuple[Shape, ...]) -> Shape:
    """A gain and a shift for each unit, or none."""
    (received,) = shapes
    for key in ("gain", "shift", "mean", "var"):
        row = getattr(layer, key, None)
        if row is not None and len(row) != received.units:
            problem = f"expected {counted(received.units, 'number')}, one per unit, got {len(row)}"
            raise SpecError(f"{place}.{key}", problem)
    if eps_of(layer).exact < 0:
        raise SpecError(f"{place}.eps", f"expected 0 or a number above it, got {layer.eps}")
    if isinstance(layer, BatchNorm):
        given = [key for key in ("mean", "var") if getattr(layer, key) is not None]
        wanted = ["mean", "var"] if layer.statistics == "given" else []
        if given != wanted:
            problem = 'statistics = "given" takes mean and var; "batch" takes neither'
            raise SpecError(f"{place}.statistics", problem)
    elif received.units == 1:
        problem = f"{layer.type} of one unit is constant; give two units or more"
        raise SpecError(place, problem)
    check_activation(layer, place, received.units)
    return received


def eps_of(layer: Norm) -> Typed:
    """The number below the root."""
    return EPS if layer.eps is None else layer.eps


def tensors(layer: Norm) -> tuple[Tensor, ...]:
    """Gains and shifts, as far as they are given."""
    gain, shift = layer.gain, getattr(layer, "shift", None)
    rows = (("gain", gain, "weight"), ("shift", shift, "bias"))
    return tuple(
        Tensor(letter, (len(row),), row, attribute, is_weight=letter == "gain")
        for letter, row, attribute in rows
        if row is not None
    )


def letters(*_: object) -> dict[str, Numbering]:
    """Everything has the number of the norm, and behind it unit and place."""
    return dict.fromkeys(LETTERS, Numbering("norm"))


def formulas(layer: Norm, site: Site) -> Iterator[Quantity]:
    """Place by place the statistics of all units, then each unit normalised."""
    (taken,) = site.taken
    for at in site.shape.list_places():
        names = taken.at_place(at)
        statistics = list(_Group(layer, site, (), at).measure(names))
        yield from statistics
        centre = statistics[0].id if isinstance(layer, CentredNorm) else ""
        ends = (centre, statistics[-1].id)
        rows = [_normalise(site, unit, name, ends, at) for unit, name in enumerate(names, 1)]
        yield from rows
        yield from _hand_on(layer, site, [q.id for q in rows], at)


class _Group(msgspec.Struct, frozen=True):
    """Numbers with one mean and one deviation: all units of a place, or one unit everywhere."""

    layer: Norm
    site: Site
    index: tuple[int, ...] = ()
    at: At = ()

    def measure(self, names: Sequence[str]) -> Iterator[Quantity]:
        """Mean, variance and deviation; or mean square and its root."""
        count = Num(str(len(names)))
        if not isinstance(self.layer, CentredNorm):
            squares = add(*(Pow(Name(name), Num("2")) for name in names))
            mean = self._make("ms", Div(squares, count), names)
            yield mean
            yield self.take_root("rms", mean.id)
            return
        mean = self._make("mu", Div(add(*map(Name, names)), count), names)
        yield mean
        offs = (Pow(Add((Name(name), Neg(Name(mean.id)))), Num("2")) for name in names)
        below = Num(str(len(names) - (self.layer.variance == "unbiased")))
        spread = self._make("var", Div(add(*offs), below), (*names, mean.id))
        yield spread
        yield self.take_root("sd", spread.id)

    def take_root(self, letter: str, name: str) -> Quantity:
        """The deviation, with eps below the root."""
        inside: Expr = Name(name)
        if eps_of(self.layer).exact:
            inside = Add((inside, Num(str(eps_of(self.layer)))))
        return self._make(letter, Call("sqrt", (inside,)), (name,))

    def _make(self, letter: str, value: Expr, uses: Sequence[str]) -> Quantity:
        return self.site.quantity(letter, self.index, value, uses, at=self.at)


def _normalise(site: Site, unit: int, name: str, statistics: tuple[str, str], at: At) -> Quantity:
    """A number less the mean, if there is one, over the deviation."""
    mean, deviation = statistics
    top: Expr = Add((Name(name), Neg(Name(mean)))) if mean else Name(name)
    uses = [used for used in (name, mean, deviation) if used]
    return site.quantity("n", unit, Div(top, Name(deviation)), uses, at=at)


def _hand_on(layer: Norm, site: Site, names: Sequence[str], at: At) -> Iterator[Quantity]:
    """Of each unit gain times the normalised number plus shift."""
    letter, made = "z" if has_activation(layer) else "a", []
    for unit, name in enumerate(names, 1):
        value: Expr = Name(name)
        uses = [name]
        if "gain" in site.own:
            value = Mul((Name(site.own["gain"][unit - 1]), value))
            uses.append(site.own["gain"][unit - 1])
        if "shift" in site.own:
            value = Add((value, Name(site.own["shift"][unit - 1])))
            uses.append(site.own["shift"][unit - 1])
        made.append(site.quantity(letter, unit, value, uses, at=at))
    yield from made
    if has_activation(layer):
        yield from list_activations(layer, site, [q.id for q in made], at)


def formulas_together(layer: BatchNorm, sites: tuple[Site, ...]) -> list[list[Quantity]]:
    """The statistics of each unit over all samples and places, made with the first sample."""
    first: list[Quantity] = []
    shared, shape = replace(sites[0], sample=0), sites[0].shape
    ends: list[tuple[str, str]] = []
    for unit in range(1, shape.units + 1):
        group = _Group(layer, shared, (unit,))
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
            _normalise(site, unit, site.taken[0].at(unit, at), end, at)
            for unit, end in enumerate(ends, 1)
        ]
        yield from rows
        yield from _hand_on(layer, site, [q.id for q in rows], at)


def is_coupled(layer: BatchNorm) -> bool:
    """Whether the numbers of one sample depend on the others."""
    return layer.statistics == "batch"


def list_given(layer: BatchNorm, *_: object) -> Iterator[Given]:
    """The given statistics."""
    for letter, row in (("mu", layer.mean), ("var", layer.var)):
        for unit, typed in enumerate(row or (), 1):
            yield Given(letter, "constant", (unit,), typed)


def write_torch(layer: Norm, own: Own, shapes: tuple[Shape, ...], shape: Shape) -> TorchText:
    """The functions behind `nn.LayerNorm`, `nn.RMSNorm` and `nn.BatchNorm`.

    The variance that divides by n - 1 is in none of them, so it is written out.
    """
    del shapes
    stored = tuple(store(own, letter, letter) for letter in ("gain", "shift") if letter in own)
    behind = "" if shape.kind in (VECTOR, SEQUENCE) else ".movedim(1, -1)"
    x, back = "{x0}" + behind, ".movedim(-1, 1)" if behind else ""
    eps = eps_of(layer)
    if isinstance(layer, BatchNorm):
        dims = list(range(len(shape.size) + 1))
        statistics = (
            f"torch.tensor({_list(layer.mean)}), torch.tensor({_list(layer.var)})"
            if layer.mean is not None
            else f"{x}.mean(dim={dims}), {x}.var(dim={dims}, correction={_correct(layer)})"
        )
        run = [f"mean, var = {statistics}", f"y = ({x} - mean) / (var + {eps}) ** 0.5"]
    elif isinstance(layer, CentredNorm):
        correction = f"{x}.var(dim=-1, keepdim=True, correction={_correct(layer)})"
        run = [f"y = ({x} - {x}.mean(dim=-1, keepdim=True)) / ({correction} + {eps}) ** 0.5"]
        if layer.variance == "biased":
            run = [f"y = nn.functional.layer_norm({x}, ({shape.units},), eps={eps})"]
    else:
        run = [f"y = {x} / (({x} ** 2).mean(dim=-1, keepdim=True) + {eps}) ** 0.5"]
    run += ["y = y * {m}.gain"] if "gain" in own else []
    run += ["y = y + {m}.shift"] if "shift" in own else []
    return TorchText((*run, f"{{y}} = y{back}"), CONTAINER, stored)


def _list(row: Row | None) -> str:
    return f"[{', '.join(map(str, row or ()))}]"


def _correct(layer: CentredNorm) -> int:
    return int(layer.variance == "unbiased")


class _Pass(msgspec.Struct, frozen=True):
    """The plain pass of a norm at one place."""

    layer: Norm
    note: Note
    functions: Functions
    at: At = ()

    def measure(self, group: Sequence[Number], *index: int) -> tuple[Number, Number]:
        """Mean and deviation of a group; the mean is 0 where none is taken away."""
        centred = isinstance(self.layer, CentredNorm)
        mean = self.note("mu", sum(group) / len(group), *index, at=self.at) if centred else 0
        squares = sum((value - mean) ** 2 for value in group)
        count = len(group) - (getattr(self.layer, "variance", "") == "unbiased")
        spread = self.note("var" if centred else "ms", squares / count, *index, at=self.at)
        return mean, self.take_root("sd" if centred else "rms", spread, *index)

    def take_root(self, letter: str, spread: Number, *index: int) -> Number:
        """The deviation, with eps below the root."""
        root = self.functions("sqrt", spread + self.functions.exact(eps_of(self.layer)))
        return self.note(letter, root, *index, at=self.at)

    def finish(
        self, group: Sequence[Number], statistics: Sequence[tuple[Number, Number]]
    ) -> dict[tuple[int, At], Number]:
        """Normalised numbers, gain and shift of all units."""
        made = []
        rows = enumerate(zip(group, statistics, strict=True), 1)
        for unit, (value, (mean, deviation)) in rows:
            ratio = (value - mean) / deviation if deviation else self.functions.nothing
            number = self.note("n", ratio, unit, at=self.at)
            for letter in ("gain", "shift"):
                row = getattr(self.layer, letter, None)
                if row is not None:
                    given = self.note.parameter(letter, row[unit - 1], unit)
                    number = number * given if letter == "gain" else number + given
            made.append(number)
        if has_activation(self.layer):
            return activate_at(self.layer, made, self.note, self.functions, self.at)
        return {
            (unit, self.at): self.note("h", value, unit, at=self.at)
            for unit, value in enumerate(made, 1)
        }


def run_plain(layer: Norm, received: Field, note: Note, functions: Functions) -> Field:
    """The normalised numbers of one sample, for the independent check."""
    out: dict[tuple[int, At], Number] = {}
    for at in received.shape.list_places():
        here, group = _Pass(layer, note, functions, at), received.units_at(at)
        out |= here.finish(group, [here.measure(group)] * len(group))
    return Field(received.shape, out)


def run_together(
    layer: BatchNorm, *received: Field, notes: Sequence[Note], functions: Functions
) -> list[Field]:
    """The normalised numbers of all samples."""
    shape = received[0].shape
    shared = _Pass(layer, notes[0].shared(), functions)
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
            here = _Pass(layer, note, functions, at)
            out |= here.finish(field.units_at(at), statistics)
        made.append(Field(shape, out))
    return made


def count_three(layer: Norm, shapes: tuple[Shape, ...], shape: Shape) -> int:
    """A number is used for the mean, for the variance, and by itself."""
    del layer, shapes
    return 3 * shape.count


def read_torch(module: Any) -> list[dict[str, Any]]:  # noqa: ANN401  a module of PyTorch
    """The keys of a norm; a batch norm that is in evaluation has given statistics."""
    name = MODULES[type(module).__name__]
    plain: dict[str, Any] = {"type": name, "gain": module.weight}
    if module.eps is not None:
        plain["eps"] = module.eps
    if name != "rms_norm":
        plain["shift"] = module.bias
    if name == "batch_norm":
        if module.running_mean is not None and not module.training:
            given = {"mean": module.running_mean, "var": module.running_var}
            return [plain | {"statistics": "given", **given}]
        return [plain]
    if len(module.normalized_shape) > 1:
        raise SpecError("", "normalized_shape of more than the units has no counterpart")
    if module.eps is None:
        raise SpecError("", "eps=None is another number in each type; give one")
    return [plain]


MODULES = {
    "LayerNorm": "layer_norm",
    "RMSNorm": "rms_norm",
    "BatchNorm1d": "batch_norm",
    "BatchNorm2d": "batch_norm",
}
"""Modules of PyTorch by the layer that they are."""


def _row(name: str, model: type[Any], **more: Any) -> LayerType:  # noqa: ANN401  fields of the row
    return LayerType(
        name,
        model,
        check,
        tensors,
        formulas,
        None,
        run_plain,
        letters=letters,
        signs=SIGNS,
        torch=write_torch,
        torch_read={cls: read_torch for cls, own in MODULES.items() if own == name},
        uses=count_three,
        **more,
    )


LAYER_NORM, RMS_NORM = map(partial(_row), ("layer_norm", "rms_norm"), (CentredNorm, Norm))
BATCH_NORM = _row(
    "batch_norm", BatchNorm, given=list_given, together=formulas_together, coupled=is_coupled,
    plain_together=run_together,
)  # fmt: skip
