"""A plain recurrent layer: z_t = W x_t + b + U h_{t-1} + bU.

As in PyTorch's `RNN` (Elman, "Finding structure in time").
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from derive.algebra.expressions import Name, add
from derive.errors import SpecError, nearest
from derive.graph import Quantity
from derive.layers.base import LayerType, Sign, activate
from derive.layers.compact import Letters, Line, write_weights
from derive.layers.dense import check_matrix
from derive.layers.modules import Own, TorchText
from derive.layers.plain import Field, Functions, Note
from derive.layers.recurrent import (
    Recurrent,
    States,
    Steps,
    add_bias,
    check_sequence,
    check_units,
    choose_states,
    give_shape,
    give_states,
    list_tensors,
    name_initial,
    read_initial,
    run_steps,
    weigh,
)
from derive.layers.recurrent_modules import Words, read_stack, write_recurrent
from derive.layers.shapes import SEQUENCE, Shape
from derive.layers.site import Given, Row, Site, Tensor
from derive.naming import UNIT, Numbering


class Rnn(Recurrent, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`weights` for what a step receives, `recurrent_weights` for the state before."""

    activation: str = "tanh"
    weights: tuple[Row, ...]
    recurrent_weights: tuple[Row, ...]
    biases: Row | None = None
    recurrent_biases: Row | None = None


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


def tensors(layer: Rnn) -> tuple[Tensor, ...]:
    """Weights, biases, recurrent weights, recurrent biases."""
    return tuple(list_tensors(layer.weights, layer.biases, layer.recurrent_weights,
                              layer.recurrent_biases))  # fmt: skip


def letters(layer: Rnn, *_: object) -> dict[str, Numbering]:
    """A recurrent bias has the number of its unit."""
    return {"bU": Numbering(UNIT, (len(layer.weights),))}


def list_initial(layer: Rnn, *_: object) -> Iterator[Given]:
    """The state of each unit before the first step."""
    return give_states("a", layer.initial, len(layer.weights))


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


def write_torch(layer: Rnn, own: Own, shapes: tuple[Shape, ...], shape: Shape) -> TorchText:
    """`nn.RNN`, or its cell step by step where states are cut."""
    made = f"nonlinearity={layer.activation!r}"
    return write_recurrent(layer, own, shapes, shape, Words("RNN", ("",), made))


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


def read_torch(module: Any) -> list[dict[str, Any]]:  # noqa: ANN401  a module of PyTorch
    """The layers of an `nn.RNN`."""
    return [plain | {"activation": module.nonlinearity} for plain in read_stack(module, "rnn", "")]


def write_compact(layer: Rnn, letters: Letters) -> Iterator[Line]:
    """A column for each step: the signals times the inputs."""
    del layer
    yield write_weights(letters, "steps_recurrent")


RNN = LayerType(
    "rnn", Rnn, check, tensors, formulas, None, run_plain, letters=letters,
    given=list_initial, outputs=choose_states, copied=lambda _: True, read=read_initial,
    kind=SEQUENCE, torch=write_torch,
    torch_read={"RNN": read_torch}, signs={"U": Sign("U"), "bU": Sign("b", "U")},
    compact=write_compact,
)  # fmt: skip
