"""Ids: what a person writes on the board, and what may stand after it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sampling import tries

from derive.naming import (
    Extent,
    Naming,
    Place,
    after_updates,
    derivative_id,
    split_derivative,
    split_updates,
)

WIDTHS = (2, 3, 2, 1)
"""Two inputs, hidden layers of three and two units, one output."""


def naming(notation, widths):
    return Naming(
        notation,
        [Extent(units, {"W": (units, sources), "b": (units,)})
         for sources, units in pairwise(widths)],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("role", "letter", "place", "flat", "indexed"),
    [
        ("preactivation", "z", (1, 1), "z1", "z1_1"),
        ("preactivation", "z", (1, 3), "z3", "z1_3"),
        ("preactivation", "z", (2, 1), "z4", "z2_1"),
        ("preactivation", "z", (3, 1), "z6", "z3_1"),
        ("activation", "a", (1, 1), "h1", "a1_1"),
        ("activation", "a", (2, 1), "h4", "a2_1"),
        ("activation", "a", (2, 2), "h5", "a2_2"),
        ("activation", "a", (3, 1), "o1", "a3_1"),
        ("constant", "b", (1, 2), "b2", "b1_2"),
        ("parameter", "b", (3, 1), "b6", "b3_1"),
        ("parameter", "W", (1, 1, 1), "W1", "W1_1_1"),
        ("parameter", "W", (1, 1, 2), "W2", "W1_1_2"),
        ("parameter", "W", (1, 2, 1), "W3", "W1_2_1"),
        ("parameter", "W", (1, 3, 2), "W6", "W1_3_2"),
        ("parameter", "W", (2, 1, 1), "W7", "W2_1_1"),
        ("parameter", "W", (2, 2, 3), "W12", "W2_2_3"),
        ("parameter", "W", (3, 1, 2), "W14", "W3_1_2"),
        ("unit_error", "E", (0, 1), "E_o1", "E_1"),
        ("input", "x", (0, 2), "x2", "x2"),
        ("target", "t", (0, 1), "t1", "t1"),
    ],
)
def test_both_notations(role, letter, place, flat, indexed):
    layer, *index = place
    place = Place(role, letter, layer, tuple(index))
    assert naming("flat", WIDTHS).name(place) == flat
    assert naming("indexed", WIDTHS).name(place) == indexed


def test_a_sample_stands_behind_a_time():
    place = Place("preactivation", "z", 1, (2,), sample=3, time=4)
    assert naming("flat", WIDTHS).name(place) == "z2_t4_s3"


def test_the_decks_weights_go_row_by_row_over_receiving_units():
    ids = naming("flat", (2, 2, 2))
    weights = [
        ids.name(Place("parameter", "W", layer, (to, frm)))
        for layer in (1, 2) for to in (1, 2) for frm in (1, 2)
    ]  # fmt: skip
    assert weights == ["W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8"]


@pytest.mark.parametrize("notation", ["flat", "indexed"])
@settings(derandomize=True, deadline=None, max_examples=tries(50))
@given(widths=st.lists(st.integers(1, 12), min_size=2, max_size=5).map(tuple))
def test_no_two_quantities_share_an_id(notation, widths):
    ids = naming(notation, widths)
    places = [Place("unit_error", "E", 0, (unit,)) for unit in range(1, widths[-1] + 1)]
    for layer, width in enumerate(widths[1:], 1):
        for unit in range(1, width + 1):
            places += [
                Place("preactivation", "z", layer, (unit,)),
                Place("activation", "a", layer, (unit,)),
                Place("parameter", "b", layer, (unit,)),
                *(
                    Place("parameter", "W", layer, (unit, i))
                    for i in range(1, widths[layer - 1] + 1)
                ),
            ]
    assert len({ids.name(place) for place in places}) == len(places)


@pytest.mark.parametrize(
    ("of", "wrt", "name"),
    [("E_total", "W5", "dE_total/dW5"), ("f", "x|local", "df/dx|local"), ("d", "d", "dd/dd")],
)
def test_a_derivative_is_written_and_split(of, wrt, name):
    assert derivative_id(of, wrt) == name
    assert split_derivative(name) == (of, wrt)


@pytest.mark.parametrize("name", ["W5", "E_total", "dx", "d", "x/y", "x/dy", "dx/", "dx/d", ""])
def test_anything_else_is_no_derivative(name):
    assert split_derivative(name) is None


@pytest.mark.parametrize(
    ("updates", "name"), [(0, "z1"), (1, "z1+"), (2, "z1@2"), (3, "z1@3"), (12, "z1@12")]
)
def test_the_count_of_updates_ends_the_id(updates, name):
    assert after_updates("z1", updates) == name
    assert split_updates(name) == ("z1", updates)


@pytest.mark.parametrize(
    ("name", "base", "updates"),
    [
        ("W5@1", "W5", 1),
        ("W5@0", "W5", 0),
        ("dE_total/dW5@1", "dE_total/dW5", 1),
        ("h1_s2@2", "h1_s2", 2),
        ("W5@007", "W5", 7),
    ],
)
def test_at_one_and_at_zero_are_read_too(name, base, updates):
    assert split_updates(name) == (base, updates)


@pytest.mark.parametrize("name", ["W5", "W5@", "W5@x", "W5@-1", "W5@1234567", "+W5", "W5+1", ""])
def test_other_endings_belong_to_the_id(name):
    assert split_updates(name) == (name, 0)


@pytest.mark.parametrize("name", ["W5@\u0663", "W5@\uff13"])
def test_only_plain_digits_count_updates(name):
    assert split_updates(name) == (name, 0)


@settings(derandomize=True, deadline=None)
@given(st.from_regex(r"[A-Za-z][A-Za-z0-9_/]{0,12}", fullmatch=True), st.integers(0, 10_000))
def test_splitting_undoes_the_suffix(base, updates):
    assert split_updates(after_updates(base, updates)) == (base, updates)
