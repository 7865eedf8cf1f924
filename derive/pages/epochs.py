"""A perceptron's run as tables: a row for each presentation, epoch by epoch."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator
from itertools import groupby

from derive.algebra.expressions import Expr, Name, Num, Value
from derive.derivation.steps import Step
from derive.numbers import Numbers
from derive.pages.document import Block, Cell, Grid, Level, Part, Row, Words, cell, narrow
from derive.pages.sheet import Sheet
from derive.spec import Perceptron
from derive.spec.presenting import Presentation, Run

SIDE_BY_SIDE = 3
"""Inputs up to which each has a column of its own in the table of an epoch."""
TOGETHER = 3
"""Weights, with the bias, that stand in the table of an epoch; more have one of their own."""
COUNT = Name("k")
"""Updates before a presentation, as a column names them."""
IN_A_TABLE = 6
"""Weights side by side in a table of their own."""


class EpochSheet(Sheet, ABC):
    """What the sheet of a perceptron says of its run."""

    def __init__(self, numbers: Numbers, level: Level) -> None:
        """Find the run."""
        super().__init__(numbers, level)
        assert isinstance(self.spec, Perceptron)
        self.perceptron = self.spec
        self.run: Run = self.graph.presented
        table = self.graph.quantities.values()
        self.z, self.o, self.e = (q.id for q in table if q.expr is not None)
        given = list(self.graph.of_role("input", "target"))
        self._given = {(self.graph.without_sample(q.id), q.sample): q.id for q in given}
        *self.inputs, self.target = dict.fromkeys(self.graph.without_sample(q.id) for q in given)
        self.weights = self.graph.parameters[: len(self.inputs)]
        self.bias = self.graph.parameters[len(self.inputs) :]

    def bare(self) -> dict[str, Expr]:
        """The first sample's ids, each without its sample."""
        names = (q.id for q in self.graph.quantities.values() if q.sample == 1 and q.typed)
        return {name: Name(self.graph.without_sample(name)) for name in names}

    def steps_of(self, presentation: Presentation) -> list[Step]:
        """Everything that one presentation computes."""
        at = presentation.number
        names = [self.graph.after(name, at) for name in (self.z, self.o, self.e)]
        names += [self.graph.after(p, at + 1) for p in self.graph.parameters]
        return self.steps(*names)

    def first_moving(self) -> Presentation:
        """The first mistake with an input that is not 0; the first presentation without one."""
        inputs = self.perceptron.inputs
        moving = (
            p
            for p in self.run.presentations
            if p.wrong and any(x.exact for x in inputs[p.sample - 1])
        )
        return next(moving, self.run.presentations[0])

    def given_away(self) -> set[int]:
        """The presentations whose numbers this level shows."""
        if self.level == "blank":
            return set()
        if self.level == "full":
            return {p.number for p in self.run.presentations}
        return {0, self.first_moving().number}

    def epochs(self) -> Iterator[Block]:
        """A table for each epoch, a row for each presentation."""
        yield self.say("tables")
        shown = self.given_away()
        for number, presentations in groupby(self.run.presentations, lambda p: p.epoch):
            epoch = list(presentations)
            yield self.under("epoch", number=str(number))
            yield from self.tables(epoch, shown)
            if self.level == "full":
                yield self.say("mistakes", count=str(sum(p.wrong for p in epoch)))

    def tables(self, epoch: list[Presentation], shown: set[int]) -> Iterator[Grid]:
        """The table of an epoch; where there are many weights, further ones with these."""
        parameters = self.graph.parameters
        together = len(parameters) <= TOGETHER
        yield self.table(epoch, shown, [self.z, self.o, self.e], parameters if together else ())
        if not together:
            for at in range(0, len(parameters), IN_A_TABLE):
                yield self.table(epoch, shown, [], parameters[at : at + IN_A_TABLE], inputs=False)

    def table(
        self,
        epoch: list[Presentation],
        shown: set[int],
        values: list[str],
        parameters: tuple[str, ...] | tuple[()],
        *,
        inputs: bool = True,
    ) -> Grid:
        """A row for each presentation: the sample, then what is computed."""
        own = [*self.inputs, self.target] if len(self.inputs) <= SIDE_BY_SIDE else [self.target]
        own = own if inputs else []
        columns = [Words("column.of", {"name": COUNT}), Words("column.sample")]
        columns += [Words("column.of", {"name": Name(name)}) for name in (*own, *values)]
        columns += [Words("column.new", {"name": Name(name)}) for name in parameters]
        rows: list[tuple[Cell, ...]] = []
        for p in epoch:
            at = p.number
            head: list[Cell] = [cell(Num(str(at))), cell(Num(str(p.sample)))]
            head += [cell(Value(self.given_id(name, p.sample))) for name in own]
            names = [self.graph.after(name, at) for name in values]
            names += [self.graph.after(name, at + 1) for name in parameters]
            rows.append((*head, *(self.number(name, shown=at in shown) for name in names)))
        return Grid(tuple(columns), tuple(rows))

    def given_id(self, name: str, sample: int) -> str:
        """The id of a sample's input or target."""
        return self._given[name, sample if self.run.size > 1 else 0]

    def number(self, name: str, *, shown: bool) -> Cell:
        """A value as it is printed, or its blank."""
        if not shown:
            return cell(narrow(self.write.blank(name)))
        return Row(None, (Part("about", Value(name)),))
