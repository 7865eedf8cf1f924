"""Lines at random points against the certified slope of the formula itself.

The slope comes from Taylor arithmetic, and so do the sides of the subjects of
cases: a point that counts lies inside the region whose formulas are compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import exp
from random import Random
from typing import Any

import flint

from derive.algebra.expressions import Diff, Expr, Num, names, walk
from derive.algebra.taylor import NoValue, Point, taylor_arithmetic

TRIES = 64
"""Points that are tried."""
SAMPLES = 6
"""Points that suffice in one region."""
WORK = 100_000
"""Nodes of all lines at all points up to which there are so many."""
BITS = (256, 1024)
"""Precision at a point, and where that does not decide."""
SAMPLE_DIGITS = 50
SPANS = ((-2.3, 0.7), (-5.0, 1.2), (-2.3, 3.5), (-7.0, 7.0))
"""Natural logarithms of the coordinates, in turn: 0.1 to 2, 0.007 to 3, ..., 0.001 to 1000."""
GRID = 2**20
"""Coordinates are multiples of 1/GRID, which a ball holds exactly."""
BESIDE_TYPED = 0.25
"""How often a coordinate is near a number of the formula, where a kink may be."""
Coordinates = dict[str, Any]
"""An exact fraction for each name."""
Region = tuple[int, ...]
"""The sides, -1, 0 or 1, of the subjects of cases in the order in which they are met."""


def compare_at_points(question: Diff, lines: Sequence[Expr], output: str) -> str:
    """Compare at random points: `sampled`, `wrong`, or `unchecked` if no point tells.

    `output` is the name that stands for the differentiated formula in the lines.
    `wrong` says that there is a point at which a line is not the slope.
    """
    size = sum(1 for line in lines for _ in walk(line))
    enough = max(1, WORK // size)
    compared: Counter[Region] = Counter()
    for coordinates in _choose_points(question):
        region = _find_region(question, coordinates)
        if region is None or compared[region] == SAMPLES:
            continue
        verdicts = (_compare_at(coordinates, question, lines, output, bits) for bits in BITS)
        verdict = next(filter(None, verdicts), None)
        if verdict == "wrong":
            return verdict
        compared[region] += verdict == "sampled"
        if compared[()] == SAMPLES or compared.total() == enough:
            break
    return "sampled" if compared.total() else "unchecked"


def _find_region(question: Diff, coordinates: Coordinates) -> Region | None:
    """On which side of 0 each subject of cases is at a point; None where there is no slope."""
    with taylor_arithmetic(BITS[0]):
        point = _open_point(question, coordinates)
        try:
            point.expand(question.expr)
        except NoValue:
            return None
    return tuple(point.sides)


def _compare_at(
    coordinates: Coordinates, question: Diff, lines: Sequence[Expr], output: str, bits: int
) -> str | None:
    """`wrong` or `sampled` at one point; None where a line has no value or is not decided."""
    with taylor_arithmetic(bits):
        point = _open_point(question, coordinates)
        point.names[output] = function = point.expand(question.expr)
        slope = function.derivative()[0]
        agree = [_is_slope(line, point, slope) for line in lines]
    if False in agree:
        return "wrong"
    return None if None in agree else "sampled"


def _open_point(question: Diff, coordinates: Coordinates) -> Point:
    moving = {question.wrt: 1}
    return Point(
        {name: flint.arb_series([at, moving.get(name, 0)]) for name, at in coordinates.items()}
    )


def _is_slope(line: Expr, point: Point, slope: Any) -> bool | None:  # noqa: ANN401
    """Whether a line is the slope at a point, to SAMPLE_DIGITS; None if that is not decided."""
    try:
        difference = point.expand(line)[0] - slope
    except NoValue:
        return None
    if not difference.contains(0):
        return False
    near = (1 + slope.abs_lower()) / flint.arb(10) ** SAMPLE_DIGITS
    return True if difference.abs_upper() < near else None


def _choose_points(question: Diff) -> Iterator[Coordinates]:
    """Points of both signs; every fourth is positive and moderate, where most formulas live."""
    random = Random(0)  # noqa: S311  points, not secrets
    typed = [float(node.text) for node in walk(question.expr) if isinstance(node, Num)]
    ids = dict.fromkeys((question.wrt, *names(question.expr)))
    for place in range(TRIES):
        span = SPANS[place % len(SPANS)]
        signs = (1, -1) if place % len(SPANS) else (1,)
        yield {name: _choose_coordinate(random, span, signs, typed) for name in ids}


def _choose_coordinate(
    random: Random, span: tuple[float, float], signs: Sequence[int], typed: Sequence[float]
) -> Any:  # noqa: ANN401  flint ships no types
    size = exp(random.uniform(*span))
    if typed and random.random() < BESIDE_TYPED:
        size = abs(random.choice(typed) + random.uniform(-1, 1))
    return flint.fmpq(random.choice(signs) * (1 + int(size * GRID)), GRID)
