"""Gated recurrent unit: h_t = gu h_{t-1} + (1 - gu) gn, as in PyTorch's `GRU`.

PyTorch calls the update gate z, which is the pre-activation here. The candidate is
gn = tanh(W_n x + b_n + gr an) with an = U_n h_{t-1} + bU_n. `reset = "before"` takes gr
times the state first (Cho et al. 2014); `update = "replace"` exchanges gu and 1 - gu.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import msgspec

from derive.algebra.expressions import ONE, Add, Call, Expr, Mul, Name, Neg, add
from derive.errors import SpecError
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
from derive.layers.site import Given, Site, Tensor
from derive.naming import UNIT, Numbering

GATES = ("r", "u", "n")
"""Reset, update, candidate."""


class Gru(Gated, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The letters are r, u and n."""

    reset: Literal["after", "before"] = "after"
    update: Literal["keep", "replace"] = "keep"


def check(layer: Gru, place: str, shapes: tuple[Shape, ...]) -> Shape:
    """The same shapes in every gate."""
    received = check_sequence(layer, place, shapes)
    refuse_activation(layer, place)
    units = check_gates(layer, GATES, place, received)
    check_units(layer.initial, units, f"{place}.initial")
    return give_shape(layer, units, received)


def tensors(layer: Gru) -> tuple[Tensor, ...]:
    """Gate by gate: weights, biases, recurrent weights, recurrent biases."""
    return list_gate_tensors(layer, GATES)


def letters(layer: Gru, *_: object) -> dict[str, Numbering]:
    """Gates have the numbers of their units."""
    own = Numbering(UNIT, (len(layer.weights["r"]),))
    return dict.fromkeys((*(f"{kind}{gate}" for kind in "zg" for gate in GATES), "an"), own)


def list_initial(layer: Gru, *_: object) -> Iterator[Given]:
    """The state of each unit before the first step."""
    return give_states("a", layer.initial, len(layer.weights["r"]))


def formulas(layer: Gru, site: Site) -> Iterator[Quantity]:
    """Step by step reset and update gates, the reset part, the candidate, the state."""
    steps = Steps(layer, site, len(layer.weights["r"]))
    states = steps.initial("a")
    reset = _reset_before if layer.reset == "before" else _reset_after
    for time, received in enumerate(steps.received, 1):
        step = Step(steps, time, received, states, steps.find_held(time, states))
        gates: dict[str, list[Quantity]] = {}
        for gate in ("r", "u"):
            zs = [step.make(f"z{gate}", u, *step.mix_all(gate, u)) for u in step.units]
            gates[gate] = step.squash(f"g{gate}", "sigmoid", zs)
            yield from (*zs, *gates[gate])
        parts, zs = reset(step, [q.id for q in gates["r"]])
        candidates = step.squash("gn", "tanh", zs)
        yield from (*parts, *zs, *candidates)
        pairs = enumerate(zip(gates["u"], candidates, strict=True), 1)
        new = [_move(layer, step, unit, gu.id, gn.id) for unit, (gu, gn) in pairs]
        yield from new
        states = tuple(q.id for q in new)


class Step(msgspec.Struct, frozen=True):
    """One step: what it receives, the states before it, and those held on the way back."""

    steps: Steps
    time: int
    received: tuple[str, ...]
    states: tuple[str, ...]
    held: tuple[str, ...]

    @property
    def units(self) -> range:
        """The units from 1."""
        return range(1, self.steps.units + 1)

    def make(self, letter: str, unit: int, value: Expr, uses: Sequence[str]) -> Quantity:
        """A quantity of this step."""
        held = tuple(name for name in self.held if name in uses)
        return self.steps.site.quantity(letter, unit, value, uses, time=self.time, held=held)

    def mix_all(self, gate: str, unit: int) -> tuple[Expr, list[str]]:
        """W x + b + U h + bU of a gate."""
        terms, uses = self.steps.mix(unit, gate, self.received)
        more, used = self.steps.mix_states(unit, gate, self.states)
        return add(*terms, *more), [*uses, *used]

    def squash(self, letter: str, function: str, zs: Sequence[Quantity]) -> list[Quantity]:
        """A function of the pre-activation of each unit."""
        return [
            self.make(letter, unit, Call(function, (Name(z.id),)), (z.id,))
            for unit, z in enumerate(zs, 1)
        ]


Made = tuple[list[Quantity], list[Quantity]]
"""The reset parts and the pre-activations of the candidates."""


