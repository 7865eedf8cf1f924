"""Functions that a text defines by a formula, and their values: `g(x) = x^2 + 1`, `g(3)`."""

from __future__ import annotations

import re

import msgspec

from derive.algebra.expressions import Call, Expr, Name, substitute, walk
from derive.algebra.expressions import names as list_names
from derive.algebra.lemmas import slope
from derive.answers import Unreadable, read_member
from derive.errors import DeriveError
from derive.lines import Chain
from derive.ops import FUNCTIONS
from derive.workings.names import OWN, Defined, NoSheet, OwnNames

LETTER = r"(?<![\w\\}])([A-Za-z])"
PRIME = r"('|\^\{?\\prime\}?)?"
HEAD = re.compile(
    rf"^{LETTER}{PRIME}\s*(?:\\left)?\(\s*([A-Za-z](?:\s*,\s*[A-Za-z])*)\s*(?:\\right)?\)$"
)
"""`f(x)`, `h'(x)`, `g(x, y)`: what is defined."""
CALL = re.compile(rf"{LETTER}{PRIME}\s*(?:\\left)?\(([^()]*)(?:\\right)?\)")
LETTERS = re.compile("[A-Za-z]")
"""What the place of a value has none of: `f(x)` is the function, whatever `x` was."""
DECIMALS = 60
KEPT = 8
"""Definitions of one function that are remembered."""
MOST = 200
"""Functions that are remembered."""


class Formula(msgspec.Struct, frozen=True):
    """What a function is: a formula in its arguments, which have names of one's own."""

    arguments: tuple[str, ...]
    expr: Expr


class TextFunctions:
    """The functions of one text, and formulas with their calls filled in."""

    def __init__(self) -> None:
        """No function is defined."""
        self._known: dict[str, list[Formula]] = {}

    def take(self, chain: Chain) -> tuple[Formula, list[Formula]] | None:
        """What a chain that begins with `f'(x) =` says of a slope, beside those that are known.

        None for any other chain, also for the slope at one place. A definition is remembered;
        of a letter that now is something that cannot be read nothing is known any more.
        """
        head = HEAD.match(chain.members[0].strip())
        if head is None or len(chain.members) < 2:  # noqa: PLR2004  a head and a formula
            return None
        letter, prime, arguments = head.groups()
        formula = self._read(chain.members[1], tuple(re.findall(r"[A-Za-z]", arguments)))
        if formula is None:
            if not prime:
                self.forget(letter)
            return None
        if not set(list_names(formula.expr)) & set(formula.arguments):
            return None  # the value at one place
        if prime:
            slopes = self._list_slopes(letter, formula.arguments)
            return (formula, slopes) if slopes and len(chain.members) == 2 else None  # noqa: PLR2004
        if letter not in self._known and len(self._known) >= MOST:
            del self._known[next(iter(self._known))]
        known = self._known.setdefault(letter, [])
        known.insert(0, formula)
        del known[KEPT:]
        return None

    def forget(self, letter: str) -> None:
        """Know nothing of a function: the text has given its letter to another one."""
        self._known.pop(letter, None)

    def _read(self, text: str, arguments: tuple[str, ...]) -> Formula | None:
        """A formula in nothing but its arguments; None for anything else."""
        names = OwnNames(NoSheet())
        own = tuple(names.spell_own(name) or name for name in arguments)
        names.defined |= {name: Defined(None) for name in own}
        try:
            expr = read_member(text, "", names, DECIMALS).expr
        except Unreadable:
            return None
        return Formula(own, expr) if set(list_names(expr)) <= set(own) else None

    def _list_slopes(self, letter: str, arguments: tuple[str, ...]) -> list[Formula]:
        if len(arguments) != 1:
            return []
        return [s for f in self._known.get(letter, ()) if (s := _take_slope(f)) is not None]

    def list_called(self, text: str, names: OwnNames) -> list[Expr]:
        """A member with its calls filled in, for each definition; empty if it has none known."""
        found = (c for c in CALL.finditer(text) if LETTERS.search(c.group(3)) is None)
        calls = [c for c in found if c.group(1) in self._known]
        if not calls:
            return []
        spelt = CALL.sub(lambda c: self._stand_in(calls, c), text)
        table = OwnNames(names.sheet)
        table.defined = names.defined | {_name(i): Defined(None) for i in range(len(calls))}
        try:
            expr = read_member(spelt, "", table, DECIMALS).expr
            given = [self._read_given(call.group(3), names) for call in calls]
        except Unreadable:
            return []
        filled = (self._fill(expr, calls, given, place) for place in range(KEPT))
        return [expr for expr in filled if expr is not None]

    @staticmethod
    def _stand_in(calls: list[re.Match[str]], call: re.Match[str]) -> str:
        starts = [one.start() for one in calls]
        return f" (qcall{starts.index(call.start())}) " if call.start() in starts else call.group()

    @staticmethod
    def _read_given(text: str, names: OwnNames) -> list[Expr]:
        return [read_member(part, "", names, DECIMALS).expr for part in text.split(",")]

    def _fill(
        self, expr: Expr, calls: list[re.Match[str]], given: list[list[Expr]], place: int
    ) -> Expr | None:
        """The formula with the value of every call, by the definition at a place."""
        table: dict[str, Expr] = {}
        for number, (call, values) in enumerate(zip(calls, given, strict=True)):
            known = self._known[call.group(1)]
            formula: Formula | None = known[place] if place < len(known) else None
            if formula is not None and call.group(2):
                formula = _take_slope(formula)
            if formula is None or len(values) != len(formula.arguments):
                return None
            pairs = dict(zip(formula.arguments, values, strict=True))
            table[_name(number)] = substitute(formula.expr, pairs)
        return substitute(expr, table)


def _name(number: int) -> str:
    return f"{OWN}qcall{number}"


def _has_corner(call: Call) -> bool:
    """Whether a function has cases, of which a text may mean one."""
    row = FUNCTIONS.get(call.function)
    return row is None or bool(row.corner) or len(row.parameters) > 1


def _take_slope(formula: Formula) -> Formula | None:
    """The slope of a function of one argument; None where there is no rule for it."""
    if len(formula.arguments) != 1:
        return None
    (argument,) = formula.arguments
    if any(isinstance(node, Call) and _has_corner(node) for node in walk(formula.expr)):
        return None
    try:
        plain = substitute(formula.expr, {argument: Name("x")})
        steep = slope(plain, "x")
    except DeriveError:
        return None
    return Formula(formula.arguments, substitute(steep, {"x": Name(argument)}))
