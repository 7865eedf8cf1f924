"""Digits that say where they came from: letters for private use in the place of each.

A page is written once with them; where they stand in its text the digits of any sheet go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

from derive.press.faces import is_placed

FIRST = 0xF0000
ROOM = 64
"""Digits of one number."""
MOST = 0xFFF0 // ROOM
"""Numbers of one text."""
MASKED = re.compile("[\U000f0000-\U000fffef][\U000f0000-\U000fffef.]*")
TO_ZERO = dict.fromkeys(range(FIRST, FIRST + MOST * ROOM), "0")


Digits = Mapping[Any, str]
"""The digits of a sheet's numbers by their keys."""


class TooManyError(Exception):
    """More numbers, or more digits of one, than there are letters for."""


class Skeleton:
    """A text with places for digits."""

    __slots__ = ("_pattern", "_read", "is_empty")

    def __init__(self, parts: Sequence[str], keys: Sequence[Hashable]) -> None:
        """The digits of each key stand behind a part; the last part has none behind it."""
        self.is_empty = not keys and not any(parts)
        self._read: Callable[[Digits], Any] | None = itemgetter(*keys) if keys else None
        doubled = parts if self._read is None else [part.replace("%", "%%") for part in parts]
        self._pattern = "%s".join(doubled)

    def fill(self, digits: Digits) -> str:
        """The text with its digits."""
        return self._pattern if self._read is None else self._pattern % self._read(digits)


class Masks:
    """The masks of the numbers of one text, each under the key of its digits."""

    def __init__(self) -> None:
        """No number has a mask yet."""
        self._keys: list[Hashable] = []
        self._masks: dict[Hashable, str] = {}
        self._known: dict[str, Hashable] = {}

    def mask(self, key: Hashable, text: str) -> str:
        """A printed number with letters for its digits; as it is, if these are not only placed."""
        if not is_placed(text):
            return text
        mantissa, marker, power = text.partition("e")
        sign = "-" if mantissa.startswith("-") else ""
        mask = self._masks.get(key)
        if mask is None:
            mask = self._masks[key] = self._make(mantissa.removeprefix("-"))
            self._known[mask] = key
        return sign + mask + marker + power

    def _make(self, digits: str) -> str:
        place = len(self._known)
        if place >= MOST or len(digits) > ROOM:
            raise TooManyError
        start = FIRST + place * ROOM
        return "".join(c if c == "." else chr(start + at) for at, c in enumerate(digits))

    def key(self, text: str) -> Hashable | None:
        """Whose digits a masked number, with or without a sign, stands for."""
        return self._known.get(text.lstrip("-").partition("e")[0])

    def cut(self, text: str) -> Skeleton:
        """A text at its masks; raises TooManyError where one is not whole."""
        parts, keys = [], []
        for before, mask in _split(text):
            parts.append(before)
            if mask:
                key = self._known.get(mask)
                if key is None:
                    raise TooManyError
                keys.append(key)
        return Skeleton(parts, keys)


def _split(text: str) -> Iterator[tuple[str, str]]:
    """Each piece of text with the mask behind it; the last one has none."""
    at = 0
    for found in MASKED.finditer(text):
        mask = found.group().rstrip(".")
        yield text[at : found.start()], mask
        at = found.start() + len(mask)
    yield text[at:], ""
