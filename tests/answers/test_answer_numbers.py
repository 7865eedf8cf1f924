"""Plain decimals: value, unit of the last digit, significant digits written."""

# ruff: noqa: RUF001  signs that look alike are what is tested

from fractions import Fraction

import flint
import pytest
from exercises import reading

from derive.answers import Unreadable


def fraction(value):
    return Fraction(int(value.p), int(value.q))


NUMBERS = [
    ("0.0259", "0.0259", -4, 3),
    (" \t0.0259\n", "0.0259", -4, 3),
    ("+0.43", "0.43", -2, 2),
    ("-0.43", "-0.43", -2, 2),
    ("- 0.43", "-0.43", -2, 2),
    ("−0.43", "-0.43", -2, 2),
    ("–0.43", "-0.43", -2, 2),
    ("－０．４３", "-0.43", -2, 2),
    (".43", "0.43", -2, 2),
    ("5.", "5", 0, 1),
    ("100", "100", 0, 3),
    ("0", "0", 0, 0),
    ("0.00", "0", -2, 0),
    ("-0.0", "0", -1, 0),
    ("0.000000000", "0", -8, 0),
    ("0.025922860", "0.02592286", -8, 7),
    ("0.0259228600000", "0.02592286", -8, 7),
    ("0.0259228604", "0.0259228604", -10, 9),
    ("0.50000000000", "0.5", -8, 8),
    ("2.59e-2", "0.0259", -4, 3),
    ("2.59E-02", "0.0259", -4, 3),
    ("2.59 E-02", "0.0259", -4, 3),
    ("2.59 e-2", "0.0259", -4, 3),
    ("2.5922860000e-2", "0.02592286", -12, 11),
    ("1e3", "1000", 3, 1),
    ("2.59×10^{-2}", "0.0259", -4, 3),
    ("2.59 x 10^-2", "0.0259", -4, 3),
    ("2.59x10^-2", "0.0259", -4, 3),
    ("2.59*10^(-2)", "0.0259", -4, 3),
    ("2.59*10**-2", "0.0259", -4, 3),
    ("2.59·10⁻²", "0.0259", -4, 3),
    ("2.59 ⋅ 10⁻²", "0.0259", -4, 3),
    (r"2.59\times 10^{-2}", "0.0259", -4, 3),
    (r"2.59\,\cdot\,10^{-2}", "0.0259", -4, 3),
    ("2.592%", "0.02592", -5, 4),
    ("2.592 %", "0.02592", -5, 4),
    (r"2.592\%", "0.02592", -5, 4),
    ("2.59228600%", "0.02592286", -8, 7),
    ("0,43", "0.43", -2, 2),
    ("-0,43", "-0.43", -2, 2),
    (",0259", "0.0259", -4, 3),
    ("-,00867", "-0.00867", -5, 3),
    ("0,43 %", "0.0043", -4, 2),
    ("0{,}43", "0.43", -2, 2),
    ("1,234", "1.234", -3, 4),
    ("1,234.5", "1234.5", -1, 5),
    ("1,234,567", "1234567", 0, 7),
    ("1_234.5", "1234.5", -1, 5),
    ("1'234.5", "1234.5", -1, 5),
    ("1\u2009234.5", "1234.5", -1, 5),
    ("0.025\u202f922\u202f86", "0.02592286", -8, 7),
    (r"0.025\,922\,86", "0.02592286", -8, 7),
    ("1 234.5", "1234.5", -1, 5),
    ("1 234", "1234", 0, 4),
    ("12 345 678", "12345678", 0, 8),
    ("0.025 922 86", "0.02592286", -8, 7),
    ("-0,437 038", "-0.437038", -6, 6),
    ("0.025 922%", "0.00025922", -8, 5),
    ("'0.0259", "0.0259", -4, 3),
    ("’-0.0259", "-0.0259", -4, 3),
    ("0.333...", "0.333", -3, 3),
    ("0.333…", "0.333", -3, 3),
    ("(0.43)", "0.43", -2, 2),
    ("\ufeff0.43\u200b", "0.43", -2, 2),
    ("𝟎.𝟒𝟑", "0.43", -2, 2),
]


