"""The files of one member: the sheet, the form, and what the leader keeps."""

from __future__ import annotations

import msgspec

from derive.api import Content, practice_page, whole_format, write_page
from derive.batches.folder import Sheet
from derive.errors import SpecError, unknown
from derive.pages import LEVELS, Worksheet
from derive.pages.choosing import Choice
from derive.press import Press, UnlikeError
from derive.render import forms
from derive.render.formats import FORMATS
from derive.render.origin import form_origin
from derive.render.page import Page
from derive.spec import Spec
from derive.variants import Drawn, Variants


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
    for name in sheet.formats or ("",):
        whole_format(name)
    if sheet.level not in LEVELS:
        raise unknown("--level", "level", sheet.level, LEVELS)
    if sheet.level == "full":
        raise SpecError("--level", "full prints every answer; take guided or blank")
    if "ipynb" in sheet.formats:
        raise SpecError(
            "--format", "ipynb computes its answers in its own cells; take another format"
        )


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
        try:
            return Press(self.variants.variation, self._formats, self._sheet.level, self._choice)
        except UnlikeError:
            return None

    def make(self, index: int) -> Made:
        """The files of the variant of an index, from 1."""
        drawn = self.variants.draw(index)
        if self._press is not None:
            try:
                return self._print(self._press, drawn)
            except UnlikeError:
                self._press = None
        return self._make(drawn)

    def _print(self, press: Press, drawn: Drawn) -> Made:
        sheet = press.open(drawn.texts, drawn.code)
        member: dict[str, Content] = {}
        leader: dict[str, Content] = {}
        for form in self._formats:
            name = f"worksheet.{form.extension}"
            member[name] = form.finish(sheet.page("worksheet", form))
            leader[f"keys/{drawn.code}.{form.extension}"] = form.finish(sheet.page("key", form))
        member |= sheet.forms()
        leader[f"keys/{drawn.code}.json"] = sheet.key()
        if self._sheet.practice:
            page = practice_page(drawn.spec, self._sheet.level, self._choice, drawn.code)
            leader[f"practice/{drawn.code}.html"] = page
        return Made(drawn.index, drawn.code, drawn.attempt + 1, drawn.distance, member, leader)

    def _make(self, drawn: Drawn) -> Made:
        """The same, each file by itself."""
        worksheet = Worksheet(drawn.spec)
        level, code = self._sheet.level, drawn.code
        document = worksheet.document(level, choice=self._choice)
        key = worksheet.document("full", "key")
        member, leader = {}, {}
        for form in self._formats:
            name = f"worksheet.{form.extension}"
            member[name] = write_page(worksheet, document, form, code)
            leader[f"keys/{code}.{form.extension}"] = write_page(worksheet, key, form, code)
        asked = worksheet.asked(document)
        made_by = form_origin(worksheet.spec, level, self._choice)
        language = worksheet.spec.language
        member["answers.toml"] = forms.answers_toml(asked, made_by, language, code=code)
        member["answers.csv"] = forms.answers_csv(asked, made_by, code)
        leader[f"keys/{code}.json"] = "".join(forms.key_json(worksheet.numbers, code=code))
        if self._sheet.practice:
            page = practice_page(worksheet, level, self._choice, code)
            leader[f"practice/{code}.html"] = page
        return Made(drawn.index, code, drawn.attempt + 1, drawn.distance, member, leader)

    def write_source(self, index: int) -> str:
        """The sheet of a variant as the Typst source of a page, not yet set."""
        drawn = self.variants.draw(index)
        worksheet = Worksheet(drawn.spec)
        document = worksheet.document(self._sheet.level, choice=self._choice)
        page = Page(worksheet.spec, FORMATS["pdf"], worksheet.numbers)
        return page.render(document, code=drawn.code)
