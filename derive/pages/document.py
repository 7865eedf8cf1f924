"""A page as data: blocks of sentences by key, lines of trees, tables. No format, no words.

Digits are not in it: a `Value` stands for the number of an id until it is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from derive.algebra.expressions import Add, Behind, Expr, Name, Neg

Relation = Literal["=", "≈", "<", ">", "≤", "≥", "+", "-", "*", ",", "", "is", "about"]
"""`*` goes on with a product.

Before values `is` stands for = or ≈, `about` for nothing or ≈: as exact as they are.
"""
Tone = Literal["name", "value", "gradient", "good", "fair", "poor"]
"""A label names something, is a value of the forward pass, or a derivative; or a share."""
Kind = Literal["worksheet", "key", "practice", "gradient_check", "training"]
Level = Literal["full", "guided", "blank"]
LEVELS: tuple[Level, ...] = ("full", "guided", "blank")
BLANK = "?"
"""First character of the name that stands for a blank in a tree."""
NARROW = "!"
"""Last character of one that stands for a narrow blank."""


REFERENCE = "#"
"""Last character of one that stands where the number of another blank is used."""


class Words(msgspec.Struct, frozen=True):
    """A sentence or term by its key; slots hold trees, lines, further words or plain text."""

    key: str
    slots: Mapping[str, Slot] = {}


class Part(msgspec.Struct, frozen=True):
    """A relation and what stands to the right of it.

    An `echo` is left out where it reads like the part before it, or like an
    echo behind it.
    """

    relation: Relation
    expr: Expr
    boxed: bool = False
    echo: bool = False


class Row(msgspec.Struct, frozen=True):
    """One line: a left side (or none), parts in a row, remarks at the margin.

    `of` is the id whose value or blank ends the line. A value is computed from the
    numbers before it, or from those `behind` it, which stand elsewhere on the page.
    A dagger stands behind the last part if there is a `mark`: a footnote is due.
    """

    left: Expr | None
    parts: tuple[Part, ...]
    remarks: tuple[Words, ...] = ()
    mark: bool = False
    of: str = ""
    behind: Expr | None = None


class Heading(msgspec.Struct, frozen=True, tag="heading"):
    """A section title; level 1 for the numbered parts of the sheet, 2 below."""

    level: int
    words: Words


class Say(msgspec.Struct, frozen=True, tag="say"):
    """A sentence; `note` sets a footnote under the block before it.

    One that goes `back` says something of that block, and nothing of the one behind it.
    """

    words: Words
    note: bool = False
    back: bool = False


class Lines(msgspec.Struct, frozen=True, tag="lines"):
    """Formula lines aligned at their first relation."""

    rows: tuple[Row, ...]


Cell = Words | Row
Slot = Expr | Row | Words | str
"""What stands in a sentence."""


class Grid(msgspec.Struct, frozen=True, tag="grid"):
    """A table; cells are words or formula lines."""

    columns: tuple[Words, ...]
    rows: tuple[tuple[Cell, ...], ...]


class Dot(msgspec.Struct, frozen=True):
    """A quantity in a drawing: its middle, and how wide its frame is (a circle if as high)."""

    label: Cell
    x: float
    y: float
    width: float
    lit: bool = False


class Wire(msgspec.Struct, frozen=True):
    """A line from one quantity to one that uses it.

    `route` is None for a plain wire, 0 for one that every highlighted route
    shares, else the number of its route.
    """

    start: tuple[float, float]
    end: tuple[float, float]
    route: int | None = None


class Label(msgspec.Struct, frozen=True):
    """Text in a drawing by its middle; the tone says what kind of number it is."""

    text: Cell
    x: float
    y: float
    tone: Tone = "name"


class Curve(msgspec.Struct, frozen=True):
    """A line through many points; the tone of a derivative is dashed."""

    points: tuple[tuple[float, float], ...]
    tone: Tone


class Picture(msgspec.Struct, frozen=True, tag="picture"):
    """A drawing in centimetres, the origin in the upper left corner; a caption above it."""

    width: float
    height: float
    dots: tuple[Dot, ...]
    wires: tuple[Wire, ...]
    labels: tuple[Label, ...] = ()
    caption: Words | None = None
    curves: tuple[Curve, ...] = ()


class Scene(msgspec.Struct, frozen=True, tag="scene"):
    """What a drawing of the whole exercise tells, before it is drawn; see `Worksheet.drawing`."""

    show: str


class Code(msgspec.Struct, frozen=True, tag="code"):
    """A cell of Python, for formats in which code can be run."""

    text: str


class Entry(msgspec.Struct, frozen=True):
    """A numbered blank that is typed into a page: its number and what is asked for."""

    number: int
    id: str


class Entries(msgspec.Struct, frozen=True, tag="entries"):
    """Places to type the answers to the blanks of the block before."""

    entries: tuple[Entry, ...]


Block = Heading | Say | Lines | Grid | Picture | Scene | Entries | Code


class Document(msgspec.Struct, frozen=True):
    """A whole page; `title` is the author's text, `kind` and `level` say what it is.

    The levels `run` and `weights` are those of a training run, which has no
    blanks, and of a perceptron's.
    """

    title: str
    kind: Kind
    level: Level | Literal["run", "weights"]
    blocks: tuple[Block, ...]


def blank(number: int | None = None) -> Name:
    """A blank to write in; numbered if its answer is asked for."""
    return Name(BLANK if number is None else f"{BLANK}{number}")


def read_number(node: Expr) -> int | None:
    """The number of a blank that is asked for; None for anything else."""
    if not isinstance(node, Name) or not node.id.startswith(BLANK):
        return None
    digits = node.id.removeprefix(BLANK).removesuffix(NARROW)
    return int(digits) if digits.isdigit() else None


def narrow(blank_: Name) -> Name:
    """The same blank for a table of many columns."""
    return Name(blank_.id + NARROW)


def say(key: str, **slots: Slot) -> Say:
    """The sentence of a key of the section `say`."""
    return Say(Words(f"say.{key}", slots))


def say_of(key: str, **slots: Slot) -> Say:
    """A sentence about the block before it."""
    return Say(Words(f"say.{key}", slots), back=True)


def cell(expr: Expr) -> Row:
    """A table cell that holds one tree."""
    return Row(None, (Part("", expr),))


def go_on(total: Expr) -> Part:
    """A sum that continues the one of the line before, behind the sign of its first term."""
    first, *others = total.terms if isinstance(total, Add) else (total,)
    if isinstance(first, Neg):
        return Part("-", Behind((first.arg, *others)))
    return Part("+", Behind((first, *others)))
