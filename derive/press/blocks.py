"""A block of a page as text, for the numbers of any sheet.

A block is made of units: the lines of a quantity, a cell, a sentence. Of each unit the texts
are kept by the forms of its numbers; of the block, what its template writes about them.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from copy import copy
from typing import Any

import msgspec

from derive.numbers import Numbers
from derive.pages import Worksheet
from derive.pages.document import Block, Cell, Picture, Row, Scene, Words
from derive.press.documents import Overheard
from derive.press.documents import Question as Asked
from derive.press.documents import prepare as prepare_questions
from derive.press.faces import Faces
from derive.press.masks import Skeleton
from derive.press.tree import Tree
from derive.press.units import Content, Kind, Leaf, Unit, Writing
from derive.render.escape import has_hangul
from derive.render.filling import Filler
from derive.render.formats import Format
from derive.render.lines import LineWriter, View
from derive.render.overlays import Overlays
from derive.render.page import Page
from derive.render.safe import Safe
from derive.spec import Spec

KEPT = 400
"""Drawings, and outlines of units, of one block that are kept."""
FIRST = 0x100000
"""The first of the letters that stand for the texts of a block's units."""
PLACES = re.compile("([\U00100000-\U0010fffd])")


class Places(LineWriter):
    """Writes a letter for each text of a unit, for a page that lays out the block."""

    def __init__(self, spec: Spec, form: Format, writing: Writing) -> None:
        """Nothing is written."""
        super().__init__(spec, form)
        self._writing = writing
        self.start([], [], None)

    def start(self, units: list[Unit], leaves: list[Leaf], faces: Faces | None) -> None:
        """Begin a block with some units; those that are new are found with `faces`."""
        self.units = units
        self.leaves = leaves
        self._faces = faces
        self._next = 0
        self.noted = True
        self.places: list[tuple[int, int]] = []
        """Which text of which unit each letter stands for."""

    def rows(self, rows: tuple[Row, ...], width: int, overlays: Overlays | None) -> list[View]:
        """The lines of each quantity are a unit."""
        assert overlays is None
        return [view for group in _group(rows) for view in self._place_rows(group, width)]

    def _place_rows(self, rows: tuple[Row, ...], width: int) -> Iterator[View]:
        at, leaf = self._take("rows", rows, width)
        for number, (*_, tall, goes_on) in enumerate(leaf.outline):
            texts = [self._place(at, leaf, 4 * number + field) for field in range(4)]
            left, relation, right, remarks = texts
            yield View(left, relation, right, remarks, tall, goes_on)

    def cell(self, cell: Cell) -> Safe:
        """A cell is a unit."""
        return self._place_text("cell", cell)

    def words(self, words: Words) -> Safe:
        """So is a sentence."""
        return self._place_text("words", words)

    def _place_text(self, kind: Kind, content: Cell) -> Safe:
        at, leaf = self._take(kind, content)
        return self._place(at, leaf, 0)

    def _take(self, kind: Kind, content: Content, width: int = 0) -> tuple[int, Leaf]:
        at = self._next
        self._next += 1
        if at == len(self.units):
            assert self._faces is not None
            unit = Unit(kind, content, width, noted=self.noted)
            self.units.append(unit)
            self.leaves.append(unit.find(self._faces, self._writing))
        return at, self.leaves[at]

    def _place(self, at: int, leaf: Leaf, field: int) -> Safe:
        text = leaf.texts[field]
        if self.units[at].constant is not None or text.is_empty:
            return Safe(text.fill({}))
        self.places.append((at, field))
        return Safe(chr(FIRST + len(self.places) - 1))

    def place_note(self, number: int) -> Safe:
        """A letter for a footnote."""
        self.places.append((-1, number))
        return Safe(chr(FIRST + len(self.places) - 1))


class Frame(msgspec.Struct, frozen=True):
    """What a block's template writes about its units: texts, and which unit's text behind each."""

    texts: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    hangul: bool


