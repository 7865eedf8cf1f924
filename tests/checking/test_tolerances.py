"""How far an answer may be off and still be right: by its digits and by early rounding only."""

from random import Random

import pytest
from float_networks import FloatNetwork, printed
from random_sheets import random_sheet
from random_specs import random_network
from sampling import few, slow

import derive
from derive.checking.marking import Given
from derive.grading.assessment import open_marker

TWO_UPDATES = 53
"""Five layers and two updates: intervals carried outward are as wide as the numbers."""
SMALL_DIFFERENCE = 76
"""A gradient of 5e-6 on a sheet of five decimals."""


def verdict(marker, name, answer):
    (result,) = marker.mark(None, [Given(None, name, answer)]).results
    return result.verdict


def marker_of(text):
    return open_marker(derive.sheet(derive.loads(text)).numbers)


@pytest.mark.parametrize(
    ("seed", "name", "answer", "expected"),
    [
        (TWO_UPDATES, "dE_s2/dW3_3_2+", "0.0057622", "correct"),
        slow((TWO_UPDATES, "dE_s2/dW3_3_2+", "0.0052622", "wrong")),
        (SMALL_DIFFERENCE, "dE_total/db3", "4.898e-06", "correct"),
        (SMALL_DIFFERENCE, "dE_total/db3", "3.230e-06", "rounded"),
    ],
)
def test_early_rounding_excuses_units_of_the_sheet_not_its_first_digits(
    seed, name, answer, expected
):
    assert verdict(marker_of(random_network(seed)), name, answer) == expected


def changed(text, draw):
    """A printed number with another digit in front of its last three."""
    spots = [i for i, c in enumerate(text) if c.isdigit()][:-3]
    spot = draw.choice(spots)
    other = draw.choice([c for c in "0123456789" if c != text[spot]])
    return text[:spot] + other + text[spot + 1 :]


@pytest.mark.parametrize("seed", few(range(12), 6))
def test_a_number_with_another_digit_is_never_right(seed):
    draw = Random(seed)  # noqa: S311 - reproducible slips, not secrets
    text = random_sheet(seed, small=True)
    right, marker = FloatNetwork(text), marker_of(text)
    numbers = {i: printed(v, right.decimals) for i, v in right.values.items()}
    whole = [i for i, t in numbers.items() if len(t.partition(".")[2]) == right.decimals]
    for name in draw.sample(whole, min(len(whole), 6)):
        answer = changed(numbers[name], draw)
        assert verdict(marker, name, answer) in ("wrong", "misconception"), (name, answer)
