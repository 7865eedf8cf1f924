"""Mistakes that a formula has room for in one step only, each planted alone at 8 decimals."""

from functools import cache
from random import Random

import flint
import pytest
from float_networks import FloatNetwork
from random_sheets import random_sheet
from sampling import few

import derive
from derive.checking.marking import Given
from derive.checking.misconceptions import list_slips
from derive.grading.assessment import open_marker

NETWORK = """
inputs = [0.35, 0.8, -0.45]
targets = [0.2, 0.9, 0.65]
learning_rate = 0.3
[[layers]]
activation = "{hidden}"
weights = [[0.15, -0.4, 0.6], [0.55, 0.3, -0.25]]
biases = [0.12, -0.31]
[[layers]]
activation = "{output}"
weights = [[0.45, -0.36], [0.7, 0.21], [-0.52, 0.83]]
"""
SIGMOIDS = NETWORK.format(hidden="sigmoid", output="sigmoid")
TANHS = NETWORK.format(hidden="tanh", output="sigmoid")
CLASSES = (
    NETWORK.format(hidden="tanh", output="softmax")
    .replace("[0.2, 0.9, 0.65]", "[0, 1, 0]")
    .replace("learning_rate", 'loss = "cross_entropy"\nlearning_rate')
)
SAMPLES = """
inputs = [[0.35, 0.8], [-0.45, 0.6], [0.15, -0.7]]
targets = [[0.2], [0.9], [0.65]]
learning_rate = 0.3
[[layers]]
activation = "sigmoid"
weights = [[0.15, -0.4], [0.55, 0.3]]
[[layers]]
activation = "sigmoid"
weights = [[0.45, -0.36]]
"""
CIRCUIT = """
kind = "circuit"
output = "f"
[values]
x = 0.83
y = 0.37
z = 1.71
[definitions]
p = "x * y"
q = "exp(x)"
r = "p * z"
f = "r * q"
[update]
learning_rate = 0.02
"""
ADAM = """
inputs = [0.8, 1.4]
targets = [0.9]
learning_rate = 0.4
steps = 3
[optimizer]
name = "adam"
beta1 = 0.8
beta2 = 0.93
epsilon = 0.001
[[layers]]
activation = "sigmoid"
weights = [[0.5, -0.6]]
"""
PERCEPTRON = """
kind = "perceptron"
inputs = [[2, 1], [1, 3]]
targets = [[1], [-1]]
learning_rate = 0.35
weights = [0.5, -2]
"""


@cache
def opened(text):
    numbers = derive.sheet(derive.loads(text)).numbers
    return numbers, open_marker(numbers)


def judged(text, name, answer):
    (result,) = opened(text)[1].mark(None, [Given(None, name, answer)]).results
    return result.verdict, result.judgement.misconceptions


def compute(text, formula):
    """A formula in ids in braces, in plain floats."""
    numbers, _ = opened(text)
    ids = {part.partition("}")[0] for part in formula.split("{")[1:]}
    for name in sorted(ids, key=len, reverse=True):
        step = numbers.step(name)
        formula = formula.replace(f"{{{name}}}", f"({float(numbers.answer(step).value)!r})")
    return eval(formula, {})  # noqa: S307  our own text


MISTAKES = [
    (SIGMOIDS, "z1", "{z1} + ({W4} - {W1}) * {x1}", "M59"),
    (SIGMOIDS, "z1", "{z1} + ({W2} - {W1}) * {x1}", "M59"),
    (SIGMOIDS, "z1", "{z1} + {W2} * ({x3} - {x2})", "M59"),
    (SIGMOIDS, "z2", "{z2} + {b1} - {b2}", "M59"),
    (SIGMOIDS, "z3", "{z3} + {W8} * ({h1} - {h2})", "M59"),
    (SIGMOIDS, "z4+", "{z4+} + ({W7+} - {W9+}) * {h1+}", "M59"),
    (SIGMOIDS, "dE_total/dW7", "0.3 * {dE_total/dW7}", "M60"),
    (SIGMOIDS, "dE_total/db1", "0.3 * {dE_total/db1}", "M60"),
    (SIGMOIDS, "do1/dz3", "1.0", "M03"),
    (SIGMOIDS, "dh1/dz1", "1.0", "M06"),
    (SIGMOIDS, "E_o1", "2 * {E_o1}", "M08"),
    (SIGMOIDS, "E_o2", "0.5 * ({t2} - {o2})", "M58"),
    (SIGMOIDS, "E_o1", "0.5 * ({t3} - {o1}) ** 2", "M44"),
    (SIGMOIDS, "h1", "{z1}", "M56"),
    (TANHS, "h2", "{z2}", "M56 M61"),
    (TANHS, "h1", "1 / (1 + 2.718281828459045 ** -{z1})", "M61"),
    (SIGMOIDS, "dh1/dz1", "1 - {h1} ** 2", "M61"),
    (SIGMOIDS, "dE_o1/dh1", "{dE_total/do1} * {W7}", "M03 M57"),
    (CLASSES, "dE_total/dz4", "{dE_total/dz4} / 3", "M15 M63"),
    (CLASSES, "o1", "{z3}", "M56"),
    (SAMPLES, "dE_s1/dz3_s1", "{dE_s1/dz3_s1} / 3", "M63"),
    (SAMPLES, "dE_s2/dW5", "{dE_s2/dW5} / 3", "M63"),
    (SAMPLES, "dE_total/dW5", "0.3 * {dE_total/dW5}", "M60"),
    (CIRCUIT, "p", "{x} * {z}", "M59"),
    (CIRCUIT, "r", "{q} * {z}", "M59"),
    (CIRCUIT, "f", "{r} * {p}", "M59"),
    (CIRCUIT, "df/dq", "{z}", "M59"),
    (CIRCUIT, "df/dp", "{df/dr}", "M62"),
    (CIRCUIT, "df/dp", "{dr/dp}", "M62"),
    (CIRCUIT, "df/dx", "{df/dp} * {dp/dx} + {df/dq}", "M62"),
    (CIRCUIT, "df/dx", "{df/dp} + {df/dq}", "M62"),
    (CIRCUIT, "df/dx", "0.02 * {df/dx}", "M60"),
    (ADAM, "m_W1@2", "0.8 * {mhat_W1+} + 0.2 * {dE_total/dW1+}", "M64"),
    (ADAM, "v_W2@3", "0.93 * {vhat_W2@2} + 0.07 * {dE_total/dW2@2} ** 2", "M64"),
    (PERCEPTRON, "W1+", "{W1} - 0.35 * 2 * {x1_s1}", "M65"),
]


