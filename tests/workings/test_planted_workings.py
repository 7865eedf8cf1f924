"""Workings that were labelled before the program ran: what it says of each of them."""

from collections import Counter

import pytest
from planted import make_false, make_true
from scoring import MEANT, pair

TRUE, FALSE = make_true(), make_false()
FINER = {"bracket-ignored": {"bracket"}}
"""Names of rules that say more than any of the labels."""


def test_there_are_enough_of_them():
    assert len(TRUE) + len(FALSE) >= 700
    assert len({working.kind for working in FALSE}) >= 25


@pytest.mark.parametrize("working", TRUE, ids=lambda w: w.name)
def test_nothing_true_is_called_false_or_left_unread(working):
    for expected, line in pair(working):
        assert line is not None, (expected, working.text)
        assert line.status in MEANT[expected.status], (expected, line)
        assert line.id == expected.id


def test_the_first_false_place_and_its_rule_are_found():
    places = rules = count = 0
    missed: Counter[str] = Counter()
    for working in FALSE:
        for expected, line in pair(working):
            if expected.status != "false":
                continue
            count += 1
            found = line is not None and (line.status, line.false_at) == (
                "false",
                expected.false_at,
            )
            fair = expected.rules | FINER.get(working.kind, set())
            named = found and line.slip.rule in fair
            places, rules = places + found, rules + named
            missed[working.kind] += not named
    assert count == len(FALSE)
    assert places == count, missed
    assert rules >= 0.95 * count, missed


@pytest.mark.parametrize("working", FALSE[::7], ids=lambda w: w.name)
def test_only_the_slip_is_called_false_and_what_follows_is_carried(working):
    for expected, line in pair(working):
        assert line is not None, (expected, working.text)
        assert line.status in MEANT[expected.status], (expected, line)
