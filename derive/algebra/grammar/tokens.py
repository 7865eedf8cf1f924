"""Text into tokens, each with its column; names and their rules."""

from __future__ import annotations

import re

import msgspec

from derive import limits
from derive.errors import SpecError, excerpt, nearest
from derive.ops import FUNCTIONS

NAME = r"[A-Za-z][A-Za-z0-9_]*"
TOKEN = re.compile(
    rf"(?P<space>\s+)|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>{NAME})"
    r"|\{(?P<id>[^{}]*)\}|(?P<operator>\*\*|[-+*/^(),])",
    re.ASCII,
)


class Token(msgspec.Struct, frozen=True):
    """A piece of text with the column it starts in, counted from 1."""

    kind: str
    text: str
    column: int


def tokens(text: str, place: str) -> list[Token]:
    """Cut a text into tokens; raises SpecError at the first foreign character."""
    if len(text) > limits.EXPRESSION_CHARACTERS:
        raise SpecError(
            place,
            f"an expression of {len(text)} characters; at most "
            f"{limits.EXPRESSION_CHARACTERS}: split it into definitions",
        )
    read: list[Token] = []
    position = 0
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            raise SpecError(
                place,
                f"column {position + 1}: {excerpt(text[position], 1)!r} is not part of an "
                "expression; use numbers, names, + - * / ^ ( ) and functions",
            )
        kind = str(match.lastgroup)
        if kind != "space":
            read.append(Token(kind, match.group(kind).replace("**", "^"), position + 1))
        position = match.end()
    if len(read) > limits.EXPRESSION_TOKENS:
        raise SpecError(
            place,
            f"an expression of {len(read)} tokens; at most {limits.EXPRESSION_TOKENS}: "
            "split it into definitions",
        )
    return read


def check_name(name: str, place: str) -> None:
    """Raise SpecError unless `name` can name a quantity."""
    if not re.fullmatch(NAME, name, re.ASCII):
        raise SpecError(
            place, f"{excerpt(name)!r} is not a name; a letter, then letters, digits, _"
        )
    if name in FUNCTIONS:
        raise SpecError(place, f"{name} is a function; choose another name")


def unknown_name(name: str, place: str, known: list[str]) -> SpecError:
    """The error for a name that nothing defines."""
    return SpecError(place, f"{excerpt(name)} is not defined{nearest(name, known)}")
