"""The first sheet of an .xlsx workbook as cells of text; no formula is ever computed."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from derive import limits
from derive.errors import SpecError, excerpt

MAGIC, OLD_MAGIC = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
"""How an .xlsx file begins, and one of the .xls files before it."""
SAVE = "save it as .xlsx or as CSV UTF-8"


def read_workbook(data: bytes) -> list[list[str]]:
    """The rows of the first sheet; of a formula the value that the spreadsheet left there.

    Raises SpecError without the extra `xlsx`, for what is no workbook and for one
    larger than a table of answers.
    """
    try:
        import openpyxl  # noqa: PLC0415  an extra
    except ImportError:
        raise SpecError(
            "",
            "is a workbook, which needs: pip install 'derive-by-hand[xlsx]'; "
            "or save it as CSV UTF-8",
        ) from None
    try:
        _check_size(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and lists, which are not read
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what a file says of its own size is not believed
            return list(_rows(sheet.iter_rows(values_only=True)))
    except SpecError:
        raise
    except Exception as error:  # noqa: BLE001  a broken file fails in openpyxl in many ways
        problem = excerpt(f"{type(error).__name__}: {error}", 80)
        raise SpecError("", f"is no workbook that can be read ({problem}); {SAVE}") from None


def _check_size(data: bytes) -> None:
    """Refuse a small file that unpacks to a huge one."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    if size > limits.WORKBOOK_BYTES:
        raise SpecError("", f"unpacks to more than {limits.WORKBOOK_BYTES} bytes; use CSV")


def _rows(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[str]]:
    for count, values in enumerate(rows, 1):
        row = [_text(value) for value in values]
        while row and not row[-1]:
            row.pop()
        if count > limits.WORKBOOK_ROWS or len(row) > limits.WORKBOOK_COLUMNS:
            raise SpecError(
                "",
                f"more than {limits.WORKBOOK_ROWS} rows or {limits.WORKBOOK_COLUMNS} columns; "
                "use CSV, or delete what stands far outside",
            )
        yield row


def _text(value: object) -> str:
    """A cell as it would stand in a table of text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)