class PrintedBlock:
    """One block of a document, for the numbers of any sheet."""

    def __init__(self, block: Block, number: int, behind: Block | None) -> None:
        """`number` is that of its section, `behind` the block after it."""
        self.placed = block, number, behind
        self._units: list[Unit] = []
        self._live: list[tuple[int, Unit]] = []
        self._leaves: list[Leaf] = []
        self._frames: dict[Hashable, Frame] = {}
        self._known = False
        self._constant: Frame | None = None

    def write(self, printer: Printer, faces: Faces, out: list[str]) -> bool:
        """Add the text with the numbers of a sheet; whether there is Hangul in it."""
        if self._constant is not None:
            out += self._constant.texts
            return self._constant.hangul
        if not self._known:
            self._meet(printer, faces)
        notes: dict[Hashable, Skeleton] = {}
        leaves, shapes, hangul = self._leaves, [], False
        for at, unit in self._live:
            leaf = leaves[at] = unit.find(faces, printer.writing)
            shapes.append(leaf.shape)
            hangul |= leaf.hangul
            if leaf.notes:
                notes.update(leaf.notes)
        frame = self._frames.get((*shapes, *notes))
        if frame is None:
            frame = self._lay_out(printer, notes)
            if len(self._frames) >= KEPT:
                self._frames.clear()
            self._frames[(*shapes, *notes)] = frame
        if not self._live:
            self._constant = frame
        digits = faces.digits
        below = tuple(notes.values())
        for text, (at, field) in zip(frame.texts, frame.places, strict=False):
            skeleton = below[field] if at < 0 else leaves[at].texts[field]
            out.append(text)
            out.append(skeleton.fill(digits))
        out.append(frame.texts[-1])
        return hangul or frame.hangul

    def _meet(self, printer: Printer, faces: Faces) -> None:
        """Find the units, and which of them are not the same on all sheets."""
        self._place(printer, faces)
        self._live = [(at, u) for at, u in enumerate(self._units) if u.constant is None]
        self._known = True

    def _place(self, printer: Printer, faces: Faces | None) -> dict[str, Any]:
        """The block with a letter for each text of a unit."""
        block, number, _ = self.placed
        printer.places.start(self._units, self._leaves, faces)
        printer.places.noted = not isinstance(block, Picture)
        view = printer.page.view(block, number)
        assert view is not None
        return view

    def _lay_out(self, printer: Printer, notes: Mapping[Hashable, Skeleton]) -> Frame:
        """What the template writes about the units as they are, and so many notes."""
        views = [self._place(printer, None)]
        places = printer.places
        views += [{**NOTE, "text": places.place_note(number)} for number in range(len(notes))]
        text = printer.page.write_blocks(views, self.placed[2])
        pieces = PLACES.split(text)
        order = tuple(places.places[ord(mark) - FIRST] for mark in pieces[1::2])
        return Frame(tuple(pieces[::2]), order, has_hangul(text))


NOTE: Mapping[str, object] = {"type": "say", "note": True, "back": False, "step": 1}
"""The view of a footnote, but for its text."""


class PrintedScene(PrintedBlock):
    """A drawing, laid out anew where its numbers are longer or shorter."""

    def __init__(self, block: Block, number: int, behind: Block | None) -> None:
        """As of any block."""
        super().__init__(block, number, behind)
        self._drawn: Tree[Numbers, Asked, PrintedBlock] = Tree(prepare_questions, KEPT)

    def write(self, printer: Printer, faces: Faces, out: list[str]) -> bool:
        """Add the drawing with the numbers of a sheet; whether there is Hangul in it."""
        scene, number, behind = self.placed
        assert isinstance(scene, Scene)
        drawn = self._drawn.find(faces.numbers)
        if drawn is None:
            sheet, heard = copy(printer.sheet), Overheard(faces.numbers)
            sheet.numbers = heard
            drawn = PrintedBlock(sheet.drawing(scene.show), number, behind)
            self._drawn.add(faces.numbers, heard.asked, drawn)
        return drawn.write(printer, faces, out)


class Printer:
    """Writes the blocks of one spec in one format."""

    def __init__(self, spec: Spec, form: Format, sheet: Worksheet) -> None:
        """Prepare the symbols; `sheet` is what drawings are made of."""
        self.sheet = sheet
        self.writing = Writing(spec, form)
        self.places = Places(spec, form, self.writing)
        self.page = Page(spec, form, lines=self.places)
        self._plain = Page(spec, form)

    def write_plain(self, block: Block, number: int, behind: Block | None, faces: Faces) -> Safe:
        """A block by itself, written anew."""
        if isinstance(block, Scene):
            sheet = copy(self.sheet)
            sheet.numbers = faces.numbers
            block = sheet.drawing(block.show)
        filled = Filler(faces.numbers).blocks([block])
        views = [self._plain.view(one, number) for one in filled]
        return self._plain.write_blocks([view for view in views if view is not None], behind)


def _group(rows: tuple[Row, ...]) -> Iterator[tuple[Row, ...]]:
    """Lines that are read together; all of them where remarks stand at one margin."""
    if any(row.remarks for row in rows):
        yield rows
        return
    group: list[Row] = []
    for row in rows:
        begins = row.left is not None or row.behind is not None
        if group and begins and not all(part.echo for part in row.parts):
            yield tuple(group)
            group = []
        group.append(row)
    if group:
        yield tuple(group)
