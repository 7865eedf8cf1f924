"""The derivation cut into slides: what stands under which title, in which order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise

import msgspec

from derive.algebra.expressions import Name
from derive.derivation.steps import Step
from derive.graph import Graph
from derive.naming import PENALTY
from derive.pages.document import Block, Grid, Heading, Lines, Picture, Row, Words
from derive.pages.perceptron import PerceptronSheet, place_of
from derive.pages.places import PlacesSheet
from derive.pages.proofs import ProofSheet
from derive.pages.sheet import Sheet
from derive.pages.worksheet import Worksheet

TABLE_ROWS = 7
"""Rows of a table on one slide."""
SLIDE_ROWS = 5
"""Formula lines on one slide, unless one formula needs more."""
ERRORS = ("unit_error", "error")


class Frame(msgspec.Struct, frozen=True):
    """One title and what stands under it: steps by id, or blocks, or a named drawing."""

    title: Words
    steps: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    drawing: str = ""


def drawings(sheet: Worksheet) -> dict[str, Picture]:
    """Every drawing of the slides by the name of its file."""
    if sheet.graph.presented is not None:
        return {f"drawing-{show}": sheet.drawing(show) for show in ("given", "forward", "updated")}
    if sheet.graph.blocks and not sheet.graph.by_units:
        return {"drawing-given": sheet.drawing("given")}
    shows = ["given", "forward", "values"] + (["updated"] if sheet.derivation.updates else [])
    pictures = {f"drawing-{show}": sheet.drawing(show) for show in shows}
    for name, derivative in _routed(sheet):
        pictures[f"routes-{name}"] = sheet.drawing(name=derivative)
    return pictures


def frames(sheet: Worksheet) -> Iterator[Frame]:
    """Given, forward, error, back unit by unit with its routes, update, new error."""
    pages = sheet.pages("full")
    if sheet.graph.presented is not None:
        assert isinstance(pages, PerceptronSheet)
        yield from _presented(pages)
        return
    assert isinstance(pages, ProofSheet)
    yield Frame(Words("heading.given"), drawing="drawing-given")
    yield from _given(pages)
    for name in pages.definitions():
        yield Frame(Words("heading.forward"), blocks=(pages.definition(name),))
    if isinstance(pages, PlacesSheet):
        yield from _by_layer(pages)
    else:
        yield from _forward(sheet)
        yield Frame(Words("heading.forward"), drawing="drawing-forward")
        yield from _backward(sheet)
        yield Frame(Words("heading.backward"), drawing="drawing-values")
    if not sheet.derivation.updates:
        return
    new = [s.id for s in sheet.derivation.steps({"update"}) if s.updates == 1]
    yield Frame(Words("heading.update"), tuple(new))
    if not isinstance(pages, PlacesSheet):
        yield Frame(Words("heading.update"), drawing="drawing-updated")
    check = tuple(step.id for step in sheet.derivation.steps({"check"}))
    if check:
        yield Frame(Words("heading.check"), check)
    yield Frame(Words("heading.check"), blocks=(pages.compare(),))


def _by_layer(pages: PlacesSheet) -> Iterator[Frame]:
    """The blocks of a sheet with places, forward and back, under the titles of the sheet."""
    title = Words("heading.forward")
    said: list[Block] = []
    for block in (*pages.forward(), *pages.backward()):
        if isinstance(block, Heading):
            title, said = block.words, []
        elif isinstance(block, Grid):
            for at in range(0, len(block.rows), TABLE_ROWS):
                part = Grid(block.columns, block.rows[at : at + TABLE_ROWS])
                yield Frame(title, blocks=(*said, part))
                said = []
        elif isinstance(block, Lines):
            for lines in _split(block):
                yield Frame(title, blocks=(*said, lines))
                said = []
        else:
            said.append(block)


def _split(block: Lines) -> Iterator[Lines]:
    """Formula lines a slide's worth at a time; what belongs to one left side stays together."""
    begins = [at for at, row in enumerate(block.rows) if row.left is not None]
    start = 0
    for at, end in pairwise([*begins, len(block.rows)]):
        if at > start and end - start > SLIDE_ROWS:
            yield Lines(block.rows[start:at])
            start = at
    yield Lines(block.rows[start:])


def list_ids(blocks: Iterable[Block]) -> Iterator[str]:
    """The ids whose values end the lines and cells of some blocks."""
    for block in blocks:
        if isinstance(block, Lines):
            yield from (row.of for row in block.rows)
        elif isinstance(block, Grid):
            yield from (part.of for row in block.rows for part in row if isinstance(part, Row))


