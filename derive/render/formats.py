"""Formats of pages: a row each; the rest of a format is its folder in `templates/`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from derive.render import escape, mathml, tex, typst
from derive.render.boxes import Box
from derive.render.notebook import notebook
from derive.render.typesetting import MARK, typeset


@dataclass(frozen=True, slots=True)
class Format:
    """How one format writes text and mathematics.

    `write` puts boxes into the format's own mathematics, `inline` wraps that
    inside a sentence. `folder` holds the templates (the name's own if empty);
    `finish` makes the file of the text that they give. `single` formats hold
    one step, not a whole page; those that cannot hold a picture do not `draw`;
    those with `code` also hold cells of code that compute the page, those that
    `uncover` hide pieces of a fragment up to a step of a slide. A format whose
    lines end where the screen does has the text of a `line_break` and a
    `cell_break`, which may end a line in the middle of a formula. One that is `paged`
    is told where a page may end. A `mark` stands before each block, for a `finish` that takes
    a page apart.
    """

    name: str
    extension: str
    escape: Callable[[str], str]
    write: Callable[[Box], str]
    inline: Callable[[str], str] = "${}$".format
    folder: str = ""
    finish: Callable[[str], str | bytes] = str
    single: bool = False
    draws: bool = True
    code: bool = False
    uncover: bool = False
    line_break: str = ""
    cell_break: str = ""
    paged: bool = False
    mark: str = ""

    @property
    def templates(self) -> str:
        """The folder of this format in `templates/`."""
        return self.folder or self.name


def _markdown(
    name: str, finish: Callable[[str], str | bytes] = str, *, code: bool = False
) -> Format:
    markdown = escape.markdown
    return Format(name, name, markdown, tex.write_markdown, finish=finish, code=code, draws=False)


def _typst(
    name: str,
    finish: Callable[[str], str | bytes] = str,
    *,
    single: bool = False,
    mark: str = "",
) -> Format:
    return Format(
        name,
        name,
        escape.typst,
        typst.write,
        folder="typ",
        finish=finish,
        single=single,
        paged=True,
        mark=mark,
    )


FORMATS: dict[str, Format] = {
    row.name: row
    for row in (
        _markdown("md"),
        Format("tex", "tex", escape.tex, tex.write, uncover=True, paged=True),
        Format(
            "html",
            "html",
            escape.html,
            mathml.write,
            inline="<math>{}</math>".format,
            line_break='</math><wbr><math displaystyle="true">',
            cell_break="</math><wbr><math>",
        ),
        _markdown("ipynb", finish=notebook, code=True),
        _typst("typ"),
        _typst("pdf", finish=typeset("pdf"), mark=MARK),
        _typst("svg", finish=typeset("svg"), single=True),
        _typst("png", finish=typeset("png"), single=True),
    )
}
"""Every page format by the name that `--format` takes."""
