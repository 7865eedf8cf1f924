"""Rows of CSV: a bad byte, an open quote, an endless line costs its own row and no other."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO

from derive import limits
from derive.checking.marking import Given
from derive.errors import SpecError, excerpt

LINE_BYTES = 65_536
"""Where a longer line is cut: no answer is so long, and the rest is not looked at."""
CELL_LINES, CELL_CHARACTERS = 20, 4_000
"""So many lines and characters a row with a cell in quotes may go over."""
DELIMITERS = ",;\t"
COLUMNS = {
    "id": ("id", "문항", "항목"),
    "answer": ("answer", "답", "답안"),
    "student": ("student", "학생", "이름"),
}
"""What a column may be called in a header."""


class Limited:
    """Bytes of a table; raises SpecError once more are read than a table may have."""

    def __init__(self, stream: BinaryIO) -> None:
        """Nothing has been read."""
        self._stream = stream
        self._bytes = self._reads = 0

    def read(self, size: int) -> bytes:
        """At most so many bytes."""
        return self._counted(self._stream.read(size))

    def readline(self, size: int) -> bytes:
        """At most so many bytes of one line."""
        return self._counted(self._stream.readline(size))

    def _counted(self, data: bytes) -> bytes:
        self._bytes += len(data)
        self._reads += 1
        if self._bytes > limits.TABLE_BYTES:
            raise SpecError("", f"larger than {limits.TABLE_BYTES} bytes; give it in parts")
        if self._reads > limits.TABLE_LINES:
            raise SpecError("", f"more than {limits.TABLE_LINES} lines; give it in parts")
        return data


def read_answers(first: bytes, rest: Limited) -> Iterator[Given]:
    """The answers in a table whose first line has been read; raises SpecError for no header."""
    lines = _lines(first, rest)
    header = next(lines, "")
    delimiter, columns = _columns(header)
    for cells in _records(lines, delimiter):
        if any(cell.strip() for cell in cells):
            yield _row(cells, columns)


def decode(raw: bytes) -> str:
    """UTF-8, with a byte order mark or without, else what Korean spreadsheets write."""
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


def _lines(first: bytes, rest: Limited) -> Iterator[str]:
    """Each line decode on its own; line ends of every system."""
    line = first
    while line:
        whole = line.endswith(b"\n")
        for part in line.splitlines(keepends=True):
            yield decode(part)
        line = rest.readline(LINE_BYTES)
        while line and not whole:
            whole = line.endswith(b"\n")
            line = rest.readline(LINE_BYTES)


def _records(lines: Iterator[str], delimiter: str) -> Iterator[list[str]]:
    """Rows of cells; a quote that is never closed is a character like others."""
    waiting: deque[str] = deque()
    while True:
        line = waiting.popleft() if waiting else next(lines, None)
        if line is None:
            return
        if '"' not in line:
            yield line.rstrip("\r\n").split(delimiter)
            continue
        taken = [line]
        cells = _cells(taken, delimiter)
        size = len(line)
        while cells is None and len(taken) < CELL_LINES and size < CELL_CHARACTERS:
            more = waiting.popleft() if waiting else next(lines, None)
            if more is None:
                break
            taken.append(more)
            size += len(more)
            cells = _cells(taken, delimiter) if '"' in more else None
        if cells is None:
            waiting.extendleft(reversed(taken[1:]))
            cells = next(csv.reader(taken[:1], delimiter=delimiter, quoting=csv.QUOTE_NONE))
        yield cells


def _cells(lines: list[str], delimiter: str) -> list[str] | None:
    """One row over some lines; None where a quote stays open or is closed amid a cell."""
    try:
        return next(csv.reader(lines, delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        return None


def _columns(header: str) -> tuple[str, dict[str, int]]:
    """The delimiter under which a header names its columns, and where each stands."""
    for delimiter in DELIMITERS:
        cells = next(_records(iter([header]), delimiter), [])
        named = [cell.strip().lower() for cell in cells]
        places = {
            column: named.index(word)
            for column, words in COLUMNS.items()
            for word in words
            if word in named
        }
        if "id" in places and "answer" in places:
            for place in places.values():
                if named.count(named[place]) > 1:
                    raise SpecError("line 1", f"two columns are called {named[place]}; keep one")
            return delimiter, places
    raise SpecError(
        "line 1",
        f"expected a header with the columns id and answer, got {excerpt(header.strip())!r}",
    )


def _row(cells: list[str], columns: dict[str, int]) -> Given:
    def cell(column: str) -> str:
        place = columns.get(column, len(cells))
        return cells[place] if place < len(cells) else ""

    student = cell("student").strip() if "student" in columns else None
    return Given(student, cell("id").strip(), cell("answer"))
