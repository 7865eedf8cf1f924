"""Regions of cases: every side of every subject, but none that holds no point."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp

from derive.algebra.expressions import names
from derive.algebra.grammar import parse_row, to_text
from derive.algebra.regions import Row, exclude_one_another, list_regions, settle
from derive.algebra.symbolic import write_out


def regions(text):
    """The sides of each region, inner subjects first."""
    expr = write_out(parse_row(text))
    symbols = {name: sp.Symbol(name, real=True) for name in names(expr)}
    return [tuple(region.values()) for region in list_regions([expr], symbols)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x+a", [()]),
        ("relu(x)", [(-1,), (1,)]),
        ("relu(x)*relu(a)", [(-1, -1), (-1, 1), (1, -1), (1, 1)]),
        ("relu(x)*relu(x)", [(-1,), (1,)]),
        ("relu(x)*relu(0.5*x)", [(-1, -1), (1, 1)]),
        ("relu(x)*relu(-3*x)", [(-1, 1), (1, -1)]),
        ("relu(x)*relu(x-1)", [(-1, -1), (1, -1), (1, 1)]),
        ("relu(x*x)", [(1,)]),
        ("relu(-exp(x)-1)", [(-1,)]),
        ("relu(x)*relu(x/(1+x^2))", [(-1, -1), (1, 1)]),
        ("relu(x-x)", [(0,)]),
        ("max(x,x)", [(0,)]),
        ("max(relu(x),relu(2*x))", [(-1, -1, 0), (1, 1, -1)]),
        ("relu(x/0)", [(-1,), (1,)]),
    ],
)
def test_regions_without_points_are_left_out(text, expected):
    assert regions(text) == expected


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("max(a,b)", 2),
        ("max(a,b)+max(b,a)", 2),
        ("max(a,b)*max(b,c)*max(c,a)", 6),
        ("max(a,b,c)", 4),
        ("+".join(f"relu(x-{i})" for i in range(9)), 10),
    ],
)
def test_an_order_goes_round_no_circle(text, count):
    assert len(regions(text)) == count


@pytest.mark.parametrize(
    ("text", "sides", "formula"),
    [
        ("relu(x)", (1,), "x"),
        ("relu(x)", (-1,), "0"),
        ("cases(x,1,2,3)", (0,), "2"),
        ("abs(abs(x)-1)", (-1, 1), "-x-1"),
    ],
)
def test_in_a_region_a_formula_has_no_cases(text, sides, formula):
    expr = write_out(parse_row(text))
    symbols = {"x": sp.Symbol("x", real=True)}
    region = next(list_regions([expr], symbols))
    assert to_text(settle(expr, dict(zip(region, sides, strict=True)))) == formula


def row(*, strict=True, **parts):
    return Row(frozenset((name, Fraction(number)) for name, number in parts.items()), strict)


@pytest.mark.parametrize(
    ("rows", "excluded"),
    [
        ([], False),
        ([row(a=1)], False),
        ([row(a=1), row(a=-1)], True),
        ([row(a=1, strict=False), row(a=-1, strict=False)], False),
        ([row(a=1, strict=False), row(a=-1)], True),
        ([row(a=1, b=-1), row(b=1, c=-1), row(c=1, a=-1)], True),
        ([row(a=1, b=-1), row(b=1, c=-1), row(a=1, c=-1)], False),
        ([row(a=1, b=1), row(a=1, b=-1), row(a=-1)], True),
        ([row(a=1, b=1), row(a=-1)], False),
    ],
)
def test_inequalities_exclude_one_another_or_not(rows, excluded):
    assert exclude_one_another(rows) is excluded


def test_too_many_inequalities_are_taken_as_possible():
    many = [row(a=1, b=i) for i in range(1, 120)] + [row(a=-1, b=-i) for i in range(1, 120)]
    assert exclude_one_another(many) is False
