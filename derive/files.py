"""Files are whole or absent: written beside their target and renamed over it."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterable
from pathlib import Path

from derive.errors import SpecError

TEMPORARY = ".derive-"
"""How the name of a file or folder begins that is not yet whole."""


def write_file(path: Path, content: str | bytes) -> None:
    """Replace a file whole, or write through to whatever else has this name.

    A link to a file is replaced, not followed; a device, a pipe or a link to one is
    written to. Raises SpecError when the place cannot be written.
    """
    write_pieces(path, [content.encode() if isinstance(content, str) else content])


def write_pieces(path: Path, pieces: Iterable[bytes]) -> None:
    """The same of content that comes piece by piece and is never held as a whole."""
    try:
        if leads_elsewhere(path):
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND), "wb") as file:
                file.writelines(pieces)
        else:
            _replace(path, pieces)
    except OSError as error:
        raise SpecError("", f"cannot be written ({error.strerror or error})") from None
    except ValueError:
        raise SpecError("", "cannot be written (not a path)") from None


def _replace(path: Path, pieces: Iterable[bytes]) -> None:
    """Write beside the target, then rename over it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=TEMPORARY, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(pieces)
        Path(temporary).chmod(0o666 & ~read_umask())
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def read_umask() -> int:
    """The rights that new files and folders do not get."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def leads_elsewhere(path: Path) -> bool:
    """Whether a path leads to what must not be replaced: no regular file, or one of /dev/fd."""
    status = file_status(path)
    return status is not None and (not stat.S_ISREG(status.st_mode) or _names_a_stream(path))


def _names_a_stream(path: Path) -> bool:
    """Whether a path is a link like /dev/stdout, or leads through one."""
    while path.is_symlink():
        home = path.parent.resolve()
        if home == Path("/dev") or home.is_relative_to("/proc"):
            return True
        path = home / path.readlink()
    return False


def file_status(place: str | Path | int) -> os.stat_result | None:
    """What the system says of a path, links followed, or of an open file; None for nothing."""
    try:
        return os.fstat(place) if isinstance(place, int) else Path(place).stat()
    except (OSError, ValueError):
        return None
