"""A member's lines: the first false sign of each chain, and what follows from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Literal

import msgspec

from derive.algebra.expressions import Expr, names, substitute, walk
from derive.answers import Unreadable, name_left
from derive.checking.claims import Claim, claim_all, read_claim
from derive.checking.earlier import EarlierAnswers
from derive.checking.marking import Marker
from derive.checking.targets import FEWEST
from derive.checking.verdicts import CORRECT, WRONG, Judgement, Remark
from derive.lines import Chain, list_chains
from derive.lines.otherwise import list_others
from derive.lines.prose import is_label
from derive.numbers import rounding
from derive.numbers.balls import Value
from derive.workings.comparing import Agreement, Comparer, overlap
from derive.workings.names import OWN, Defined, OwnNames
from derive.workings.otherwise import CHANGES, Change, change_part
from derive.workings.parts import HALVES, Literals, Part, read_part, replace_numbers
from derive.workings.pen import Slip
from derive.workings.slips import SlipFinder
from derive.workings.worlds import World

Status = Literal["true", "rounded", "false", "carried", "unread"]
STATUSES: tuple[Status, ...] = ("true", "rounded", "false", "carried", "unread")
FUNCTION = re.compile("log|sin|cos|tan")
NAMES = 1_000
"""Names of one's own, and wrong numbers, that are remembered."""
NODES = 500
"""Parts of a formula up to which a name of one's own stands for it."""
JUDGEMENTS = {
    "true": CORRECT,
    "rounded": Judgement("rounded"),
    "false": WRONG,
    "carried": Judgement("carried"),
}
"""What the checker calls an answer that a chain of each status ends with."""


