"""Boxes in Typst's mathematics; nothing of an author is read as Typst."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sampling import examples

import derive
from derive.algebra.expressions import Name, Num
from derive.algebra.grammar import parse
from derive.pages.document import blank
from derive.render import escape
from derive.render.boxes import NOTHING, Operator, Row, Scripted, Symbol, Text, Word, Wrapped
from derive.render.formats import FORMATS
from derive.render.notation import choose_notation
from derive.render.printing import choose_printer
from derive.render.reading import read
from derive.render.typst import string, write
from derive.spec import override
from derive.spec.symbols import GREEK

STEADY = settings(deadline=None, derandomize=True, database=None)


INDEXED = override(derive.load("two-two-two"), {"notation": "indexed"})


@pytest.mark.parametrize(
    ("expr", "typst"),
    [
        (Name("x"), "x"),
        (Num("0.45"), "0.45"),
        (Num("-1e-5"), "- 1 times 10^(- 5)"),
        (Name("W5"), "W_(5)"),
        (Name("W5+"), "W_(5)^(+)"),
        (Name("E_total"), 'E_(upright("total"))'),
        (Name("E_o1_s2"), r"E_(o 1 \, s 2)"),
        (Name("dE_total/dW5"), 'frac(partial E_(upright("total")), partial W_(5))'),
        (
            Name("do1/dz3|local"),
            'frac(partial o_(1), partial z_(3)) bar.v_(upright("local"))',
        ),
        (parse("a/b"), "frac(a, b)"),
        (parse("1/2"), "inline(frac(1, 2))"),
        (parse("2*(1/2)*(t1-o1)"), "2 times inline(frac(1, 2)) ( t_(1) - o_(1) )"),
        (parse("exp(-z1)"), "e^(- z_(1))"),
        (parse("leaky_relu(z1, 0.1)"), r'op("leaky_relu") ( z_(1) \, 0.1 )'),
        (parse("(x/y)^2"), "( frac(x, y) )^(2)"),
        (parse("abs(x)"), "bar.v x bar.v"),
        (parse("sqrt(x)"), "sqrt(x)"),
        (blank(), "#blank(3em)"),
        (blank(7), 'attach(limits(#blank(6em)), b: "(7)")'),
    ],
)
def test_a_formula_is_written_so(expr, typst):
    assert write(choose_printer(choose_notation(derive.load("two-two-two")))(expr)) == typst


@pytest.mark.parametrize(
    ("box", "typst"),
    [
        (choose_notation(INDEXED).symbol("W1_2_1"), "W_(21)^(( 1 ))"),
        (Operator("approx"), "approx"),
        (Row((Symbol(","), Symbol("quad"), Symbol("y"))), r"\, quad y"),
        (read("net_{h1}"), 'italic("net")_(h 1)'),
        (Word("net", "mathrm"), 'upright("net")'),
        (Word("x", "mathbf"), 'bold(upright("x"))'),
        (read(r"\hat{o}_{1}"), "hat(o)_(1)"),
        (Wrapped("boxed", Symbol("x")), "#framed($x$)"),
        (
            Row((Symbol("thick"), Scripted(NOTHING, above=Symbol("dagger")))),
            'thick ""^(dagger)',
        ),
        (Row(tuple(map(Symbol, ("varphi", "phi", "epsilon")))), "phi phi.alt epsilon.alt"),
        (Text("sum, $x$"), '"sum, $x$"'),
        (Row((Text("a"), Text(", "), Text("b"))), '"a, b"'),
    ],
)
def test_a_box_is_written_so(box, typst):
    assert write(box) == typst


def test_cases_are_rows_with_their_condition():
    found = derive.page("dead-unit", "typ", "full")
    assert "cases(1 & quad z > 0, 0 & quad z lt.eq 0)" in found


@STEADY
@given(st.text(max_size=40))
@example('a" ')
@example('" "')
def test_words_come_back_as_one_string(text):
    clean = escape.one_line(text)
    assert write(Text(clean)) == string(clean)
    assert write(Row((Text(clean), Text(clean)))) == string(clean + clean)


@pytest.mark.parametrize("letter", GREEK)
def test_every_greek_letter_has_a_sign(letter):
    assert write(read(f"\\{letter}_{{1}}")).endswith("_(1)")


@pytest.mark.parametrize("name", examples())
def test_every_formula_of_an_example_can_be_written(name):
    sheet = derive.sheet(name)
    printer = choose_printer(choose_notation(sheet.spec))
    for step in sheet.derivation.steps():
        assert write(printer(Name(step.id)))
        if step.expr is not None:
            assert write(printer(step.expr))


def test_the_source_is_a_format_of_its_own():
    text = derive.page("two-two-two", "typ")
    assert 'frac(partial E_(upright("total")), partial W_(5))' in text
    assert FORMATS["typ"].escape('a "b" #c $d$') == '#"a \\"b\\" #c $d$";'
