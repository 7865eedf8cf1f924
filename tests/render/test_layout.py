"""Long lines broken where a hand would break them."""

import pytest

from derive.expressions import Add, Cases, Name, Num
from derive.grammar import to_text
from derive.render.layout import BESIDE, WIDTH, beside, laid_out
from derive.worksheet.document import Part, Row, Words


def measure(expr):
    return len(to_text(expr))


def total(terms):
    return Add(tuple(Name(f"term{i}") for i in range(10, 10 + terms)))


def shown(row):
    """The rows as (left, relations and texts, dagger)."""
    return [
        (
            row.left and to_text(row.left),
            [f"{part.relation} {to_text(part.expr)}" for part in row.parts],
            row.mark,
        )
        for row in laid_out(row, measure)
    ]


SHORT, VALUE = Part("=", Name("short")), Part("≈", Num("0.5"))
LONG = Part("=", Name("x" * (WIDTH - 4)))
TALL = Part("=", Cases(Name("z"), Num("0"), Num("0"), Num("1")))


def test_a_line_that_fits_stays_whole():
    row = Row(Name("z"), (SHORT, VALUE), mark=True)
    assert laid_out(row, measure) == [row]


def test_symbols_first_then_numbers_with_the_value_and_its_dagger():
    row = Row(Name("z"), (LONG, SHORT, VALUE), mark=True)
    assert shown(row) == [
        ("z", [f"= {'x' * (WIDTH - 4)}"], False),
        (None, ["= short", "≈ 0.5"], True),
    ]


def test_numbers_too_long_for_one_line_leave_the_value_alone():
    row = Row(Name("z"), (SHORT, LONG, VALUE), mark=True)
    assert [(len(parts), mark) for _, parts, mark in shown(row)] == [
        (1, False), (1, False), (1, True),
    ]  # fmt: skip


def test_cases_have_a_line_of_their_own():
    first, second = shown(Row(Name("z"), (TALL, VALUE)))
    assert (first[0], second[1]) == ("z", ["≈ 0.5"])


@pytest.mark.parametrize(("terms", "lines"), [(11, [5, 5, 1]), (10, [5, 5]), (12, [5, 5, 2])])
def test_a_long_sum_goes_on_below_with_a_plus(terms, lines):
    rows = laid_out(Row(Name("z"), (Part("=", total(terms)), VALUE)), measure)
    sums = [row.parts[0] for row in rows[:-1]]
    assert [part.relation for part in sums] == ["=", "+", "+"][: len(lines)]
    assert [to_text(part.expr).count("term") for part in sums] == lines
    assert "+".join(to_text(part.expr) for part in sums) == to_text(total(terms))


def test_a_long_sum_alone_is_split_too():
    rows = laid_out(Row(Name("z"), (Part("=", total(11)),), mark=True), measure)
    assert [row.mark for row in rows] == [False, False, True]


def test_a_long_line_without_a_sum_stays_whole():
    row = Row(Name("z"), (Part("=", Name("x" * 2 * WIDTH)),))
    assert laid_out(row, measure) == [row]


def remarks(rows):
    """The remarks of each row, and whether it has a formula."""
    told = beside(rows, measure, lambda words: len(words.key))
    return [(tuple(words.key for words in row.remarks), bool(row.parts)) for row in told]


def test_remarks_that_have_room_stand_beside_their_line():
    row = Row(Name("z"), (SHORT,), (Words("a" * 20), Words("b" * 20)))
    assert beside([row, Row(None, (SHORT,))], measure, lambda words: len(words.key)) == [
        row, Row(None, (SHORT,)),
    ]  # fmt: skip


def test_remarks_without_room_stand_below_as_many_as_fit():
    wide = ("a" * 30, "b" * 30, "c" * 30)
    rows = [Row(Name("z"), (LONG,), tuple(map(Words, wide)), mark=True), Row(None, (SHORT,))]
    assert remarks(rows) == [((), True), (wide[:2], False), (wide[2:], False), ((), True)]
    assert beside(rows, measure, lambda words: len(words.key))[0].mark


def test_the_widest_line_decides_and_cases_are_wider_than_they_look():
    wide = Row(None, (LONG,))
    fits, large = (Words("a" * (BESIDE - WIDTH + more)) for more in (1, 10))
    assert remarks([Row(None, (SHORT,), (fits,)), wide])[0] == ((fits.key,), True)
    assert remarks([Row(None, (SHORT,), (large,)), wide])[0] == ((), True)
    flat = BESIDE - measure(TALL.expr) - 4
    assert remarks([Row(None, (TALL,), (Words("a" * flat),))])[0] == ((), True)
