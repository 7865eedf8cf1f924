"""A document in a format as text, for the numbers of any sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from derive.pages import Worksheet
from derive.pages.document import Block, Document, Heading, Picture, Scene
from derive.press.blocks import PLACES, PrintedBlock, PrintedScene, Printer
from derive.press.faces import Faces
from derive.press.masks import TooManyError
from derive.render.escape import has_hangul
from derive.render.formats import Format
from derive.render.page import Page
from derive.render.qr import Mark
from derive.render.safe import Safe
from derive.spec import Spec

BODY, ORIGIN, TEXT, SVG, RULES = (Safe(chr(0x100000 + at)) for at in range(5))
"""Letters that stand in a page's head for what differs from sheet to sheet."""
Placed = tuple[Block, int, Block | None]
"""A block, the number of its section, the block behind it."""
KEPT = 200
"""Documents that are kept."""


class _AnyCode(Mark):
    """Letters for the code of any sheet."""

    def __init__(self) -> None:
        self.text, self.svg, self.rules = TEXT, SVG, RULES


class _HeadPage(Page):
    """A page that writes a letter for its origin."""

    def origin(self) -> Safe:
        return ORIGIN


class PrintedPages:
    """The pages of one exercise in one format."""

    def __init__(self, spec: Spec, form: Format, sheet: Worksheet) -> None:
        """Nothing is written yet; `sheet` has the structure of all sheets."""
        self._printer = Printer(spec, form, sheet)
        self._head = _HeadPage(spec, form)
        self._known: dict[int, PrintedPage] = {}
        self._blocks = Blocks()

    def write(
        self, document: Document, faces: Faces, origin: str, code: str, *, shared: bool
    ) -> str:
        """A page with the numbers, the origin and the code of a sheet.

        A document that is not `shared` by sheets is like some other one for the most part.
        """
        page = self._known.get(id(document))
        if page is None and not shared:
            page = next(iter(self._known.values()), None)
        if page is None:
            if len(self._known) >= KEPT:
                self._known.clear()
                self._blocks = Blocks()
            page = self._known[id(document)] = PrintedPage(document, self._printer, self._blocks)
        body: list[str] = []
        hangul = page.write(document, faces, body)
        head = page.head(self._head, hangul=hangul)
        mark = Mark(code)
        fill: dict[str, Callable[[], str]] = {
            BODY: lambda: "".join(body),
            ORIGIN: lambda: origin,
            TEXT: lambda: mark.text,
            SVG: lambda: mark.svg,
            RULES: lambda: mark.rules,
        }
        return "".join(fill[part]() if at % 2 else part for at, part in enumerate(head))


class Blocks:
    """Printed blocks of documents that have much in common, by section and place in it."""

    def __init__(self) -> None:
        """There are none."""
        self._known: dict[tuple[int, int], list[PrintedBlock]] = {}
        self._place = 0, 0

    def find(self, placed: Placed) -> PrintedBlock:
        """The block as it stands in another document, or a new one; asked for in order."""
        section, at = self._place
        self._place = placed[1], at + 1 if placed[1] == section else 0
        known = self._known.setdefault(self._place, [])
        for block in known:
            if block.placed == placed:
                return block
        make = PrintedScene if isinstance(placed[0], Scene) else PrintedBlock
        known.append(make(*placed))
        return known[-1]


class PrintedPage:
    """One document, kept block by block."""

    def __init__(self, document: Document, printer: Printer, blocks: Blocks) -> None:
        """Nothing is written yet; `blocks` are those of other documents too."""
        self._document = document
        self._printer = printer
        self._blocks = [blocks.find(placed) for placed in self._place(document)]
        drawings = Picture | Scene
        self._drawn = any(isinstance(block.placed[0], drawings) for block in self._blocks)
        self._heads: dict[bool, list[str]] = {}

    def _place(self, document: Document) -> Iterator[Placed]:
        """Each block that this format has, the number of its section, the block behind it."""
        named = self._printer.page.name_template
        blocks = [block for block in document.blocks if named(block)]
        number = 0
        for block, behind in zip(blocks, chain(blocks[1:], (None,)), strict=True):
            number += isinstance(block, Heading) and block.level == 1
            yield block, number, behind

    def write(self, document: Document, faces: Faces, out: list[str]) -> bool:
        """Add all blocks; whether there is Hangul in them."""
        if document is self._document:
            hangul = False
            for block in self._blocks:
                hangul |= self._write_block(block, faces, out)
            return hangul
        placed = list(self._place(document))
        alike = len(placed) == len(self._blocks)
        hangul = False
        for at, own in enumerate(placed):
            if alike and self._blocks[at].placed == own:
                hangul |= self._write_block(self._blocks[at], faces, out)
            else:
                hangul |= self._write_plain(own, faces, out)
        return hangul

    def _write_block(self, block: PrintedBlock, faces: Faces, out: list[str]) -> bool:
        length = len(out)
        try:
            return block.write(self._printer, faces, out)
        except TooManyError:
            del out[length:]
            return self._write_plain(block.placed, faces, out)

    def _write_plain(self, placed: Placed, faces: Faces, out: list[str]) -> bool:
        text = self._printer.write_plain(*placed, faces)
        out.append(text)
        return has_hangul(text)

    def head(self, page: Page, *, hangul: bool) -> list[str]:
        """What stands around the blocks, cut at its letters."""
        head = self._heads.get(hangul)
        if head is None:
            text = page.render_around(
                self._document, BODY, _AnyCode(), drawn=self._drawn, hangul=hangul
            )
            head = self._heads[hangul] = PLACES.split(text)
        return head
