"""A sheet to type into: places for answers behind each block that has numbered blanks."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from derive.pages.document import Block, Document, Entries, Entry
from derive.pages.handout import list_blanks


def with_entries(document: Document, asked: Sequence[str]) -> Document:
    """The same page with places to type; `asked` are the ids of the blanks in order."""
    blocks: list[Block] = []
    placed: set[int] = set()
    for block in document.blocks:
        blocks.append(block)
        numbers = [n for n in list_blanks([block]) if n not in placed]
        placed.update(numbers)
        if numbers:
            blocks.append(Entries(tuple(Entry(n, asked[n - 1]) for n in numbers)))
    return msgspec.structs.replace(document, kind="practice", blocks=tuple(blocks))
