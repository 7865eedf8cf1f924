"""Numbers by plain forward passes; derivatives as central differences of them.

Knows how to compute forward and nothing else: no rule of differentiation, no
derivation. With 120 working digits and a step of 1e-36 the truncation error
is about 1e-72 and the rounding error about 1e-84, both relative.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mpmath import mp, mpf

from derive.second.circuits import CircuitPass
from derive.second.functions import sign
from derive.second.ids import LOCAL, split, split_updates, stands_at
from derive.second.networks import NetworkPass
from derive.second.perceptrons import PerceptronPass
from derive.second.recorder import Move, Recorder
from derive.spec import Spec

BEND = mpf("1e-15")
"""Relative difference of the one-sided differences past which there is none."""
PASSES: dict[str, Callable[[Any], NetworkPass | CircuitPass | PerceptronPass]] = {
    "network": NetworkPass,
    "circuit": CircuitPass,
    "perceptron": PerceptronPass,
}
"""How each kind of exercise computes forward and updates its parameters."""


class Differences:
    """Any number of the sheet by its id.

    Raises SkippedError where the method does not apply to the spec.
    """

    def __init__(self, spec: Spec, digits: int = 120) -> None:
        self.digits = digits
        with mp.workdps(digits):
            self.forward = PASSES[spec.kind](spec)
            self.step = mpf(10) ** -(3 * digits // 10)
        self._passes: list[Recorder] = []
        self._known: dict[tuple[int, str, str, bool], mpf] = {}

    def value(self, id_: str) -> mpf | None:
        """The number behind an id after so many updates as the id says.

        None for what has no real value, or none nearby. At a kink it is the
        slope of the form that is taken there. Raises KeyError for an id that
        means nothing here.
        """
        base, k = split_updates(id_)
        with mp.workdps(self.digits):
            at = self._at(k)
            known = at.values if base in at.values else at.start
            number = known[base] if base in known else self._derivative(k, *split(base))
            return None if mp.isnan(number) else number

    def _at(self, k: int) -> Recorder:
        """Every quantity with the parameters after k updates."""
        while len(self._passes) <= k:
            count, start = len(self._passes), self.forward.start()
            if count:
                start = self.forward.update(self._passes[-1], self._slope)
            self._passes.append(self._run(Recorder(start, count)))
        return self._passes[k]

    def _run(self, recorder: Recorder) -> Recorder:
        """One pass; a moved one only until its target is known."""
        for _ in self.forward.run(recorder):
            if recorder.move and recorder.move.target in recorder.values:
                break
        return recorder

    def _slope(self, top: str, bottom: str) -> mpf:
        """The total derivative in the last pass."""
        return self._difference(len(self._passes) - 1, top, bottom, local=False)

    def _derivative(self, k: int, top: str, bottom: str, use: str) -> mpf:
        at = self._at(k)
        if top not in at.values or top in at.typed:
            raise KeyError(top)
        if use in {"", LOCAL}:
            return self._difference(k, top, bottom, local=bool(use) or top in at.places)
        computed = [n for n in at.places if n not in at.typed and stands_at(n, use)]
        users = [n for n in computed if at.places[n] & at.places[bottom]]
        return mp.fsum(
            self._difference(k, top, user, local=False)
            * self._difference(k, user, bottom, local=True)
            for user in users
        )

    def _difference(self, k: int, top: str, bottom: str, *, local: bool) -> mpf:
        """A derivative, nan where there is none."""
        key = (k, top, bottom, local)
        if key not in self._known:
            self._known[key] = self._central(self._at(k), top, bottom, local=local)
        return self._known[key]

    def _central(self, at: Recorder, top: str, bottom: str, *, local: bool) -> mpf:
        here, middle = at.values[bottom], at.values[top]
        if mp.isnan(here) or mp.isnan(middle):
            return mp.nan
        if top == bottom:
            return mpf(1)
        off = self.step * (min(abs(here), mpf(1)) if sign(here) else 1)
        above, below = (
            self._run(at.move_number(Move(bottom, way, top, local))) for way in (off, -off)
        )
        high, low = above.value(top), below.value(top)
        right, left = (high - middle) / off, (middle - low) / off
        bend = abs(right - left) > BEND * max(mpf(1), abs(right), abs(left))
        return mp.nan if bend else (high - low) / (2 * off)