def _presented(pages: PerceptronSheet) -> Iterator[Frame]:
    """A perceptron: given, rule, each presentation and its update, how it ends."""
    yield Frame(Words("heading.given"), drawing="drawing-given")
    yield from _given(pages)
    yield from _pair_with_sentences(Words("heading.rule"), pages.rule())
    yield Frame(Words("heading.presentations"), drawing="drawing-forward")
    for p in pages.run.presentations:
        title = Words("heading.presentation", place_of(p))
        for kind in ("value", "update"):
            yield Frame(title, tuple(s.id for s in pages.steps_of(p) if s.kind == kind))
    yield from _pair_with_sentences(Words("heading.ending"), pages.ending())
    yield Frame(Words("heading.ending"), drawing="drawing-updated")


def _pair_with_sentences(title: Words, blocks: Iterable[Block]) -> Iterator[Frame]:
    """A slide for each formula or table, with the sentence before it."""
    said: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading):
            continue
        said.append(block)
        if isinstance(block, Lines | Grid):
            yield Frame(title, blocks=tuple(said))
            said = []
    if said:
        yield Frame(title, blocks=tuple(said))


def _given(pages: Sheet) -> Iterator[Frame]:
    """Tables and formulas of the sheet's first part."""
    for block in pages.given():
        if isinstance(block, Grid):
            for at in range(0, len(block.rows), TABLE_ROWS):
                part = Grid(block.columns, block.rows[at : at + TABLE_ROWS])
                yield Frame(Words("heading.given"), blocks=(part,))
        elif isinstance(block, Lines):
            yield Frame(Words("heading.given"), blocks=(block,))


def _forward(sheet: Worksheet) -> Iterator[Frame]:
    """A title for the units and one for the errors of each sample."""
    graph = sheet.graph

    def part(step: Step) -> tuple[str, int]:
        quantity = graph[step.id]
        return ("error" if quantity.role in ERRORS else "forward"), quantity.sample

    steps = (step for step in sheet.derivation.steps({"forward"}) if step.updates == 0)
    for (key, sample), group in groupby(steps, part):
        title = Words(f"heading.{key}")
        if sample:
            slots = {"sample": Words("term.sample", {"number": str(sample)})}
            title = Words(f"heading.{key}_of", slots)
        yield Frame(title, tuple(step.id for step in group))


def _backward(sheet: Worksheet) -> Iterator[Frame]:
    """Name by name: its routes in the drawing, then its steps."""
    routed = dict(_routed(sheet))
    shown: set[str] = set()
    for name, group in groupby(_first_backward(sheet), lambda step: _place(sheet.graph, step)):
        several = len(sheet.graph.batches) > 1
        title = Words("heading.batch_gradients" if several else "heading.reductions")
        if name == PENALTY:
            title = Words("heading.penalised")
        elif name:
            title = Words("heading.back_to", {"name": Name(name)})
        if name in routed and name not in shown:
            shown.add(name)
            yield Frame(title, drawing=f"routes-{name}")
        yield Frame(title, tuple(step.id for step in group))


def _routed(sheet: Worksheet) -> Iterator[tuple[str, str]]:
    """The names whose routes are drawn, each with the derivative that is drawn."""
    graph = sheet.graph
    if not sheet.graph.blocks:
        for step in _first_backward(sheet):
            if step.kind == "routes":
                yield step.wrt, step.id
        return
    for q in graph.quantities.values():
        if q.role == "activation" and graph.root_of(q.sample) in graph.batch(1).roots:
            own = [p for p in graph[q.uses[0]].uses if graph[p].role == "parameter"]
            if own:
                yield q.id, graph.derivative(graph.root_of(q.sample), own[0])


def _first_backward(sheet: Worksheet) -> Iterable[Step]:
    return sheet.derivation.backward(1)


def _place(graph: Graph, step: Step) -> str:
    """The name under which a derivative stands: in a network the unit it belongs to.

    Empty for what is put together from several samples; the penalty's for what it is part of.
    """
    name = graph.source(step.wrt)
    if not graph.blocks:
        return name
    if step.kind == "reduction":
        return ""
    if step.of == PENALTY or step.kind == "regularised":
        return PENALTY
    quantity = graph[name]
    if quantity.role == "activation":
        return name
    if quantity.role == "preactivation":
        return graph.activation_of(name)
    units = graph.consumers[name]
    receiving = step.of if step.of in units else _receiver(graph, step, units)
    return graph.activation_of(receiving)


def _receiver(graph: Graph, step: Step, units: tuple[str, ...]) -> str:
    """Of the pre-activations that use a parameter, the one of the derivative's sample."""
    sample = graph[step.of].sample
    return next(unit for unit in units if graph[unit].sample in (0, sample))
