"""Boxes of an id as plain text: `dL_total/dω5`, `net_h1`."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

from derive.render import boxes
from derive.render.boxes import Box, fold

Write = Callable[[Box], str]
NAMED = {"partial": "d", "prime": "'", "minus": "-", "thin": " ", "thick": " ", "quad": " "}
"""Signs with a text of their own; a Greek letter has its character."""
ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303"}
"""Signs over a letter, as characters that combine with it."""


def _sign(box: boxes.Symbol, _: Write) -> str:
    if len(box.text) == 1 or box.text in NAMED:
        return NAMED.get(box.text, box.text)
    kind = "CAPITAL" if box.text[0].isupper() else "SMALL"
    letter = box.text.removeprefix("var").upper().replace("LAMBDA", "LAMDA")
    try:
        return unicodedata.lookup(f"GREEK {kind} LETTER {letter}")
    except KeyError:
        return box.text


def _scripted(box: boxes.Scripted, write: Write) -> str:
    """An index of digits stands right behind a letter, any other one behind `_`."""
    base = write(box.base)
    above = "" if box.above is None else write(box.above)
    below = "" if box.below is None else write(box.below)
    if below and not (len(base) == 1 and below.isdigit() and not above.startswith("(")):
        below = f"_{below}"
    return base + (above + below if above.startswith("(") else below + above)


def _wrapped(box: boxes.Wrapped, write: Write) -> str:
    inside = write(box.inside)
    accent = ACCENTS.get(box.command, "")
    return unicodedata.normalize("NFC", inside[:1] + accent + inside[1:])


WRITERS: dict[type, Callable[[Any, Write], str]] = {
    boxes.Symbol: _sign,
    boxes.Operator: lambda box, _: box.text,
    boxes.Number: lambda box, _: box.text,
    boxes.Word: lambda box, _: box.text,
    boxes.Row: lambda box, write: "".join(map(write, box.parts)),
    boxes.Scripted: _scripted,
    boxes.Fraction: lambda box, write: f"{write(box.top)}/{write(box.bottom)}",
    boxes.Fenced: lambda box, write: write(box.inside),
    boxes.Wrapped: _wrapped,
}
"""How each box that an id is made of is written."""
write = fold(WRITERS)
