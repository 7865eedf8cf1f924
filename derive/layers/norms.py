"""What the norms share: numbers less their mean, divided by their standard deviation.

eps stands inside the root and the variance divides by n, as in PyTorch. `layer_norm.py`
and `rms_norm.py` take the units of one place, `batch_norm.py` one unit everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec

from derive.algebra.expressions import Add, Call, Div, Expr, Mul, Name, Neg, Num, Pow, add
from derive.algebra.literals import Typed
from derive.errors import SpecError, counted
from derive.graph import Quantity
from derive.layers.base import Sign, check_activation, has_activation, list_activations
from derive.layers.modules import CONTAINER, Own, TorchText, store
from derive.layers.plain import Field, Functions, Note, Number, activate_at
from derive.layers.shapes import SEQUENCE, VECTOR, At, Shape
from derive.layers.site import Layer, Row, Site, Tensor
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


def check(layer: Norm, place: str, shapes: tuple[Shape, ...]) -> Shape:
    """Two units or more, which one place normalises."""
    received = check_rows(layer, place, shapes, ("gain", "shift"))
    if received.units == 1:
        problem = f"{layer.type} of one unit is constant; give two units or more"
        raise SpecError(place, problem)
    return received


def check_rows(layer: Norm, place: str, shapes: tuple[Shape, ...], keys: tuple[str, ...]) -> Shape:
    """A number for each unit, or none; an eps that is not negative."""
    (received,) = shapes
    for key in keys:
        row = getattr(layer, key, None)
        if row is not None and len(row) != received.units:
            problem = f"expected {counted(received.units, 'number')}, one per unit, got {len(row)}"
            raise SpecError(f"{place}.{key}", problem)
    if eps_of(layer).exact < 0:
        raise SpecError(f"{place}.eps", f"expected 0 or a number above it, got {layer.eps}")
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
        statistics = list(Group(layer, site, (), at).measure(names))
        yield from statistics
        centre = statistics[0].id if isinstance(layer, CentredNorm) else ""
        ends = (centre, statistics[-1].id)
        rows = [normalise(site, unit, name, ends, at) for unit, name in enumerate(names, 1)]
        yield from rows
        yield from hand_on(layer, site, [q.id for q in rows], at)


class Group(msgspec.Struct, frozen=True):
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


def normalise(site: Site, unit: int, name: str, statistics: tuple[str, str], at: At) -> Quantity:
    """A number less the mean, if there is one, over the deviation."""
    mean, deviation = statistics
    top: Expr = Add((Name(name), Neg(Name(mean)))) if mean else Name(name)
    uses = [used for used in (name, mean, deviation) if used]
    return site.quantity("n", unit, Div(top, Name(deviation)), uses, at=at)


def hand_on(layer: Norm, site: Site, names: Sequence[str], at: At) -> Iterator[Quantity]:
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


def name_received(shape: Shape) -> str:
    """What a norm receives in PyTorch, the units last."""
    return "{x0}" if _has_units_last(shape) else "{x0}.movedim(1, -1)"


def _has_units_last(shape: Shape) -> bool:
    return shape.kind in (VECTOR, SEQUENCE)


def write_norm(own: Own, shape: Shape, *normalised: str) -> TorchText:
    """The lines that make `y`, then gain and shift; the units where the layer has them."""
    stored = tuple(store(own, letter, letter) for letter in ("gain", "shift") if letter in own)
    run = list(normalised)
    run += ["y = y * {m}.gain"] if "gain" in own else []
    run += ["y = y + {m}.shift"] if "shift" in own else []
    back = "" if _has_units_last(shape) else ".movedim(-1, 1)"
    return TorchText((*run, f"{{y}} = y{back}"), CONTAINER, stored)


def count_less(layer: CentredNorm) -> int:
    """What the variance divides by less than n."""
    return int(layer.variance == "unbiased")


class Pass(msgspec.Struct, frozen=True):
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
        here, group = Pass(layer, note, functions, at), received.units_at(at)
        out |= here.finish(group, [here.measure(group)] * len(group))
    return Field(received.shape, out)


def count_three(layer: Norm, shapes: tuple[Shape, ...], shape: Shape) -> int:
    """A number is used for the mean, for the variance, and by itself."""
    del layer, shapes
    return 3 * shape.count


def read_norm(name: str, module: Any) -> dict[str, Any]:  # noqa: ANN401  a module of PyTorch
    """What every norm of PyTorch says."""
    eps = {} if module.eps is None else {"eps": module.eps}
    return {"type": name, "gain": module.weight, **eps}


def read_units(name: str, module: Any) -> dict[str, Any]:  # noqa: ANN401  a module of PyTorch
    """The same of one that takes the units of a place; raises SpecError for more than these."""
    if len(module.normalized_shape) > 1:
        raise SpecError("", "normalized_shape of more than the units has no counterpart")
    if module.eps is None:
        raise SpecError("", "eps=None is another number in each type; give one")
    return read_norm(name, module)
