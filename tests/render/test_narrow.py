"""Lines of half a slide: cut before a relation, a plus or a times at the outermost level."""

import pytest
from sheets import sheet_of

from derive.algebra.expressions import Add, Call, Div, Mul, Name, Neg, Num
from derive.pages.document import Lines, Part, Row
from derive.render.formats import FORMATS
from derive.render.lines import LineWriter


def shown(*parts, left="z", width=30):
    """The lines of a row in TeX, as they stand on half a slide."""
    writer = LineWriter(sheet_of("two-two-two").spec, FORMATS["tex"])
    rows = (Row(Name(left), tuple(Part(sign, expr) for sign, expr in parts)),)
    return [f"{v.relation} {v.right}" for v in writer.rows(Lines(rows).rows, width, None)]


LONG = Num("0.12345678"), Num("0.23456789"), Num("-0.34567891"), Num("0.45678912")


@pytest.mark.parametrize(
    ("expr", "lines"),
    [
        (Add(LONG[:2]), ["= 0.12345678 + 0.23456789"]),
        (
            Mul(LONG),
            ["= 0.12345678 \\times 0.23456789", "\\times (-0.34567891) \\times 0.45678912"],
        ),
        (Add(LONG), ["= 0.12345678 + 0.23456789", "+ (-0.34567891) + 0.45678912"]),
        (Neg(Add(LONG)), ["= -(0.12345678 + 0.23456789", "+ (-0.34567891) + 0.45678912)"]),
        (
            Div(Add(LONG), Num("4")),
            ["= \\tfrac{1}{4}(0.12345678 + 0.23456789", "+ (-0.34567891) + 0.45678912)"],
        ),
        (
            Add((LONG[0], Mul(LONG[1:]))),
            ["= 0.12345678", "+ 0.23456789 \\times (-0.34567891)", "\\times 0.45678912"],
        ),
        (Call("tanh", (Add(LONG),)), None),
    ],
)
def test_a_part_is_cut_at_its_own_signs_alone(expr, lines):
    found = shown(("=", expr))
    assert len(found) == 1 if lines is None else found == lines


def test_symbols_numbers_and_value_begin_lines_of_their_own_where_they_do_not_fit():
    parts = ("=", Mul((Name("W5"), Name("h1")))), ("=", Mul(LONG[:2])), ("≈", LONG[0])
    found = shown(*parts, left="dE_total/dW5")
    assert found == [
        r"= W_5 \, h_1", r"= 0.12345678 \times 0.23456789", r"\approx 0.12345678",
    ]  # fmt: skip


def test_what_stands_side_by_side_without_a_sign_is_not_cut():
    factors = tuple(Name(f"W{n}") for n in range(10, 30))
    assert len(shown(("=", Mul(factors)))) == 1
