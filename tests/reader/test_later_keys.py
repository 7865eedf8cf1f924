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
