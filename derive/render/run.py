"""Many sheets in one file for the printer, each beginning on an odd page with page 1."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from derive.render import escape
from derive.render.typesetting import typeset

DOCUMENT = "#set document("
"""How the line begins that only a whole file may have."""


def join_sheets(sources: Iterable[str], title: str) -> bytes:
    """The PDF of pages in Typst; raises SpecError where the package or a font is missing."""
    return typeset("pdf")("\n".join(_join(sources, title)))


def _join(sources: Iterable[str], title: str) -> Iterator[str]:
    yield f"{DOCUMENT}title: [{escape.typst(title)}], date: none)"
    for number, source in enumerate(sources):
        if number:
            yield '#pagebreak(to: "odd")'
        yield "#counter(page).update(1)"
        lines = source.split("\n")
        body = "\n".join(line for line in lines if not line.startswith(DOCUMENT))
        yield f"#[\n{body}\n]"
