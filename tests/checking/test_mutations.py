"""Each known mistake, made by hand in a float program, is what the checker computes."""

import math
from collections import Counter
from functools import cache

import flint
import pytest
from float_networks import MISTAKES, FloatNetwork
from random_sheets import entropy_sheet, random_sheet
from sampling import few

import derive
from derive.checking.counterfactuals import Counterfactual, Truth
from derive.checking.exercise import Exercise
from derive.checking.misconceptions import CATALOGUE, layers
from derive.checking.misconceptions.errors import multiply_softmax_difference
from derive.checking.misconceptions.reductions import divide_by_classes
from derive.checking.misconceptions.routes import keep_own_output

MADE_ELSEWHERE = {
    *("M33", "M35", "M36", "M37", "M45", "M46", "M46b", "M46c", "M62", "M64", "M65"),
}
"""M33 needs a logarithm, a root or a denominator: see the circuit below; M46 and M65 a
perceptron; M45 is no formula: see test_catalogue; M62 a circuit: see test_slips.

The others need an optimizer or a penalty: see `test_optimizer_mistakes.py`.
"""
OF_SOFTMAX = (keep_own_output, multiply_softmax_difference, divide_by_classes)
"""The float program has no softmax: see test_catalogue."""
OF_PLACES = [row.rewrite for row in layers.FAMILY]
"""Nor has it places: see tests/layers/test_mistakes.py."""
ROWS = [
    row
    for row in CATALOGUE
    if row.id not in MADE_ELSEWHERE and row.rewrite not in (*OF_SOFTMAX, *OF_PLACES)
]
OF_ENTROPY = {"M21", "M24", "M26"}
FEW, MANY = range(8), range(8, 168)
ENOUGH, LEAST = 50, 15
"""Networks that a mistake changes: after so many it is let go; so many there are at least."""


@cache
def network(seed):
    text = random_sheet(seed, small=seed in FEW, kinks=seed % 2 == 1, steps=1 + seed % 7 // 6)
    exercise = Exercise(derive.sheet(derive.loads(text)).numbers)
    return text, exercise, Truth(exercise), FloatNetwork(text).values


@cache
def entropy(seed):
    text = entropy_sheet(seed, small=seed in FEW)
    exercise = Exercise(derive.sheet(derive.loads(text)).numbers)
    return text, exercise, Truth(exercise), FloatNetwork(text).values


def close(value, wanted):
    """Equal to about nine digits; a logarithm of what is not positive has no value."""
    if math.isnan(wanted):
        return value is None
    return value is not None and float(flint.arb(value)) == pytest.approx(
        wanted, rel=1e-9, abs=1e-13
    )


def changes(row, mistake, seed, drawn=network):
    """Whether the mistake changes a network; fails where the checker computes another value."""
    text, exercise, truth, right = drawn(seed)
    wrong = FloatNetwork(text, mistake).values
    counterfactual = Counterfactual(exercise, (row.rewrite,), truth=truth)
    differing = [i for i in exercise.order if not close(counterfactual.value(i), wrong[i])]
    assert differing == [], (mistake, seed, differing[:3])
    return any(wrong[i] != right[i] for i in exercise.order)


def test_the_float_program_makes_every_mistake_of_the_catalogue():
    assert [mistake.split()[0] for mistake in MISTAKES] == [row.id for row in ROWS]


@pytest.mark.parametrize("seed", FEW)
def test_the_float_program_computes_the_sheet_where_no_mistake_is_made(seed):
    _, exercise, truth, right = network(seed)
    assert [i for i in exercise.order if not close(truth.value(i), right[i])] == []


@pytest.mark.parametrize("seed", few(FEW, 3))
def test_every_mistake_by_hand_and_by_the_checker_agree(seed):
    changed = [changes(row, made, seed) for row, made in zip(ROWS, MISTAKES, strict=True)]
    assert any(changed)


@pytest.mark.parametrize("seed", few(FEW, 2))
def test_every_mistake_by_hand_and_by_the_checker_agree_on_cross_entropy(seed):
    _, exercise, truth, right = entropy(seed)
    assert [i for i in exercise.order if not close(truth.value(i), right[i])] == []
    pairs = zip(ROWS, MISTAKES, strict=True)
    made = {mistake for row, mistake in pairs if changes(row, mistake, seed, entropy)}
    assert made >= {"M21", "M24 already", "M24 twice", "M26 half", "M26 sign"}


@pytest.mark.slow
def test_every_mistake_agrees_on_fifty_networks_that_it_changes():
    counts = Counter()
    for seed in MANY:
        for row, mistake in zip(ROWS, MISTAKES, strict=True):
            if counts[mistake] < ENOUGH:
                counts[mistake] += changes(row, mistake, seed)
                counts[mistake] += row.id in OF_ENTROPY and changes(row, mistake, seed, entropy)
    assert {mistake: counts[mistake] for mistake in MISTAKES if counts[mistake] < LEAST} == {}


CIRCUIT = """
kind = "circuit"
output = "h"
[values]
x = 0.8
y = 0.3
[definitions]
q = "log(x)"
r = "sqrt(y)"
f = "q * r"
g = "q / r"
h = "f + g"
"""
GUARDED = {
    "q": [math.log(0.8 + guard) for guard in (1e-7, 1e-8)],
    "r": [math.sqrt(0.3 + guard) for guard in (1e-7, 1e-8)],
    "g": [math.log(0.8) / (math.sqrt(0.3) + guard) for guard in (1e-7, 1e-8)],
}


@pytest.mark.parametrize("name", GUARDED)
def test_a_guard_constant_changes_logarithms_roots_and_denominators(name):
    exercise = Exercise(derive.sheet(derive.loads(CIRCUIT)).numbers)
    guards = [row for row in CATALOGUE if row.id == "M33"]
    found = [
        float(flint.arb(Counterfactual(exercise, (row.rewrite,)).value(name))) for row in guards
    ]
    for wanted in GUARDED[name]:
        assert any(value == pytest.approx(wanted, rel=1e-12) for value in found)


def test_a_guard_constant_changes_no_network():
    _, exercise, truth, _ = network(0)
    for row in CATALOGUE:
        if row.id == "M33":
            counterfactual = Counterfactual(exercise, (row.rewrite,), truth=truth)
            assert not any(counterfactual.differs(name) for name in exercise.order)
