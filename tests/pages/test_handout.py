"""A sheet to fill in: nothing that is asked is printed on it, nothing that is copied is asked."""

from __future__ import annotations

import pytest
from sampling import EXAMPLES, few
from sheets import copied, page, sheet_of

from derive.algebra.expressions import Name, Value, walk
from derive.pages.document import Grid, Lines, Row
from derive.pages.handout import list_blanks


def rows(document):
    for block in document.blocks:
        if isinstance(block, Lines):
            yield from block.rows
        elif isinstance(block, Grid):
            yield from (c for cells in block.rows for c in cells if isinstance(c, Row))


def list_sources(sheet, name):
    """An id and all that it is a copy of."""
    yield name
    step = sheet.derivation.step(name)
    while step is not None and isinstance(step.expr, Name):
        yield step.expr.id
        step = sheet.derivation.step(step.expr.id)


@pytest.mark.parametrize("name", few(EXAMPLES, 10))
def test_nothing_that_is_asked_is_printed(name):
    sheet = sheet_of(name)
    document = sheet.document("guided")
    names = [s.id for s in sheet.derivation.steps(("forward", "backward", "update", "check"))]
    asked = {names[number - 1] for number in list_blanks(document.blocks)}
    assert asked
    for row in rows(document):
        for part in row.parts:
            values = [node.id for node in walk(part.expr) if isinstance(node, Value)]
            assert not any(asked & {*list_sources(sheet, value)} for value in values)


@pytest.mark.parametrize("name", few(EXAMPLES, 10))
def test_nothing_that_is_a_copy_is_asked(name):
    sheet = sheet_of(name)
    names = [s.id for s in sheet.derivation.steps(("forward", "backward", "update", "check"))]
    blanks = list_blanks(sheet.document("guided").blocks)
    assert not copied(name) & {names[number - 1] for number in blanks}


def test_a_worked_line_has_the_blank_in_the_place_of_what_is_asked():
    found = page("two-two-two")
    assert found.of("z3") == ["z3 = W5*h1+W6*h2 = 0.45*0.51998934+0.4*{?4#} ≈ 0.44498412"]
    assert found.of("dE_o2/dh1") == [
        "{dE_o2/dh1} = {dE_total/dz4}*{dz4/dh1} = {?21#}*0.7 ≈ 0.00997311"
    ]


def test_the_sheet_says_how_much_is_asked_and_what_a_short_blank_is():
    said = page("two-two-two").part("given").sentences()
    assert said[-2:] == [("say.asked", {"count": "38", "minutes": "50"}), "say.references"]
    assert page("two-two-two", "full").part("given").sentences()[-1] == (
        "say.exact", {"decimals": "8"},
    )  # fmt: skip
