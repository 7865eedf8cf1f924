"""Lines at points: wrong only where both sides have certified values that differ."""

from __future__ import annotations

import pytest

from derive.algebra.expressions import Diff
from derive.algebra.grammar import parse, parse_row
from derive.algebra.rules import differentiate, output_name
from derive.algebra.sampling import compare_at_points


def compare(text, line, output="s"):
    return compare_at_points(Diff(parse(text), "x"), [parse_row(line)], output)


@pytest.mark.parametrize(
    ("text", "line", "verdict"),
    [
        ("x^2", "2*x", "sampled"),
        ("x^2", "2*x+1e-12", "wrong"),
        ("sigmoid(x)", "s*(1-s)", "sampled"),
        ("sigmoid(x)", "s*(1+s)", "wrong"),
        # right for positive numbers alone
        ("abs(x)", "1", "wrong"),
        ("relu(x)*a", "a", "wrong"),
        ("sqrt(x^2)", "1", "wrong"),
        # far from 0, or in a narrow place
        ("relu(x-300)", "0", "wrong"),
        ("max(x,1000000)", "0", "wrong"),
        ("sqrt(x-1000)*sqrt(1001-x)", "0", "wrong"),
        ("log(x-20)", "1/x", "wrong"),
        # irrational parts that cancel
        ("x^2^0.5-x^2^0.5", "0", "sampled"),
        ("x^2^0.5-x^2^0.5", "1e-40", "wrong"),
        # no point tells
        ("log(-1-x^2)", "7", "unchecked"),
        ("1/(x-x)", "7", "unchecked"),
        ("x", "1+0*log(-1-x^2)", "unchecked"),
        ("exp(exp(exp(exp(10+x^2))))", "7", "unchecked"),
        ("abs(0.1*x-0.1*x)", "7", "unchecked"),
    ],
)
def test_points_of_every_region_are_found(text, line, verdict):
    assert compare(text, line) == verdict


@pytest.mark.parametrize("place", range(21))
def test_a_mistake_in_one_of_many_regions_is_found(place):
    text = "+".join(f"relu(x-{i})" for i in range(1, 21))
    slopes = [f"cases(x-{i},0,0,1)" for i in range(1, 21)]
    if place < 20:
        slopes[place] = slopes[place].replace("0,0,1", "0,0,2")
    assert compare(text, "+".join(slopes)) == ("wrong" if place < 20 else "sampled")


def test_every_line_is_compared():
    question = Diff(parse("x^2"), "x")
    assert compare_at_points(question, [parse("3*x"), parse("2*x")], "s") == "wrong"


def test_lines_of_many_nodes_are_compared_at_few_points():
    expr = parse("*".join(f"sin({i}*x)" for i in range(1, 120)))
    lines = [line.expr for line in differentiate(expr, "x")]
    assert compare_at_points(Diff(expr, "x"), lines, output_name(expr)) == "sampled"
