"""Pages for a browser: MathML that is well formed, text that is text, nothing from outside."""

import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sampling import EXAMPLES, REPRESENTATIVES, examples, spread
from sheets import titled

import derive
from derive.pages import LEVELS
from derive.render import escape
from derive.render.boxes import (
    Blank,
    Fenced,
    Fraction,
    Number,
    Operator,
    Row,
    Scripted,
    Symbol,
    Table,
    Text,
    Word,
    Wrapped,
)
from derive.render.mathml import write
from derive.render.reading import read
from derive.spec.symbols import GREEK

STEADY = settings(deadline=None, derandomize=True, database=None)
ELEMENTS = {
    "math", "mi", "mn", "mo", "mrow", "msub", "msup", "msubsup", "mfrac", "mstyle", "mspace",
    "mtext", "munder", "mover", "msqrt", "mtable", "mtr", "mtd",
}  # fmt: skip
VOID = {"wbr", "meta", "mspace"}
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "&lt;b&gt;",
    "{{7*7}} <% x %>",
]

X, Y, THREE = Symbol("x"), Symbol("y"), Number("3")
MX, MY, SIN = "<mi>x</mi>", "<mi>y</mi>", '<mi mathvariant="normal">sin</mi>'
OPEN, CLOSE = '<mo stretchy="false">(</mo>', '<mo stretchy="false">)</mo>'
CASES = Table(
    "cases",
    (
        (Number("1"), Row((Symbol("z"), Operator(">"), Number("0")))),
        (Number("0"), Row((Symbol("z"), Operator("le"), Number("0")))),
    ),
)


@pytest.mark.parametrize(
    ("box", "mathml"),
    [
        (X, "<mi>x</mi>"),
        (Number("0.45"), "<mn>0.45</mn>"),
        (read("W_5"), "<msub><mi>W</mi><mn>5</mn></msub>"),
        (read("x^2_1"), "<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>"),
        (
            Scripted(Symbol("W"), Number("5"), Symbol("+")),
            "<msubsup><mi>W</mi><mn>5</mn><mo>+</mo></msubsup>",
        ),
        (
            read(r"E_{\mathrm{total}}"),
            '<msub><mi>E</mi><mi mathvariant="normal">total</mi></msub>',
        ),
        (read("net_{1}"), '<msub><mi class="mathit">net</mi><mn>1</mn></msub>'),
        (
            Fraction(X, Row((Number("2"), Y))),
            "<mfrac><mi>x</mi><mrow><mn>2</mn><mi>y</mi></mrow></mfrac>",
        ),
        (
            Fraction(Row((Symbol("partial"), Y)), X),
            f"<mfrac><mrow><mi>∂</mi>{MY}</mrow>{MX}</mfrac>",
        ),
        (
            Fraction(X, Y, small=True),
            f'<mstyle displaystyle="false"><mfrac>{MX}{MY}</mfrac></mstyle>',
        ),
        (Row((Symbol("minus"), X)), '<mo form="prefix">−</mo><mi>x</mi>'),  # noqa: RUF001
        (Row((THREE, Operator("-"), X)), '<mn>3</mn><mo form="infix">−</mo><mi>x</mi>'),  # noqa: RUF001
        (
            Scripted(Fenced(X), above=Number("2")),
            f"{OPEN}{MX}<msup>{CLOSE}<mn>2</mn></msup>",
        ),
        (
            Row((Scripted(Word("sin", "function"), above=Number("2")), Fenced(X))),
            f"<msup>{SIN}<mn>2</mn></msup><mo>\u2061</mo>{OPEN}{MX}{CLOSE}",
        ),
        (Wrapped("sqrt", X), "<msqrt><mi>x</mi></msqrt>"),
        (Wrapped("mathbf", read(r"\beta")), "<mrow><mi>β</mi></mrow>"),
        (read(r"\hat{o}"), '<mover accent="true"><mi>o</mi><mo>^</mo></mover>'),
        (Word("leaky_relu", "operatorname"), '<mi mathvariant="normal">leaky_relu</mi>'),
        (Wrapped("boxed", THREE), '<mrow class="framed"><mn>3</mn></mrow>'),
        (Row((Text("a < b"), Text(", "), Text("c"))), "<mtext>a &lt; b, c</mtext>"),
        (
            Row((Symbol("alpha"), Operator("times"), THREE)),
            "<mi>α</mi><mo>×</mo><mn>3</mn>",  # noqa: RUF001
        ),
        (Operator("le"), "<mo>≤</mo>"),
        (Operator("<"), "<mo>&lt;</mo>"),
        (Symbol("quad"), '<mspace width="1.0em"/>'),
        (Blank("", 3), '<mspace class="blank" width="3em" height="0.9em"/>'),
    ],
)
def test_a_box_is_written_so(box, mathml):
    assert write(box) == mathml


