"""The weights into one unit as a table whose columns are the factors."""

from __future__ import annotations

import msgspec

from derive.algebra.expressions import Mul, Name, Value, names
from derive.pages.document import Grid, Level, Part, Row, Words, blank, cell
from derive.pages.writing import Writer

TWO = 2
"""Factors of a gradient where the first is the error signal."""


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
        factors = list_factors(write, receiver, parameter)
        if level == "full":
            rows.append(_worked(write, receiver, parameter, factors))
        else:
            rows.append(_to_fill_in(write, receiver, parameter, factors, bare=parameter == bare))
    heads = ("weight", *_name_columns(len(factors)), "last_factor", "gradient")
    return Grid(tuple(Words(f"column.{key}") for key in heads), tuple(rows))


def list_factors(write: Writer, receiver: Receiver, parameter: str) -> list[str]:
    """What a gradient is the product of: the error signal and the last factor.

    Where each step is rounded, all factors of its own step: the rounded signal
    would give other digits.
    """
    step = write.step(write.graph.derivative(receiver.root, parameter))
    assert step.expr is not None
    if write.numbers.stepwise:
        return list(names(step.expr))
    signal = write.graph.derivative(receiver.root, receiver.z)
    return [signal, write.graph.derivative(receiver.z, parameter)]


def _name_columns(factors: int) -> tuple[str, ...]:
    """The heads of the columns before the last factor."""
    return ("signal",) if factors == TWO else ("error_by_activation", "activation_slope")


def _worked(
    write: Writer, receiver: Receiver, parameter: str, factors: list[str]
) -> tuple[Row, ...]:
    *before, last = factors
    step = write.step(last)
    assert step.expr is not None
    gradient = write.graph.derivative(receiver.root, parameter)
    product = Mul(tuple(map(Value, factors)))
    return (
        cell(Name(parameter)),
        *(Row(None, (write.value(name),)) for name in before),
        Row(Name(last), (Part("=", step.expr), Part("is", Value(last), echo=True))),
        Row(None, (write.value(gradient),), of=gradient, behind=product),
    )


def _to_fill_in(
    write: Writer, receiver: Receiver, parameter: str, factors: list[str], *, bare: bool
) -> tuple[Row, ...]:
    *before, last = factors
    gradient = cell(write.blank(write.graph.derivative(receiver.root, parameter)))
    name, space, step = cell(Name(parameter)), write.blank(last), write.step(last)
    if bare:
        copied = isinstance(step.expr, Name)
        room = cell(blank() if copied else space)
        return (name, *(cell(blank()) for _ in before), room, gradient)
    assert step.expr is not None
    parts = (*write.symbols(step.expr), Part("=", space))
    return (name, *(cell(Name(used)) for used in before), Row(Name(last), parts), gradient)
