"""Exercises whose answers are read here, each built once."""

from functools import cache

import flint

import derive
from derive.answers import read
from derive.grading.assessment import open_marker
from derive.numbers.balls import evaluate, precision

NET = """
inputs = [0.1, 0.2, -0.3]
targets = [0.4, 0.6]
learning_rate = 0.5
{keys}
[[layers]]
activation = "sigmoid"
weights = [[0.3, 0.25, 0.1], [0.4, 0.35, 0.2]]
biases = [0.1, 0.2]
[[layers]]
activation = "tanh"
weights = [[0.3, 0.25], [0.4, 0.35], [0.15, -0.45], [0.2, 0.55]]
[[layers]]
activation = "sigmoid"
weights = [[0.45, 0.4, 0.3, 0.2], [0.7, 0.6, 0.5, 0.1]]
{symbols}
"""
SYMBOLS = r"""
[symbols]
learning_rate = "\\eta"
target = "target_{o#}"
output = "output_{o#}"
activation = "out_{@}"
preactivation = "net_{@}"
error = "L"
sigmoid = "\\varphi"
"""
SAMPLES = """
inputs = [[0.1, 0.2], [0.3, -0.4]]
targets = [[0.4], [0.6]]
learning_rate = 0.5
steps = 2
[[layers]]
activation = "sigmoid"
weights = [[0.3, 0.25], [0.4, 0.35]]
[[layers]]
activation = "sigmoid"
weights = [[0.45, 0.4]]
"""
CIRCUIT = """
kind = "circuit"
output = "f"
[values]
x = 1.5
y = -2
e = 3
nan = 4
sigma = 0.5
my_var = 2
answer = 7
[definitions]
q = "x + y"
f = "q * x + e*nan*sigma*my_var*answer"
[update]
learning_rate = 0.1
"""
SPECS = {
    "deep": NET.format(keys="", symbols=""),
    "indexed": NET.format(keys='notation = "indexed"', symbols=""),
    "symbols": NET.format(keys="steps = 2", symbols=SYMBOLS),
    "samples": SAMPLES,
    "own": CIRCUIT,
}


@cache
def exercise(name):
    """A worksheet and its aliases."""
    sheet = derive.sheet(derive.loads(SPECS[name]) if name in SPECS else name)
    return sheet, open_marker(sheet.numbers).aliases


def reading(text, asked="dE_total/dW5", name="two-two-two", decimals=8):
    """What is read for an asked id."""
    return read(text, asked, exercise(name)[1], decimals)


def agrees(text, asked, name="two-two-two"):
    """Whether the last member has the sheet's value."""
    sheet, _ = exercise(name)
    with precision(256):
        value = evaluate(reading(text, asked, name).last.expr, sheet.numbers.value)
        return abs(flint.arb(value - sheet.numbers.value(asked))) < 1e-15