@pytest.mark.parametrize(("text", "value", "power", "digits"), NUMBERS)
def test_a_decimal_is_read_with_its_last_place(text, value, power, digits):
    member = reading(text).last
    assert member.kind == "number"
    assert fraction(member.value) == Fraction(value)
    assert fraction(member.unit) == Fraction(10) ** power
    assert member.digits == digits


WRAPPED = [
    "$0.43$",
    "$$0.43$$",
    r"\(0.43\)",
    r"\[0.43\]",
    r"\boxed{0.43}",
    r"$\boxed{0.43}$",
    "**0.43**",
    "`0.43`",
    '"0.43"',
    "≈0.43",
    "≈ 0.43",
    "~0.43",
    "= 0.43",
    r"\approx 0.43",
    "약 0.43",
    "약0.43",
    "대략 0.43",
    "0.43 정도",
    "0.43정도입니다.",
    "0.43입니다",
    "0.43이다.",
    "답 0.43",
    "답: 0.43",
    "정답: 0.43",
    "정답은 0.43입니다.",
    "answer: 0.43",
    "Answer = 0.43",
    "The answer is 0.43.",
    "about 0.43",
    "0.43.",
    "0.43 (rounded)",
    "0.43 (반올림)",
    "0.43(반올림)",
    "0.43 (rounded from 0.4296)",
    "0.43 (2 digits)",
    "0.43 (4 d.p.)",
    "0.43 (4dp)",
    "0.43 (3sf)",
    "0.43 (to 2 s.f.)",
    "0.43(2자리)",
    "W5' = 0.43",
    "W5′ = 0.43",
    "W5(new) = 0.43",
    "W5_new = 0.43",
    "W_{5,new} = 0.43",
    "W_5^{new} = 0.43",
    "new W5 = 0.43",
    "새 W5는 0.43",
    "새 W5는 0.43입니다.",
    "새로운 W5 = 0.43",
    "업데이트된 W5: 0.43",
    "갱신된 W5 = 0.43",
    "updated W5 is 0.43",
    "W5 = 0.43",
    "W5: 0.43",
    "W5 → 0.43",
    "가중치는 0.43",
    "W5+ = 0.43",
    "W_5^+ = 0.43",
    "W_5^{+} ≈ 0.43",
    "W₅⁺ ≈ 0.43",
    "W5@1 = 0.43",
    "W5+: 0.43",
    "W5+ ~ 0.43",
    "W5+ is 0.43",
    "W5+는 0.43",
    "W5+ := 0.43",
    "**W5+ = 0.43**",
    "W5+ = **0.43**",
    "W5+ = 약 0.43 정도",
    "$W_5^{+}$ = $0.43$",
    r"\boxed{W_5^{+} = 0.43}",
    "답: W5+ = 0.43",
]


@pytest.mark.parametrize("text", WRAPPED)
def test_words_and_marks_around_a_number_change_nothing(text):
    found = reading(text, "W5+")
    assert len(found.members) == 1
    assert fraction(found.last.value) == Fraction("0.43")
    assert fraction(found.last.unit) == Fraction("0.01")


@pytest.mark.parametrize(
    "text", ["", " ", "\t\n", "\u200b", "\ufeff \u00a0", "\u2800", " " * 2000]
)
def test_what_shows_nothing_is_blank(text):
    assert reading(text) is None


@pytest.mark.parametrize(
    ("text", "asked", "name"),
    [
        ("기울기는 0.43 이다", "dE_total/dW5", "two-two-two"),
        ("기울기: 0.43", "dE_total/dW5", "two-two-two"),
        ("the gradient is 0.43", "dE_total/dW5", "two-two-two"),
        ("z = 0.43", "z1", "two-two-two"),
        ("o ≈ 0.43", "o2", "two-two-two"),
        ("오차는 0.43", "E_total", "two-two-two"),
        ("W15 = 0.43", "W15@2", "symbols"),
        ("W15' = 0.43", "W15@2", "symbols"),
        ("출력: 0.43", "o1", "two-two-two"),
    ],
)
def test_a_quantity_may_be_called_by_what_it_is(text, asked, name):
    found = reading(text, asked, name)
    assert [fraction(member.value) for member in found.members] == [Fraction("0.43")]


