"""What one member has answered so far, and what the exercise comes to with that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from derive.algebra.expressions import Expr, Mul, Name
from derive.checking.counterfactuals import Counterfactual, Plan, Rewrite
from derive.checking.exercise import Exercise
from derive.checking.misconceptions import Misconception
from derive.checking.misconceptions.row import list_factors
from derive.checking.verdicts import FAULTY, RIGHT, Judgement
from derive.derivation.steps import Step
from derive.numbers.balls import Value

FACTORS = 3
"""A gradient is error by output, slope, last factor."""


class EarlierAnswers:
    """The answers of one member in the order of the key, as far as they are judged.

    Answers are noted after those they depend on, so that what has been
    computed from earlier ones stays valid.
    """

    def __init__(self, exercise: Exercise, plans: dict[Rewrite, Plan] | None = None) -> None:
        """Nobody has answered anything yet; `plans` are kept from member to member."""
        self.exercise = exercise
        self._plans = {} if plans is None else plans
        self.written: dict[str, Value] = {}
        self.faulty: dict[str, Value] = {}
        self.faults: dict[str, Value] = {}
        self._rounded = False
        self.signals: set[str] = set()
        self._through: tuple[Rewrite, ...] = (self.use_own_signal,)
        self._counterfactuals: dict[tuple[Rewrite, ...], list[Counterfactual]] = {}
        self._mistaken: dict[tuple[tuple[Rewrite, ...], bool], Counterfactual] = {}

    def note(self, name: str, value: Value | None, shown: Value, judgement: Judgement) -> None:
        """Keep an answer: later steps may have been computed from it.

        `shown` is what the key prints; what is right but not that differs in
        its digits, and so does what comes of it.
        """
        if value is None or judgement.verdict in ("unreadable", "blank"):
            return
        self.written[name] = value
        step = self.exercise.step(name)
        if step is not None and step.kind == "signal":
            self.signals.add(name)
        if judgement.verdict in RIGHT and value != shown:
            self._rounded = True
        if judgement.verdict in FAULTY:
            self.faults[name] = value
        if judgement.verdict in (*FAULTY, "carried"):
            self.faulty[name] = value

    @property
    def as_printed(self) -> bool:
        """Whether all that is written so far is what the key prints."""
        return not self.faulty and not self._rounded

    def list_counterfactuals(self, name: str, truth: Counterfactual) -> Iterator[Counterfactual]:
        """Going on from all own answers, or from the wrong ones only; none if all are right."""
        if self.as_printed:
            return
        for way in self._ways(name):
            if way not in self._counterfactuals:
                self._counterfactuals[way] = [
                    Counterfactual(self.exercise, way, own=own, truth=truth)
                    for own in (self.written, self.faulty)
                ]
            yield from self._counterfactuals[way]

    def list_mistaken(
        self, name: str, rows: Iterable[Misconception], truth: Counterfactual
    ) -> Iterator[tuple[Misconception, Counterfactual]]:
        """Each known mistake, made on top of the member's own answers."""
        if self.as_printed:
            return
        wrong = bool(self.faulty)
        own = self.faulty if wrong else self.written
        ways = list(self._ways(name))
        for row in rows:
            for way in ways:
                made = ((row.rewrite, *way), wrong)
                if made not in self._mistaken:
                    plan = None if way else self._plans.setdefault(row.rewrite, {})
                    self._mistaken[made] = Counterfactual(
                        self.exercise, made[0], own=own, truth=truth, plan=plan
                    )
                yield row, self._mistaken[made]

    def _ways(self, name: str) -> Iterator[tuple[Rewrite, ...]]:
        """How somebody gets to an id: as the sheet does, and by way of an own error signal."""
        yield ()
        if self.signals and not self.signals.isdisjoint(self._list_signals(name)):
            yield self._through

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

    def uses_fault(self, step: Step) -> bool:
        """Whether a step uses a wrong answer directly, one that is not carried itself."""
        return any(used in self.faults for used in (*step.uses, self.find_signal(step)))

    def find_first_error(self, name: str) -> str | None:
        """The earliest wrong answer that an id needs."""
        if not self.faults.keys() - {name}:
            return None
        needed, signals = self.exercise.list_needed(name), self._list_signals(name)
        order = self.exercise.order
        faults = [f for f in self.faults if f != name and (f in needed or f in signals)]
        return min(faults, key=lambda f: order.get(f, -1), default=None)
