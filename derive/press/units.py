"""A part of a page whose text depends on its own numbers alone, kept by the forms of these."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Literal

import msgspec

from derive.algebra.expressions import Expr
from derive.pages.document import Cell, Row, Words
from derive.press.faces import Faces, Working
from derive.press.masks import Skeleton
from derive.press.tracing import Question, Trace, TracingFiller, prepare
from derive.press.tree import Tree
from derive.render.escape import has_hangul
from derive.render.filling import Filler, Notes
from derive.render.formats import Format
from derive.render.lines import LineWriter, View
from derive.render.safe import Safe
from derive.spec import Spec

Kind = Literal["rows", "cell", "words"]
Content = tuple[Row, ...] | Cell
KEPT = 400
"""Texts of one unit that are kept."""
Outline = tuple[Any, ...]


class Leaf(msgspec.Struct, frozen=True):
    """What a unit reads: its texts, their outline, and the footnotes that are due.

    The outline is all that the block's template sees of the texts; equal ones have one `shape`.
    """

    shape: int
    outline: Outline
    texts: tuple[Skeleton, ...]
    notes: tuple[tuple[Hashable, Skeleton], ...]
    hangul: bool


class Writing:
    """Writes units in a format, with masked numbers."""

    def __init__(self, spec: Spec, form: Format) -> None:
        """Prepare the symbols."""
        self._lines = LineWriter(spec, form)
        self._workings: dict[tuple[Expr, str], Working] = {}
        self._shapes: dict[Outline, int] = {}

    def write(self, unit: Unit, faces: Faces) -> tuple[Leaf, tuple[Question, ...]]:
        """What a unit reads, and the questions on which that depends."""
        trace = Trace(faces, self._find_working)
        notes: Notes = {}
        outline, texts = self._write(unit, TracingFiller(trace), notes)
        below = {name: self._lines.words(note.words) for name, note in notes.items()}
        cut = trace.masks.cut
        leaf = Leaf(
            self._shapes.setdefault(outline, len(self._shapes)),
            outline,
            tuple(map(cut, texts)),
            tuple((name, cut(text)) for name, text in below.items()) if unit.noted else (),
            any(map(has_hangul, (*texts, *below.values()))),
        )
        return leaf, tuple(trace.asked)

    def _write(self, unit: Unit, filler: Filler, notes: Notes) -> tuple[Outline, tuple[str, ...]]:
        content = unit.content
        if isinstance(content, tuple):
            views = self._lines.rows(tuple(filler.rows(content, notes)), unit.width, None)
            outline = tuple((*map(bool, _texts(v)), v.tall, v.goes_on) for v in views)
            return outline, tuple(text for view in views for text in _texts(view))
        if unit.kind == "words":
            assert isinstance(content, Words)
            text = self._lines.words(filler.words(content))
        else:
            text = self._lines.cell(filler.cell(content, notes))
        return (bool(text),), (text,)

    def _find_working(self, formula: Expr, name: str) -> Working:
        key = formula, name
        if key not in self._workings:
            self._workings[key] = Working(formula, name)
        return self._workings[key]


class Unit:
    """A part of a block whose text depends on its own numbers alone."""

    def __init__(self, kind: Kind, content: Content, width: int, *, noted: bool) -> None:
        """`noted` says whether footnotes on it may be due."""
        self.kind = kind
        self.content = content
        self.width = width
        self.noted = noted
        self.constant: Leaf | None = None
        self._tree: Tree[Faces, Question, Leaf] = Tree(prepare, KEPT)

    def find(self, faces: Faces, writing: Writing) -> Leaf:
        """What it reads with the numbers of a sheet."""
        leaf = self.constant or self._tree.find(faces)
        if leaf is None:
            leaf, asked = writing.write(self, faces)
            if asked:
                self._tree.add(faces, asked, leaf)
            else:
                self.constant = leaf
        return leaf


def _texts(view: View) -> tuple[Safe, Safe, Safe, Safe]:
    return view.left, view.relation, view.right, view.remarks
