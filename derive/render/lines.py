"""Lines, cells and sentences of a page as strings of a format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import chain
from typing import TypeVar

import msgspec

from derive.algebra.expressions import Expr
from derive.pages.document import Cell, Part, Relation, Row, Words
from derive.render import boxes
from derive.render.boxes import NOTHING, Box, Operator, Symbol
from derive.render.formats import Format
from derive.render.layout import (
    RELATION,
    REMARKS,
    SIGNS,
    SLIDE_WIDTH,
    lay_out,
    measure_width,
    with_remarks,
)
from derive.render.narrow import lay_out_narrow
from derive.render.notation import choose_notation
from derive.render.overlays import Overlays
from derive.render.printing import choose_printer
from derive.render.safe import Safe
from derive.render.wording import SLOT, agree, list_ones, sentence
from derive.spec import Spec

QUAD = Symbol("quad")
RELATIONS = {"≈": "approx", "≤": "le", "≥": "ge"}
"""Relations whose sign has another name."""
DAGGER = boxes.Row((Symbol("thick"), boxes.Scripted(NOTHING, above=Symbol("dagger"))))
NO_TEXT = Safe()
Piece = TypeVar("Piece")
"""What a sentence is put together from: text or boxes."""


class View(msgspec.Struct, gc=False):
    """A formula line as strings of the format; `tall` says whether it holds a fraction.

    One that `goes_on` is the rest of the line before it. The next line must stand on
    the same page where `keep` is set. What begins a block in the middle of a quantity
    has the width of the quantity's name, its `ghost`, before it.
    """

    left: Safe
    relation: Safe
    right: Safe
    remarks: Safe
    tall: bool
    goes_on: bool = False
    keep: bool = False
    ghost: Safe = NO_TEXT


class LineWriter:
    """Writes lines and sentences with the symbols of one spec; what it wrote is kept."""

    def __init__(self, spec: Spec, form: Format) -> None:
        """Prepare the symbols."""
        self._language = spec.language
        self._form = form
        self._boxes = choose_printer(choose_notation(spec))
        self._width = cache(lambda expr: measure_width(self._boxes(expr)))
        self._remarks_width = lambda row: measure_width(self._remarks(row))
        self.inline = cache(lambda slot: Safe(form.inline(form.write(self._formula(slot)))))

    def rows(self, rows: tuple[Row, ...], width: int, overlays: Overlays | None) -> list[View]:
        """Formula lines, broken where they are wider than `width`."""
        broken = [line for row in rows for line in self._break(row, rows, width)]
        whole = any(row.remarks for row in broken)
        margin = REMARKS if width < SLIDE_WIDTH else 0
        broken = with_remarks(broken, self._width, self._remarks_width, width - margin)
        return [self.row(row, overlays, whole=whole) for row in broken]

    def _break(self, row: Row, rows: tuple[Row, ...], width: int) -> list[Row]:
        """A formula line on as many lines as it needs."""
        if width >= SLIDE_WIDTH:
            return lay_out(row, self._width, width)
        left = max(0 if other.left is None else self._width(other.left) for other in rows)
        return lay_out_narrow(row, self._width, width - left - RELATION)

    def row(
        self,
        row: Row,
        overlays: Overlays | None = None,
        *,
        whole: bool = False,
        line_break: str = "",
    ) -> View:
        """A formula line: left side, first relation, the rest, remarks.

        On a slide a `whole` line is uncovered part by part, any other one
        factor by factor. Where the format breaks lines, `line_break` may end one.
        """
        left = NOTHING if row.left is None else self._boxes(row.left)
        relation, remarks = NOTHING, self._remarks(row)
        pieces = list(self._pieces(row, cut=overlays is not None and not whole))
        mark = DAGGER if row.mark else NOTHING
        if row.parts:
            relation = self._relate(row.parts[0].relation, opens=True)
        else:  # together with the line that they explain
            mark, remarks = boxes.compose(QUAD, QUAD, remarks), NOTHING
        if overlays is not None:
            opened = [overlays.next(boxes.compose(relation, piece)) for piece in pieces[:1]]
            left, relation = overlays.with_last(left), NOTHING
            pieces = [*opened, *map(overlays.next, pieces[1:])]
            mark, remarks = overlays.with_last(mark), overlays.with_last(remarks)
        right, text = boxes.compose(*pieces, mark), self._text
        if self._form.line_break and overlays is None and row.parts:
            written = self._join(row, mark, line_break or self._form.line_break)
            return View(text(left), text(relation), written, text(remarks), tall=False)
        tall = self._form.paged and boxes.Fraction in map(type, boxes.walk((left, right)))
        goes_on = not row.parts or row.parts[0].relation in SIGNS
        return View(text(left), text(relation), text(right), text(remarks), tall, goes_on)

    def _join(self, row: Row, mark: Box, line_break: str) -> Safe:
        """What stands right of the first relation, with all places at which a line may end."""
        pieces: list[Box] = []
        for index, part in enumerate(row.parts):
            whole = [boxes.Wrapped("boxed", self._boxes(part.expr))]
            first, *others = whole if part.boxed else self._boxes.breaks(part.expr)
            pieces += [
                boxes.compose(self._relate(part.relation), first) if index else first,
                *others,
            ]
        pieces[-1] = boxes.compose(pieces[-1], mark)
        return Safe(line_break.join(self._text(piece) for piece in pieces))

    def _text(self, box: Box) -> Safe:
        return NO_TEXT if box is NOTHING else Safe(self._form.write(box).strip())

    def _remarks(self, row: Row) -> Box:
        """The remarks of a line inside a formula, with commas between them."""
        pieces: list[Box] = []
        for words in row.remarks:
            pieces += [boxes.Text(", ")] * bool(pieces)
            pieces += self._fill_slots(words, boxes.Text, self._formula)
        return boxes.Row(tuple(pieces)) if pieces else NOTHING

    def _formula(self, slot: Expr | Row) -> Box:
        """A tree, or an equation in the middle of a sentence."""
        if not isinstance(slot, Row):
            return self._boxes(slot)
        left = NOTHING if slot.left is None else self._boxes(slot.left)
        parts = ((self._relate(part.relation), self._boxes(part.expr)) for part in slot.parts)
        return boxes.compose(left, *chain.from_iterable(parts))

    def _pieces(self, row: Row, *, cut: bool) -> Iterator[Box]:
        """What stands right of the first relation, cut at factors or in whole parts."""
        for index, part in enumerate(row.parts):
            first, *others = self._boxes.pieces(part.expr) if cut else [self._boxes(part.expr)]
            if part.boxed:
                first, others = boxes.Wrapped("boxed", self._boxes(part.expr)), []
            yield boxes.compose(self._relate(part.relation), first) if index else first
            yield from others

    def _relate(self, relation: Relation, *, opens: bool = False) -> Box:
        """A relation as boxes; the sign of a product is that of the notation."""
        if relation == "*":
            return Operator(self._boxes.times.text, opens)
        return _relation(relation, opens=opens)

    def cell(self, cell: Cell) -> Safe:
        """A table cell."""
        if isinstance(cell, Words):
            return self.words(cell)
        match cell:
            case Row(None, (Part("", expr, False),), (), False):
                return self.inline(expr)
        view = self.row(cell, line_break=self._form.cell_break)
        space = " " if view.left or view.relation else ""
        formula = f"{view.left}{space}{view.relation}{space}{view.right}"
        return Safe(self._form.inline(formula.strip()))

    def words(self, words: Words) -> Safe:
        """A sentence with its slots filled."""
        return Safe("".join(self._fill_slots(words, self._form.escape, self.inline)))

    def _fill_slots(
        self, words: Words, text: Callable[[str], Piece], formula: Callable[[Expr | Row], Piece]
    ) -> Iterator[Piece]:
        """The pieces of a sentence and what stands in its slots."""
        ones = list_ones(words.slots)
        for piece, slot in sentence_pieces(self._language, words.key, ones, text):
            if piece is not None:
                yield piece
            if not slot:
                continue
            value = words.slots[slot]
            if isinstance(value, str):
                yield text(value)
            elif isinstance(value, Words):
                yield from self._fill_slots(value, text, formula)
            else:
                yield formula(value)


@lru_cache(maxsize=32)
def _relation(relation: Relation, *, opens: bool = False) -> Box:
    """A relation as boxes; a comma also makes room."""
    if relation == ",":
        return boxes.Row((boxes.COMMA, QUAD))
    return Operator(RELATIONS.get(relation, relation), opens) if relation else NOTHING


@lru_cache(maxsize=4096)
def sentence_pieces(
    language: str, key: str, ones: frozenset[str], text: Callable[[str], Piece]
) -> tuple[tuple[Piece | None, str], ...]:
    """A sentence cut at its slots: each piece as the format writes it, and the slot behind."""
    texts = [*SLOT.split(agree(sentence(language, key), ones)), ""]
    pieces = zip(texts[::2], texts[1::2], strict=True)
    return tuple((text(piece) if piece else None, slot) for piece, slot in pieces)
