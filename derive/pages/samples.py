"""The samples after the first: tables with a row for each quantity, a column for each sample."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from derive.algebra.expressions import (
    ONE,
    Cases,
    Expr,
    Mul,
    Name,
    constant,
    has_node,
    mul,
    names,
    rename,
    substitute,
)
from derive.derivation.steps import Step
from derive.pages.document import Block, Cell, Grid, Part, Row, Words, cell
from derive.pages.weights import Receiver, list_factors
from derive.pages.writing import with_values

if TYPE_CHECKING:
    from derive.pages.network import NetworkSheet

MOST_COLUMNS = 3
"""Samples side by side."""
MOST_NAMES = 7
"""Names in a formula that stands in a table; a longer one is only named."""


class SampleTables:
    """What the samples of a network after the first have in common with it, as tables."""

    def __init__(self, sheet: NetworkSheet) -> None:
        """Find each quantity of each sample by the name that all samples share."""
        self.sheet, self.graph = sheet, sheet.graph
        self.first = self.graph[self.graph.roots[0]].sample
        self._ids: dict[int, dict[str, str]] = {}
        for q in self.graph.quantities.values():
            shared = self.graph.without_sample(q.id)
            self._ids.setdefault(q.sample, {})[shared] = q.id

    def forward(self) -> Iterator[Block]:
        """The forward pass and the errors of all samples but the first."""
        roots = self.graph.roots[1:]
        if not roots:
            return
        yield self.sheet.heading("forward_and_error_of", sample=self._name(roots))
        yield self.sheet.say("other_samples", sample=self._name(roots))
        for units in self.sheet.layers[0]:
            yield from self.tables([*(z for z, _ in units), *(a for _, a in units)], roots)
        yield from self.tables(self._list_errors(), roots)

    def errors(self) -> Iterator[Block]:
        """The errors of all samples but the first."""
        roots = self.graph.roots[1:]
        if roots:
            yield self.sheet.heading("error_of", sample=self._name(roots))
            yield self.sheet.say("other_samples", sample=self._name(roots))
            yield from self.tables(self._list_errors(), roots)

    def _list_errors(self) -> tuple[str, ...]:
        return (*self.graph[self.graph.roots[0]].uses, self.graph.roots[0])

    def backward(self) -> Iterator[Block]:
        """The way back of every other sample of the first update, layer by layer."""
        roots = self.graph.batch(1).roots[1:]
        if not roots:
            return
        yield self.sheet.heading("backward_of", sample=self._name(roots))
        by_layer: dict[int, list[str]] = {}
        for step in self.sheet.derivation.backward(1):
            if self.sheet.belongs(step.of, self.graph.roots[0]) and not self._is_read_off(step):
                layer = self.graph[self.graph.source(step.wrt)].place.layer
                by_layer.setdefault(layer, []).append(step.id)
        for layer, ids in by_layer.items():
            yield self.sheet.heading_of_layer(layer)
            yield from self.tables(ids, roots)

    def part(self, steps: Iterable[Step]) -> tuple[list[Step], list[Step]]:
        """Of steps of the forward pass those of the first sample, and those of none."""
        found: dict[int, list[Step]] = {}
        for step in steps:
            found.setdefault(self.graph[self.graph.split(step.id)[0]].sample, []).append(step)
        shared = found.get(0, []) if self.first else []
        return found.get(self.first, []), shared

    def tables(self, ids: Iterable[str], roots: tuple[str, ...]) -> Iterator[Grid]:
        """Some quantities, given by their ids in the first sample, in others by their errors."""
        steps = self.sheet.steps(*ids)
        samples_left = [self.graph[root].sample for root in roots]
        while samples_left:
            tables = -(-len(samples_left) // MOST_COLUMNS)
            size = -(-len(samples_left) // tables)
            samples, samples_left = samples_left[:size], samples_left[size:]
            heads = (Words("term.sample", {"number": str(sample)}) for sample in samples)
            rows = tuple(self._row(step, samples) for step in steps)
            yield Grid((Words("column.quantity"), *heads), rows)

    def _name(self, roots: tuple[str, ...]) -> Words:
        """What a heading calls some samples."""
        if len(roots) > 1:
            return Words("term.other_samples")
        return Words("term.sample", {"number": str(self.graph[roots[0]].sample)})

    def _row(self, step: Step, samples: list[int]) -> tuple[Cell, ...]:
        """The formula without the number of a sample, then its value in each."""
        formula = self._shorten(step)
        shown = rename(formula, self._share)
        readable = len(names(shown)) <= MOST_NAMES and not has_node(shown, Cases)
        parts = (Part("=", shown),) if readable else ()
        head = (
            Row(Name(self._share(step.id)), parts) if parts else cell(Name(self._share(step.id)))
        )
        return head, *(self._value(step, sample) for sample in samples)

    def _value(self, step: Step, sample: int) -> Row:
        """The number of a quantity in a sample, or its blank; what is a copy is never asked."""
        own = self.sheet.write.step(self.move(step.id, sample))
        settled = self.sheet.numbers.settle_cases(own).expr
        formula = self._shorten(own, settled)
        if isinstance(formula, Name):
            shown = own.id if self.sheet.level == "full" else self._find_source(formula)
            return Row(None, (self.sheet.write.value(shown),), of=own.id)
        behind = with_values(formula)
        return Row(None, (self.sheet.number_or_blank(own.id),), of=own.id, behind=behind)

    def _find_source(self, copy: Name) -> str:
        """The id that others are copies of: the error signal where a slope is 1."""
        step = self.sheet.write.step(copy.id)
        formula = None if step.expr is None else self._shorten(step)
        return self._find_source(formula) if isinstance(formula, Name) else copy.id

    def _shorten(self, step: Step, settled: Expr | None = None) -> Expr:
        """A formula with its error signal by name, and with what is read off put in."""
        expr = settled or step.expr
        assert expr is not None
        root = self.graph.root_of(self.graph[step.of].sample) if step.wrt else ""
        if step.kind == "gradient" and len(self.sheet.chain.list_users(root, step.wrt)) == 1:
            (z,) = self.sheet.chain.list_users(root, step.wrt)
            factors = list_factors(self.sheet.write, Receiver(root, z), step.wrt)
            expr = Mul(tuple(map(Name, factors)))
        read = (self.sheet.write.step(name) for name in names(expr))
        short = {s.id: s.expr for s in read if s.expr is not None and self._is_read_off(s)}
        put = substitute(expr, short)
        if isinstance(put, Mul):
            return mul(*(factor for factor in put.factors if factor != ONE))
        return put

    def _is_read_off(self, step: Step) -> bool:
        """Whether it is seen at a glance: a slope that is a name or a number, the only route."""
        expr = step.expr
        if expr is None or step.kind not in ("local", "routes"):
            return False
        return isinstance(expr, Name) or constant(expr) is not None

    def move(self, name: str, sample: int) -> str:
        """The id of the same quantity in another sample: `z1_s2` of `z1_s1`."""
        ids = self._ids[sample]
        return self._rename(name, lambda own: ids.get(self.graph.without_sample(own), own))

    def _share(self, name: str) -> str:
        return self._rename(name, self.graph.without_sample)

    def _rename(self, name: str, change: Callable[[str], str]) -> str:
        """An id with its quantities renamed: those of a derivative too."""
        base, updates = self.graph.split(name)
        pair = self.graph.parts(base)
        renamed = change(base) if pair is None else self.graph.derivative(*map(change, pair))
        return self.graph.after(renamed, updates)
