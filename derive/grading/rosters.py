"""The members of a class from a table: one name in each row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from derive.errors import SpecError, excerpt, nearest
from derive.grading.layouts import MEMBER
from derive.grading.records import DELIMITERS, decode, read_lines, split_cells, start_reading
from derive.spec.files import open_regular

NAME_CHARACTERS = 200


def read_roster(path: str | Path, column: str | None = None) -> Iterator[str]:
    """The name in each row of a CSV file, in order; rows without one are left out.

    `column` is the title of the column with the names; where none is named, the first one
    that is called so in English or Korean. Raises SpecError at once for a
    table without it.
    """
    rows = _read_rows(path)
    header = [cell.strip() for cell in next(rows, [])]
    if not any(header):
        raise SpecError("", "is empty; write a heading, name or 이름, and below it the names")
    place = _find_column(header, column)
    return _list_names(rows, place, len(header))


def _list_names(rows: Iterator[list[str]], place: int, columns: int) -> Iterator[str]:
    for number, cells in enumerate(rows, 2):
        filled = max((at for at, cell in enumerate(cells, 1) if cell.strip()), default=0)
        if filled > columns:
            raise SpecError(
                f"line {number}",
                f"{filled} cells below a heading of {columns}; put a name with a comma in quotes",
            )
        name = " ".join(cells[place].split()) if place < len(cells) else ""
        if len(name) > NAME_CHARACTERS:
            raise SpecError(f"line {number}", f"a name of more than {NAME_CHARACTERS} characters")
        if name:
            yield name


def _read_rows(path: str | Path) -> Iterator[list[str]]:
    with open_regular(path, "the roster") as file:
        first, stream = start_reading(file)
        if first.startswith(b"PK\x03\x04") or b"\0" in first:
            raise SpecError("", "is no text; save the sheet as CSV")
        head = decode(first)
        delimiter = max(DELIMITERS, key=head.count)
        yield from split_cells(read_lines(first, stream), delimiter)


def _find_column(header: Sequence[str], column: str | None) -> int:
    titles = [title.casefold() for title in header]
    if column is not None:
        if column.strip().casefold() not in titles:
            hint = nearest(column, header)
            raise SpecError("line 1", f"no column is called {excerpt(column)}{hint}")
        return titles.index(column.strip().casefold())
    known = [place for place, title in enumerate(titles) if title in MEMBER]
    if known:
        return known[0]
    shown = excerpt(", ".join(header), 120)
    raise SpecError(
        "line 1",
        f"no column is called name or 이름, got {shown}; write such a heading above the names, "
        "or give --name-column",
    )
