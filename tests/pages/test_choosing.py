"""An evening's size: the blanks that teach most, or just some weights and what they need."""

from __future__ import annotations

import pytest
from sheets import Page, asked, copied, fill, sheet_of

from derive.errors import SpecError
from derive.pages.choosing import Choice
from derive.pages.handout import list_blanks


def cut(source, level="guided", **choice):
    sheet = sheet_of(source)
    document = sheet.document(level, choice=Choice(**choice))
    return Page(fill(document.blocks, sheet.numbers))


def ids(source, found):
    names = asked(source)
    return [names[number - 1] for number in list_blanks(found.blocks)]


@pytest.mark.parametrize("most", [1, 5, 8, 20])
@pytest.mark.parametrize("level", ["guided", "blank"])
def test_so_many_blanks_are_asked_and_the_others_printed(most, level):
    found = cut("two-two-two", level, blanks=most)
    chosen = ids("two-two-two", found)
    assert len(chosen) == most
    names = asked("two-two-two")
    assert chosen == sorted(chosen, key=names.index)
    assert "say.others_printed" in found.sentences()
    printed = found.worked() | copied("two-two-two")
    rows = [row for grid in found.grids() for row in grid]
    tables = {f"dE_total/d{row[0]}" for row in rows if str(row[-1]).startswith("≈")}
    assert set(names) - set(chosen) <= printed | tables


def test_each_kind_of_step_comes_once_before_any_comes_twice():
    chosen = ids("two-two-two", cut("two-two-two", blanks=9))
    assert chosen == [
        "z2", "dE_total/dW6", "dE_total/do2", "do2/dz4", "dE_total/dz4", "dE_o1/dh2",
        "dE_total/dh2", "W2+", "z1+",
    ]  # fmt: skip


def test_more_blanks_than_there_are_leave_the_sheet_as_it_is():
    whole = cut("two-two-two")
    assert cut("two-two-two", blanks=100) == whole
    assert "say.others_printed" not in whole.sentences()


@pytest.mark.parametrize(
    ("weights", "gone", "left"),
    [
        (("W1",), ("W2+", "W5+", "dE_total/dW5", "z1+"), ("W1+", "dE_total/dW1", "dE_total/dz4")),
        (("W6", "W1"), ("W2+", "W5+", "dh2/dz2"), ("W6+", "W1+", "do2/dz4")),
        (("W5",), ("dE_total/dh1", "do2/dz4"), ("W5+", "dE_total/dW5", "E_total")),
    ],
)
def test_just_some_weights_are_worked_out_and_what_they_need(weights, gone, left):
    found = cut("two-two-two", "full", weights=weights)
    lines = " ".join(line.split(" ")[0].strip("{}") for line in found.lines()).split()
    assert not set(gone) & set(lines)
    assert set(left) <= set(lines)
    assert "heading.check" not in found.headings()


def test_no_sentence_announces_what_is_not_there():
    found = cut("two-two-two", weights=("W1",))
    assert not any(key[0] == "say.chain_output" for key in found.sentences())
    assert any(key[0] == "say.chain_routes" for key in found.sentences())


def test_a_name_that_is_no_weight_is_refused_with_the_nearest():
    with pytest.raises(SpecError, match=r"--weights: W9 is no parameter.*W"):
        cut("two-two-two", weights=("W9",))
