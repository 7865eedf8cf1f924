"""What one member has answered so far, and what the exercise comes to with that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from derive.algebra.expressions import Expr, Mul, Name
from derive.checking.claims import Claim
from derive.checking.counterfactuals import Counterfactual, Plan, Rewrite
from derive.checking.exercise import Exercise
from derive.checking.misconceptions import Misconception
from derive.checking.misconceptions.row import list_factors
from derive.checking.own import OwnWorld
from derive.checking.spread import HALF, Spread
from derive.checking.targets import Target
from derive.checking.verdicts import FAULTY, RIGHT, Judgement
from derive.derivation.steps import Step
from derive.numbers.balls import Value

FACTORS = 3
"""A gradient is error by output, slope, last factor."""


class Written(msgspec.Struct, frozen=True):
    """A judged answer: its number, the numbers that its digits can stand for, the verdict."""

    claim: Claim
    low: Value
    high: Value
    judgement: Judgement

    @property
    def is_step(self) -> bool:
        """Whether it is the sheet's own step, as a formula: no number to go on from."""
        return self.claim.formula and self.judgement.verdict in RIGHT


class EarlierAnswers:
    """The answers of one member in the order of the key, as far as they are judged.

    Answers are noted after those they depend on, so that what has been
    computed from earlier ones stays valid.
    """

    def __init__(self, exercise: Exercise, plans: dict[Rewrite, Plan] | None = None) -> None:
        """Nobody has answered anything yet; `plans` are kept from member to member."""
        self.exercise = exercise
        self._plans = {} if plans is None else plans
        self._spread = Spread(exercise)
        self.answers: dict[str, Written] = {}
        self.written: dict[str, Value] = {}
        self.faulty: dict[str, Value] = {}
        self._rounded = False
        self.signals: set[str] = set()
        self._through: tuple[Rewrite, ...] = (self.use_own_signal,)
        self._worlds: dict[tuple[tuple[Rewrite, ...], frozenset[str]], OwnWorld] = {}
        self._mistaken: dict[tuple[tuple[Rewrite, ...], bool], Counterfactual] = {}

    def note(self, target: Target, claim: Claim | None, judgement: Judgement) -> None:
        """Keep an answer: later steps may have been computed from it."""
        if claim is None or judgement.verdict in ("unreadable", "blank"):
            return
        name = target.name
        answer = Written(claim, *_stand_for(target, claim, judgement), judgement)
        self.answers[name] = answer
        if answer.is_step:
            return
        for (_, without), world in self._worlds.items():
            if name not in without:
                world.take(name, claim.value, answer.low, answer.high)
        for made in [m for m, wrong in self._mistaken.items() if name in wrong.operands]:
            del self._mistaken[made]  # it used what was not answered yet
        self.written[name] = claim.value
        if target.step.kind == "signal":
            self.signals.add(name)
        if judgement.verdict in RIGHT and claim.value != target.shown:
            self._rounded = True
        if judgement.verdict in (*FAULTY, "carried"):
            self.faulty[name] = claim.value

    @property
    def as_printed(self) -> bool:
        """Whether all that is written so far is what the key prints."""
        return not self.faulty and not self._rounded

    @property
    def right(self) -> frozenset[str]:
        """What is answered right."""
        return frozenset(n for n, a in self.answers.items() if a.judgement.verdict in RIGHT)

    @property
    def faults(self) -> list[str]:
        """The answers that start an error, not those that only hand one on."""
        return [n for n, a in self.answers.items() if a.judgement.verdict in FAULTY]

    def evaluate(self, name: str, formula: Expr, truth: Counterfactual) -> Value | None:
        """What a formula for an id comes to from the own answers; None where it has no value."""
        return next(self.list_worlds(name, truth)).points.evaluate(formula)

    def list_worlds(
        self, name: str, truth: Counterfactual, without: frozenset[str] = frozenset()
    ) -> Iterator[OwnWorld]:
        """The exercise as it goes on from all own answers but some, by every way to an id."""
        for way in self._ways(name):
            world = self._worlds.get((way, without))
            if world is None:
                world = OwnWorld(self.exercise, self._spread, truth, way)
                for answered, answer in self.answers.items():
                    if answered not in without and not answer.is_step:
                        world.take(answered, answer.claim.value, answer.low, answer.high)
                self._worlds[way, without] = world
            yield world

    def list_mistaken(
        self, name: str, rows: Iterable[Misconception], truth: Counterfactual
    ) -> Iterator[tuple[Misconception, Counterfactual]]:
        """Each known mistake, made on top of the member's own answers."""
        if self.as_printed:
            return
        ways = list(self._ways(name))
        for row in rows:
            plan = self._plans.setdefault(row.rewrite, {})
            for way in ways:
                yield row, self._go_on((row.rewrite, *way), truth, None if way else plan)

    def list_unmistaken(self, name: str, truth: Counterfactual) -> Iterator[Counterfactual]:
        """The same answers gone on from without a mistake."""
        return (self._go_on(way, truth) for way in self._ways(name))

    def _go_on(
        self, rewrites: tuple[Rewrite, ...], truth: Counterfactual, plan: Plan | None = None
    ) -> Counterfactual:
        """The exercise with own wrong answers, or with all where none is wrong, and mistakes."""
        wrong = bool(self.faulty)
        if (rewrites, wrong) not in self._mistaken:
            own = self.faulty if wrong else self.written
            self._mistaken[rewrites, wrong] = Counterfactual(
                self.exercise, rewrites, own=own, truth=truth, plan=plan
            )
        return self._mistaken[rewrites, wrong]

    def _ways(self, name: str) -> Iterator[tuple[Rewrite, ...]]:
        """How somebody gets to an id: as the sheet does, and by way of an own error signal."""
        yield ()
        if self.list_own_signals(name):
            yield self._through

    def list_own_signals(self, name: str) -> list[str]:
        """The own error signals of which gradients on the way to an id can be made."""
        return [s for s in self.signals if s in self._list_signals(name)] if self.signals else []

    def _list_signals(self, name: str) -> set[str | None]:
        """The error signals of which the gradients on the way to an id could be made."""
        steps = (self.exercise.step(used) for used in (*self.exercise.list_needed(name), name))
        return {self.find_signal(step) for step in steps}

    def find_signal(self, step: Step | None) -> str | None:
        """The error signal that two of a gradient's three factors make."""
        if step is None or step.kind != "gradient":
            return None
        pairs = [self.exercise.pair(f.id) for f in list_factors(step.expr) if isinstance(f, Name)]
        if len(pairs) != FACTORS or pairs[0] is None or pairs[1] is None:
            return None
        return self.exercise.graph.after(
            self.exercise.graph.derivative(pairs[0][0], pairs[1][1]), step.updates
        )

    def use_own_signal(self, step: Step, exercise: Exercise) -> Expr | None:
        """A gradient by way of the member's own error signal: two factors for three."""
        del exercise
        signal = self.find_signal(step)
        if signal is None or signal not in self.written:
            return None
        return Mul((Name(signal), list_factors(step.expr)[-1]))

    def list_faults(self, name: str) -> list[str]:
        """The wrong answers that an id needs, in the order of the key."""
        faults = [fault for fault in self.faults if fault != name]
        if not faults:
            return []
        needed, signals = self.exercise.list_needed(name), self._list_signals(name)
        order = self.exercise.order
        leading = (f for f in faults if f in needed or f in signals)
        return sorted(leading, key=lambda f: order.get(f, -1))

    def list_handed_on(self, faults: Iterable[str]) -> frozenset[str]:
        """Some wrong answers, and the carried ones that they lead to."""
        start = set(faults)
        carried = (n for n, a in self.answers.items() if a.judgement.verdict == "carried")
        led = (n for n in carried if self._leads(start, n))
        return frozenset((*start, *led))

    def _leads(self, faults: set[str], name: str) -> bool:
        """Whether an id is computed from a fault, as the sheet does or by an own error signal."""
        needed = self.exercise.list_needed(name)
        return not faults.isdisjoint(needed) or not faults.isdisjoint(self._list_signals(name))


def _stand_for(target: Target, claim: Claim, judgement: Judgement) -> tuple[Value, Value]:
    """Between which numbers lies what the digits of an answer stand for.

    Half a unit on both sides; of one that was cut off a unit away from 0. One with as
    many decimals as a short value has stands for itself, and where each step is
    rounded every number does.
    """
    value = claim.value
    if target.stepwise or (target.short and claim.unit <= target.last_unit):
        return value, value
    if any(remark.key == "cut" for remark in judgement.remarks):
        return (value, value + claim.unit) if value > 0 else (value - claim.unit, value)
    half = claim.unit * HALF
    return value - half, value + half
