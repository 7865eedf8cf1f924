"""What one member has answered so far, and the worlds that follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from derive.algebra.expressions import Expr, Mul, Name
from derive.checking.exercise import Exercise
from derive.checking.misconceptions import Misconception
from derive.checking.misconceptions.row import product
from derive.checking.verdicts import FAULTY, RIGHT, Judgement
from derive.checking.worlds import Plan, Rewrite, World
from derive.derivation.steps import Step
from derive.numbers.balls import Value

FACTORS = 3
"""A gradient is error by output, slope, last factor."""


class Sitting:
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
        self._through: tuple[Rewrite, ...] = (self.through_signal,)
        self._worlds: dict[tuple[Rewrite, ...], list[World]] = {}
        self._mistaken: dict[tuple[tuple[Rewrite, ...], bool], World] = {}

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

    def worlds(self, name: str, truth: World) -> Iterator[World]:
        """Going on from all own answers, or from the wrong ones only; none if all are right."""
        if self.as_printed:
            return
        for way in self._ways(name):
            if way not in self._worlds:
                self._worlds[way] = [
                    World(self.exercise, way, own=own, truth=truth)
                    for own in (self.written, self.faulty)
                ]
            yield from self._worlds[way]

    def mistaken(
        self, name: str, rows: Iterable[Misconception], truth: World
    ) -> Iterator[tuple[Misconception, World]]:
        """A world for each known mistake, made on top of the member's own answers."""
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
                    self._mistaken[made] = World(
                        self.exercise, made[0], own=own, truth=truth, plan=plan
                    )
                yield row, self._mistaken[made]

    def _ways(self, name: str) -> Iterator[tuple[Rewrite, ...]]:
        """How somebody gets to an id: as the sheet does, and by way of an own error signal."""
        yield ()
        if self.signals and not self.signals.isdisjoint(self._signals_before(name)):
            yield self._through

    def _signals_before(self, name: str) -> set[str | None]:
        """The error signals of which the gradients on the way to an id could be made."""
        steps = (self.exercise.step(used) for used in (*self.exercise.needed(name), name))
        return {self.signal_of(step) for step in steps}

    def signal_of(self, step: Step | None) -> str | None:
        """The error signal that two of a gradient's three factors make."""
        if step is None or step.kind != "gradient":
            return None
        pairs = [self.exercise.pair(f.id) for f in product(step.expr) if isinstance(f, Name)]
        if len(pairs) != FACTORS or pairs[0] is None or pairs[1] is None:
            return None
        return self.exercise.graph.after(
            self.exercise.graph.derivative(pairs[0][0], pairs[1][1]), step.updates
        )

    def through_signal(self, step: Step, exercise: Exercise) -> Expr | None:
        """A gradient by way of the member's own error signal: two factors for three."""
        del exercise
        signal = self.signal_of(step)
        if signal is None or signal not in self.written:
            return None
        return Mul((Name(signal), product(step.expr)[-1]))

    def just_before(self, step: Step) -> bool:
        """Whether a step uses a wrong answer directly, one that is not carried itself."""
        return any(used in self.faults for used in (*step.uses, self.signal_of(step)))

    def first_error(self, name: str) -> str | None:
        """The earliest wrong answer that an id needs."""
        if not self.faults.keys() - {name}:
            return None
        needed, signals = self.exercise.needed(name), self._signals_before(name)
        order = self.exercise.order
        found = [f for f in self.faults if f != name and (f in needed or f in signals)]
        return min(found, key=lambda f: order.get(f, -1), default=None)
