"""Independent roads to every number of a sheet, for `derive verify` and the tests.

They start from the spec and share no code with graph, rules of
differentiation, tables of `ops` or interval arithmetic: central differences of
a forward pass written a second time, one collapsed SymPy expression, and, where
PyTorch is installed, its autograd in float64.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

from mpmath import mp, mpf

from derive.second.collapsed import Collapsed
from derive.second.differences import Differences
from derive.second.perceptrons import Rule
from derive.second.wiring import SkippedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from derive.spec import Spec

__all__ = ["Collapsed", "Differences", "Row", "SkippedError", "roads_for", "skipped", "verify"]

FINE_DIGITS = 480
"""Working digits of the second look at a number on which a road disagrees."""


@dataclass(frozen=True, slots=True)
class Row:
    """One number of the sheet beside what the roads found.

    `shown` is what the sheet prints, `roads` maps a road's name to its value
    with as many significant digits as it can tell (30, or 16 of a float), or to
    None where the value rests on a convention at a kink. A road that does not
    lead to this id is left out. `agrees` is false only where some road contradicts.
    """

    id: str
    shown: str
    roads: dict[str, str | None]
    agrees: bool


class Road(Protocol):
    """A way from the spec to the number behind an id."""

    def value(self, id_: str) -> mpf | None:
        """The number; None at a kink; KeyError where the road does not lead."""


@dataclass(frozen=True, slots=True)
class Way:
    """A road with what can be asked of it.

    `digits` it works with, `shown` significant digits of its numbers in a row;
    two numbers agree that are `absolute` or, by their size, `relative` apart.
    """

    make: Callable[[Spec, int], Road]
    digits: int
    shown: int = 30
    relative: str = "1e-25"
    absolute: str = "1e-40"


def _through_pytorch(spec: Spec, digits: int) -> Road:
    """The road through PyTorch, imported only to be taken."""
    if find_spec("torch") is None:
        raise SkippedError("PyTorch is not installed; pip install 'derive-by-hand[torch]'")
    from derive.second.torch import Torch  # noqa: PLC0415  it imports PyTorch, an extra

    return Torch(spec, digits)


PYTORCH = Way(_through_pytorch, 16, 16, "1e-9", "1e-12")
ROADS: dict[str, Way] = {
    "differences": Way(Differences, 120),
    "collapsed": Way(Collapsed, 80),
    "pytorch": PYTORCH,
}
PERCEPTRON: dict[str, Way] = {"rule": Way(Rule, 80), "pytorch": PYTORCH}
"""Nothing is differentiated there: the rule itself, a second time."""


def roads_for(spec: Spec) -> dict[str, Way]:
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
    ways, (roads, _) = roads_for(spec), _roads(spec)
    fine: dict[str, Road] = {}
    rows = []
    for id_, value, shown in answers:
        row = _row(id_, value, shown, {name: (ways[name], road) for name, road in roads.items()})
        if not row.agrees:
            if not fine:
                fine = {name: ways[name].make(spec, FINE_DIGITS) for name in roads}
            row = _row(
                id_, value, shown, {name: (ways[name], road) for name, road in fine.items()}
            )
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
    for name, way in ways.items():
        try:
            taken[name] = way.make(spec, way.digits)
        except SkippedError as error:
            reasons[name] = str(error)
    return taken, reasons


def _row(id_: str, value: str, shown: str, roads: dict[str, tuple[Way, Road]]) -> Row:
    found: dict[str, str | None] = {}
    agrees = True
    with mp.workdps(FINE_DIGITS):
        answer = _exact(value)
        for name, (way, road) in roads.items():
            try:
                number = road.value(id_)
            except KeyError:
                continue
            found[name] = None if number is None else mp.nstr(number, way.shown)
            agrees = agrees and (number is None or _same(answer, number, way))
    return Row(id_, shown, found, agrees)


def _exact(text: str) -> mpf:
    value = Fraction(text)
    return mpf(value.numerator) / value.denominator


def _same(one: mpf, other: mpf, way: Way) -> bool:
    apart = abs(one - other)
    share = mpf(way.relative) * max(abs(one), abs(other))
    return bool(apart <= mpf(way.absolute) or apart <= share)
