"""Quantities with places as tables: a step or a column of a map is a column of the table.

Every cell holds the name of its quantity, so that it can be read by itself. Long tables
show their first rows and the last, and the rows with a corner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

import msgspec

from derive.algebra.expressions import Name
from derive.graph import Graph, Quantity
from derive.pages.document import Cell, Grid, Part, Row, Words, cell

LONGEST, SHOWN = 12, 3
"""Rows of a letter up to which all are shown; of more so many, and the last."""
WIDEST = 6
"""Columns up to which a row of a map stands in one row of the table."""
SCORES = ("s", "p")
"""Letters whose last index is a key."""


class Spot(msgspec.Struct, frozen=True):
    """Where the cell of a quantity stands in its table; `kind` says what its columns are."""

    kind: str
    row: tuple[object, ...]
    column: int


def find_spot(graph: Graph, name: str) -> Spot:
    """The spot of a quantity by its place: by its step, else by the last of its indices."""
    place = graph[name].place
    if place.time is not None:
        return Spot("step", (place.letter, place.sample, *place.index), place.time)
    if len(place.index) > 1:
        kind = "key" if place.letter in SCORES else "column"
        return Spot(kind, (place.letter, place.sample, *place.index[:-1]), place.index[-1])
    return Spot("unit", (place.letter, place.sample), place.index[0] if place.index else 1)


def tabulate(
    graph: Graph, names: Iterable[str], write: Callable[[str], Row], corners: set[str]
) -> Iterator[Grid]:
    """Tables of some quantities, one for each kind of column, with what `write` makes of each.

    `corners` are the ids whose rows are never left out.
    """
    for kind, rows in _list_tables(graph, names):
        columns = sorted({column for row in rows.values() for column in row})
        yield _write_table(kind, columns, _choose_rows(rows, corners), write)


def _write_table(
    kind: str,
    columns: list[int],
    rows: list[dict[int, str]],
    write: Callable[[str], Row],
) -> Grid:
    wide = [columns[i : i + WIDEST] for i in range(0, len(columns), WIDEST)]
    cells: list[tuple[Cell, ...]] = []
    for row in rows:
        for part in wide:
            listed = [row.get(column) for column in part]
            if any(listed):
                written = [write(name) if name else cell(Name("")) for name in listed]
                blank = [Words("term.nothing")] * (len(wide[0]) - len(part))
                cells.append((*_fill(written, listed), *blank))
    heads = tuple(Words(f"column.{kind}_at", {"number": str(c)}) for c in wide[0])
    if len(wide) > 1:
        heads = tuple(Words("term.nothing") for _ in wide[0])
    return Grid(heads, tuple(cells))


def _fill(written: list[Row], listed: list[str | None]) -> Iterator[Cell]:
    for row, name in zip(written, listed, strict=True):
        yield row if name else Words("term.nothing")


def _choose_rows(
    rows: dict[tuple[object, ...], dict[int, str]], corners: set[str]
) -> list[dict[int, str]]:
    """Of each letter the first rows, the last, and each with a corner; all of a few."""
    kept: list[dict[int, str]] = []
    for _, group in groupby(rows.items(), lambda item: item[0][0]):
        own = [row for _, row in group]
        last = len(own) - 1
        kept += [
            row
            for at, row in enumerate(own)
            if last < LONGEST or at < SHOWN or at == last or corners.intersection(row.values())
        ]
    return kept


def count_left_out(graph: Graph, names: Iterable[str], corners: set[str]) -> int:
    """How many of some quantities the tables of them leave out."""
    return sum(
        sum(map(len, rows.values())) - sum(map(len, _choose_rows(rows, corners)))
        for _, rows in _list_tables(graph, names)
    )


def _list_tables(
    graph: Graph, names: Iterable[str]
) -> Iterator[tuple[str, dict[tuple[object, ...], dict[int, str]]]]:
    """The kind of the columns of each table, and its rows: names by column."""
    spots = [(find_spot(graph, name), name) for name in names]
    for kind, group in groupby(spots, lambda pair: pair[0].kind):
        rows: dict[tuple[object, ...], dict[int, str]] = {}
        for spot, name in group:
            rows.setdefault(spot.row, {})[spot.column] = name
        yield kind, rows


def frame_window(graph: Graph, names: Iterable[str], framed: set[str]) -> Iterator[Grid]:
    """The ids of a map, or of steps, with some of them in frames."""

    def write(name: str) -> Row:
        return Row(None, (Part("", Name(name), boxed=name in framed),))

    yield from tabulate(graph, names, write, framed)


def list_letters(quantities: Iterable[Quantity]) -> dict[str, list[Quantity]]:
    """Quantities by their letter, in the order in which the letters come first."""
    letters: dict[str, list[Quantity]] = {}
    for quantity in quantities:
        letters.setdefault(quantity.place.letter, []).append(quantity)
    return letters
