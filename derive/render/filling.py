"""Digits enter a page: the numbers of an exercise put in the place of its values.

What depends on digits is decided here and nowhere else: `=` or `≈`, what reads
like its neighbour and is left out, which footnotes are due.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from derive.algebra.expressions import Expr, Name, Neg, Num, Value, transform, walk
from derive.numbers import NOTHING, Numbers
from derive.pages.document import (
    Block,
    Cell,
    Filled,
    Footnote,
    Grid,
    Heading,
    Label,
    Lines,
    Part,
    Picture,
    Relation,
    Row,
    Say,
    Words,
)

INEXACT: dict[Relation, tuple[Relation, Relation]] = {"is": ("=", "≈"), "about": ("", "≈")}
"""What stands before exact and before rounded values."""


class Filler:
    """Puts the numbers of one exercise into blocks."""

    def __init__(self, numbers: Numbers) -> None:
        """Print nothing yet."""
        self.numbers = numbers
        self._values: dict[str, tuple[Num, bool]] = {}
        self._notes: dict[Footnote, tuple[Say, ...]] = {}

    def blocks(self, blocks: Iterable[Block]) -> Iterator[Filled]:
        """Each block, with the footnotes that are due behind it."""
        for block in blocks:
            if isinstance(block, Footnote):
                yield from self.notes(block)
            elif isinstance(block, Lines):
                yield Lines(tuple(self._lines(block.rows)))
            elif isinstance(block, Grid):
                rows = tuple(tuple(map(self._cell, row)) for row in block.rows)
                yield Grid(tuple(map(self._words, block.columns)), rows)
            elif isinstance(block, Say | Heading):
                yield replace(block, words=self._words(block.words))
            elif isinstance(block, Picture):
                yield self._picture(block)
            else:
                yield block

    def value(self, name: str) -> tuple[Num, bool]:
        """The printed number of an id, and whether it is exact."""
        known = self._values.get(name)
        if known is None:
            shown = self.numbers.shown(name)
            known = self._values[name] = Num(shown.text), shown.exact
        return known

    def notes(self, footnote: Footnote) -> tuple[Say, ...]:
        """The footnotes that are due: other digits from printed operands, a convention."""
        known = self._notes.get(footnote)
        if known is None:
            known = self._notes[footnote] = tuple(self._due(footnote))
        return known

    def _due(self, footnote: Footnote) -> Iterator[Say]:
        step = self.numbers.step(footnote.id)
        printed = self.numbers.compute_from_printed(step) if footnote.operands else None
        if printed is not None:
            slots: dict[str, Expr | Words | str] = {"id": Name(step.id), "printed": Num(printed)}
            key = "note.printed_nothing" if printed == NOTHING else "note.printed"
            yield Say(Words(key, slots), note=True)
        if self.numbers.settle_cases(step).kink:
            yield Say(Words("note.kink", {"id": Name(step.id)}), note=True)

    def expr(self, expr: Expr) -> Expr:
        """A formula with its digits."""
        return transform(
            expr, lambda node: self.value(node.id)[0] if isinstance(node, Value) else None
        )

    def _words(self, words: Words) -> Words:
        slots: Mapping[str, Expr | Words | str] = {
            key: slot
            if isinstance(slot, str)
            else self._words(slot)
            if isinstance(slot, Words)
            else self.expr(slot)
            for key, slot in words.slots.items()
        }
        return Words(words.key, slots)

    def _cell(self, cell: Cell) -> Cell:
        return self._words(cell) if isinstance(cell, Words) else self.row(cell)

    def row(self, row: Row) -> Row:
        """A line with its digits."""
        (filled,) = self._lines((row,))
        return filled

    def _lines(self, rows: Iterable[Row]) -> list[Row]:
        """Lines with their digits; one of nothing but echoes is left out."""
        filled: list[Row] = []
        before: Part | None = None
        for row in rows:
            parts = self._parts(row.parts, before if row.left is None else None)
            if parts:
                left = None if row.left is None else self.expr(row.left)
                remarks = tuple(map(self._words, row.remarks))
                filled.append(Row(left, parts, remarks, mark=self._is_marked(row)))
                before = parts[-1]
            elif self._is_marked(row):
                filled[-1] = replace(filled[-1], mark=True)
        return filled

    def _is_marked(self, row: Row) -> bool:
        return row.footnote is not None and bool(self.notes(row.footnote))

    def _parts(self, parts: tuple[Part, ...], before: Part | None) -> tuple[Part, ...]:
        filled = [Part(self._relation(p), self.expr(p.expr), p.boxed, p.echo) for p in parts]
        kept: list[Part] = []
        for index, part in enumerate(filled):
            behind = filled[index + 1] if index + 1 < len(filled) else None
            ahead = kept[-1] if kept else before
            if not part.echo or not (_reads_like(part, ahead) or _is_echoed(part, behind)):
                kept.append(replace(part, echo=False))
        return tuple(kept)

    def _relation(self, part: Part) -> Relation:
        if part.relation not in INEXACT:
            return part.relation
        values = (node.id for node in walk(part.expr) if isinstance(node, Value))
        exact = all(self.value(name)[1] for name in values)
        return INEXACT[part.relation][not exact]

    def _picture(self, picture: Picture) -> Picture:
        labels = tuple(Label(self._cell(x.text), x.x, x.y, x.tone) for x in picture.labels)
        dots = tuple(replace(dot, label=self._cell(dot.label)) for dot in picture.dots)
        caption = None if picture.caption is None else self._words(picture.caption)
        return replace(picture, labels=labels, dots=dots, caption=caption)


def _reads_like(part: Part, other: Part | None) -> bool:
    return other is not None and _signed(part.expr) == _signed(other.expr)


def _is_echoed(part: Part, behind: Part | None) -> bool:
    return behind is not None and behind.echo and _reads_like(part, behind)


def _signed(expr: Expr) -> Expr:
    """A negative number as one literal, as values are printed."""
    if isinstance(expr, Neg) and isinstance(expr.arg, Num):
        return Num(f"-{expr.arg.text}")
    return expr
