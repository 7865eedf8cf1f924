"""What a member has written so far, and goes on with."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from derive.algebra.expressions import Expr, names, substitute, walk
from derive.checking.claims import Claim, claim_all, read_claim
from derive.checking.counterfactuals import Counterfactual
from derive.checking.earlier import EarlierAnswers
from derive.checking.judging import Judge
from derive.checking.targets import FEWEST
from derive.checking.verdicts import CORRECT, FAULTY, WRONG, Judgement
from derive.numbers.balls import Value
from derive.workings.comparing import Comparer
from derive.workings.line import Status
from derive.workings.names import OWN, Defined
from derive.workings.parts import Part
from derive.workings.worlds import World
from derive.workings.wrong import WrongNumbers

NAMES = 1_000
"""Names of one's own that are remembered."""
NODES = 500
"""Parts of a formula up to which a name of one's own stands for it."""
JUDGEMENTS = {
    "true": CORRECT,
    "rounded": Judgement("rounded"),
    "false": WRONG,
    "carried": Judgement("carried"),
}
"""What the checker calls an answer that a chain of each status ends with."""


class Memory:
    """Answers, wrong numbers, and names of one's own, as far as lines are judged."""

    def __init__(self, judge: Judge, comparer: Comparer, own: dict[str, Defined]) -> None:
        """Nothing is written yet; `own` are the names of one's own, which are kept there."""
        self._judge = judge
        self._exercise = judge.exercise
        self._comparer = comparer
        self._own = own
        self._answers: dict[str, tuple[Claim, Judgement]] = {}
        self.wrong = WrongNumbers(comparer)
        self._has_written = self._has_faulty = False
        self._given: dict[str, Value] = {}
        self.updates = 0
        """How many updates the member has come to."""

    @property
    def truth(self) -> World:
        """The sheet, with names of one's own as they were defined."""
        return World(self._judge.targets.truth, self._own)

    @property
    def wide(self) -> World:
        """The same with names of one's own as wide as their decimals let them be."""
        return World(self._judge.targets.truth, self._own, wide=True)

    def list_worlds(self, about: str | None) -> Iterator[tuple[World, bool]]:
        """What the member goes on with: first without what is wrong, then with it."""
        truth: Counterfactual = self._judge.targets.truth
        own = self._own
        if self._given:
            faulty = {n: c.value for n, (c, j) in self._answers.items() if j.verdict in FAULTY}
            copied = Counterfactual(self._exercise, own=self._given | faulty, truth=truth)
            yield World(copied, own, about), True
            yield World(copied, own), True
        if self._has_written:
            yield World(truth, own, written=True), self._has_faulty
        earlier = EarlierAnswers(self._exercise, self._judge.plans)
        for name in sorted(self._answers, key=self._exercise.order.__getitem__):
            earlier.note(self._judge.targets[name], *self._answers[name])
        if earlier.as_printed:
            return
        name = about if about is not None and about in self._exercise.order else ""
        wrong = frozenset(earlier.faulty)
        if wrong:
            for sheet in earlier.list_worlds(name, truth, wrong):
                yield World(sheet, own, about), False
        for sheet in earlier.list_worlds(name, truth):
            for written in (False, True):
                yield World(sheet, own, about, written=written), bool(wrong)
            yield World(sheet, own), bool(wrong)

    def define(self, name: str, parts: list[Part], status: Status) -> None:
        """Keep what a name of the member's own stands for."""
        first = next((p for p in parts[1:] if p.expr is not None), None)
        formula = None if first is None or first.expr is None else self._expand(first.expr)
        wide = None if first is None else self._comparer.enclose(first, self.wide)
        number = self._find_number(parts[1:])
        if len(self._own) >= NAMES:
            del self._own[next(iter(self._own))]
        faulty = status in ("false", "carried")
        self._own[name] = Defined(formula, number, faulty, wide)
        self._has_written |= number is not None
        self._has_faulty |= faulty

    def _expand(self, formula: Expr) -> Expr | None:
        """A formula without names of the member's own, which may change; None if too large."""
        used = {n: self._own[n].formula for n in names(formula) if n in self._own}
        whole = substitute(formula, {n: expr for n, expr in used.items() if expr is not None})
        if any(n.startswith(OWN) for n in names(whole)):
            return None
        return whole if sum(1 for _ in walk(whole)) <= NODES else None

    def _find_number(self, parts: list[Part]) -> Value | None:
        """All that the last number of a chain may stand for; None where there is none."""
        for part in reversed(parts):
            if part.is_number:
                return self._comparer.enclose(part, self.truth)
        return None

    def note(self, about: str | None, parts: list[Part], status: Status) -> None:
        """Keep what the member goes on with from here."""
        if about is not None and about in self._exercise.order:
            self.updates = max(self.updates, self._exercise.graph.split(about)[1])
        last = next((p for p in reversed(parts) if p.member is not None), None)
        if last is None or last.member is None or status == "unread":
            return
        if about is not None and about in self._exercise.order:
            self._note_answer(about, last, status)
        elif about is not None and status == "false" and last.is_number:
            self._given[about] = last.member.value
        if status in ("false", "carried") and last.is_number:
            first = next((p for p in parts if p.problem is None), last)
            head = first if about is None else Part(about, None, about)
            self.wrong.note(last, self._comparer.evaluate(head, self.truth))

    def _note_answer(self, about: str, last: Part, status: Status) -> None:
        target = self._judge.targets[about]
        assert last.member is not None
        if last.is_number:
            claim = read_claim(target, last.member)
            whole = target.short and claim.value == target.value
            if whole or (status in ("false", "carried") and claim.digits < FEWEST):
                claim = msgspec.structs.replace(claim, unit=min(claim.unit, target.last_unit))
        else:
            value = self._comparer.evaluate(last, self.truth)
            if value is None or status in ("true", "rounded"):
                return
            claim = claim_all(target, value)
        right = self._comparer.compare(Part(about, None, about), last, self.truth)
        known = self._answers.get(about)
        if right == "true" and known is not None and known[1] == CORRECT:
            claim = min(claim, known[0], key=lambda c: c.unit)
        self._answers[about] = claim, CORRECT if right == "true" else JUDGEMENTS[status]
