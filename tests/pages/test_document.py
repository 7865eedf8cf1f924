"""The page as data: what a blank is, and what a document says of itself."""

from __future__ import annotations

import pytest
from sheets import asked, sheet_of, told

from derive.algebra.expressions import Name, Num
from derive.pages import LEVELS
from derive.pages.document import Grid, Heading, blank, cell


def test_the_levels_are_those_of_the_contract():
    assert LEVELS == ("full", "guided", "blank")


@pytest.mark.parametrize(("number", "name"), [(7, "?7"), (None, "?")])
def test_a_blank_is_a_name_that_no_author_can_type(number, name):
    assert blank(number) == Name(name)


def test_a_cell_holds_one_tree_without_a_relation():
    assert told(cell(Num("0.50"))) == "0.50"


@pytest.mark.parametrize("level", LEVELS)
def test_a_worksheet_says_its_title_kind_and_level(level):
    page = sheet_of("circuit").document(level)
    assert (page.title, page.kind, page.level) == (
        "A circuit by hand: f = (x + y) z",
        "worksheet",
        level,
    )


def test_a_worksheet_is_guided_where_nothing_is_said():
    assert sheet_of("circuit").document() == sheet_of("circuit").document("guided")


def test_a_key_is_the_full_page_and_a_table_of_all_answers():
    sheet = sheet_of("two-two-two")
    key, page = sheet.document("full", "key"), sheet.document("full")
    *same, heading, table = key.blocks
    assert tuple(same) == page.blocks
    assert isinstance(heading, Heading)
    assert heading.words.key == "heading.answers"
    assert isinstance(table, Grid)


@pytest.mark.parametrize("name", ["neuron", "two-two-two", "circuit", "shared-biases"])
def test_the_table_of_answers_holds_each_asked_id_once_in_the_order_of_the_key(name):
    table = sheet_of(name).document("full", "key").blocks[-1]
    left = [c for row in table.rows for c in row[::2] if hasattr(c, "parts")]
    assert [c.parts[0].expr.id for c in left] == asked(name)


def test_the_table_of_answers_prints_the_numbers_of_the_decks_circuit():
    table = sheet_of("circuit").document("full", "key").blocks[-1]
    assert [[told(c) for c in row] for row in table.rows] == [
        ["q", "= 3", "f", "= -12", "{df/df}", "= 1"],
        ["{df/dq}", "= -4", "{dq/dx}", "= 1", "{df/dx}", "= -4"],
        ["{dq/dy}", "= 1", "{df/dy}", "= -4", "{df/dz}", "= 3"],
    ]


def test_the_last_row_of_the_table_of_answers_is_filled_up_with_nothing():
    table = sheet_of("neuron").document("full", "key").blocks[-1]
    empty = -2 * len(asked("neuron")) % 6
    assert empty
    assert {len(row) for row in table.rows} == {len(table.columns)} == {6}
    assert [getattr(c, "key", "") for c in table.rows[-1]][-empty:] == ["term.nothing"] * empty
