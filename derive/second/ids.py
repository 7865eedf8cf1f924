"""From places to ids and back: all that the second way knows of `naming`."""

from __future__ import annotations

from collections.abc import Callable

from derive.naming import (
    BATCH,
    DATA,
    DIFFERENCE,
    LEARNING_RATE,
    OBJECTIVE,
    PENALTY,
    TOTAL,
    after_updates,
    derivative_id,
    naming_for,
    split_derivative,
    split_updates,
    track_id,
)
from derive.spec import Network, Perceptron

__all__ = [
    "BATCH", "DATA", "DIFFERENCE", "LEARNING_RATE", "OBJECTIVE", "PENALTY", "TOTAL",
    "Ids", "after_updates", "derivative_id", "split", "split_updates", "stands_at", "track_id",
]  # fmt: skip

LOCAL = "local"


class Ids:
    """Ids of the numbers of a spec by letter, layer (from 1), index in it, time and sample."""

    def __init__(self, spec: Network | Perceptron) -> None:
        """The widths of the layers fix how units and weights are counted."""
        inputs = len(spec.inputs[0])
        sizes = [len(layer.weights) for layer in spec.layers] if isinstance(spec, Network) else [1]
        naming = naming_for(spec.notation, (inputs, *sizes))
        self._forms: dict[str, Callable[..., str]] = {
            "W": naming.weight,
            "b": naming.bias,
            "z": naming.preactivation,
            "h": naming.activation,
            "E_o": lambda _, *index: naming.unit_error(*index),
        }
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
            form = self._forms.get(letter)
            counted = form(layer, *index) if form else letter + "_".join(map(str, index))
            step = "" if time is None else f"_t{time}"
            self._spelled[key] = counted + step + (f"_s{sample}" if sample else "")
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
    """Whether a quantity stands at the place that a use names: `z1_t2` at `t2`."""
    return name.endswith(f"_{place}")
