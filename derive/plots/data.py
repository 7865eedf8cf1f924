"""What the plots show, as decimal texts; every one is a certified number of the exercise.

A coordinate has 12 significant digits (or is complete), a label is the printed
number of the sheet.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from derive.errors import SpecError, excerpt, nearest
from derive.graph import Block
from derive.numbers import Shown, balls
from derive.numbers.balls import ZERO, Undecided, Value, decide
from derive.numbers.passes import build_passes
from derive.numbers.rounding import show, write_for_key
from derive.numbers.run import State, follow_run
from derive.pages import Worksheet
from derive.plots.slices import COORDINATE_DIGITS, Slice, compute_slice, list_parameters
from derive.spec import override

TRAINING, GRADIENTS = "training", "gradients"


class TrainingCurve(msgspec.Struct, frozen=True):
    """The error (a circuit: its output) after 0, 1, 2, ... updates; the ends as printed.

    `total` is its id before any update, `last_total` after all of them: `E_total@9`.
    """

    total: str
    last_total: str
    errors: tuple[str, ...]
    first: Shown
    last: Shown


class LayerSize(msgspec.Struct, frozen=True):
    """The Euclidean norm of the gradients by the weights of a layer, counted from 1."""

    number: int
    size: str
    shown: Shown


class GradientSizes(msgspec.Struct, frozen=True):
    """The norms of all layers before any update, the first layer first."""

    total: str
    layers: tuple[LayerSize, ...]


Data = TrainingCurve | GradientSizes | Slice


def compute_data(sheet: Worksheet, what: str) -> Data:
    """The numbers of a plot: `training`, `gradients`, or the id of a parameter.

    Raises SpecError for any other name, with the nearest one, and where there
    is nothing to plot.
    """
    if sheet.graph.presented is not None:
        raise SpecError(
            "kind", "a perceptron has no error that could be plotted; take: derive train SPEC"
        )
    if what == TRAINING:
        return compute_training(sheet)
    if what == GRADIENTS:
        return compute_sizes(sheet)
    known = list_parameters(sheet)
    if what not in known:
        hint = nearest(what, (TRAINING, GRADIENTS, *known))
        raise SpecError(excerpt(what), f"nothing to plot has this name{hint}")
    return compute_slice(sheet, what)


def compute_training(sheet: Worksheet) -> TrainingCurve:
    """One point for each update of the spec's `steps`; raises SpecError where there are none."""
    total = sheet.graph.total

    def ask(state: State) -> tuple[str, Shown]:
        return write_for_key(state.error, COORDINATE_DIGITS), state.show(total)

    errors, printed = zip(*follow_run(sheet.spec, ask), strict=True)
    last = sheet.graph.after(total, len(errors) - 1)
    return TrainingCurve(total, last, errors, printed[0], printed[-1])


def compute_sizes(sheet: Worksheet) -> GradientSizes:
    """A norm for each layer; raises SpecError for a circuit, which has no layers."""
    spec, all_blocks = sheet.spec, sheet.graph.blocks
    blocks = [block for block in all_blocks if block.sample == all_blocks[0].sample]
    if not blocks or sheet.graph.presented is not None:
        raise SpecError(GRADIENTS, "a circuit has no layers; plot training or one of its values")
    if not spec.steps:
        spec = override(spec, {"learning_rate": "1"})
    passes = build_passes(spec, update=True)

    def ask() -> tuple[LayerSize, ...]:
        gradients = passes.run_backward(passes.run_forward({}))
        return tuple(
            _measure_layer(block.layer, [gradients[p] for p in weights], spec.decimals)
            for block in blocks
            if (weights := _list_weights(sheet, block))
        )

    try:
        return GradientSizes(sheet.graph.objective, decide(ask, sheet.numbers.bits))
    except Undecided:
        raise SpecError(GRADIENTS, "the size of a gradient cannot be decided") from None


def _list_weights(sheet: Worksheet, block: Block) -> list[str]:
    """The parameters of a layer that multiply something: all but biases and shifts."""
    letters = {name: sheet.graph[name].place.letter for name in block.parameters}
    return [name for name, letter in letters.items() if letter[0] != "b" and letter != "shift"]


def _measure_layer(number: int, values: Sequence[Value], decimals: int) -> LayerSize:
    squares = sum((value * value for value in values if value != 0), ZERO)
    norm = balls.square_root(squares)
    return LayerSize(number, write_for_key(norm, COORDINATE_DIGITS), show(norm, decimals))
