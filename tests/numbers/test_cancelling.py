"""What cancels is seen, at every order of asking, and nothing else is taken for 0."""

import flint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import derive
from derive.algebra import grammar
from derive.numbers import balls, cancelling
from derive.numbers.cancelling import Polynomials

TWINS = """
inputs = [0.3, 0.3]
targets = [0.4, 0.4]
learning_rate = 0.5
steps = 2
[[layers]]
activation = "sigmoid"
weights = [[0.3, 0.25], [0.25, 0.3]]
[[layers]]
activation = "{activation}"
weights = [[0.45, -0.45], [0.7, 0.6]]
[[layers]]
activation = "sigmoid"
weights = [[0.45, -0.45], [0.7, 0.6]]
"""


def numbers_of(text):
    return derive.sheet(derive.loads(text)).numbers


def circuit(formula, **more):
    definitions = "\n".join(f'{name} = "{text}"' for name, text in more.items())
    return numbers_of(
        f'kind = "circuit"\noutput = "f"\n[values]\nx = 0.3\ny = -0.7\n'
        f'[definitions]\nf = "{formula}"\n{definitions}\n'
    )


@pytest.mark.parametrize("backwards", [False, True])
def test_equal_hidden_units_cancel_exactly(backwards):
    numbers = numbers_of(TWINS.format(activation="tanh"))
    steps = list(numbers.derivation.steps())
    shown = {s.id: numbers.shown(s.id) for s in (reversed(steps) if backwards else steps)}
    for name in ("z3", "h3", "dE_total/dW9"):
        assert (shown[name].text, shown[name].exact) == ("0", True)
    assert (shown["dh3/dz3"].text, shown["dh3/dz3"].exact) == ("1", True)
    assert shown["dE_total/dW5"] == shown["dE_total/dW6"]


def test_a_kink_at_a_cancelled_value_is_named():
    numbers = numbers_of(TWINS.format(activation="relu"))
    assert numbers.settle_cases(numbers.step("dh3/dz3")).kink


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("exp(x) - exp(x)", "0"),
        ("sin(x)*cos(y) - cos(y)*sin(x)", "0"),
        ("(exp(x)+1)^2 - exp(x)^2 - 2exp(x) - 1", "0"),
        ("exp(x)/exp(y) - exp(x)/exp(y)", "0"),
        ("(exp(x) - exp(x)) / 3", "0"),
        ("exp(x)^2.5 - exp(x)^2.5", "0"),
        ("tanh(g) - tanh(h)", "0"),
    ],
)
def test_a_formula_that_cancels_is_exact(formula, value):
    shown = circuit(formula, g="exp(x) + y", h="y + exp(x)").shown("f")
    assert (shown.text, shown.exact) == (value, True)


def test_what_is_only_small_is_not_taken_for_zero():
    shown = circuit("exp(x) - exp(x + g)", g="1e-50*y").shown("f")
    assert shown.text == "9.449e-51"


def test_a_long_form_is_one_thing_and_still_equal_to_itself(monkeypatch):
    monkeypatch.setattr(cancelling, "MOST_TERMS", 2)
    terms = "exp(x) + sin(x) + cos(x) + exp(y)"
    assert circuit(f"({terms}) - ({terms})").shown("f").text == "0"


LEAVES = st.sampled_from(["a", "b", "exp(a)", "sin(b)", "2", "1/3", "0"])
FORMULAS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"({t[0]}{t[1]}{t[2]})"),
        inner.map(lambda t: f"(-{t})"),
        inner.map(lambda t: f"({t})^2"),
        inner.map(lambda t: f"({t})/3"),
    ),
    max_leaves=8,
)
VALUES = {"a": flint.fmpq(3, 7), "b": flint.fmpq(-2, 5)}


@settings(deadline=None, derandomize=True, database=None)
@given(FORMULAS, FORMULAS)
def test_a_form_that_is_a_fraction_is_the_value(one, other):
    """Against balls of 300 bits: a form never says a fraction that the value is not."""
    expr = grammar.parse(f"{one} - {other}")
    found = Polynomials(lambda name: expr if name == "f" else VALUES[name]).find_exact("f")
    with balls.precision(300):
        value = flint.arb(balls.evaluate(expr, VALUES.__getitem__))
        if found is not None:
            assert (value - flint.arb(found)).contains(0)
        if one == other:
            assert found == 0


SHARES = """
inputs = [0.3, -0.2]
targets = [-1, -1, -1]
loss = "hinge"
learning_rate = 0.5
[[layers]]
activation = "softmax"
weights = [[0.4, 0.1], [0.3, -0.2], [0.5, 0.1]]
"""


def test_shares_add_up_to_one():
    numbers = numbers_of(SHARES)
    for z in ("z1", "z2", "z3"):
        assert numbers.shown(f"dE_total/d{z}").text == "0"


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("exp(x)/(exp(x)+exp(y)) + exp(y)/(exp(x)+exp(y)) - 1", "0"),
        ("q*r + r*s - r", "0"),
        ("q^2*r - r + r*s*(1+q)", "0"),
    ],
)
def test_quotients_are_brought_over_one_bottom(formula, value):
    parts = {"q": "exp(x)/(exp(x)+exp(y))", "s": "exp(y)/(exp(x)+exp(y))", "r": "sin(x)"}
    assert circuit(formula, **parts).shown("f").text == value


def test_a_small_rest_of_shares_is_not_taken_for_zero():
    parts = {"q": "exp(x)/(exp(x)+exp(y))", "s": "exp(y)/(exp(x)+exp(y))"}
    assert circuit("q + s - 1 + exp(-200)", **parts).shown("f").text == "1.384e-87"
