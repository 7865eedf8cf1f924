"""Draws are even, and tell nothing of those of others: statistics with a fixed secret."""

from collections import Counter
from fractions import Fraction
from itertools import pairwise
from math import sqrt

import pytest

import derive
from derive.variants import Stream, Variants, draw_numbers

SECRET = bytes(range(32))
COUNT = 2000
SPEC = """
inputs = [0.1, 0.2]
targets = [0.4, 0.6]
learning_rate = 0.5
[[layers]]
weights = [[0.3, 0.25], [0.4, -0.35]]
activation = "sigmoid"
[[layers]]
weights = [[0.45, 0.4], [0.7, 0.6]]
activation = "sigmoid"
[variants]
weights = { from = -0.9, to = 0.9, step = 0.1 }
inputs = [0.1, 0.25, 0.3, 0.7, 0.8]
learning_rate = [0.1, 0.2, 0.3, 0.4]
"""
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def variation():
    return Variants(derive.loads(SPEC), SECRET)


@pytest.fixture(scope="module")
def draws(variation):
    """The numbers of each variant's first attempt."""
    return [
        draw_numbers(variation.variation, Stream(SECRET, variation.digest, index, 0))
        for index in range(1, COUNT + 1)
    ]


def is_likely(chi_square, freedom):
    """Whether chance alone gives as much: less than once in 10,000 (Wilson and Hilferty)."""
    scaled = (chi_square / freedom) ** (1 / 3)
    return (scaled - (1 - 2 / (9 * freedom))) / sqrt(2 / (9 * freedom)) < 3.72


def measure_counts(counts, kinds):
    """Chi square against equal shares."""
    share = sum(counts.values()) / kinds
    return sum((counts[kind] - share) ** 2 for kind in counts) / share + share * (
        kinds - len(counts)
    )


def test_the_values_of_each_number_are_even(variation, draws):
    """Numbers of a pool have the same ranges here, so that each alone is even, too."""
    for place, number in enumerate(variation.variation.numbers):
        kinds = number.choices.count
        counts = Counter(texts[place] for texts in draws)
        assert len(counts) == kinds
        assert is_likely(measure_counts(counts, kinds), kinds - 1)


def test_every_two_values_of_neighbours_are_as_likely(variation, draws):
    """The same number of variants i and i + 1: a table of all pairs of values."""
    for place, number in enumerate(variation.variation.numbers):
        kinds = number.choices.count**2
        counts = Counter((one[place], other[place]) for one, other in pairwise(draws))
        assert is_likely(measure_counts(counts, kinds), kinds - 1)


def correlate(ones, others):
    count = len(ones)
    first, second = sum(ones) / count, sum(others) / count
    both = sum((a - first) * (b - second) for a, b in zip(ones, others, strict=True))
    squares = sum((a - first) ** 2 for a in ones) * sum((b - second) ** 2 for b in others)
    return both / sqrt(squares)


def test_numbers_of_neighbours_are_not_correlated(draws):
    """Any number of one with any of the next one."""
    columns = [[float(Fraction(text)) for text in column] for column in zip(*draws, strict=True)]
    for one in columns:
        for other in columns:
            assert abs(correlate(one[:-1], other[1:])) < 4.5 / sqrt(COUNT)


def test_two_attempts_and_two_secrets_agree_no_more_than_chance(variation):
    """With 4 and 5 and 19 values, numbers are equal in about 1 of 4, 5 and 19 cases."""
    numbers = variation.variation.numbers
    streams = [
        (Stream(SECRET, variation.digest, i, 0), Stream(SECRET, variation.digest, i, 1))
        for i in range(1, COUNT + 1)
    ] + [
        (Stream(SECRET, variation.digest, i, 0), Stream(SECRET + b"0", variation.digest, i, 0))
        for i in range(1, COUNT + 1)
    ]
    pairs = [[draw_numbers(variation.variation, stream) for stream in pair] for pair in streams]
    for place, number in enumerate(numbers):
        share = 1 / number.choices.count
        same = sum(one[place] == other[place] for one, other in pairs) / len(pairs)
        assert abs(same - share) < 4 * sqrt(share / len(pairs))


def test_no_two_of_the_first_variants_have_the_same_numbers(draws):
    assert len(set(draws)) == COUNT
