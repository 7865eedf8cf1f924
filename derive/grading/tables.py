"""Tables of answers: TOML, JSON, CSV and workbooks as people and their spreadsheets save them."""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from derive import limits
from derive.checking.marking import Given
from derive.errors import SpecError, excerpt, spell
from derive.grading.layouts import CODE, EXPECTED, WORKING, Ids, Layout, find_layout
from derive.grading.origins import Origin, read_origin
from derive.grading.records import (
    DELIMITERS,
    Limited,
    decode,
    read_lines,
    split_cells,
    start_reading,
)
from derive.grading.workbooks import MAGIC, OLD_MAGIC, SAVE, read_workbook
from derive.spec.files import open_regular
from derive.spec.reading import LONG_KEY

Pairs = list[tuple[str, Any]]
"""An object of TOML or JSON, twice given keys included."""
STDIN = "-"
TABLES = (".toml", ".json")
REMARK, SEPARATOR = "# ", "sep="
"""How a line begins that is no header: a comment, or what a spreadsheet says of its commas."""
PARTS = ("answer", "working")
"""What stands in the table of one answer."""
COMMENT_LINES = 20
"""So many lines of a form are looked at for how it was made."""


class Table(msgspec.Struct, frozen=True):
    """Answers one by one, what their form says of its making, and titles that name no id."""

    rows: Iterator[Given]
    origin: Origin = Origin()
    left_out: tuple[str, ...] = ()


@contextmanager
def open_table(source: str, ids: Ids) -> Iterator[Table]:
    """The answers of a file, or of stdin for `-`; raises SpecError for no table.

    TOML and JSON hold `id -> answer`, or `student -> id -> answer`; anything else
    is CSV, or the first sheet of a workbook, with a header that `find_layout` knows.
    One bad cell is still a row, to be judged unreadable.
    """
    if source == STDIN:
        if sys.stdin is None:
            raise SpecError("", "is closed")
        try:
            yield _of_stream(sys.stdin.buffer, "", ids)
        except OSError as error:
            raise SpecError("", f"cannot be read ({error.strerror or error})") from None
        return
    suffix = Path(source).suffix.lower()
    with open_regular(source, "the file of answers, or - for stdin") as file:
        yield _of_stream(file, suffix if suffix in TABLES else ".csv", ids)


def _of_stream(raw: BinaryIO, suffix: str, ids: Ids) -> Table:
    """Answers in the form of a file's ending, or in that which the first line shows."""
    first, stream = start_reading(raw)
    if first.startswith(OLD_MAGIC):
        raise SpecError("", f"is an old .xls workbook; {SAVE}")
    if first.startswith(MAGIC):
        whole = _read_small(first, stream)
        return _of_workbook(iter(read_workbook(whole)), ids)
    suffix = suffix or _form(decode(first).strip())
    if suffix not in TABLES:
        return _of_lines(read_lines(first, stream), ids)
    text = decode(_read_small(first, stream))
    lines = text.split("\n", COMMENT_LINES)[:COMMENT_LINES]
    comments = (line for line in lines if line.startswith(REMARK))
    return Table(_of_text(text, suffix, ids), _origin(comments))


def _read_small(first: bytes, stream: Limited) -> bytes:
    raw = first + stream.read(limits.FILE_BYTES)
    if len(raw) > limits.FILE_BYTES:
        raise SpecError("", f"larger than {limits.FILE_BYTES} bytes; use CSV for long tables")
    return raw


def _of_lines(lines: Iterator[str], ids: Ids) -> Table:
    """CSV, cut at the delimiter under which its first line is a header."""
    remark = Origin()
    head = ""
    for head in lines:
        if head.strip() and not head.lstrip(' "').startswith((REMARK, SEPARATOR)):
            break
        remark = _origin([head], remark)
    below = next((line for line in lines if line.strip()), "")
    for delimiter in DELIMITERS:
        header, row = (next(split_cells(iter([t]), delimiter), []) for t in (head, below))
        layout = find_layout(header, row, ids)
        if layout is not None:
            rows = split_cells(chain([below], lines), delimiter)
            return Table(_answers(rows, layout), _origin([head], remark), layout.left_out)
    raise _no_header(head)


def _of_workbook(rows: Iterator[list[str]], ids: Ids) -> Table:
    """A sheet of cells: its first row that holds something is the header."""
    filled = (row for row in rows if any(cell.strip() for cell in row))
    header, below = next(filled, []), next(filled, [])
    layout = find_layout(header, below, ids)
    if layout is None:
        raise _no_header(", ".join(header))
    return Table(_answers(chain([below], filled), layout), _origin(header), layout.left_out)


