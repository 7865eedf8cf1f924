"""The formulas of an update: an optimizer's row with the ids of one parameter put in."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from derive.algebra.expressions import Expr, Name, substitute
from derive.algebra.rules import row_text
from derive.derivation.steps import StepKind
from derive.naming import derivative_id, split_track, track_id
from derive.ops import Method, Track

COUNT = "t"
"""Stands for the number of the update, where it is left open."""


class Turn(msgspec.Struct, frozen=True):
    """One update: from a plain id to that before and after it, and its number, from 1."""

    before: Callable[[str], str]
    after: Callable[[str], str]
    count: Expr


def track_of(method: Method, base: str) -> Track | None:
    """The track an id belongs to; None for a parameter."""
    found = split_track(base)
    if found is None:
        return None
    return next((track for track in method.tracks if track.letter == found[0]), None)


def kind_of(method: Method, base: str) -> StepKind:
    """What kind of step finds a number anew at an update."""
    track = track_of(method, base)
    if track is None:
        return "update"
    return "state" if track.kept else "estimate"


def moved(method: Method, base: str, total: str, turn: Turn) -> Expr:
    """The formula of a parameter's new value, or of one of its tracks.

    `total` is what is differentiated.
    """
    track = track_of(method, base)
    parameter = (split_track(base) or ("", base))[1]
    values: dict[str, Expr] = {
        "w": Name(turn.before(parameter)),
        "g": Name(turn.before(derivative_id(total, parameter))),
        COUNT: turn.count,
    }
    for other in method.tracks:
        name = track_id(other.letter, parameter)
        values[other.letter] = Name(turn.before(name))
        values[other.letter + "+"] = Name(turn.after(name))
    return substitute(row_text(method.update if track is None else track.formula), values)


def moving(method: Method | None, parameter: str) -> tuple[str, ...]:
    """What an update finds anew for a parameter, in order, the parameter last."""
    tracks = method.tracks if method else ()
    return (*(track_id(track.letter, parameter) for track in tracks), parameter)
