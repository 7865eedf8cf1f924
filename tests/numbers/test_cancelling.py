"""What cancels is seen, at every order of asking, and nothing else is taken for 0."""

import flint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import derive
from derive.algebra import grammar
from derive.numbers import balls, forms
from derive.numbers.cancelling import Exact

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
        ("exp(x)/exp(x)", "1"),
        ("exp(x)*exp(-x)", "1"),
        ("exp(2*x)/exp(x)^2", "1"),
        ("exp(x)/(8*exp(x))", "0.125"),
        ("sigmoid(x) + sigmoid(-x)", "1"),
        ("tanh(x) - (exp(x)-exp(-x))/(exp(x)+exp(-x))", "0"),
        ("softplus(x) - softplus(-x)", "0.3"),
        ("log(exp(x))", "0.3"),
        ("log(x^2) - 2*log(x)", "0"),
        ("log(6) - log(2) - log(3)", "0"),
        ("exp(-log(2))", "0.5"),
        ("exp(3*log(sqrt(4))/2)*exp(log(8)/-2)", "1"),
        ("exp(y - log(exp(y)+exp(y)))", "0.5"),
        ("sqrt(x)^2", "0.3"),
        ("sqrt(x)*x^0.5", "0.3"),
        ("sqrt(2)*sqrt(8)", "4"),
        ("(exp(x))^(y*2)*exp(0.42)", "1"),
        ("sin(y)^2 + cos(y)^2", "1"),
        ("cos(y) - cos(-y)", "0"),
        ("sin(y) + sin(-y)", "0"),
        ("abs(g) - g", "0"),
        ("max(g, h) - min(g, h)", "0"),
        ("leaky_relu(h) - leaky_relu(h, 0.25)", "0"),
        ("relu(g - h)*3 + abs(min(g, h, 2) - g)", "0"),
        ("normal_cdf(g) - normal_cdf(h)", "0"),
        ("exp(-x^2) - (exp(-x^2) - x)", "0.3"),
    ],
)
def test_a_formula_that_cancels_is_exact(formula, value):
    shown = circuit(formula, g="exp(x) + y", h="y + exp(x)").shown("f")
    assert (shown.text, shown.exact) == (value, True)


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("abs(exp(x) - exp(x)) + exp(x)", "1.34985881"),
        ("relu(g - h) + relu(h)", "0.64985881"),
        ("min(g, h, 2)*max(g, h)", "0.42231647"),
        ("exp(x) - sqrt(g - h)", "1.34985881"),
        ("exp(x) + (g - h)^exp(y)", "1.34985881"),
    ],
)
def test_a_case_at_a_sum_that_cancels_is_chosen(formula, text):
    shown = circuit(formula, g="exp(x) + y", h="y + exp(x)").shown("f")
    assert (shown.text, shown.exact) == (text, False)


@pytest.mark.parametrize(
    ("formula", "decimals", "text", "exact"),
    [
        ("1 + exp(x)/(8*exp(x))", 2, "1.13", "9/8"),
        ("exp(x)/(3*exp(x))", 8, "0.33333333", "1/3"),
        ("exp(x)/(7*exp(x))", 8, "0.14285714", "1/7"),
    ],
)
def test_a_tie_is_decided_and_a_small_fraction_is_seen(formula, decimals, text, exact):
    text_of = f'kind = "circuit"\noutput = "f"\ndecimals = {decimals}\n[values]\nx = 0.3\n'
    numbers = numbers_of(text_of + f'[definitions]\nf = "{formula}"\n')
    answer = numbers.answer(numbers.step("f"))
    assert (answer.shown.text, answer.exact) == (text, exact)


EQUAL = """
inputs = [1]
targets = [1, 0]
loss = "cross_entropy"
learning_rate = 0.25
decimals = {decimals}
rounding = "{rounding}"
[[layers]]
activation = "softmax"
weights = [[1], [1]]
"""