class Line(msgspec.Struct, frozen=True):
    """A judged chain.

    `false_at` counts its signs from 1, `slip` says what was done there and what should
    stand behind the sign. `unread` are the members that could not be read, counted from 1,
    each with its reason. `left` and `right` are the values on both sides of the false
    sign, or of the first one at `rounded_at` that holds only because numbers were rounded;
    `compared` counts the signs that were looked at; `remarks` is what else there is to say.
    """

    chain: Chain
    status: Status
    false_at: int | None = None
    id: str | None = None
    slip: Slip | None = None
    unread: tuple[tuple[int, Remark], ...] = ()
    rounded_at: int | None = None
    left: Value | None = None
    right: Value | None = None
    compared: int = 0
    remarks: tuple[Remark, ...] = ()


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
        self._aliases = marker.aliases
        self.names = OwnNames(marker.aliases)
        given = exercise.graph.quantities.values()
        literals = Literals(HALVES | {Fraction(q.typed) for q in given if q.typed})
        self._unit = rounding.power_of_ten(-exercise.decimals)
        numbers = exercise.numbers
        self._comparer = Comparer(literals, self._unit, numbers.bits, stepwise=numbers.stepwise)
        self._answers: dict[str, tuple[Claim, Judgement]] = {}
        self._wrong: dict[Fraction, Value] = {}
        self._has_written = self._has_faulty = False
        self._slips = SlipFinder(marker.judge, self._comparer)

    def judge_text(self, lines: Iterable[str], asked: str | None = None) -> Iterator[Line]:
        """Every chain of some lines, judged; they may be about another id than the ones before."""
        self._asked = self._asked if asked is None else asked
        for chain in list_chains(enumerate(lines, 1), self.names.is_name):
            yield from self.judge(chain)

    def judge(self, chain: Chain) -> list[Line]:
        """One chain, which follows those that were judged before.

        Where it is false, another reading of it counts that is not, if there is one.
        """
        looked = self._look(chain)
        if looked[2].false_at is not None:
            for others in list_others(chain):
                if all(self._look(other)[2].false_at is None for other in others):
                    return [self._settle(other, *self._look(other)) for other in others]
            looked = self._look_otherwise(chain) or looked
        return [self._settle(chain, *looked)]

    def _look_otherwise(self, chain: Chain) -> _Looked | None:
        """With another meaning of a function, if nothing is false then."""
        if not FUNCTION.search(chain.text):
            return None
        looks = (self._look(chain, change) for change in CHANGES)
        return next((looked for looked in looks if looked[2].false_at is None), None)

    def _look(self, chain: Chain, change: Change | None = None) -> _Looked:
        """The members of a chain, the id it is about, what comparing them finds."""
        head = self._find_head(chain)
        parts = self._read(chain, head)
        parts = [change_part(part, change) for part in parts] if change else parts
        about = head or next((p.name for p in parts if p.name and self._is_asked(p.name)), None)
        if about is None and self._asked and self._is_value_of(self._asked, parts[0]):
            about = self._asked
        return parts, about, self._compare_all(parts, about)

    def _is_value_of(self, name: str, part: Part) -> bool:
        """Whether a member has the value of an id."""
        head = Part(name, None, name)
        return self._comparer.compare(head, part, self._truth()) in ("true", "rounded")

    def _settle(self, chain: Chain, parts: list[Part], about: str | None, found: _Found) -> Line:
        """The judgement of a chain, of which later ones know."""
        line = self._describe(chain, parts, found, about)
        self._define(chain, parts, line.status)
        self._note(about, parts, line.status)
        return line

    def _describe(self, chain: Chain, parts: list[Part], found: _Found, about: str | None) -> Line:
        """What is known of a chain once its signs are compared."""
        slip, left, right = None, None, None
        at = found.false_at or found.rounded_at
        if at is not None:
            one, other = parts[at - 1 : at + 1]
            left, right = (self._comparer.evaluate(p, self._truth()) for p in (one, other))
            if found.false_at is not None:
                slip = self._slips.find(one, other, about, self._truth())
        status = _choose_status(found)
        unread = tuple(self._list_unread(parts))
        line = Line(chain, status, found.false_at, about, slip, unread, found.rounded_at)
        return msgspec.structs.replace(line, left=left, right=right, compared=found.compared)

    def _list_unread(self, parts: list[Part]) -> Iterator[tuple[int, Remark]]:
        for place, part in enumerate(parts, 1):
            if part.problem is not None and not (place == 1 and self._is_definition(part)):
                reason = f"unreadable.{part.problem.sentence}"
                yield place, Remark(reason, part.problem.slots)

    def _find_head(self, chain: Chain) -> str | None:
        """The id that a chain is about: the one at its head, else the one that is asked."""
        text = chain.members[0]
        if not text:
            return self._asked or None
        try:
            name = name_left(text, self._asked, self._aliases)
        except Unreadable:
            return None
        return self._choose_state(name, chain) if name else None

    def _choose_state(self, name: str, chain: Chain) -> str:
        """The new value of a parameter where a formula with its old one stands behind it."""
        new = self._aliases.find_updated(name, 1)
        if (
            new is None
            or self._exercise.kind(name) != "parameter"
            or self._aliases.derivation.graph.split(name)[1]
        ):
            return name
        part = read_part(chain.members[1], chain.signs[0], "", self.names, self._exercise.decimals)
        if part.member is None:
            return name
        head = Part(name, None, name)
        if self._comparer.compare(head, part, self._truth()) != "false":
            return name
        renewed = self._comparer.compare(Part(new, None, new), part, self._truth()) != "false"
        itself = chain.signs[0].startswith(":") or name in names(part.member.expr)
        return new if renewed or itself or not part.is_number else name

    def _find_renewed(self, name: str) -> str | None:
        """The new value of a given parameter; None for anything else."""
        given = (
            self._exercise.kind(name) == "parameter" and not self._exercise.graph.split(name)[1]
        )
        return self._aliases.find_updated(name, 1) if given else None

    def _is_asked(self, name: str) -> bool:
        return name in self._exercise.order

    def _read(self, chain: Chain, head: str | None) -> list[Part]:
        decimals = self._exercise.decimals
        signs = ("", *chain.signs)
        parts = [
            read_part(text, sign, head or self._asked, self.names, decimals)
            for text, sign in zip(chain.members, signs, strict=True)
        ]
        if head is not None:
            parts[0] = Part(chain.members[0] or head, None, head)
        return parts

    def _truth(self) -> World:
        return World(self._judge.targets.truth, self._live)

    @property
    def _live(self) -> dict[str, Defined]:
        return self.names.defined

    def _compare_all(self, parts: list[Part], about: str | None) -> _Found:
        """Each sign in turn up to the first false one."""
        found = _Found()
        for place, (one, other) in enumerate(pairwise(parts), 1):
            if place == 1 and self._is_definition(one):
                found.unread |= other.problem is not None
                continue
            agreement = self._comparer.compare(one, other, self._truth())
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
        for world, faulty in self._list_worlds(about):
            if self._comparer.compare(one, other, world) in ("true", "rounded"):
                found.carried |= faulty
                found.rounded |= not faulty
                return "rounded"
        if self._wrong and self._holds_with_right_numbers(one, other):
            found.carried = True
            return "rounded"
        return None

    def _list_worlds(self, about: str | None) -> Iterator[tuple[World, bool]]:
        """What the member goes on with: first without what is wrong, then with it."""
        truth = self._judge.targets.truth
        own = self._live
        if self._has_written:
            yield World(truth, own, written=True), self._has_faulty
        earlier = EarlierAnswers(self._exercise, self._judge.plans)
        for name in sorted(self._answers, key=self._exercise.order.__getitem__):
            earlier.note(self._judge.targets[name], *self._answers[name])
        if earlier.as_printed:
            return
        name = about if about is not None and self._is_asked(about) else ""
        wrong = frozenset(earlier.faulty)
        if wrong:
            for sheet in earlier.list_worlds(name, truth, wrong):
                yield World(sheet, own, about), False
        for sheet in earlier.list_worlds(name, truth):
            for written in (False, True):
                yield World(sheet, own, about, written=written), bool(wrong)
            yield World(sheet, own), bool(wrong)

    def _holds_with_right_numbers(self, one: Part, other: Part) -> bool:
        """Whether a sign holds once wrong numbers from above are put right."""
        left, right = self._put_right(one), self._put_right(other)
        changed = left[1] or right[1]
        if not changed or left[0] is None or right[0] is None:
            return False
        return overlap(left[0], right[0], self._unit)

    def _put_right(self, part: Part) -> tuple[Value | None, bool]:
        """The value of a member once its wrong numbers are put right, and whether it has any."""
        if part.member is None or part.is_number:
            return self._comparer.enclose(part, self._truth()), False
        expr, table = replace_numbers(part.member.expr, self._wrong)
        member = msgspec.structs.replace(part.member, expr=expr)
        wide, typed = self._comparer.literals.widen(msgspec.structs.replace(part, member=member))
        return self._truth().evaluate(wide, table | typed), bool(table)

    def _define(self, chain: Chain, parts: list[Part], status: Status) -> None:
        """Keep what a name of the member's own stands for."""
        if not self._is_definition(parts[0]):
            return
        name = self.names.spell_own(chain.members[0])
        if name is None:
            return
        formula = next((p.expr for p in parts[1:] if p.expr is not None), None)
        number = self._find_number(parts[1:])
        formula = None if formula is None else self._expand(formula)
        if len(self._live) >= NAMES:
            del self._live[next(iter(self._live))]
        faulty = status in ("false", "carried")
        self._live[name] = Defined(formula, number, faulty)
        self._has_written |= number is not None
        self._has_faulty |= faulty

    def _expand(self, formula: Expr) -> Expr | None:
        """A formula without names of the member's own, which may change; None if too large."""
        used = {n: self._live[n].formula for n in names(formula) if n in self._live}
        whole = substitute(formula, {n: expr for n, expr in used.items() if expr is not None})
        if any(n.startswith(OWN) for n in names(whole)):
            return None
        return whole if sum(1 for _ in walk(whole)) <= NODES else None

    def _find_number(self, parts: list[Part]) -> Value | None:
        """All that the last number of a chain may stand for; None where there is none."""
        for part in reversed(parts):
            if part.is_number:
                return self._comparer.enclose(part, self._truth())
        return None

    def _note(self, about: str | None, parts: list[Part], status: Status) -> None:
        """Keep what the member goes on with from here."""
        last = next((p for p in reversed(parts) if p.member is not None), None)
        if last is None or last.member is None or status == "unread":
            return
        if about is not None and self._is_asked(about):
            self._note_answer(about, last, status)
        if status in ("false", "carried") and last.is_number:
            self._note_wrong(parts, last, about)

    def _note_answer(self, about: str, last: Part, status: Status) -> None:
        target = self._judge.targets[about]
        assert last.member is not None
        if last.is_number:
            claim = read_claim(target, last.member)
            whole = target.short and claim.value == target.value
            if whole or (status in ("false", "carried") and claim.digits < FEWEST):
                claim = msgspec.structs.replace(claim, unit=min(claim.unit, target.last_unit))
        else:
            value = self._comparer.evaluate(last, self._truth())
            if value is None or status in ("true", "rounded"):
                return
            claim = claim_all(target, value)
        right = self._comparer.compare(Part(about, None, about), last, self._truth())
        known = self._answers.get(about)
        if right == "true" and known is not None and known[1] == CORRECT:
            claim = min(claim, known[0], key=lambda c: c.unit)
        self._answers[about] = claim, CORRECT if right == "true" else JUDGEMENTS[status]

    def _note_wrong(self, parts: list[Part], last: Part, about: str | None) -> None:
        """Keep a wrong number by its digits, with the right value in its place."""
        assert last.member is not None
        first = next((p for p in parts if p.problem is None), None)
        right = None if first is None else self._comparer.evaluate(first, self._truth())
        if about is not None:
            right = self._truth().value(about)
        typed: Value = last.member.value
        size = Fraction(int(typed.p), int(typed.q))
        if right is not None and size not in (0, 1) and len(self._wrong) < NAMES:
            self._wrong[abs(size)] = right if size > 0 else -right


def _choose_status(found: _Found) -> Status:
    if found.false_at is not None:
        return "false"
    if found.unread:
        return "unread"
    if found.carried:
        return "carried"
    return "rounded" if found.rounded else "true"
