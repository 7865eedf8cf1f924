"""What one member has answered so far, and the worlds that follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from derive.checking.exercise import Exercise
from derive.checking.misconceptions import Misconception
from derive.checking.misconceptions.row import product
from derive.checking.verdicts import FAULTY, RIGHT, Judgement
from derive.checking.worlds import World
from derive.expressions import Expr, Mul, Name
from derive.naming import after_updates, derivative_id
from derive.numbers.balls import Value
from derive.steps import Step


class Sitting:
    """The answers of one member in the order of the key, as far as they are judged.

    Answers are noted after those they depend on, so that what has been
    computed from earlier ones stays valid.
    """

    def __init__(self, exercise: Exercise) -> None:
        """Nobody has answered anything yet."""
        self.exercise = exercise
        self.written: dict[str, Value] = {}
        self.faulty: dict[str, Value] = {}
        self.faults: dict[str, Value] = {}
        self._rounded = False
        self._worlds: list[World] | None = None
        self._mistaken: list[tuple[Misconception, World]] | None = None

    def note(self, name: str, value: Value | None, shown: Value, judgement: Judgement) -> None:
        """Keep an answer: later steps may have been computed from it.

        `shown` is what the key prints; what is right but not that differs in
        its digits, and so does what comes of it.
        """
        if value is None or judgement.verdict in ("unreadable", "blank"):
            return
        self.written[name] = value
        if judgement.verdict in RIGHT and value != shown:
            self._rounded = True
        if judgement.verdict in FAULTY:
            self.faults[name] = value
        if judgement.verdict in (*FAULTY, "carried"):
            self.faulty[name] = value

    def worlds(self, truth: World) -> Iterator[World]:
        """Going on from all own answers, or from the wrong ones only; none if all are right."""
        if not self.faulty and not self._rounded:
            return
        if self._worlds is None:
            self._worlds = [
                World(self.exercise, rewrites, own=own, truth=truth)
                for rewrites in ((), (self.through_signal,))
                for own in (self.written, self.faulty)
            ]
        yield from self._worlds

    def mistaken(
        self, rows: Iterable[Misconception], truth: World
    ) -> list[tuple[Misconception, World]]:
        """A world for each known mistake, made on top of the member's own wrong answers."""
        if not self.faulty and not self._rounded:
            return []
        if self._mistaken is None:
            self._mistaken = [
                (row, World(self.exercise, rewrites, own=own, truth=truth))
                for row in rows
                for rewrites in ((row.rewrite,), (row.rewrite, self.through_signal))
                for own in (self.written, self.faulty)
            ]
        return self._mistaken

    def through_signal(self, step: Step, exercise: Exercise) -> Expr | None:
        """A gradient by way of the member's own error signal: two factors for three."""
        factors = product(step.expr) if step.kind == "gradient" else ()
        ids = [factor.id for factor in factors if isinstance(factor, Name)]
        pairs = [exercise.pair(name) for name in ids]
        if len(pairs) < 3 or len(pairs) != len(factors) or not pairs[0] or not pairs[1]:  # noqa: PLR2004
            return None
        signal = after_updates(derivative_id(pairs[0][0], pairs[1][1]), step.updates)
        return Mul((Name(signal), *factors[2:])) if signal in self.written else None

    def just_before(self, uses: Iterable[str]) -> bool:
        """Whether a step uses a wrong answer directly, one that is not carried itself."""
        return any(used in self.faults for used in uses)

    def first_error(self, name: str) -> str | None:
        """The earliest wrong answer that an id needs."""
        if not self.faults:
            return None
        order = self.exercise.order
        found = [f for f in self.exercise.needed(name) if f in self.faults and f != name]
        return min(found, key=lambda f: order.get(f, -1), default=None)
