"""The numeric road: central differences in high precision, from the spec alone.

Knows how to compute forward and nothing else: no rule of differentiation, no
derivation. With 120 working digits and a step of 1e-36 the truncation error
is about 1e-72 and the rounding error about 1e-84, both relative.
"""

from __future__ import annotations

import re

from mpmath import mp, mpf

from derive.second.circuits import wire_circuit
from derive.second.networks import wire_network
from derive.second.wiring import NoValueError, SkippedError, Wiring, sign
from derive.spec import Circuit, Network, Spec

ID = re.compile(r"(?P<core>.+?)(?:(?P<plus>\+)|@(?P<k>\d+))?", re.ASCII)
DIFF = re.compile(r"d(?P<top>[^/|]+)/d(?P<bottom>[^/|]+)(?P<local>\|local)?")
BEND = mpf("1e-15")
"""Relative difference of the one-sided differences past which there is a kink."""


class Differences:
    """Any number of the sheet by its id.

    Raises SkippedError where the road does not apply to the spec.
    """

    def __init__(self, spec: Spec, digits: int = 120) -> None:
        self.digits = digits
        with mp.workdps(digits):
            self.wiring = _wire(spec)
            self.step = mpf(10) ** -(3 * digits // 10)
        self._leaves: list[dict[str, mpf]] = [self.wiring.leaves]
        self._values: list[dict[str, mpf]] = []
        self._known: dict[tuple[int, str], mpf | None] = {}

    def value(self, id_: str) -> mpf | None:
        """The number behind an id after so many updates as the id says.

        None at a kink, and for what depends on an update by a derivative at a
        kink or has no real value nearby. Raises KeyError for an id that means
        nothing here.
        """
        match = ID.fullmatch(id_)
        if match is None:
            raise KeyError(id_)
        k = 1 if match["plus"] else int(match["k"] or 0)
        with mp.workdps(self.digits):
            values = self._at(k)
            core = match["core"]
            found = values[core] if core in values else self._derivative(k, core)
            return None if found is None or mp.isnan(found) else found

    def _at(self, k: int) -> dict[str, mpf]:
        """Every quantity with the parameters after k updates."""
        while len(self._values) <= k:
            if len(self._values) == len(self._leaves):
                self._leaves.append(self._updated(len(self._leaves) - 1))
            self._values.append(self.wiring.forward(self._leaves[len(self._values)]))
        return self._values[k]

    def _updated(self, k: int) -> dict[str, mpf]:
        """The leaves after one more update, all from the values after k."""
        leaves = dict(self._leaves[k])
        if self.wiring.rate is None:
            return leaves
        objectives = self.wiring.objectives or (self.wiring.output,)
        objective = objectives[k % len(objectives)]
        for name in self.wiring.parameters:
            found = self._derivative(k, f"d{objective}/d{name}")
            slope = mp.nan if found is None else found
            if self.wiring.advance is None:
                leaves[name] -= self.wiring.rate * slope
            else:
                before = self._leaves[k]
                leaves |= self.wiring.advance(name, before, slope, k + 1, self.wiring.rate)
        return leaves

    def _derivative(self, k: int, core: str) -> mpf | None:
        key = (k, core)
        if key not in self._known:
            match = DIFF.fullmatch(core)
            if match is None:
                raise KeyError(core)
            top, bottom = match["top"], match["bottom"]
            own = bool(match["local"]) or (self.wiring.local and top != self.wiring.output)
            if top not in self.wiring.nodes:
                raise KeyError(core)
            try:
                self._known[key] = self._difference(k, top, bottom, own_formula=own)
            except NoValueError:
                self._known[key] = None
        return self._known[key]

    def _difference(self, k: int, top: str, bottom: str, *, own_formula: bool) -> mpf | None:
        values = self._at(k)
        at, middle = values[bottom], values[top]
        if mp.isnan(at) or mp.isnan(middle):
            return None
        off = self.step * min(abs(at), mpf(1)) if sign(at) else self.step
        above, signs_above = self.wiring.bumped(values, bottom, off, top, own_formula=own_formula)
        below, signs_below = self.wiring.bumped(values, bottom, -off, top, own_formula=own_formula)
        right, left = (above - middle) / off, (middle - below) / off
        # relu(x) - relu(-x) has a derivative at 0, but not the one the sheet's
        # convention gives: a changed case counts as a kink by itself.
        bend = abs(right - left) > BEND * max(mpf(1), abs(right), abs(left))
        return None if bend or signs_above != signs_below else (above - below) / (2 * off)


def _wire(spec: Spec) -> Wiring:
    if isinstance(spec, Network):
        return wire_network(spec)
    if isinstance(spec, Circuit):
        return wire_circuit(spec)
    raise SkippedError(f"{spec.kind} has no second definition here")
