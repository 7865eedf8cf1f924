"""A document in a format: blocks become strings here, templates only place them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from derive.algebra.expressions import Expr, Name
from derive.numbers import Numbers
from derive.pages.document import (
    Block,
    Cell,
    Code,
    Document,
    Entries,
    Grid,
    Heading,
    Lines,
    Part,
    Relation,
    Row,
    Say,
    Words,
)
from derive.render import boxes
from derive.render.boxes import NOTHING, Box, Operator, Symbol
from derive.render.drawings import picture_view
from derive.render.escape import has_hangul
from derive.render.filling import Filler
from derive.render.formats import Format
from derive.render.layout import SLIDE_WIDTH, WIDTH, lay_out, measure_width, with_remarks
from derive.render.notation import choose_notation
from derive.render.origin import origin
from derive.render.overlays import Overlays, Slide, height
from derive.render.printing import choose_printer
from derive.render.safe import Safe
from derive.render.templating import environment
from derive.render.wording import SLOT, agree, list_ones, sentence, translate_title
from derive.spec import Spec

if TYPE_CHECKING:
    import jinja2

QUAD = Symbol("quad")
RELATIONS = {"≈": "approx", "≤": "le", "≥": "ge"}
"""Relations whose sign has another name."""
DAGGER = boxes.Row((Symbol("thick"), boxes.Scripted(NOTHING, above=Symbol("dagger"))))
NO_TEXT = Safe()
Piece = TypeVar("Piece")
"""What a sentence is put together from: text or boxes."""


class View(msgspec.Struct, gc=False):
    """A formula line as strings of the format; a slide is told whether it holds a fraction."""

    left: Safe
    relation: Safe
    right: Safe
    remarks: Safe
    tall: bool


class Page:
    """Writes documents of one spec in one format and its language."""

    def __init__(self, spec: Spec, form: Format, numbers: Numbers | None = None) -> None:
        """Prepare the symbols; `numbers` are put in the place of values.

        What is written of a formula is kept.
        """
        self.spec = spec
        self.form = form
        self._filler = None if numbers is None else Filler(numbers)
        self._boxes = choose_printer(choose_notation(spec))
        self._width = cache(lambda expr: measure_width(self._boxes(expr)))
        self._remarks_width = lambda row: measure_width(self._remarks(row))
        self._inline = cache(lambda slot: Safe(form.inline(form.write(self._formula(slot)))))

    def embed(self, document: Document) -> str:
        """The whole page for a place inside another one, whose style it does not touch."""
        return self.render(document, "cell.j2")

    def render(self, document: Document, template: str = "", **more: object) -> str:
        """The whole page as text; `more` is for templates of a format that ask for it."""
        title = document.title or sentence(self.spec.language, f"kind.{document.kind}")
        return self._fill_template(
            f"{self.form.templates}/{template}" if template else "document.j2",
            list(self.views(document.blocks)),
            title=translate_title(self.spec.language, title),
            kind=self.words(Words(f"kind.{document.kind}")),
            level=self.words(Words(f"level.{document.level}")),
            **more,
        )

    def file(self, document: Document) -> str | bytes:
        """The page as the content of its file."""
        return self.form.finish(self.render(document))

    def fragment_file(self, blocks: tuple[Block, ...]) -> str | bytes:
        """A file of some blocks alone, to be put into another document."""
        return self.form.finish(self.fragment(blocks))

    def fragment(self, blocks: tuple[Block, ...]) -> str:
        """Some blocks alone, for another document to include; narrow enough for a slide."""
        return self.slide(blocks).text

    def slide(self, blocks: tuple[Block, ...]) -> Slide:
        """The same, with what a deck of slides must know of it."""
        overlays = Overlays() if self.form.uncover else None
        views = list(self.views(blocks, SLIDE_WIDTH, overlays))
        count = overlays.count if overlays else 1
        text = self._fill_template("fragment.j2", views, uncovers=count > 1)
        return Slide(text, count, sum(map(height, views)))

    def body(self, blocks: tuple[Block, ...]) -> Safe:
        """Some blocks in the middle of a slide, uncovered at once."""
        views = list(self.views(blocks, SLIDE_WIDTH))
        text = self._template("blocks.j2").render(folder=self.form.templates, blocks=views)
        return Safe(text)

    def deck(self, slides: list[dict[str, Any]]) -> str:
        """A document of slides, each with its title and what it shows."""
        title = translate_title(self.spec.language, self.spec.title)
        words = [title, *(slide["title"] for slide in slides)]
        return self._template("slides/deck.j2").render(
            origin=self.origin(), title=title, slides=slides, hangul=has_hangul("".join(words))
        )

    def _fill_template(self, template: str, views: list[dict[str, Any]], **head: object) -> str:
        """The blocks and what stands above them; a template is told whether there is Hangul."""
        folder = self.form.templates
        body = Safe(self._template("blocks.j2").render(folder=folder, blocks=views))
        return self._template(template).render(
            folder=folder,
            language=Safe(self.spec.language),
            origin=self.origin(),
            body=body,
            drawn=any(view["type"] == "picture" for view in views),
            alone=self.form.finish is not str,
            hangul=has_hangul("".join((body, *map(str, head.values())))),
            **head,
        )

    def origin(self) -> Safe:
        """Which program and which spec made a page; no date."""
        return Safe(origin(self.spec))

    def _template(self, name: str) -> jinja2.Template:
        return environment(self.form).get_template(name)

    def views(
        self, blocks: tuple[Block, ...], width: int = WIDTH, overlays: Overlays | None = None
    ) -> Iterator[dict[str, Any]]:
        """Each block as strings under the name of its template."""
        number = 0
        for block in self._fill(blocks):
            if isinstance(block, Heading):
                number += block.level == 1
                text = self.words(block.words)
                yield {"type": "heading", "level": block.level, "number": number, "text": text}
            elif isinstance(block, Say):
                text = self.words(block.words)
                step = overlays.count if overlays is not None and block.note else 1
                yield {"type": "say", "text": text, "note": block.note, "step": step}
            elif isinstance(block, Lines):
                rows = [line for row in block.rows for line in lay_out(row, self._width, width)]
                whole = any(row.remarks for row in rows)
                rows = with_remarks(rows, self._width, self._remarks_width, width)
                yield {"type": "lines", "rows": [self.row(r, overlays, whole=whole) for r in rows]}
            elif isinstance(block, Grid):
                yield self.grid(block)
            elif isinstance(block, Code):
                yield {"type": "code", "text": Safe(block.text)}
            elif isinstance(block, Entries):
                check = self.words(Words("practice.check"))
                yield {"type": "entries", "check": check, "entries": self.entries(block)}
            elif self.form.draws:
                uncovers = overlays is not None and overlays.routes(block)
                yield picture_view(block, self.cell) | {"uncovers": uncovers}

    def entries(self, block: Entries) -> list[dict[str, Any]]:
        """Blanks to type into: number, id as text and as a formula."""
        return [
            {"number": entry.number, "id": entry.id, "label": self._inline(Name(entry.id))}
            for entry in block.entries
        ]

    def _fill(self, blocks: Iterable[Block]) -> Iterable[Block]:
        """Blocks with the numbers of the exercise, or those that hold their own."""
        return blocks if self._filler is None else self._filler.blocks(blocks)

    def grid(self, block: Grid) -> dict[str, Any]:
        """A table as strings."""
        return {
            "type": "grid",
            "columns": [self.words(words) for words in block.columns],
            "rows": [[self.cell(cell) for cell in row] for row in block.rows],
        }

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
            relation = _relation(row.parts[0].relation, opens=True)
        else:  # together with the line that they explain
            mark, remarks = boxes.compose(QUAD, QUAD, remarks), NOTHING
        if overlays is not None:
            opened = [overlays.next(boxes.compose(relation, piece)) for piece in pieces[:1]]
            left, relation = overlays.with_last(left), NOTHING
            pieces = [*opened, *map(overlays.next, pieces[1:])]
            mark, remarks = overlays.with_last(mark), overlays.with_last(remarks)
        right, text = boxes.compose(*pieces, mark), self._text
        if self.form.line_break and overlays is None and row.parts:
            written = self._join(row, mark, line_break or self.form.line_break)
            return View(text(left), text(relation), written, text(remarks), tall=False)
        tall = overlays is not None and boxes.Fraction in map(type, boxes.walk((left, right)))
        return View(text(left), text(relation), text(right), text(remarks), tall)

    def _join(self, row: Row, mark: Box, line_break: str) -> Safe:
        """What stands right of the first relation, with all places at which a line may end."""
        pieces: list[Box] = []
        for index, part in enumerate(row.parts):
            whole = [boxes.Wrapped("boxed", self._boxes(part.expr))]
            first, *others = whole if part.boxed else self._boxes.breaks(part.expr)
            pieces += [boxes.compose(_relation(part.relation), first) if index else first, *others]
        pieces[-1] = boxes.compose(pieces[-1], mark)
        return Safe(line_break.join(self._text(piece) for piece in pieces))

    def _text(self, box: Box) -> Safe:
        return NO_TEXT if box is NOTHING else Safe(self.form.write(box).strip())

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
        parts = ((_relation(part.relation), self._boxes(part.expr)) for part in slot.parts)
        return boxes.compose(left, *chain.from_iterable(parts))

    def _pieces(self, row: Row, *, cut: bool) -> Iterator[Box]:
        """What stands right of the first relation, cut at factors or in whole parts."""
        for index, part in enumerate(row.parts):
            first, *others = self._boxes.pieces(part.expr) if cut else [self._boxes(part.expr)]
            if part.boxed:
                first, others = boxes.Wrapped("boxed", self._boxes(part.expr)), []
            yield boxes.compose(_relation(part.relation), first) if index else first
            yield from others

    def cell(self, cell: Cell) -> Safe:
        """A table cell."""
        if isinstance(cell, Words):
            return self.words(cell)
        match cell:
            case Row(None, (Part("", expr, False),), (), False):
                return self._inline(expr)
        view = self.row(cell, line_break=self.form.cell_break)
        space = " " if view.left or view.relation else ""
        formula = f"{view.left}{space}{view.relation}{space}{view.right}"
        return Safe(self.form.inline(formula.strip()))

    def words(self, words: Words) -> Safe:
        """A sentence with its slots filled."""
        return Safe("".join(self._fill_slots(words, self.form.escape, self._inline)))

    def _fill_slots(
        self, words: Words, text: Callable[[str], Piece], formula: Callable[[Expr | Row], Piece]
    ) -> Iterator[Piece]:
        """The pieces of a sentence and what stands in its slots."""
        ones = list_ones(words.slots)
        for piece, slot in sentence_pieces(self.spec.language, words.key, ones, text):
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
