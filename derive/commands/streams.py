"""Standard streams as a shell hands them over: closed, full, or of a narrow encoding."""

from __future__ import annotations

import os
import sys

LAST = 2
"""The number of stderr; a file that took one of these numbers would be written into."""


def prepare() -> None:
    """Replace closed streams, and let output hold every character.

    Whatever is written to a closed stdout fails as on a full disk; what is said on a
    closed stderr is lost.
    """
    if None in (sys.stdin, sys.stdout, sys.stderr):
        _replace_closed()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            encoding = None if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def _replace_closed() -> None:
    while (number := os.open(os.devnull, os.O_RDONLY)) <= LAST:
        pass
    if sys.stdout is None:
        sys.stdout = os.fdopen(number, "w", encoding="utf-8")
    else:
        os.close(number)
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")


def settle() -> None:
    """Write what the streams still hold, or lose it, lest Python fail over it at its end."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)
