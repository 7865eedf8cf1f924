"""Files of others, opened only where they are regular files: a pipe may never end."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from derive.errors import SpecError


@contextmanager
def open_regular(path: str | Path, wanted: str, missing: str = "") -> Iterator[BinaryIO]:
    """A regular file, to read bytes from; raises SpecError for anything else.

    `wanted` is what to name in place of a folder, `missing` what to say of no file.
    """
    try:
        with open(path, "rb", opener=_at_once) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise SpecError("", f"is a pipe or a device; name {wanted}")
            yield file
    except IsADirectoryError:
        raise SpecError("", f"this is a folder; name {wanted} in it") from None
    except OSError as error:
        absent = isinstance(error, FileNotFoundError)
        problem = f"cannot be read ({error.strerror or error})"
        raise SpecError("", (absent and missing) or problem) from None
    except ValueError:
        raise SpecError("", "cannot be read (not a path)") from None


def read_regular(path: Path, limit: int, wanted: str, *, smaller: str, missing: str = "") -> bytes:
    """The bytes of a regular file; raises SpecError for one of more than `limit` bytes."""
    with open_regular(path, wanted, missing) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise SpecError("", f"larger than {limit} bytes; {smaller}")
    return data


def _at_once(path: str, flags: int) -> int:
    """Open without waiting for the other end of a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
