"""The table of `derive verify`: who agrees, who does not, what nobody checked."""

import pytest

from derive.render.comparison import comparison
from derive.second import Row

RIGHT = Row("z1", "0.08", {"differences": "0.08"}, agrees=True)
WRONG = Row("h1", "0.5", {"differences": "0.51998"}, agrees=False)
ALONE = Row("df/df", "1", {}, agrees=True)


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
    assert comparison(rows, ["differences"], {}).splitlines()[-1] == told


def test_a_wrong_number_is_marked_in_its_line():
    lines = comparison([RIGHT, WRONG], ["differences"], {}).splitlines()
    assert [line.endswith("DIFFERS") for line in lines[1:3]] == [False, True]


@pytest.mark.parametrize(
    ("roads", "cell"), [({"differences": None}, "kink"), ({}, "-"), ({"differences": "2"}, "2")]
)
def test_a_cell_is_a_number_a_kink_or_no_way(roads, cell):
    rows = [Row("df/dx", "1", roads, agrees=True)]
    assert comparison(rows, ["differences"], {}).splitlines()[1].split()[-1] == cell


def test_a_road_not_taken_has_its_reason_and_no_column():
    lines = comparison([RIGHT], ["differences", "collapsed"], {"collapsed": "too large"})
    assert "collapsed: not taken: too large" in lines.splitlines()
    assert "collapsed" not in lines.splitlines()[0]