def test_the_name_of_what_the_asked_one_is_a_copy_of_begins_a_chain():
    found = reading("z = -4", "df/dq", "circuit")
    assert [member.kind for member in found.members] == ["formula", "number"]
    assert fraction(found.last.value) == -4


@pytest.mark.parametrize("text", ["모름", "모름.", "?", "??", "-", "–", "—", "n/a", "N/A", " ? "])
def test_what_says_that_there_is_no_answer_is_blank(text):
    assert reading(text) is None


@pytest.mark.parametrize(
    "text",
    ["2026-01-03", "2026/1/3", "2026.01.03", "03-01-2026", "2026-01-03 00:00:00", "1월 3일"],
)
def test_a_date_is_no_number(text):
    with pytest.raises(Unreadable) as told:
        reading(text)
    assert told.value.reason == "date"


def test_every_member_of_a_chain_is_read_and_the_last_counts():
    found = reading("dE/dW5 = 0.2 * 0.1 = 0.0200 ≈ 0.02")
    assert [m.kind for m in found.members] == ["arithmetic", "number", "number"]
    assert fraction(found.last.value) == Fraction("0.02")


def test_the_lines_of_the_deck_are_read():
    line = (
        r"$$\frac{\partial E_{total}}{\partial W_5} = 0.20944600 \times 0.23802157 "
        r"\times 0.51998934 = 0.02592286$$"
    )
    assert [m.kind for m in reading(line).members] == ["arithmetic", "number"]
    line = (
        r"W_5^+ = W_5 - \alpha \frac{\partial E_{total}}{\partial W_5} "
        r"= 0.45 - 0.5 \times 0.02592286 = 0.43703857"
    )
    kinds = [m.kind for m in reading(line, "W5+").members]
    assert kinds == ["formula", "arithmetic", "number"]


ARITHMETIC = [
    ("1/3", "1/3"),
    ("-1/3", "-1/3"),
    ("½", "1/2"),
    ("0.3/0.4", "3/4"),
    ("0.3/0.4?", "3/4"),
    ("2*0.5", "1"),
    ("2 x 3", "6"),
    ("2x3", "6"),
    ("2X3", "6"),
    ("0,5*0,25", "1/8"),
    ("10^-2", "1/100"),
    ("50%*0.3", "3/20"),
    (r"\frac{1}{3}", "1/3"),
    (r"\frac13", "1/3"),
    (r"\dfrac{1}{\frac{1}{2}}", "2"),
    ("√(4)", "2"),
    (r"\sqrt{4}", "2"),
    (r"\left[1 + \left(2\right)\right]", "3"),
    ("max(0,5)", "5"),
    ("max(0, 5)", "5"),
    ("2^10", "1024"),
    ("2²", "4"),
    ("0.3-0.5", "-1/5"),
    ("3 ÷ 4", "3/4"),
    ("0.5(0.3)", "3/20"),
]


@pytest.mark.parametrize(("text", "value"), ARITHMETIC)
def test_arithmetic_has_an_exact_value_and_no_unit(text, value):
    member = reading(text).last
    assert member.kind == "arithmetic"
    assert fraction(member.value) == Fraction(value)
    assert member.unit is None
    assert member.digits == 0


@pytest.mark.parametrize(
    "text", ["1/(1+e^{-0.11})", "1/(1+e^-0.11)", "1/(1+exp(-0.11))", "σ(0.11)", r"\sigma(0.11)"]
)
def test_an_irrational_value_is_a_narrow_ball(text):
    value = reading(text).last.value
    assert isinstance(value, flint.arb)
    assert abs(value - flint.arb("0.527472304")) < 1e-9
    assert value.rel_accuracy_bits() > 200


