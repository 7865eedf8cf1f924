"""An evening's size: the blanks that teach most, or just some weights and what they need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import msgspec
from msgspec.structs import replace

from derive.algebra.expressions import Expr, Matrix, Mul, Name, has_node, transform
from derive.derivation.steps import Step
from derive.errors import SpecError, nearest
from derive.graph import Graph
from derive.numbers import Numbers
from derive.pages.document import Block, Grid, Heading, Lines, Row, Say, read_number

STAGES = ("backward", "update", "forward", "check")
"""Where most is learned, first; of each kind of step one comes before the second of any."""


class Choice(msgspec.Struct, frozen=True):
    """How much of a sheet is wanted: at most so many blanks, and only some parameters."""

    blanks: int | None = None
    weights: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises SpecError for no number of blanks."""
        if self.blanks is not None and self.blanks < 1:
            raise SpecError("--blanks", f"expected a whole number from 1, got {self.blanks}")


def choose_blanks(numbers: Numbers, steps: dict[int, Step], most: int) -> list[int]:
    """The numbers of the blanks to ask, in their order: one of each kind of step, then by depth.

    Deep is what is far from the error: more of the chain stands before it.
    """
    graph = numbers.derivation.graph
    kinds: dict[tuple[str, ...], list[int]] = {}
    for number, step in steps.items():
        kinds.setdefault(_tell_kind(graph, step), []).append(number)
    ranked = sorted(kinds.values(), key=lambda group: STAGES.index(steps[group[0]].stage))
    first = [group[0] for group in ranked]
    rest = [number for group in ranked for number in group[1:]]
    rest.sort(key=lambda number: (_find_layer(graph, steps[number]), number))
    return sorted((*first, *rest)[:most])


def _tell_kind(graph: Graph, step: Step) -> tuple[str, ...]:
    """Steps that ask for the same thought."""
    roles = (
        graph[name].role if name in graph.quantities else ""
        for name in (graph.split(step.of)[0], graph.source(step.wrt) if step.wrt else "")
    )
    return (step.stage, step.kind, *roles)


def _find_layer(graph: Graph, step: Step) -> int:
    name = graph.source(step.wrt) if step.wrt else graph.split(step.of)[0]
    quantity = graph.quantities.get(name)
    return 0 if quantity is None else quantity.place.layer


class Excerpt:
    """Just some parameters of a sheet, and what their derivatives and new values need."""

    def __init__(self, numbers: Numbers, weights: Sequence[str]) -> None:
        """Raises SpecError for a name that is no parameter here."""
        self.derivation = numbers.derivation
        self.graph = graph = numbers.derivation.graph
        for name in weights:
            if name not in graph.parameters:
                hint = nearest(name, graph.parameters)
                raise SpecError("--weights", f"{name} is no parameter of this sheet{hint}")
        self.weights = weights
        steps = self.derivation.steps(("forward", "backward", "update", "check"))
        self._order = [step.id for step in steps]
        updated = bool(self.derivation.updates) and graph.presented is None
        wanted = [
            graph.after(name, 1) if updated else graph.derivative(graph.objective, name)
            for name in weights
        ]
        self.wanted = self._collect([*wanted, graph.total])

    def _collect(self, names: Iterable[str]) -> set[str]:
        """Some ids and all that they are computed from."""
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            step = None if name in found else self.derivation.step(name)
            if step is not None:
                found.add(name)
                waiting.extend(step.uses)
                waiting.extend(self._name_signal(step))
        return found

    def _name_signal(self, step: Step) -> Iterator[str]:
        """The error signal of a gradient of three factors, which a table names instead of two."""
        if step.kind == "gradient" and isinstance(step.expr, Mul):
            pair = self.graph.parts(step.uses[-1])
            assert pair is not None
            yield self.graph.derivative(step.of, pair[0])

    def blocks(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """The blocks that are left: a sentence goes with all that it announces."""
        for part in _cut_at_headings(blocks):
            if not self._is_of_the_check(part):
                yield from self._keep(part)

    def _is_of_the_check(self, part: Sequence[Block]) -> bool:
        """Whether a section passes forward with new parameters, all of which it would need."""
        head = part[0]
        return isinstance(head, Heading) and head.words.key in ("heading.check", "heading.later")

    def _keep(self, part: Sequence[Block]) -> Iterator[Block]:
        for told, group in groupby(part, lambda block: isinstance(block, Say | Heading)):
            if told:
                said = list(group)
                continue
            kept = [left for block in group if (left := self._reduce(block)) is not None]
            if kept:
                yield from (*said, *kept)
            else:
                yield from (block for block in said if isinstance(block, Heading))
            said = []
        yield from said

    def _reduce(self, block: Block) -> Block | None:
        """A block without the lines and rows that are not wanted; None if nothing is left."""
        if isinstance(block, Lines):
            rows = tuple(map(self._name_unwanted, self._choose_lines(block.rows)))
            return Lines(rows) if rows else None
        if isinstance(block, Grid):
            kept = tuple(row for row in block.rows if self._is_wanted_row(row))
            return Grid(block.columns, kept) if kept else None
        return block

    def _choose_lines(self, rows: Iterable[Row]) -> Iterator[Row]:
        wanted = True
        for row in rows:
            if row.left is not None:
                wanted = self._is_wanted(row.left.id) if isinstance(row.left, Name) else True
            if wanted:
                yield row

    def _name_unwanted(self, row: Row) -> Row:
        """A line whose matrices ask for what is wanted, and name their other entries."""

        def name(node: Expr) -> Expr | None:
            number = read_number(node)
            if number is None or self._order[number - 1] in self.wanted:
                return None
            return Name(self._order[number - 1])

        parts = (replace(p, expr=transform(p.expr, name)) for p in row.parts)
        held = any(has_node(part.expr, Matrix) for part in row.parts)
        return replace(row, parts=tuple(parts)) if held else row

    def _is_wanted_row(self, row: Sequence[object]) -> bool:
        """A row that begins with a parameter is one of it; one of no wanted value goes."""
        head = row[0]
        expr = head.parts[0].expr if isinstance(head, Row) and head.parts else None
        name = expr.id if isinstance(expr, Name) else ""
        if name in self.graph.parameters:
            return name in self.weights
        values = [cell.of for cell in row if isinstance(cell, Row) and cell.of]
        return not values or any(self._is_wanted(value) for value in values)

    def _is_wanted(self, name: str) -> bool:
        """Whether a line of an id stays: what is wanted, and what no step computes."""
        step = self.derivation.step(name)
        return step is None or step.stage == "given" or name in self.wanted


def _cut_at_headings(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """The numbered sections of a sheet."""
    part: list[Block] = []
    for block in blocks:
        if part and isinstance(block, Heading) and block.level == 1:
            yield part
            part = []
        part.append(block)
    if part:
        yield part
