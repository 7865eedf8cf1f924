"""One exercise: its steps by the ids people type, single steps as blocks, its size."""

from __future__ import annotations

import pytest
from sheets import Page, circuit, fill, sheet_of

from derive import limits
from derive.errors import SpecError


def fragment(name):
    sheet = sheet_of("two-two-two")
    return fill(sheet.fragment(name), sheet.numbers)


WITH_E = circuit({"x": 2}, {"E": "x^2", "f": "E*x"})
"""A circuit in which E is a quantity and means nothing else."""


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("dE_total/dW5", "dE_total/dW5"),
        ("dE/dW5", "dE_total/dW5"),
        ("dE/dW5@1", "dE_total/dW5+"),
        ("dE/dh1+", "dE_total/dh1+"),
        ("W5@2", "W5@2"),
        ("z3", "z3"),
    ],
)
def test_a_step_is_found_by_the_id_a_person_types(typed, name):
    assert sheet_of("two-two-two", steps=2).step(typed).id == name


def test_where_e_is_a_quantity_it_means_nothing_else():
    assert sheet_of(WITH_E).step("dE/dx").of == "E"


@pytest.mark.parametrize(
    ("source", "typed", "told"),
    [
        ("two-two-two", "dE_total/dW9", "dE_total/dW"),
        ("two-two-two", "dE/dx1", "no such id"),
        ("two-two-two", "h3", "known: x1, x2"),
        ("two-two-two", "dE_total/dW5+", "no such id"),
        (WITH_E, "dE/df", "no such id"),
    ],
)
def test_an_unknown_id_is_refused_by_its_name(source, typed, told):
    with pytest.raises(SpecError, match=told) as refused:
        sheet_of(source).step(typed)
    assert str(refused.value).startswith(typed)


def test_a_fragment_is_the_worked_step_and_its_footnote():
    found = Page(fragment("dE/dW5"))
    (line,) = found.lines()
    assert line == (
        "{dE_total/dW5} = {dE_total/do1}*{do1/dz3}*{dz3/dW5}"
        " = 0.20944600*0.23802157*0.51998934 ≈ 0.02592286 †"
    )
    assert found.notes() == [("note.printed", {"id": "{dE_total/dW5}", "printed": "0.02592285"})]


def test_a_fragment_without_a_footnote_is_one_block():
    assert len(fragment("h1")) == 1


def test_a_page_holds_so_many_steps_and_not_one_more(monkeypatch):
    sheet = sheet_of("two-two-two")
    count = sum(1 for _ in sheet.derivation.steps())
    monkeypatch.setattr(limits, "PAGE_STEPS", count)
    assert sheet.document().blocks
    monkeypatch.setattr(limits, "PAGE_STEPS", count - 1)
    with pytest.raises(SpecError, match=f"more than {count - 1} steps .*--format json"):
        sheet.document()
