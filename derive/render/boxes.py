"""A formula as boxes: a small frozen tree, the same for every format.

`printing` makes it of an expression and `notation` of an id; `tex`, `typst` and
`mathml` each are a table of how a box is written, which `fold` applies.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain, groupby
from typing import Any, Literal, TypeVar

import msgspec

SIGN = re.compile(r"\d+(?:\.\d+)?|.")
ANGLES = {"⟨": "langle", "⟩": "rangle"}
Result = TypeVar("Result")


class Symbol(msgspec.Struct, frozen=True, gc=False):
    """A character, a sign by the name of its TeX command (`alpha`), or room (`thin`)."""

    text: str


class Operator(msgspec.Struct, frozen=True, gc=False):
    """A sign with room around it: `=`, `times`; one that `opens` a line only behind it."""

    text: str
    opens: bool = False


class Number(msgspec.Struct, frozen=True, gc=False):
    """Digits, perhaps with a point."""

    text: str


class Word(msgspec.Struct, frozen=True, gc=False):
    """A name of several letters in a style: `mathrm`, `operatorname`, `function` (`sin`)."""

    text: str
    style: str


class Text(msgspec.Struct, frozen=True, gc=False):
    """Words of a sentence inside a formula."""

    text: str


class Row(msgspec.Struct, frozen=True, gc=False):
    """Boxes side by side."""

    parts: tuple[Box, ...]


class Scripted(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """A base with a subscript, a superscript or both; `tight` ones have no room inside."""

    base: Box
    below: Box | None = None
    above: Box | None = None
    tight: bool = False


class Fraction(msgspec.Struct, frozen=True, gc=False, cache_hash=True):
    """A fraction; a small one is as high as the line."""

    top: Box
    bottom: Box
    small: bool = False


class Fenced(msgspec.Struct, frozen=True, gc=False):
    """Something between two signs, which grow with a fraction; `.` stands for none."""

    inside: Box
    opening: Literal["(", "[", "|", "."] = "("
    closing: Literal[")", "]", "|"] = ")"
    grows: bool = False


class Wrapped(msgspec.Struct, frozen=True, gc=False):
    """Something in a style or under a sign, by its command: `sqrt`, `boxed`, `hat`, `mathbf`."""

    command: str
    inside: Box


class Blank(msgspec.Struct, frozen=True, gc=False):
    """A line of so many em to write on, with its number below it if it has one."""

    number: str
    width: int


class Table(msgspec.Struct, frozen=True, gc=False):
    """Cells in rows: value and condition behind a brace, or entries between brackets."""

    kind: Literal["cases", "bmatrix"]
    rows: tuple[tuple[Box, ...], ...]


class Uncovered(msgspec.Struct, frozen=True, gc=False):
    """What appears with a step of a slide."""

    step: int
    inside: Box


Box = (
    Symbol | Operator | Number | Word | Text | Row | Scripted
    | Fraction | Fenced | Wrapped | Blank | Table | Uncovered
)  # fmt: skip
NOTHING: Box = Row(())
KEPT = frozenset({Scripted, Fraction})
"""Kinds that come again and again: what is made of them is kept."""
REMEMBERED = 20_000
"""Boxes of which one table keeps the result."""


def fold(
    table: Mapping[type, Callable[[Any, Callable[[Box], Result]], Result]],
) -> Callable[[Box], Result]:
    """A function of boxes from a row for each kind, which is given the function itself."""
    known: dict[Box, Result] = {}

    def apply(box: Box) -> Result:
        kind = type(box)
        if kind not in KEPT:
            return table[kind](box, apply)
        result = known.get(box)
        if result is None:
            if len(known) >= REMEMBERED:
                known.clear()
            result = known[box] = table[kind](box, apply)
        return result

    return apply


def walk(part: object) -> Iterator[Box]:
    """A box and every one inside it; of boxes in tuples the same."""
    if isinstance(part, tuple):
        for inside in part:
            yield from walk(inside)
    elif isinstance(part, Box):
        yield part
        yield from walk(msgspec.structs.astuple(part))


def find_opening(box: Box) -> str:
    """The sign of a pair that a box begins with."""
    if isinstance(box, Row) and box.parts:
        return find_opening(box.parts[0])
    if isinstance(box, Scripted):
        return find_opening(box.base)
    return box.opening if isinstance(box, Fenced) else ""


def compose(*parts: Box) -> Box:
    """Boxes side by side, as far as they are something; a single one stands for itself."""
    kept = [part for part in parts if part is not NOTHING]
    if len(kept) == 1:
        return kept[0]
    return Row(tuple(kept)) if kept else NOTHING


def attach(
    base: Box, below: Box | None = None, above: Box | None = None, *, tight: bool = False
) -> Box:
    """A base with scripts, which join those that its last part has already."""
    if type(base) is Row and base.parts:
        *front, last = base.parts
        return Row((*front, attach(last, below, above, tight=tight)))
    if type(base) is not Scripted:
        return Scripted(base, below, above, tight)
    below = Row((base.below, COMMA, below)) if base.below and below else base.below or below
    above = Row((base.above, above)) if base.above and above else base.above or above
    return Scripted(base.base, below, above, tight)


def join_texts(parts: tuple[Box, ...]) -> Iterable[Box]:
    """The parts; words behind words become one with them, so that their spaces stay."""
    if Text not in map(type, parts):
        return parts
    return chain.from_iterable(
        [Text("".join(part.text for part in run if isinstance(part, Text)))]
        if kind is Text
        else run
        for kind, run in groupby(parts, type)
    )


@lru_cache(maxsize=1024)
def split_signs(text: str) -> Box:
    """Each character as it stands, digits together: the index `o1,s2`."""
    signs = (ANGLES.get(sign, sign) for sign in SIGN.findall(text))
    return compose(*(Number(s) if s[0].isdigit() else Symbol(s) for s in signs))


PARENTHESIS, COMMA = Symbol("("), Symbol(",")
