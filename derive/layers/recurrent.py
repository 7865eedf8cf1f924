"""What all recurrent layers share: states from step to step, the first ones given, cuts.

`rnn.py`, `lstm.py` and `gru.py` say what a step computes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, Literal

from derive.algebra.expressions import Expr, Mul, Name
from derive.algebra.literals import Typed
from derive.errors import SpecError, counted
from derive.graph import Quantity
from derive.layers.plain import Field, Note, Number
from derive.layers.shapes import SEQUENCE, At, Shape
from derive.layers.site import Given, Layer, Row, Site, Tensor

ZERO = Typed("0")
States = list[Number]


class Recurrent(Layer, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every recurrent layer says of its states."""

    initial: Row | None = None
    outputs: Literal["all", "last"] = "all"
    truncate: int | None = None


def read_initial(plain: dict[str, Any], place: str) -> dict[str, Any]:
    """The keys with an initial state of 0 left out: that is what it is anyway."""
    del place
    keys = ("initial", "initial_cell")
    return {key: value for key, value in plain.items() if key not in keys or value != 0}


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


def choose_states(site: Site, made: Sequence[Quantity]) -> tuple[str, ...]:
    """The states of all steps, unit by unit; or those of the last step."""
    states = [q for q in made if q.role == "activation"]
    last = max(q.place.time or 0 for q in states)
    if site.shape.kind != SEQUENCE:
        return tuple(q.id for q in states if q.place.time == last)
    order = {site.shape.find(q.place.index[0], (q.place.time or 0,)): q.id for q in states}
    return tuple(order[position] for position in range(len(order)))


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
