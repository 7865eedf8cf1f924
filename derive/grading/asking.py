"""What a sheet asks for: the blanks of the page that was handed out, by id or by number."""

from __future__ import annotations

import re
import unicodedata
from functools import cached_property

from msgspec.structs import replace

from derive.checking.marking import Given, Marker
from derive.errors import unknown
from derive.grading.origins import Origin
from derive.pages import LEVELS, Document, Worksheet

NUMBER = re.compile(r"[(\[]?\s*(?:no\.?|#)?\s*(\d{1,7})(?:\.0*)?\s*번?\s*[)\].]?", re.IGNORECASE)
"""`12`, `(12)`, `No. 12`, `12번`, and the 12.0 that a spreadsheet makes of it."""


class AskedIds:
    """The ids of an exercise as a table may name them: in any spelling, or by the blank."""

    def __init__(self, marker: Marker) -> None:
        """Nothing is listed before a number is looked up."""
        self._aliases = marker.aliases
        self._exercise = marker.exercise

    @cached_property
    def _order(self) -> tuple[str, ...]:
        return tuple(self._exercise.order)

    @property
    def count(self) -> int:
        """How many blanks there are at most."""
        return len(self._order)

    def find(self, text: str) -> str | None:
        """The id that a text names, or the number of a blank; None if there is none."""
        number = read_number(text)
        if number is None:
            return self._aliases.find(text)
        return self._order[number - 1] if 0 < number <= self.count else None

    def is_near(self, text: str) -> bool:
        """Whether a text may be a misspelt id."""
        return self._aliases.find_nearest(text) is not None

    def name(self, row: Given) -> Given:
        """The row with the id that it means, where it gives the number of a blank."""
        if read_number(row.id) is None:
            return row
        name = self.find(row.id)
        return row if name is None else replace(row, id=name)


def read_number(text: str) -> int | None:
    """The number of a blank; None for any other text."""
    found = NUMBER.fullmatch(unicodedata.normalize("NFKC", text[:80]).strip())
    return int(found[1]) if found else None


def choose_page(sheet: Worksheet, made: Origin) -> Document | None:
    """The page that a form belongs to; None where it names no level.

    Raises SpecError for an unknown level.
    """
    if made.level is None:
        return None
    if made.level not in LEVELS:
        raise unknown("--level", "level", made.level, LEVELS)
    return sheet.document(made.level, choice=made.choice)


def list_asked(sheet: Worksheet, made: Origin) -> frozenset[str] | None:
    """The ids that the page of a form asks for; None where it names no level.

    Without a page nothing is listed, for an exercise may be too large for one.
    """
    page = choose_page(sheet, made)
    if page is None:
        return None
    return frozenset(step.id for step in sheet.asked(page).values())
