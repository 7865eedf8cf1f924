"""Tables of answers: TOML, JSON and CSV as people and their spreadsheets save them."""

from __future__ import annotations

import json
import sys
import tomllib
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from derive import limits
from derive.checking.marking import Given
from derive.errors import SpecError, excerpt, spell
from derive.grading.records import LINE_BYTES, Limited, decode, read_answers
from derive.spec.files import open_regular
from derive.spec.reading import LONG_KEY

STDIN = "-"
TABLES = (".toml", ".json")


def rows(source: str) -> Iterator[Given]:
    """The answers of a file, or of stdin for `-`, one by one; raises SpecError for no table.

    TOML and JSON hold `id -> answer`, or `student -> id -> answer`; anything
    else is CSV with a header. One bad cell is still a row, to be judged unreadable.
    """
    if source == STDIN:
        yield from _of_stdin()
        return
    suffix = Path(source).suffix.lower()
    with open_regular(source, "the file of answers, or - for stdin") as file:
        yield from _of_stream(Limited(file), suffix if suffix in TABLES else ".csv")


def _of_stdin() -> Iterator[Given]:
    if sys.stdin is None:
        raise SpecError("", "is closed")
    try:
        yield from _of_stream(Limited(sys.stdin.buffer), "")
    except OSError as error:
        raise SpecError("", f"cannot be read ({error.strerror or error})") from None


def _of_stream(stream: Limited, suffix: str) -> Iterator[Given]:
    """Answers in the form of a file's ending, or in that which the first line shows."""
    first = stream.readline(LINE_BYTES)
    if first.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise SpecError("", "is UTF-16; save it as UTF-8 (in a spreadsheet: CSV UTF-8)")
    if first.startswith(b"PK\x03\x04"):
        raise SpecError("", "is a spreadsheet's own file; save it as CSV UTF-8")
    suffix = suffix or _form(decode(first).strip())
    if suffix not in TABLES:
        yield from read_answers(first, stream)
        return
    raw = first + stream.read(limits.FILE_BYTES)
    if len(raw) > limits.FILE_BYTES:
        raise SpecError("", f"larger than {limits.FILE_BYTES} bytes; use CSV for long tables")
    yield from _of_tables(decode(raw), suffix)


def _form(start: str) -> str:
    if start.startswith("{"):
        return ".json"
    return ".toml" if start.startswith(("#", "[")) or "=" in start else ".csv"


def _of_tables(text: str, suffix: str) -> Iterator[Given]:
    pairs = _toml(text) if suffix == ".toml" else _json(text)
    for name, value in pairs:
        if isinstance(value, list) and all(isinstance(item, tuple) for item in value):
            for inner, answer in value:
                yield Given(name, inner, _typed(answer))
        else:
            yield Given(None, name, _typed(value))


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
