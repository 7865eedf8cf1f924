"""Files: written whole or not at all, and nothing a person filled in is lost."""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
import tomllib
from pathlib import Path

from derive.errors import SpecError

UNSAFE = re.compile(r"[^A-Za-z0-9가-힣_-]+")


def write_file(path: Path, content: str | bytes) -> None:
    """Write beside the target, then rename over it; a link there is replaced, not followed.

    Raises SpecError when the place cannot be written.
    """
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".derive-", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except OSError as error:
        raise SpecError("", f"cannot be written ({error.strerror or error})") from None
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def folder_name(source: str) -> str:
    """A folder name from a spec's file name or built-in name, never from its contents."""
    stem = UNSAFE.sub("-", Path(source).stem).strip("-")
    return stem[:80] or "sheet"


def is_filled_in(path: Path) -> bool:
    """Whether an answer form holds an answer, or something we did not write."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return False
    except (OSError, UnicodeDecodeError):
        return True
    if path.suffix == ".toml":
        try:
            return any(value != "" for value in tomllib.loads(text).values())
        except (tomllib.TOMLDecodeError, ValueError, RecursionError):
            return True
    try:
        rows = list(csv.reader(io.StringIO(text)))
    except csv.Error:
        return True
    return any(cell.strip() for row in rows[1:] for cell in row[1:])