def _answers(rows: Iterable[list[str]], layout: Layout) -> Iterator[Given]:
    filled = (cells for cells in rows if any(cell.strip() for cell in cells))
    answers = chain.from_iterable(map(layout.read, filled))
    yield from islice(answers, limits.TABLE_LINES)
    if next(answers, None) is not None:
        raise SpecError("", f"more than {limits.TABLE_LINES} answers; give it in parts")


def _origin(texts: Iterable[str], none: Origin = Origin()) -> Origin:  # noqa: B008  frozen
    """What the first of some texts says that says anything."""
    return next((origin for text in texts if (origin := read_origin(text)).digest), none)


def _no_header(head: str) -> SpecError:
    return SpecError("line 1", f"{EXPECTED}; got {excerpt(head.strip())!r}")


def _form(start: str) -> str:
    if start.startswith("{"):
        return ".json"
    return ".toml" if start.startswith(("#", "[")) or "=" in start else ".csv"


def _of_text(text: str, suffix: str, ids: Ids) -> Iterator[Given]:
    pairs = _toml(text) if suffix == ".toml" else _json(text)
    own = _find_code(pairs, ids)
    for name, value in pairs:
        holds_answers = isinstance(value, list) and all(isinstance(item, tuple) for item in value)
        if holds_answers and not _is_answer(name, value, ids):
            owner = _find_code(value, ids) or name
            for inner, answer in _leave_code(value, ids):
                yield _read_value(owner, inner, answer, ids)
        elif not _is_code(name, ids):
            yield _read_value(own, name, value, ids)


def _read_value(owner: str | None, name: str, value: Any, ids: Ids) -> Given:  # noqa: ANN401
    """An answer, an answer with its lines, or the lines of a whole sheet."""
    if _is_answer(name, value, ids):
        parts = dict(value)
        return Given(owner, name, *(_typed(parts.get(key, "")) for key in PARTS))
    if _is_working(name, ids):
        return Given(owner, "", "", _typed(value))
    return Given(owner, name, _typed(value))


def _is_working(name: str, ids: Ids) -> bool:
    """Whether a key holds the lines of a whole sheet, and is no id of the exercise."""
    return name.strip().casefold() in WORKING and ids.find(name) is None


def _is_answer(name: str, value: object, ids: Ids) -> bool:
    """Whether a table holds one answer with the lines that lead to it."""
    keys = dict(value) if isinstance(value, dict | list) and _is_table(value) else {}
    return bool(keys) and keys.keys() <= set(PARTS) and ids.find(name) is not None


def _is_table(value: Any) -> bool:  # noqa: ANN401  anything of JSON
    return isinstance(value, dict) or all(isinstance(item, tuple) for item in value)


def _is_code(name: str, ids: Ids) -> bool:
    """Whether a key is the code of a sheet, and no id of the exercise."""
    return name.strip().casefold() in CODE and ids.find(name) is None


def _find_code(pairs: Pairs, ids: Ids) -> str | None:
    """The code among some answers; None where there is none."""
    codes = (value for name, value in pairs if _is_code(name, ids) and isinstance(value, str))
    return next(codes, None)


def _leave_code(pairs: Pairs, ids: Ids) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in pairs if not _is_code(name, ids))


def _toml(text: str) -> list[tuple[str, Any]]:
    if LONG_KEY.search(text):
        raise SpecError("", f"a key of more than {limits.KEY_PARTS} parts; write ids in quotes")
    try:
        table = tomllib.loads(text, parse_float=str)
    except (ValueError, RecursionError) as error:
        problem = excerpt(str(error), 120)
        raise SpecError("", f'is no TOML: {problem}; a line is "W5+" = "0.437"') from None
    return [
        (name, list(value.items()) if isinstance(value, dict) else value)
        for name, value in table.items()
    ]


def _json(text: str) -> list[tuple[str, Any]]:
    try:
        pairs = json.loads(text, parse_float=str, parse_int=str, object_pairs_hook=list)
    except (ValueError, RecursionError) as error:
        raise SpecError("", f"is no JSON: {excerpt(str(error), 120)}") from None
    if not isinstance(pairs, list) or not all(isinstance(item, tuple) for item in pairs):
        raise SpecError("", 'expected an object of id and answer, such as {"W5+": "0.437"}')
    return pairs


def _typed(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else "" if value is None else spell(value)
