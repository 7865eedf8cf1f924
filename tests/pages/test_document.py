"""The page as data: what a blank is, and what a document says of itself."""

from __future__ import annotations

import re
from importlib import resources

import msgspec
import pytest
from sheets import asked, filled, sheet_of, told

import derive
from derive.algebra.expressions import Name, Num
from derive.algebra.grammar import to_text
from derive.numbers import Numbers, Shown, rounding
from derive.pages import LEVELS
from derive.pages.document import Grid, Heading, Lines, Picture, Say, blank, cell


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
    *same, heading, table = filled(sheet, "full", "key")
    assert tuple(same) == filled(sheet, "full")
    assert isinstance(heading, Heading)
    assert heading.words.key == "heading.answers"
    assert isinstance(table, Grid)


@pytest.mark.parametrize("name", ["neuron", "two-two-two", "circuit", "shared-biases"])
def test_the_table_of_answers_holds_each_asked_id_once_in_the_order_of_the_key(name):
    table = filled(sheet_of(name), "full", "key")[-1]
    left = [c.slots for row in table.rows for c in row[::2] if c.key == "term.numbered"]
    assert [slots["quantity"].id for slots in left] == asked(name)
    assert [slots["number"] for slots in left] == [str(n + 1) for n in range(len(left))]


def test_the_table_of_answers_prints_the_numbers_of_the_decks_circuit():
    table = filled(sheet_of("circuit"), "full", "key")[-1]
    shown = [
        [told(c) if hasattr(c, "parts") else to_text(c.slots["quantity"]) for c in row]
        for row in table.rows
    ]
    assert shown == [
        ["q", "= 3", "f", "= -12", "{df/df}", "= 1"],
        ["{df/dq}", "= -4", "{dq/dx}", "= 1", "{df/dx}", "= -4"],
        ["{dq/dy}", "= 1", "{df/dy}", "= -4", "{df/dz}", "= 3"],
    ]


def test_the_last_row_of_the_table_of_answers_is_filled_up_with_nothing():
    table = filled(sheet_of("neuron"), "full", "key")[-1]
    empty = -2 * len(asked("neuron")) % 6
    assert empty
    assert {len(row) for row in table.rows} == {len(table.columns)} == {6}
    assert [getattr(c, "key", "") for c in table.rows[-1]][-empty:] == ["term.nothing"] * empty


# --- no digits --------------------------------------------------------------------------------

FIGURES = ("heading.collapse", "heading.vanishing", "heading.starts")
"""Parts of which some numbers are no quantities of the exercise: they have no ids."""
PAGES = [(level, "worksheet") for level in LEVELS] + [("full", "key")]
COUNTS = [*map(str, range(20)), "0.00001", "100000"]
"""Constants of taught formulas and the usual epsilon, exponents, samples and presentations."""
every_page = pytest.mark.parametrize(("level", "kind"), PAGES)
every_example = pytest.mark.parametrize("name", derive.examples())


def without_figures(blocks):
    """The blocks but those with figures: parts about depth, and how much a penalty shrinks."""
    kept = []
    part = sentence = ""
    for block in blocks:
        part = block.words.key if isinstance(block, Heading) else part
        sentence = block.words.key if isinstance(block, Say) else sentence
        is_share = sentence == "say.decay" and isinstance(block, Lines)
        kept += [block] * (part not in FIGURES and not is_share)
    return kept


def move(shown):
    """The same number with another last digit: as long, as exact."""
    digits, letter, power = shown.text.partition("e")
    last = (int(digits[-1]) + 1) % 10
    return Shown(f"{digits[:-1]}{last}{letter}{power}", shown.exact)


@every_page
@every_example
def test_a_page_is_the_same_whatever_digits_are_printed(monkeypatch, name, level, kind):
    """Its drawings too, and their places. Branches are kept, for no value is changed."""
    blocks, written = sheet_of(name).document(level, kind).blocks, filled(sheet_of(name), level)
    shown, rounded = Numbers.shown, rounding.show
    monkeypatch.setattr(Numbers, "shown", lambda numbers, name: move(shown(numbers, name)))
    monkeypatch.setattr(rounding, "show", lambda *value: move(rounded(*value)))
    moved = sheet_of(name)
    assert without_figures(moved.document(level, kind).blocks) == without_figures(blocks)
    assert without_figures(filled(moved, level)) != without_figures(written)


def numbers_in(node):
    """Every number in a block, wherever it stands."""
    if isinstance(node, Num):
        yield node.text
    parts = node if isinstance(node, tuple) else ()
    if isinstance(node, msgspec.Struct):
        parts = [getattr(node, field) for field in node.__struct_fields__]
    for part in node.values() if isinstance(node, dict) else parts:
        yield from numbers_in(part)


@every_page
@every_example
def test_a_number_of_a_page_is_typed_or_a_count(name, level, kind):
    """All but the ticks of graphs and the figures of `without_figures`."""
    source = (resources.files("derive") / f"examples/{name}.toml").read_text("utf-8")
    typed = re.findall(r"\d+(?:\.\d+)?", source)
    blocks = without_figures(sheet_of(name).document(level, kind).blocks)
    for block in blocks:
        if not isinstance(block, Picture):
            assert {text.lstrip("-") for text in numbers_in(block)} <= {*typed, *COUNTS}