def _reset_after(step: Step, resets: Sequence[str]) -> Made:
    """An = U h + bU, and z = W x + b + gr an."""
    parts, zs = [], []
    for unit, gate in enumerate(resets, 1):
        more, used = step.steps.mix_states(unit, "n", step.states)
        part = step.make("an", unit, add(*more), used)
        terms, uses = step.steps.mix(unit, "n", step.received)
        product = Mul((Name(gate), Name(part.id)))
        zs.append(step.make("zn", unit, add(*terms, product), [*uses, gate, part.id]))
        parts.append(part)
    return parts, zs


def _reset_before(step: Step, resets: Sequence[str]) -> Made:
    """An = gr h, and z = W x + b + U an + bU."""
    parts = [
        step.make("an", unit, Mul((Name(gate), Name(state))), (gate, state))
        for unit, (gate, state) in enumerate(zip(resets, step.states, strict=True), 1)
    ]
    zs = []
    for unit in step.units:
        terms, uses = step.steps.mix(unit, "n", step.received)
        more, used = step.steps.mix_states(unit, "n", [q.id for q in parts])
        zs.append(step.make("zn", unit, add(*terms, *more), [*uses, *used]))
    return parts, zs


def _move(layer: Gru, step: Step, unit: int, update: str, candidate: str) -> Quantity:
    """The new state: a share of the old one, the rest from the candidate."""
    state, rest = step.states[unit - 1], Add((ONE, Neg(Name(update))))
    shares: list[Expr] = [Name(update), rest]
    old, new = shares if layer.update == "keep" else reversed(shares)
    value = Add((Mul((old, Name(state))), Mul((new, Name(candidate)))))
    return step.make("a", unit, value, (update, state, candidate))


def write_torch(layer: Gru, own: Own, shapes: tuple[Shape, ...], shape: Shape) -> TorchText:
    """`nn.GRU`; raises SpecError for a convention that no module of PyTorch has."""
    for key, usual in (("reset", "after"), ("update", "keep")):
        if getattr(layer, key) != usual:
            problem = f'"{getattr(layer, key)}" is in no module of PyTorch; it has "{usual}"'
            raise SpecError(key, problem)
    return write_recurrent(layer, own, shapes, shape, Words("GRU", GATES))


def run_plain(layer: Gru, received: Field, note: Note, functions: Functions) -> Field:
    """The states of one sample, for the independent check."""
    units = range(1, len(layer.weights["r"]) + 1)

    def step(time: int, inputs: States, before: States) -> States:
        gates = {}
        for gate in ("r", "u"):
            for u in units:
                z = receive(layer, gate, u, inputs, note) + remember(layer, gate, u, before, note)
                z = note(f"z{gate}", z, u, time=time)
                gates[gate, u] = note(f"g{gate}", functions("sigmoid", z), u, time=time)
        early = layer.reset == "before"
        parts = [
            note("an", gates["r", u] * before[u - 1] if early
                 else remember(layer, "n", u, before, note), u, time=time)
            for u in units
        ]  # fmt: skip
        states = []
        for u in units:
            more = (
                remember(layer, "n", u, parts, note) if early else (gates["r", u] * parts[u - 1])
            )
            z = note("zn", receive(layer, "n", u, inputs, note) + more, u, time=time)
            new = note("gn", functions("tanh", z), u, time=time)
            share = gates["u", u] if layer.update == "keep" else 1 - gates["u", u]
            state = share * before[u - 1] + (1 - share) * new
            states.append(note("h", state, u, time=time))
        return states

    initial = name_initial(layer.initial, len(units), "h", note)
    return run_steps(layer, received, note, initial, step)


def read_torch(module: Any) -> list[dict[str, Any]]:  # noqa: ANN401  a module of PyTorch
    """The layers of an `nn.GRU`, or its cell."""
    return read_stack(module, "gru", "run")


def write_compact(layer: Gru, letters: Letters) -> Iterator[Line]:
    """A gate like every other: a column for each step, the signals times the inputs."""
    del layer
    yield write_weights(letters, "gates", "Wu")


def say_update(layer: Gru) -> str:
    """The shares of old state and candidate are exchanged where u replaces."""
    return "" if layer.update == "keep" else "_replace"


GRU = LayerType(
    "gru", Gru, check, tensors, formulas, None, run_plain, letters=letters,
    given=list_initial, outputs=choose_states, copied=lambda _: True, read=read_initial,
    kind=SEQUENCE, torch=write_torch, compact=write_compact,
    forward_words=say_update,
    torch_read={"GRU": read_torch, "GRUCell": read_torch},
    signs=sign_gates(GATES, ("r", "u", "n")) | {"an": Sign("a")},
)  # fmt: skip
