"""The second arithmetic of formulas: real numbers or none, and what holds at a kink."""

from __future__ import annotations

import pytest

from derive.second import Differences
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
        ("relu(1/x)", "0"),
    ],
)
def test_a_formula_without_a_real_value_has_no_number_and_no_slope(formula, x):
    checks = Differences(circuit(formula, x))
    assert checks.value("f") is None
    assert checks.value("df/dx") is None


@pytest.mark.parametrize(
    ("formula", "x", "slope"),
    [("x^0.5", "4", "0.25"), ("x^3", "-2", "12"), ("x^(-1)", "2", "-0.25"), ("0^x", "2", "0")],
)
def test_a_power_has_the_slope_of_the_power_rule(formula, x, slope):
    assert abs(Differences(circuit(formula, x)).value("df/dx") - float(slope)) < 1e-15


KINKS = {
    "relu(x)": "0", "leaky_relu(x)": "0.01", "leaky_relu(x, 0.3)": "0.3", "elu(x, 0.3)": "0.3",
    "abs(x)": "0", "max(x, 0)": "0.5", "min(x, 0)": "0.5", "max(0, 3x)": "1.5",
    "relu(x) - relu(-x)": "0", "relu(relu(x)) + 2x": "2",
}  # fmt: skip
"""Slopes at 0 as PyTorch has them."""


@pytest.mark.parametrize(("formula", "slope"), KINKS.items())
def test_at_a_kink_the_form_taken_there_has_the_slope(formula, slope):
    update = "[update]\nlearning_rate = 0.1\n"
    checks = Differences(circuit(formula, "0", update))
    assert abs(checks.value("df/dx") - float(slope)) < 1e-15
    assert abs(checks.value("x+") + float(slope) / 10) < 1e-15


def test_where_the_slopes_of_both_sides_differ_without_a_case_there_is_none():
    assert Differences(circuit("(x^2)^0.5 + sqrt(x)", "0")).value("df/dx") is None


def test_without_an_update_every_step_has_the_numbers_of_the_first():
    checks = Differences(circuit("x^2"))
    assert checks.value("f@3") == checks.value("f") == 4


@pytest.mark.parametrize("name", ["g", "dg/dx", "dx/dx", "d/d", "", "df/dlearning_rate"])
def test_an_id_that_means_nothing_is_a_key_error(name):
    with pytest.raises(KeyError):
        Differences(circuit("x^2")).value(name)
