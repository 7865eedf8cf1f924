"""The members of a chain as the answer grammar reads them."""

from __future__ import annotations

import re
from collections.abc import Container
from fractions import Fraction

import flint
import msgspec

from derive.algebra.expressions import Expr, Name, Num, transform, walk
from derive.answers import Member, Spellings, Unreadable, read_member
from derive.checking.spread import HALF, count_places
from derive.lines.signs import ROUNDED
from derive.numbers import balls, rounding
from derive.numbers.balls import Value

TYPED = "typed "
"""In front of the number of a typed decimal that may be a rounded one."""
HALVES = frozenset((Fraction(1, 2),))
"""Decimals that nobody has rounded: the half of a loss."""

ENOUGH = 2
"""Significant digits from which a number behind a plain equals sign says how exact it is."""

CUT = flint.fmpq(999_999, 1_000_000)
"""Units that a number may go on behind its last digit, which was cut there."""

LONG = 100
"""Units in a number of three digits."""

INDEXED = re.compile(
    r"(?<![A-Za-z\\])((?!e\s*\^)(?:\\[A-Za-z]+\s*\{[^{}]*\}|\\?[A-Za-z]+\d*)"
    r"(?:_(?:\{[^{}]*\}|\w))?\^\s*\{?\s*[(\[<]\s*\d+\s*[)\]>]\s*\}?(?:_(?:\{[^{}]*\}|\w))?)"
)
"""`z^{(2)}`: a name with an index above, and no power."""
STATE = re.compile(r"\\?[A-Za-z]+_?\{?\d+\}?\s*(?:\(\d\)|\[\d\]|\^\{?[01]\}?)")
"""`W5(1)`, `W5[1]`, `w_5^{1}`: a state, and no product or power."""


class Part(msgspec.Struct, frozen=True):
    """A member of a chain: its text, and what it is read as, or why it is not.

    `name` is the id where a member is a name alone; `loose` says that a sign of rounding
    stands before it, `exact` that its numbers were not rounded.
    """

    text: str
    member: Member | None
    name: str | None = None
    problem: Unreadable | None = None
    loose: bool = False
    exact: bool = False

    @property
    def expr(self) -> Expr | None:
        """What it is read as."""
        if self.name is not None:
            return Name(self.name)
        return None if self.member is None else self.member.expr

    @property
    def is_number(self) -> bool:
        """Whether it is one number as typed."""
        return self.member is not None and self.member.kind == "number"


def is_indexed(text: str, names: Spellings) -> bool:
    """Whether a text holds `w^{(1)}` or `w(1)` for a name that is not spelt so: no arithmetic."""
    if STATE.fullmatch(text.strip()):
        return names.find(text) is None
    return any(names.find(name) is None for name in INDEXED.findall(text))


def read_part(text: str, sign: str, asked: str, names: Spellings, decimals: int) -> Part:
    """A member of a chain behind a sign of relation (empty for the first one)."""
    loose = bool(sign) and ROUNDED.search(sign) is not None
    if not text:
        return Part(text, None, problem=Unreadable("unfinished"), loose=loose)
    name = names.find(text)
    if name is not None:
        return Part(text, None, name, loose=loose)
    try:
        member = read_member(text, asked, names, decimals)
        if isinstance(member.expr, Name):
            return Part(text, None, member.expr.id, loose=loose)
        return Part(text, member, loose=loose)
    except Unreadable as problem:
        return Part(text, None, problem=problem, loose=loose)


class Literals:
    """Which typed numbers stand for themselves: whole ones, and those that are given."""

    def __init__(self, given: Container[Fraction] = ()) -> None:
        """`given` are decimals that nobody has rounded."""
        self._given = given

    def is_exact(self, number: Num) -> bool:
        """Whether a number stands for itself alone."""
        return is_whole(number) or number.value in self._given

    def is_given(self, name: str) -> bool:
        """Whether a name stands for a number that is given."""
        del name
        return False

    def has_rounded(self, expr: Expr) -> bool:
        """Whether a formula holds a decimal that may be a rounded one."""
        return any(isinstance(node, Num) and not self.is_exact(node) for node in walk(expr))

    def widen(self, part: Part) -> tuple[Expr, dict[str, Value]]:
        """The formula of a part with decimals as all that rounds, or is cut, to their digits.

        Each is a name with its ball in the table. A number that is a whole member was
        computed, whatever else has its value.
        """
        assert part.expr is not None
        table: dict[str, Value] = {}
        if part.exact:
            return part.expr, table

        def open_number(node: Expr) -> Expr | None:
            if not isinstance(node, Num):
                return None
            if not part.is_number and self.is_exact(node):
                return None
            name = f"{TYPED}{len(table)}"
            table[name] = enclose(node, loose=part.loose, alone=part.is_number)
            return Name(name)

        return transform(part.expr, open_number), table


def is_short(part: Part) -> bool:
    """Whether a member is a number of a digit or two."""
    return part.is_number and part.member is not None and part.member.digits <= ENOUGH


def enclose(number: Num, *, loose: bool = False, alone: bool = False) -> Value:
    """All numbers that round to the digits of a typed one, or are cut there; a digit is itself.

    Nobody cuts a number off behind its second digit to go on with it; one that is `alone`
    is no number to go on with.
    """
    value = balls.exact(number.text)
    if is_whole(number) and not loose and len(number.text) == 1:
        return value
    places = count_places(number.text)
    if loose and is_whole(number):
        places -= len(number.text) - len(number.text.rstrip("0"))  # `1024 ≈ 1000`
    unit = rounding.power_of_ten(-places)
    beyond = CUT if alone or value >= LONG * unit else HALF
    low, high = value - unit * HALF, value + unit * beyond
    return flint.arb((low + high) / 2, flint.arb((high - low) / 2))


def is_whole(number: Num) -> bool:
    """Whether a number has no place behind the point."""
    return "." not in number.text and "e-" not in number.text


def replace_numbers(expr: Expr, others: dict[Fraction, Value]) -> tuple[Expr, dict[str, Value]]:
    """A formula with other values in place of some typed numbers."""
    table: dict[str, Value] = {}

    def exchange(node: Expr) -> Expr | None:
        other = others.get(node.value) if isinstance(node, Num) else None
        if other is None:
            return None
        name = f"{TYPED}right {len(table)}"
        table[name] = other
        return Name(name)

    return transform(expr, exchange), table
