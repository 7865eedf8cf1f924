"""A script as sections of lines, and how numbers, ids and comments stand in it."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import msgspec

from derive.spec import Typed

Lines = tuple[str, ...]
Part = Literal["setup", "forward", "backward", "update", "later", "check"]
PARTS: tuple[Part, ...] = ("setup", "forward", "backward", "update", "later", "check")
"""The sections of a script in the order in which they run."""
WIDTH = 96
"""Characters of a line before it is broken."""
SAFE_DIGITS = 15
"""Digits of a whole number that a 64-bit integer surely holds."""
INDENT = "    "


class Script(msgspec.Struct, frozen=True):
    """Python that computes an exercise; a section is empty where there is nothing to do.

    `setup` holds the numbers and the network, `later` every update after the
    first, `check` the last forward pass; `gradients` are the ids, before any
    update, of the derivatives that it prints.
    """

    setup: Lines
    forward: Lines
    backward: Lines
    update: Lines = ()
    later: Lines = ()
    check: Lines = ()
    gradients: frozenset[str] = frozenset()


def write_float(text: str) -> str:
    """A decimal as typed, as a Python float: `0.50`, `-2.0`."""
    return text if set(text) & set(".eE") else text + ".0"


def short(text: str) -> str:
    """A number of a formula; a small whole one stays whole, as in `x ** 2`."""
    digits = text.lstrip("-")
    plain = len(digits) <= SAFE_DIGITS and (digits == "0" or not digits.startswith("0"))
    return text if plain else write_float(text)


def quote(words: Iterable[str], indent: str = "") -> str:
    """Ids as a Python string with spaces between; several strings where it is long."""
    chunks = textwrap.wrap(
        " ".join(words), WIDTH - 40, break_long_words=False, break_on_hyphens=False
    )
    strings = [string(chunk + " ") for chunk in chunks[:-1]] + [string(chunks[-1])]
    if len(strings) == 1:
        return strings[0]
    inner = indent + INDENT
    return f"(\n{inner}" + f"\n{inner}".join(strings) + f"\n{indent})"


def strings(groups: Iterable[Iterable[str]]) -> str:
    """Groups of ids as a Python list of strings."""
    texts = [quote(ids, INDENT) for ids in groups]
    whole = f"[{', '.join(texts)}]"
    if len(whole) + len(INDENT) * 2 <= WIDTH and "\n" not in whole:
        return whole
    return "[\n" + "".join(f"{INDENT}{ids},\n" for ids in texts) + "]"


def string(text: str) -> str:
    """Any text as a Python string literal."""
    return json.dumps(text, ensure_ascii=False)


def numbers(row: Sequence[Typed], indent: str = "") -> str:
    """A list of decimals, over several lines where it is long."""
    return bracket([write_float(typed) for typed in row], indent)


def bracket(texts: Sequence[str], indent: str = "") -> str:
    """A Python list of expressions without spaces, over several lines where it is long."""
    joined = ", ".join(texts)
    if len(indent) + len(joined) + len("torch.tensor()") * 2 <= WIDTH:
        return f"[{joined}]"
    inner = indent + INDENT
    wrapped = textwrap.wrap(
        joined + ",", WIDTH - len(inner) - 8, break_long_words=False, break_on_hyphens=False
    )
    return "[\n" + "".join(f"{inner}{line}\n" for line in wrapped) + indent + "]"


def matrix(rows: Sequence[Sequence[Typed]], indent: str, before: int = 0) -> str:
    """A list of rows: on one line if it fits behind `before` characters, else a row a line."""
    whole = "[" + ", ".join(f"[{', '.join(map(write_float, row))}]" for row in rows) + "]"
    if len(indent) + before + len(whole) <= WIDTH:
        return whole
    inner = indent + INDENT
    return "[\n" + "".join(f"{inner}{numbers(row, inner)},\n" for row in rows) + indent + "]"


def write_comments(texts: Iterable[str], start: str = "") -> Iterator[str]:
    """Short texts as comment lines, as many on a line as fit."""
    line = ""
    for text in texts:
        if line and len(line) + len(text) + 4 > WIDTH:
            yield f"# {line},"
            line = ""
        line = f"{line}, {text}" if line else start + text
    if line:
        yield f"# {line}"


def indent(lines: Iterable[str]) -> Iterator[str]:
    """Lines one level deeper; a line that holds several is shifted as a whole."""
    for line in lines:
        yield textwrap.indent(line, INDENT)
