"""TeX of our own printer as a small tree, for formats with a mathematics of their own.

Only what `render.tex`, `render.notation` and `[symbols]` can write is known; a
command beyond that is a defect of ours, not a guess. Words inside a formula
travel as hexadecimal digits (`word`), so that no text of an author is ever
read as TeX or as the language of a format.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

import msgspec

from derive.errors import InternalError
from derive.spec.symbols import GREEK

SIGN = re.compile(r"\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
Style = Literal["mathrm", "mathit", "mathbf", "mathcal", "operatorname"]
STYLES: tuple[Style, ...] = ("mathrm", "mathit", "mathbf", "mathcal", "operatorname")
ACCENTS = ("hat", "bar", "tilde")
OPERATORS = (
    *("partial", "times", "cdot", "approx", "le", "ge", "ell", "prime", "star", "dagger"),
    *("odot", "top"),
)
NAMES = frozenset({*GREEK, *OPERATORS})
"""Commands for one sign."""
FUNCTIONS = frozenset({"ln", "log", "exp", "sin", "cos", "tanh", "cosh", "max", "min"})
SPACES = {"\\quad": 1.0, "\\,": 0.17, "\\;": 0.28, "~": 0.25}
"""Room in em."""


class Letter(msgspec.Struct, frozen=True):
    """One character as it stands: a letter, an operator, a bracket."""

    text: str


class Number(msgspec.Struct, frozen=True):
    """Digits, perhaps with a point."""

    text: str


class Sign(msgspec.Struct, frozen=True):
    """A sign by the name of its command: `partial`, `alpha`."""

    name: str


class Function(msgspec.Struct, frozen=True):
    """A function written upright: `sin`."""

    name: str


class Space(msgspec.Struct, frozen=True):
    """Room of so many em."""

    width: float


class Text(msgspec.Struct, frozen=True):
    """Words inside a formula."""

    text: str


class Row(msgspec.Struct, frozen=True):
    """Parts side by side."""

    parts: tuple[Node, ...]


class Scripted(msgspec.Struct, frozen=True):
    """A base with a subscript, a superscript or both."""

    base: Node
    below: Node | None = None
    above: Node | None = None


class Fraction(msgspec.Struct, frozen=True):
    """A fraction; a small one is as high as the line."""

    top: Node
    bottom: Node
    small: bool


class Styled(msgspec.Struct, frozen=True):
    """A word, or other things, in a style."""

    style: Style
    inside: Text | Node


class Accented(msgspec.Struct, frozen=True):
    """A sign above something: `hat`, `bar`, `tilde`."""

    accent: str
    inside: Node


class Root(msgspec.Struct, frozen=True):
    """A square root."""

    inside: Node


class Boxed(msgspec.Struct, frozen=True):
    """A result in a frame."""

    inside: Node


class Blank(msgspec.Struct, frozen=True):
    """A line of so many em to write on, with its number below it if it has one."""

    width: int
    number: str = ""


class Cases(msgspec.Struct, frozen=True):
    """Rows of value and condition behind a brace."""

    rows: tuple[tuple[Node, ...], ...]


class Matrix(msgspec.Struct, frozen=True):
    """Entries in rows between brackets."""

    rows: tuple[tuple[Node, ...], ...]


Node = (
    Letter | Number | Sign | Function | Space | Text | Row | Scripted
    | Fraction | Styled | Accented | Root | Boxed | Blank | Cases | Matrix
)  # fmt: skip
ENVIRONMENTS: dict[str, type[Cases | Matrix]] = {"cases": Cases, "bmatrix": Matrix}
BREAK, CELL = Letter("\\\\"), Letter("&")


def word(text: str) -> str:
    """Words inside a formula, as TeX that `parsed` reads back."""
    return rf"\text{{{text.encode().hex()}}}"


def parsed(tex: str) -> Row:
    """The tree of a formula; raises InternalError for TeX that is not ours."""
    return _Reader(tex).until(None)


class _Reader:
    def __init__(self, tex: str) -> None:
        self.signs: list[str] = SIGN.findall(tex)
        self.at = 0

    def until(self, end: str | None) -> Row:
        """Everything up to a sign, which is passed over."""
        parts: list[Node] = []
        while self.at < len(self.signs):
            sign = self.signs[self.at]
            self.at += 1
            if sign == end:
                return Row(tuple(parts))
            if sign in ("_", "^"):
                parts.append(self.scripted(parts.pop() if parts else Row(()), sign))
            elif not sign.isspace():
                for node in self.one(sign):
                    joined(parts, node)
        if end is not None:
            raise InternalError(f"TeX ends before {end}")
        return Row(tuple(parts))

    def scripted(self, base: Node, sign: str) -> Scripted:
        """A second script joins the first one's base."""
        found = base if isinstance(base, Scripted) else Scripted(base)
        if sign == "_":
            return Scripted(found.base, self.argument(), found.above)
        return Scripted(found.base, found.below, self.argument())

    def argument(self) -> Node:
        """What a command or a script takes: a group, or one sign."""
        sign = self.take()
        inside = self.until("}").parts if sign == "{" else tuple(self.one(sign))
        return inside[0] if len(inside) == 1 else Row(inside)

    def take(self) -> str:
        """The next sign that is no space."""
        while self.at < len(self.signs):
            self.at += 1
            if not self.signs[self.at - 1].isspace():
                return self.signs[self.at - 1]
        raise InternalError("TeX ends where an argument is due")

    def raw(self) -> str:
        """An argument as it stands."""
        if self.take() != "{":
            raise InternalError("expected { in TeX")
        start, depth = self.at, 1
        while depth:
            depth += {"{": 1, "}": -1}.get(self.take(), 0)
        return "".join(self.signs[start : self.at - 1])

    def one(self, sign: str) -> list[Node]:
        """One sign, with its arguments if it takes some."""
        name = sign[1:]
        if sign in COMMANDS:
            return COMMANDS[sign](self)
        if sign in SPACES:
            return [Space(SPACES[sign])]
        if not sign.startswith("\\"):
            return [Number(sign) if sign[0].isdigit() else Letter(sign)]
        if name in NAMES:
            return [Sign(name)]
        if name in FUNCTIONS:
            return [Function(name)]
        if name in ACCENTS:
            return [Accented(name, self.argument())]
        if name in STYLES:
            return [self.styled(name)]
        raise InternalError(f"TeX that is not ours: {sign}")

    def styled(self, style: Style) -> Styled:
        inside = self.raw()
        if re.fullmatch(r"[\w\\ -]+", inside) and not re.search(r"\\[A-Za-z]", inside):
            return Styled(style, Text(inside.replace("\\", "")))
        return Styled(style, parsed(inside))

    def group(self) -> list[Node]:
        """Braces hold together; empty ones are a place for a script."""
        return [self.until("}")]

    def closing(self) -> list[Node]:
        raise InternalError("a } closes nothing in TeX")

    def text(self) -> list[Node]:
        return [Text(bytes.fromhex(self.raw()).decode())]

    def fraction(self, *, small: bool = False) -> list[Node]:
        top = self.argument()
        return [Fraction(top, self.argument(), small)]

    def small_fraction(self) -> list[Node]:
        return self.fraction(small=True)

    def root(self) -> list[Node]:
        return [Root(self.argument())]

    def boxed(self) -> list[Node]:
        return [Boxed(self.argument())]

    def blank(self) -> list[Node]:
        """Nothing else of ours is underlined."""
        found = re.fullmatch(r"\\hspace\{(\d+)em\}", self.raw())
        if found is None:
            raise InternalError("an underline that is no blank")
        return [Blank(int(found.group(1)))]

    def numbered(self) -> list[Node]:
        """A blank and the number below it."""
        number = self.raw().strip("()")
        line = self.argument()
        if not isinstance(line, Blank):
            raise InternalError("an underset that is no blank")
        return [Blank(line.width, number)]

    def delimiter(self) -> list[Node]:
        """What follows `left` or `right`; a point stands for nothing."""
        sign = self.take()
        if sign in ("\\lvert", "\\rvert"):
            return [Letter("|")]
        return [] if sign == "." else self.one(sign)

    def environment(self) -> list[Node]:
        kind = ENVIRONMENTS.get(self.raw())
        if kind is None:
            raise InternalError("an environment that is not ours")
        inside = self.until("\\end").parts
        self.raw()
        return [kind(tuple(_split(row, CELL) for row in _rows(inside)))]

    def line_break(self) -> list[Node]:
        return [BREAK]