@pytest.mark.parametrize(("text", "name", "formula", "mistakes"), MISTAKES)
def test_the_planted_number_has_the_names_of_what_leads_to_it(text, name, formula, mistakes):
    answer = f"{compute(text, formula):.8f}"
    assert judged(text, name, answer) == ("misconception", tuple(mistakes.split()))


@pytest.mark.parametrize(
    ("text", "name", "formula", "mistake"),
    [
        (SIGMOIDS, "z1", "W4*x1 + W2*x2 + W3*x3 + b1", "M59"),
        (SIGMOIDS, "h1", "z1", "M56"),
        (SIGMOIDS, "h1", "tanh(z1)", "M61"),
        (SIGMOIDS, "E_o1", "(t1-o1)^2", "M08"),
        (SIGMOIDS, "E_o1", "(t1-o1)/2", "M58"),
        (SIGMOIDS, "dE_o1/dh1", "dE_total/do1*W7", "M03 M57"),
        (SIGMOIDS, "dE_total/dW7", "learning_rate*dE_total/do1*do1/dz3*h1", "M60"),
        (CIRCUIT, "df/dp", "df/dr", "M62"),
        (CIRCUIT, "r", "q*z", "M59"),
        (ADAM, "m_W1@2", "beta1*mhat_W1+ + (1-beta1)*dE_total/dW1+", "M64"),
        (PERCEPTRON, "W1+", "W1 - learning_rate*e1*x1_s1", "M65"),
    ],
)
def test_the_wrong_formula_has_the_name_of_its_mistake(text, name, formula, mistake):
    assert judged(text, name, formula) == ("misconception", tuple(mistake.split()))


def test_a_right_answer_above_rules_out_what_would_have_changed_it():
    answer = compute(CLASSES, "{dE_total/dz4} / 3")
    shown = opened(CLASSES)[0].shown("dE_total/do2").text
    rows = [Given(None, "dE_total/do2", shown), Given(None, "dE_total/dz4", f"{answer:.8f}")]
    results = opened(CLASSES)[1].mark(None, rows).results
    assert results[1].judgement.misconceptions == ("M63",)


@pytest.mark.parametrize("seed", few(range(40), 6))
def test_operands_of_other_places_are_those_of_the_float_program(seed):
    text = random_sheet(seed, small=Random(seed).random() < 0.5)  # noqa: S311
    right, (numbers, marker) = FloatNetwork(text), opened(text)
    for name, misplaced in right.misplaced.items():
        target = marker.judge.targets[name]
        rows = list_slips(numbers.step(name), marker.exercise)
        exprs = [row.rewrite(target.step, marker.exercise) for row in rows]
        values = [marker.judge.targets.plain.evaluate(expr) for expr in exprs]
        found = sorted(float(flint.arb(value)) for value in values)
        assert found == pytest.approx(sorted(misplaced), rel=1e-9, abs=1e-13)


def test_a_step_that_leaves_no_room_for_a_slip_has_none():
    numbers, marker = opened(SIGMOIDS)
    for name in ("h1", "E_total", "dE_total/dz3", "dz3/dh1", "W7+"):
        assert list(list_slips(numbers.step(name), marker.exercise)) == []


def test_a_wide_sum_has_too_many_neighbours_to_look_at():
    weights = ", ".join(["0.1"] * 20)
    text = f"inputs = [{weights}]\ntargets = [1]\nlearning_rate = 0.5\n"
    text += f'[[layers]]\nactivation = "tanh"\nweights = [[{weights}], [{weights}]]\n'
    text += "[[layers]]\nweights = [[0.3, 0.2]]\n"
    numbers, marker = opened(text)
    assert list(list_slips(numbers.step("z1"), marker.exercise)) == []
