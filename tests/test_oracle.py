"""Textbook backpropagation and central differences agree with each other, the deck, paper."""

from __future__ import annotations

from fractions import Fraction
from importlib import resources

import pytest
from mpmath import mp, mpf
from oracle import oracle, rounded
from random_specs import random_network
from sampling import few

import derive
from derive.second import Differences, verify
from derive.spec import load, loads

DECK = {
    "z1": "0.08000000", "z2": "0.11000000", "h1": "0.51998934", "h2": "0.52747230",
    "z3": "0.44498412", "z4": "0.68047592", "o1": "0.60944600", "o2": "0.66384491",
    "E_o1": "0.02193381", "E_o2": "0.00203809", "E_total": "0.02397190",
    "dE_total/do1": "0.20944600", "do1/dz3": "0.23802157", "dz3/dW5": "0.51998934",
    "dE_total/dW5": "0.02592286", "W5+": "0.43703857",
}  # fmt: skip
"""Every number that ../shared/seed/deck.txt prints for the 2-2-2 network."""

NETWORKS = ("neuron", "two-two-two", "shared-biases")
SEEDS = range(40)


def builtin(name):
    return (resources.files("derive") / "examples" / f"{name}.toml").read_text("utf-8")


def same(one, other, digits=25):
    with mp.workdps(100):
        apart = abs(one - other)
        return apart <= mpf(10) ** -digits * max(abs(one), abs(other)) or apart <= mpf(10) ** -40


def disagreements(text):
    """Ids of which differences have another number than the textbook, or none."""
    checks = Differences(loads(text))
    pairs = {name: (value, checks.value(name)) for name, value in oracle(text).items()}
    return {name: pair for name, pair in pairs.items() if None in pair or not same(*pair)}


def circuit(values, definitions, rest=""):
    rows = "\n".join(f'{name} = "{text}"' for name, text in definitions.items())
    given = "\n".join(f"{name} = {value}" for name, value in values.items())
    return loads(
        f'kind = "circuit"\noutput = "f"\n{rest.partition("[")[0]}\n[values]\n{given}\n'
        f"[definitions]\n{rows}\n{''.join(rest.partition('[')[1:])}"
    )


@pytest.mark.parametrize(("id_", "printed"), DECK.items())
def test_the_deck_prints_this(id_, printed):
    assert rounded(oracle(builtin("two-two-two"))[id_], 8) == printed


def test_shared_biases_end_at_the_right_error():
    values = oracle(builtin("shared-biases"))
    assert rounded(values["E_total+"], 15) == "0.291027773693599"
    assert not {"dE_total/db1", "dz1/db1", "b1+"} & values.keys()


@pytest.mark.parametrize("name", NETWORKS)
def test_builtin_networks(name):
    assert not disagreements(builtin(name))


@pytest.mark.parametrize("seed", few([12, 25, *SEEDS], 7))
def test_random_networks(seed):
    """The first two have units at a kink."""
    assert not disagreements(random_network(seed))


def test_random_networks_cover_every_option():
    texts = [random_network(seed) for seed in range(120)]
    specs = [loads(text) for text in texts]
    assert texts == [random_network(seed) for seed in range(120)]
    assert {layer.activation for spec in specs for layer in spec.layers} == {
        "identity", "linear", "sigmoid", "tanh", "relu", "leaky_relu", "prelu",
    }  # fmt: skip
    for option, words in {
        "loss": {"half_squared_error", "squared_error", "mean_squared_error"},
        "notation": {"flat", "indexed"}, "reduction": {"mean", "sum"},
        "update_biases": {True, False}, "steps": {0, 1, 2},
    }.items():  # fmt: skip
        assert {getattr(spec, option) for spec in specs} == words
    assert {len(spec.inputs) for spec in specs} == {1, 3}
    assert {len(spec.layers) for spec in specs} == {1, 2, 3, 4, 5}


def test_ids_of_one_neuron():
    assert " ".join(sorted(oracle(builtin("neuron")))) == (
        "E_o1 E_o1+ E_total E_total+ W1 W1+ W2 W2+ b1 b1+ dE_total/dW1 dE_total/dW2 "
        "dE_total/db1 dE_total/do1 dE_total/dz1 do1/dz1 dz1/dW1 dz1/dW2 dz1/db1 learning_rate "
        "o1 o1+ t1 x1 x2 z1 z1+"
    )


LINEAR = """
inputs = [[1], [2]]
targets = [[1], [0]]
learning_rate = 0.5
steps = 2
reduction = "sum"
[[layers]]
weights = [[2]]
[[layers]]
weights = [[3]]
biases = [1]
"""