def test_a_blank_has_its_number_below():
    form = r'<munder><mspace class="blank" .*/><mtext>\(7\)</mtext></munder>'
    assert re.fullmatch(form, write(Blank("7", 6)))


def test_cases_are_rows_behind_a_brace():
    found = write(CASES)
    assert found.startswith("<mrow><mo>{</mo><mtable")
    assert found.count("<mtr>") == 2
    assert found.count("<mtd>") == 4


@pytest.mark.parametrize("letter", GREEK)
def test_every_greek_letter_has_a_sign(letter):
    assert re.fullmatch("<mi>[Α-Ωα-ωϑϕϵ]</mi>", write(Symbol(letter)))  # noqa: RUF001


class Seen(HTMLParser):
    """Tags balanced, names, attributes and visible text."""

    def __init__(self, page):
        super().__init__()
        self.names, self.attributes, self.text, self.open = set(), [], [], []
        self.feed(page)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.text.append(data)


@pytest.mark.parametrize(("name", "level"), spread(EXAMPLES, LEVELS, count=len(REPRESENTATIVES)))
def test_a_page_is_balanced_and_its_formulas_are_well_formed(name, level):
    page = derive.page(name, "html", level)
    Seen(page)
    formulas = re.findall(r"<math[ >].*?</math>", page)
    assert len(formulas) > 10
    for formula in formulas:
        elements = {e.tag for e in ET.fromstring(formula).iter()}  # noqa: S314  our own page
        assert elements <= ELEMENTS


@pytest.mark.parametrize("name", examples(6))
def test_a_page_needs_nothing_from_outside_and_runs_nothing(name):
    page = derive.key_page(name, "html")
    seen = Seen(page)
    assert not seen.names & {"script", "img", "link", "iframe", "object", "form"}
    assert not [
        key for key, _ in seen.attributes if key.startswith("on") or key in ("src", "href")
    ]
    assert "url(" not in page
    assert "http" not in page.replace("http-equiv", "")


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_is_text_and_nothing_else(title):
    hostile = Seen(derive.page(titled(title), "html"))
    harmless = Seen(derive.page(titled("a"), "html"))
    assert hostile.names == harmless.names
    assert hostile.attributes == harmless.attributes
    assert title in hostile.text


@STEADY
@given(st.text(max_size=60))
def test_escaped_text_reads_back_as_it_was(text):
    seen = Seen(f"<p>{escape.html(text)}</p>")
    assert "".join(seen.text) == escape.one_line(text)
    assert seen.names == {"p"}


def test_every_number_of_the_key_stands_on_the_page():
    page = derive.key_page("two-two-two", "html")
    for row in derive.key("two-two-two")["answers"]:
        if not row["shown"].startswith("-"):
            assert f"<mn>{row['shown']}</mn>" in page


def test_a_line_may_end_before_each_relation_and_term_and_factor():
    page = derive.page("two-two-two", "html", "full")
    line, *_ = re.findall(r"<tr>.*?0\.44498412.*?</tr>", page)
    pieces = re.sub(r"<(?!wbr)[^>]*>", "", line).split("<wbr>")
    assert pieces == [
        "z3=W5h1", "+W6h2", "=0.45×0.51998934", "+0.4×0.52747230", "≈0.44498412",  # noqa: RUF001
    ]  # fmt: skip
    assert '<mo form="infix">+</mo>' in line


def test_a_wide_table_has_each_head_beside_its_cell_too():
    page = derive.page("two-two-two", "html", "full")
    rows = re.findall(r"<tr>.*?</tr>", page.partition('class="grid wide"')[2], re.DOTALL)
    assert rows[1].count('<span class="head">') == rows[0].count("<th ")
    assert 'viewBox="0 0 ' in page


def test_a_page_says_its_language_and_fits_a_phone():
    page = derive.page("circuit", "html")
    assert '<html lang="en">' in page
    assert 'name="viewport"' in page
    assert "@media print" in page
