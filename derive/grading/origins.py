"""What a form says of its making: the digest of its spec, and the level of its sheet."""

from __future__ import annotations

import re

import msgspec

from derive.errors import SpecError
from derive.pages.choosing import Choice
from derive.pages.document import LEVELS
from derive.render.wording import languages
from derive.spec import Spec, digest

LINE = re.compile(
    r"derive [^\s,;]+[,;]?\s*spec ([0-9a-f]{64})(?:[,;]?\s*level (\w+))?"
    r"(?:[,;]?\s*weights (\w+(?: \w+)*))?(?:[,;]?\s*blanks (\d{1,6}))?"
)
SHOWN = 8
"""So much of a digest stands in a message."""


class Origin(msgspec.Struct, frozen=True):
    """The digest of the spec a form was made for, and its sheet; empty where it says none."""

    digest: str = ""
    level: str | None = None
    choice: Choice = Choice()

    def at(self, level: str | None) -> Origin:
        """The whole sheet of another level, if one is named."""
        return self if level is None else Origin(self.digest, level)


def read_origin(text: str) -> Origin:
    """What a comment or a cell says; nothing where it is no line of ours."""
    found = LINE.search(text)
    if found is None:
        return Origin()
    digest, level, weights, blanks = found.groups()
    if level not in LEVELS:
        return Origin(digest)
    choice = Choice(int(blanks) if blanks else None, tuple((weights or "").split()))
    return Origin(digest, level, choice)


def is_origin(cell: str) -> bool:
    """Whether a cell says how a form was made."""
    return LINE.search(cell) is not None


def refuse_other(origin: Origin, spec: Spec) -> None:
    """Raise SpecError for a form that was made for another spec.

    The same spec in another language asks for the same numbers.
    """
    if not origin.digest or origin.digest == digest(spec):
        return
    translations = (msgspec.structs.replace(spec, language=name) for name in languages())
    if origin.digest not in map(digest, translations):
        ours, theirs = digest(spec)[:SHOWN], origin.digest[:SHOWN]
        raise SpecError(
            "",
            f"was made for another spec ({theirs}..., the key is of {ours}...); "
            "take the key.json that was written beside it, for a form of a class its folder "
            "(derive check DIR/NAME FORM), or --force to check it all the same",
        )
