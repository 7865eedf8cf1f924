"""Tables of answers: TOML, JSON and CSV as people and their spreadsheets save them."""

from __future__ import annotations

import csv
import io
import json
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from derive import limits
from derive.checking.marking import Given
from derive.errors import SpecError, excerpt

STDIN = "-"
DELIMITERS = ",;\t"
COLUMNS = {
    "id": ("id", "문항", "항목"),
    "answer": ("answer", "답", "답안"),
    "student": ("student", "학생", "이름"),
}
"""What a column may be called in a header."""


def rows(source: str) -> Iterator[Given]:
    """The answers of a file, or of stdin for `-`, one by one; raises SpecError for no table.

    TOML and JSON hold `id -> answer`, or `student -> id -> answer`; anything
    else is CSV with a header. One bad cell is still a row, to be judged unreadable.
    """
    if source == STDIN:
        yield from _of_lines(sys.stdin.buffer)
        return
    path = Path(source)
    try:
        if path.suffix.lower() in (".toml", ".json"):
            yield from _of_tables(_text(path), path.suffix.lower())
            return
        with path.open("rb") as file:
            yield from _of_csv(file)
    except OSError as error:
        raise SpecError("", f"cannot be read ({error.strerror or error})") from None


def _of_lines(stream: Iterable[bytes]) -> Iterator[Given]:
    """Stdin in whichever of the three forms its first line shows."""
    lines = iter(stream)
    first = next(lines, b"")
    start = first.decode("utf-8-sig", "replace").strip()
    if not start.startswith(("{", "#", "[", '"')) and "=" not in start:
        yield from _of_csv(_chained(first, lines))
        return
    text = _decoded(_limited(_chained(first, lines)))
    yield from _of_tables(text, ".json" if start.startswith("{") else ".toml")


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _limited(lines: Iterable[bytes]) -> bytes:
    found = bytearray()
    for line in lines:
        found += line
        if len(found) > limits.FILE_BYTES:
            raise SpecError("", f"larger than {limits.FILE_BYTES} bytes; use CSV for long tables")
    return bytes(found)


def _text(path: Path) -> str:
    with path.open("rb") as file:
        return _decoded(_limited(file))


def _decoded(raw: bytes) -> str:
    """UTF-8, with a byte order mark or without, else what Korean spreadsheets write."""
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "replace")


def _of_tables(text: str, suffix: str) -> Iterator[Given]:
    pairs = _toml(text) if suffix == ".toml" else _json(text)
    for name, value in pairs:
        if isinstance(value, list) and all(isinstance(item, tuple) for item in value):
            for inner, answer in value:
                yield Given(name, inner, _typed(answer))
        else:
            yield Given(None, name, _typed(value))


def _toml(text: str) -> list[tuple[str, Any]]:
    try:
        found = tomllib.loads(text, parse_float=str)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        raise SpecError("", f"is no TOML: {excerpt(str(error), 120)}") from None
    return [
        (name, list(value.items()) if isinstance(value, dict) and value else value)
        for name, value in found.items()
    ]


def _json(text: str) -> list[tuple[str, Any]]:
    try:
        found = json.loads(text, parse_float=str, parse_int=str, object_pairs_hook=list)
    except (ValueError, RecursionError) as error:
        raise SpecError("", f"is no JSON: {excerpt(str(error), 120)}") from None
    if not isinstance(found, list) or not all(isinstance(item, tuple) for item in found):
        raise SpecError("", 'expected an object of id and answer, such as {"W5+": "0.437"}')
    return found


def _typed(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else "" if value is None else str(value)


def _of_csv(lines: Iterable[bytes]) -> Iterator[Given]:
    """Line by line: each is UTF-8 or cp949 on its own, so that one bad line costs only itself."""
    texts = (_decoded(line) for line in lines)
    header = next(texts, "")
    delimiter, columns = _columns(header)
    reader = csv.reader(texts, delimiter=delimiter)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Given(None, "", f"\0{error}")
            continue
        if any(cell.strip() for cell in cells):
            yield _row(cells, columns)


def _columns(header: str) -> tuple[str, dict[str, int]]:
    """The delimiter under which a header names its columns, and where each stands."""
    for delimiter in DELIMITERS:
        cells = next(csv.reader(io.StringIO(header), delimiter=delimiter), [])
        named = [cell.strip().lower() for cell in cells]
        found = {
            column: named.index(word)
            for column, words in COLUMNS.items()
            for word in words
            if word in named
        }
        if "id" in found and "answer" in found:
            return delimiter, found
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
