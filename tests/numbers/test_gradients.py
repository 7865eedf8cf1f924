"""All gradients at once are those of the steps."""

import flint
import pytest
from random_specs import random_network
from sampling import few

import derive
from derive.naming import derivative_id
from derive.numbers import balls
from derive.numbers.gradients import compute_gradients


def numbers_of(source):
    return derive.sheet(source).numbers


def by_steps(numbers):
    graph = numbers.derivation.graph
    return {p: numbers.value(derivative_id(graph.total, p)) for p in graph.parameters}


def same(one, other):
    if balls.is_exact(one) and balls.is_exact(other):
        return one == other
    with flint.ctx.workprec(200):
        difference = one - other
    return difference.contains(0) and abs(difference) < 1e-30


EXAMPLES = [name for name in derive.examples() if derive.load(name).kind != "perceptron"]


def test_a_perceptron_has_no_gradients():
    assert compute_gradients(numbers_of("and-gate")) == {}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_gradient_of_an_example(name):
    found, steps = compute_gradients(numbers_of(name)), by_steps(numbers_of(name))
    assert list(found) == list(steps)
    assert all(same(found[p], steps[p]) for p in steps)


@pytest.mark.parametrize("seed", few(range(40), 12))
def test_every_gradient_of_a_random_network(seed):
    spec = derive.loads(random_network(seed).replace("steps = 0", "steps = 1"))
    found, steps = compute_gradients(numbers_of(spec)), by_steps(numbers_of(spec))
    assert list(found) == list(steps)
    assert all(same(found[p], steps[p]) for p in steps)


def test_with_stepwise_rounding_they_are_the_printed_ones():
    text = (
        "inputs = [0.1]\ntargets = [0.4]\nlearning_rate = 0.5\nrounding = 'stepwise'\n"
        "[[layers]]\nactivation = 'sigmoid'\nweights = [[0.3]]\n"
    )
    numbers = numbers_of(derive.loads(text))
    assert compute_gradients(numbers) == {"W1": balls.exact(numbers.shown("dE_total/dW1").text)}
