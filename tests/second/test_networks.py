"""Which networks differences can take, and every number of random ones."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import pytest
from grid import ONCE, network
from random_circuits import random_circuit
from random_specs import random_network
from sampling import few

import derive
from derive.second import Differences, SkippedError, verify
from derive.spec import load, loads


def dense(*widths, samples=1):
    """A network of ones."""
    text = f"inputs = {[[1] * widths[0]] * samples}\ntargets = {[[1] * widths[-1]] * samples}\n"
    text += "learning_rate = 0.5\n"
    for received, units in pairwise(widths):
        text += f"[[layers]]\nweights = {[[1] * received] * units}\n"
    return loads(text)


def confirmed(spec):
    """Whether differences know every number of a sheet and agree with each."""
    answers = derive.key(spec, fields=("id", "value", "shown"))["answers"]
    report = verify(spec, [(a["id"], a["value"], a["shown"]) for a in answers])
    return report.agrees and all(
        None not in row.checks.values() and row.checks for row in report.rows
    )


def test_a_network_too_large_for_differences_is_skipped():
    with pytest.raises(SkippedError, match="40000 typed numbers are too many for central diff"):
        Differences(dense(200, 200))


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ({"loss": "nothing"}, "the loss nothing has no second definition"),
        (
            {"optimizer": derive.spec.Optimizer(name="newton")},
            "the optimizer newton has no second",
        ),
    ],
)
def test_what_has_no_second_definition_is_skipped(key, reason):
    with pytest.raises(SkippedError, match=reason):
        Differences(msgspec.structs.replace(load("two-two-two"), **key))


def test_an_activation_without_a_second_definition_is_skipped():
    spec = load("neuron")
    layer = msgspec.structs.replace(spec.layers[0], activation="swish")
    with pytest.raises(SkippedError, match="the activation swish has no second definition"):
        Differences(msgspec.structs.replace(spec, layers=(layer,)))


@pytest.mark.parametrize("samples", [1, 3])
def test_the_slope_of_the_smallest_network(samples):
    """E = (1 - 0)^2 / 2 with one weight 0: dE/dW is -1 for every sample, and so is the mean."""
    spec = loads(
        f"inputs = {[[1]] * samples}\ntargets = {[[1]] * samples}\nlearning_rate = 1\n"
        "[[layers]]\nweights = [[0]]\n"
    )
    assert abs(Differences(spec).value("dE_total/dW1") + 1) < 1e-15


def test_a_number_that_cancels_to_a_rounding_rest_is_moved_like_a_zero():
    """h1 = 0.7 x 0.3 - 2.1 x 0.1 is 0 but for the last working digit."""
    spec = loads(
        "inputs = [0.3, 0.1]\ntargets = [1]\nlearning_rate = 1\n"
        "[[layers]]\nweights = [[0.7, -2.1], [1, 1]]\n[[layers]]\nweights = [[0.3, 1]]\n"
    )
    assert abs(Differences(spec).value("dz3/dh1") - 0.3) < 1e-15


@pytest.mark.parametrize("name", derive.examples())
def test_every_number_of_a_built_in_is_confirmed(name):
    assert confirmed(load(name))


@pytest.mark.parametrize("seed", few([12, 25, 47, 52, *range(12), *range(13, 25), 53], 8))
def test_every_number_of_a_random_network_is_confirmed(seed):
    """Those of the first seeds have kinks."""
    assert confirmed(loads(random_network(seed)))


@pytest.mark.parametrize(("activation", "loss"), few([*reversed(ONCE)], 13))
def test_each_activation_and_each_loss_is_confirmed(activation, loss):
    assert confirmed(loads(network(activation, loss)))


def answerable(spec):
    """Whether every number can be printed; a difference may be 0 beyond all digits."""
    try:
        return bool(derive.key(spec, fields=("id", "value")))
    except derive.SpecError:
        return False


@pytest.mark.parametrize("seeds", few([range(20), range(20, 120)], 1), ids=str)
def test_every_number_of_random_circuits_is_confirmed(seeds):
    specs = [loads(random_circuit(seed)) for seed in seeds]
    able = [spec for spec in specs if answerable(spec)]
    assert len(able) > 0.9 * len(specs)
    assert all(map(confirmed, able))
