"""A training run as lines of printed numbers, and these as the blocks of a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from derive import limits
from derive.algebra.expressions import Name, Num
from derive.errors import SpecError
from derive.graph import Graph
from derive.naming import LEARNING_RATE
from derive.numbers import Shown, rounding
from derive.numbers.run import State, count_updates, follow_run
from derive.pages.document import (
    Block,
    Document,
    Grid,
    Row,
    Say,
    Slot,
    Words,
    cell,
)
from derive.pages.graphs import run_curve
from derive.pages.presentations import ending, rows
from derive.pages.writing import write_number
from derive.spec import Spec, build

MOST_PARAMETERS = 12
"""Parameters up to which a table shows each; of more it shows only the error."""
ROOM = 80
"""Characters of a line of a printed page."""
SHORTEST = 13
"""Characters of a number with an exponent."""
GAP = 2
UPDATES = Words("training.updates")


class Line(msgspec.Struct, frozen=True):
    """The printed numbers after `step` updates, the error first."""

    step: int
    numbers: tuple[Shown, ...]


class Table(msgspec.Struct, frozen=True):
    """A run that is not computed yet: ids of its columns, the error first.

    A perceptron has no error; its columns are the weights.
    """

    spec: Spec
    graph: Graph
    columns: tuple[str, ...]
    updates: int

    def lines(self) -> Iterator[Line]:
        """The lines, each computed when it is asked for; raises SpecError where one cannot be."""
        if self.graph.presented is not None:
            return (Line(step, shown) for step, shown in enumerate(rows(self.graph)))
        return follow_run(self.spec, self._line)

    def _line(self, state: State) -> Line:
        return Line(state.step, tuple(state.show(name) for name in self.columns))


def table(spec: Spec) -> Table:
    """The table of a spec's run; raises SpecError where nothing is trained."""
    graph = build(spec)
    if graph.presented is not None:
        return Table(spec, graph, graph.parameters, graph.updates)
    count = count_updates(spec)
    return Table(spec, graph, (graph.total, *_choose_columns(graph)), count)


def _choose_columns(graph: Graph) -> tuple[str, ...]:
    """Parameters, and what an optimizer keeps beside them, as far as there is room."""
    states = tuple(q.id for q in graph.of_role("state"))
    for names in ((*graph.parameters, *states), graph.parameters):
        if len(names) <= MOST_PARAMETERS:
            return names
    return ()


def check_size(table: Table) -> None:
    """Raises SpecError for a table that is too long for a page."""
    numbers = (table.updates + 1) * len(table.columns)
    if numbers > limits.PAGE_STEPS:
        raise SpecError(
            "steps",
            f"{numbers} numbers are more than the {limits.PAGE_STEPS} of a page; "
            "take --format csv",
        )


def document(table: Table, lines: Iterable[Line]) -> Document:
    """The run as a page: how it is made, the numbers, what became of the error."""
    computed = tuple(lines)
    blocks = (*_opening(table), *_grids(table, computed), *_closing(table, computed))
    return Document(
        table.spec.title, "training", "run" if table.graph.presented is None else "weights", blocks
    )


def _opening(table: Table) -> Iterator[Block]:
    spec = table.spec
    yield Say(_rule(table))
    rate = Num(str(table.graph[LEARNING_RATE].typed))
    slots: dict[str, Slot] = {"rate": Name(LEARNING_RATE), "value": rate}
    yield Say(Words("training.rate", slots))
    for q in table.graph.quantities.values():
        if q.role in ("setting", "factor"):
            given: dict[str, Slot] = {"name": Name(q.id), "value": Num(q.typed)}
            yield Say(Words(f"training.{q.role}", given))
    yield Say(Words(f"say.{spec.rounding}", {"decimals": str(spec.decimals)}))


def _rule(table: Table) -> Words:
    """How an update is made."""
    graph = table.graph
    if graph.presented is not None:
        biased = len(graph.parameters) > len(graph.blocks[0].inputs)
        key = "say.rule" if biased else "say.rule_without_bias"
        return Words(key, {"difference": Name(graph.total)})
    if graph.method is not None:
        return Words(graph.method.words, {"rate": Name(LEARNING_RATE)})
    return Words("say.update_up" if graph.ascends else "say.update")


def _grids(table: Table, lines: tuple[Line, ...]) -> Iterator[Grid]:
    """As many columns side by side as a page has room for."""
    most = max(1, ROOM // (max(table.spec.decimals + 3, SHORTEST) + GAP))
    for start in range(0, len(table.columns), most):
        names = table.columns[start : start + most]
        heads = (UPDATES, *(Words("training.quantity", {"name": Name(n)}) for n in names))
        rows = tuple(
            (
                cell(Num(str(line.step))),
                *(Row(None, (write_number(n),)) for n in line.numbers[start : start + most]),
            )
            for line in lines
        )
        yield Grid(heads, rows)


def _closing(table: Table, lines: tuple[Line, ...]) -> Iterator[Block]:
    if table.graph.presented is not None:
        yield ending(table.graph.presented)
        return
    old, new = lines[0].numbers[0], lines[-1].numbers[0]
    slots: dict[str, Slot] = {
        "quantity": Name(table.graph.total),
        "old": Num(old.text),
        "new": Num(new.text),
    }
    yield Say(Words(f"say.result_{rounding.compare(old, new)}", slots))
    if len(table.graph.parameters) >= len(table.columns):
        count = str(len(table.graph.parameters))
        yield Say(Words("training.many", {"count": count}))
    errors = [line.numbers[0] for line in lines]
    yield run_curve(errors, Words("training.drawn", {"error": Name(table.graph.total)}))
    yield Say(Words("training.curve"))