def test_samples_and_steps_on_paper():
    values = oracle(LINEAR)
    whole = {id_: int(v) for id_, v in values.items() if "@" not in id_ and v == int(v)}
    expected = {
        "z1_s2": 4, "h1_s2": 4, "z2_s2": 13, "o1_s2": 13, "E_s1": 18,
        "dE_s1/do1_s1": 6, "dE_s2/do1_s2": 13, "do1_s2/dz2_s2": 1, "dz2_s2/dh1_s2": 3,
        "dE_o1_s2/dh1_s2": 39, "dE_s2/dh1_s2": 39, "dz2_s2/db2": 1, "dz2_s2/dW2": 4,
        "dE_s1/dW2": 12, "dE_s2/dW2": 52, "dE_total/dW2": 64, "dE_total/dW1": 96,
        "dE_total/db2": 19, "W2+": -29, "W1+": -46, "z1_s1+": -46, "dz1_s2/dW1": 2,
    }  # fmt: skip
    assert {id_: whole[id_] for id_ in expected} == expected
    assert rounded(values["E_s2"], 1) == "84.5"
    assert rounded(values["E_total"], 1) == "102.5"
    assert {"dz2_s2/dW2+", "dz2_s1/dh1_s1+", "E_s1@2", "W1@2"} <= values.keys()
    assert not {"dz1_s1/dW1+", "do1_s1/dz2_s1+", "dE_total/dW1@2", "x1_s1+"} & values.keys()


def test_indexed_names():
    text = builtin("two-two-two").replace("learning_rate", 'notation = "indexed"\nlearning_rate')
    values, flat = oracle(text), oracle(builtin("two-two-two"))
    for indexed, plain in {
        "W2_1_2": "W6", "z2_1": "z3", "a1_2": "h2", "a2_1": "o1", "E_1": "E_o1",
        "dE_total/da2_1": "dE_total/do1", "da2_1/dz2_1": "do1/dz3", "dE_1/da1_2": "dE_o1/dh2",
        "dz2_2/da1_1": "dz4/dh1", "dE_total/dW1_2_1": "dE_total/dW3", "W1_2_1+": "W3+",
    }.items():  # fmt: skip
        assert values[indexed] == flat[plain]
    assert len(values) == len(flat)


def test_a_sum_that_cancels_to_a_rounding_rest_is_at_the_kink():
    text = (
        "inputs = [0.3, 0.1]\ntargets = [1]\nlearning_rate = 0.5\n[[layers]]\n"
        'weights = [[0.7, -2.1]]\nactivation = "relu"\n'
    )
    assert oracle(text)["z1"] == 0
    assert Differences(loads(text)).value("do1/dz1") == 0


def test_a_kink_follows_the_convention():
    head = "inputs = [1, 1]\ntargets = [1]\nlearning_rate = 0.5\n[[layers]]\n"
    for activation, slope in (("relu", "0"), ("leaky_relu", "0.01"), ("prelu", "0.01")):
        text = head + f'weights = [[0.3, -0.3]]\nactivation = "{activation}"\n'
        values = oracle(text)
        assert values["z1"] == 0
        assert rounded(values["do1/dz1"], 40).rstrip("0") == slope.ljust(2, ".")
        checks = Differences(loads(text))
        for name in ("do1/dz1", "dE_total/dW1", "W1+", "z1+", "dE_total/do1"):
            assert same(checks.value(name), values[name])


def test_a_saturated_unit_keeps_its_digits():
    text = (
        "inputs = [800]\ntargets = [1]\nlearning_rate = 1\n[[layers]]\n"
        'activation = "sigmoid"\nweights = [[1]]\n'
    )
    with mp.workdps(60):
        tail = mp.exp(-800) / (1 + mp.exp(-800))
        assert abs(oracle(text)["dE_total/do1"] / -tail - 1) < mpf(10) ** -55


ROUNDED = (
    ("0.5", 0, "1"), ("-2.5", 0, "-3"), ("0.125", 2, "0.13"), ("-0.004", 2, "0.00"),
    ("12", 3, "12.000"), ("99.996", 2, "100.00"), ("0", 1, "0.0"), ("0.145", 2, "0.15"),
    ("-1.0000005", 6, "-1.000001"), ("0.3" + "9" * 70, 50, "0.4" + "0" * 49),
    ("0." + "6" * 90, 50, "0." + "6" * 49 + "7"),
)  # fmt: skip


@pytest.mark.parametrize(("value", "decimals", "text"), ROUNDED)
def test_rounded_half_away_from_zero(value, decimals, text):
    with mp.workdps(100):
        exact = mpf(value)
    assert rounded(exact, decimals) == text


def test_the_circuit_of_the_deck():
    checks = Differences(load("circuit"))
    for id_, value in {
        "x": -2, "q": 3, "f": -12, "df/df": 1, "df/dq": -4, "df/dz": 3, "df/dx": -4, "df/dy": -4,
        "dq/dx": 1, "dq/dy": 1,
    }.items():  # fmt: skip
        assert same(checks.value(id_), value)


def test_total_and_local_derivatives_of_a_circuit():
    spec = circuit({"x": 2, "y": 3}, {"f": "q*x + r", "q": "x*y", "r": "q^2", "unused": "y"})
    checks = Differences(spec)
    # f = x^2 y + x^2 y^2
    for id_, value in {
        "f": 48, "df/dx": 48, "df/dx|local": 6, "df/dq": 14, "df/dq|local": 2, "dr/dq": 12,
        "df/dr": 1, "dq/dx": 3, "df/dy": 28, "df/dunused": 0,
    }.items():  # fmt: skip
        assert same(checks.value(id_), value), id_


