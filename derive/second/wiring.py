"""Quantities wired together as plain functions: what the numeric road can bump.

A wiring knows no derivative. It computes forward, and again forward with one
quantity held a little off its value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mpmath import mp, mpf

Values = Mapping[str, mpf]
Signs = list[int]
Compute = Callable[[Values, Signs], mpf]
Advance = Callable[[str, Values, mpf, int, mpf], dict[str, mpf]]
"""From the name of a parameter, all values, its slope, the number of the update, the rate."""


class SkippedError(Exception):
    """A road does not apply to this spec; the message is the reason."""


class NoValueError(ArithmeticError):
    """A formula has no real value at this point."""


@dataclass(frozen=True, slots=True)
class Node:
    """A quantity as a function of others.

    `compute` appends to the list it is given the sign of every number that
    decides a case (relu, max): that is how a kink is noticed.
    """

    needs: tuple[str, ...]
    compute: Compute


@dataclass(frozen=True, slots=True)
class Wiring:
    """Leaves with their typed values and nodes in an order of evaluation.

    `rate` is the learning rate with the sign of the step (negative for
    ascent), None where nothing is updated.
    """

    leaves: dict[str, mpf]
    nodes: dict[str, Node]
    output: str
    parameters: tuple[str, ...]
    rate: mpf | None
    objectives: tuple[str, ...] = ()
    """What one update after the other goes down on, again and again; none: the output."""
    advance: Advance | None = None
    """A parameter and what stands beside it after an update; None for plain descent."""
    local: bool = False
    """Whether a derivative of a node that is no output means its own formula only."""
    _cones: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    def forward(self, leaves: Values) -> dict[str, mpf]:
        """Every quantity; nan for one without a real value or that needs such a one."""
        values = dict(leaves)
        for name, node in self.nodes.items():
            unknown = any(mp.isnan(values[need]) for need in node.needs)
            try:
                values[name] = mp.nan if unknown else node.compute(values, [])
            except NoValueError:
                values[name] = mp.nan
        return values

    def cone(self, source: str, target: str) -> tuple[str, ...]:
        """The nodes on some way from `source` to `target`, in order."""
        key = (source, target)
        if key not in self._cones:
            reached = {source}
            below = [n for n, node in self.nodes.items() if self._reaches(n, node, reached)]
            wanted = {target}
            on_the_way = []
            for name in reversed(below):
                if name in wanted:
                    on_the_way.append(name)
                    wanted.update(self.nodes[name].needs)
            self._cones[key] = tuple(reversed(on_the_way))
        return self._cones[key]

    @staticmethod
    def _reaches(name: str, node: Node, reached: set[str]) -> bool:
        if name in reached or reached.isdisjoint(node.needs):
            return False
        reached.add(name)
        return True

    def bumped(
        self, values: Values, source: str, off: mpf, target: str, *, own_formula: bool
    ) -> tuple[mpf, Signs]:
        """The target with `source` held `off` from its value, and the signs met.

        With `own_formula` nothing between the two is computed anew.
        """
        moved = dict(values)
        moved[source] = values[source] + off
        signs: Signs = []
        for name in (target,) if own_formula else self.cone(source, target):
            moved[name] = self.nodes[name].compute(moved, signs)
        return moved[target], signs


def sign(value: mpf) -> int:
    """-1, 0 or 1; below two thirds of the working digits a number is a rounding rest."""
    if abs(value) < mpf(10) ** -(2 * mp.dps // 3):
        return 0
    return 1 if value > 0 else -1
