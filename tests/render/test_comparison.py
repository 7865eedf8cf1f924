"""The table of `derive verify`: what agrees, what does not, what nobody checked."""

import pytest

from derive.render.comparison import comparison
from derive.second import Report, Row

RIGHT = Row("z1", "0.08", {"differences": "0.08"}, agrees=True)
WRONG = Row("h1", "0.5", {"differences": "0.51998"}, agrees=False)
ALONE = Row("df/df", "1", {}, agrees=True)


def report(rows, skipped=None):
    return Report(tuple(rows), ("differences",), skipped or {})


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([RIGHT], "1 of 1 numbers agree"),
        ([RIGHT, ALONE], "1 of 2 numbers agree, 1 not checked"),
        ([RIGHT, WRONG], "1 of 2 numbers agree, 1 DIFFER: h1"),
        ([RIGHT, WRONG, ALONE], "1 of 3 numbers agree, 1 not checked, 1 DIFFER: h1"),
    ],
)
def test_the_last_line_counts(rows, told):
    assert comparison(report(rows)).splitlines()[-1] == told


def test_a_wrong_number_is_marked_in_its_line():
    lines = comparison(report([RIGHT, WRONG])).splitlines()
    assert [line.endswith("DIFFERS") for line in lines[1:3]] == [False, True]


@pytest.mark.parametrize(
    ("checks", "cell"),
    [({"differences": None}, "undecided"), ({}, "-"), ({"differences": "2"}, "2")],
)
def test_a_cell_is_a_number_undecided_or_empty(checks, cell):
    rows = [Row("df/dx", "1", checks, agrees=True)]
    assert comparison(report(rows)).splitlines()[1].split()[-1] == cell


def test_a_check_that_is_not_made_has_its_reason_and_no_column():
    lines = comparison(report([RIGHT], {"pytorch": "too large"})).splitlines()
    assert "pytorch: not made: too large" in lines
    assert "pytorch" not in lines[0]
