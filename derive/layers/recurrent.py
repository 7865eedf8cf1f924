"""A plain recurrent layer, and what all recurrent layers share.

z_t = W x_t + b + U h_{t-1} + bU, as in PyTorch's `RNN` (Elman, "Finding structure in
time"). The states before the first step are given numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, Literal

import msgspec

from derive.algebra.expressions import Expr, Mul, Name, add
from derive.algebra.literals import Typed
from derive.errors import SpecError, counted, nearest
from derive.graph import Quantity
from derive.layers.base import (
    Given,
    Layer,
    LayerType,
    Own,
    Row,
    Sign,
    Site,
    Stored,
    Tensor,
    TorchText,
    activate,
    refuse,
    store,
)
from derive.layers.dense import check_matrix
from derive.layers.plain import Field, Functions, Note, Number
from derive.layers.shapes import SEQUENCE, At, Shape
from derive.naming import UNIT, Numbering

ZERO = Typed("0")
States = list[Number]


class Recurrent(Layer, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every recurrent layer says of its states."""

    initial: Row | None = None
    outputs: Literal["all", "last"] = "all"
    truncate: int | None = None


class Rnn(Recurrent, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`weights` for what a step receives, `recurrent_weights` for the state before."""

    activation: str = "tanh"
    weights: tuple[Row, ...]
    recurrent_weights: tuple[Row, ...]
    biases: Row | None = None
    recurrent_biases: Row | None = None


def read_initial(plain: dict[str, Any], place: str) -> dict[str, Any]:
    """The keys with an initial state of 0 left out: that is what it is anyway."""
    del place
    keys = ("initial", "initial_cell")
    return {key: value for key, value in plain.items() if key not in keys or value != 0}


def check(layer: Rnn, place: str, shapes: tuple[Shape, ...]) -> Shape:
    """A row of weights and of recurrent weights for each unit."""
    if layer.activation not in ("tanh", "relu"):
        problem = f'rnn takes tanh or relu, got "{layer.activation}"'
        raise SpecError(
            f"{place}.activation", problem + nearest(layer.activation, ("tanh", "relu"))
        )
    units = len(layer.weights)
    received = check_sequence(layer, place, shapes)
    check_matrix(layer.weights, (units, received.units), f"{place}.weights")
    square = "rows are units, columns are the units of the step before"
    check_matrix(layer.recurrent_weights, (units, units), f"{place}.recurrent_weights", square)
    for key in ("biases", "recurrent_biases", "initial"):
        check_units(getattr(layer, key), units, f"{place}.{key}")
    return give_shape(layer, units, received)


def check_sequence(layer: Recurrent, place: str, shapes: tuple[Shape, ...]) -> Shape:
    """The sequence that the layer receives; raises SpecError for anything else."""
    (received,) = shapes
    if received.kind != SEQUENCE:
        raise SpecError(place, f"{layer.type} takes a sequence (steps x features), got {received}")
    if layer.truncate is not None and layer.truncate < 1:
        raise SpecError(f"{place}.truncate", "expected a number of steps from 1")
    return received


def check_units(row: Row | None, units: int, place: str) -> None:
    """Raise SpecError unless a row has a number for each unit."""
    if row is not None and len(row) != units:
        problem = f"expected {counted(units, 'number')}, one per unit, got {len(row)}"
        raise SpecError(place, problem)


def give_shape(layer: Recurrent, units: int, received: Shape) -> Shape:
    """The states of all steps, or of the last one alone."""
    return Shape(units, received.size, SEQUENCE) if layer.outputs == "all" else Shape(units)


def tensors(layer: Rnn) -> tuple[Tensor, ...]:
    """Weights, biases, recurrent weights, recurrent biases."""
    return tuple(list_tensors(layer.weights, layer.biases, layer.recurrent_weights,
                              layer.recurrent_biases))  # fmt: skip


def list_tensors(
    weights: tuple[Row, ...], biases: Row | None, recurrent: tuple[Row, ...], more: Row | None,
    gate: str = "",
) -> Iterator[Tensor]:  # fmt: skip
    """The parameters of one gate, whose letter ends theirs."""
    units = len(weights)
    yield _list_matrix(f"W{gate}", weights, "weight_ih_l0")
    if biases is not None:
        yield Tensor(f"b{gate}", (units,), biases, "bias_ih_l0", is_weight=False)
    yield _list_matrix(f"U{gate}", recurrent, "weight_hh_l0")
    if more is not None:
        yield Tensor(f"bU{gate}", (units,), more, "bias_hh_l0", is_weight=False)


def _list_matrix(letter: str, rows: tuple[Row, ...], attribute: str) -> Tensor:
    return Tensor(letter, (len(rows), len(rows[0])), tuple(chain.from_iterable(rows)), attribute)


def letters(layer: Rnn, *_: object) -> dict[str, Numbering]:
    """A recurrent bias has the number of its unit."""
    return {"bU": Numbering(UNIT, (len(layer.weights),))}


def list_initial(layer: Rnn, *_: object) -> Iterator[Given]:
    """The state of each unit before the first step."""
    return give_states("a", layer.initial, len(layer.weights))


def give_states(letter: str, typed: Row | None, units: int) -> Iterator[Given]:
    """Given states of all units, 0 unless said."""
    for unit, number in enumerate(typed or (ZERO,) * units, 1):
        yield Given(letter, "initial", (unit,), number, 0)


class Steps:
    """The steps of a recurrent layer: the ids of its states, and what each step receives."""

    def __init__(self, layer: Recurrent, site: Site, units: int) -> None:
        """Start with the given states."""
        self.layer, self.site, self.units = layer, site, units
        (taken,) = site.taken
        self.received = [taken.at_place(at) for at in taken.shape.list_places()]

    def initial(self, letter: str) -> tuple[str, ...]:
        """The ids of the states before the first step."""
        return tuple(self.site.given(letter, (unit,), 0) for unit in range(1, self.units + 1))

    def find_held(self, time: int, *states: Sequence[str]) -> tuple[str, ...]:
        """The states that a step takes as constants on the way back."""
        cut = self.layer.truncate and time > 1 and (time - 1) % self.layer.truncate == 0
        return tuple(name for row in states for name in row) if cut else ()

    def own(self, letter: str, unit: int, width: int) -> tuple[str, ...]:
        """The ids of a row of a matrix."""
        return self.site.own[letter][(unit - 1) * width : unit * width]

    def mix(self, unit: int, gate: str, received: Sequence[str]) -> tuple[list[Expr], list[str]]:
        """The terms of W x + b of a unit, and what they use."""
        return self._mix(f"W{gate}", f"b{gate}", unit, received)

    def mix_states(
        self, unit: int, gate: str, states: Sequence[str]
    ) -> tuple[list[Expr], list[str]]:
        """The terms of U h + bU of a unit, and what they use."""
        return self._mix(f"U{gate}", f"bU{gate}", unit, states)

    def _mix(
        self, matrix: str, bias: str, unit: int, sources: Sequence[str]
    ) -> tuple[list[Expr], list[str]]:
        row = self.own(matrix, unit, len(sources))
        terms: list[Expr] = [Mul((Name(w), Name(x))) for w, x in zip(row, sources, strict=True)]
        uses = [*row, *sources]
        if bias in self.site.own:
            name = self.site.own[bias][unit - 1]
            terms.append(Name(name))
            uses.append(name)
        return terms, uses


def formulas(layer: Rnn, site: Site) -> Iterator[Quantity]:
    """Step by step the pre-activations of all units, then their states."""
    steps = Steps(layer, site, len(layer.weights))
    before = steps.initial("a")
    for time, received in enumerate(steps.received, 1):
        held, states = steps.find_held(time, before), []
        made = []
        for unit in range(1, steps.units + 1):
            terms, uses = steps.mix(unit, "", received)
            more, used = steps.mix_states(unit, "", before)
            z = site.quantity("z", unit, add(*terms, *more), [*uses, *used], time=time, held=held)
            made.append(z)
            states.append(
                site.quantity("a", unit, activate(layer, Name(z.id)), (z.id,), time=time)
            )
        yield from (*made, *states)
        before = tuple(q.id for q in states)


def choose_states(site: Site, made: Sequence[Quantity]) -> tuple[str, ...]:
    """The states of all steps, unit by unit; or those of the last step."""
    states = [q for q in made if q.role == "activation"]
    last = max(q.place.time or 0 for q in states)
    if site.shape.kind != SEQUENCE:
        return tuple(q.id for q in states if q.place.time == last)
    order = {site.shape.find(q.place.index[0], (q.place.time or 0,)): q.id for q in states}
    return tuple(order[position] for position in range(len(order)))


def write_torch(layer: Rnn, own: Own, shapes: tuple[Shape, ...], shape: Shape) -> TorchText:
    """`nn.RNN`, or its cell step by step where states are cut."""
    made = f"nonlinearity={layer.activation!r}"
    return write_recurrent(layer, own, shapes, shape, Words("RNN", ("",), made))


class Words(msgspec.Struct, frozen=True):
    """What PyTorch calls a recurrent layer, the letters of its gates in its order, and more."""

    name: str
    gates: tuple[str, ...]
    more: str = ""
    states: tuple[str, ...] = ("h",)


def write_recurrent(
    layer: Recurrent, own: Own, shapes: tuple[Shape, ...], shape: Shape, words: Words
) -> TorchText:
    """A recurrent module, its gates one under the other, and the given states."""
    units, width = shape.units, shapes[0].units
    has_bias = any(f"{letter}{words.gates[0]}" in own for letter in ("b", "bU"))
    stored = tuple(_store_gates(own, units, words, "" if layer.truncate else "_l0"))
    more = ", ".join(filter(None, [words.more, "" if has_bias else "bias=False"]))
    more = f", {more}" if more else ""
    given = [
        f"torch.tensor([{', '.join(map(str, row or (ZERO,) * units))}], dtype=torch.float64)"
        for row in [layer.initial, getattr(layer, "initial_cell", None)][: len(words.states)]
    ]
    last = "[:, -1]" if layer.outputs == "last" else ""
    if layer.truncate:
        run = _write_steps(layer.truncate, given, units, words.states, last)
        create = f"nn.{words.name}Cell({width}, {units}{more})"
        return TorchText(run, create, stored, inside=True)
    states = [f"{text}.expand(1, len({{x0}}), {units}).contiguous()" for text in given]
    joined = states[0] if len(states) == 1 else f"({', '.join(states)})"
    create = f"nn.{words.name}({width}, {units}, batch_first=True{more})"
    run = (f"{{y}} = {{m}}({{x0}}, {joined})[0]{last}",)
    return TorchText(run, create, stored, inside=True)


def _store_gates(own: Own, units: int, words: Words, end: str) -> Iterator[Stored]:
    """Weights and biases as the module has them; a bias that only PyTorch needs is 0."""
    has_bias = any(f"{letter}{words.gates[0]}" in own for letter in ("b", "bU"))
    kinds = (("W", "weight_ih"), ("U", "weight_hh"), ("b", "bias_ih"), ("bU", "bias_hh"))
    for letter, attribute in kinds:
        if f"{letter}{words.gates[0]}" in own:
            letters = (f"{letter}{gate}" for gate in words.gates)
            yield store(own, f"{attribute}{end}", *letters)
        elif has_bias:
            count = units * len(words.gates)
            yield Stored(f"{attribute}{end}", (count,), ("0",) * count)


def _write_steps(
    most: int, given: list[str], units: int, states: tuple[str, ...], last: str
) -> tuple[str, ...]:
    """The cell step by step; after `most` steps what enters is cut off on the way back."""
    names = ", ".join(states)
    taken = names if len(states) == 1 else f"({names})"
    start = [f"{text}.expand(len({{x0}}), {units})" for text in given]
    return (
        f"{names} = {', '.join(start)}",
        "steps = []",
        "for t in range({x0}.shape[1]):",
        f"    if t and t % {most} == 0:",
        f"        {names} = {', '.join(f'{name}.detach()' for name in states)}",
        f"    {names} = {{m}}({{x0}}[:, t], {taken})",
        "    steps.append(h)",
        f"{{y}} = torch.stack(steps, dim=1){last}",
    )


def run_plain(layer: Rnn, received: Field, note: Note, functions: Functions) -> Field:
    """The states of one sample, for the independent check."""
    before = name_initial(layer.initial, len(layer.weights), "h", note)

    def step(time: int, inputs: States, before: States) -> States:
        zs = []
        for unit in range(1, len(layer.weights) + 1):
            z = weigh(layer.weights, "W", unit, inputs, note)
            z += weigh(layer.recurrent_weights, "U", unit, before, note)
            z += add_bias(layer.biases, "b", unit, note)
            zs.append(note("z", z + add_bias(layer.recurrent_biases, "bU", unit, note), unit,
                           time=time))  # fmt: skip
        return [
            note("h", h, unit, time=time)
            for unit, h in enumerate(functions.activate(layer, zs), 1)
        ]

    return run_steps(layer, received, note, before, step)


def name_initial(typed: Row | None, units: int, letter: str, note: Note) -> States:
    """The given states."""
    row = typed or (ZERO,) * units
    return [note.given(letter, number, unit, time=0) for unit, number in enumerate(row, 1)]


def weigh(rows: tuple[Row, ...], letter: str, unit: int, sources: States, note: Note) -> Number:
    """A row of a matrix times what it receives."""
    pairs = enumerate(zip(rows[unit - 1], sources, strict=True), 1)
    return sum(note.parameter(letter, typed, unit, at) * value for at, (typed, value) in pairs)


def add_bias(row: Row | None, letter: str, unit: int, note: Note) -> Number:
    """The bias of a unit, 0 where there is none."""
    return note.parameter(letter, row[unit - 1], unit) if row is not None else 0


def run_steps(
    layer: Recurrent, received: Field, note: Note, before: States,
    step: Callable[[int, States, States], States],
) -> Field:  # fmt: skip
    """The states after each step; one that enters a cut step is held."""
    out: dict[tuple[int, At], Number] = {}
    times = received.shape.size[0]
    for time in range(1, times + 1):
        if layer.truncate and time > 1 and (time - 1) % layer.truncate == 0:
            before = [note.hold("h", h, u, time=time - 1) for u, h in enumerate(before, 1)]
        before = step(time, received.units_at((time,)), before)
        out |= {(unit, (time,)): h for unit, h in enumerate(before, 1)}
    if layer.outputs == "all":
        return Field(Shape(len(before), (times,), SEQUENCE), out)
    return Field(Shape(len(before)), {(u, ()): h for u, h in enumerate(before, 1)})


def read_torch(module: Any) -> list[dict[str, Any]]:  # noqa: ANN401  a module of PyTorch
    """The layers of an `nn.RNN`."""
    return [plain | {"activation": module.nonlinearity} for plain in read_stack(module, "rnn", "")]


def read_stack(module: Any, name: str, gates: str) -> list[dict[str, Any]]:  # noqa: ANN401
    """Every layer of a recurrent stack, its gates taken apart in PyTorch's order."""
    refuse(module, bidirectional=False, proj_size=0, dropout=0.0)
    keys = {
        "weights": "weight_ih", "recurrent_weights": "weight_hh",
        "biases": "bias_ih", "recurrent_biases": "bias_hh",
    }  # fmt: skip
    layers = []
    for number in range(getattr(module, "num_layers", 1)):
        end = f"_l{number}" if hasattr(module, "num_layers") else ""
        plain: dict[str, Any] = {"type": name}
        for key, attribute in keys.items():
            tensor = getattr(module, attribute + end, None)
            if tensor is not None:
                parts = tensor.chunk(max(len(gates), 1))
                plain[key] = dict(zip(gates, parts, strict=True)) if gates else parts[0]
        layers.append(plain)
    return layers


RNN = LayerType(
    "rnn", Rnn, check, tensors, formulas, None, run_plain, letters=letters,
    given=list_initial, outputs=choose_states, copied=lambda _: True, read=read_initial,
    kind=SEQUENCE, torch=write_torch,
    torch_read={"RNN": read_torch}, signs={"U": Sign("U"), "bU": Sign("b", "U")},
)  # fmt: skip
