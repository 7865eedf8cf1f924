"""Scripts of networks with `upstream`, `classes` and `input_derivatives`."""

import pytest

import derive
from derive.second.script import find_spec

NETWORK = """
inputs = {inputs}
{goal}
{more}
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


@pytest.mark.slow
@pytest.mark.skipif(find_spec("torch") is None, reason="PyTorch is not installed")
@pytest.mark.parametrize(
    ("inputs", "goal", "more"),
    [
        ("[0.1, 0.2]", "upstream = [1, -0.5]", 'loss = "upstream"'),
        (SAMPLES, "upstream = [[1, -0.5], [0.25, 2]]", 'loss = "upstream"'),
        (SAMPLES, "classes = [2, 1]", 'loss = "cross_entropy"'),
        (SAMPLES, "classes = [2, 1]", 'loss = "cross_entropy"\nreduction = "sum"'),
    ],
)
def test_pytorch_finds_the_derivatives_by_the_inputs(inputs, goal, more):
    text = NETWORK.format(inputs=inputs, goal=goal, more=more)
    report = derive.verify(derive.loads(text))
    assert report.agrees
    assert report.checks == ("differences", "pytorch")
    asked = [row for row in report.rows if row.id.startswith("dE") and "/dx" in row.id]
    assert asked
    assert all("pytorch" in row.checks for row in asked)
