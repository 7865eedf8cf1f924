"""Each mistake with an optimizer or a penalty is told by the numbers that it leads to."""

import pytest

import derive
from derive.algebra import expressions, grammar
from derive.checking.marking import Given
from derive.grading.assessment import open_marker
from derive.numbers import balls, rounding

NEURON = """
inputs = [0.8, 1.4]
targets = [0.9]
learning_rate = 0.4
steps = 3
{tables}
[[layers]]
activation = "sigmoid"
weights = [[0.5, -0.6]]
biases = [0.25]
"""
ADAM = """
[optimizer]
name = "{name}"
beta1 = 0.8
beta2 = 0.93
epsilon = 0.001
"""
MOMENTUM = """
[optimizer]
name = "{name}"
momentum = 0.7
{more}
"""


def of_momentum(name, more=""):
    return NEURON.format(tables=MOMENTUM.format(name=name, more=more))


def of_adam(name):
    return NEURON.format(tables=ADAM.format(name=name))


SPECS = {
    "velocity": of_momentum("momentum"),
    "step": of_momentum("momentum", 'convention = "step"'),
    "nesterov": of_momentum("nesterov"),
    "adam": of_adam("adam"),
    "adamw": of_adam("adamw").replace("epsilon", "weight_decay = 0.3\nepsilon"),
    "l2": NEURON.format(tables="[regularisation]\nl2 = 0.3"),
    "both": NEURON.format(tables="[regularisation]\nl2 = 0.3\nl1 = 0.2"),
}
SHEETS = {name: derive.sheet(derive.loads(text)) for name, text in SPECS.items()}
MARKERS = {name: open_marker(sheet.numbers) for name, sheet in SHEETS.items()}


def diagnosed(sheet, name, text):
    (result,) = MARKERS[sheet].mark(None, [Given(None, name, text)]).results
    return result.verdict, result.judgement.misconceptions


def floats(sheet, *names):
    numbers = SHEETS[sheet].numbers
    return [float(numbers.answer(numbers.step(name)).value) for name in names]


MISTAKES = [
    ("velocity", "v_W1@2", "0.7*{v_W1+}+(1-0.7)*{dE_total/dW1+}", "M36"),
    ("velocity", "v_W2+", "(1-0.7)*{dE_total/dW2}", "M36"),
    ("velocity", "v_W1+", "-0.4*{dE_total/dW1}", "M36"),
    ("velocity", "v_W1+", "0.4*{dE_total/dW1}", "M36"),
    ("velocity", "W1@2", "{W1+}-0.4*{v_W1+}", "M36"),
    ("velocity", "W1@2", "{W1+}-0.4*({dE_total/dW1+}+0.7*{v_W1@2})", "M36"),
    ("velocity", "W1@2", "{W1+}+{v_W1@2}", "M36"),
    ("velocity", "W1@2", "{W1+}+0.4*{v_W1@2}", "M05"),
    ("step", "v_W1+", "{dE_total/dW1}", "M36"),
    ("step", "v_W1@2", "0.7*{v_W1+}-(1-0.7)*0.4*{dE_total/dW1+}", "M36"),
    ("step", "W1@2", "{W1+}-0.4*{v_W1@2}", "M36"),
    ("step", "v_W1@2", "0.7*{v_W1+}-{dE_total/dW1+}", "M14"),
    ("nesterov", "W1@2", "{W1+}-0.4*{v_W1@2}", "M36"),
    ("nesterov", "W1@2", "{W1+}-0.4*({dE_total/dW1+}+{v_W1@2})", "M36"),
    ("nesterov", "v_b1@2", "0.7*{v_b1+}+0.3*{dE_total/db1+}", "M36"),
    ("adam", "mhat_W1+", "{m_W1+}", "M35"),
    ("adam", "vhat_W2@3", "{v_W2@3}", "M35"),
    ("adam", "W1+", "0.5-0.4*({m_W1+}/(sqrt({v_W1+})+0.001))", "M35"),
    ("adam", "mhat_W1@2", "{m_W1@2}/(1-0.8)", "M35"),
    ("adam", "vhat_W1@3", "{v_W1@3}/(1-0.93^2)", "M35"),
    ("adam", "m_W1+", "0.07*{dE_total/dW1}", "M35"),
    ("adam", "v_W1+", "0.2*{dE_total/dW1}^2", "M35"),
    ("adam", "W1+", "0.5-0.4*({mhat_W1+}/sqrt({vhat_W1+}+0.001))", "M33"),
    ("adamw", "m_W1+", "0.2*({dE_total/dW1}+0.3*0.5)", "M37"),
    ("adamw", "v_W1+", "0.07*({dE_total/dW1}+0.3*0.5)^2", "M37"),
    ("l2", "dR/dW1", "2*0.3*0.5", "M37"),
    ("l2", "R", "0.3*(0.5^2+0.6^2)", "M37"),
    ("l2", "dE_total/dW2", "{dE_data/dW2}-2*0.3*0.6", "M37"),
    ("both", "dR/dW1", "2*0.3*0.5+0.2", "M37"),
    ("both", "R", "0.3*(0.5^2+0.6^2)+0.2*(0.5+0.6)", "M37"),
]


@pytest.mark.parametrize(("sheet", "name", "formula", "mistake"), MISTAKES)
def test_the_wrong_number_gets_exactly_this_diagnosis(sheet, name, formula, mistake):
    numbers = SHEETS[sheet].numbers
    tree = grammar.parse(formula)
    values = {n: numbers.value(n) for n in expressions.names(tree)}
    wrong = balls.evaluate(tree, values.__getitem__)
    text = rounding.show(wrong, 8).text
    assert diagnosed(sheet, name, text) == ("misconception", (mistake,))


def test_two_mistakes_with_one_number_are_both_named():
    moved, speed = floats("velocity", "W1+", "v_W1@2")
    found = diagnosed("velocity", "W1@2", f"{moved - speed:.8f}")
    assert found == ("misconception", ("M14", "M36"))


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_right_answer_is_correct(sheet):
    numbers = SHEETS[sheet].numbers
    answers = [
        Given(None, step.id, numbers.shown(step.id).text)
        for step in numbers.derivation.steps(("forward", "backward", "update", "check"))
    ]
    assert {r.verdict for r in MARKERS[sheet].mark(None, answers).results} == {"correct"}


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("0.8*m_W1 + (1-beta1)*dE/dW1", "correct"),
        ("0.2 * \\frac{\\partial E}{\\partial W_1}", "correct"),
        ("(1-\\beta_1) dE_total/dW1", "correct"),
        ("0.5 * dE/dW1", "wrong"),
    ],
)
def test_formulas_of_states_are_read(text, verdict):
    assert diagnosed("adam", "m_W1+", text)[0] == verdict


@pytest.mark.parametrize(
    "name",
    ["mhat_W1+", "\\hat{m}_{W_1}^{+}", "mhat_{W1}+", "mhatW1+"],
)
def test_a_corrected_state_is_found_in_any_spelling(name):
    (right,) = floats("adam", "mhat_W1+")
    (result,) = MARKERS["adam"].mark(None, [Given(None, name, f"{right:.8f}")]).results
    assert result.verdict == "correct"
