"""Graphs of functions and their slopes, and what is said of the largest slope."""

import re

import pytest
from mpmath import findroot, mp, mpf, ncdf, npdf, sqrt

import derive
from derive.algebra.rules import row_text
from derive.algebra.symbolic import equal
from derive.numbers import Shown
from derive.ops import ACTIVATIONS, FUNCTIONS
from derive.pages import graphs
from derive.pages.document import Words
from derive.pages.graphs import graph, run_curve
from derive.render.wording import languages, sentence
from derive.second.functions import Functions, sign
from derive.spec.reading import override

DRAWN = sorted({row.function for row in ACTIVATIONS.values() if row.function})
NEAR = 2e-4


def plane(picture, point):
    """The point of the plane at a place of the drawing, from two ticks of each axis."""
    x0, y0 = point_of(picture, 0)
    one = next(w for w in picture.wires[2:] if w.start[1] == w.end[1])
    up = (y0 - one.start[1]) / next(
        float(label.text.parts[0].expr.text)
        for label in picture.labels
        if abs(label.y - one.start[1]) < NEAR
    )
    return (point[0] - x0) / (graphs.WIDTH / (graphs.RIGHT - graphs.LEFT)), (y0 - point[1]) / up


def point_of(picture, axis):
    across, up = picture.wires[:2]
    return up.start[0], across.start[1]


@pytest.mark.parametrize("name", DRAWN)
def test_each_curve_goes_through_the_values_of_the_second_definition(name):
    picture = graph(name)
    second = Functions(sign)
    for curve in picture.curves:
        for point in curve.points[::7]:
            z, y = plane(picture, point)
            if abs(z) < 1e-3:
                continue
            z = mpf(round(z, 4))
            if curve.tone == "value":
                wanted = second(name, z)
            else:
                h = mpf("1e-6")
                wanted = (second(name, z + h) - second(name, z - h)) / (2 * h)
            assert float(abs(wanted - y)) < 1e-2, (name, z, y)


@pytest.mark.parametrize("name", DRAWN)
def test_a_corner_parts_the_slope_in_two(name):
    parts = [curve for curve in graph(name).curves if curve.tone == "gradient"]
    assert len(parts) == 1 + ("kink" in FUNCTIONS[name].slopes[0])


@pytest.mark.parametrize("name", [name for name, row in FUNCTIONS.items() if row.bound])
def test_the_lines_to_the_bound_are_one_expression(name):
    first, *others = (row_text(line.text) for line in FUNCTIONS[name].bound)
    assert row_text(FUNCTIONS[name].slopes[0]) == first
    assert equal(first, others)


def numbers_in(key):
    return [mpf(n) for n in re.findall(r"-?\d+\.\d{4}", sentence("en", f"say.{key}"))]


def slope_and_bend(function):
    return (lambda z: mp.diff(function, z)), (lambda z: mp.diff(function, z, 2))


def test_what_is_said_of_silu_is_so():
    slope, bend = slope_and_bend(lambda z: z / (1 + mp.exp(-z)))
    highest = findroot(bend, 2.4)
    zero = findroot(slope, -1.3)
    assert numbers_in("most_silu") == [
        pytest.approx(found, abs=5e-5) for found in (slope(highest), highest, zero)
    ]


def test_what_is_said_of_gelu_is_so():
    slope, bend = slope_and_bend(lambda z: z * ncdf(z))
    assert bend(sqrt(2)) == pytest.approx(0, abs=1e-10)
    highest = ncdf(sqrt(2)) + sqrt(2) * npdf(sqrt(2))
    assert numbers_in("most_gelu") == [
        pytest.approx(found, abs=5e-5) for found in (highest, findroot(slope, -0.75))
    ]


@pytest.mark.parametrize("language", languages())
def test_the_numbers_are_the_same_in_every_language(language):
    for name in DRAWN:
        told, english = (
            sorted(re.findall(r"-?\d+\.\d{4}", sentence(lang, f"say.{FUNCTIONS[name].most}")))
            for lang in (language, "en")
        )
        assert told == english


@pytest.mark.parametrize("form", ["html", "tex", "typ"])
def test_formats_that_draw_show_the_curves(form):
    page = derive.page("two-two-two", form)
    sign = {"html": "<polyline", "tex": "plot coordinates", "typ": "curve.move"}[form]
    assert page.count(sign) == 2


def test_the_curve_of_a_run_goes_through_its_numbers():
    text = "".join(derive.train(override(derive.load("two-two-two"), {"steps": 20}), "html"))
    points = re.search(r'<polyline class="value" points="([^"]*)"', text).group(1).split()
    heights = [float(point.split(",")[1]) for point in points]
    assert len(heights) == 21
    assert heights == sorted(heights)  # the error goes down, so the line does


@pytest.mark.parametrize("values", [["1", "1"], ["0", "0"], ["-2", "3e-9"], ["5", "-1", "2"]])
def test_a_curve_has_room_for_any_numbers(values):
    picture = run_curve([Shown(v, exact=True) for v in values], Words("training.drawn"))
    (curve,) = picture.curves
    for x, y in curve.points:
        assert 0 <= x <= picture.width
        assert 0 <= y <= picture.height


def test_a_long_run_is_drawn_with_its_last_number():
    values = [Shown(str(9_999 - step), exact=True) for step in range(10_000)]
    picture = run_curve(values, Words("training.drawn"))
    (curve,) = picture.curves
    assert len(curve.points) <= graphs.MOST_POINTS + 2
    assert curve.points[-1] == (picture.width - graphs.MARGIN, picture.height - graphs.MARGIN)
