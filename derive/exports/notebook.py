"""A page with the script's sections as cells of code behind the parts that they compute."""

from __future__ import annotations

from collections.abc import Iterator

from derive.exports.comparing import write_comparison
from derive.exports.tools import PRECISION, guard_imports, show
from derive.exports.torch import write_sections
from derive.exports.writing import Part, Script
from derive.pages import Worksheet
from derive.pages.document import Block, Code, Document, Heading, Say, Words
from derive.render.wording import sentence

PART_OF: dict[str, Part] = {
    "heading.given": "setup",
    "heading.forward": "forward",
    "heading.forward_of": "forward",
    "heading.error": "forward",
    "heading.error_of": "forward",
    "heading.backward": "backward",
    "heading.backward_of": "backward",
    "heading.update": "update",
    "heading.later": "later",
    "heading.check": "check",
}
"""Which section of the script computes what stands under a heading."""
COMPARED = {"exact": "say.compared_exact", "stepwise": "say.compared_stepwise"}


def add_code(document: Document, sheet: Worksheet) -> Document:
    """The same page with code: a cell behind each part, at the end the comparison.

    Below the full level no cell tells a digit that the page leaves blank; only
    the comparison at the end holds the values. A perceptron has no script, so
    its page stays as it is.
    """
    if sheet.graph.presented is not None:
        return document
    script = write_sections(sheet, with_digits=document.level == "full")
    blocks = (
        *_add_sections(document.blocks, script, sentence(sheet.spec.language, "script.install")),
        Heading(1, Words("heading.compared")),
        Say(Words(COMPARED[sheet.spec.rounding])),
        Code("\n".join(write_comparison(sheet, script))),
    )
    return Document(document.title, document.kind, document.level, blocks)


def _add_sections(blocks: tuple[Block, ...], script: Script, install: str) -> Iterator[Block]:
    current: Part | None = None
    for block in blocks:
        if isinstance(block, Heading) and block.level == 1:
            part = PART_OF.get(block.words.key)
            if part != current:
                yield from _section(script, current, install)
            current = part
        yield block
    yield from _section(script, current, install)


def _section(script: Script, part: Part | None, install: str) -> Iterator[Block]:
    """The cells of a section, none where it has nothing to do."""
    if part == "setup":
        yield Say(Words("say.code"))
        head = (*guard_imports(install), "", *PRECISION, *show(keep=True))
        yield Code("\n".join(head))
    lines = getattr(script, part) if part else ()
    if lines:
        yield Code("\n".join(lines))
