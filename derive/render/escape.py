"""Any text, as text: one escape function per format, nothing interpreted."""

from __future__ import annotations

import re
import unicodedata

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
}
"""What pdflatex would not print as it stands; `-` and `?` would join into ligatures."""
MARKDOWN = re.compile(
    r"[\\`*_{}\[\]#|~$@]|^[-+=]|(?<=^\d)[.)]|(?<=^\d\d)[.)]|:(?=[\w/])|(?<=www)\."
)
"""What a Markdown reader would act on: marks anywhere, list marks at the start, links."""
PDFLATEX_LETTERS = re.compile("[ -~\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017e]")
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def one_line(text: str) -> str:
    """The text without what cannot be seen: controls, line ends, marks of direction."""
    if text.isascii() and text.isprintable():
        return text
    kept = (" " if c in "\t\r\n" else c for c in text)
    return "".join(c for c in kept if unicodedata.category(c) not in INVISIBLE)


def tex(text: str) -> str:
    """For pdflatex; a character it has no glyph for is printed as its code point."""
    return "".join(_tex_character(c) for c in one_line(text))


def _tex_character(character: str) -> str:
    if character in TEX:
        return TEX[character]
    if PDFLATEX_LETTERS.match(character):
        return character
    return rf"\texttt{{U+{ord(character):04X}}}"


def markdown(text: str) -> str:
    """For a Markdown reader that also knows HTML and formulas."""
    safe = one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return MARKDOWN.sub(lambda found: "\\" + found.group(), safe)
