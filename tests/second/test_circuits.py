"""The second arithmetic of formulas: real numbers or none, and what a kink gives."""

from __future__ import annotations

import pytest

from derive.second import Collapsed, Differences, SkippedError
from derive.spec import loads


def circuit(formula, x="2", more=""):
    head = f'kind = "circuit"\noutput = "f"\n[values]\nx = {x}\n[definitions]\n'
    return loads(f'{head}f = "{formula}"\n{more}')


@pytest.mark.parametrize(
    ("formula", "x"),
    [
        ("1/x", "0"),
        ("x^(-2)", "0"),
        ("x^(-0.5)", "0"),
        ("x^0.5", "-1"),
        ("sqrt(x)", "-1"),
        ("log(x)", "0"),
        ("ln(x)", "-1"),
        ("exp(x^2)", "1e60"),
        ("2^(x^2)", "1e60"),
        ("x^(3000000000*x)", "1e60"),
        ("1/x+x", "0"),
    ],
)
def test_a_formula_without_a_real_value_has_no_number_and_no_slope(formula, x):
    road = Differences(circuit(formula, x))
    assert road.value("f") is None
    assert road.value("df/dx") is None


@pytest.mark.parametrize(
    ("formula", "x"),
    [("1/x", "0"), ("log(x)", "0"), ("sqrt(x)", "-1"), ("exp(x^2)", "1e60")],
)
def test_what_has_no_value_is_not_collapsed(formula, x):
    with pytest.raises(SkippedError, match="the collapsed output has no value"):
        Collapsed(circuit(formula, x))


@pytest.mark.parametrize(
    ("formula", "x", "slope"),
    [("x^0.5", "4", "0.25"), ("x^3", "-2", "12"), ("x^(-1)", "2", "-0.25"), ("0^x", "2", "0")],
)
def test_a_power_has_the_slope_of_the_power_rule(formula, x, slope):
    assert abs(Differences(circuit(formula, x)).value("df/dx") - float(slope)) < 1e-15


@pytest.mark.parametrize("formula", ["abs(x)", "relu(x)", "max(x,0)", "relu(x)-relu(-x)"])
def test_at_a_kink_the_difference_says_so(formula):
    assert Differences(circuit(formula, "0")).value("df/dx") is None


@pytest.mark.parametrize("formula", ["abs(x)", "relu(x)+min(x,3)"])
def test_an_update_by_a_slope_at_a_kink_has_no_number(formula):
    update = "[update]\nlearning_rate = 0.1\n"
    road = Differences(circuit(formula, "0", update))
    assert [road.value(name) for name in ("x+", "f+", "df/dx+")] == [None, None, None]


def test_without_an_update_every_step_has_the_numbers_of_the_first():
    road = Differences(circuit("x^2"))
    assert road.value("f@3") == road.value("f") == 4


@pytest.mark.parametrize("name", ["g", "dg/dx", "dx/dx", "d/d", ""])
def test_an_id_that_means_nothing_is_a_key_error(name):
    with pytest.raises(KeyError):
        Differences(circuit("x^2")).value(name)


def test_a_power_of_numbers_too_large_is_not_collapsed():
    with pytest.raises(SkippedError, match="too large to multiply out"):
        Collapsed(circuit("x*3^9999"))


def test_a_formula_that_doubles_nine_times_is_not_collapsed():
    doubled = "".join(f'q{i} = "q{i + 1}*q{i + 1}"\n' for i in range(1, 9))
    with pytest.raises(SkippedError, match="collapsed, f has more than 500 names and numbers"):
        Collapsed(circuit("q1*q1", more=doubled + 'q9 = "x"\n'))
