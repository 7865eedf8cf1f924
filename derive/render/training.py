"""A training run in a page format, as CSV or as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from derive.errors import SpecError, check_known
from derive.pages.training import Line, Table, check_size, document
from derive.render.formats import FORMATS
from derive.render.forms import csv_line
from derive.render.page import Page
from derive.render.version import VERSION
from derive.spec import digest, to_plain

FORMAT = "derive-training/1"
DATA = ("csv", "json")
PAGES = tuple(name for name, form in FORMATS.items() if not form.single)


def check_format(table: Table, form: str) -> None:
    """Raises SpecError for a format that holds no table, or not one as long."""
    if form in DATA:
        return
    if form in FORMATS and FORMATS[form].single:
        raise SpecError("--format", f"{form} holds no table; take: derive plot SPEC training")
    check_known("--format", "format", form, (*PAGES, *DATA))
    check_size(table)


def write_run(table: Table, form: str, lines: Iterable[Line]) -> bytes | Iterator[str]:
    """The run as a file, piece by piece where the format is data."""
    if form == "csv":
        return _csv(table, lines)
    if form == "json":
        return _json(table, lines)
    page = Page(table.spec, FORMATS[form]).file(document(table, lines))
    return page if isinstance(page, bytes) else iter((page,))


def _csv(table: Table, lines: Iterable[Line]) -> Iterator[str]:
    """A line per update; the first column counts them."""
    yield csv_line(["step", *table.columns])
    for line in lines:
        yield csv_line([str(line.step), *(number.text for number in line.numbers)])


def _json(table: Table, lines: Iterable[Line]) -> Iterator[str]:
    head: dict[str, Any] = {
        "format": FORMAT,
        "made_by": f"derive {VERSION}",
        "digest": digest(table.spec),
        "spec": to_plain(table.spec),
        "columns": table.columns,
    }
    encode = msgspec.json.Encoder().encode
    yield "{" + ",\n ".join(f'"{key}": {encode(value).decode()}' for key, value in head.items())
    separator = ',\n "rows": [\n'
    for line in lines:
        row = {"step": line.step, "numbers": [number.text for number in line.numbers]}
        yield f"{separator}  {encode(row).decode()}"
        separator = ",\n"
    yield "\n ]}\n"
