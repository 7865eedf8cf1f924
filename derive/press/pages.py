"""A document in a format as text, for the numbers of any sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from derive.pages.document import Block, Document, Heading, Picture
from derive.press.blocks import PLACES, PrintedBlock, Printer
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

    def __init__(self, spec: Spec, form: Format) -> None:
        """Nothing is written yet."""
        self._printer = Printer(spec, form)
        self._head = _HeadPage(spec, form)
        self._known: dict[int, PrintedPage] = {}

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
            page = self._known[id(document)] = PrintedPage(document, self._printer)
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


class PrintedPage:
    """One document, kept block by block."""

    def __init__(self, document: Document, printer: Printer) -> None:
        """Nothing is written yet."""
        self._document = document
        self._printer = printer
        self._blocks = [PrintedBlock(*placed) for placed in self._place(document)]
        self._drawn = any(isinstance(block.placed[0], Picture) for block in self._blocks)
        self._heads: dict[bool, list[str]] = {}

    def _place(self, document: Document) -> Iterator[tuple[Block, int, Block | None]]:
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

    def _write_plain(
        self, placed: tuple[Block, int, Block | None], faces: Faces, out: list[str]
    ) -> bool:
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
