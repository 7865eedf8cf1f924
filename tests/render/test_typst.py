"""TeX of our own printer in Typst's mathematics; nothing of an author is read as Typst."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sampling import examples

import derive
from derive.errors import InternalError
from derive.render import escape
from derive.render.formats import FORMATS
from derive.render.formula import word
from derive.render.notation import Notation
from derive.render.tex import TexPrinter
from derive.render.typst import string, translated
from derive.spec.symbols import GREEK

STEADY = settings(deadline=None, derandomize=True, database=None)


@pytest.mark.parametrize(
    ("tex", "typst"),
    [
        ("x", "x"),
        ("0.45", "0.45"),
        ("W_5", "W_(5)"),
        ("W_5^{+}", "W_(5)^(+)"),
        ("W^{(1)}_{21}", "W_(21)^(( 1 ))"),
        (r"E_{\mathrm{total}}", 'E_(upright("total"))'),
        (r"\frac{a}{b}", "frac(a, b)"),
        (r"\tfrac{1}{2}", "inline(frac(1, 2))"),
        (r"2 \times \tfrac{1}{2}(t_1 - o_1)", "2 times inline(frac(1, 2)) ( t_(1) - o_(1) )"),
        (r"e^{-z} \approx 1", "e^(- z) approx 1"),
        (r"x,\quad y", r"x \, quad y"),
        (r"E_{o1,s2}", r"E_(o 1 \, s 2)"),
        (r"\mathit{net}_{h1}", 'italic("net")_(h 1)'),
        (r"\mathrm{net}", 'upright("net")'),
        (r"\mathbf{x}", 'bold(upright("x"))'),
        (r"\hat{o}_{1}", "hat(o)_(1)"),
        (r"\operatorname{leaky\_relu}(z)", 'op("leaky_relu") ( z )'),
        (r"\left(\frac{1}{2}\right)^{2}", "( frac(1, 2) )^(2)"),
        (r"\left.x\right|_{\mathrm{local}}", 'x bar.v_(upright("local"))'),
        (r"\left\lvert x \right\rvert", "bar.v x bar.v"),
        (r"\begin{cases} 1 & z > 0 \\ 0 & z \le 0 \end{cases}", None),
        (r"\boxed{0.1}\;{}^{\dagger}", '#framed($0.1$) thick ""^(dagger)'),
        (r"\underline{\hspace{3em}}", "#blank(3em)"),
        (r"\underset{(7)}{\underline{\hspace{6em}}}", 'attach(limits(#blank(6em)), b: "(7)")'),
        (r"\sqrt{x}", "sqrt(x)"),
        (r"\varphi \phi \varepsilon \epsilon", "phi phi.alt epsilon epsilon.alt"),
        (word("sum, $x$"), '"sum, $x$"'),
        (word("a") + word(", ") + word("b"), '"a, b"'),
    ],
)
def test_a_formula_reads_so(tex, typst):
    expected = typst or "cases(1 & quad z > 0, 0 & quad z lt.eq 0)"
    assert translated(tex) == expected


@pytest.mark.parametrize(
    "tex", [r"\input{x}", r"\write18", "}", "{a", r"\frac{a}", r"\underline{x}", r"\begin{array}"]
)
def test_tex_that_is_not_ours_is_a_defect(tex):
    with pytest.raises(InternalError):
        translated(tex)


@STEADY
@given(st.text(max_size=40))
@example('a" ')
@example('" "')
def test_words_come_back_as_one_string(text):
    clean = escape.one_line(text)
    assert translated(word(clean)) == string(clean)
    assert translated(word(clean) + word(clean)) == string(clean + clean)


@pytest.mark.parametrize("letter", GREEK)
def test_every_greek_letter_has_a_sign(letter):
    assert translated(f"\\{letter}_{{1}}").endswith("_(1)")


@pytest.mark.parametrize("name", examples())
def test_every_formula_of_an_example_has_a_translation(name):
    sheet = derive.sheet(name)
    write, notation = TexPrinter(Notation(sheet.spec)), Notation(sheet.spec)
    for step in sheet.derivation.steps():
        assert translated(notation.symbol(step.id))
        if step.expr is not None:
            assert translated(write(step.expr))


def test_the_source_is_a_format_of_its_own():
    text = derive.page("two-two-two", "typ")
    assert 'frac(partial E_(upright("total")), partial W_(5))' in text
    assert FORMATS["typ"].escape('a "b" #c $d$') == '#"a \\"b\\" #c $d$";'
