"""Typed numbers: which texts are numbers, and how they print."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.algebra.literals import normalise, problem_with

NOT_A_NUMBER = "not a finite decimal number; write for example 0.45"

typed_numbers = st.from_regex(
    r"[+-]?([0-9]{1,8}(_[0-9]{1,3})?(\.[0-9]{0,6})?|\.[0-9]{1,6})([eE][+-]?[0-9]{1,2})?",
    fullmatch=True,
).filter(lambda text: problem_with(text) is None)


@pytest.mark.parametrize(
    "text",
    ["0", "-0", "5", "-2", "+2", "0.50", ".5", "5.", "1_000", "1_0.5", "1e5", "1E-5", "2.5e+3",
     "0e9", "007", "1" * 60, "0." + "1" * 59, "1e60", "-1e60", "1e-60", "0e99999"],
)  # fmt: skip
def test_a_number_of_ours(text):
    assert problem_with(text) is None


@pytest.mark.parametrize(
    "text",
    ["", " ", "nan", "inf", "-inf", "+nan", "NaN", "Infinity", "x", "1,5", "1.2.3", "--1", "1e",
     "e5", ".", "-", "1 0", " 1", "1\n", "_1", "0x10", "1/2", "\u0663", "\uff10.\uff15", "1\u00b2",
     "1e5.0", "1\0", "1e9999999999", "True", "1j"],
)  # fmt: skip
def test_no_number_of_ours(text):
    assert problem_with(text) == NOT_A_NUMBER


@pytest.mark.parametrize(
    ("text", "digits"),
    [("1" * 61, 61), ("0." + "3" * 400, 401), ("-" + "9" * 5000, 5000), ("0." + "0" * 60, 61)],
)
def test_more_than_sixty_digits_are_refused(text, digits):
    assert problem_with(text) == f"a number of {digits} digits; at most 60"


@pytest.mark.parametrize(
    "text",
    ["1e61", "1e400", "-1e400", "1e-61", "1e-400", "10e60", "0.1e-60", "1e999999999",
     "1e-999999999", "2e60", "-9.99e60"],
)  # fmt: skip
def test_sizes_outside_the_range_are_refused(text):
    assert problem_with(text) == "outside 1e-60 to 1e60; rescale the exercise"


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("0.50", "0.50"),
        ("5", "5"),
        ("+5", "5"),
        ("1_000.5", "1000.5"),
        (".5", "0.5"),
        ("-.5", "-0.5"),
        ("5.", "5.0"),
        ("1E5", "1e5"),
        ("1e+5", "1e5"),
        ("1.e-3", "1.0e-3"),
        ("-0", "0"),
        ("-0.00", "0.00"),
        ("0e7", "0"),
        ("-12.40", "-12.40"),
        ("007", "007"),
    ],
)
def test_it_prints_as_typed_but_for_underscores_and_plus(text, printed):
    assert normalise(text) == printed


@settings(derandomize=True, deadline=None)
@given(typed_numbers)
def test_printing_keeps_the_value(text):
    assert Fraction(normalise(text)) == Fraction(text)


@settings(derandomize=True, deadline=None)
@given(typed_numbers)
def test_what_prints_is_a_number_and_prints_as_itself(text):
    assert problem_with(normalise(text)) is None
    assert normalise(normalise(text)) == normalise(text)


@settings(derandomize=True, deadline=None)
@given(st.text(max_size=30))
def test_any_text_that_passes_is_a_fraction(text):
    if problem_with(text) is None:
        assert abs(Fraction(normalise(text))) <= 10**60
