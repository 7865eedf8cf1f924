"""The table of verdicts says what the judge says, of every number that can be typed."""

from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_specs import random_network
from typed_numbers import from_seed, text_of, typed_numbers

import derive
from derive.checking.claims import Claim
from derive.checking.earlier import EarlierAnswers
from derive.checking.exercise import Exercise
from derive.checking.judging import Judge
from derive.checking.lookup import Lookup
from derive.checking.marking import Given
from derive.checking.verdicts import WRONG
from derive.grading.assessment import open_marker
from derive.numbers.rounding import power_of_ten
from derive.spec import override

EXERCISES = ("two-two-two", "circuit", "neuron", "shared-biases")
TELLING = [
    ("two-two-two", "z1"),
    ("two-two-two", "dE_total/dW1"),
    ("two-two-two", "W5+"),
    ("neuron", "dE_total/dW1"),
    ("circuit", "f"),
    ("circuit", "df/dx"),
]
"""An exact value, a small one, one with many known mistakes, integers."""


@cache
def judge_of(source, rounding="exact"):
    spec = derive.load(source) if isinstance(source, str) else derive.loads(random_network(source))
    sheet = derive.sheet(override(spec, {"rounding": rounding}))
    return Judge(Exercise(sheet.numbers))


@cache
def lookup_of(source, name, rounding="exact"):
    return Lookup(judge_of(source, rounding), name)


@cache
def stretches(source, name, power, rounding="exact"):
    return lookup_of(source, name, rounding).list_stretches(power)


def looked_up(source, name, count, power, rounding="exact"):
    """The table's verdict, by a search that has nothing in common with its making."""
    found = [s for s in stretches(source, name, power, rounding) if s.low <= count <= s.high]
    assert len(found) <= 1
    return found[0].judgement if found else WRONG


def judged(source, name, count, power, rounding="exact"):
    judge, value = judge_of(source, rounding), count * power_of_ten(power)
    digits = len(str(abs(count))) if count else 0
    read_claim = Claim(value, power_of_ten(power), digits, value)
    return judge.judge_number(judge.targets[name], read_claim, EarlierAnswers(judge.exercise))


def list_disagreements(source, name, numbers, rounding="exact"):
    """The typed numbers of which the table says something else than the judge."""
    return [
        text_of(*number)
        for number in numbers
        if looked_up(source, name, *number, rounding) != judged(source, name, *number, rounding)
    ]


@pytest.mark.parametrize(("source", "name"), TELLING)
@pytest.mark.parametrize("power", [0, -2, -5, -8, -10])
def test_beyond_both_ends_of_every_stretch_the_judge_says_the_same(source, name, power):
    numbers = [
        (count, power)
        for stretch in stretches(source, name, power)
        for count in (stretch.low - 1, stretch.low, stretch.high, stretch.high + 1)
    ]
    assert numbers or power >= -2  # with so few digits nothing is right or has a name
    assert list_disagreements(source, name, numbers) == []


@pytest.mark.parametrize(("source", "name"), TELLING)
def test_around_known_mistakes_and_slips_the_judge_says_the_same(source, name):
    numbers = typed_numbers(judge_of(source).targets[name], from_seed(name), (-3, -6, -9))
    assert list_disagreements(source, name, numbers) == []


@given(st.sampled_from(TELLING), st.integers(-(10**12), 10**12), st.integers(-10, 3))
def test_of_any_number_the_judge_says_the_same(asked, count, power):
    assert list_disagreements(*asked, [(count, power)]) == []


@pytest.mark.slow
@pytest.mark.parametrize("rounding", ["exact", "stepwise"])
@pytest.mark.parametrize("source", [*EXERCISES, 0, 5])
def test_on_whole_sheets_the_judge_says_the_same(source, rounding):
    judge = judge_of(source, rounding)
    names = list(judge.exercise.order)
    for name in from_seed(source).sample(names, min(len(names), 40)):
        draw, target = from_seed(source, name, rounding), judge.targets[name]
        places = target.places
        powers = draw.sample(range(-places - 2, 4), 4)
        found = list(typed_numbers(target, draw, powers, shifts=(0, 1)))
        for power in powers:
            ends = [
                end for s in stretches(source, name, power, rounding) for end in (s.low, s.high)
            ]
            found += [(end + step, power) for end in ends for step in (-1, 0, 1)]
        some = draw.sample(found, min(len(found), 100))
        assert list_disagreements(source, name, some, rounding) == []


def test_neighbouring_stretches_differ_and_none_says_only_wrong():
    for power in range(-10, 4):
        found = stretches("two-two-two", "W5+", power)
        assert all(stretch.judgement != WRONG for stretch in found)
        for one, other in pairwise(found):
            assert one.high < other.low
            assert one.high + 1 < other.low or one.judgement != other.judgement


def test_the_whole_way_from_a_text_gives_the_same_verdict():
    marker = open_marker(derive.sheet("two-two-two").numbers)
    for text, count, power in (
        ("0.43703857", 43703857, -8),
        ("0.437", 437, -3),
        ("0.39554516", 39554516, -8),
        ("4.3703857", 43703857, -7),
    ):
        (result,) = marker.mark(None, [Given(None, "W5+", text)]).results
        assert result.judgement == looked_up("two-two-two", "W5+", count, power)
