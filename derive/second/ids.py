"""From places to ids and back: all that the second way knows of `naming`."""

from __future__ import annotations

from derive.naming import (
    BATCH,
    DATA,
    DIFFERENCE,
    LEARNING_RATE,
    OBJECTIVE,
    PENALTY,
    TOTAL,
    Place,
    Role,
    after_updates,
    derivative_id,
    drop_sample,
    split_derivative,
    split_updates,
    track_id,
)
from derive.spec import Network, Perceptron
from derive.spec.networks import naming_of

__all__ = [
    "BATCH", "DATA", "DIFFERENCE", "LEARNING_RATE", "OBJECTIVE", "PENALTY", "TOTAL",
    "Ids", "after_updates", "derivative_id", "split", "split_updates", "stands_at", "track_id",
]  # fmt: skip

LOCAL = "local"
FORMS: dict[str, tuple[Role, str]] = {
    "z": ("preactivation", "z"),
    "h": ("activation", "a"),
    "x": ("input", "x"),
    "t": ("target", "t"),
    "u": ("upstream", "u"),
    "E": ("error", "E"),
    "E_o": ("unit_error", "E"),
}
"""The role behind a letter, and that which `naming` has for it; any other is a parameter's."""
INSIDE = ("parameter", "preactivation", "activation")
"""Roles that belong to a layer."""


class Ids:
    """Ids of the numbers of a spec by letter, layer (from 1), index in it, time and sample."""

    def __init__(self, spec: Network | Perceptron) -> None:
        """The shapes of the layers fix how units and weights are counted."""
        self._naming = naming_of(spec)
        self._spelled: dict[tuple[object, ...], str] = {}

    def spell(
        self,
        letter: str,
        layer: int,
        index: tuple[int, ...],
        time: int | None = None,
        sample: int = 0,
    ) -> str:
        """`W5`, `h1_t2_s3`; sample 0 is the only one, or none."""
        key = (letter, layer, index, time, sample)
        if key not in self._spelled:
            role, own = FORMS.get(letter, ("parameter", letter))
            inside = layer if role in INSIDE else 0
            place = Place(role, own, inside, index, sample, time)
            self._spelled[key] = self._naming.name(place)
        return self._spelled[key]


def split(base: str) -> tuple[str, str, str]:
    """What is differentiated, by what, and in which use of it (`local`: in its own formula).

    `df/dx|local` gives f, x, local; most ids name no use. Raises KeyError where
    the id is no derivative.
    """
    pair = split_derivative(base)
    if pair is None:
        raise KeyError(base)
    bottom, _, use = pair[1].partition("|")
    return pair[0], bottom, use


def stands_at(name: str, place: str) -> bool:
    """Whether a quantity stands at the place that a use names: `z1_t2`, `z1_t2_s3` at `t2`."""
    return any(text.endswith(f"_{place}") for text in (name, drop_sample(name)))
