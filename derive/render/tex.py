"""Boxes in TeX, for LaTeX and for Markdown readers alike (amsmath only)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from derive.render import boxes, escape
from derive.render.boxes import Box, fold

Write = Callable[[Box], str]
SIGNS = {"thin": r" \, ", "thick": r"\;", "quad": r"\quad ", "minus": "-"}
"""Names that are no commands."""
OPERATORS = {",": ", "}
"""Signs with another room around them."""
SPACE = re.compile(r"(\\[A-Za-z]+ )(?=[A-Za-z])| ")
"""Room inside a script; the one that ends a command stays."""


def _sign(text: str) -> str:
    return f"\\{text}" if len(text) > 1 else text


@cache
def _operator(box: boxes.Operator, _: Write) -> str:
    text = OPERATORS.get(box.text) or f" {_sign(box.text)} "
    return text.lstrip() if box.opens else text


def _row(box: boxes.Row, write: Write) -> str:
    """A space where a command would run into what follows; `left` and `right` end it too."""
    whole, runs_on = "", False
    for part in box.parts:
        text = write(part)
        if runs_on and (text[:1].isalpha() or (text[:1] == "\\" and text[:5] != "\\left")):
            whole += " "
        whole += text
        runs_on = type(part) is boxes.Symbol and len(part.text) > 1 and part.text not in SIGNS
    return whole


def _word(box: boxes.Word, _: Write) -> str:
    text = box.text.replace("_", r"\_")
    return f"\\{text}" if box.style == "function" else rf"\{box.style}{{{text}}}"


def _scripted(box: boxes.Scripted, write: Write) -> str:
    """The number of a layer, in parentheses, stands before the index."""
    base = write(box.base) or "{}"
    lower = upper = ""
    if box.below is not None:
        lower = write(box.below)
        lower = f"_{lower}" if len(lower) == 1 else f"_{{{lower}}}"
    if box.above is not None:
        upper = f"^{{{write(box.above)}}}"
        upper = SPACE.sub(r"\1", upper) if box.tight else upper
        if type(box.above) is boxes.Row and box.above.parts[0] == boxes.PARENTHESIS:
            return base + upper + lower
    return base + lower + upper


def _fenced(box: boxes.Fenced, write: Write) -> str:
    inside = write(box.inside)
    if box.opening == "|":
        return rf"\left\lvert {inside} \right\rvert"
    if not box.grows and r"\frac" not in inside:
        return box.opening + inside + box.closing
    return rf"\left{box.opening}{inside}\right{box.closing}"


def _blank(box: boxes.Blank, _: Write) -> str:
    line = rf"\underline{{\hspace{{{box.width}em}}}}"
    return rf"\underset{{({box.number})}}{{{line}}}" if box.number else line


def _table(box: boxes.Table, write: Write) -> str:
    body = r" \\ ".join(" & ".join(map(write, row)) for row in box.rows)
    return rf"\begin{{{box.kind}}} {body} \end{{{box.kind}}}"


WRITERS: dict[type, Callable[[Any, Write], str]] = {
    boxes.Symbol: lambda box, _: SIGNS.get(box.text) or _sign(box.text),
    boxes.Operator: _operator,
    boxes.Number: lambda box, _: box.text,
    boxes.Word: _word,
    boxes.Text: lambda box, _: rf"\text{{{escape.tex(box.text)}}}",
    boxes.Row: _row,
    boxes.Scripted: _scripted,
    boxes.Fraction: lambda box, write: (
        rf"\{'t' * box.small}frac{{{write(box.top)}}}{{{write(box.bottom)}}}"
    ),
    boxes.Fenced: _fenced,
    boxes.Wrapped: lambda box, write: rf"\{box.command}{{{write(box.inside)}}}",
    boxes.Blank: _blank,
    boxes.Table: _table,
    boxes.Uncovered: lambda box, write: rf"\deriveuncover{{{box.step}}}{{{write(box.inside)}}}",
}
"""How each box is written."""
MARKDOWN = WRITERS | {boxes.Text: lambda box, _: rf"\text{{{escape.formula_text(box.text)}}}"}

write = fold(WRITERS)
_write_markdown = fold(MARKDOWN)


def write_markdown(box: Box) -> str:
    """The same for a Markdown reader, which looks at it first."""
    return escape.markdown_formula(_write_markdown(box))
