"""Long short-term memory: c_t = gf c_{t-1} + gi gc, h_t = go tanh(c_t).

The gates gi, gf, go are sigmoids, the candidate gc a tanh, as in PyTorch's `LSTM`, which
calls the candidate g (Hochreiter and Schmidhuber, with the forget gate of Gers).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from derive.algebra.expressions import Add, Call, Mul, Name, add
from derive.graph import Quantity
from derive.layers.base import LayerType, Sign
from derive.layers.compact import Letters, Line, write_weights
from derive.layers.flatten import refuse_activation
from derive.layers.gates import (
    Gated,
    check_gates,
    list_gate_tensors,
    receive,
    remember,
    sign_gates,
)
from derive.layers.modules import Own, TorchText
from derive.layers.plain import Field, Functions, Note
from derive.layers.recurrent import (
    States,
    Steps,
    check_sequence,
    check_units,
    choose_states,
    give_shape,
    give_states,
    name_initial,
    read_initial,
    run_steps,
)
from derive.layers.recurrent_modules import Words, read_stack, write_recurrent
from derive.layers.shapes import SEQUENCE, Shape
from derive.layers.site import Given, Row, Site, Tensor
from derive.naming import UNIT, Numbering

GATES = {"i": "sigmoid", "f": "sigmoid", "c": "tanh", "o": "sigmoid"}
"""Input, forget, candidate, output, in the order of the page, and what squashes each."""


class Lstm(Gated, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The letters are i, f, c and o; the cell has a state of its own."""

    initial_cell: Row | None = None


def check(layer: Lstm, place: str, shapes: tuple[Shape, ...]) -> Shape:
    """The same shapes in every gate."""
    received = check_sequence(layer, place, shapes)
    refuse_activation(layer, place)
    units = check_gates(layer, tuple(GATES), place, received)
    check_units(layer.initial, units, f"{place}.initial")
    check_units(layer.initial_cell, units, f"{place}.initial_cell")
    return give_shape(layer, units, received)


def tensors(layer: Lstm) -> tuple[Tensor, ...]:
    """Gate by gate: weights, biases, recurrent weights, recurrent biases."""
    return list_gate_tensors(layer, tuple(GATES))


def letters(layer: Lstm, *_: object) -> dict[str, Numbering]:
    """Gates and cells have the numbers of their units."""
    own = Numbering(UNIT, (len(layer.weights["i"]),))
    return dict.fromkeys((*(f"{kind}{gate}" for kind in "zg" for gate in GATES), "c"), own)


def list_initial(layer: Lstm, *_: object) -> Iterator[Given]:
    """State and cell of each unit before the first step."""
    units = len(layer.weights["i"])
    yield from give_states("a", layer.initial, units)
    yield from give_states("c", layer.initial_cell, units)


def formulas(layer: Lstm, site: Site) -> Iterator[Quantity]:
    """Step by step the gates, then cells, then states."""
    steps = Steps(layer, site, len(layer.weights["i"]))
    states, cells = steps.initial("a"), steps.initial("c")
    for time, received in enumerate(steps.received, 1):
        held = steps.find_held(time, states, cells)
        made: dict[str, list[str]] = {}
        for gate, squash in GATES.items():
            zs, gates = [], []
            for unit in range(1, steps.units + 1):
                terms, uses = steps.mix(unit, gate, received)
                more, used = steps.mix_states(unit, gate, states)
                z = site.quantity(f"z{gate}", unit, add(*terms, *more), [*uses, *used],
                                  time=time, held=held)  # fmt: skip
                zs.append(z)
                value = Call(squash, (Name(z.id),))
                gates.append(site.quantity(f"g{gate}", unit, value, (z.id,), time=time))
            yield from (*zs, *gates)
            made[gate] = [q.id for q in gates]
        rows = list(zip(*made.values(), cells, strict=True))
        kept = [
            site.quantity("c", unit, Add((Mul((Name(f), Name(c))), Mul((Name(i), Name(new))))),
                          (f, c, i, new), time=time, held=held)
            for unit, (i, f, new, _, c) in enumerate(rows, 1)
        ]  # fmt: skip
        yield from kept
        cells = tuple(q.id for q in kept)
        given = [
            site.quantity("a", unit, Mul((Name(o), Call("tanh", (Name(c),)))), (o, c), time=time)
            for unit, (o, c) in enumerate(zip(made["o"], cells, strict=True), 1)
        ]
        yield from given
        states = tuple(q.id for q in given)


def write_torch(layer: Lstm, own: Own, shapes: tuple[Shape, ...], shape: Shape) -> TorchText:
    """`nn.LSTM`, which calls the candidate g and has our order of gates."""
    words = Words("LSTM", tuple(GATES), states=("h", "c"))
    return write_recurrent(layer, own, shapes, shape, words)


def run_plain(layer: Lstm, received: Field, note: Note, functions: Functions) -> Field:
    """The states of one sample, for the independent check."""
    units = len(layer.weights["i"])
    cells = name_initial(layer.initial_cell, units, "c", note)

    def step(time: int, inputs: States, before: States) -> States:
        nonlocal cells
        if layer.truncate and time > 1 and (time - 1) % layer.truncate == 0:
            cells = [note.hold("c", c, u, time=time - 1) for u, c in enumerate(cells, 1)]
        gates = {}
        for gate, squash in GATES.items():
            for unit in range(1, units + 1):
                z = receive(layer, gate, unit, inputs, note)
                z += remember(layer, gate, unit, before, note)
                z = note(f"z{gate}", z, unit, time=time)
                gates[gate, unit] = note(f"g{gate}", functions(squash, z), unit, time=time)
        new, states = [], []
        for unit in range(1, units + 1):
            kept = gates["f", unit] * cells[unit - 1]
            cell = kept + gates["i", unit] * gates["c", unit]
            new.append(note("c", cell, unit, time=time))
            state = gates["o", unit] * functions("tanh", new[-1])
            states.append(note("h", state, unit, time=time))
        cells = new
        return states

    return run_steps(layer, received, note, name_initial(layer.initial, units, "h", note), step)


def read_torch(module: Any) -> list[dict[str, Any]]:  # noqa: ANN401  a module of PyTorch
    """The layers of an `nn.LSTM`, or its cell."""
    return read_stack(module, "lstm", "ifco")


def write_compact(layer: Lstm, letters: Letters) -> Iterator[Line]:
    """A gate like every other: a column for each step, the signals times the inputs."""
    del layer
    yield write_weights(letters, "gates_recurrent", "Wi")


LSTM = LayerType(
    "lstm", Lstm, check, tensors, formulas, None, run_plain, letters=letters,
    given=list_initial, outputs=choose_states, copied=lambda _: True, read=read_initial,
    kind=SEQUENCE, torch=write_torch, compact=write_compact,
    torch_read={"LSTM": read_torch, "LSTMCell": read_torch},
    signs=sign_gates(tuple(GATES), ("i", "f", "\\tilde{c}", "\\mathrm{o}"))
    | {"c": Sign("c")},
)  # fmt: skip
