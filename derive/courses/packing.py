"""Files in one zip file whose bytes depend on nothing but these files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first time that a zip file can hold."""
READABLE = 0o644 << 16
UNIX = 3


def pack(files: Mapping[str, bytes]) -> bytes:
    """The files by name, in the order of their names, not compressed: zlibs differ."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system, entry.external_attr = UNIX, READABLE
            archive.writestr(entry, files[name])
    return packed.getvalue()
