"""Formats of pages: a row each; the rest of a format is its folder in `templates/`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from derive.algebra.expressions import Expr
from derive.render import escape, mathml, typst
from derive.render.formula import word
from derive.render.notation import Notation
from derive.render.notebook import notebook
from derive.render.overlays import Uncover
from derive.render.tex import TexPrinter, tex_width
from derive.render.typesetting import typeset


class Printer(Protocol):
    """Writes trees as TeX."""

    def __call__(self, expr: Expr) -> str:
        """A whole tree."""

    def pieces(self, expr: Expr) -> list[str]:
        """The same cut where a slide may stop."""


@dataclass(frozen=True, slots=True)
class Format:
    """How one format writes text and mathematics.

    Formulas are made as TeX: `printer` makes the writer of trees for a
    notation, `word` sets words inside a formula, `width` counts the visible
    characters of one. `formula` puts a whole one into the format's own
    mathematics, `inline` wraps it inside a sentence. `folder` holds the
    templates (the name's own if empty); `finish` makes the file of the text
    that they give. `single` formats hold one step, not a whole page; those
    that cannot hold a picture do not `draw`; those with `code` also hold cells
    of code that compute the page. `uncover` hides a piece of a fragment up to a
    step of a slide.
    """

    name: str
    extension: str
    escape: Callable[[str], str]
    inline: Callable[[str], str]
    word: Callable[[str], str]
    printer: Callable[[Notation], Printer]
    width: Callable[[str], int] = len
    formula: Callable[[str], str] = str
    folder: str = ""
    finish: Callable[[str], str | bytes] = str
    single: bool = False
    draws: bool = True
    code: bool = False
    uncover: Uncover | None = None

    @property
    def templates(self) -> str:
        """The folder of this format in `templates/`."""
        return self.folder or self.name


def _markdown(
    name: str, finish: Callable[[str], str | bytes] = str, *, code: bool = False
) -> Format:
    return Format(
        name,
        name,
        escape.markdown,
        inline=lambda formula: f"${formula}$",
        word=lambda text: rf"\text{{{escape.formula_text(text)}}}",
        printer=TexPrinter,
        width=tex_width,
        formula=escape.markdown_formula,
        finish=finish,
        code=code,
        draws=False,
    )


def _typst(
    name: str, finish: Callable[[str], str | bytes] = str, *, single: bool = False
) -> Format:
    return Format(
        name,
        name,
        escape.typst,
        inline=lambda formula: f"${formula}$",
        word=word,
        printer=TexPrinter,
        width=tex_width,
        formula=typst.translated,
        folder="typ",
        finish=finish,
        single=single,
    )


FORMATS: dict[str, Format] = {
    row.name: row
    for row in (
        _markdown("md"),
        Format(
            "tex",
            "tex",
            escape.tex,
            inline=lambda formula: f"${formula}$",
            word=lambda text: rf"\text{{{escape.tex(text)}}}",
            printer=TexPrinter,
            width=tex_width,
            uncover=lambda step, text: rf"\deriveuncover{{{step}}}{{{text}}}",
        ),
        Format(
            "html",
            "html",
            escape.html,
            inline=mathml.inline,
            word=word,
            printer=TexPrinter,
            width=tex_width,
            formula=mathml.translated,
        ),
        _markdown("ipynb", finish=notebook, code=True),
        _typst("typ"),
        _typst("pdf", finish=typeset("pdf")),
        _typst("svg", finish=typeset("svg"), single=True),
        _typst("png", finish=typeset("png"), single=True),
    )
}
"""Every page format by the name that `--format` takes."""
