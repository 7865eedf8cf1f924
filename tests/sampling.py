"""Cases of a parametrised test: a few in every run, the others where slow tests run."""

import os
from itertools import product

import pytest

import derive

REPRESENTATIVES = (
    "two-two-two",  # a network: weights without biases, two outputs
    "circuit",  # named formulas
    "and-gate",  # a perceptron
    "momentum",  # states of an optimizer, several updates
    "dead-unit",  # a kink in an activation, biases, an identity at the end
    "softmax",  # one activation of many units, cross entropy
    "bowl",  # a circuit that moves
    "weight-decay",  # several samples, a penalty
    "matrices",  # matrix notation
)
"""Built-in exercises that hold every kind and every feature of a page between them."""
EXAMPLES = (*REPRESENTATIVES, *(n for n in derive.examples() if n not in REPRESENTATIVES))
"""All built-in exercises, those that stand for the others first."""


def tries(count):
    """How many examples of a property are tried: in CI all, elsewhere the first quarter."""
    return count if os.environ.get("CI") else max(5, count // 4)


def slow(value):
    """One case that only slow runs take."""
    return pytest.param(*(value if isinstance(value, tuple) else (value,)), marks=pytest.mark.slow)


def few(values, count):
    """The first so many values as they are, the others marked slow."""
    return [value if place < count else slow(value) for place, value in enumerate(values)]


def examples(count=0):
    """All built-in exercises; in every run the first so many, or those that stand for all."""
    return few(EXAMPLES, count or len(REPRESENTATIVES))


def spread(*axes, count=0):
    """All combinations; in every run the first of each axis, the second of each, and so on.

    A short axis begins again, so that every value of every axis is in every run, or of
    the longest axis the first so many.
    """
    count = count or max(map(len, axes))
    always = {tuple(axis[i % len(axis)] for axis in axes) for i in range(count)}
    return [case if case in always else slow(case) for case in product(*axes)]
