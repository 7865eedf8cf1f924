"""The weights into one unit as a table: weight, error signal, last factor, gradient."""

from __future__ import annotations

import pytest
from sheets import Page, fill, filled, sheet_of

from derive.pages.weights import Receiver, weight_table
from derive.pages.writing import Writer

O1, H1 = Receiver("E_total", "z3"), Receiver("E_total", "z1")


def table(receiver, weights, *, level="full", bare=None, **changes):
    write = Writer(sheet_of("two-two-two", **changes).numbers)
    return cells(write, weight_table(write, level, receiver, weights.split(), bare))


def cells(write, grid):
    return Page(fill([grid], write.numbers)).grids()[0]


def test_the_columns_are_the_factors():
    write = Writer(sheet_of("two-two-two").numbers)
    columns = weight_table(write, "full", O1, ["W5"], None).columns
    assert [column.key for column in columns] == [
        "column.weight", "column.signal", "column.last_factor", "column.gradient",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("receiver", "weight", "row"),
    [
        (O1, "W5", ["W5", "≈ 0.04985267", "{dz3/dW5} = h1 ≈ 0.51998934", "≈ 0.02592286"]),
        (H1, "W1", ["W1", "≈ 0.00808875", "{dz1/dW1} = x1 = 0.1", "≈ 0.00080888"]),
    ],
)
def test_worked_a_row_has_the_number_of_each_factor(receiver, weight, row):
    assert table(receiver, weight) == [row]


def test_a_last_factor_that_is_a_number_is_not_said_twice():
    write = Writer(sheet_of("neuron").numbers)
    grid = weight_table(write, "full", Receiver("E_total", "z1"), ["b1"], None)
    assert cells(write, grid)[0][2] == "{dz1/db1} = 1"


def test_each_weight_has_its_row_in_the_order_given():
    assert [row[0] for row in table(O1, "W6 W5")] == ["W6", "W5"]


@pytest.mark.parametrize("level", ["guided", "blank"])
def test_to_fill_in_a_row_has_its_symbols_and_a_blank_for_factor_and_gradient(level):
    row = ["W5", "{dE_total/dz3}", "{dz3/dW5} = h1 = {?15}", "{?16}"]
    assert table(O1, "W5", level=level) == [row]


def test_to_fill_in_a_last_factor_that_is_a_number_is_not_given():
    write = Writer(sheet_of("neuron").numbers)
    grid = weight_table(write, "guided", Receiver("E_total", "z1"), ["b1"], None)
    assert cells(write, grid)[0][2] == "{dz1/db1} = {?12}"


def test_of_the_bare_weight_only_the_name_is_given():
    assert table(O1, "W5 W6", level="guided", bare="W6")[1] == ["W6", "{?}", "{?}", "{?18}"]


def test_on_the_full_page_no_weight_is_bare():
    assert table(O1, "W5 W6", bare="W6") == table(O1, "W5 W6")


def test_stepwise_the_columns_are_all_factors_of_the_step():
    """The rounded error signal would give other digits; so nothing has a dagger."""
    row = ["W5", "= 0.209446", "≈ 0.23802157", "{dz3/dW5} = h1 ≈ 0.51998934", "≈ 0.02592285"]
    assert table(O1, "W5", rounding="stepwise") == [row]
    to_fill_in = table(O1, "W5 W6", level="guided", bare="W6", rounding="stepwise")
    assert to_fill_in == [
        ["W5", "{dE_total/do1}", "{do1/dz3}", "{dz3/dW5} = h1 = {?15}", "{?16}"],
        ["W6", "{?}", "{?}", "{?}", "{?18}"],
    ]


def test_a_footnote_is_computed_from_the_columns_of_its_row():
    """0.00319500 x 0.58540457 = 0.00187037, though three factors give what is printed."""
    write = Writer(sheet_of("deep").numbers)
    grid = weight_table(write, "full", Receiver("E_total", "z3"), ["W6"], None)
    table, note = fill([grid], write.numbers)
    assert Page((table,)).grids()[0][0][1::2] == ["≈ 0.00319500", "≈ 0.00187036 †"]
    expected = ("note.printed", {"id": "{dE_total/dW6}", "printed": "0.00187037"})
    assert Page((note,)).notes() == [expected]


def test_the_footnotes_of_a_table_stand_right_below_it():
    """At 5 decimals 0.04985 x 0.52747 = 0.02629; W6 is a row."""
    blocks = filled(sheet_of("two-two-two", decimals=5), "full")
    place = next(i for i, b in enumerate(blocks) if has_row(b, "W6"))
    assert Page(blocks[place : place + 1]).grids()[0][-1][-1] == "≈ 0.02630 †"
    note = ("note.printed", {"id": "{dE_total/dW6}", "printed": "0.02629"})
    assert Page(blocks[place + 1 : place + 2]).notes() == [note]


def has_row(block, weight):
    return any(row[0] == weight for table in Page((block,)).grids() for row in table)
