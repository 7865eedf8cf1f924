"""A sheet to fill in that asks for matrices: one entry worked, then a blank for each entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from derive.algebra.expressions import Add, Expr, Mul, Name, Value
from derive.pages import vectors
from derive.pages.document import Block, Lines, Part, Row
from derive.pages.layer_matrices import id_of
from derive.pages.matrices import Matrices
from derive.pages.transposing import show_rows_convention
from derive.pages.writing import with_values

if TYPE_CHECKING:
    from derive.pages.network import NetworkSheet


def go_forward(sheet: NetworkSheet, matrices: Matrices) -> Iterator[Block]:
    """Layer by layer all samples at once, then the errors."""
    yield sheet.heading("forward")
    yield from sheet.define()
    yield sheet.say("one_entry")
    for layer in range(1, matrices.depth + 1):
        for which, write in ((0, matrices.preactivations), (1, matrices.activations)):
            first = id_of(matrices.units(layer, which).rows[0][0])
            yield from sheet.write.block(sheet.steps(first))
            yield from write(layer)
    if matrices.many:
        yield sheet.say("ones")
    yield from sheet.error(sheet.graph.roots[0])
    yield from sheet.samples.errors()


def go_back(sheet: NetworkSheet, matrices: Matrices) -> Iterator[Block]:
    """For each layer the chain of its first unit, then the signals and gradients of all."""
    root = sheet.graph.roots[0]
    yield sheet.heading("backward")
    for layer in range(matrices.depth, 0, -1):
        units = sheet.layers[0][layer - 1]
        yield sheet.heading_of_layer(layer)
        if sheet.chain.is_vector(units[0][1]):
            yield from vectors.write_errors_and_slopes(sheet, root, units)
            yield from vectors.write_signal(sheet, root, units)
        else:
            yield from sheet.follow(root, units[0], first=True)
        own = sheet.own_parameters(root, units[0][0])
        yield from sheet.worked_weight(root, units[0], own[0])
        yield from matrices.signal(layer)
        if matrices.many:
            yield sheet.say(f"reduction_{sheet.spec.reduction}")
            yield _add_samples(sheet, matrices, layer)
        yield from matrices.gradients(layer)
    if matrices.depth > 1:
        yield sheet.say("induction")
    yield from show_rows_convention(sheet)


def _add_samples(sheet: NetworkSheet, matrices: Matrices, layer: int) -> Lines:
    """The first entry of a gradient: the sum over the samples of signal times what came in."""
    weight = id_of(matrices.weights(layer).rows[0][0])
    name = sheet.graph.derivative(sheet.graph.data, weight)
    signals = matrices.errors_by(matrices.units(layer, 0)).rows[0]
    pairs = zip(signals, matrices.inputs(layer).rows[0], strict=True)
    total: Expr = Add(tuple(map(Mul, pairs)))
    formula = matrices.shared(Mul((total,))) if sheet.spec.reduction == "mean" else total
    parts = (Part("=", formula), Part("=", with_values(formula)), Part("is", Value(name)))
    return Lines((Row(Name(name), parts, of=name),))


def update(sheet: NetworkSheet, matrices: Matrices) -> Iterator[Block]:
    """The new value of the first weight, then all of them layer by layer."""
    yield sheet.heading("update")
    yield sheet.say("update")
    first = sheet.graph.after(sheet.graph.parameters[0], 1)
    yield from sheet.write.block(sheet.steps(first))
    yield from matrices.update()
