"""Ids in a table that are spelled as new values."""

import pytest
from exercises import exercise, reading

from derive.answers import Unreadable, find_id


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("W5'", "W5+"),
        ("W5(new)", "W5+"),
        ("W5_new", "W5+"),
        ("새 W5", "W5+"),
        ("업데이트된 W5", "W5+"),
        ("updated W5", "W5+"),
        ("W5", "W5"),
        ("W5+", "W5+"),
        ("t1_new", None),
        ("new", None),
        ("새 가중치", None),
    ],
)
def test_an_id_may_be_spelled_as_a_new_value(text, name):
    assert find_id(text, exercise("two-two-two")[1]) == name


@pytest.mark.parametrize(
    "text", ["tanh^{-1}(z1)", "max'(z1, z2)", "leaky_relu'(z1)", "tanh²z1", "tanh'", "g'(z1)"]
)
def test_a_function_without_one_slope_has_no_prime(text):
    with pytest.raises(Unreadable):
        reading(text, "E_total")
