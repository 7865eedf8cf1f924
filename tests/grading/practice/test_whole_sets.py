"""Whole sets of answers through `derive check` and through the page: it never contradicts."""

from collections import Counter

import pytest
from page_logic import practice
from whole_sets import list_sets

SHEETS = [
    ("two-two-two", {}, 90),
    ("two-two-two", {"language": "ko"}, 40),
    ("two-two-two", {"level": "guided"}, 60),
    ("softmax", {"level": "guided"}, 40),
    ("two-two-two", {"rounding": "stepwise", "decimals": 4}, 40),
    ("softmax", {}, 60),
    ("and-gate", {}, 40),
    ("circuit", {}, 150),
    ("adam", {}, 50),
    ("batch", {}, 40),
    ("linear", {}, 80),
    ("smooth", {}, 40),
    ("kinked", {}, 15),
    ("shared-biases", {}, 40),
]
FEWEST = 20_000
LEAST_SAID = 0.93
"""Share of answers on which the page says all that the checker says; some are in TeX."""


def compare(page, checker):
    """What two judgements of an answer are to each other."""
    verdict, sentences = checker
    if page is None:
        return "same" if verdict == "blank" else "contradiction"
    if (page["verdict"], page["said"][: len(sentences)]) == (verdict, sentences):
        return "same"
    if page["verdict"] != "unread":
        return "contradiction"
    return "unreadable" if verdict == "unreadable" else "less"


def compare_all(name, changes, count):
    """How often the two judge alike, and every contradiction."""
    sheet = practice(name, **changes)
    sets = [
        {asked: text for asked, text in texts.items() if asked in sheet.names}
        for texts in list_sets(sheet.marker, name, count)
    ]
    tally, verdicts, wrong = Counter(), Counter(), []
    for texts, told in zip(sets, sheet.judge(sets), strict=True):
        expected = sheet.check(texts)
        for asked, text in texts.items():
            found = compare(told.get(asked), expected[asked])
            tally[found] += 1
            verdicts[expected[asked][0]] += 1
            if found == "contradiction":
                wrong.append((asked, text, told.get(asked), expected[asked], texts))
    return tally, verdicts, wrong


@pytest.mark.parametrize("name", ["two-two-two", "circuit", "and-gate"])
def test_some_sets(name):
    tally, _, wrong = compare_all(name, {}, 6)
    assert wrong == []
    assert tally["same"] > 0.7 * tally.total()


@pytest.mark.slow
def test_no_verdict_contradicts_the_checker_and_few_are_left_to_it():
    tally, verdicts = Counter(), Counter()
    for name, changes, count in SHEETS:
        found, seen, wrong = compare_all(name, changes, count)
        assert wrong == [], name
        tally += found
        verdicts += seen
    assert tally.total() >= FEWEST
    assert tally["same"] + tally["unreadable"] >= LEAST_SAID * tally.total()
    for verdict in ("correct", "rounded", "carried", "misconception", "wrong", "unreadable"):
        assert verdicts[verdict] > FEWEST / 100, verdict
