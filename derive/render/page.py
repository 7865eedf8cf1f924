"""A document in a format: blocks become strings here, templates only place them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from derive.algebra.expressions import Expr
from derive.numbers import Numbers
from derive.pages.document import (
    Block,
    Cell,
    Code,
    Document,
    Entries,
    Filled,
    Footnote,
    Grid,
    Heading,
    Lines,
    Part,
    Row,
    Say,
    Words,
)
from derive.render.drawings import picture_view
from derive.render.entries import entries_view
from derive.render.escape import has_hangul
from derive.render.filling import Filler
from derive.render.formats import Format
from derive.render.layout import SLIDE_WIDTH, WIDTH, laid_out, with_remarks
from derive.render.notation import Notation
from derive.render.overlays import Overlays, Slide, height
from derive.render.safe import Safe
from derive.render.templating import environment, origin
from derive.render.wording import SLOT, sentence, translated
from derive.spec import Spec

if TYPE_CHECKING:
    import jinja2

RELATIONS = {
    "≈": r" \approx ",
    "=": " = ",
    "<": " < ",
    ">": " > ",
    "≤": r" \le ",
    "≥": r" \ge ",
    "+": " + ",
    ",": r",\quad ",
    "": "",
}
"""The TeX of a relation; a comma also makes room."""

Writes = Callable[[str], str]
"""How a format writes words."""


class View(msgspec.Struct, gc=False):
    """A formula line as strings of the format."""

    left: Safe
    relation: Safe
    right: Safe
    remarks: Safe


class Page:
    """Writes documents of one spec in one format and its language."""

    def __init__(self, spec: Spec, form: Format, numbers: Numbers | None = None) -> None:
        """Prepare the symbols; `numbers` are put in the place of values."""
        self.spec = spec
        self.form = form
        self._filler = None if numbers is None else Filler(numbers)
        self._printer = form.printer(Notation(spec))
        self._printed: dict[Expr, str] = {}
        self._widths: dict[Expr, int] = {}

    def embed(self, document: Document) -> str:
        """The whole page for a place inside another one, whose style it does not touch."""
        return self.render(document, "cell.j2")

    def render(self, document: Document, template: str = "", **more: object) -> str:
        """The whole page as text; `more` is for templates of a format that ask for it."""
        title = document.title or sentence(self.spec.language, f"kind.{document.kind}")
        return self._placed(
            f"{self.form.templates}/{template}" if template else "document.j2",
            list(self.views(document.blocks)),
            title=translated(self.spec.language, title),
            kind=self.words(Words(f"kind.{document.kind}")),
            level=self.words(Words(f"level.{document.level}")),
            **more,
        )

    def file(self, document: Document) -> str | bytes:
        """The page as the content of its file."""
        return self.form.finish(self.render(document))

    def fragment_file(self, blocks: tuple[Block, ...]) -> str | bytes:
        """The same of some blocks alone."""
        return self.form.finish(self.fragment(blocks))

    def fragment(self, blocks: tuple[Block, ...]) -> str:
        """Some blocks alone, for another document to include; narrow enough for a slide."""
        return self.slide(blocks).text

    def slide(self, blocks: tuple[Block, ...]) -> Slide:
        """The same, with what a deck of slides must know of it."""
        overlays = self.form.uncover and Overlays(self.form.uncover)
        views = list(self.views(blocks, SLIDE_WIDTH, overlays))
        count = overlays.count if overlays else 1
        text = self._placed("fragment.j2", views, uncovers=count > 1)
        return Slide(text, count, sum(map(height, views)))

    def body(self, blocks: tuple[Block, ...]) -> Safe:
        """Some blocks in the middle of a slide, uncovered at once."""
        views = list(self.views(blocks, SLIDE_WIDTH))
        found = self._template("blocks.j2").render(folder=self.form.templates, blocks=views)
        return Safe(found)

    def deck(self, slides: list[dict[str, Any]]) -> str:
        """A document of slides, each with its title and what it shows."""
        title = translated(self.spec.language, self.spec.title)
        words = [title, *(slide["title"] for slide in slides)]
        return self._template("slides/deck.j2").render(
            origin=self.origin(), title=title, slides=slides, hangul=has_hangul("".join(words))
        )

    def _placed(self, template: str, views: list[dict[str, Any]], **head: object) -> str:
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
                yield {"type": "say", "text": text, "note": block.note}
            elif isinstance(block, Lines):
                rows = [line for row in block.rows for line in laid_out(row, self.width, width)]
                told = any(row.remarks for row in rows)
                rows = with_remarks(rows, self.width, self._length, width)
                yield {
                    "type": "lines",
                    "rows": [self.row(row, overlays, whole=told) for row in rows],
                }
            elif isinstance(block, Grid):
                yield self.grid(block)
            elif isinstance(block, Code):
                yield {"type": "code", "text": Safe(block.text)}
            elif isinstance(block, Entries):
                yield entries_view(block, self.words(Words("practice.check")), self._inline)
            else:
                uncovers = overlays is not None and overlays.routes(block)
                yield picture_view(block, self.cell) | {"uncovers": uncovers}

    def _fill(self, blocks: Iterable[Block]) -> Iterable[Filled]:
        """Blocks with the numbers of the exercise, or those that hold their own."""
        if self._filler is not None:
            return self._filler.blocks(blocks)
        return (block for block in blocks if not isinstance(block, Footnote))

    def grid(self, block: Grid) -> dict[str, Any]:
        """A table as strings."""
        return {
            "type": "grid",
            "columns": [self.words(words) for words in block.columns],
            "rows": [[self.cell(cell) for cell in row] for row in block.rows],
        }

    def row(self, row: Row, overlays: Overlays | None = None, *, whole: bool = False) -> View:
        """A formula line: left side, first relation, the rest, remarks.

        On a slide a `whole` line is uncovered part by part, any other one
        factor by factor.
        """
        if not row.parts:
            return self._remark_line(row, overlays)
        left = self.math(row.left) if row.left is not None else ""
        relation = RELATIONS[row.parts[0].relation].strip()
        mark = r"\;{}^{\dagger}" if row.mark else ""
        remarks = self._remarks(row)
        if overlays is None:
            right = "".join(self._pieces(row, self._whole)) + mark
        else:
            first, *others = self._pieces(row, self._whole if whole else self._cut)
            right = overlays.next(f"{relation} {first}")  # apart, TeX takes a minus for binary
            left, relation = overlays.with_last(left), ""
            right += "".join(map(overlays.next, others)) + overlays.with_last(mark)
            remarks = overlays.with_last(remarks)
        formula = self.form.formula
        return View(*(Safe(formula(text)) for text in (left, relation, right, remarks)))

    def _remarks(self, row: Row) -> str:
        return self.form.word(", ").join(map(self.words_in_formula, row.remarks))

    def _remark_line(self, row: Row, overlays: Overlays | None) -> View:
        """Remarks on a line of their own, together with the line that they explain."""
        text = r"\quad \quad " + self._remarks(row)
        shown = text if overlays is None else overlays.with_last(text)
        return View(Safe(), Safe(), Safe(self.form.formula(shown)), Safe())

    def _length(self, row: Row) -> int:
        """Characters of a line's remarks; a formula in one counts with its signs."""
        texts = [self._filled(words, str, self.math) for words in row.remarks]
        return len(", ".join(texts))

    def _pieces(self, row: Row, cut: Callable[[Part], list[str]]) -> Iterator[str]:
        """What stands right of the first relation, in pieces."""
        for index, part in enumerate(row.parts):
            first, *others = cut(part)
            yield RELATIONS[part.relation] + first if index else first
            yield from others

    def _whole(self, part: Part) -> list[str]:
        text = self.math(part.expr)
        return [rf"\boxed{{{text}}}" if part.boxed else text]

    def _cut(self, part: Part) -> list[str]:
        return self._whole(part) if part.boxed else self._printer.pieces(part.expr)

    def math(self, expr: Expr) -> str:
        """A formula in this format, printed once."""
        found = self._printed.get(expr)
        if found is None:
            found = self._printed[expr] = self._printer(expr)
        return found

    def width(self, expr: Expr) -> int:
        """Visible characters of a formula in this format, counted once."""
        found = self._widths.get(expr)
        if found is None:
            found = self._widths[expr] = self.form.width(self.math(expr))
        return found

    def cell(self, cell: Cell) -> Safe:
        """A table cell."""
        if isinstance(cell, Words):
            return self.words(cell)
        view = self.row(cell)
        space = " " if view.left or view.relation else ""
        formula = f"{view.left}{space}{view.relation}{space}{view.right}"
        return Safe(self.form.inline(formula.strip()))

    def words(self, words: Words) -> Safe:
        """A sentence with its slots filled."""
        return self._filled(words, self.form.escape, self._inline)

    def _inline(self, expr: Expr) -> str:
        return self.form.inline(self.form.formula(self.math(expr)))

    def words_in_formula(self, words: Words) -> Safe:
        """The same inside a formula, as remarks stand."""
        return self._filled(words, self.form.word, self.math)

    def _filled(self, words: Words, text: Writes, formula: Callable[[Expr], str]) -> Safe:
        pieces: list[str] = []
        for piece, slot in sentence_pieces(self.spec.language, words.key, text):
            pieces.append(piece)
            if not slot:
                continue
            value = words.slots[slot]
            if isinstance(value, str):
                pieces.append(text(value))
            elif isinstance(value, Words):
                pieces.append(self._filled(value, text, formula))
            else:
                pieces.append(formula(value))
        return Safe("".join(pieces))


@lru_cache(maxsize=4096)
def sentence_pieces(language: str, key: str, text: Writes) -> tuple[tuple[str, str], ...]:
    """A sentence cut at its slots: each piece as the format writes it, and the slot behind."""
    found = [*SLOT.split(sentence(language, key)), ""]
    pieces = zip(found[::2], found[1::2], strict=True)
    return tuple((text(piece) if piece else "", slot) for piece, slot in pieces)