UNREADABLE = [
    ("0.3 or 0.4", "two_numbers"),
    ("0.3 0.4", "two_numbers"),
    ("0.3, 0.4", "two_numbers"),
    ("0.3; 0.4", "two_numbers"),
    ("0.3\n0.4", "two_numbers"),
    ("0.3 또는 0.4", "two_numbers"),
    ("0.3 (or 0.4)", "two_numbers"),
    ("0.3 (0.4)", "two_numbers"),
    ("[0.3, 0.4]", "two_numbers"),
    ("0,3,4", "two_numbers"),
    ("1 23", "two_numbers"),
    ("1234 567", "two_numbers"),
    ("1.234.567", "two_numbers"),
    ("1½", "two_numbers"),
    ("1'2", "two_numbers"),
    ("0.3~0.4", "range"),
    ("0.3 ~ 0.4", "range"),
    ("0.3..0.4", "range"),
    ("0.3–0.4", "range"),
    ("0.3--0.4", "range"),
    ("0.3 to 0.4", "range"),
    ("between 0.3 and 0.4", "range"),
    ("0.3에서 0.4 사이", "range"),
    ("0.43±0.01", "plus_minus"),
    ("0.43 +/- 0.01", "plus_minus"),
    ("0.43 +- 0.01", "plus_minus"),
    (r"0.43 \pm 0.01", "plus_minus"),
    ("< 0.43", "inequality"),
    ("W5 ≥ 0.43", "inequality"),
    (r"0.4 \leq W5", "inequality"),
    ("nan", "not_finite"),
    ("NaN", "not_finite"),
    ("-inf", "not_finite"),
    ("Infinity", "not_finite"),
    ("∞", "not_finite"),
    (r"-\infty", "not_finite"),
    ("1/0", "division_by_zero"),
    ("1/(0.5-1/2)", "division_by_zero"),
    ("0*(1/0)", "division_by_zero"),
    ("0^(-1)", "division_by_zero"),
    ("h1/0", "division_by_zero"),
    ("ln(0)", "not_defined"),
    ("sqrt(-1)", "not_defined"),
    ("1/(sqrt(2)^2-2)", "undecided"),
    ("5!", "factorial"),
    ("factorial(5)", "unknown_name"),
    ("1e400", "exponent"),
    ("2.5×10^{400}", "exponent"),
    ("2^101", "exponent"),
    ("h1^101", "exponent"),
    ("10^(10^10)", "exponent"),
    ("9**9**9", "exponent"),
    ("exp", "function"),
    ("σ z3", "function"),
    ("max(1)", "function"),
    ("0.43+", "unfinished"),
    ("W5+ =", "unfinished"),
    ("(0.43", "brackets"),
    ("0.43)", "brackets"),
    ("(0.43]", "brackets"),
    ("①", "character"),
    ("0.4①", "character"),
    ("٣", "character"),
    ("0.4#", "character"),
    (r"\foo{1}", "command"),
    ("W6 = 0.43", "other_name"),
    ("W6' = 0.43", "other_name"),
    ("새 W6는 0.43", "other_name"),
    ("h1: 0.43", "other_name"),
    ("W99 = 0.43", "unknown_name"),
    ("\u202e0.43", "invisible"),
    ("0.43\u2066", "invisible"),
    ("0.43\0", "invisible"),
    ("0.4\u200b3", "invisible"),
    ("0.4\x073", "invisible"),
    ("\ud8000.43", "invisible"),
    ("1" * 1001, "too_long"),
    ("(" * 65 + "1" + ")" * 65, "too_deep"),
    ("+".join("1" * 201), "too_large"),
    ("1=" * 17 + "1", "long_chain"),
    ("{{7*7}}", "syntax"),
]


@pytest.mark.parametrize(("text", "reason"), UNREADABLE)
def test_what_has_no_one_value_is_unreadable_with_its_reason(text, reason):
    with pytest.raises(Unreadable) as told:
        reading(text, "W5+")
    assert told.value.reason == reason


def test_a_misspelt_name_is_told_with_the_nearest_one():
    with pytest.raises(Unreadable) as told:
        reading("h1*W55")
    assert told.value.slots == {"name": "W55", "near": "W5"}
    assert told.value.sentence == "unknown_name_near"


def test_padding_depends_on_the_sheets_decimals():
    assert fraction(reading("0.4300", decimals=2).last.unit) == Fraction("0.01")
    assert fraction(reading("0.4300", decimals=4).last.unit) == Fraction("0.0001")
