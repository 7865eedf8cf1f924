"""A formula copied from the sheet itself is read and right."""

import pytest
from exercises import exercise

from derive.algebra.expressions import Call, Cases, has_node
from derive.checking.marking import Given
from derive.grading.assessment import open_marker
from derive.render.notation import choose_notation
from derive.render.printing import choose_printer
from derive.render.tex import write_markdown

SHEETS = ("two-two-two", "shared-biases", "deep", "indexed", "samples")


@pytest.mark.parametrize("name", SHEETS)
def test_every_formula_of_a_page_can_be_pasted_as_its_own_answer(name):
    sheet, _ = exercise(name)
    printer = choose_printer(choose_notation(sheet.spec))
    marker = open_marker(sheet.numbers)
    steps = list(sheet.derivation.steps(("forward", "backward", "update")))
    rows = [
        Given(None, step.id, write_markdown(printer(step.expr)))
        for step in steps
        if step.expr is not None and not has_node(step.expr, Cases)
    ]
    found = marker.mark(None, rows).results
    assert [(r.id, r.answer) for r in found if r.verdict != "correct"] == []
    assert any(has_node(s.expr, Call) for s in steps)
