"""The error as a function of one parameter, with its tangent and the step of the update."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import msgspec

from derive.numbers import Shown, balls
from derive.numbers.balls import NotDefined, Undecided, Value, decide
from derive.numbers.passes import Passes, build_passes
from derive.numbers.rounding import write_for_key
from derive.pages import Worksheet

COORDINATE_DIGITS = 12
HALF_POINTS = 32
"""Points on each side; a power of 2, so that each lies at a finite decimal."""
HALF_WIDTH = Fraction(2)
"""Least half width of the whole picture."""
STEPS_SEEN = 4
"""Twice a step that is shorter than this part of half the picture is shown closely too."""
MOST_BITS = 4_096
"""Precision past which a point that is not decided is left out."""


class Spot(msgspec.Struct, frozen=True):
    """A point of the curve with its printed numbers; `id` is `W5`, after the update `W5+`."""

    id: str
    x: str
    y: str
    x_shown: Shown
    y_shown: Shown


class Panel(msgspec.Struct, frozen=True):
    """Points of the curve from left to right; y is None where the error has no value."""

    points: tuple[tuple[str, str | None], ...]


class Slice(msgspec.Struct, frozen=True):
    """The error when one parameter changes and all else stays.

    `slope` is the derivative `dE_total/dname` of the key. `after` is the
    parameter's new value with the error that this change alone would give; None
    where nothing updates it. The first panel is the whole picture, the second,
    if there is one, the neighbourhood of a short step.
    """

    name: str
    total: str
    derivative: str
    slope: str
    slope_shown: Shown
    before: Spot
    after: Spot | None
    panels: tuple[Panel, ...]


def list_parameters(sheet: Worksheet) -> list[str]:
    """The ids over which the error can be plotted: given numbers that have a derivative."""
    derivation, graph = sheet.derivation, sheet.graph
    return [
        q.id
        for q in graph.quantities.values()
        if q.role in ("parameter", "constant", "value")
        and derivation.step(graph.derivative(graph.objective, q.id)) is not None
    ]


def compute_slice(sheet: Worksheet, name: str) -> Slice:
    """The curve over one of these ids; raises SpecError where the exercise has no numbers."""
    numbers, graph, total = sheet.numbers, sheet.graph, sheet.graph.objective
    derivative = graph.derivative(total, name)
    slope = numbers.answer(numbers.step(derivative))
    curve = _Curve(sheet, name)
    new = sheet.derivation.step(graph.after(name, 1))
    before = curve.compute_spot(name)
    after = None if new is None else curve.compute_spot(new.id)
    start = Fraction(str(sheet.graph[name].typed))
    close = Fraction(0) if after is None else _round_short(2 * abs(Fraction(after.x) - start))
    wide = max(HALF_WIDTH, _round_short(abs(start)), close)
    halves = [wide, close] if 0 < STEPS_SEEN * close < wide else [wide]
    return Slice(
        name,
        total,
        derivative,
        slope.value,
        slope.shown,
        before,
        after,
        tuple(Panel(tuple(curve.points(start, half))) for half in halves),
    )


class _Curve:
    """Forward passes with one number changed."""

    def __init__(self, sheet: Worksheet, name: str) -> None:
        self.sheet = sheet
        self.name = name
        self.passes: Passes = build_passes(sheet.spec, update=False)

    def _compute_error(self, x: Value) -> Value:
        return self.passes.run_forward({self.name: x})[self.sheet.graph.objective]

    def points(self, start: Fraction, half: Fraction) -> Iterator[tuple[str, str | None]]:
        """Evenly from left to right, the parameter's own value in the middle."""
        for at in range(-HALF_POINTS, HALF_POINTS + 1):
            x = write_decimal(start + half * at / HALF_POINTS)
            yield x, self._compute_height(balls.exact(x))

    def _compute_height(self, x: Value) -> str | None:
        bits = self.sheet.numbers.bits
        try:
            return decide(
                lambda: write_for_key(self._compute_error(x), COORDINATE_DIGITS), bits, MOST_BITS
            )
        except (NotDefined, Undecided):
            return None

    def compute_spot(self, name: str) -> Spot:
        """The point of an id's value, with its printed numbers."""
        numbers = self.sheet.numbers

        def ask(x: Value) -> tuple[str, Shown]:
            error = self._compute_error(x)
            shown = self.passes.show(self.sheet.graph.objective, error)
            return write_for_key(error, COORDINATE_DIGITS), shown

        y, y_shown = numbers.decide(name, ask)
        x = numbers.answer(numbers.step(name))
        return Spot(name, x.value, y, x.shown, y_shown)


def _round_short(value: Fraction) -> Fraction:
    """About the same with two digits."""
    return Fraction(f"{float(value):.1e}")


def write_decimal(value: Fraction) -> str:
    """A fraction whose denominator is a product of 2 and 5, as a decimal."""
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    digits = str(abs(int(value * 10**places))).rjust(places + 1, "0")
    text = f"{digits[: len(digits) - places]}.{digits[len(digits) - places :]}".rstrip(".")
    return "-" + text if value < 0 else text
