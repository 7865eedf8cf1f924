"""A member's lines: the first false sign of each chain, and what follows from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

import msgspec

from derive.algebra.expressions import names
from derive.answers import Unreadable
from derive.checking.marking import Marker
from derive.checking.verdicts import Remark
from derive.lines import Chain, list_chains
from derive.lines.otherwise import list_others
from derive.lines.prose import is_label
from derive.numbers import rounding
from derive.workings.comparing import Agreement, Comparer
from derive.workings.decimals import SheetLiterals
from derive.workings.heads import Heads
from derive.workings.line import Line, Status
from derive.workings.memory import Memory
from derive.workings.names import OWN, OwnNames
from derive.workings.otherwise import CHANGES, Change, change_part
from derive.workings.parts import Part, is_indexed, is_short, read_part
from derive.workings.slips import SlipFinder

AHEAD = 3
"""Updates that the new value of a parameter may be behind, whatever else is written."""
FUNCTION = re.compile("log|sin|cos|tan|gelu", re.IGNORECASE)


class _Found(msgspec.Struct):
    """What comparing the members of a chain has found so far."""

    compared: int = 0
    rounded: bool = False
    rounded_at: int | None = None
    carried: bool = False
    false_at: int | None = None
    unread: bool = False


_Looked = tuple[list[Part], str | None, _Found]


class Working:
    """The lines of one member, each judged once, in the order in which they stand."""

    def __init__(self, marker: Marker, asked: str = "") -> None:
        """Nothing is written yet; `asked` is the id that lines without a name are about."""
        exercise = marker.exercise
        self._exercise = exercise
        self._judge = marker.judge
        self._asked = asked
        self.names = OwnNames(marker.aliases)
        self._literals = SheetLiterals(marker.judge.targets.truth)
        self._unit = rounding.power_of_ten(-exercise.decimals)
        numbers = exercise.numbers
        self._comparer = Comparer(
            self._literals, self._unit, numbers.bits, stepwise=numbers.stepwise
        )
        self._memory = Memory(marker.judge, self._comparer, self.names.defined)
        self._slips = SlipFinder(marker.judge, self._comparer)
        self._heads = Heads(marker, self.names, self._comparer, self._literals, self._memory)

    def judge_text(self, lines: Iterable[str], asked: str | None = None) -> Iterator[Line]:
        """Every chain of some lines, judged; they may be about another id than the ones before."""
        self._asked = self._asked if asked is None else asked
        for chain in list_chains(enumerate(lines, 1), self.names.is_name):
            if chain.signs:
                yield from self.judge(chain)

    def judge(self, chain: Chain) -> list[Line]:
        """One chain, which follows those that were judged before.

        Where it is false, or not read, another reading of it counts that is not, if there
        is one.
        """
        labelled = self._heads.split_label(chain)
        if labelled is not None:
            name, behind = labelled
            parts, about, found = self._look(behind)
            return [self._settle(behind, parts, about or name, found)]
        looked = self._look(chain)
        if looked[2].false_at is not None or looked[2].unread:
            for others in list_others(chain):
                if all(_holds(self._look(other)[2]) for other in others):
                    return [self._settle(other, *self._look(other)) for other in others]
        if looked[2].false_at is not None:
            looked = self._look_otherwise(chain) or self._look_later(chain, looked)
        return [self._settle(chain, *looked)]

    def _look_otherwise(self, chain: Chain) -> _Looked | None:
        """With another meaning of a function, if nothing is false then."""
        if not FUNCTION.search(chain.text):
            return None
        looks = (self._look(chain, change) for change in CHANGES)
        return next((looked for looked in looks if looked[2].false_at is None), None)

    def _look_later(self, chain: Chain, looked: _Looked) -> _Looked:
        """With names as they are after some updates: `x = 2.4 - 0.1 * 4.8` in the second step.

        Where that is false, too, what is true for longer counts.
        """
        parts, about, _ = looked
        if len(parts) == 2 and is_short(parts[1]):  # noqa: PLR2004  a name and a number
            return looked
        for updates, states in self._list_updates(about):
            other = self._look(chain, updates=updates, states=states)
            if other[0] == parts and other[1] == about:
                continue
            if _holds(other[2]):
                return other
            if (other[2].false_at or 0) > (looked[2].false_at or 0):
                looked = other
        return looked

    def _list_updates(self, about: str | None) -> Iterator[tuple[int, int]]:
        """After how many updates names, and states, may be meant: the first, where one is.

        A step of an optimizer uses its states as they are by then: `W1 - 0.1 * v_W1`.
        """
        done = self._memory.updates
        base = "" if about is None else self._heads.split(about)[0]
        first = AHEAD if self._exercise.kind(base) == "parameter" else min(AHEAD, done)
        for updates in sorted({*range(first + 1), *range(max(0, done - 1), done + 1)}):
            if updates:
                yield updates, 0
            if self._exercise.has_states:
                yield updates, 1

    def _look(
        self, chain: Chain, change: Change | None = None, updates: int = 0, states: int = 0
    ) -> _Looked:
        """The members of a chain, the id it is about, what comparing them finds.

        Names are meant so many updates later, states of an optimizer so many more.
        """
        head = self._heads.find(chain, self._asked, updates, states)
        parts = self._read(chain, head)
        parts = [change_part(part, change) for part in parts] if change else parts
        if updates or states:
            first = 0 if head is None else 1
            later = (self._heads.put_off_part(part, updates, states) for part in parts[first:])
            parts[first:] = list(later)
        about = head or next((p.name for p in parts if p.name and self._is_asked(p.name)), None)
        if about is None and self._asked and self._heads.is_value_of(self._asked, parts[0]):
            about = self._asked
        if about is None and chain.target:
            about = self._heads.find_target(chain.target, parts[0])
        self._literals.turn_to(about)
        return parts, about, self._compare_all(parts, about)

    def _settle(self, chain: Chain, parts: list[Part], about: str | None, found: _Found) -> Line:
        """The judgement of a chain, of which later ones know."""
        line = self._describe(chain, parts, found, about)
        own = self.names.spell_own(chain.members[0]) if self._is_definition(parts[0]) else None
        if own is not None:
            self._memory.define(own, parts, line.status)
        self._memory.note(about, parts, line.status)
        return line

    def _describe(self, chain: Chain, parts: list[Part], found: _Found, about: str | None) -> Line:
        """What is known of a chain once its signs are compared."""
        slip, left, right = None, None, None
        at = found.false_at or found.rounded_at
        if at is not None:
            one, other = parts[at - 1 : at + 1]
            left, right = (self._comparer.evaluate(p, self._memory.truth) for p in (one, other))
            if found.false_at is not None:
                slip = self._slips.find(one, other, about, self._memory.truth)
        status = _choose_status(found)
        unread = tuple(self._list_unread(parts))
        line = Line(chain, status, found.false_at, about, slip, unread, found.rounded_at)
        return msgspec.structs.replace(line, left=left, right=right, compared=found.compared)

    def _list_unread(self, parts: list[Part]) -> Iterator[tuple[int, Remark]]:
        for place, part in enumerate(parts, 1):
            if part.problem is not None and not (place == 1 and self._is_definition(part)):
                reason = f"unreadable.{part.problem.sentence}"
                yield place, Remark(reason, part.problem.slots)

    def _is_asked(self, name: str) -> bool:
        return name in self._exercise.order

    def _read(self, chain: Chain, head: str | None) -> list[Part]:
        decimals = self._exercise.decimals
        signs = ("", *chain.signs)
        parts = [
            Part(text, None, problem=Unreadable("syntax"))
            if is_indexed(text, self.names)
            else read_part(
                self._heads.drop_old(text), sign, head or self._asked, self.names, decimals
            )
            for text, sign in zip(chain.members, signs, strict=True)
        ]
        if head is not None:
            parts[0] = Part(chain.members[0] or head, None, head)
        return parts

    def _compare_all(self, parts: list[Part], about: str | None) -> _Found:
        """Each sign in turn up to the first false one."""
        found = _Found()
        truth, wide = self._memory.truth, self._memory.wide
        exact = False
        precise: Part | None = None
        for place, (first, other) in enumerate(pairwise(parts), 1):
            one = msgspec.structs.replace(first, exact=exact)
            precise = one if self._is_precise(one) else precise
            if place == 1 and self._is_definition(one):
                found.unread |= other.problem is not None
                continue
            agreement = self._comparer.compare(one, other, truth, wide)
            loose = one.loose or other.loose
            if one.is_number and precise is not None and not loose and self._is_precise(other):
                whole = self._comparer.compare(precise, other, truth, wide)
                agreement = "false" if whole == "false" else agreement
            exact = self._comparer.goes_on_exactly(one, other, truth)
            if agreement is None:
                found.unread = True
                continue
            found.compared += 1
            if agreement == "rounded":
                found.rounded = True
                found.rounded_at = found.rounded_at or place
            elif agreement == "false":
                agreement = self._carry(one, other, about, found)
                if agreement is None:
                    found.false_at = place
                    break
        return found

    def _is_precise(self, part: Part) -> bool:
        """Whether a member is made of names of the sheet, and nothing in it was rounded."""
        if part.expr is None or part.is_number or self._literals.has_rounded(part.expr):
            return False
        used = names(part.expr)
        return bool(used) and not any(name.startswith(OWN) for name in used)

    def _is_definition(self, one: Part) -> bool:
        """Whether a chain begins by giving a name, or a word, of the member's own a meaning."""
        if one.name is not None and not one.name.startswith(OWN):
            return False
        if one.name is None and one.problem is None:
            return False
        label = is_label(one.text, self.names.is_name)
        return label or self.names.spell_own(one.text) is not None

    def _carry(self, one: Part, other: Part, about: str | None, found: _Found) -> Agreement | None:
        """Whether a sign holds in what the member has written above; None where it does not."""
        for world, faulty in self._memory.list_worlds(about):
            if self._comparer.compare(one, other, world) in ("true", "rounded"):
                found.carried |= faulty
                found.rounded |= not faulty
                return "rounded"
        if self._memory.wrong.holds(one, other, self._memory.truth, self._unit):
            found.carried = True
            return "rounded"
        return None


def _holds(found: _Found) -> bool:
    """Whether a chain is read, and nothing in it is false."""
    return found.false_at is None and not found.unread


def _choose_status(found: _Found) -> Status:
    if found.false_at is not None:
        return "false"
    if found.unread:
        return "unread"
    if found.carried:
        return "carried"
    return "rounded" if found.rounded else "true"
