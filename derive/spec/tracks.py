"""What an optimizer adds to a graph: its settings, and what it keeps beside each parameter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.graph import Quantity, Spec
from derive.naming import Place, track_id
from derive.spec.model import Circuit
from derive.spec.training import method_of, optimizer_of


def list_settings(spec: Spec) -> Iterator[Quantity]:
    """The given numbers of the optimizer: `momentum`, `beta1`; none for plain descent."""
    method = method_of(spec)
    for setting in method.settings if method else ():
        typed = getattr(optimizer_of(spec), setting.key)
        yield Quantity(setting.key, Place("setting"), varies=False, typed=typed)


def list_states(spec: Spec, parameters: Sequence[str]) -> Iterator[Quantity]:
    """What is kept beside each parameter that moves, `v_W5`: 0 before the first update."""
    method = method_of(spec)
    kept = [track.letter for track in method.tracks if track.kept] if method else []
    for parameter in parameters:
        for letter in kept:
            yield Quantity(track_id(letter, parameter), Place("state"), varies=True, typed="0")


def list_estimates(spec: Spec, parameters: Sequence[str]) -> dict[str, str]:
    """The parameter of each number that is found anew at every update: `mhat_W5`."""
    method = method_of(spec)
    found = [track.letter for track in method.tracks if not track.kept] if method else []
    return {track_id(letter, name): name for name in parameters for letter in found}


def list_tracks(spec: Spec) -> tuple[tuple[str, str, str], ...]:
    """Each id that an optimizer adds to a circuit, with its letter and whom it stands beside.

    A setting and the head of a column have neither.
    """
    method = method_of(spec) if isinstance(spec, Circuit) else None
    if method is None or not isinstance(spec, Circuit):
        return ()
    beside = [(t.letter, name) for t in method.tracks for name in spec.values]
    alone = (*(setting.key for setting in method.settings), *(t.letter for t in method.tracks))
    return (*((name, "", "") for name in alone), *((track_id(*pair), *pair) for pair in beside))
