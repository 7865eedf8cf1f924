"""Texts read line by line: no file is held in memory."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from derive import limits
from derive.errors import SpecError
from derive.grading.records import LINE_BYTES, Limited, decode, start_reading
from derive.grading.tables import STDIN
from derive.spec.files import open_regular


@contextmanager
def open_text(source: str) -> Iterator[Iterator[str]]:
    """The lines of a file, or of stdin for `-`, each with its end.

    UTF-8, UTF-16 with its mark, or what Korean spreadsheets write. A line of more than
    LINE_BYTES goes on as another one. Raises SpecError where the text cannot be read.
    """
    if source == STDIN:
        if sys.stdin is None:
            raise SpecError("", "is closed")
        try:
            yield _list_lines(*start_reading(sys.stdin.buffer))
        except OSError as error:
            raise SpecError("", f"cannot be read ({error.strerror or error})") from None
        return
    with open_regular(source, "a file of text, or - for stdin") as file:
        yield _list_lines(*start_reading(file))


def _list_lines(first: bytes, stream: Limited) -> Iterator[str]:
    if first.startswith(b"%PDF-") or b"\0" in first:
        raise SpecError("", "is no text; derive audit reads a PDF whose name ends in .pdf")
    size, line = 0, first
    while line:
        size += len(line)
        if size > limits.TEXT_BYTES:
            raise SpecError("", f"larger than {limits.TEXT_BYTES} bytes; give it in parts")
        yield decode(line)
        line = stream.readline(LINE_BYTES)
