"""What sheets of every kind share: levels, given numbers, updates, the check, proofs."""

from __future__ import annotations

from collections.abc import Iterator

from derive.calculus import recognised, row_text
from derive.expressions import Call, Expr, Name, walk
from derive.lemmas import derivative
from derive.numbers import Numbers
from derive.ops import FUNCTIONS
from derive.steps import Step
from derive.worksheet.document import (
    Block,
    Grid,
    Heading,
    Level,
    Lines,
    Part,
    Row,
    Say,
    Words,
    blank,
    cell,
)
from derive.worksheet.writing import Treatment, Writer

COMPACT = 5
"""Rows of given numbers in one line of a table."""


class Sheet:
    """The blocks that do not depend on the kind of exercise."""

    def __init__(self, numbers: Numbers, level: Level) -> None:
        """Keep what every block needs."""
        self.numbers = numbers
        self.derivation = numbers.derivation
        self.graph = numbers.derivation.graph
        self.spec = numbers.derivation.graph.spec
        self.level = level
        self.write = Writer(numbers)

    def treatment(self, *, first: bool, last: bool = False) -> Treatment:
        """How much of a step is shown at this sheet's level."""
        if self.level == "full":
            return "worked"
        if self.level == "blank":
            return "blank"
        return "worked" if first else "blank" if last else "symbols"

    def heading(self, key: str, **slots: Expr | Words | str) -> Heading:
        """A numbered part of the sheet."""
        return Heading(1, Words(f"heading.{key}", slots))

    def under(self, key: str, **slots: Expr | Words | str) -> Heading:
        """A part of a part."""
        return Heading(2, Words(f"heading.{key}", slots))

    def say(self, key: str, **slots: Expr | Words | str) -> Say:
        """A sentence."""
        return Say(Words(f"say.{key}", slots))

    def rounding(self) -> Say:
        """The sentence that says how numbers are rounded here."""
        return self.say(self.spec.rounding, decimals=str(self.spec.decimals))

    def equations(self, names: list[str]) -> Row:
        """Given numbers in a row: x1 = 0.1, x2 = 0.2."""
        parts: list[Part] = []
        for index, name in enumerate(names):
            relation, value = self.write.value(name)
            parts += [Part("," if index else "", Name(name)), Part(relation, value)]
        return Row(None, tuple(parts))

    def given_table(self, groups: list[tuple[Words, list[str]]]) -> Grid:
        """Given numbers by group."""
        rows = [
            (words, self.equations(names[i : i + COMPACT]))
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
        found = [s for s in self.derivation.steps({"update"}) if s.updates == 1]
        if not found:
            return
        yield self.heading("update")
        yield self.say("update")
        yield from self.leveled(found)

    def leveled(self, found: list[Step]) -> Iterator[Block]:
        """Steps of one kind: the first worked, the last one with its name only."""
        last = len(found) - 1
        yield from self.write.mixed(
            [
                (step, self.treatment(first=index == 0, last=index == last and last > 0))
                for index, step in enumerate(found)
            ]
        )

    def first_worked(self, found: list[Step], *, anew: bool = True) -> Iterator[Block]:
        """Steps of one kind in one block; the first is worked where the kind is new."""
        yield from self.write.mixed(
            [(step, self.treatment(first=index == 0 and anew)) for index, step in enumerate(found)]
        )

    def check(self) -> Iterator[Block]:
        """The forward pass with the new parameters, and what it did to the result."""
        updates = self.derivation.updates
        if not updates:
            return
        if updates > 1:
            yield from self.later_steps()
        yield self.heading("check")
        yield self.say("check")
        found = list(self.derivation.steps({"check"}))
        yield from self.write.block(found, self.treatment(first=False))
        if self.level == "full":
            yield self.compare()

    def compare(self) -> Say:
        """The output before and after."""
        total = self.graph.total
        new = f"{total}+" if self.derivation.updates == 1 else f"{total}@{self.derivation.updates}"
        old_value, new_value = self.numbers.value(total), self.numbers.value(new)
        key = "lower" if new_value < old_value else "higher" if new_value > old_value else "equal"
        return self.say(
            f"result_{key}",
            quantity=Name(total),
            old=self.write.value(total)[1],
            new=self.write.value(new)[1],
        )

    def later_steps(self) -> Iterator[Block]:
        """Everything between the first update and the last check, as a table."""
        yield self.heading("later")
        yield self.say("later")
        columns = (Words("column.quantity"), Words("column.value"))
        rows: list[tuple[Row, Row]] = []
        for step in self.derivation.steps({"forward", "backward", "update"}):
            later = step.updates > 1 if step.stage == "update" else step.updates > 0
            if later:
                relation, value = self.write.value(step.id)
                shown = value if self.level == "full" else self.write.blank(step.id)
                rows.append((cell(Name(step.id)), Row(None, (Part(relation, shown),))))
        yield Grid(columns, tuple(rows))

    def definitions(self) -> list[str]:
        """The functions of this exercise that are defined by others, in reading order."""
        used: dict[str, None] = {}
        for quantity in self.graph.quantities.values():
            if quantity.expr is not None and quantity.kind in ("activation", "definition"):
                for node in walk(quantity.expr):
                    if isinstance(node, Call) and FUNCTIONS[node.function].definition:
                        used[node.function] = None
        return list(used)

    def definition(self, name: str) -> Lines:
        """The line that defines a function."""
        return Lines(
            (Row(_applied(name), (Part("=", row_text(FUNCTIONS[name].definition or "")),)),)
        )

    def proofs(self) -> Iterator[Block]:
        """The slope of each function used, derived from its definition."""
        names = self.definitions()
        if names:
            yield self.heading("proofs")
        for name in names:
            yield self.under("proof", function=_applied(name))
            yield from self.proof(name)

    def proof(self, name: str) -> Iterator[Block]:
        """Every line from the definition to the taught slope, each with its rule."""
        text = FUNCTIONS[name].definition or ""
        variable = FUNCTIONS[name].parameters[0]
        found = derivative(row_text(text), variable)
        rows = [
            Row(
                None if index else found.lines[0].expr,
                (Part("=", line.expr),),
                tuple(Words(f"rule.{rule}") for rule in line.rules),
            )
            for index, line in enumerate(found.lines[1:])
        ]
        yield Lines(tuple(rows))
        if recognised(row_text(text)):
            yield self.say("output_name", output=Name(found.output), function=_applied(name))
        if any(line.expr != rows[0].left and "cases" in line.rules for line in found.lines):
            yield self.say("kink")


def _applied(name: str) -> Call:
    return Call(name, tuple(Name(p) for p in FUNCTIONS[name].parameters))


__all__ = ["Sheet", "blank"]
