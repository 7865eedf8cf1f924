"""The formulas of an update: an optimizer's row with the ids of one parameter put in."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from derive.algebra.expressions import Add, Expr, Mul, Name, Neg, substitute
from derive.algebra.rules import row_text
from derive.derivation.steps import StepKind
from derive.graph import Graph
from derive.naming import LEARNING_RATE
from derive.ops import Track

COUNT = "t"
"""Stands for the number of the update, where it is left open."""


class UpdateNames(msgspec.Struct, frozen=True):
    """What a plain id is called around one update: `W5` before it, `W5+` after it.

    `count` is the number of the update, from 1.
    """

    before: Callable[[str], str]
    after: Callable[[str], str]
    count: Expr


def find_track(graph: Graph, base: str) -> Track | None:
    """The optimizer's row behind an id such as `v_W5`; None for a parameter."""
    parts, tracks = graph.track_parts(base), graph.method.tracks if graph.method else ()
    return next((track for track in tracks if parts and track.letter == parts[0]), None)


def choose_kind(graph: Graph, base: str) -> StepKind:
    """The kind of the step that gives a parameter, or a number beside it, its new value."""
    track = find_track(graph, base)
    if track is None:
        return "update"
    return "state" if track.kept else "estimate"


def write_update(graph: Graph, base: str, total: str, ids: UpdateNames) -> Expr:
    """The formula of the new value of a parameter (`W5`) or of a number beside it (`v_W5`).

    `total` is what is differentiated.
    """
    track = find_track(graph, base)
    parameter = (graph.track_parts(base) or ("", base))[1] if track else base
    old = Name(ids.before(parameter))
    gradient = Name(ids.before(graph.derivative(total, parameter)))
    if graph.method is None:
        change = Mul((Name(LEARNING_RATE), gradient))
        return Add((old, change if graph.ascends else Neg(change)))
    down = Neg(gradient) if graph.ascends else gradient
    values: dict[str, Expr] = {"w": old, "g": down, COUNT: ids.count}
    for other in graph.method.tracks:
        name = graph.track(other.letter, parameter)
        values[other.letter] = Name(ids.before(name))
        values[other.letter + "+"] = Name(ids.after(name))
    return substitute(row_text(graph.method.update if track is None else track.formula), values)


def list_updated(graph: Graph, parameter: str) -> tuple[str, ...]:
    """What one update computes for a parameter, in order: `m_W5`, `v_W5`, at last `W5`."""
    tracks = graph.method.tracks if graph.method else ()
    return (*(graph.track(track.letter, parameter) for track in tracks), parameter)
