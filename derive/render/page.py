"""A document in a format: blocks become strings here, templates only place them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from derive.algebra.expressions import Name
from derive.errors import check_known
from derive.numbers import Numbers
from derive.pages.document import (
    Block,
    Code,
    Document,
    Entries,
    Grid,
    Heading,
    Lines,
    Picture,
    Say,
    Scene,
    Words,
)
from derive.render.breaking import cut_blocks, group, keep_rows
from derive.render.drawings import picture_view
from derive.render.escape import has_hangul
from derive.render.filling import Filler
from derive.render.formats import Format
from derive.render.layout import SLIDE_WIDTH, WIDTH, WIDTHS_OF_SLIDES
from derive.render.lines import LineWriter
from derive.render.origin import origin
from derive.render.overlays import Overlays, Slide, height
from derive.render.qr import Mark
from derive.render.safe import Safe
from derive.render.templating import environment
from derive.render.wording import sentence, translate_title
from derive.spec import Spec

if TYPE_CHECKING:
    import jinja2

TEMPLATES: dict[type[Block], str] = {
    Heading: "heading",
    Say: "say",
    Lines: "lines",
    Grid: "grid",
    Picture: "picture",
    Scene: "picture",
    Entries: "entries",
    Code: "code",
}
"""The template of each type of block."""


class Page:
    """Writes documents of one spec in one format and its language."""

    def __init__(
        self,
        spec: Spec,
        form: Format,
        numbers: Numbers | None = None,
        slide_width: str = "full",
        lines: LineWriter | None = None,
    ) -> None:
        """Prepare the symbols; `numbers` are put in the place of values, by `lines` if given.

        Raises SpecError for a width that slides do not have.
        """
        check_known("--width", "width", slide_width, WIDTHS_OF_SLIDES)
        self.slide_width = WIDTHS_OF_SLIDES[slide_width]
        self.spec = spec
        self.form = form
        self.lines = lines or LineWriter(spec, form)
        self._filler = None if numbers is None else Filler(numbers)

    def embed(self, document: Document) -> str:
        """The whole page for a place inside another one, whose style it does not touch."""
        return self.render(document, "cell.j2")

    def render(
        self, document: Document, template: str = "", code: str = "", **more: object
    ) -> str:
        """The whole page as text, with the code of the sheet if it has one.

        `more` is for templates of a format that ask for it.
        """
        return self._fill_template(
            f"{self.form.templates}/{template}" if template else "document.j2",
            list(self.views(document.blocks)),
            **self._head(document, Mark(code) if code else None),
            **more,
        )

    def render_around(
        self, document: Document, body: Safe, code: Mark | None, *, drawn: bool, hangul: bool
    ) -> str:
        """The page of a document about a body that is written already.

        `drawn` says whether there is a drawing in it, `hangul` whether there is Hangul.
        """
        head = self._head(document, code)
        return self._place("document.j2", body, head, drawn=drawn, hangul=hangul)

    def _head(self, document: Document, code: Mark | None) -> dict[str, object]:
        title = document.title or sentence(self.spec.language, f"kind.{document.kind}")
        return {
            "title": translate_title(self.spec.language, title),
            "kind": self.lines.words(Words(f"kind.{document.kind}")),
            "level": self.lines.words(Words(f"level.{document.level}")),
            "code": code,
            "code_word": self.lines.words(Words("page.code")),
        }

    def file(self, document: Document, code: str = "") -> str | bytes:
        """The page as the content of its file; `code` is printed on it."""
        return self.form.finish(self.render(document, code=code))

    def fragment_file(self, blocks: tuple[Block, ...]) -> str | bytes:
        """A file of some blocks alone, to be put into another document."""
        return self.form.finish(self.fragment(blocks))

    def picture_file(self, blocks: tuple[Block, ...]) -> str | bytes:
        """A picture of some blocks without a background."""
        views = list(self.views(blocks, self.slide_width))
        text = self._fill_template("fragment.j2", views, uncovers=False, clear=True)
        return self.form.finish(text)

    def fragment(self, blocks: tuple[Block, ...]) -> str:
        """Some blocks alone, for another document to include; narrow enough for a slide."""
        return self.slide(blocks).text

    def slide(self, blocks: tuple[Block, ...]) -> Slide:
        """The same, with what a deck of slides must know of it."""
        overlays = Overlays() if self.form.uncover else None
        views = list(self.views(blocks, self.slide_width, overlays))
        count = overlays.count if overlays else 1
        text = self._fill_template("fragment.j2", views, uncovers=count > 1, clear=False)
        return Slide(text, count, sum(map(height, views)))

    def body(self, blocks: tuple[Block, ...]) -> tuple[Safe, float]:
        """Some blocks in the middle of a slide, uncovered at once, and their height."""
        views = list(self.views(blocks, SLIDE_WIDTH))
        return self.write_blocks(views), sum(map(height, views))

    def deck(self, slides: list[dict[str, Any]]) -> str:
        """A document of slides, each with its title and what it shows."""
        title = translate_title(self.spec.language, self.spec.title)
        words = [title, *(slide["title"] for slide in slides)]
        return self._template("slides/deck.j2").render(
            origin=self.origin(), title=title, slides=slides, hangul=has_hangul("".join(words))
        )

    def write_blocks(self, views: list[dict[str, Any]], behind: Block | None = None) -> Safe:
        """Some views as they stand on the page; `behind` is the block after them, if any."""
        after = {
            "type": "" if behind is None else self.name_template(behind),
            "note": isinstance(behind, Say) and behind.note,
            "back": isinstance(behind, Say) and behind.back,
        }
        folder, mark = self.form.templates, Safe(self.form.mark)
        template = self._template("blocks.j2")
        return Safe(template.render(folder=folder, blocks=views, mark=mark, behind=after))

    def _fill_template(self, template: str, views: list[dict[str, Any]], **head: object) -> str:
        """The blocks and what stands above them; a template is told whether there is Hangul."""
        drawn = any(view["type"] == "picture" for view in views)
        return self._place(template, self.write_blocks(views), head, drawn=drawn)

    def _place(
        self,
        template: str,
        body: Safe,
        head: Mapping[str, object],
        *,
        drawn: bool,
        hangul: bool = False,
    ) -> str:
        """A body under its head; with a font for `hangul` also where only the head has some."""
        return self._template(template).render(
            folder=self.form.templates,
            language=Safe(self.spec.language),
            origin=self.origin(),
            body=body,
            drawn=drawn,
            alone=self.form.finish is not str,
            hangul=hangul or has_hangul("".join((body, *map(str, head.values())))),
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
            number += isinstance(block, Heading) and block.level == 1
            view = self.view(block, number, width, overlays)
            if view is not None:
                yield view

    def view(
        self, block: Block, number: int, width: int = WIDTH, overlays: Overlays | None = None
    ) -> dict[str, Any] | None:
        """A block as strings under the name of its template; None for what cannot be drawn.

        `number` is that of the section that the block stands in, or opens.
        """
        kind = self.name_template(block)
        if isinstance(block, Heading):
            text = self.lines.words(block.words)
            return {"type": kind, "level": block.level, "number": number, "text": text}
        if isinstance(block, Say):
            text = self.lines.words(block.words)
            step = overlays.count if overlays is not None and block.note else 1
            return {
                "type": kind,
                "text": text,
                "note": block.note,
                "back": block.back,
                "step": step,
            }
        if isinstance(block, Lines):
            rows = self.lines.rows(block.rows, width, overlays)
            paged = self.form.paged and width == WIDTH
            parts = cut_blocks(rows) if paged else [rows]
            return {"type": kind, "rows": rows, "parts": parts, "paged": paged}
        if isinstance(block, Grid):
            return self.grid(block)
        if isinstance(block, Code):
            return {"type": kind, "text": Safe(block.text)}
        if isinstance(block, Entries):
            check = self.lines.words(Words("practice.check"))
            return {"type": kind, "check": check, "entries": self.entries(block)}
        if not kind or isinstance(block, Scene):
            return None
        uncovers = overlays is not None and overlays.routes(block)
        return picture_view(block, self.lines.cell) | {"uncovers": uncovers}

    def name_template(self, block: Block) -> str:
        """The name of a block's template; empty for what this format cannot draw."""
        drawn = self.form.draws or not isinstance(block, Picture | Scene)
        return TEMPLATES[type(block)] if drawn else ""

    def entries(self, block: Entries) -> list[dict[str, Any]]:
        """Blanks to type into: number, id as text and as a formula."""
        return [
            {"number": entry.number, "id": entry.id, "label": self.lines.inline(Name(entry.id))}
            for entry in block.entries
        ]

    def _fill(self, blocks: Iterable[Block]) -> Iterable[Block]:
        """Blocks with the numbers of the exercise, or those that hold their own."""
        return blocks if self._filler is None else self._filler.blocks(blocks)

    def grid(self, block: Grid) -> dict[str, Any]:
        """A table as strings."""
        rows = [[self.lines.cell(cell) for cell in row] for row in block.rows]
        kept = keep_rows([row[0] for row in rows])
        return {
            "type": "grid",
            "columns": [self.lines.words(words) for words in block.columns],
            "rows": rows,
            "kept": kept,
            "groups": group(kept),
        }
