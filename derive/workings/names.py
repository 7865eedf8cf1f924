"""The names of a sheet, and those that a member has given to something: `let d1 = ...`."""

from __future__ import annotations

from collections.abc import Container, Mapping

import msgspec

from derive.algebra.expressions import Expr
from derive.answers import Spellings, Unreadable
from derive.answers.cleaning import CHARACTERS, clean
from derive.answers.names import CHUNK, FRACTION, SLASH, make_key
from derive.answers.translating import SPOKEN_NAMES
from derive.numbers.balls import Value
from derive.ops import FUNCTIONS

OWN = "own "
"""In front of a name of the member's own, where it stands as an id: no id holds a blank."""


class Defined(msgspec.Struct, frozen=True):
    """What a name of one's own stands for: a formula, and the number written behind it.

    `written` is None where there is no number, `faulty` says that it does not come of the
    formula; `wide` is all that the formula may give with its decimals rounded.
    """

    formula: Expr | None
    written: Value | None = None
    faulty: bool = False
    wide: Value | None = None


class OwnNames:
    """Every name that a member's lines may use; those of the sheet come first."""

    def __init__(self, sheet: Spellings) -> None:
        """Nothing has a name of its own yet."""
        self.sheet = sheet
        self.defined: dict[str, Defined] = {}

    @property
    def symbols(self) -> Mapping[str, str]:
        """Signs of the sheet by role."""
        return self.sheet.symbols

    @property
    def quantities(self) -> Container[str]:
        """The ids of the sheet."""
        return self.sheet.quantities

    def find(self, text: str) -> str | None:
        """The id that a text names, or the name of one's own that it is."""
        return self.sheet.find(text) or self._find_own(text)

    def find_quantity(self, text: str) -> str | None:
        """The quantity that a text names, or the name of one's own that it is."""
        return self.sheet.find_quantity(text) or self._find_own(text)

    def find_updated(self, base: str, updates: int) -> str | None:
        """The id after so many updates; a name of one's own has none."""
        if base in self.defined:
            return None if updates else base
        return self.sheet.find_updated(base, updates)

    def find_derivative(self, of: str, wrt: str) -> str | None:
        """The id of a derivative of the sheet, or of two names of one's own."""
        own = _name_derivative(of, wrt)
        return self.sheet.find_derivative(of, wrt) or (own if own in self.defined else None)

    def find_nearest(self, text: str) -> str | None:
        """The id of the sheet most like a misspelt one."""
        return self.sheet.find_nearest(text)

    def precedes(self, name: str, asked: str) -> bool:
        """Whether a formula for what is asked may use the id."""
        return self.sheet.precedes(name, asked)

    def split(self, text: str) -> tuple[str, ...] | None:
        """Ids whose names, written without a space, make up the text; of one's own letters."""
        letters = tuple(f"{OWN}{letter}" for letter in text)
        own = len(text) > 1 and all(letter in self.defined for letter in letters)
        return self.sheet.split(text) or (letters if own else None)

    def is_name(self, text: str) -> bool:
        """Whether a word is a name or a function, so that it is no prose."""
        known = text.lower() in FUNCTIONS or text in SPOKEN_NAMES
        return known or (len(text) <= CHARACTERS and bool(self.find(text)))

    def spell_own(self, text: str) -> str | None:
        """The id that a text has as a name of one's own; None if it cannot be a name."""
        try:
            bare = clean(text).replace("$", "").strip()
        except Unreadable:
            return None
        pair = SLASH.fullmatch(bare) or FRACTION.fullmatch(bare)
        if pair is not None:
            alone = isinstance(self.sheet, NoSheet)
            return _name_derivative(pair.group(1), pair.group(3)) if alone else None
        if CHUNK.fullmatch(bare) is None or bare.lower() in FUNCTIONS:
            return None
        key = make_key(bare)
        return OWN + key if key else None

    def _find_own(self, text: str) -> str | None:
        if text in self.defined:
            return text
        if "+" in text or "@" in text:
            return None  # a new value has no name of one's own
        if "/" in text or "frac" in text:
            name = self.spell_own(text) if self.defined else None
            return name if name in self.defined else None
        name = OWN + make_key(text) if self.defined and len(text) <= CHARACTERS else ""
        return name if name in self.defined else None


def _name_derivative(of: str, wrt: str) -> str:
    return f"{OWN}d{make_key(of)}/d{make_key(wrt)}"


class NoSheet:
    """The names of a text that is about no exercise: none but its own."""

    symbols: Mapping[str, str] = {"sigmoid": "\\sigma"}
    quantities: Container[str] = ()

    def find(self, text: str) -> str | None:
        """No name."""
        return self._find(text)

    def find_quantity(self, text: str) -> str | None:
        """No quantity."""
        return self._find(text)

    def find_nearest(self, text: str) -> str | None:
        """Nothing is near."""
        return self._find(text)

    def find_updated(self, base: str, updates: int) -> str | None:
        """No id."""
        del updates
        return self._find(base)

    def find_derivative(self, of: str, wrt: str) -> str | None:
        """No derivative."""
        del of
        return self._find(wrt)

    def precedes(self, name: str, asked: str) -> bool:
        """Nothing is asked."""
        del name, asked
        return True

    def split(self, text: str) -> tuple[str, ...] | None:
        """No names."""
        del text
        return None

    def _find(self, text: str) -> str | None:
        del text
        return None
