"""Independent roads to every number of a sheet, for `derive verify` and the tests.

They start from the spec and share no code with graph, rules of
differentiation, tables of `ops` or interval arithmetic: central differences of
a forward pass written a second time, and one collapsed SymPy expression.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from mpmath import mp, mpf

from derive.roads.collapsed import Collapsed
from derive.roads.differences import Differences
from derive.roads.perceptrons import Rule
from derive.roads.wiring import SkippedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from derive.spec import Spec

__all__ = ["Collapsed", "Differences", "Row", "SkippedError", "roads_for", "skipped", "verify"]

RELATIVE = mpf("1e-25")
ABSOLUTE = mpf("1e-40")
SHOWN_DIGITS = 30
FINE_DIGITS = 480
"""Working digits of the second look at a number on which a road disagrees."""


@dataclass(frozen=True, slots=True)
class Row:
    """One number of the sheet beside what the roads found.

    `shown` is what the sheet prints, `roads` maps a road's name to its value
    with 30 significant digits, or to None where the value rests on a
    convention at a kink. A road that does not lead to this id is left out.
    `agrees` is false only where some road contradicts.
    """

    id: str
    shown: str
    roads: dict[str, str | None]
    agrees: bool


class Road(Protocol):
    """A way from the spec to the number behind an id."""

    def value(self, id_: str) -> mpf | None:
        """The number; None at a kink; KeyError where the road does not lead."""


ROADS: dict[str, Callable[[Spec, int], Road]] = {
    "differences": Differences,
    "collapsed": Collapsed,
}
PERCEPTRON: dict[str, Callable[[Spec, int], Road]] = {"rule": Rule}
"""Nothing is differentiated there: the rule itself, a second time."""
DIGITS = {"differences": 120, "collapsed": 80, "rule": 80}


def roads_for(spec: Spec) -> dict[str, Callable[[Spec, int], Road]]:
    """The roads that lead to the numbers of this kind of exercise, by name."""
    return PERCEPTRON if spec.kind == "perceptron" else ROADS


def skipped(spec: Spec) -> dict[str, str]:
    """Why a road is not taken for this spec, by the road's name."""
    return _roads(spec)[1]


def verify(spec: Spec, answers: Iterable[tuple[str, str, str]]) -> tuple[Row, ...]:
    """Compare each answer (id, value, shown) with every road that leads to it.

    `value` is a decimal with at least 30 significant digits, or exact
    (`1/3` too). With stepwise rounding no road applies: those numbers are
    computed from printed ones.
    """
    roads, _ = _roads(spec)
    fine: dict[str, Road] = {}
    rows = []
    for id_, value, shown in answers:
        row = _row(id_, value, shown, roads)
        if not row.agrees:
            for name in roads.keys() - fine.keys():
                fine[name] = roads_for(spec)[name](spec, FINE_DIGITS)
            row = _row(id_, value, shown, fine)
        rows.append(row)
    return tuple(rows)


def _roads(spec: Spec) -> tuple[dict[str, Road], dict[str, str]]:
    """The roads that apply, and the reasons why others do not."""
    ways = roads_for(spec)
    if spec.rounding == "stepwise" and ways is ROADS:
        reason = "rounding is stepwise: each number is computed from printed ones"
        return {}, dict.fromkeys(ROADS, reason)
    taken: dict[str, Road] = {}
    reasons: dict[str, str] = {}
    for name, road in ways.items():
        try:
            taken[name] = road(spec, DIGITS[name])
        except SkippedError as error:
            reasons[name] = str(error)
    return taken, reasons


def _row(id_: str, value: str, shown: str, roads: dict[str, Road]) -> Row:
    found: dict[str, str | None] = {}
    agrees = True
    with mp.workdps(FINE_DIGITS):
        answer = _exact(value)
        for name, road in roads.items():
            try:
                number = road.value(id_)
            except KeyError:
                continue
            found[name] = None if number is None else mp.nstr(number, SHOWN_DIGITS)
            agrees = agrees and (number is None or _same(answer, number))
    return Row(id_, shown, found, agrees)


def _exact(text: str) -> mpf:
    value = Fraction(text)
    return mpf(value.numerator) / value.denominator


def _same(one: mpf, other: mpf) -> bool:
    apart = abs(one - other)
    return bool(apart <= ABSOLUTE or apart <= RELATIVE * max(abs(one), abs(other)))
