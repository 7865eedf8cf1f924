"""Value and slope at a point, from the formula alone; no value where there is none."""

from __future__ import annotations

import flint
import pytest

from derive.algebra.expressions import Diff
from derive.algebra.grammar import parse, parse_row
from derive.algebra.taylor import NoValue, Point, taylor_arithmetic

BITS = 128


@pytest.fixture(autouse=True)
def arithmetic():
    with taylor_arithmetic(BITS):
        yield


def point(x, y=-1):
    return Point({"x": flint.arb_series([x, 1]), "y": flint.arb_series([y])})


X = flint.fmpq(3, 4)


def read(number):
    """`-16/3`, decimals, or a number."""
    top, _, bottom = str(number).partition("/")
    return flint.arb(top) / flint.arb(bottom or 1)


@pytest.mark.parametrize(
    ("text", "value", "slope"),
    [
        ("7", 7, 0),
        ("y", -1, 0),
        ("x", 0.75, 1),
        ("-x", -0.75, -1),
        ("x+y-0.5", -0.75, 1),
        ("2*x*x", 1.125, 3),
        ("3/x", 4, "-16/3"),
        ("x^2", 0.5625, 1.5),
        ("y^3", -1, 0),
        ("(-x)^3", -0.421875, -1.6875),
        ("(-x)^(2+0*x)", 0.5625, 1.5),
        ("x^y", "4/3", "-16/9"),
        ("exp(x-0.75)", 1, 1),
        ("log(4*x/3)", 0, "4/3"),
        ("ln(4*x/3)", 0, "4/3"),
        ("sqrt(x-0.5)", 0.5, 1),
        ("sin(x-0.75)", 0, 1),
        ("cos(x-0.75)", 1, 0),
        ("normal_cdf(x-0.75)", 0.5, "0.398942280401432677939946059934"),
        ("normal_pdf(x-0.75)", "0.398942280401432677939946059934", 0),
        ("sigmoid(4*x-3)", 0.5, 1),
        ("tanh(x-0.75)", 0, 1),
        ("relu(x)", 0.75, 1),
        ("relu(-x)", 0, 0),
        ("leaky_relu(-x)", -0.0075, -0.01),
        ("leaky_relu(-x,x)", -0.5625, -1.5),
        ("elu(x-2*x,3)", "-1.582900341776955879", "-1.417099658223044121"),
        ("max(y,x,0.5)", 0.75, 1),
        ("min(x^2,x,1)", 0.5625, 1.5),
        ("abs(x-x)", 0, 0),
        ("max(x,x)", 0.75, 1),
        ("cases(y,x^2,1,0)", 0.5625, 1.5),
    ],
)
def test_value_and_slope_of_every_operation(text, value, slope):
    found = point(X).expand(parse_row(text))
    assert abs(found[0] - read(value)) < 1e-15
    assert abs(found[1] - read(slope)) < 1e-15


def test_an_open_derivative_has_the_value_of_the_slope():
    assert point(X).expand(Diff(parse("x^3"), "x"))[0] == flint.arb(27) / 16


@pytest.mark.parametrize(
    "text",
    ["1/(x-0.75)", "1/(x-x)", "log(y)", "log(x-x)", "sqrt(y)", "sqrt(x-x)", "y^x", "y^0.5",
     "0*log(y)", "relu(x-0.75)", "abs(0.1*x-0.075)", "max(x,0.75)", "exp(exp(exp(100*x)))",
     "0.1*x/(0.3*x-0.1*x-0.2*x)"],
)  # fmt: skip
def test_where_there_is_no_value_or_no_slope_none_is_given(text):
    with pytest.raises(NoValue):
        point(X).expand(parse(text))


def test_a_branch_that_is_not_taken_needs_no_value():
    assert point(X).expand(parse_row("cases(x,log(y),1/0,2)"))[0] == 2


@pytest.mark.parametrize(
    ("text", "sides"),
    [("x*y", []), ("relu(x)", [1]), ("relu(y)*abs(x)", [-1, 1]), ("relu(relu(y))", [-1, 0])],
)
def test_the_sides_of_all_subjects_are_noted(text, sides):
    here = point(X)
    here.expand(parse(text))
    assert here.sides == sides


def test_functions_inside_one_another_cost_what_one_costs():
    text = "x"
    for _ in range(60):
        text = f"silu({text})"
    assert 0 < point(X).expand(parse(text))[0] < 1


def test_the_precision_outside_is_left_as_it_was():
    before = flint.ctx.prec, flint.ctx.cap
    with taylor_arithmetic(999):
        assert flint.ctx.prec == 999
    assert (flint.ctx.prec, flint.ctx.cap) == before
