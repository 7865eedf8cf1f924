"""Chains of numbers in a text that is about no exercise: only what it says itself is used.

A typed decimal may be a rounded one, and a name stands for any value that it was given
before; a sign is false only where none of all these satisfy it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice, pairwise, product

import flint
import msgspec

from derive.algebra.expressions import Call, Div, Expr, Num, transform
from derive.algebra.expressions import names as list_names
from derive.answers import Unreadable
from derive.lines import Chain
from derive.numbers.balls import NotDefined, Value
from derive.workings.comparing import Agreement, Comparer
from derive.workings.judging import Line, Status
from derive.workings.names import Defined, NoSheet, OwnNames
from derive.workings.parts import Literals, Part, read_part
from derive.workings.slips import EditFinder
from derive.workings.worlds import evaluate

BITS = 128
DECIMALS = 60
"""No zero at the end of a number is padding."""
CHOICES = 64
"""Combinations of earlier values that are tried."""
NAMES = 5_000
"""Names that are remembered."""
KEPT = 16
"""Values of one name that are remembered."""
CALL = re.compile(r"(?<![\w\\}])[A-Za-z]\s*\(\s*(?:-?[\d.]+|[a-z](?:\s*,\s*[a-z])*)\s*\)")
"""`f(2)`, `f(x, y)`: a function of the text, whatever number its letter was."""
THOUSANDS = re.compile(r"(?<=\d)(?:\{,\}|,)(?=\d{3}(?!\d))")
OTHERWISE = re.compile(rf"{THOUSANDS.pattern}|log")
BASES = (Num("10"), Num("2"))
"""Of a logarithm that is not the natural one."""
LETTER, DIGIT = re.compile(r"[^\W\d_]"), re.compile(r"\d")
OPERATION = re.compile(r"\d\s*[-+*/×·^(]|\\(?:times|cdot|frac)")  # noqa: RUF001


class Meant(msgspec.Struct, frozen=True):
    """A value of a name: as it was written, and all that it may be."""

    value: Value
    wide: Value


class Chosen:
    """One value for each name."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        """Keep them."""
        self._values = values

    def value(self, name: str) -> Value | None:
        """The value of a name."""
        return self._values.get(name)

    def evaluate(self, expr: Expr, table: Mapping[str, Value] | None = None) -> Value | None:
        """The value of a formula; `table` gives those of typed numbers."""
        typed = table or {}

        def operand(name: str) -> Value:
            value = typed[name] if name in typed else self._values.get(name)
            if value is None:
                raise NotDefined(name)
            return value

        return evaluate(expr, operand, BITS)


class NumberReader:
    """Judges the chains of one text, in order."""

    def __init__(self) -> None:
        """Nothing is defined."""
        self.names = OwnNames(NoSheet())
        self._meant: dict[str, list[Meant]] = {}
        self._comparer = Comparer(Literals(), flint.fmpq(0), BITS)
        self._edits = EditFinder(self._comparer)

    def judge(self, chain: Chain) -> Line | None:
        """A chain of numbers judged; None for one that only gives a meaning to a name."""
        parts = self._read(chain)
        line = self._compare_all(chain, parts)
        if line.status == "false":
            parts, line = self._read_otherwise(chain) or (parts, line)
        self._define(chain, parts)
        if line.compared or _is_numeric(parts):
            return line
        return None

    def _read(self, chain: Chain) -> list[Part]:
        signs = ("", *chain.signs)
        return [
            Part(text, None, problem=Unreadable("syntax"))
            if CALL.search(text)
            else read_part(text, sign, "", self.names, DECIMALS)
            for text, sign in zip(chain.members, signs, strict=True)
        ]

    def _read_otherwise(self, chain: Chain) -> tuple[list[Part], Line] | None:
        """Another reading under which nothing is false; None where there is none.

        `1,000` is a thousand, and `log` has the base 10 or 2.
        """
        if not any(OTHERWISE.search(text) for text in chain.members):
            return None
        members = tuple(THOUSANDS.sub("", text) for text in chain.members)
        whole = self._read(msgspec.structs.replace(chain, members=members))
        for parts in (whole, *(_take_base(whole, base) for base in BASES)):
            line = self._compare_all(chain, parts)
            if line.status != "false":
                return parts, line
        return None

    def _compare_all(self, chain: Chain, parts: list[Part]) -> Line:
        """Each sign in turn up to the first false one."""
        rounded_at = sides = None
        compared = 0
        for place, (one, other) in enumerate(pairwise(parts), 1):
            if (place == 1 and _is_head(one)) or _is_new(one, other):
                continue
            agreement, chosen = self._compare(one, other)
            if agreement is None:
                continue
            compared += 1
            if agreement == "false":
                slip = self._edits.find(one, other, chosen)
                left, right = (self._comparer.evaluate(p, chosen) for p in (one, other))
                return Line(chain, "false", place, None, slip, (), None, left, right, compared)
            if agreement == "rounded" and rounded_at is None:
                rounded_at = place
                sides = [self._comparer.evaluate(p, chosen) for p in (one, other)]
        status: Status = "unread" if not compared else "rounded" if rounded_at else "true"
        left, right = sides or (None, None)
        return Line(chain, status, None, None, None, (), rounded_at, left, right, compared)

    def _compare(self, one: Part, other: Part) -> tuple[Agreement | None, Chosen]:
        """The best agreement of two members under any values that their names had."""
        best: Agreement | None = None
        used = Chosen({})
        for chosen, wide in self._list_choices(one, other):
            agreement = self._comparer.compare(one, other, chosen, wide)
            if best is None or agreement == "true" or (agreement, best) == ("rounded", "false"):
                best, used = agreement, chosen
            if best == "true":
                break
        return best, used

    def _list_choices(self, one: Part, other: Part) -> Iterator[tuple[Chosen, Chosen]]:
        """Values of all names in two members, the latest first."""
        exprs = [part.expr for part in (one, other) if part.expr is not None]
        used = list(dict.fromkeys(name for expr in exprs for name in list_names(expr)))
        kept = [self._meant.get(name, []) for name in used]
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
        for text, part in zip(chain.members[:-1], parts[:-1], strict=True):
            name = part.name or (self.names.spell_own(text) if part is parts[0] else None)
            if name is not None:
                self._keep(name, meant)

    def _keep(self, name: str, meant: Meant) -> None:
        """Remember a value; of very many names the first ones are forgotten."""
        self.names.defined[name] = Defined(None)
        kept = self._meant.setdefault(name, [])
        kept.insert(0, meant)
        del kept[KEPT:]
        if len(self._meant) > NAMES:
            oldest = next(iter(self._meant))
            del self._meant[oldest], self.names.defined[oldest]

    def _find_value(self, parts: list[Part]) -> Meant | None:
        """The value with which a chain ends: its last number, else its last formula."""
        last = next((p for p in reversed(parts) if p.is_number), None)
        last = last or next((p for p in reversed(parts[1:]) if p.expr is not None), None)
        if last is None:
            return None
        for chosen, wide in self._list_choices(last, last):
            value, whole = (
                self._comparer.evaluate(last, chosen),
                self._comparer.enclose(last, wide),
            )
            if value is not None and whole is not None:
                return Meant(value, whole)
        return None


def _take_base(parts: list[Part], base: Num) -> list[Part]:
    """Members in which `log` has another base."""

    def change(node: Expr) -> Expr | None:
        if isinstance(node, Call) and node.function == "log":
            return Div(Call("ln", node.args), Call("ln", (base,)))
        return None

    return [
        part
        if part.member is None
        else msgspec.structs.replace(
            part,
            member=msgspec.structs.replace(part.member, expr=transform(part.member.expr, change)),
        )
        for part in parts
    ]


def _is_head(part: Part) -> bool:
    """Whether a first member is a name, or words, to which a value is given."""
    return part.name is not None or (part.problem is not None and bool(LETTER.search(part.text)))


def _is_new(one: Part, other: Part) -> bool:
    """Whether a name inside a chain is given a number: `x = y = 5`."""
    return one.name is not None and other.is_number


def _is_numeric(parts: list[Part]) -> bool:
    """Whether a chain that was not compared says something about numbers all the same."""
    unread = any(p.problem is not None and OPERATION.search(p.text) for p in parts[1:])
    return unread and any(p.is_number for p in parts)
