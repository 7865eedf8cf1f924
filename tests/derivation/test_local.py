"""The slope of one formula by one of its names, and what is remembered of long sums."""

from __future__ import annotations

import pytest

from derive.algebra.expressions import Name
from derive.algebra.grammar import parse, to_text
from derive.derivation import local
from derive.derivation.local import LocalSlopes
from derive.graph import Quantity
from derive.naming import Place

ROOM = 2
"""Sums that are remembered in the tests of what is remembered."""


def quantity(name, text):
    return Quantity(name, Place("definition"), varies=True, expr=parse(text))


@pytest.mark.parametrize(
    ("text", "wrt", "slope"),
    [
        ("W1*x1+W2*x2+b1", "W2", "x2"),
        ("x*y+x+y", "x", "y+1"),
        ("x*y", "y", "x"),
        ("sigmoid(x)", "x", "z*(1-z)"),
    ],
)
def test_only_the_terms_with_the_name_count(text, wrt, slope):
    assert to_text(LocalSlopes().slope(quantity("z", text), wrt)) == slope


@pytest.mark.parametrize(
    ("text", "name", "part"),
    [
        ("x+2*y+y^3+4", "x", "x"),
        ("x+2*y+y^3+4", "y", "2*y+y^3"),
        ("(x+y+z)/3", "y", "y/3"),
        ("((x-m)^2+(y-m)^2)/2", "x", "(x-m)^2/2"),
        ("((x-m)^2+(y-m)^2)/2", "m", "((x-m)^2+(y-m)^2)/2"),
        ("(x+y)/y", "x", "(x+y)/y"),
    ],
)
def test_the_terms_of_a_sum_or_a_mean_that_do_not_hold_the_name_are_left_out(text, name, part):
    assert LocalSlopes().select_part(quantity("q", text), name) == parse(part)


def test_a_sum_that_was_forgotten_is_read_anew(monkeypatch):
    monkeypatch.setattr(LocalSlopes, "REMEMBERED", 1)
    slopes = LocalSlopes()
    sums = [quantity(f"z{i}", f"W1*x{i}+W2*y{i}") for i in range(3)]
    for _ in range(2):
        assert [slopes.slope(z, "W1") for z in sums] == [Name(f"x{i}") for i in range(3)]


@pytest.fixture
def noted(monkeypatch):
    """The sums whose terms were noted, in order; there is room for two."""
    found = []

    def group_terms(expr):
        found.append(expr)
        return terms(expr)

    terms = local.group_terms
    monkeypatch.setattr(local, "group_terms", group_terms)
    monkeypatch.setattr(LocalSlopes, "REMEMBERED", ROOM)
    return found


@pytest.mark.parametrize(
    ("order", "times"), [("aaa", 1), ("abab", 2), ("abcb", 3), ("abcc", 3), ("abca", 4)]
)
def test_the_terms_of_the_latest_sums_are_noted_once(noted, order, times):
    sums = {name: quantity(name, f"{name}*x+2") for name in "abc"}
    slopes = LocalSlopes()
    for name in order:
        assert slopes.slope(sums[name], "x") == parse(name)
    assert len(noted) == times
