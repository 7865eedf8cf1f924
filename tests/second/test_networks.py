"""Which networks the independent roads can walk, and what they say of the others."""

from __future__ import annotations

from itertools import pairwise

import pytest

from derive.second import Collapsed, Differences, SkippedError
from derive.spec import loads


def dense(*widths, samples=1):
    """A network of ones."""
    text = f"inputs = {[[1] * widths[0]] * samples}\ntargets = {[[1] * widths[-1]] * samples}\n"
    text += "learning_rate = 0.5\n"
    for received, units in pairwise(widths):
        text += f"[[layers]]\nweights = {[[1] * received] * units}\n"
    return loads(text)


@pytest.mark.parametrize(
    ("widths", "samples", "reason"),
    [
        ((6, 6), 1, "36 weights in 1 layers; collapsed are at most 30 in 4"),
        ((1, 1, 1, 1, 1, 1), 1, "5 weights in 5 layers; collapsed are at most 30 in 4"),
        ((2, 3, 3, 3), 4, "collapsed, E_total has more than 500 names and numbers"),
    ],
)
def test_a_network_too_large_to_collapse_is_skipped(widths, samples, reason):
    with pytest.raises(SkippedError, match=reason):
        Collapsed(dense(*widths, samples=samples))


def test_a_network_too_large_for_differences_is_skipped():
    with pytest.raises(SkippedError, match="40000 weights are too many for central differences"):
        Differences(dense(200, 200))


@pytest.mark.parametrize("samples", [1, 3])
def test_both_roads_find_the_slope_of_the_smallest_network(samples):
    """E = (1 - 0)^2 / 2 with one weight 0: dE/dW is -1 for every sample, and so is the mean."""
    spec = loads(
        f"inputs = {[[1]] * samples}\ntargets = {[[1]] * samples}\nlearning_rate = 1\n"
        "[[layers]]\nweights = [[0]]\n"
    )
    for road in (Differences, Collapsed):
        assert abs(road(spec).value("dE_total/dW1") + 1) < 1e-15
