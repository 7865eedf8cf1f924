"""A contradiction is checked by adding it up; where none is found, weights are."""

from fractions import Fraction
from itertools import product
from random import Random

import pytest

from derive.pages.separation import find_contradiction, find_multipliers, state_conditions
from derive.spec import load
from derive.spec.presenting import run_of

GATE = [[0, 0], [0, 1], [1, 0], [1, 1]]


def holds(certificate):
    """Both sums are the same, each multiplier counts, and one condition is strict."""
    sums = [
        sum(
            times * (f if c.above else -f)
            for times, c in certificate.parts
            for f in [c.factors[i]]
        )
        for i in range(len(certificate.parts[0][1].factors))
    ]
    strict = any(c.strict for _, c in certificate.parts)
    return not any(sums) and strict and all(times > 0 for times, _ in certificate.parts)


def satisfied(condition, weights):
    value = sum(f * w for f, w in zip(condition.factors, weights, strict=True))
    if value == 0:
        return not condition.strict
    return (value > 0) == condition.above


def test_xor_takes_each_of_its_four_conditions_once():
    found = find_contradiction(load("xor-gate"))
    assert [(times, c.sample) for times, c in found.parts] == [(1, 1), (1, 2), (1, 3), (1, 4)]
    assert holds(found)


@pytest.mark.parametrize("at_zero", [0, 1])
@pytest.mark.parametrize("targets", list(product((0, 1), repeat=4)))
def test_of_the_gates_of_two_inputs_two_are_not_separable(unit, targets, at_zero):
    spec = unit(GATE, list(targets), at_zero=at_zero, epochs=100)
    found = find_contradiction(spec)
    if targets in ((0, 1, 1, 0), (1, 0, 0, 1)):
        assert holds(found)
        assert run_of(spec).ending == "cycle"
    else:
        assert found is None
        assert all(satisfied(c, run_of(spec).last) for c in state_conditions(spec))


@pytest.mark.parametrize("seed", range(40))
def test_random_samples_have_weights_or_a_contradiction(unit, seed):
    random = Random(seed)  # noqa: S311  fixed numbers, no secret
    width, size = random.randint(1, 3), random.randint(2, 7)
    inputs = [[random.randint(-3, 3) / 2 for _ in range(width)] for _ in range(size)]
    targets = [random.choice((0, 1)) for _ in range(size)]
    spec = unit(
        inputs,
        targets,
        bias=random.choice((None, 0)),
        at_zero=random.choice((0, 1)),
        epochs=1000 // size,
    )
    found = find_contradiction(spec)
    if found is not None:
        assert holds(found)
    else:
        run = run_of(spec)
        assert run.ending == "clean"
        assert all(satisfied(c, run.last) for c in state_conditions(spec))


def test_samples_that_contradict_each_other_are_enough(unit):
    found = find_contradiction(unit([[1, 2], [5, 0], [1, 2]], [0, 1, 1]))
    assert [(times, c.sample) for times, c in found.parts] == [(1, 1), (1, 3)]


def test_multipliers_are_whole(unit):
    found = find_contradiction(unit([[0], [1], [3]], [1, 0, 1]))
    assert [(times, c.sample) for times, c in found.parts] == [(2, 1), (3, 2), (1, 3)]
    assert holds(found)


def test_without_a_bias_a_sample_at_the_origin_can_be_wrong_for_ever(unit):
    found = find_contradiction(unit([[0, 0], [1, 1]], [0, 1], bias=None))
    assert [(times, c.sample) for times, c in found.parts] == [(1, 1)]


def test_no_sum_of_columns_reaches_beyond_their_cone():
    one, half = Fraction(1), Fraction(1, 2)
    assert find_multipliers([[one, half], [half, one]], [one, one]) == [
        Fraction(2, 3),
        Fraction(2, 3),
    ]
    assert find_multipliers([[-one]], [one]) is None
