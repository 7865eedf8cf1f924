"""Boxes in Typst's mathematics."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from derive.render import boxes
from derive.render.boxes import Box, fold

Write = Callable[[Box], str]
SIGNS = {
    "epsilon": "epsilon.alt",
    "varepsilon": "epsilon",
    "vartheta": "theta.alt",
    "phi": "phi.alt",
    "varphi": "phi",
    "cdot": "dot.op",
    "le": "lt.eq",
    "ge": "gt.eq",
    "star": "star.op",
    "odot": "dot.o",
    "ast": "ast.op",
    "minus": "-",
    "|": "bar.v",
    "langle": "⟨",
    "rangle": "⟩",
    ",": "\\,",
    ".": "",
}
"""Signs that have another name in Typst, or would be read otherwise."""
COMMANDS = {
    "function": "{}",
    "mathrm": "upright({})",
    "mathit": "italic({})",
    "mathbf": "bold(upright({}))",
    "mathcal": "cal({})",
    "operatorname": "op({})",
    "hat": "hat({})",
    "bar": "overline({})",
    "tilde": "tilde({})",
    "sqrt": "sqrt({})",
    "boxed": "#framed(${}$)",
}
"""What stands around a word or a box."""


def string(text: str) -> str:
    """A Typst string literal: nothing in it is read as Typst."""
    return json.dumps(text, ensure_ascii=False)


def _sign(box: boxes.Symbol | boxes.Operator, _: Write) -> str:
    return SIGNS.get(box.text, box.text)


def _word(box: boxes.Word, _: Write) -> str:
    text = box.text if box.style == "function" else string(box.text)
    return COMMANDS[box.style].format(text)


def _scripted(box: boxes.Scripted, write: Write) -> str:
    below = "" if box.below is None else f"_({write(box.below)})"
    above = "" if box.above is None else f"^({write(box.above)})"
    return (write(box.base) or '""') + below + above


def _fraction(box: boxes.Fraction, write: Write) -> str:
    text = f"frac({write(box.top)}, {write(box.bottom)})"
    return f"inline({text})" if box.small else text


def _fenced(box: boxes.Fenced, write: Write) -> str:
    signs = (SIGNS.get(sign, sign) for sign in (box.opening, box.closing))
    return f" {write(box.inside)} ".join(signs).lstrip()


def _blank(box: boxes.Blank, _: Write) -> str:
    line = f"#blank({box.width}em)"
    return f'attach(limits({line}), b: "({box.number})")' if box.number else line


def _table(box: boxes.Table, write: Write) -> str:
    if box.kind == "cases":
        return f"cases({', '.join(' & quad '.join(map(write, row)) for row in box.rows)})"
    rows = (", ".join(write(cell) or '""' for cell in row) for row in box.rows)
    return f'mat(delim: "[", {"; ".join(rows)})'


WRITERS: dict[type, Callable[[Any, Write], str]] = {
    boxes.Symbol: _sign,
    boxes.Operator: _sign,
    boxes.Number: lambda box, _: box.text,
    boxes.Word: _word,
    boxes.Text: lambda box, _: string(box.text),
    boxes.Row: lambda box, write: " ".join(filter(None, map(write, boxes.join_texts(box.parts)))),
    boxes.Scripted: _scripted,
    boxes.Fraction: _fraction,
    boxes.Fenced: _fenced,
    boxes.Wrapped: lambda box, write: COMMANDS[box.command].format(write(box.inside)),
    boxes.Blank: _blank,
    boxes.Table: _table,
}
"""How each box is written."""

write = fold(WRITERS)
