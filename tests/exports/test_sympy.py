"""SymPy in the reader's hand: single expressions, and a script whose numbers are the key's."""

import subprocess
import sys
from fractions import Fraction

import pytest
import sympy as sp

import derive
from derive.errors import SpecError
from derive.spec import Perceptron

DECK = derive.sheet("two-two-two")
KINDS = """
inputs = [[0.1, -0.2], [0.3, 0.4]]
targets = [[0.5, 1], [0.2, -1]]
loss = "{loss}"
learning_rate = 0.1
input_derivatives = true
[[layers]]
activation = "{activation}"
weights = [[0.3, -0.7], [0.2, 0.5]]
[[layers]]
weights = [[0.3, 0.4], [-0.6, 0.9]]
"""
CIRCUIT = """
kind = "circuit"
output = "f"
[values]
sp = 2
lambda = 0.50
x = -3
[definitions]
print = "max(sp, lambda, 1/3) + 2^(1/2) + abs(x)"
f = "print^2/lambda - sqrt(sp) + tanh(x)"
[update]
parameters = ["x"]
learning_rate = 0.1
direction = "ascent"
"""


def test_a_neuron_is_an_expression_in_the_names_of_the_sheet():
    z3, h1, h2, w5, w6 = sp.symbols("z3 h1 h2 W5 W6")
    assert DECK.symbolic("z3") == w5 * h1 + w6 * h2
    assert DECK.symbolic("o1") == 1 / (1 + sp.exp(-z3))
    assert DECK.symbolic("x1") == sp.Symbol("x1")
    assert derive.symbolic("two-two-two", "z3") == DECK.symbolic("z3")


def test_a_derivative_is_a_product_of_the_derivatives_of_the_sheet():
    factors = sp.symbols("dE_total/do1 do1/dz3 dz3/dW5")
    assert DECK.symbolic("dE_total/dW5") == sp.prod(factors)


@pytest.mark.parametrize("name", ["W1", "W5", "W8"])
def test_expanded_it_is_what_sympy_differentiates(name):
    whole = DECK.symbolic("E_total", expand=True)
    given = {q.id: sp.Rational(q.typed) for q in DECK.graph.quantities.values() if q.typed}
    assert {str(symbol) for symbol in whole.free_symbols} <= set(given)
    ours = DECK.symbolic(f"dE_total/d{name}", expand=True)
    apart = (sp.diff(whole, sp.Symbol(name)) - ours).subs(given)
    assert abs(sp.N(apart, 40)) < sp.Rational(1, 10**35)


def test_an_updated_weight_may_be_expanded():
    value = DECK.symbolic("E_total+", expand=True)
    given = {q.id: sp.Rational(q.typed) for q in DECK.graph.quantities.values() if q.typed}
    expected = sp.Rational(DECK.numbers.answer(DECK.derivation.step("E_total+")).value)
    assert abs(sp.N(value.subs(given), 25) - expected) < sp.Rational(1, 10**20)


def test_an_unknown_id_names_the_nearest():
    with pytest.raises(SpecError, match="did you mean"):
        DECK.symbolic("dE_total/dW9")


def test_too_many_formulas_are_refused(monkeypatch):
    monkeypatch.setattr("derive.limits.SLIDE_STEPS", 5)
    with pytest.raises(SpecError, match="without expand"):
        DECK.symbolic("E_total", expand=True)
    assert DECK.symbolic("E_total")


def run(spec):
    script = derive.export(spec, "sympy")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(line.split(" = ") for line in done.stdout.splitlines())


def compare(spec):
    """Every number that the script prints is that of the key; how many there are."""
    key = {answer["id"]: answer for answer in derive.key(spec)["answers"]}
    printed = run(spec)
    for name, text in printed.items():
        value = Fraction(key[name]["value"])
        near = abs(value) / 10**15 + Fraction(1, 10**25)
        assert abs(Fraction(text) - value) <= near, (name, text)
    return set(printed)


def test_the_script_of_the_deck_prints_the_numbers_of_the_key():
    printed = compare(derive.load("two-two-two"))
    assert {"z1", "o2", "E_total", "dE_total/dW1", "dE_total/dz3", "W5+", "E_total+"} <= printed


def test_the_script_of_a_circuit_with_names_of_its_own():
    """`print` and `sp` are names of the script, `lambda` is one of Python."""
    text = CIRCUIT.replace("print =", "p =").replace("print^2", "p^2")
    assert {"f", "df/dsp", "df/dlambda", "x+", "f+"} <= compare(derive.loads(text))
    assert {"print", "df/dprint"} <= compare(derive.loads(CIRCUIT))


@pytest.mark.slow
@pytest.mark.parametrize("name", derive.examples())
def test_the_script_of_each_example(name):
    spec = derive.load(name)
    if not isinstance(spec, Perceptron):
        assert compare(spec)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("activation", "loss"),
    [
        ("tanh", "huber"), ("gelu", "log_cosh"), ("elu", "squared_error"),
        ("softplus", "mean_squared_error"), ("silu", "half_squared_error"),
        ("leaky_relu", "half_squared_error"), ("softmax", "half_squared_error"),
    ],
)  # fmt: skip
def test_the_script_of_each_kind_of_formula(activation, loss):
    assert compare(derive.loads(KINDS.format(activation=activation, loss=loss)))


def test_a_perceptron_has_none():
    with pytest.raises(SpecError, match="a perceptron has no script"):
        derive.export("and-gate", "sympy")


def test_the_script_says_what_it_needs():
    assert "pip install sympy" in derive.export("neuron", "sympy").splitlines()[1]
    korean = derive.export(
        derive.spec.override(derive.load("neuron"), {"language": "ko"}), "sympy"
    )
    assert "# 순전파" in korean