def joined(parts: list[Node], node: Node) -> None:
    """Add a node; words behind words become one with them, so that their spaces stay."""
    if isinstance(node, Text) and parts and isinstance(parts[-1], Text):
        parts[-1] = Text(parts[-1].text + node.text)
    else:
        parts.append(node)


def _rows(parts: tuple[Node, ...]) -> list[tuple[Node, ...]]:
    return [part.parts for part in _split(parts, BREAK)]


def _split(parts: tuple[Node, ...], at: Letter) -> tuple[Row, ...]:
    """The pieces of a row between the places where a sign stands."""
    found: list[list[Node]] = [[]]
    for part in parts:
        if part == at:
            found.append([])
        else:
            found[-1].append(part)
    return tuple(Row(tuple(piece)) for piece in found)


COMMANDS: dict[str, Callable[[_Reader], list[Node]]] = {
    "{": _Reader.group,
    "}": _Reader.closing,
    "\\text": _Reader.text,
    "\\frac": _Reader.fraction,
    "\\tfrac": _Reader.small_fraction,
    "\\sqrt": _Reader.root,
    "\\boxed": _Reader.boxed,
    "\\underline": _Reader.blank,
    "\\underset": _Reader.numbered,
    "\\left": _Reader.delimiter,
    "\\right": _Reader.delimiter,
    "\\begin": _Reader.environment,
    "\\\\": _Reader.line_break,
}
"""Commands with a rule of their own."""
