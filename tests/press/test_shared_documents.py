"""What a document asks numbers is heard; what holds digits is not shared."""

import inspect

import pytest
from test_press import draw, open_press

from derive.numbers import Numbers
from derive.pages import Worksheet
from derive.press.documents import Documents, Overheard
from derive.spec import load

PRIVATE = {"adopt", "settle_cases"}
"""Said once, not asked; asked by the name of its step."""


def test_every_method_of_numbers_is_overheard():
    public = {name for name, _ in inspect.getmembers(Numbers, inspect.isfunction)}
    own = set(vars(Overheard))
    assert {name for name in public if not name.startswith("_")} - own <= PRIVATE


def count_made(name, change=None):
    """How often the document of 30 sheets was made; `change` is called with each sheet."""
    made = []
    spec = load(name)
    variation, press = open_press(spec, "md")
    documents = Documents(
        lambda sheet: made.append(1) or (change or Worksheet.outline)(sheet),
        (True,) * len(variation.numbers),
    )
    for texts in draw(variation, 30):
        sheet = press.open(texts, "")
        found, _ = documents.find(sheet.numbers, texts, sheet.derive)
        assert found == (change or Worksheet.outline)(Worksheet(variation.put(texts)))
    return len(made)


def test_a_document_is_made_until_all_numbers_have_differed():
    assert 2 <= count_made("two-two-two") <= 12


@pytest.mark.parametrize(
    "leak",
    [
        lambda sheet: sheet.graph["W1"].typed,
        lambda sheet: sheet.spec.learning_rate,
        lambda sheet: sheet.numbers.shown("h1").text,
    ],
)
def test_a_document_with_digits_of_one_sheet_is_made_for_each(leak):
    assert count_made("two-two-two", leak) == 30
