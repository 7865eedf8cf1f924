"""The secret that the numbers of a class are drawn with: 256 bits in a file of its own."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from pathlib import Path

from derive.errors import SpecError
from derive.files import TEMPORARY
from derive.spec.files import read_regular

BYTES, LEAST = 32, 16
"""Bytes of a new secret, and the fewest of any."""
MOST = 4096
MAKE = "make it: derive secret FILE"
TEXT = re.compile(r"(?:[0-9a-f]{2})+", re.IGNORECASE)


def make_secret() -> bytes:
    """A new secret."""
    return secrets.token_bytes(BYTES)


def write_secret(path: Path, made: bytes) -> None:
    """Write a new secret, readable for its owner alone; raises SpecError where a file is."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=TEMPORARY, dir=path.parent)  # mode 600
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(made.hex() + "\n")
            _keep_whole(Path(temporary), path)
        finally:
            Path(temporary).unlink(missing_ok=True)
    except OSError as error:
        if os.path.lexists(path):
            raise SpecError("", "is there already; a secret is never replaced") from None
        raise SpecError("", f"cannot be written ({error.strerror or error})") from None


def _keep_whole(temporary: Path, path: Path) -> None:
    """Give a whole file its name, and never over one that is there."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without links
        if os.path.lexists(path):
            raise
        temporary.rename(path)


def secret(path: str | Path) -> None:
    """Write a new secret for the numbers of a class to a file, readable for its owner alone.

    It holds 256 bits as hexadecimal text. Raises SpecError where a file is there already: a
    secret is never replaced.
    """
    write_secret(Path(path), make_secret())


def read_secret(path: Path) -> bytes:
    """The secret of a file; raises SpecError where there is none."""
    raw = read_regular(
        path,
        MOST,
        "a secret",
        smaller="a secret is one line",
        missing=f"no such file; {MAKE}",
    )
    text = raw.decode("ascii", "replace").strip()
    if not TEXT.fullmatch(text) or len(text) < 2 * LEAST:
        raise SpecError("", f"is no secret of {8 * LEAST} bits or more; {MAKE}")
    return bytes.fromhex(text)
