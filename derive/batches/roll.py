"""Whose an answer is: the members of a class by the codes of their sheets and by name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

from derive.batches.folder import Member
from derive.errors import SpecError, excerpt
from derive.render.forms import harmful
from derive.variants.codes import find_nearest_code, looks_like_code, read_code

LIKE = 0.6
"""How near a name is to one that may have been meant."""
STRAY = {
    "code": "is the code of no sheet of this class; it stands on each page of the sheet",
    "code_near": "is the code of no sheet of this class; did you mean {near}?",
    "name": "nobody of this class is called so; give the code of the sheet",
    "name_near": "nobody of this class is called so; did you mean {near}?",
    "nameless": "an answer without a code or a name; every form has its code",
    "several": "{near} members are called so; give the code of the sheet",
    "form": "is no form of the sheet {near}; whose is it?",
}
"""Why an answer is of no member; reports say the same in their language."""


class StrayError(SpecError):
    """An answer that is of no member: as typed, a key of STRAY, and what may have been meant."""

    def __init__(self, typed: str, kind: str, near: str | None = None) -> None:
        """`near` is a code or name, how many there are, or the sheet a form claims to be of."""
        self.kind = f"{kind}_near" if near and f"{kind}_near" in STRAY else kind
        self.near = near or ""
        super().__init__(excerpt(typed), STRAY[self.kind].format(near=excerpt(self.near)))


def tell(error: SpecError) -> str:
    """Why an answer is of no member, where it has been said already what was typed."""
    return error.problem if isinstance(error, StrayError) else str(error)


class Roll:
    """The members of a class; memory grows with them, not with their answers."""

    def __init__(self, members: Iterable[Member]) -> None:
        """Raises SpecError where the index cannot be read."""
        self.members = tuple(members)
        self._by_code = {member.code: member for member in self.members}
        self._by_name: dict[str, list[Member]] = {}
        for member in self.members:
            if member.student:
                self._by_name.setdefault(_fold(member.student), []).append(member)

    def find(self, who: str | None) -> Member:
        """The member of a code or a name; raises StrayError with the nearest one."""
        text = (who or "").strip()
        if not text:
            raise StrayError("", "nameless")
        member = self._by_code.get(read_code(text) or "")
        if member is not None:
            return member
        named = self._by_name.get(_fold(harmful(text)), [])
        if len(named) > 1:
            raise StrayError(text, "several", str(len(named)))
        return named[0] if named else self._refuse(text)

    def _refuse(self, text: str) -> Member:
        near = find_nearest_code(text, self._by_code)
        if near or looks_like_code(text):
            raise StrayError(text, "code", near)
        names = [member.student for member in self.members if member.student]
        close = get_close_matches(text, names, 1, LIKE)
        raise StrayError(text, "name", close[0] if close else None)


def _fold(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
