"""Whose an answer is: the members of a class by the codes of their sheets and by name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from derive.batches.folder import Member
from derive.errors import SpecError, excerpt, nearest
from derive.render.forms import harmless
from derive.variants.codes import LENGTH, find_nearest_code, read_code


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
        """The member of a code or a name; raises SpecError with the nearest one."""
        text = (who or "").strip()
        if not text:
            raise SpecError("", "an answer without a code or a name; every form has its code")
        member = self._by_code.get(read_code(text) or "")
        if member is not None:
            return member
        named = self._by_name.get(_fold(harmless(text)), [])
        if len(named) > 1:
            problem = f"{len(named)} members are called so; give the code of the sheet"
            raise SpecError(excerpt(text), problem)
        return named[0] if named else self._refuse(text)

    def _refuse(self, text: str) -> Member:
        letters = "".join(c for c in text.upper() if c.isalnum())
        if len(letters) == LENGTH and letters.isascii() and " " not in text:
            near = find_nearest_code(letters, self._by_code)
            hint = f"; did you mean {near}?" if near else "; it stands on each page of the sheet"
            known = "is the code of no sheet of this class"
            raise SpecError(excerpt(text), f"{known}{hint}")
        names = [member.student for member in self.members if member.student]
        problem = f"nobody of this class is called so{nearest(text, names)}"
        raise SpecError(excerpt(text), problem)


def _fold(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
