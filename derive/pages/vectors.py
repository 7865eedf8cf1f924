"""A layer whose activations depend on all of its pre-activations, such as softmax."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from derive.algebra import vectors
from derive.algebra.cancellations import cancel_vector_slopes
from derive.algebra.expressions import ZERO, Add, Expr, Matrix, Mul, Name, Neg, Transposed
from derive.ops import VECTOR_ACTIVATIONS
from derive.pages.cancelling import equal_lines
from derive.pages.document import Block, Cell, Grid, Lines, Part, Row, Words, cell

if TYPE_CHECKING:
    from derive.pages.network import NetworkSheet
    from derive.pages.proofs import ProofSheet
    from derive.pages.units import Unit

MOST_IN_MATRIX = 4
"""Units up to which the table of slopes is also written with matrices."""
MOST_WRITTEN = 6
"""Units up to which the sum over all outputs is followed line by line."""


def write_layer(sheet: NetworkSheet, root: str, units: list[Unit]) -> Iterator[Block]:
    """The errors by the outputs, all slopes, then the error signal and weights of each unit."""
    yield from write_errors_and_slopes(sheet, root, units)
    for index, unit in enumerate(units):
        if index == 0:
            yield from write_signal(sheet, root, units)
        else:
            yield sheet.say("next_unit", unit=Name(unit[1]))
            yield from sheet.signal(root, unit[0], sheet.treatment(first=False))
        yield from sheet.weights(root, unit, last=unit == units[-1], first=index == 0)


def write_errors_and_slopes(sheet: NetworkSheet, root: str, units: list[Unit]) -> Iterator[Block]:
    """The chain of the first unit, the error by each output, every output by every sum."""
    z = units[0][0]
    own = sheet.own_parameters(root, z)
    if own:
        slots = {"weight": Name(own[0]), "z": Name(z), "error": Name(root)}
        yield sheet.say("chain_coupled", **slots, count=str(len(units)))
        gradient = sheet.write.step(sheet.graph.derivative(root, own[0]))
        assert gradient.expr is not None
        yield Lines((Row(Name(gradient.id), (Part("=", gradient.expr),)),))
    else:
        yield sheet.say("chain_coupled_alone", z=Name(z), count=str(len(units)))
    for index, unit in enumerate(units):
        yield from sheet.first_factor(root, unit, first=index == 0)
    yield from write_slopes(sheet, units)


def write_signal(sheet: NetworkSheet, root: str, units: list[Unit]) -> Iterator[Block]:
    """The error signal of the first unit, and what cancels in it."""
    z = units[0][0]
    key = "signal_coupled" if sheet.own_parameters(root, z) else "signal_coupled_alone"
    yield sheet.say(key, z=Name(z), count=str(len(units)))
    yield from sheet.signal(root, z, sheet.treatment(first=True))
    yield from write_cancellation(sheet, root, units)


def write_slopes(sheet: NetworkSheet, units: list[Unit]) -> Iterator[Block]:
    """Every output by every pre-activation: one of each case worked, then all as a table."""
    zs, graph = [z for z, _ in units], sheet.graph
    (z, a), (other, _) = units[:2]
    yield sheet.say("jacobian", output=Name(a), z=Name(z), other=Name(other))
    treatment = sheet.treatment(first=True)
    worked = (graph.derivative(a, z), graph.derivative(a, other))
    yield from sheet.write.block(sheet.steps(*worked), treatment)
    others = [graph.derivative(o, by) for _, o in units for by in zs]
    rest = sheet.treatment(first=False)
    yield from sheet.write.block(sheet.steps(*(n for n in others if n not in worked)), rest)
    yield sheet.say("jacobian_table")
    heads = (Words("column.slope_of"), *(Words("column.by", {"z": Name(by)}) for by in zs))
    rows = tuple((cell(Name(o)), *(_write_entry(sheet, o, by) for by in zs)) for _, o in units)
    yield Grid(heads, rows)
    yield sheet.say(VECTOR_ACTIVATIONS[sheet.graph[a].vector].table)
    if sheet.graph[a].vector == "softmax" and len(units) <= MOST_IN_MATRIX:
        yield Lines((Row(None, (Part("=", _subtract_outer_product([o for _, o in units])),)),))


def _subtract_outer_product(outputs: list[str]) -> Expr:
    """Diag(o) - o o^T with its entries; the proof of both cases is that of the table."""
    column = Matrix(tuple((Name(o),) for o in outputs))
    diagonal = Matrix(
        tuple(
            tuple(Name(o) if row == at else ZERO for at, o in enumerate(outputs))
            for row in range(len(outputs))
        )
    )
    return Add((diagonal, Neg(Mul((column, Transposed(column))))))


def _write_entry(sheet: NetworkSheet, output: str, z: str) -> Cell:
    """A slope: its number where the page holds answers, else the id that it has."""
    name = sheet.graph.derivative(output, z)
    if sheet.level != "full":
        return cell(Name(name))
    return Row(None, (sheet.write.value(name),))


def write_cancellation(sheet: NetworkSheet, root: str, units: list[Unit]) -> Iterator[Block]:
    """The lines from the sum over all outputs to what is left of it, where anything cancels."""
    if sheet.chain.list_receivers(units[0][1]):
        return
    outputs = [a for _, a in units]
    targets = [sheet.graph[e].uses[0] for e in sheet.graph[root].uses]
    lines = cancel_vector_slopes(
        sheet.graph.loss, sheet.graph[outputs[0]].vector, tuple(outputs), tuple(targets)
    )
    if not lines:
        return
    yield sheet.say("cancels_coupled", result=lines[-1].expr)
    if len(units) > MOST_WRITTEN:
        return
    yield Lines(tuple(equal_lines(Name(sheet.graph.derivative(root, units[0][0])), lines)))


def write_proof(sheet: ProofSheet, name: str, units: list[Unit]) -> Iterator[Block]:
    """Both cases of the slope, each from its question on, and what a shift of all changes."""
    chain = sheet.derivation.chain
    assert chain is not None
    zs, outputs = [z for z, _ in units], [a for _, a in units]
    activation = Words(f"activation.{name}")
    yield sheet.under("proof_coupled", activation=activation)
    top = sheet.graph[outputs[0]]
    total = vectors.sum_exponentials(zs)
    yield sheet.say("sum_of_exponentials")
    unit = chain.choose_units(top, zs[0])
    yield Lines(
        (
            Row(Name(outputs[0]), (Part("=", unit.put(VECTOR_ACTIVATIONS[name].unit)),)),
            Row(Name(vectors.SUM), (Part("=", total),)),
        )
    )
    for key, by in (("case_own", zs[0]), ("case_other", zs[1])):
        yield sheet.say(key, output=Name(outputs[0]), z=Name(by))
        question, *lines = vectors.write_lines(name, chain.choose_units(top, by))
        yield Lines(tuple(equal_lines(question.expr, lines)))
    yield sheet.say("shift")
    question, *lines = vectors.write_shift(name)
    yield Lines(tuple(equal_lines(question.expr, lines)))
