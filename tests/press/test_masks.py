"""Masked numbers come back as the digits of any sheet."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sampling import tries

from derive.press.faces import cut_digits, is_placed, to_form
from derive.press.masks import MOST, ROOM, Masks, TooManyError

NUMBERS = st.from_regex(r"-?[0-9]{1,3}\.[0-9]{1,8}(e-[1-9])?", fullmatch=True).filter(is_placed)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Co", "Cs"]), max_size=9)


@settings(max_examples=tries(300))
@given(st.lists(st.tuples(TEXTS, NUMBERS), max_size=8), TEXTS)
def test_a_text_is_filled_with_what_was_masked(parts, end):
    masks, digits, whole, masked = Masks(), {}, "", ""
    for key, (text, number) in enumerate(parts):
        digits[key] = cut_digits(number)
        whole += f"{text}{number} "
        masked += f"{text}{masks.mask(key, number)} "
    skeleton = masks.cut(masked + end)
    assert skeleton.fill(digits) == whole + end
    assert skeleton.is_empty == (not parts and not end)


@pytest.mark.parametrize("text", ["0", "1", "-2", "12", "0.0", "0.00", "nothing", "-0.0"])
def test_what_is_no_placed_number_stays(text):
    assert Masks().mask("x", text) == text
    assert to_form(text) == f"{text}!"


@pytest.mark.parametrize(
    ("one", "other"), [("0.5", "0.50"), ("0.5", "-0.5"), ("0.5", "10.5"), ("1.5e-4", "1.5e-5")]
)
def test_numbers_that_are_written_otherwise_have_other_forms(one, other):
    assert to_form(one) != to_form(other)


def test_more_than_there_are_letters_for_is_said():
    with pytest.raises(TooManyError):
        Masks().mask("x", f"0.{'3' * ROOM}")
    masks = Masks()
    for key in range(MOST):
        masks.mask(key, "0.5")
    with pytest.raises(TooManyError):
        masks.mask("x", "0.5")


def test_a_mask_that_is_cut_is_said():
    masks = Masks()
    mask = masks.mask("x", "0.25")
    with pytest.raises(TooManyError):
        masks.cut(mask[:2])
