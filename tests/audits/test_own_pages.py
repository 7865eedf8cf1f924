"""Our own pages are documents, too: every number on them is right, so nothing is alleged."""

from pathlib import Path

import pytest
from sampling import few

import derive

OUTPUT = Path(__file__).resolve().parents[2] / "output"
AMBIGUOUS = "layer-norm"
"""Its pages write the variance as the square of the deviation, to which eps was added."""
PAGES = [
    (name, form)
    for form in ("md", "tex", "html")
    for name in derive.examples()
    if name != AMBIGUOUS
]
LEAST = 0.9
"""Share of what is read on them."""


@pytest.mark.parametrize(("name", "form"), few(PAGES, 12))
def test_nothing_on_a_key_is_called_false(name, form):
    found = derive.audit(OUTPUT / name / f"key.{form}", [name])
    assert not [one.line for one in found if one.line.status in ("false", "carried")]
    read = [one for one in found if one.line.status != "unread"]
    assert len(read) >= LEAST * len(found) - 1


@pytest.mark.parametrize("name", few(derive.examples(), 6))
def test_nor_without_the_exercise(name):
    found = derive.audit(OUTPUT / name / "key.md")
    assert not [one.line for one in found if one.line.status == "false"]
