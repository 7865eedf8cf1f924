"""The files of one member: the sheet, the form, and what the leader keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from derive.api import Content, practice_page, whole_format
from derive.batches.folder import Sheet
from derive.errors import SpecError, unknown
from derive.pages import LEVELS
from derive.pages.choosing import Choice
from derive.press import PlainSheet, Press, PrintedSheet, UnlikeError
from derive.render.formats import FORMATS
from derive.spec import Spec
from derive.variants import Drawn, Variants

T = TypeVar("T")
PRINTED = FORMATS["pdf"]
"""The format of the one file to print."""


class Made(msgspec.Struct, frozen=True):
    """What belongs to one variant: its code, its files by name, how many draws it took."""

    index: int
    code: str
    draws: int
    distance: int | None
    member: dict[str, Content]
    leader: dict[str, Content]


def check_sheet(sheet: Sheet) -> None:
    """Raise SpecError for a format or level that there is not, or that shows answers."""
    if "ipynb" in sheet.formats:
        raise SpecError(
            "--format", "ipynb computes its answers in its own cells; take another format"
        )
    known = [name for name, form in FORMATS.items() if not form.single and name != "ipynb"]
    for name in sheet.formats or ("",):
        if name not in FORMATS:
            raise unknown("--format", "format", name, known)
        whole_format(name)
    if sheet.level not in LEVELS:
        raise unknown("--level", "level", sheet.level, LEVELS)
    if sheet.level == "full":
        raise SpecError("--level", "full prints every answer; take guided or blank")


class Maker:
    """Makes the files of any variant of a spec."""

    def __init__(self, spec: Spec, secret: bytes, sheet: Sheet) -> None:
        """Raises SpecError for a format or level that there is not, and where nothing varies."""
        check_sheet(sheet)
        self.recipe = spec, secret, sheet
        self._formats = [whole_format(name) for name in sheet.formats]
        self._sheet = sheet
        self._choice = Choice(sheet.blanks, sheet.weights)
        self.variants = Variants(spec, secret)
        self._press = self._open_press()

    def _open_press(self) -> Press | None:
        """What prints sheets by what their numbers do not change; None where they change all."""
        forms = [*self._formats, PRINTED] if self._sheet.single_file else self._formats
        try:
            return Press(self.variants.variation, forms, self._sheet.level, self._choice)
        except UnlikeError:
            return None

    def make(self, index: int) -> Made:
        """The files of the variant of an index, from 1."""
        return self._make(self.variants.draw(index), self._write)

    def write_source(self, index: int) -> str:
        """The sheet of a variant as the Typst source of a page, not yet set."""
        drawn = self.variants.draw(index)
        return self._make(drawn, lambda _, sheet: sheet.page("worksheet", PRINTED))

    def _make(self, drawn: Drawn, write: Callable[[Drawn, PrintedSheet | PlainSheet], T]) -> T:
        """What `write` makes of the sheet of a variant."""
        if self._press is not None:
            try:
                return write(drawn, self._press.open(drawn.texts, drawn.code))
            except UnlikeError:
                self._press = None
        return write(drawn, PlainSheet(drawn.spec, self._sheet.level, self._choice, drawn.code))

    def _write(self, drawn: Drawn, sheet: PrintedSheet | PlainSheet) -> Made:
        code = drawn.code
        member: dict[str, Content] = {}
        leader: dict[str, Content] = {}
        for form in self._formats:
            name = f"worksheet.{form.extension}"
            member[name] = form.finish(sheet.page("worksheet", form))
            leader[f"keys/{code}.{form.extension}"] = form.finish(sheet.page("key", form))
        member |= sheet.forms()
        leader[f"keys/{code}.json"] = sheet.key()
        if self._sheet.practice:
            page = practice_page(sheet.derive(), self._sheet.level, self._choice, code)
            leader[f"practice/{code}.html"] = page
        return Made(drawn.index, code, drawn.attempt + 1, drawn.distance, member, leader)
