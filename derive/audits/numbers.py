"""Chains of numbers in a text that is about no exercise: only what it says itself is used.

A typed decimal may be a rounded one, and a name stands for any value that it was given
before; a sign is false only where none of all these satisfy it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice, pairwise, product

import flint
import msgspec

from derive.algebra.expressions import Call, Num, walk
from derive.algebra.expressions import names as list_names
from derive.answers import Unreadable
from derive.audits.chosen import BITS, Chosen
from derive.audits.reading import MemberReader
from derive.audits.slopes import judge_slope
from derive.lines import Chain
from derive.lines.otherwise import list_grouped, list_others
from derive.numbers.balls import Value
from derive.workings.comparing import Agreement, Comparer
from derive.workings.line import Line, Status
from derive.workings.names import Defined, NoSheet, OwnNames
from derive.workings.parts import Literals, Part, is_whole
from derive.workings.searching import EditFinder
from derive.workings.wrong import WrongNumbers

NEAR = flint.fmpq(1, 2_000)
"""How near to 0 or 1 a function is called that."""
CHOICES = 64
"""Combinations of earlier values that are tried."""
NAMES = 5_000
"""Names, and wrong numbers, that are remembered."""
KEPT = 16
"""Values of one name that are remembered."""
LETTER = re.compile(r"[^\W\d_]")
WORD = re.compile(r"[A-Za-z]{2,8}")
OPERATION = re.compile(r"\d\s*[-+*/×·^(]|\\(?:times|cdot|frac)")  # noqa: RUF001


class Meant(msgspec.Struct, frozen=True):
    """A value of a name: as it was written, and all that it may be."""

    value: Value
    wide: Value


class NumberReader:
    """Judges the chains of one text, in order."""

    def __init__(self) -> None:
        """Nothing is defined."""
        self.names = OwnNames(NoSheet())
        self.reader = MemberReader(self.names)
        self._meant: dict[str, list[Meant]] = {}
        self._given: set[Fraction] = set()
        self._comparer = Comparer(Literals(self._given), flint.fmpq(0), BITS)
        self._edits = EditFinder(self._comparer)
        self._wrong = WrongNumbers(self._comparer)

    def judge(self, chain: Chain) -> list[Line]:
        """A chain of numbers judged; nothing for one that only gives a meaning to a name.

        Where it is false, another reading of it counts that is not, if there is one.
        """
        slopes = self.reader.functions.take(chain)
        if slopes is not None:
            return [judge_slope(chain, *slopes)]
        looked = self._look(chain)
        if looked[1].status == "false":
            for others in list_others(chain):
                if all(self._look(other)[1].status != "false" for other in others):
                    settled = (self._settle(other, *self._look(other)) for other in others)
                    return [line for lines in settled for line in lines]
        return self._settle(chain, *looked)

    def _look(self, chain: Chain) -> tuple[list[Part], Line]:
        """The members of a chain, and what comparing them finds."""
        parts = self.reader.read(chain)
        line = self._compare_all(chain, parts)
        if line.status == "false":
            for others in self.reader.read_otherwise(chain):
                other = self._compare_all(chain, others)
                if other.status != "false":
                    return others, other
            if self._names_product(chain, parts):
                head = Part(chain.members[0], None, problem=Unreadable("unfinished"))
                return [head, *parts[1:]], Line(chain, "unread", None, None)
        return parts, line

    def _names_product(self, chain: Chain, parts: list[Part]) -> bool:
        """Whether `dz = 0.1` may give a name a value, and not say what `d` times `z` is."""
        if len(parts) != 2 or not parts[1].is_number:  # noqa: PLR2004  a name and its value
            return False
        return WORD.fullmatch(chain.members[0]) is not None

    def _settle(self, chain: Chain, parts: list[Part], line: Line) -> list[Line]:
        """What is said of a chain, of which later ones know."""
        if line.false_at is not None and parts[-1].is_number:
            self._wrong.note(parts[-1], line.left)
        if chain.alone:
            self.reader.e_is_named |= chain.members[0] == "e"
        else:
            for other in list_grouped(chain):
                self._define(other, self.reader.read(other))
            self._define(chain, parts)
            self._assign(chain, parts)
        return [line] if line.compared or _is_numeric(parts) else []

    def _compare_all(self, chain: Chain, parts: list[Part]) -> Line:
        """Each sign in turn up to the first false one."""
        rounded_at = sides = None
        compared = 0
        status: Status = "unread"
        for place, (one, other) in enumerate(pairwise(parts), 1):
            if (place == 1 and _is_head(one)) or _is_new(one, other):
                continue
            if chain.alone and one.is_number and other.is_number:
                continue  # two columns of a table
            agreement, chosen = self._compare(one, other, chain)
            if agreement is None or (agreement == "false" and _is_equation(parts)):
                continue
            compared += 1
            if agreement == "false":
                if not self._wrong.holds(one, other, chosen):
                    return self._call_false(chain, place, parts, chosen, compared)
                status = "carried"
            if agreement == "rounded" and rounded_at is None:
                rounded_at = place
                sides = [self._comparer.evaluate(p, chosen) for p in (one, other)]
        if compared and status == "unread":
            status = "rounded" if rounded_at else "true"
        left, right = sides or (None, None)
        return Line(chain, status, None, None, None, (), rounded_at, left, right, compared)

    def _call_false(
        self, chain: Chain, place: int, parts: list[Part], chosen: Chosen, compared: int
    ) -> Line:
        one, other = parts[place - 1 : place + 1]
        slip = self._edits.find(one, other, chosen)
        left, right = (self._comparer.evaluate(p, chosen) for p in (one, other))
        return Line(chain, "false", place, None, slip, (), None, left, right, compared)

    def _compare(self, one: Part, other: Part, chain: Chain) -> tuple[Agreement | None, Chosen]:
        """The best agreement of two members under any values that their names had."""
        best: Agreement | None = None
        used = Chosen({})
        for chosen, wide in self._list_choices(one, other, alone=chain.alone):
            agreement = self._comparer.compare(one, other, chosen, wide)
            if agreement == "false" and self._is_saturated(one, other, chosen):
                agreement = "rounded"
            if best is None or agreement == "true" or (agreement, best) == ("rounded", "false"):
                best, used = agreement, chosen
            if best == "true":
                break
        return best, used

    def _is_saturated(self, one: Part, other: Part, chosen: Chosen) -> bool:
        """Whether a function is so near to 0 or 1 that people write that: `tanh(20) = 1`."""
        expr = one.expr
        if not other.is_number or other.member is None or other.member.value not in (0, 1):
            return False
        if expr is None or not any(isinstance(node, Call) for node in walk(expr)):
            return False
        value = self._comparer.evaluate(one, chosen)
        return value is not None and bool(abs(value - other.member.value) < NEAR)

    def _list_choices(
        self, one: Part, other: Part, *, alone: bool = False
    ) -> Iterator[tuple[Chosen, Chosen]]:
        """Values of all names in two members, the latest first.

        In a cell `alone` a name is that of a row or a column, and has none.
        """
        exprs = [part.expr for part in (one, other) if part.expr is not None]
        used = list(dict.fromkeys(name for expr in exprs for name in list_names(expr)))
        kept = [[] if alone else self._meant.get(name, []) for name in used]
        for choice in islice(product(*kept), CHOICES):
            yield (
                Chosen({name: meant.value for name, meant in zip(used, choice, strict=True)}),
                Chosen({name: meant.wide for name, meant in zip(used, choice, strict=True)}),
            )

    def _define(self, chain: Chain, parts: list[Part]) -> None:
        """Keep what the names in front of a value stand for from here on."""
        meant = self._find_value(parts)
        if meant is None:
            return
        if len(parts) == 2 and _is_head(parts[0]):  # noqa: PLR2004  a name and its value
            self._take_given(parts[1])
        for text, part in zip(chain.members[:-1], parts[:-1], strict=True):
            name = part.name or (self.names.spell_own(text) if part is parts[0] else None)
            if name is not None and not self._is_of_itself(name, parts):
                self._keep(name, meant)

    def _assign(self, chain: Chain, parts: list[Part]) -> None:
        """Keep the new value of a name that stands before an arrow; forget one without."""
        name = self.names.spell_own(chain.target) if chain.target else None
        if name is None:
            return
        meant = self._find_value(parts) if chain.signs else None
        if meant is not None:
            self._keep(name, meant)
        else:
            self._forget_name(name)

    def forget(self, chain: Chain) -> None:
        """Know nothing of the names in a chain, which the text asks about or calls wrong."""
        self.reader.functions.forget(chain.members[0].strip()[:1])
        for member in (*chain.members, chain.target):
            name = self.names.spell_own(member) if member else None
            if name is not None:
                self._forget_name(name)

    def _forget_name(self, name: str) -> None:
        if name in self._meant:
            del self._meant[name], self.names.defined[name]

    def _take_given(self, part: Part) -> None:
        """A decimal of one digit that a name is given is no rounded one: `w = 0.3`."""
        if not part.is_number or part.member is None or part.member.digits != 1:
            return
        numbers = (node for node in walk(part.member.expr) if isinstance(node, Num))
        self._given |= {number.value for number in numbers if not is_whole(number)}

    def _is_of_itself(self, name: str, parts: list[Part]) -> bool:
        """Whether a name has no value but one that was computed from itself."""
        if any(part.is_number for part in parts):
            return False
        return any(part.member and name in list_names(part.member.expr) for part in parts)

    def _keep(self, name: str, meant: Meant) -> None:
        """Remember a value; of very many names the first ones are forgotten."""
        self.names.defined[name] = Defined(None)
        kept = self._meant.setdefault(name, [])
        kept.insert(0, meant)
        del kept[KEPT:]
        if len(self._meant) > NAMES:
            self._forget_name(next(iter(self._meant)))

    def _find_value(self, parts: list[Part]) -> Meant | None:
        """The value with which a chain ends: its last number, else its last formula."""
        last = next((p for p in reversed(parts) if p.is_number), None)
        last = last or next((p for p in reversed(parts[1:]) if p.expr is not None), None)
        if last is None:
            return None
        for chosen, wide in self._list_choices(last, last):
            value = self._comparer.evaluate(last, chosen)
            whole = self._comparer.enclose(last, wide)
            if value is not None and whole is not None:
                return Meant(value, whole)
        return None


def _is_head(part: Part) -> bool:
    """Whether a first member is a name, or words, to which a value is given."""
    return part.name is not None or (part.problem is not None and bool(LETTER.search(part.text)))


def _is_new(one: Part, other: Part) -> bool:
    """Whether a name inside a chain is given a number: `x = y = 5`."""
    return one.name is not None and other.is_number


def _is_equation(parts: list[Part]) -> bool:
    """Whether a chain is something to be solved: `3 - 2w = 0`."""
    if len(parts) != 2:  # noqa: PLR2004  one sign
        return False
    named = any(part.expr is not None and list_names(part.expr) for part in parts)
    return named and any(
        part.is_number and part.member.value == 0 for part in parts if part.member
    )


def _is_numeric(parts: list[Part]) -> bool:
    """Whether a chain that was not compared says something about numbers all the same."""
    unread = any(p.problem is not None and OPERATION.search(p.text) for p in parts[1:])
    return unread and any(p.is_number for p in parts)
