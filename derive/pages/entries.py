"""A sheet to type into: places for answers behind each block that has numbered blanks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from derive.algebra.expressions import Expr, Name, walk
from derive.pages.document import (
    BLANK,
    NARROW,
    Block,
    Document,
    Entries,
    Entry,
    Grid,
    Lines,
    Row,
    Words,
)


def with_entries(document: Document, asked: Sequence[str]) -> Document:
    """The same page with places to type; `asked` are the ids of the blanks in order."""
    blocks: list[Block] = []
    placed: set[int] = set()
    for block in document.blocks:
        blocks.append(block)
        numbers = [n for n in dict.fromkeys(_blanks(block)) if n not in placed]
        placed.update(numbers)
        if numbers:
            blocks.append(Entries(tuple(Entry(n, asked[n - 1]) for n in numbers)))
    return msgspec.structs.replace(document, kind="practice", blocks=tuple(blocks))


def list_blanks(document: Document) -> list[int]:
    """The numbers of a page's blanks, each once, in the order of the key."""
    return sorted({number for block in document.blocks for number in _blanks(block)})


def _blanks(block: Block) -> Iterator[int]:
    """The numbers of the blanks in a block, as they stand."""
    for row in _rows(block):
        for part in row.parts:
            yield from _numbers(part.expr)


def _rows(block: Block) -> Iterator[Row]:
    if isinstance(block, Lines):
        yield from block.rows
    elif isinstance(block, Grid):
        for cells in block.rows:
            yield from (cell for cell in cells if not isinstance(cell, Words))


def _numbers(expr: Expr) -> Iterator[int]:
    for node in walk(expr):
        if isinstance(node, Name) and node.id.startswith(BLANK) and node.id != BLANK:
            yield int(node.id.removeprefix(BLANK).removesuffix(NARROW))
