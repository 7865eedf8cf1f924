"""Pages for a browser: MathML that is well formed, text that is text, nothing from outside."""

import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sampling import EXAMPLES, REPRESENTATIVES, examples, spread

import derive
from derive.pages import LEVELS
from derive.render import escape
from derive.render.formula import word
from derive.render.mathml import translated
from derive.spec.symbols import GREEK

STEADY = settings(deadline=None, derandomize=True, database=None)
ELEMENTS = {
    "math", "mi", "mn", "mo", "mrow", "msub", "msup", "msubsup", "mfrac", "mstyle", "mspace",
    "mtext", "munder", "mover", "msqrt", "mtable", "mtr", "mtd",
}  # fmt: skip
VOID = {"meta", "mspace"}
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "&lt;b&gt;",
    "{{7*7}} <% x %>",
]
SPEC = """
title = {title}
inputs = [0.1]
targets = [0.4]
learning_rate = 0.5
[[layers]]
activation = "relu"
weights = [[0.3]]
biases = [-0.03]
"""


@pytest.mark.parametrize(
    ("tex", "mathml"),
    [
        ("x", "<mi>x</mi>"),
        ("0.45", "<mn>0.45</mn>"),
        ("W_5", "<msub><mi>W</mi><mn>5</mn></msub>"),
        ("W_5^{+}", "<msubsup><mi>W</mi><mn>5</mn><mo>+</mo></msubsup>"),
        (r"E_{\mathrm{total}}", '<msub><mi>E</mi><mi mathvariant="normal">total</mi></msub>'),
        (r"\mathit{net}_{1}", '<msub><mi class="mathit">net</mi><mn>1</mn></msub>'),
        (r"\frac{a}{2b}", "<mfrac><mi>a</mi><mrow><mn>2</mn><mi>b</mi></mrow></mfrac>"),
        (r"\frac{\partial f}{x}", "<mfrac><mrow><mi>∂</mi><mi>f</mi></mrow><mi>x</mi></mfrac>"),
        ("-x", '<mo form="prefix">−</mo><mi>x</mi>'),  # noqa: RUF001
        ("1-x", "<mn>1</mn><mo>−</mo><mi>x</mi>"),  # noqa: RUF001
        (r"\sqrt{x}", "<msqrt><mi>x</mi></msqrt>"),
        (r"\operatorname{leaky\_relu}", '<mi mathvariant="normal">leaky_relu</mi>'),
        (r"\boxed{3}", '<mrow class="framed"><mn>3</mn></mrow>'),
        (word("a < b") + word(", ") + word("c"), "<mtext>a &lt; b, c</mtext>"),
        (r"\alpha \times 2", "<mi>α</mi><mo>×</mo><mn>2</mn>"),  # noqa: RUF001
        (r"z \le 0", "<mi>z</mi><mo>≤</mo><mn>0</mn>"),
    ],
)
def test_a_formula_reads_so(tex, mathml):
    assert translated(tex) == mathml


def test_a_blank_has_its_number_below():
    found = translated(r"\underset{(7)}{\underline{\hspace{6em}}}")
    assert re.fullmatch(r'<munder><mspace class="blank" .*/><mtext>\(7\)</mtext></munder>', found)


def test_cases_are_rows_behind_a_brace():
    found = translated(r"\begin{cases} 1 & z > 0 \\ 0 & z \le 0 \end{cases}")
    assert found.startswith("<mrow><mo>{</mo><mtable")
    assert found.count("<mtr>") == 2
    assert found.count("<mtd>") == 4


@pytest.mark.parametrize("letter", GREEK)
def test_every_greek_letter_has_a_sign(letter):
    assert re.fullmatch("<mi>[Α-Ωα-ωϑϕϵ]</mi>", translated(f"\\{letter}"))  # noqa: RUF001


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
    text = '"' + "".join(f"\\u{ord(c):04x}" for c in title) + '"'
    hostile = Seen(derive.page(derive.loads(SPEC.format(title=text)), "html"))
    harmless = Seen(derive.page(derive.loads(SPEC.format(title='"a"')), "html"))
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


def test_a_page_says_its_language_and_fits_a_phone():
    page = derive.page("circuit", "html")
    assert '<html lang="en">' in page
    assert 'name="viewport"' in page
    assert "@media print" in page
