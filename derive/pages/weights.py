"""The weights into one unit as a table whose columns are the factors."""

from __future__ import annotations

import msgspec

from derive.algebra.expressions import Name, Value
from derive.pages.document import Grid, Level, Part, Row, Words, blank, cell
from derive.pages.writing import Writer

COLUMNS = tuple(Words(f"column.{key}") for key in ("weight", "signal", "last_factor", "gradient"))


class Receiver(msgspec.Struct, frozen=True):
    """A unit's pre-activation and the error that is differentiated."""

    root: str
    z: str


def weight_table(
    write: Writer, level: Level, receiver: Receiver, parameters: list[str], bare: str | None
) -> Grid:
    """One row per parameter; of `bare` only the name is given, except at level full."""
    rows = []
    for parameter in parameters:
        if level == "full":
            rows.append(_worked(write, receiver, parameter))
        else:
            rows.append(_to_fill_in(write, receiver, parameter, bare=parameter == bare))
    return Grid(COLUMNS, tuple(rows))


def _worked(write: Writer, receiver: Receiver, parameter: str) -> tuple[Row, ...]:
    factor = write.graph.derivative(receiver.z, parameter)
    step = write.step(factor)
    assert step.expr is not None
    value = Part("is", Value(factor), echo=True)
    return (
        cell(Name(parameter)),
        _value(write, write.graph.derivative(receiver.root, receiver.z)),
        Row(Name(factor), (Part("=", step.expr), value)),
        _value(write, write.graph.derivative(receiver.root, parameter)),
    )


def _value(write: Writer, name: str) -> Row:
    return Row(None, (write.value(name),), footnote=write.footnote(write.step(name)))


def _to_fill_in(
    write: Writer, receiver: Receiver, parameter: str, *, bare: bool
) -> tuple[Row, ...]:
    factor = write.graph.derivative(receiver.z, parameter)
    gradient = cell(write.blank(write.graph.derivative(receiver.root, parameter)))
    name, space = cell(Name(parameter)), write.blank(factor)
    if bare:
        return (name, cell(blank()), cell(space), gradient)
    step = write.step(factor)
    assert step.expr is not None
    parts = (*write.symbols(step.expr), Part("=", space))
    signal = cell(Name(write.graph.derivative(receiver.root, receiver.z)))
    return (name, signal, Row(Name(factor), parts), gradient)
