"""What a sheet to fill in asks, and that nothing asked is printed anywhere on it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from msgspec.structs import replace

from derive.algebra.expressions import Expr, Name, Value, has_node, transform, walk
from derive.derivation.steps import Step
from derive.numbers import Numbers
from derive.pages.choosing import choose_blanks
from derive.pages.document import (
    BLANK,
    REFERENCE,
    Block,
    Cell,
    Grid,
    Heading,
    Lines,
    Part,
    Relation,
    Row,
    Words,
    read_number,
    say,
)

SECOND = 2
"""The section before which is told what is asked."""
SECONDS, ROUND = 75, 5
"""About how long an answer takes; minutes are told in fives."""
SIGNS: dict[Relation, tuple[Relation, Relation]] = {"is": ("=", "≈"), "about": ("", "≈")}
"""What stands before an exact and before a rounded number that is not printed."""


def list_blanks(blocks: Iterable[Block]) -> list[int]:
    """The numbers of the blanks in some blocks, each once, as they stand."""
    found: dict[int, None] = {}
    for row in _list_rows(blocks):
        for part in row.parts:
            found.update(dict.fromkeys(_list_numbers(part.expr)))
    return list(found)


def _list_rows(blocks: Iterable[Block]) -> Iterator[Row]:
    for block in blocks:
        if isinstance(block, Lines):
            yield from block.rows
        elif isinstance(block, Grid):
            for cells in block.rows:
                yield from (cell for cell in cells if not isinstance(cell, Words))


def _list_numbers(expr: Expr) -> Iterator[int]:
    for node in walk(expr):
        number = read_number(node)
        if number is not None:
            yield number


class Handout:
    """Blocks of a sheet with only some of its blanks, and no answer to any of these."""

    def __init__(self, numbers: Numbers, names: list[str], asked: Collection[int]) -> None:
        """`names` are the ids by the numbers of their blanks, from 1; `asked` those to keep."""
        self.numbers = numbers
        self.names = names
        self.asked = asked
        self._places = {names[number - 1]: number for number in asked}

    def blocks(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """The same blocks: what is asked stands as its blank, what is not is printed."""
        for block in blocks:
            if isinstance(block, Lines):
                yield Lines(tuple(map(self._row, block.rows)))
            elif isinstance(block, Grid):
                yield Grid(block.columns, tuple(tuple(map(self._cell, r)) for r in block.rows))
            else:
                yield block

    def _cell(self, cell: Cell) -> Cell:
        return cell if isinstance(cell, Words) else self._row(cell)

    def _row(self, row: Row) -> Row:
        numbers = {number for part in row.parts for number in _list_numbers(part.expr)}
        printed = not numbers <= set(self.asked)
        kept = (part for part in row.parts if not (printed and _is_to_write_in(part.expr)))
        behind = None if row.behind is None else transform(row.behind, self._put)
        if behind is not None and has_node(behind, Name):  # a number that is asked is in it
            behind = None
        return replace(row, parts=tuple(map(self._part, kept)), behind=behind)

    def _part(self, part: Part) -> Part:
        expr = transform(part.expr, self._put)
        name = part.expr.id if isinstance(part.expr, Value) else None
        if name is not None and isinstance(expr, Name) and part.relation in SIGNS:
            exact = self.numbers.is_exact(name)
            return replace(part, relation=SIGNS[part.relation][not exact], expr=expr)
        number = read_number(part.expr)
        if number is not None and isinstance(expr, Value):
            return replace(part, relation="is", expr=expr)
        return replace(part, expr=expr)

    def _put(self, node: Expr) -> Expr | None:
        number = read_number(node)
        if number is not None and number not in self.asked:
            return self._print(self.names[number - 1])
        return self._print(node.id) if isinstance(node, Value) else None

    def _print(self, name: str) -> Expr:
        """A value, or where it is asked its blank's number; a copy is what it is a copy of."""
        source = name
        while source not in self._places:
            step = self.numbers.derivation.step(source)
            before = None if step is None else self._find_source(step)
            if before is None:
                return Value(name)
            source = before
        return Name(f"{BLANK}{self._places[source]}{REFERENCE}")

    def _find_source(self, step: Step) -> str | None:
        """What a step is a copy of, or what is asked near it and has the same digits.

        That is a factor of a product by 1, the largest of several, an old value. A short
        number may be the same by chance.
        """
        if isinstance(step.expr, Name):
            return step.expr.id
        base, updates = self.numbers.derivation.graph.split(step.id)
        near = (*step.uses, base) if updates else step.uses
        places = (name for name in near if name in self._places)
        return next((name for name in places if self.numbers.gives_away(step.id, name)), None)


def _is_to_write_in(expr: Expr) -> bool:
    """Whether a part is nothing but room for the numbers of a line."""
    names = [node for node in walk(expr) if isinstance(node, Name)]
    return bool(names) and all(name.id == BLANK for name in names)


def hand_out(
    numbers: Numbers, blocks: list[Block], names: list[str], most: int | None = None
) -> list[Block]:
    """A sheet on which nothing is asked that is copied, and nothing printed that is asked.

    `names` are the ids by the numbers of their blanks, from 1. Of more than `most`
    blanks those that teach most are asked, and what the others ask for is printed.
    """
    steps = {number: numbers.step(names[number - 1]) for number in sorted(list_blanks(blocks))}
    own = {number: step for number, step in steps.items() if not isinstance(step.expr, Name)}
    asked = list(own) if most is None else choose_blanks(numbers, own, most)
    left = list(Handout(numbers, names, asked).blocks(blocks))
    return list(_announce(left, len(asked), some=len(asked) < len(own)))


def _announce(blocks: list[Block], count: int, *, some: bool) -> Iterator[Block]:
    """The blocks, with what is asked told at the end of the first section."""
    parts = (e for row in _list_rows(blocks) for part in row.parts for e in walk(part.expr))
    refers = any(isinstance(e, Name) and e.id.endswith(REFERENCE) for e in parts)
    sections = 0
    for block in blocks:
        if isinstance(block, Heading) and block.level == 1:
            sections += 1
            if sections == SECOND and count:
                minutes = -(-count * SECONDS // (60 * ROUND)) * ROUND
                yield say("asked", count=str(count), minutes=str(minutes))
                if some:
                    yield say("others_printed")
                if refers:
                    yield say("references")
        yield block
