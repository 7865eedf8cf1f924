"""A course file gives marks where derive check does, for numbers with all digits of the sheet."""

from fractions import Fraction

import pytest
from marking import VERDICTS, mark
from random_specs import random_network
from sampling import examples, few

import derive
from derive.checking.marking import Given
from derive.courses.accepting import Accepted
from derive.courses.questions import make_quiz
from derive.grading.assessment import open_marker
from derive.pages.choosing import Choice

WHOLE = Choice()
LARGE = 40
"""Questions of one sheet that are tried at most."""


def questions(source, choice=WHOLE):
    """The questions of one sheet."""
    sheets = [derive.sheet(source)]
    groups = make_quiz(sheets, "guided", choice, alone=False).groups
    return [question for group in groups for question in group.questions]


def accepted(question):
    return [(row.value, row.tolerance, row.percent) for row in question.accepted]


def near(question, decimals):
    """Numbers with all digits of the sheet: each end of what is accepted, and one beyond."""
    mantissa, _, power = question.shown.partition("e")
    places = max(decimals, len(mantissa.partition(".")[2]) - int(power or 0))
    unit = Fraction(1, 10**places)
    found = {Fraction(question.shown)}
    for row in question.accepted:
        reach = Fraction(row.tolerance)
        low = -((reach - Fraction(row.value)) // unit) * unit
        high = (Fraction(row.value) + reach) // unit * unit
        found |= {low - unit, low, high, high + unit}
    form = write_power if "e" in question.shown else write
    return [form(number, places) for number in sorted(found)]


def write_power(number, places):
    """A whole number of units; behind the decimals of a sheet a plain zero is no digit."""
    return f"{int(number * 10**places)}e-{places}"


def write(number, places):
    """A fraction as a decimal with all places."""
    digits = str(abs(int(number * 10**places))).rjust(places + 1, "0")
    return ("-" if number < 0 else "") + f"{digits[:-places]}.{digits[-places:]}"


@pytest.mark.parametrize("name", examples())
def test_marks_and_verdicts_agree_at_the_ends_of_every_interval(name):
    compare(derive.load(name))


@pytest.mark.parametrize("seed", few(range(40), 3))
def test_marks_and_verdicts_agree_on_random_networks(seed):
    compare(derive.loads(random_network(seed)))


def compare(spec):
    """What a course file and derive check make of numbers near each end."""
    sheet = derive.sheet(spec)
    marker = open_marker(sheet.numbers)
    asked = questions(spec)
    for question in asked[:: len(asked) // LARGE + 1]:
        for text in near(question, sheet.spec.decimals):
            (result,) = marker.mark(None, [Given(None, question.id, text)]).results
            expected = VERDICTS.get(result.verdict, 0)
            assert mark(accepted(question), text) == expected, (question.id, text, result)


def circuit(definition, decimals, values="x = 1"):
    """A circuit of one formula."""
    text = f"""
kind = "circuit"
output = "f"
decimals = {decimals}
[values]
{values}
[definitions]
q = "2*x"
f = "{definition}"
"""
    return derive.loads(text)


def find(source, name):
    sheets = [derive.sheet(source)]
    groups = make_quiz(sheets, "blank", WHOLE, alone=False).groups
    return next(accepted(group.questions[0]) for group in groups if group.id == name)


@pytest.mark.parametrize(
    ("definition", "decimals", "values", "expected"),
    [
        # short: itself alone, as the checker has it
        ("q/4", 8, "x = 0.5", [("0.25", "0", 100)]),
        ("q-2", 8, "x = 1", [("0", "0", 100)]),
        ("-q*6", 8, "x = 1", [("-12", "0", 100)]),
        # 2/3 = 0.6666...: what rounds to 0.6667; 0.6666 is cut off
        ("q/3", 4, "x = 1", [("0.6667", "0.00005", 100), ("0.66665", "0.0001", 50)]),
        # 1/3: the cut number is the right one
        ("q/6", 4, "x = 1", [("0.3333", "0.00005", 100)]),
        # 3/16 with three decimals is half way: both numbers are right
        ("q*3/32", 3, "x = 1", [("0.1875", "0.001", 100)]),
        # below the sheet's decimals the key has four digits, and so has the file
        ("q/60000", 8, "x = 1", [("0.00003333", "0.000000005", 100)]),
        ("-q/70000", 4, "x = 0.001", [("-0.00000002857", "0.000000000005", 100)]),
    ],
)
def test_what_is_accepted(definition, decimals, values, expected):
    assert find(circuit(definition, decimals, values), "f") == expected


def test_numbers_rounded_before_widen_what_gets_half_of_the_marks():
    assert find("two-two-two", "E_total") == [
        ("0.02397190", "0.000000005", 100),
        ("0.0239719", "0.000000015", 50),
    ]


def test_where_every_step_rounds_nothing_before_widens_it():
    changed = derive.spec.override(derive.load("two-two-two"), {"rounding": "stepwise"})
    assert find(changed, "E_total") == [("0.0239719", "0", 100)]


@pytest.mark.parametrize("decimals", [1, 3, 16, 50])
def test_every_digit_of_the_key_survives(decimals):
    changed = derive.spec.override(derive.load("two-two-two"), {"decimals": decimals})
    shown = {row["id"]: row["shown"] for row in derive.key(changed)["answers"]}
    for question in questions(changed):
        values = {Fraction(row.value) for row in question.accepted}
        exact = any(Fraction(row.tolerance) == 0 for row in question.accepted)
        assert Fraction(shown[question.id]) in values or not exact
        assert mark(accepted(question), shown[question.id]) == 100
        assert all("e" not in row.value + row.tolerance for row in question.accepted)


@pytest.mark.parametrize(
    ("value", "tolerance", "ends"),
    [
        ("0.5", "0.25", ("0.25", "0.75")),
        ("-12", "0", ("-12", "-12")),
        ("0.00000002", "0.000000000005", ("0.000000019995", "0.000000020005")),
    ],
)
def test_the_ends_of_an_interval(value, tolerance, ends):
    assert Accepted(value, tolerance, 100).find_ends() == ends
