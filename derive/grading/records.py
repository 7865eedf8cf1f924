"""Lines of CSV as cells: a bad byte, an open quote, an endless line costs its own row."""

from __future__ import annotations

import csv
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from derive import limits
from derive.errors import SpecError

LINE_BYTES = 65_536
"""Where a longer line is cut: no answer is so long, and the rest is not looked at."""
CELL_LINES, CELL_CHARACTERS = 20, 4_000
"""So many lines and characters a row with a cell in quotes may go over."""
CHUNK_BYTES = 4_096
"""So much of UTF-16 is decoded at a time."""
DELIMITERS = ",;\t"


class Source(Protocol):
    """What bytes of a table are read from."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes."""

    def readline(self, size: int, /) -> bytes:
        """At most so many bytes of one line."""


class Limited:
    """Bytes of a table; raises SpecError once more are read than a table may have."""

    def __init__(self, stream: Source) -> None:
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


class Recoded:
    """A stream of UTF-16, which spreadsheets save as text, read as UTF-8."""

    def __init__(self, first: bytes, stream: BinaryIO) -> None:
        """`first` has been read already, and holds the byte order mark."""
        self._stream = stream
        self._decoder = getincrementaldecoder("utf-16")("replace")
        self._text = self._decoder.decode(first)

    def read(self, size: int) -> bytes:
        """At most so many characters."""
        return self._take(size, "")

    def readline(self, size: int) -> bytes:
        """At most so many characters of one line."""
        return self._take(size, "\n")

    def _take(self, size: int, end: str) -> bytes:
        """Characters up to an end, or as many as asked for."""
        while len(self._text) < size and not (end and end in self._text):
            more = self._stream.read(CHUNK_BYTES)
            self._text += self._decoder.decode(more, final=not more)
            if not more:
                break
        cut = self._text.find(end) + 1 if end else 0
        cut = min(cut or size, size)
        taken, self._text = self._text[:cut], self._text[cut:]
        return taken.encode()


def start_reading(raw: BinaryIO) -> tuple[bytes, Limited]:
    """The first line of a table, UTF-16 as UTF-8, and what the rest is read from."""
    stream = Limited(raw)
    first = stream.readline(LINE_BYTES)
    if first.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        stream = Limited(Recoded(first, raw))
        first = stream.readline(LINE_BYTES)
    return first, stream


def decode(raw: bytes) -> str:
    """UTF-8, with a byte order mark or without, else what Korean spreadsheets write."""
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


def read_lines(first: bytes, rest: Limited) -> Iterator[str]:
    """Each line decoded on its own; line ends of every system."""
    line = first
    while line:
        whole = line.endswith(b"\n")
        for part in line.splitlines(keepends=True):
            yield decode(part)
        line = rest.readline(LINE_BYTES)
        while line and not whole:
            whole = line.endswith(b"\n")
            line = rest.readline(LINE_BYTES)


def split_cells(lines: Iterator[str], delimiter: str) -> Iterator[list[str]]:
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
