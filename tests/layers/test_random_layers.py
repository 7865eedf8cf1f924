"""Layers of random shape: the chain rule, differences of another program, PyTorch."""

from __future__ import annotations

from fractions import Fraction
from importlib.util import find_spec

import pytest
from mpmath import mp, mpf
from random_layers import draw

import derive
from derive.layers import LAYERS
from derive.second.differences import Differences
from derive.second.script import run_scripts

needs_torch = pytest.mark.skipif(find_spec("torch") is None, reason="needs PyTorch")
KINDS = [kind for kind in LAYERS if kind not in ("dense", "activation")]
SHAPES = 100
"""Random shapes of each layer type in a slow run."""
LOCAL = 10
"""Of these so many with every local derivative, which take most of the time."""
FEWER = {"lstm": 25, "gru": 40}
"""Shapes of types with so many weights that their differences take minutes; PyTorch has all."""
NO_SCRIPT = {"gru"}
"""Types of which some conventions are in no module of PyTorch."""


def answers_of(spec):
    return derive.key(spec, fields=("id", "value"))["answers"]


def check_against_differences(text, *, local=True):
    """How many numbers differences know, all of them the same; `local` ones too, or not."""
    spec = derive.loads(text)
    other, told = Differences(spec), 0
    with mp.workdps(60):
        for answer in answers_of(spec):
            if not local and "/" in answer["id"] and not answer["id"].startswith("dE_total/"):
                continue
            right = other.value(answer["id"])
            if right is None:
                continue
            value = mpf(answer["value"])
            assert abs(value - right) <= mpf(10) ** -28 * max(1, abs(right)), (answer, text)
            told += 1
    return told


@pytest.mark.parametrize("kind", KINDS)
def test_differences_confirm_every_number_of_a_random_shape(kind):
    assert check_against_differences(draw(0, kind)) > 5


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_differences_confirm_a_hundred_random_shapes(kind):
    shapes = range(1, FEWER.get(kind, SHAPES))
    told = (check_against_differences(draw(n, kind), local=n < LOCAL) for n in shapes)
    assert sum(told) > 1000


def list_scripts(kind):
    """The exercises of a type that PyTorch has modules for, with their scripts."""
    for seed in range(SHAPES):
        spec = derive.loads(draw(seed, kind))
        try:
            yield spec, derive.export(spec)
        except derive.SpecError:
            assert kind in NO_SCRIPT


@needs_torch
@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_pytorch_confirms_a_hundred_random_shapes(kind):
    given = list(list_scripts(kind))
    assert len(given) >= SHAPES // 5
    counted = 0
    ran = run_scripts([script for _, script in given])
    for (spec, _), numbers in zip(given, ran, strict=True):
        for answer in answers_of(spec):
            try:
                number = numbers.value(answer["id"])
            except KeyError:
                continue
            if number is not None:
                right = Fraction(answer["value"])
                wrong = abs(Fraction(str(number)) - right)
                assert wrong <= max(1e-12, 1e-9 * abs(right)), (answer, spec)
                counted += 1
    assert counted > 1000
