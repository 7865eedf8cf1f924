"""Pages of networks with keys that came later, read line by line."""

from __future__ import annotations

import pytest

from test_pages import list_false

NETWORK = """
{more}
inputs = {inputs}
{goal}
input_derivatives = true
learning_rate = 0.5
steps = 2
[[layers]]
activation = "sigmoid"
weights = [[0.1, 0.2], [0.4, 0.5], [0.3, 0.1]]
[[layers]]
activation = "softmax"
weights = [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]
"""
SAMPLES = "[[0.1, 0.2], [0.4, -0.3]]"


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(
    ("inputs", "goal"),
    [
        ("[0.1, 0.2]", 'upstream = [1, -0.5]\nloss = "upstream"'),
        (SAMPLES, 'upstream = [[1, -0.5], [0.25, 2]]\nloss = "upstream"'),
        (SAMPLES, 'classes = [2, 1]\nloss = "cross_entropy"'),
    ],
)
def test_every_line_is_read_and_true(language, inputs, goal):
    text = NETWORK.format(more=f'language = "{language}"', inputs=inputs, goal=goal)
    assert not list(list_false(text))


PERCEPTRON = """
kind = "perceptron"
{more}
inputs = [[1, 1], [-1, 1], [1, -1], [-1, -1]]
targets = {targets}
weights = [0, 0]
bias = 0
learning_rate = 0.5
"""


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("targets", ["[-1, 1, 1, -1]", "[1, 1, 1, -1]"])
@pytest.mark.parametrize("rule", ['rule = "label"\n', ""])
def test_every_line_of_another_rule_is_read_and_true(language, targets, rule):
    more = f'language = "{language}"\n{rule}at_zero = "mistake"'
    assert not list(list_false(PERCEPTRON.format(more=more, targets=targets)))


FUNCTIONS = """
{more}
inputs = [[0.1, 0.2], [0.4, -0.3]]
targets = [[1, 0.50], [0, 1]]
learning_rate = 0.5
[functions]
bipolar = "2/(1+exp(-x)) - 1"
cubic = "x^3/3 + max(x, 0)"
[[layers]]
activation = "bipolar"
weights = [[0.1, 0.2], [0.4, 0.5], [0.3, 0.1]]
[[layers]]
activation = "cubic"
weights = [[0.1, 0.2, 0.3], [0.4, -0.5, 0.6]]
"""


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_line_of_a_function_of_ones_own_is_read_and_true(language):
    assert not list(list_false(FUNCTIONS.format(more=f'language = "{language}"')))


CIRCUIT = """
kind = "circuit"
{more}
output = "f"
steps = 3
[values]
x = 1.5
y1 = -2
c = 3
[definitions]
q = "x * y1"
f = "q^2 + x"
[update]
parameters = ["x", "y1"]
learning_rate = 0.05
direction = "{direction}"
[update.optimizer]
name = "{name}"
"""


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("direction", ["descent", "ascent"])
@pytest.mark.parametrize("name", ["momentum", "nesterov", "rmsprop", "adam", "adamw"])
def test_every_line_of_an_optimizer_of_a_circuit_is_read_and_true(language, direction, name):
    more = f'language = "{language}"'
    assert not list(list_false(CIRCUIT.format(more=more, direction=direction, name=name)))
