"""Any text stays text in every format."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.render import escape

COMMANDS = re.compile(
    r"\\(?:textbackslash|textasciicircum|textasciitilde|textless|textgreater|textbar"
    r"|textasciigrave|ldots|textendash|textemdash|textquoteleft|textquoteright"
    r"|textquotedblleft|textquotedblright)\{\}|\\[{}$&#%_]|\\texttt\{U\+[0-9A-F]{4,6}\}"
    r"|\$\\(?:approx|dagger|times|div|rightarrow|cdot)\$"
)
BACK = {
    r"\textbackslash{}": "\\",
    r"\textasciicircum{}": "^",
    r"\textasciitilde{}": "~",
    r"\textless{}": "<",
    r"\textgreater{}": ">",
    r"\textbar{}": "|",
    r"\textasciigrave{}": "`",
}


@given(st.text())
def test_tex_holds_no_command_that_escape_did_not_write(text):
    left = COMMANDS.sub("", escape.tex(text))
    left = re.sub(r"\{[-'?!]\}", "", left)
    assert not set(left) & set("\\{}$&#%_^~")


@given(
    st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126, exclude_characters='"'))
)
def test_tex_can_be_read_back(text):
    written = escape.tex(text)
    for command, character in BACK.items():
        written = written.replace(command, "\0" + character)
    written = re.sub(r"\{([-'?!])\}", r"\1", written)
    written = re.sub(r"\\([{}$&#%_])", r"\1", written)
    assert written.replace("\0", "") == text


@given(st.text())
def test_markdown_has_no_tag_no_link_and_one_line(text):
    written = escape.markdown(text)
    assert "<" not in written
    assert "\n" not in written
    bare = re.sub(r"\\.", "", written)
    assert not set(bare) & set("`*_{}[]#|~$@")


@given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126)))
def test_markdown_can_be_read_back(text):
    written = re.sub(r"\\(.)", r"\1", escape.markdown(text))
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        written = written.replace(entity, character)
    assert written == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("A 2-2-2 network", "A 2-2-2 network"),
        ("- no list", "\\- no list"),
        ("1. no list", "1\\. no list"),
        ("a:smile:", "a\\:smile:"),
        ("http://x.y", "http\\://x.y"),
        ("www.x.y", "www\\.x.y"),
        ("{{7*7}}", "\\{\\{7\\*7\\}\\}"),
        ("Error: none", "Error: none"),
    ],
)
def test_markdown_escapes_no_more_than_it_must(text, written):
    assert escape.markdown(text) == written


@pytest.mark.parametrize(
    "mark", ["\u202e", "\u200b", "\u2066", "\x07", "\x1b", "\ufeff", "\u2028"]
)
def test_what_cannot_be_seen_is_dropped(mark):
    assert escape.one_line(f"a{mark}b") in ("ab", "a b")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("é", "é"),
        ("한글 ㄱㅏ", "한글 ㄱㅏ"),
        ("\u1112\u1161\u11ab", "한"),
        ("人", r"\texttt{U+4EBA}"),
        ("か", r"\texttt{U+304B}"),
        ("\u3164", r"\texttt{U+3164}"),
        ("\u1112", r"\texttt{U+1112}"),
        ("“가” → 나…", r"\textquotedblleft{}가\textquotedblright{} $\rightarrow$ 나\ldots{}"),
    ],
)
def test_a_character_without_a_glyph_prints_as_its_code(text, written):
    assert escape.tex(text) == written


@pytest.mark.parametrize(
    ("text", "found"), [("", False), ("A network", False), ("f = 한 x", True), ("人", False)]
)
def test_hangul_is_seen(text, found):
    assert escape.has_hangul(text) is found


@pytest.mark.parametrize(
    ("formula", "safe"),
    [
        ("W_5 \\, h_1", "W_5 \\thinspace h_1"),
        ("0.5\\;{}^{\\dagger}", "0.5\\enspace {}^{\\dagger}"),
        ("1 & z > 0 \\\\ 0 & z < 0", "1 & z > 0 \\cr 0 & z < 0"),
        ("\\mathit{out}_1 + W^{(1)}_{21}", "\\mathit{out}_ 1 + W^{(1)}_ {21}"),
        ("\\left.q\\right|_{a}", "\\left.q\\right\\vert _ {a}"),
        ("\\operatorname{leaky\\_relu}", "\\operatorname{leaky\\thinspace relu}"),
        ("x_1^{+} \\times \\frac{1}{2}", "x_1^{+} \\times \\frac{1}{2}"),
    ],
)
def test_a_formula_in_markdown_holds_nothing_that_a_reader_changes(formula, safe):
    assert escape.markdown_formula(formula) == safe


def test_words_in_a_markdown_formula_keep_every_script():
    assert escape.formula_text("연쇄 법칙, 連鎖 50%") == "연쇄 법칙, 連鎖 50\\%"
