"""What the commands write no file over: an input of theirs, or a form that is filled in."""

from __future__ import annotations

import csv
import io
import os
import re
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path

from derive import limits
from derive.errors import SpecError
from derive.files import file_status

UNSAFE = re.compile(r"[^A-Za-z0-9가-힣_-]+")
STDIN, STDOUT = 0, 1
INPUTS = {
    "spec": "the spec",
    "key": "the key",
    "answers": "the answers",
    "roster": "the roster",
    "secret_file": "the secret",
    "file": "the lines",
    "files": "a file to audit",
    "specs": "the spec",
}
"""Arguments of commands that are read, and what a message calls them."""


def is_stdout(path: str | Path) -> bool:
    """Whether a path leads to where stdout leads."""
    return _is_same(file_status(path), file_status(STDOUT))


def refuse_input(path: str | Path, arguments: Mapping[str, object]) -> None:
    """Raise SpecError for an output that is an input of the same command.

    `arguments` are those of the command, by name.
    """
    status = file_status(path)
    if status is None or not stat.S_ISREG(status.st_mode):
        return
    for name, what in INPUTS.items():
        given = arguments.get(name)
        for source in given if isinstance(given, tuple) else (given,):
            if not isinstance(source, str):
                continue
            if _is_same(status, _read_for(name, source)):
                raise SpecError("", f"holds {what}; name another file")
            if _belongs_to_class(path, source):
                raise SpecError("", "belongs to the class; name a file beside its folder")


def _belongs_to_class(path: str | Path, source: str) -> bool:
    """Whether a file is one of those that `derive batch` has made in a folder."""
    if not Path(source).is_dir():
        return False
    from derive.batches import Folder  # noqa: PLC0415  the start stays light

    folder, place = Folder(Path(source).resolve()), Path(path).resolve()
    inside = any(place.is_relative_to(home) for home in (folder.leader, folder.members))
    return folder.is_batch() and (inside or place == folder.print)


def _read_for(name: str, source: str) -> os.stat_result | None:
    """What is read for an argument; a built-in exercise is a file, too."""
    from derive.spec import builtin_names, example_path  # noqa: PLC0415  the start stays light

    if name != "answers" and source in builtin_names():
        return file_status(example_path(source))
    return file_status(STDIN if source == "-" else source)


def _is_same(one: os.stat_result | None, other: os.stat_result | None) -> bool:
    return one is not None and other is not None and os.path.samestat(one, other)


def folder_name(source: str) -> str:
    """A folder name from a spec's file name or built-in name, never from its contents."""
    stem = UNSAFE.sub("-", Path(source).stem).strip("-")
    return stem[:80] or "sheet"


def is_filled_in(path: Path) -> bool:
    """Whether an answer form holds an answer, or something we did not write."""
    from derive.spec.files import read_regular  # noqa: PLC0415
    from derive.spec.reading import LONG_KEY  # noqa: PLC0415

    if file_status(path) is None:
        return False
    try:
        text = read_regular(path, limits.FILE_BYTES, "a form", smaller="").decode("utf-8-sig")
    except (SpecError, UnicodeDecodeError):
        return True
    if path.suffix == ".csv":
        return _holds_cells(text)
    try:
        return bool(LONG_KEY.search(text)) or any(v != "" for v in tomllib.loads(text).values())
    except (ValueError, RecursionError):
        return True


def _holds_cells(text: str) -> bool:
    """Whether a table has another header than a form, or more in a row than number and id."""
    from derive.render.forms import CSV_FORM  # noqa: PLC0415

    try:
        header, *rows = list(csv.reader(io.StringIO(text))) or [[*CSV_FORM]]
    except csv.Error:
        return True
    if tuple(header[: len(CSV_FORM)]) not in (CSV_FORM, CSV_FORM[1:]):
        return True
    named = header.index("answer")
    return any(cell.strip() for row in rows for cell in row[named:])
