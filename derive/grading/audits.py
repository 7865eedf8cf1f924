"""Files of others read and judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from derive import limits
from derive.audits.auditing import Auditor
from derive.checking.marking import Marker
from derive.errors import SpecError
from derive.grading.assessment import open_marker
from derive.grading.reports.audits import Audited
from derive.grading.tables import STDIN
from derive.grading.texts import open_text
from derive.lines.documents import READERS, Numbered, read_pdf, read_text
from derive.pages import Worksheet
from derive.spec.files import open_regular

PDF = ".pdf"


def audit_files(files: Sequence[str], sheets: Iterable[Worksheet] = ()) -> Iterator[Audited]:
    """The judged chains of some files, each read by itself; sheets know the names of theirs.

    Raises SpecError, with the name of the file, for one that cannot be read.
    """
    markers = [open_marker(sheet.numbers) for sheet in sheets]
    for file in files:
        _refuse_unreadable(file)
    for file in files:
        try:
            yield from _audit_file(file, markers)
        except SpecError as error:
            raise SpecError(file, str(error)) from None


def _refuse_unreadable(file: str) -> None:
    """Raise SpecError before anything is printed."""
    if file == STDIN:
        return
    try:
        with open_regular(file, "a file to audit"):
            pass
    except SpecError as error:
        raise SpecError(file, str(error)) from None


def _audit_file(file: str, markers: Sequence[Marker]) -> Iterator[Audited]:
    with _open_lines(file) as lines:
        for line in Auditor(markers).audit(lines, torn=Path(file).suffix.lower() == PDF):
            yield Audited(file, line)


@contextmanager
def _open_lines(file: str) -> Iterator[Iterator[Numbered]]:
    """The lines of a file by its ending; those of a PDF with the extra `audit`."""
    suffix = Path(file).suffix.lower()
    if suffix == PDF:
        with open_regular(file, "a file to audit") as raw:
            content = raw.read(limits.TEXT_BYTES + 1)
        if len(content) > limits.TEXT_BYTES:
            raise SpecError("", f"larger than {limits.TEXT_BYTES} bytes; give it in parts")
        yield read_pdf(content)
        return
    with open_text(file) as lines:
        yield READERS.get(suffix, read_text)(lines)