def test_updates_of_a_circuit():
    up = circuit(
        {"x": 1, "y": 2},
        {"f": "x*x*y"},
        'steps = 2\n[update]\nparameters = ["x"]\nlearning_rate = 0.25\ndirection = "ascent"',
    )
    checks = Differences(up)
    for id_, value in {
        "learning_rate": mpf("0.25"), "x+": 2, "f+": 8, "df/dx+": 8, "df/dy+": 4, "x@2": 4,
        "f@2": 32, "y": 2, "x@1": 2, "f@0": 2,
    }.items():  # fmt: skip
        assert same(checks.value(id_), value), id_
    down = circuit({"x": 1, "y": 2}, {"f": "x*x*y"}, "[update]\nlearning_rate = 0.25")
    assert same(Differences(down).value("y+"), mpf("1.75"))


FORMULAS = (
    "exp(x)*log(y) - ln(2)/sqrt(y)", "sin(x)^2 + cos(x*y)/tanh(y)",
    "sigmoid(x - y) + softplus(x) - softplus(-y)", "relu(x) + leaky_relu(-y) + leaky_relu(-y, x)",
    "gelu(x) - gelu(-y) + normal_cdf(x*y) - normal_pdf(x)*cosh(y)",
    "silu(x) - silu(-y) + elu(x) + elu(-y) + elu(-y, x)", "max(x, y)*min(x, 2) + abs(x - y)",
    "x^y + 2^x - x^-2 + 1/2x", "max(x, 0.5) + y", "relu(2x - 1) + y",
    "relu(2x - 1) - relu(1 - 2x) + y",
)  # fmt: skip
"""Formulas in x = 0.5 and y = 1.25; the last three are at a kink."""


@pytest.mark.parametrize("text", FORMULAS)
def test_every_function_of_the_grammar_has_the_slopes_of_the_sheet(text):
    spec = circuit({"x": 0.5, "y": 1.25}, {"f": text})
    checks = Differences(spec)
    with mp.workdps(60):
        for answer in derive.key(spec, fields=("id", "value"))["answers"]:
            exact = Fraction(answer["value"])
            assert same(checks.value(answer["id"]), mpf(exact.numerator) / exact.denominator)


def test_conventions_at_a_tie():
    spec = circuit({"x": 1, "y": 1, "z": 0}, {"f": "max(x, y) + 4*min(x, y) + abs(z)"})
    checks = Differences(spec)
    assert all(
        same(checks.value(f"df/d{n}"), s) for n, s in zip("xyz", (2.5, 2.5, 0), strict=True)
    )


def test_a_place_without_a_real_value_nearby():
    checks = Differences(circuit({"x": 0, "y": 2}, {"f": "x^y + sqrt(x)"}))
    assert checks.value("df/dx") is None
    assert checks.value("f") == 0


@pytest.mark.parametrize("id_", ["nothing", "W9", "dE_total/dW9", "dx1/dW1", "dE_total|local", ""])
def test_an_unknown_id_is_a_key_error(id_):
    with pytest.raises(KeyError):
        Differences(load("two-two-two")).value(id_)


def test_verify_puts_checks_beside_each_number():
    spec = load("two-two-two")
    values = oracle(builtin("two-two-two"))
    rows = verify(spec, [(i, mp.nstr(v, 40), rounded(v, 8)) for i, v in values.items()]).rows
    assert [row.id for row in rows] == list(values)
    assert all(row.agrees and "differences" in row.checks for row in rows)
    gradient = next(row for row in rows if row.id == "dE_total/dW5")
    assert gradient.shown == "0.02592286"
    assert all(v.startswith("0.02592285560364") for v in gradient.checks.values())


def test_verify_notices_a_wrong_digit_and_only_that():
    answers = [("z1", "0.08", "0.08"), ("x1", "1/10", "0.1"), ("W5+", "0.4370385721981764", "")]
    report = verify(load("two-two-two"), answers)
    assert [row.agrees for row in report.rows] == [True, True, False]
    assert not report.agrees


def test_verify_sees_a_wrong_convention_at_a_kink():
    spec = circuit({"x": 0}, {"f": "relu(x)"})
    report = verify(spec, [("df/dx", "0", "0"), ("df/dx", "1/2", "0.5")])
    assert [row.agrees for row in report.rows] == [True, False]


def test_checks_that_are_not_made_say_why():
    stepwise = loads('rounding = "stepwise"\n' + builtin("two-two-two"))
    report = verify(stepwise, [("z1", "9", "9")], lambda: "")
    assert set(report.skipped) == {"differences", "pytorch"}
    assert "stepwise" in report.skipped["differences"]
    assert report.rows[0].checks == {}
    assert not verify(load("neuron"), []).skipped
