"""What sheets of every kind share: levels, given numbers, updates, the check, proofs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator

from derive.algebra.expressions import (
    Name,
    Value,
)
from derive.derivation.steps import Step
from derive.numbers import Numbers
from derive.pages.document import (
    Block,
    Grid,
    Heading,
    Level,
    Part,
    Row,
    Say,
    Scene,
    Slot,
    Words,
    cell,
    say,
)
from derive.pages.optimizers import later_updates, optimizer_blocks
from derive.pages.picture import picture
from derive.pages.writing import Treatment, Writer

COMPACT = 5
"""Rows of given numbers in one line of a table."""


class Sheet(ABC):
    """The outline that all sheets have, and the blocks that they share."""

    def __init__(self, numbers: Numbers, level: Level) -> None:
        """Keep what every block needs."""
        self.numbers = numbers
        self.derivation = numbers.derivation
        self.graph = numbers.derivation.graph
        self.spec = numbers.derivation.graph.spec
        self.level = level
        self.write = Writer(numbers)

    def blocks(self) -> Iterator[Block]:
        """The whole sheet in reading order."""
        yield from self.given()
        yield from self.forward()
        yield from self.backward()
        yield from self.movement()
        if self.level != "blank":
            yield from self.appendix()

    @abstractmethod
    def given(self) -> Iterator[Block]:
        """The drawing, the given numbers, the notation, how numbers are rounded."""

    @abstractmethod
    def forward(self) -> Iterator[Block]:
        """Everything up to the result that is differentiated, or compared with a target."""

    @abstractmethod
    def backward(self) -> Iterator[Block]:
        """Every derivative, from the result back."""

    @abstractmethod
    def movement(self) -> Iterator[Block]:
        """How the parameters move, and what that changes."""

    @abstractmethod
    def appendix(self) -> Iterator[Block]:
        """What the sheet takes for granted, proved."""

    def treatment(self, *, first: bool, last: bool = False) -> Treatment:
        """How much of a step is shown at this sheet's level."""
        if self.level == "full":
            return "worked"
        if self.level == "blank":
            return "blank"
        return "worked" if first else "blank" if last else "symbols"

    def heading(self, key: str, **slots: Slot) -> Heading:
        """A numbered part of the sheet."""
        return Heading(1, Words(f"heading.{key}", slots))

    def under(self, key: str, **slots: Slot) -> Heading:
        """A heading below a numbered one."""
        return Heading(2, Words(f"heading.{key}", slots))

    say = staticmethod(say)

    def rounding(self) -> Say:
        """The sentence that says how numbers are rounded here."""
        return self.say(self.spec.rounding, decimals=str(self.spec.decimals))

    def equations(self, names: list[str]) -> Row:
        """Given numbers in a row: x1 = 0.1, x2 = 0.2."""
        parts: list[Part] = []
        for index, name in enumerate(names):
            parts += [Part("," if index else "", Name(name)), self.write.value(name)]
        return Row(None, tuple(parts))

    def drawing(self) -> Iterator[Block]:
        """The drawing of which quantity feeds which."""
        yield picture(self.graph)

    def results(self, show: str) -> Iterator[Block]:
        """A drawing with numbers, where no answer is asked for."""
        if self.level == "full":
            yield Scene(show)

    def given_table(self, groups: list[tuple[Words, list[str]]]) -> Grid:
        """Given numbers by group; what is too long for a row goes on below without its name."""
        rows = [
            (Words("term.nothing") if i else words, self.equations(names[i : i + COMPACT]))
            for words, names in groups
            for i in range(0, len(names), COMPACT)
        ]
        columns = (Words("column.what"), Words("column.values"))
        return Grid(columns, tuple(rows))

    def steps(self, *names: str) -> list[Step]:
        """Steps by their ids."""
        return [self.write.step(name) for name in names]

    def update(self) -> Iterator[Block]:
        """The new parameters, all from the old ones."""
        steps = [s for s in self.derivation.steps({"update"}) if s.updates == 1]
        if not steps:
            return
        yield self.heading("update")
        if self.graph.method is not None:
            yield from optimizer_blocks(self, self.graph.method)
            return
        yield self.say("update_up" if self.graph.ascends else "update")
        yield from self.leveled(steps)

    def leveled(self, steps: list[Step]) -> Iterator[Block]:
        """Steps of one kind: the first worked, the last one with its name only."""
        last = len(steps) - 1
        yield from self.write.mixed(
            [
                (step, self.treatment(first=index == 0, last=index == last and last > 0))
                for index, step in enumerate(steps)
            ]
        )

    def first_worked(self, steps: list[Step]) -> Iterator[Block]:
        """Steps of one kind in one block, the first worked."""
        yield from self.write.mixed(
            [(step, self.treatment(first=index == 0)) for index, step in enumerate(steps)]
        )

    def symbols_of(self, steps: list[Step]) -> Iterator[Block]:
        """Steps of a kind that is known by now."""
        yield from self.write.block(steps, self.treatment(first=False))

    def check(self, write: Callable[[list[Step]], Iterator[Block]]) -> Iterator[Block]:
        """The forward pass with the new parameters as `write` has it, and what it did."""
        updates = self.derivation.updates
        if not updates:
            return
        if updates > 1:
            yield from self.later_steps()
        yield self.heading("check")
        steps = list(self.derivation.steps({"check"}))
        yield self.say("check" if steps else "check_nothing")
        yield from write(steps)
        if self.level == "full":
            yield self.compare()
        if updates == 1:
            yield from self.results("updated")

    def compare(self) -> Say:
        """The output before and after; equal only where both numbers are exact."""
        total = Name(self.graph.total)
        last = self.derivation.rename_ids(total, self.derivation.updates)
        assert isinstance(last, Name)
        key = self.numbers.compare(total.id, last.id)
        ends = {"old": Value(total.id), "new": Value(last.id)}
        return self.say(f"result_{key}", quantity=total, **ends)

    def later_steps(self) -> Iterator[Block]:
        """Everything between the first update and the last check, as tables."""
        yield self.heading("later")
        yield self.say("later")
        first = {step.id for step in self.derivation.backward(1)}
        steps = (
            step
            for step in self.derivation.steps({"forward", "backward", "update"})
            if step.updates > (step.stage == "update")
            or (step.stage == "backward" and step.id not in first)
        )
        if self.graph.method is None:
            yield self.table_of(steps)
        else:
            yield from later_updates(self, self.graph.method, steps)

    def table_of(self, steps: Iterable[Step]) -> Grid:
        """Steps by their names alone, each with its number or its blank."""
        columns = (Words("column.quantity"), Words("column.value"))
        values = (Row(None, (self.number_or_blank(s.id),), of=s.id) for s in steps)
        return Grid(columns, tuple((cell(Name(value.of)), value) for value in values))

    def number_or_blank(self, name: str) -> Part:
        """The printed number on a full page, else its blank."""
        if self.level == "full":
            return self.write.value(name)
        return Part(self.write.relation(name), self.write.blank(name))
