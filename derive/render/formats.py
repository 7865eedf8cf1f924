"""Formats of pages: a row each; the rest of a format is its folder in `templates/`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from derive.expressions import Expr
from derive.render import escape
from derive.render.notation import Notation
from derive.render.tex import TexPrinter, tex_width

Printer = Callable[[Expr], str]


@dataclass(frozen=True, slots=True)
class Format:
    """How one format writes text and mathematics.

    `inline` wraps a formula inside a sentence; `word` sets words inside a
    formula; `printer` makes the writer of trees for a notation; `width` counts
    the visible characters of a formula; `formula` has the last word on a whole one.
    """

    name: str
    extension: str
    escape: Callable[[str], str]
    inline: Callable[[str], str]
    word: Callable[[str], str]
    printer: Callable[[Notation], Printer]
    width: Callable[[str], int] = len
    formula: Callable[[str], str] = str


FORMATS: dict[str, Format] = {
    row.name: row
    for row in (
        Format(
            "md",
            "md",
            escape.markdown,
            inline=lambda formula: f"${formula}$",
            word=lambda text: rf"\text{{{escape.formula_text(text)}}}",
            printer=TexPrinter,
            width=tex_width,
            formula=escape.markdown_formula,
        ),
        Format(
            "tex",
            "tex",
            escape.tex,
            inline=lambda formula: f"${formula}$",
            word=lambda text: rf"\text{{{escape.tex(text)}}}",
            printer=TexPrinter,
            width=tex_width,
        ),
    )
}
"""Every page format by the name that `--format` takes."""
