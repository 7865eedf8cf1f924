"""The gradient check: quotients as a computer finds them, and the best h."""

import math
from contextlib import suppress
from pathlib import Path

import flint
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_circuits import random_circuit
from random_specs import random_network
from sampling import examples

import derive
from derive.algebra.expressions import Name
from derive.algebra.grammar import parse
from derive.errors import SpecError
from derive.numbers import Numbers
from derive.numbers.compiling import compile_formula, look_up
from derive.numbers.differences import check_gradient
from derive.numbers.machine import MACHINE, round_to_float
from derive.pages.document import Grid
from derive.pages.worksheet import FREE


def checked(source, name):
    return check_gradient(derive.sheet(source).numbers, name)


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def deck_error(w1):
    """The deck's network in plain Python, in the order of its formulas."""
    x1, x2, t1, t2 = 0.1, 0.2, 0.4, 0.6
    h1, h2 = sigmoid(w1 * x1 + 0.25 * x2), sigmoid(0.4 * x1 + 0.35 * x2)
    o1, o2 = sigmoid(0.45 * h1 + 0.4 * h2), sigmoid(0.7 * h1 + 0.6 * h2)
    return 0.5 * (t1 - o1) ** 2 + 0.5 * (t2 - o2) ** 2


def test_the_deck_as_measured_elsewhere():
    """Figures of the study group's own measurement of dE/dW1 in float64."""
    found = checked("two-two-two", "W1")
    errors = {row.power: row for row in found.rows}
    assert f"{errors[1].central_error:.1e}" == "9.5e-06"
    assert f"{errors[11].central_error:.1e}" == "8.3e-04"
    best = found.find_best("central")
    assert (best.power, f"{best.central_error:.1e}") == (4, "5.4e-11")
    best = found.find_best("forward")
    assert (best.power, f"{best.forward_error:.1e}") == (7, "2.6e-08")


@pytest.mark.parametrize("power", range(1, 7))
def test_the_quotients_are_those_of_plain_python(power):
    row = checked("two-two-two", "W1").rows[power - 1]
    h = 10.0**-power
    noise = 4e-17 / h
    assert row.forward == pytest.approx((deck_error(0.3 + h) - deck_error(0.3)) / h, abs=noise)
    central = (deck_error(0.3 + h) - deck_error(0.3 - h)) / (2 * h)
    assert row.central == pytest.approx(central, abs=noise)


def test_theory_and_table_agree_on_the_best_h():
    found = checked("two-two-two", "W5")
    for side in ("forward", "central"):
        expected = getattr(found, f"best_{side}")
        assert abs(math.log10(expected) + found.find_best(side).power) < 1.5


def test_a_straight_line_has_no_best_h():
    found = checked("circuit", "x")
    assert (found.best_forward, found.best_central) == (None, None)
    assert found.rows[0].central_error < 1e-14


def test_a_derivative_of_zero_is_compared_absolutely():
    text = 'kind = "circuit"\noutput = "f"\nsteps = 0\n[values]\nx = 0\n[definitions]\nf = "x^2"\n'
    row = checked(derive.loads(text), "x").rows[0]
    assert (row.forward, row.forward_error, row.central_error) == (*[pytest.approx(0.1)] * 2, 0)


def test_several_samples_are_checked_as_a_whole():
    text = (
        "inputs = [[0.1], [0.7]]\ntargets = [[0.4], [0.2]]\nlearning_rate = 0.1\n"
        '[[layers]]\nactivation = "tanh"\nweights = [[0.5]]\n'
    )
    found = checked(derive.loads(text), "W1")
    assert (found.of, found.wrt) == ("E_total", "W1")
    assert found.find_best("central").central_error < 1e-9


def test_rounding_step_by_step_is_no_part_of_the_check():
    spec = derive.spec.override(derive.load("two-two-two"), {"rounding": "stepwise"})
    exact = derive.sheet("two-two-two").gradient_check("W1")[0].blocks
    assert derive.sheet(spec).gradient_check("W1")[0].blocks == exact


@pytest.mark.parametrize("name", ["x1", "h1", "W9", "learning_rate"])
def test_only_parameters_are_checked(name):
    with pytest.raises(SpecError, match=r"is no parameter; E_total .* W1, W2, W3 \.\.\."):
        checked("two-two-two", name)


