"""Any text, as text: one escape function per format, nothing interpreted."""

from __future__ import annotations

import json
import re
import unicodedata
from html import escape

TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "''",
    "-": "{-}",
    "'": "{'}",
    "`": r"\textasciigrave{}",
    "?": "{?}",
    "!": "{!}",
    "≈": r"$\approx$",
    "†": r"$\dagger$",
    "×": r"$\times$",  # noqa: RUF001
    "÷": r"$\div$",
    "→": r"$\rightarrow$",
    "·": r"$\cdot$",
    "…": r"\ldots{}",
    "–": r"\textendash{}",  # noqa: RUF001
    "—": r"\textemdash{}",
    "‘": r"\textquoteleft{}",  # noqa: RUF001
    "’": r"\textquoteright{}",  # noqa: RUF001
    "“": r"\textquotedblleft{}",
    "”": r"\textquotedblright{}",
}
"""What TeX would not print as it stands; `-` and `?` would join into ligatures."""
MARKDOWN = re.compile(
    r"[\\`*_{}\[\]#|~$@]|^[-+=]|(?<=^\d)[.)]|(?<=^\d\d)[.)]|:(?=[\w/])|(?<=www)\."
)
"""What a Markdown reader would act on: marks anywhere, list marks at the start, links."""
LETTERS = re.compile("[ -~\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017e]")
"""What every TeX prints as it stands."""
HANGUL = re.compile("[가-힣ㄱ-ㅎㅏ-ㅣ「」『』]")
"""Syllables, single letters and their quotation marks, for which xelatex with kotex has a font."""
MANGLED = re.compile(r"\\[,;_\\] ?|\||(?<=[^\w\s\\])_(?=\S)")
UNMANGLED = {
    r"\,": r"\thinspace ",
    r"\;": r"\enspace ",
    r"\\": r"\cr ",
    r"\_": r"\thinspace ",
    "|": r"\vert ",
    "_": "_ ",
}
"""What a Markdown reader would change in a formula, and the same said in letters."""
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def one_line(text: str) -> str:
    """The text without what cannot be seen: controls, line ends, marks of direction.

    Letters stand composed: Hangul typed on some machines comes in pieces.
    """
    if text.isascii() and text.isprintable():
        return text
    kept = (" " if c in "\t\r\n" else c for c in text)
    seen = "".join(c for c in kept if unicodedata.category(c) not in INVISIBLE)
    return unicodedata.normalize("NFC", seen)


def tex(text: str) -> str:
    """For LaTeX; a character it has no glyph for is printed as its code point.

    Hangul stands as it is; a page that holds some asks for xelatex and kotex.
    """
    return "".join(_tex_character(c) for c in one_line(text))


def _tex_character(character: str) -> str:
    if character in TEX:
        return TEX[character]
    if LETTERS.match(character) or HANGUL.match(character):
        return character
    return rf"\texttt{{U+{ord(character):04X}}}"


def has_hangul(text: str) -> bool:
    """Whether a text needs a Korean font."""
    return HANGUL.search(text) is not None


def markdown(text: str) -> str:
    """For a Markdown reader that also knows HTML and formulas."""
    safe = one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return MARKDOWN.sub(lambda match: "\\" + match.group(), safe)


def formula_text(text: str) -> str:
    r"""For `\text{}` in a Markdown formula, whose readers have a glyph for every script."""
    return "".join(TEX.get(c, c) if c.isascii() else c for c in one_line(text))


def markdown_formula(formula: str) -> str:
    r"""TeX that stays itself though a Markdown reader looks at it first.

    GitHub takes `\,` for an escaped comma, `\_` for an index, `|` for the end of
    a table cell and `}_1 ... x_{2}` for emphasis; none of these forms is left.
    """
    return MANGLED.sub(lambda match: UNMANGLED[match.group().rstrip()], formula)


def typst(text: str) -> str:
    """For Typst markup: a string literal, in which nothing is read as Typst."""
    return f"#{json.dumps(one_line(text), ensure_ascii=False)};"


def html(text: str) -> str:
    """For HTML, inside and outside of attributes."""
    return escape(one_line(text), quote=True)
