"""Long lines broken where a hand would break them."""

import pytest

import derive
from derive.algebra.expressions import Add, Behind, Cases, Matrix, Mul, Name, Neg, Num
from derive.algebra.grammar import parse, to_text
from derive.pages.document import Part, Row, Words, blank
from derive.render.layout import REMARKS, WIDTH, lay_out, measure_width, with_remarks
from derive.render.notation import choose_notation
from derive.render.printing import choose_printer
from derive.render.tex import write


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
        for row in lay_out(row, measure)
    ]


SHORT, VALUE = Part("=", Name("short")), Part("≈", Num("0.5"))
LONG = Part("=", Name("x" * (WIDTH - 4)))
TALL = Part("=", Cases(Name("z"), Num("0"), Num("0"), Num("1")))


def test_a_line_that_fits_stays_whole():
    row = Row(Name("z"), (SHORT, VALUE), mark=True)
    assert lay_out(row, measure) == [row]


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
    rows = lay_out(Row(Name("z"), (Part("=", total(terms)), VALUE)), measure)
    sums = [row.parts[0] for row in rows[:-1]]
    assert [part.relation for part in sums] == ["=", "+", "+"][: len(lines)]
    assert [to_text(part.expr).count("term") for part in sums] == lines
    assert "+".join(to_text(part.expr) for part in sums) == to_text(total(terms))


def test_a_long_sum_goes_on_with_the_sign_of_its_next_term():
    """`- x`, not `+ -x`; a number that leads a product behind a sign has its parentheses."""
    printer = choose_printer(choose_notation(derive.load("circuit")))
    terms = parse("a-b-c-d-e-0.5*x+(-3)*y-2*z-1/x")
    cases = Neg(Cases(Name("z"), Num("-1"), Num("0"), Num("1")))
    row = Row(Name("f"), (Part("=", Add((*terms.terms, Num("-7"), Mul((Num("-2"), cases))))),))
    second, third = lay_out(row, measure, 36)[1:3]
    (before,), (after,) = second.parts, third.parts
    assert (before.relation, write(printer(before.expr))) == (
        "-", r"0.5 \times x + (-3) \, y - 2 \, z - \frac{1}{x} + (-7)",
    )  # fmt: skip
    assert after.relation == "+"
    assert write(printer(after.expr)).startswith(r"(-2) \times (-\begin{cases}")
    assert to_text(after.expr).startswith("(-2)*(-[1 if z > 0")


def test_a_broken_sum_that_goes_on_with_cases_has_their_sign():
    cases = Cases(Name("z"), Num("-1"), Num("0"), Num("1"))
    *_, last = lay_out(Row(None, (Part("=", Add((*total(5).terms, Neg(cases)))),)), measure, 40)
    assert last.parts == (Part("-", Behind((cases,))),)


def test_a_long_sum_alone_is_split_too():
    rows = lay_out(Row(Name("z"), (Part("=", total(11)),), mark=True), measure)
    assert [row.mark for row in rows] == [False, False, True]


def test_a_long_line_without_a_sum_stays_whole():
    row = Row(Name("z"), (Part("=", Name("x" * 2 * WIDTH)),))
    assert lay_out(row, measure) == [row]


WHY = (Words("rule.chain"),)


def remarked(wide, told):
    rows = [Row(Name("z"), (Part("=", Name("x" * wide)),), WHY), Row(None, (VALUE,))]
    return with_remarks(rows, measure, lambda row: told if row.remarks else 0)


def test_remarks_stand_at_the_margin_where_there_is_room():
    rows = remarked(WIDTH - 10, REMARKS)
    assert [bool(row.remarks) for row in rows] == [True, False]


def test_remarks_stand_below_their_line_where_there_is_none():
    first, remark, value = remarked(WIDTH - 10, REMARKS + 20)
    assert (first.left, first.remarks) == (Name("z"), ())
    assert (remark.left, remark.parts, remark.remarks) == (None, (), WHY)
    assert value.parts == (VALUE,)


def test_remarks_stand_below_the_whole_of_a_broken_line():
    row = Row(Name("z"), (Part("=", total(11)),), WHY)
    rows = with_remarks(lay_out(row, measure), measure, lambda row: 99 if row.remarks else 0)
    assert [(row.parts[0].relation if row.parts else "why") for row in rows] == [
        "=", "+", "+", "why",
    ]  # fmt: skip


def test_lines_without_remarks_are_left_alone():
    rows = [Row(Name("z"), (Part("=", Name("x" * 200)),))]
    assert with_remarks(rows, measure, lambda _: 0) is rows


def test_a_product_with_a_long_sum_closes_its_parenthesis_on_the_last_line():
    names = [Name(f"W{i}") for i in range(1, 14)]
    product = Mul((Num("0.5"), Name("k"), Add(tuple(names))))
    rows = lay_out(Row(Name("R"), (Part("=", product),)), measure, 40)
    texts = [to_text(part.expr) for row in rows for part in row.parts]
    assert texts[0].startswith("0.5*k*(W1")
    assert ")" not in "".join(texts[:-1])
    assert texts[-1].endswith("W13)")
    assert "+".join(texts) == to_text(product)


def test_a_product_with_a_short_sum_stays_on_its_line():
    product = Mul((Num("0.5"), Add((Name("a"), Name("b")))))
    assert lay_out(Row(None, (Part("=", product),)), measure, 40) == [
        Row(None, (Part("=", product),))
    ]


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("x", 1),
        ("W5", 2),
        ("W5*h1+b3", 7),
        ("0.5*(1-x)", 9),
        ("dead/2", 4),
        ("x/(y+z)", 3),
        ("(x/y)^2", 4),
        ("exp(-x)", 3),
        ("leaky_relu(x, 0.1)", 17),
        ("abs(x)", 3),
        ("beta", 1),
    ],
)
def test_a_formula_is_about_as_wide_as_its_characters(text, width):
    printer = choose_printer(choose_notation(derive.load("circuit")))
    assert measure_width(printer(parse(text))) == width


def test_a_matrix_is_as_wide_as_its_columns_and_a_blank_as_its_line():
    printer = choose_printer(choose_notation(derive.load("circuit")))
    assert measure_width(printer(Matrix(((Num("0.5"), Num("1")), (Num("2"), Num("-1")))))) == 8
    assert measure_width(printer(blank())) == 3
    assert measure_width(printer(blank(12))) == 8
