"""All files of one exercise for the numbers of any sheet."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial
from typing import Literal

from msgspec.structs import replace

from derive import limits
from derive.derivation.derivation import Derivation
from derive.graph import Graph, Quantity
from derive.numbers import Numbers
from derive.numbers.balls import BALLS
from derive.numbers.compiling import Remembered
from derive.pages import Level, Worksheet
from derive.pages.choosing import Choice
from derive.pages.document import Document
from derive.press.documents import Documents, Found
from derive.press.faces import Faces
from derive.press.keys import PrintedForms, PrintedKey
from derive.press.pages import PrintedPages
from derive.render import forms
from derive.render.formats import Format
from derive.render.origin import form_origin, origin_of
from derive.render.page import Page
from derive.spec import Spec, digest, digest_plain
from derive.spec.varying import Variation

KEPT = 200
"""Documents whose forms are kept."""
Kind = Literal["worksheet", "key"]


class UnlikeError(Exception):
    """The structure of an exercise depends on its numbers."""


class Press:
    """Prints the sheets and keys of one exercise, each with its own numbers.

    Every file is byte for byte what pages, forms and keys of the spec with these numbers are.
    """

    def __init__(
        self, variation: Variation, formats: Sequence[Format], level: Level, choice: Choice
    ) -> None:
        """Derive the exercise once; raises UnlikeError where its steps depend on numbers."""
        self.variation = variation
        self._level: Level = level
        self._choice = choice
        self._sheet = sheet = Worksheet(variation.spec)
        sheet.check_size(limits.PAGE_STEPS)
        if not isinstance(sheet.derivation, Derivation):
            raise UnlikeError
        self._derivation = sheet.derivation
        varying = tuple(number.choices.count > 1 for number in variation.numbers)
        self._documents: dict[Kind, Documents] = {
            "worksheet": Documents(partial(_make_sheet, level=level, choice=choice), varying),
            "key": Documents(_make_key, varying),
        }
        self.pages = {
            (kind, form.name): PrintedPages(variation.spec, form, sheet)
            for kind in self._documents
            for form in formats
        }
        self._formulas = Remembered(BALLS)
        self._key: PrintedKey | None = None
        self._forms: dict[int, tuple[Document, PrintedForms]] = {}

    def find_key(self, sheet: PrintedSheet) -> PrintedKey:
        """The key, for the numbers of any sheet; the author's own may have no value."""
        if self._key is None:
            self._key = PrintedKey(self.variation.spec, sheet.numbers)
        return self._key

    def open(self, texts: tuple[str, ...], code: str) -> PrintedSheet:
        """The sheet with these numbers in the places of those that vary."""
        graph = self._sheet.graph
        quantities = dict(graph.quantities)
        for name, text in self.variation.give(texts).items():
            if quantities[name].typed != text:
                quantities[name] = replace(quantities[name], typed=text)
        derivation = self._derivation.renew(replace(graph, quantities=quantities))
        numbers = Numbers(derivation, self._formulas.evaluate)
        return PrintedSheet(self, texts, code, numbers)

    def find_document(self, kind: Kind, sheet: PrintedSheet) -> Found:
        """The worksheet or the key of a sheet, as data."""
        return self._documents[kind].find(sheet.numbers, sheet.texts, sheet.derive)

    def find_forms(self, document: Document) -> PrintedForms:
        """The forms of a worksheet, for the code of any sheet."""
        known = self._forms.get(id(document))
        if known is None or known[0] is not document:
            asked, language = self._sheet.asked(document), self.variation.spec.language
            known = document, PrintedForms(asked, language, self._level, self._choice)
            if len(self._forms) >= KEPT:
                self._forms.clear()
            self._forms[id(document)] = known
        return known[1]

    def check_alike(self, sheet: Worksheet) -> None:
        """Raise UnlikeError where a sheet differs from the first in more than given numbers."""
        ours, theirs = (_leave_numbers(one.graph) for one in (self._sheet, sheet))
        if ours != theirs:
            raise UnlikeError


class PrintedSheet:
    """The files of one sheet."""

    def __init__(self, press: Press, texts: tuple[str, ...], code: str, numbers: Numbers) -> None:
        """Nothing is written yet."""
        self._press = press
        self.texts = texts
        self._code = code
        self.numbers = numbers
        self._faces = Faces(numbers)
        self._found: dict[Kind, Found] = {}
        self._plain = press.variation.put_plain(texts)
        self._digest = digest_plain(self._plain)
        self._origin = origin_of(self._digest)

    def derive(self) -> Worksheet:
        """The same sheet derived anew; raises UnlikeError where it is another exercise."""
        return self._derived

    @cached_property
    def _derived(self) -> Worksheet:
        sheet = Worksheet(self._press.variation.put(self.texts))
        self._press.check_alike(sheet)
        if digest(sheet.spec) != self._digest:
            raise UnlikeError
        sheet.numbers.adopt(self.numbers)
        return sheet

    def _find(self, kind: Kind) -> Found:
        if kind not in self._found:
            self._found[kind] = self._press.find_document(kind, self)
        return self._found[kind]

    def page(self, kind: Kind, form: Format) -> str:
        """The worksheet or the key as the text of a page, before the format finishes it."""
        document, shared = self._find(kind)
        pages = self._press.pages[kind, form.name]
        return pages.write(document, self._faces, self._origin, self._code, shared=shared)

    def forms(self) -> dict[str, str]:
        """The forms by their names."""
        document, _ = self._find("worksheet")
        return self._press.find_forms(document).write(self._origin, self._code)

    def key(self) -> str:
        """The key in JSON."""
        key = self._press.find_key(self)
        return key.write(self.numbers, self._plain, self._digest, self._code)


class PlainSheet:
    """The files of one sheet, each made by itself."""

    def __init__(self, spec: Spec, level: Level, choice: Choice, code: str) -> None:
        """Derive the exercise."""
        self._sheet = sheet = Worksheet(spec)
        self._code = code
        self._made_by = form_origin(spec, level, choice)
        self._documents: dict[Kind, Document] = {
            "worksheet": sheet.document(level, choice=choice),
            "key": sheet.document("full", "key"),
        }

    def derive(self) -> Worksheet:
        """The derivation."""
        return self._sheet

    def page(self, kind: Kind, form: Format) -> str:
        """The worksheet or the key as the text of a page, before the format finishes it."""
        page = Page(self._sheet.spec, form, self._sheet.numbers)
        return page.render(self._documents[kind], code=self._code)

    def forms(self) -> dict[str, str]:
        """The forms by their names."""
        asked = self._sheet.asked(self._documents["worksheet"])
        language = self._sheet.spec.language
        return {
            "answers.toml": forms.answers_toml(asked, self._made_by, language, code=self._code),
            "answers.csv": forms.answers_csv(asked, self._made_by, self._code),
        }

    def key(self) -> str:
        """The key in JSON."""
        return "".join(forms.key_json(self._sheet.numbers, code=self._code))


def _make_sheet(worksheet: Worksheet, level: Level, choice: Choice) -> Document:
    return worksheet.outline(level, choice=choice)


def _make_key(worksheet: Worksheet) -> Document:
    return worksheet.outline("full", "key")


def _leave_numbers(graph: Graph) -> list[Quantity]:
    return [replace(quantity, typed="") for quantity in graph.quantities.values()]
