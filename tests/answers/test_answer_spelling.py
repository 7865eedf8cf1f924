"""Spellings that a second reader found fault with: a sign lost, two numbers joined."""

import pytest
from exercises import reading

from derive.answers import Unreadable


@pytest.mark.parametrize(
    "text",
    [
        r"\boxed{0,02848}9",
        r"\left(.4449841\right4)",
        r"h_{1,+s1}",
        r"W_5^{+}^{+}",
        r"W_{5+}",
        r"x_{×1}",  # noqa: RUF001
        r"\frac{\partial E_{total}^{+}+}{\partial W_5}",
        r"\frac{\partial E_{total}}{\partial W_5+}",
        r"E_{\mathrm{tot*al}}",
    ],
)
def test_a_sign_inside_a_name_is_not_passed_over(text):
    with pytest.raises(Unreadable):
        reading(text, "E_total+")


def test_a_number_in_large_brackets_is_as_fine_as_its_digits():
    assert reading(r"\left(0.4370\right)", "W5+").last == reading("0.4370", "W5+").last


@pytest.mark.parametrize("text", ["\u115f", "\u1160", "\u3164", "\uffa0"])
def test_a_letter_that_nobody_sees_is_a_blank(text):
    assert reading(text, "W5+") is None


@pytest.mark.parametrize(
    ("text", "asked", "reason"),
    [("W5+ + 0", "W5+", "itself"), ("W5+ - 0.1", "dE_total/dW5", "later")],
)
def test_a_plus_close_to_its_name_belongs_to_it_where_another_sign_stands_apart(
    text, asked, reason
):
    with pytest.raises(Unreadable) as found:
        reading(text, asked)
    assert found.value.reason == reason
