"""Regular expressions compiled when they are first used: most answers need few of them."""

from __future__ import annotations

import re
from collections.abc import Callable


class Pattern:
    """A regular expression that is compiled when it is first used."""

    __slots__ = ("_flags", "_made", "_text")

    def __init__(self, text: str, flags: re.RegexFlag = re.NOFLAG) -> None:
        """Compile nothing yet."""
        self._text = text
        self._flags = flags
        self._made: re.Pattern[str] | None = None

    @property
    def made(self) -> re.Pattern[str]:
        """The compiled pattern."""
        if self._made is None:
            self._made = re.compile(self._text, self._flags)
        return self._made

    def match(self, text: str, position: int = 0) -> re.Match[str] | None:
        """What stands at a position."""
        return self.made.match(text, position)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """What the whole text is."""
        return self.made.fullmatch(text)

    def search(self, text: str) -> re.Match[str] | None:
        """The first place where it stands."""
        return self.made.search(text)

    def sub(self, new: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
        """The text with every place, or the first few, written anew."""
        return self.made.sub(new, text, count)

    def split(self, text: str) -> list[str]:
        """What stands between the places."""
        return [str(part) for part in self.made.split(text)]

    def findall(self, text: str) -> list[str]:
        """All places, for a pattern without groups."""
        return [str(part) for part in self.made.findall(text)]
