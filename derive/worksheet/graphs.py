"""The graph of a function with its slope, as a drawing."""

from __future__ import annotations

from collections.abc import Iterator

import flint

from derive.expressions import Call, Expr, Name, Num
from derive.grammar import parse
from derive.lemmas import slope
from derive.numbers import balls
from derive.ops import FUNCTIONS
from derive.worksheet.document import Curve, Label, Picture, Wire, Words, cell

LEFT, RIGHT = -4.0, 4.0
ACROSS = 1.0
"""Centimetres of one unit of z."""
LOWEST, HIGHEST = -1.5, 2.5
"""What is drawn of a function that goes further."""
STEPS = 64
PLACES = 4
"""Decimals to which a sampled value is read."""
HEIGHT = 3.0
MARGIN = 0.6
TICK = 0.09
AWAY = 0.3
BITS = 64
Point = tuple[float, float]


def graph(name: str) -> Picture:
    """The function solid, its slope dashed; a corner at 0 parts the slope in two.

    A second value of the function is its default.
    """
    row = FUNCTIONS[name]
    given = tuple(map(parse, row.defaults))
    function = Call(name, (Name("z"), *given))
    rising = slope(function, "z", Name("y"))
    with balls.precision(BITS):
        values = [list(_sampled(function, side)) for side in _sides(corner=False)]
        slopes = [
            list(_sampled(rising, side, function))
            for side in _sides(corner="kink" in row.slopes[0])
        ]
    shown = [y for part in (*values, *slopes) for _, y in part]
    low, high = min(0.0, *shown), max(1.0, *shown)
    frame = _Frame(low, high)
    curves = [Curve(tuple(map(frame.place, part)), "value") for part in values]
    curves += [Curve(tuple(map(frame.place, part)), "gradient") for part in slopes]
    slots: dict[str, Expr | Words | str] = {
        "function": Call(name, tuple(map(Name, row.parameters)))
    }
    return Picture(
        frame.width,
        frame.height,
        (),
        tuple(frame.axes()),
        tuple(frame.labels()),
        Words("drawing.graph", slots),
        tuple(curves),
    )


def _sides(*, corner: bool) -> list[list[Num]]:
    """The places at which a curve is asked for; two parts where it has a corner at 0."""
    places = [LEFT + (RIGHT - LEFT) * at / STEPS for at in range(STEPS + 1)]
    if not corner:
        return [[_number(z) for z in places]]
    near = 10.0**-PLACES
    left, right = [z for z in places if z < 0], [z for z in places if z > 0]
    return [[_number(z) for z in (*left, -near)], [_number(z) for z in (near, *right)]]


def _number(z: float) -> Num:
    return Num(f"{z:.{PLACES}f}")


def _sampled(expr: Expr, places: list[Num], output: Expr | None = None) -> Iterator[Point]:
    """Points of an expression in z, and in y where `output` says what that is."""
    for place in places:
        known = {"z": balls.exact(place.text)}
        if output is not None:
            known["y"] = balls.evaluate(output, known.__getitem__)
        value = balls.evaluate(expr, known.__getitem__)
        y = round(float(flint.arb(value)), PLACES)
        if LOWEST <= y <= HIGHEST:
            yield float(place.text), y


class _Frame:
    """Where a point of the plane stands on the drawing."""

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = low, high
        self.scale = HEIGHT / (high - low)
        self.width = (RIGHT - LEFT) * ACROSS + 2 * MARGIN
        self.height = HEIGHT + 2 * MARGIN

    def place(self, point: Point) -> Point:
        z, y = point
        return (
            round(MARGIN + (z - LEFT) * ACROSS, 3),
            round(MARGIN + (self.high - y) * self.scale, 3),
        )

    def axes(self) -> Iterator[Wire]:
        """Both axes and their ticks."""
        yield Wire(self.place((LEFT, 0)), self.place((RIGHT, 0)))
        yield Wire(self.place((0, self.low)), self.place((0, self.high)))
        for z in self.across():
            x, y = self.place((z, 0))
            yield Wire((x, y - TICK), (x, y + TICK))
        for value in self.up():
            x, y = self.place((0, value))
            yield Wire((x - TICK, y), (x + TICK, y))

    def labels(self) -> Iterator[Label]:
        """A number at each tick."""
        for z in self.across():
            x, y = self.place((z, 0))
            yield Label(cell(Num(str(z))), x, round(y + AWAY, 3))
        for value in self.up():
            x, y = self.place((0, value))
            yield Label(cell(Num(str(value))), round(x - AWAY, 3), y)

    def across(self) -> Iterator[int]:
        return (z for z in range(int(LEFT), int(RIGHT) + 1, 2) if z)

    def up(self) -> Iterator[int]:
        return (y for y in range(-1, 3) if y and self.low <= y <= self.high)
