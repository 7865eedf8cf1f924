"""A chain whose parts differ: the page says where, as far as that is plain."""

import pytest
from page_logic import practice

from derive.grading.assessment import list_first_false


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("0.45 - 0.5*0.0259 = 0.9730", 1),
        ("0.45 - 0.01296 = 0.43704 = 0.3704", None),
        ("0.45 - 0.01296 = 0.43704 = 0.43704 = 4.3704", 3),
        ("0.45 - 0.5*dE_total/dW5 = 0.9730", None),
    ],
)
def test_the_first_false_sign_is_named_where_it_is_plain(text, place):
    sheet = practice("two-two-two", "guided")
    said = sheet.judge([{"W5+": text}])[0]["W5+"]["said"]
    told = [sentence for sentence in said if sentence.startswith("Line 1")]
    assert told == ([f"Line 1: sign {place} is the first false one."] if place else [])


@pytest.mark.parametrize("text", ["0.45 - 0.5*0.0259 = 0.9730", "0.43704 = 0.43704 = 4.3704"])
def test_the_checker_names_the_same_sign(text):
    sheet = practice("two-two-two", "guided")
    said = sheet.judge([{"W5+": text}])[0]["W5+"]["said"]
    first = list_first_false(sheet.marker, "W5+", text)[0]
    assert sheet.voice.word("remark", "line", **first.slots) in said
