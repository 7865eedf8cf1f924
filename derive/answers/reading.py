"""What a member typed, read: a pure function of the text and the exercise's names."""

from __future__ import annotations

import msgspec

from derive.algebra.expressions import Expr, names
from derive.answers import numbers
from derive.answers.aliases import Aliases
from derive.answers.cleaning import CHARACTERS, clean
from derive.answers.errors import Unreadable
from derive.answers.left import is_copy, name_left
from derive.answers.numbers import Member
from derive.answers.spellings import Spellings
from derive.answers.translating import translate
from derive.answers.values import evaluate_answer
from derive.answers.wrapping import (
    BLANK,
    DATE,
    EQUALS,
    NAMED,
    check_single,
    drop_marks,
    drop_remark,
    unwrap,
)

MEMBERS = 16
"""Longest chain a = b = c."""


class Reading(msgspec.Struct, frozen=True):
    """An answer as a chain of members that are all said to be equal; the last counts."""

    members: tuple[Member, ...]

    @property
    def last(self) -> Member:
        """The member that is judged."""
        return self.members[-1]


def read(
    text: str, asked: str, aliases: Aliases, decimals: int, bits: int = 256
) -> Reading | None:
    """The answer to the asked id; None if it is blank.

    `decimals` are those of the sheet, `bits` the precision of a value that is
    no fraction. Raises Unreadable with a reason for anything that has no one
    meaning.
    """
    if len(text) <= CHARACTERS:
        number = numbers.PLAIN.fullmatch(text)
        if number is not None:
            return Reading((numbers.read_plain(number, decimals),))
    text = clean(text)
    if not text or BLANK.fullmatch(text):
        return None
    if DATE.fullmatch(text):
        raise Unreadable("date")
    parts = _split_members(text, asked, aliases)
    members = tuple(_read_part(part, asked, aliases, decimals, bits) for part in parts)
    for member in members:
        _check_names(member.expr, asked, aliases)
    return Reading(members)


def read_member(
    text: str, asked: str, aliases: Spellings, decimals: int, bits: int = 256
) -> Member:
    """One member of a chain, which may use any name that `aliases` knows.

    Raises Unreadable like `read`, also for a text in which nothing can be seen.
    """
    text = drop_marks(clean(text))
    if DATE.fullmatch(text):
        raise Unreadable("date")
    return _read_part(text, asked, aliases, decimals, bits)


def is_blank(text: str) -> bool:
    """Whether a text says that there is no answer: nothing at all, `?`, `모름`."""
    try:
        text = clean(text)
    except Unreadable:
        return False
    return not text or BLANK.fullmatch(text) is not None


def _split_members(text: str, asked: str, aliases: Aliases) -> list[str]:
    """The members of the chain, without the asked name in front of the first."""
    text = unwrap(drop_marks(text), aliases.find)
    parts = EQUALS.split(text)
    if len(parts) > MEMBERS:
        raise Unreadable("long_chain", limit=str(MEMBERS))
    named = NAMED.fullmatch(parts[0])
    if named is not None and name_left(named.group(1), asked, aliases) is not None:
        parts[:1] = named.groups()
    if len(parts) > 1 and not is_copy(parts[0], asked, aliases):
        name = name_left(parts[0], asked, aliases)
        if name is not None and name != asked:
            raise Unreadable("other_name", name=name, asked=asked)
        if name is not None:
            del parts[0]
    return parts


def _read_part(text: str, asked: str, aliases: Spellings, decimals: int, bits: int) -> Member:
    text = drop_remark(unwrap(text, aliases.find), aliases.find)
    if not text:
        raise Unreadable("unfinished")
    check_single(text)
    number = numbers.read_decorated(text, decimals)
    if number is not None:
        return number
    expr = translate(text, asked, aliases)
    value = evaluate_answer(expr, bits)
    return Member("formula" if value is None else "arithmetic", expr, value, None, 0)


def _check_names(expr: Expr, asked: str, aliases: Aliases) -> None:
    """A formula may use what is given and what is listed before the asked id."""
    used = names(expr)
    if not used:
        return
    order = aliases.order
    last = order.get(asked, len(order))
    for name in used:
        if name == asked:
            raise Unreadable("itself", name=name)
        if order.get(name, last) >= last:
            raise Unreadable("later", name=name, asked=asked)
