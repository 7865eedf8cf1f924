"""Digits enter a page: the numbers of an exercise put in the place of its values.

What depends on digits is decided here and nowhere else: `=` or `≈`, what reads
like its neighbour and is left out, which footnotes are due. A number is held
against what the numbers before it give as they are printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from msgspec.structs import replace

from derive.algebra.entries import write_entries
from derive.algebra.expressions import (
    Add,
    Expr,
    Name,
    Neg,
    Num,
    Pick,
    Value,
    has_node,
    transform,
    walk,
)
from derive.derivation.steps import Step
from derive.numbers import NOTHING, Back, Settled, Shown
from derive.pages.document import (
    Block,
    Cell,
    Grid,
    Heading,
    Label,
    Lines,
    Part,
    Picture,
    Relation,
    Row,
    Say,
    Slot,
    Words,
)

INEXACT: dict[Relation, tuple[Relation, Relation]] = {"is": ("=", "≈"), "about": ("", "≈")}
"""What stands before exact and before rounded values."""
Notes = dict[tuple[str, str], Say]
"""The footnotes of a block by sentence and id."""


class Printed(Protocol):
    """What a page asks of numbers; see `Numbers`."""

    stepwise: bool

    def shown(self, name: str) -> Shown:
        """How an id prints."""

    def step(self, name: str) -> Step:
        """The step of an id."""

    def settle_cases(self, step: Step) -> Settled:
        """The formula of a step with the branch taken in each case."""

    def work_back(self, numbers: Expr, name: str) -> Back:
        """What a line of printed numbers alone gives, set beside what is printed of an id."""


class Filler:
    """Puts the numbers of one exercise into blocks."""

    def __init__(self, numbers: Printed) -> None:
        """Print nothing yet."""
        self.numbers = numbers
        self._values: dict[str, tuple[Num, bool]] = {}

    def blocks(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """Each block, with the footnotes that are due behind it."""
        for block in blocks:
            notes: Notes = {}
            if isinstance(block, Lines):
                yield Lines(tuple(self.rows(block.rows, notes)))
            elif isinstance(block, Grid):
                rows = tuple(tuple(self.cell(c, notes) for c in row) for row in block.rows)
                yield Grid(tuple(map(self.words, block.columns)), rows)
            elif isinstance(block, Say | Heading):
                yield replace(block, words=self.words(block.words))
            elif isinstance(block, Picture):
                yield self._picture(block)
            else:
                yield block
            yield from notes.values()

    def value(self, name: str) -> tuple[Num, bool]:
        """The printed number of an id, and whether it is exact."""
        known = self._values.get(name)
        if known is None:
            shown = self.numbers.shown(name)
            known = self._values[name] = Num(shown.text), shown.exact
        return known

    def expr(self, expr: Expr) -> Expr:
        """A formula with its digits; there is no -0."""
        return transform(expr, self._put_digits)

    def _put_digits(self, node: Expr) -> Expr | None:
        match node:
            case Value(name):
                return self.value(name)[0]
            case Neg(Num() as zero) if zero.is_zero:
                return zero
            case Neg(Value(name)) if self.value(name)[0].is_zero:
                return self.value(name)[0]
            case Add((first, *others)):
                return Add((self.expr(first), *map(self._term, others)))
        return None

    def _term(self, term: Expr) -> Expr:
        """One behind a sign: from a sum a 0 may well be subtracted."""
        return Neg(self.expr(term.arg)) if isinstance(term, Neg) else self.expr(term)

    def words(self, words: Words) -> Words:
        """A sentence with its digits."""
        return Words(words.key, {key: self._slot(slot) for key, slot in words.slots.items()})

    def _slot(self, slot: Slot) -> Slot:
        if isinstance(slot, str):
            return slot
        if isinstance(slot, Words):
            return self.words(slot)
        return self.row(slot) if isinstance(slot, Row) else self.expr(slot)

    def cell(self, cell: Cell, notes: Notes) -> Cell:
        """A table cell with its digits; `notes` are added to."""
        return self.words(cell) if isinstance(cell, Words) else self._line(cell, notes)

    def row(self, row: Row) -> Row:
        """A line with its digits, where no footnote can stand."""
        return self._line(row, {})

    def _line(self, row: Row, notes: Notes) -> Row:
        (filled,) = self.rows((row,), notes)
        return filled

    def _name_corner(self, name: str) -> str:
        """The footnote on a convention that a line needs: of a corner, or of equal numbers."""
        step = self.numbers.step(name)
        if not self.numbers.settle_cases(step).kink:
            return ""
        return "note.tie" if step.expr is not None and has_node(step.expr, Pick) else "note.kink"

    def rows(self, rows: Iterable[Row], notes: Notes) -> list[Row]:
        """Lines with their digits; one of nothing but echoes is left out. `notes` are added to."""
        filled: list[Row] = []
        before: Part | None = None
        numbers: Expr | None = None
        for row in rows:
            due: Notes = {}
            if row.left is not None or row.behind is not None:
                before, numbers = None, row.behind
            parts, numbers = self._parts(row.parts, before, numbers, due)
            corner = self._name_corner(row.of) if row.of else ""
            if corner:
                due[corner, row.of] = _note(corner, row.of)
            if parts:
                left = None if row.left is None else self.expr(row.left)
                remarks = tuple(map(self.words, row.remarks))
                filled.append(Row(left, parts, remarks, mark=bool(due), of=row.of))
                before = parts[-1]
            elif due:
                filled[-1] = replace(filled[-1], mark=True)
            notes |= due
        return filled

    def _parts(
        self, parts: tuple[Part, ...], before: Part | None, numbers: Expr | None, due: Notes
    ) -> tuple[tuple[Part, ...], Expr | None]:
        """The parts that stay, and the last ones in numbers; echoes of neighbours go."""
        filled = [Part(p.relation, self.expr(p.expr), p.boxed, p.echo) for p in parts]
        kept: list[Part] = []
        for index, (part, source) in enumerate(zip(filled, parts, strict=True)):
            behind = filled[index + 1] if index + 1 < len(filled) else None
            ahead = kept[-1] if kept else before
            if part.echo and (self._reads_like(part, ahead) or self._is_echoed(part, behind)):
                continue
            relation = part.relation
            if relation in INEXACT:
                relation = INEXACT[relation][not self._is_exact(source.expr, numbers, due)]
            elif not isinstance(source.expr, Value):
                numbers = None if has_node(source.expr, Name) else source.expr
            kept.append(replace(part, relation=relation, echo=False))
        return tuple(kept), numbers

    def _is_echoed(self, part: Part, behind: Part | None) -> bool:
        return behind is not None and behind.echo and self._reads_like(part, behind)

    def _reads_like(self, part: Part, other: Part | None) -> bool:
        return other is not None and self.are_alike(_signed(part.expr), _signed(other.expr))

    def are_alike(self, one: Expr, other: Expr) -> bool:
        """Whether two formulas with their digits read the same."""
        return one == other

    def _is_exact(self, result: Expr, numbers: Expr | None, due: Notes) -> bool:
        """Whether `=` may stand before a number, or before a matrix of them.

        They must be exact; where each step is rounded also just what the printed
        numbers before them give. Where those round to other digits a footnote is due.
        """
        values = [node.id for node in walk(result) if isinstance(node, Value)]
        exact = all(self.value(name)[1] for name in values)
        if numbers is None:
            return exact
        for name, back in self._work_back(result, numbers):
            exact &= back.same or not self.numbers.stepwise
            if back.other is not None:
                due["note.printed", name] = self._note_printed(name, back.other)
        return exact

    def _work_back(self, result: Expr, numbers: Expr) -> Iterator[tuple[str, Back]]:
        """Each printed number of a result, with what the numbers before it give for it."""
        pairs = zip(write_entries(result), write_entries(numbers), strict=True)
        for printed, computed in pairs:
            for entry, formula in zip(printed, computed, strict=True):
                if isinstance(entry, Value) and not isinstance(formula, Value):
                    yield entry.id, self.numbers.work_back(formula, entry.id)

    def _note_printed(self, name: str, other: str) -> Say:
        if other == NOTHING:
            return _note("note.printed_nothing", name)
        key = "note.printed_stepwise" if self.numbers.stepwise else "note.printed"
        return _note(key, name, printed=Num(other))

    def _picture(self, picture: Picture) -> Picture:
        labels = tuple(Label(self.cell(x.text, {}), x.x, x.y, x.tone) for x in picture.labels)
        dots = tuple(replace(dot, label=self.cell(dot.label, {})) for dot in picture.dots)
        caption = None if picture.caption is None else self.words(picture.caption)
        return replace(picture, labels=labels, dots=dots, caption=caption)


def _note(key: str, name: str, **slots: Expr) -> Say:
    return Say(Words(key, {"id": Name(name), **slots}), note=True)


def _signed(expr: Expr) -> Expr:
    """A negative number as one literal, as values are printed."""
    if isinstance(expr, Neg) and isinstance(expr.arg, Num):
        return Num(f"-{expr.arg.text}")
    return expr