@pytest.mark.parametrize("form", ["md", "tex", "html", "typ", "ipynb"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_page_stands_in_every_format(form, language):
    spec = derive.spec.override(derive.load("neuron"), {"language": language})
    page = derive.gradient_check(spec, form=form)
    assert "5.4" in derive.gradient_check("two-two-two", "W1", form) or form == "html"
    assert len(page) > 1000


def test_a_row_for_each_h():
    (grid,) = (b for b in derive.sheet("neuron").gradient_check()[0].blocks if isinstance(b, Grid))
    assert len(grid.rows) == 12


def test_the_command_takes_the_first_parameter(run):
    code, out, _ = run("gradcheck", "two-two-two")
    assert code == 0
    assert "W_1" in out


FLOATS = st.floats(-8, 8, allow_subnormal=False)


def evaluate_machine(expr, lookup):
    return compile_formula(expr, MACHINE, look_up)(lookup)


@given(FLOATS, FLOATS)
@pytest.mark.parametrize(
    ("text", "python"),
    [
        ("a+b", lambda a, b: a + b),
        ("a*b-a", lambda a, b: a * b - a),
        ("a/(b^2+1)", lambda a, b: a / (b * b + 1)),
        ("relu(a)", lambda a, _: max(a, 0.0)),
    ],
)
def test_the_four_operations_are_those_of_the_machine(text, python, a, b):
    assert evaluate_machine(parse(text, "EXPR"), {"a": a, "b": b}.__getitem__) == python(a, b)


@given(FLOATS)
@pytest.mark.parametrize(
    ("text", "python"),
    [
        ("exp(a)", math.exp),
        ("tanh(a)", math.tanh),
        ("sigmoid(a)", sigmoid),
        ("sin(a)", math.sin),
        ("sqrt(abs(a))", lambda a: math.sqrt(abs(a))),
        ("abs(a)^1.5", lambda a: abs(a) ** 1.5),
    ],
)
def test_functions_agree_with_the_library(text, python, a):
    found = evaluate_machine(parse(text, "EXPR"), {"a": a}.__getitem__)
    assert found == pytest.approx(python(a), rel=1e-13, abs=1e-15)


def test_a_typed_number_is_the_nearest_float():
    assert evaluate_machine(parse("0.1", "EXPR"), {}.__getitem__) == 0.1
    assert round_to_float(derive.sheet("two-two-two").numbers.value("W5")) == 0.45
    assert evaluate_machine(Name("x"), {"x": 3.0}.__getitem__) == 3.0


CORNERS = """
kind = "circuit"
output = "f"
[values]
x = 0
[definitions]
f = "{}"
"""


@pytest.fixture
def wrong(monkeypatch):
    """Every derivative is a share too large, and so is what is printed of it."""

    def times(factor):
        right = Numbers.value
        monkeypatch.setattr(Numbers, "value", lambda self, name: right(self, name) * factor)

    return times


@pytest.mark.parametrize("name", examples())
def test_a_right_derivative_agrees_with_its_quotients(name):
    sheet = derive.sheet(name)
    given = [q.id for q in sheet.graph.quantities.values() if q.role in FREE]
    for wrt in given[:4] if sheet.spec.kind != "perceptron" else ():
        assert check_gradient(sheet.numbers, wrt).agrees, wrt


@pytest.mark.parametrize("seed", range(20))
def test_random_exercises_agree(seed):
    for text in (random_circuit(seed), random_network(seed)):
        sheet = derive.sheet(derive.loads(text))
        given = [q.id for q in sheet.graph.quantities.values() if q.role in FREE]
        for wrt in given[:2]:
            with suppress(SpecError):
                assert check_gradient(sheet.numbers, wrt).agrees, (text, wrt)


@pytest.mark.parametrize("factor", [-1, flint.fmpq(1001, 1000), flint.fmpq(1000001, 1000000)])
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_wrong_derivative_is_exit_1_and_told_on_the_page(run, wrong, factor, lang):
    wrong(factor)
    code, out, err = run("gradcheck", "two-two-two", "W1", "--lang", lang)
    assert (code, err) == (1, "")
    told = {"en": "They do not agree", "ko": "서로 맞지 않습니다"}[lang]
    assert told in out
    assert "0.000808875" in out.split(told)[1].split("\n")[0]
    assert told in derive.gradient_check(
        derive.spec.override(derive.load("two-two-two"), {"language": lang}), "W1"
    )


def test_a_derivative_of_zero_that_is_not_zero_is_told(run, monkeypatch):
    monkeypatch.setattr(Numbers, "value", lambda *_: flint.fmpq(0))
    assert run("gradcheck", "two-two-two", "W1")[0] == 1


@pytest.mark.parametrize("source", ["x^5", "x^2", "x", "3", "cos(x)", "x^3 - x^3"])
def test_a_flat_place_is_no_disagreement(source):
    assert checked(derive.loads(CORNERS.format(f"{source} + 0*x")), "x").agrees


@pytest.mark.parametrize(
    ("source", "sides"), [("relu(x)", (0, 1)), ("abs(x)", (-1, 1)), ("max(x, -2x)", (-2, 1))]
)
def test_at_a_corner_the_convention_lies_between_both_slopes(run, source, sides):
    spec = derive.loads(CORNERS.format(source))
    found = checked(spec, "x")
    assert (found.corner, found.agrees, (found.left, found.right)) == (True, True, sides)
    assert "has a corner here" in derive.gradient_check(spec, "x")


def test_where_the_convention_is_no_slope_at_all_it_is_told():
    """relu(x) - relu(-x) is x, but 0 at each corner adds up to 0."""
    found = checked(derive.loads(CORNERS.format("relu(x) - relu(-x)")), "x")
    assert (found.corner, found.agrees) == (False, False)


@pytest.mark.parametrize(
    ("source", "rows"), [("log(x + 0.05)", 11), ("exp(exp(7*x + 6.5))", 10), ("sqrt(x + 1)", 12)]
)
def test_where_a_computer_finds_no_value_there_is_no_row(source, rows):
    found = checked(derive.loads(CORNERS.format(source)), "x")
    assert (len(found.rows), found.agrees) == (rows, True)


def test_no_value_at_all_is_one_message(run, folder):
    Path("f.toml").write_text(CORNERS.format("exp(800 + x)"))
    code, out, err = run("gradcheck", "f.toml", "x")
    assert (code, out) == (2, "")
    assert err == "derive: f.toml: x: f has no values close by, so there are no quotients\n"
