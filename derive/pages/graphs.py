"""Curves as drawings: a function with its slope, the error of a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

import flint

from derive.algebra.expressions import Call, Expr, Name, Num
from derive.algebra.grammar import parse
from derive.algebra.lemmas import slope
from derive.numbers import Shown, balls
from derive.ops import FUNCTIONS
from derive.ops.rows import Function
from derive.pages.document import Curve, Label, Picture, Slot, Wire, Words, cell

LEFT, RIGHT = -4.0, 4.0
WIDTH = 8.0
LOWEST, HIGHEST = -1.5, 2.5
"""What is drawn of a function that goes further."""
TICKS = (-4, -2, 2, 4)
STEPS = 64
MOST_POINTS = 400
"""Of the curve of a run; of a longer one not every number is drawn."""
PLACES = 4
"""Decimals to which a sampled value is read."""
HEIGHT = 3.0
MARGIN = 0.6
MARGIN_OF_NUMBERS = 1.4
DIGIT = 0.09
"""Half the width of a digit."""
TICK = 0.09
AWAY = 0.3
BITS = 64
Point = tuple[float, float]


def graph(name: str) -> Picture:
    """The function solid, its slope dashed; a corner at 0 parts the slope in two.

    A second value of the function is its default.
    """
    return _draw(name, FUNCTIONS[name])


@lru_cache(maxsize=64)
def _draw(name: str, row: Function) -> Picture:
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
    up = [y for y in range(-1, 3) if y and low <= y <= high]
    curves = [Curve(tuple(map(frame.place, part)), "value") for part in values]
    curves += [Curve(tuple(map(frame.place, part)), "gradient") for part in slopes]
    slots: dict[str, Slot] = {"function": Call(name, tuple(map(Name, row.parameters)))}
    return Picture(
        frame.width,
        frame.height,
        (),
        tuple(frame.axes(TICKS, up)),
        tuple(frame.labels({z: str(z) for z in TICKS}, {y: str(y) for y in up})),
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


def run_curve(values: Sequence[Shown], caption: Words) -> Picture:
    """Printed numbers against their place, from 0; the highest and the lowest are told."""
    numbers = [float(value.text) for value in values]
    low, high = min(0.0, *numbers), max(numbers)
    if high == low:
        high = low + 1
    last = len(values) - 1
    frame = _Frame(low, high, (0.0, float(last)))
    every = 1 + last // MOST_POINTS
    points = [(float(at), y) for at, y in enumerate(numbers) if not at % every or at == last]
    ends = sorted({(max(numbers)), min(numbers)})
    return Picture(
        frame.width,
        frame.height,
        (),
        tuple(frame.axes((0, last), ends)),
        tuple(frame.labels({0: "0", last: str(last)}, {y: _short(y) for y in ends})),
        caption,
        (Curve(tuple(map(frame.place, points)), "value"),),
    )


def _short(value: float) -> str:
    """Three digits that tell a number on an axis."""
    return f"{value:.3g}"


class _Frame:
    """Where a point of the plane stands on the drawing."""

    def __init__(self, low: float, high: float, sides: Point = (LEFT, RIGHT)) -> None:
        self.left, self.right = sides
        self.low, self.high = low, high
        self.scale = HEIGHT / (high - low)
        self.across = WIDTH / (self.right - self.left)
        self.width = WIDTH + MARGIN + MARGIN_OF_NUMBERS
        self.height = HEIGHT + 2 * MARGIN

    def place(self, point: tuple[float, float]) -> Point:
        z, y = point
        return (
            round(MARGIN_OF_NUMBERS + (z - self.left) * self.across, 3),
            round(MARGIN + (self.high - y) * self.scale, 3),
        )

    def axes(self, across: Iterable[float], up: Iterable[float]) -> Iterator[Wire]:
        """Both axes and their ticks."""
        yield Wire(self.place((self.left, 0)), self.place((self.right, 0)))
        yield Wire(self.place((0, self.low)), self.place((0, self.high)))
        for z in across:
            x, y = self.place((z, 0))
            yield Wire((x, y - TICK), (x, y + TICK))
        for value in up:
            x, y = self.place((0, value))
            yield Wire((x - TICK, y), (x + TICK, y))

    def labels(self, across: Mapping[int, str], up: Mapping[float, str]) -> Iterator[Label]:
        """The text at each tick."""
        for z, text in across.items():
            x, y = self.place((z, 0))
            yield Label(cell(Num(text)), x, round(y + AWAY, 3))
        for value, text in up.items():
            x, y = self.place((0, value))
            away = AWAY + DIGIT * (len(text) - 1)
            yield Label(cell(Num(text)), round(x - away, 3), y)