@pytest.mark.parametrize("rounding", ["exact", "stepwise"])
def test_equal_pre_activations_of_a_softmax_have_exact_shares(rounding):
    """W1+ = 1 + 0.25 x 0.5 = 1.125 lies between two digits."""
    numbers = numbers_of(EQUAL.format(decimals=2, rounding=rounding))
    shown = {s.id: numbers.shown(s.id) for s in numbers.derivation.steps()}
    assert (shown["o1"].text, shown["o1"].exact) == ("0.5", True)
    assert shown["W1+"].text == "1.13"
    assert numbers_of(EQUAL.format(decimals=8, rounding=rounding)).shown("o2").text == "0.5"


def test_what_is_only_small_is_not_taken_for_zero():
    shown = circuit("exp(x) - exp(x + g)", g="1e-50*y").shown("f")
    assert shown.text == "9.449e-51"


def test_a_long_form_is_one_thing_and_still_equal_to_itself(monkeypatch):
    monkeypatch.setattr(forms.Forms, "most_terms", 2)
    terms = "exp(x) + sin(x) + cos(x) + exp(y)"
    assert circuit(f"({terms}) - ({terms})").shown("f").text == "0"


ATOMS = (
    "a b 2 1/3 0 exp(a) exp(-2a) sin(b) cos(b) sqrt(a) log(a) tanh(a) sigmoid(b) softplus(-a) "
    "abs(b) max(a,b) log(6) 2^0.5"
)
LEAVES = st.sampled_from(ATOMS.split())
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


def side(expr):
    return balls.sign(balls.evaluate(expr, VALUES.__getitem__))


@settings(deadline=None, derandomize=True, database=None)
@given(FORMULAS, FORMULAS)
def test_a_form_that_is_a_fraction_is_the_value(one, other):
    """Against balls of 300 bits: a form never says a fraction that the value is not."""
    expr = grammar.parse(f"{one} - {other}")
    with balls.precision(300):
        found = Exact(VALUES.__getitem__, side).find(expr)
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


NORMED = """
inputs = [[0.5, 0.1], [0.25, 0.3], [0.2, -0.4]]
targets = [[0.25], [0.75], [0.1]]
learning_rate = 0.5
steps = 4
[[layers]]
activation = "{activation}"
weights = [[0.5, 0.25], [0.3, -0.2]]
[[layers]]
weights = [[0.5, 0.25]]
biases = [0.1]
[[layers]]
type = "batch_norm"
"""


@pytest.mark.parametrize("activation", ["identity", "tanh"])
def test_what_holds_for_any_parameters_is_seen_after_updates(activation):
    """A bias before a batch normalisation moves nothing, after the fourth update as before."""
    numbers = numbers_of(NORMED.format(activation=activation))
    for update in range(4):
        name = numbers.derivation.graph.after("dE_total/db3", update)
        assert (numbers.shown(name).text, numbers.shown(name).exact) == ("0", True)


ATTENDED = """
inputs = [[0.5, 0.1], [0.25, 0.9], [-0.3, 0.4]]
targets = [[0.25, 0.1], [0.5, 0.2], [0.3, 0.7]]
learning_rate = 0.5
steps = 3
[[layers]]
type = "attention"
query_weights = [[0.5, 0.2], [0.1, 0.3]]
query_biases = [0.1, 0.2]
key_weights = [[0.4, -0.2], [0.3, 0.1]]
key_biases = [0.3, 0.1]
value_weights = [[0.2, 0.5], [0.6, 0.3]]
"""


def test_a_bias_of_all_keys_moves_nothing_after_updates_either():
    numbers = numbers_of(ATTENDED)
    graph = numbers.derivation.graph
    for name in ("dE_total/dbk1", "dE_total/dbk2"):
        for update in range(3):
            assert numbers.shown(graph.after(name, update)).text == "0"
    assert numbers.shown("dE_total/dbq1@2").text not in {"0", "-0"}
