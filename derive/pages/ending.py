"""How a perceptron's run ends: with a line and its proof, in a cycle, or too soon."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator

from derive.algebra.expressions import ZERO, Expr, Mul, Name, Num, Value, add, substitute
from derive.pages.contradiction import contradiction_blocks
from derive.pages.document import Block, Cell, Grid, Lines, Part, Row, Words, cell, narrow
from derive.pages.epochs import SIDE_BY_SIDE, EpochSheet
from derive.pages.writing import with_values
from derive.spec.presenting import Presentation

FEW = 2
"""Inputs up to which a sum of all weights stands on the left of a line."""
LINES = ("line_1", "line_2", "line_3")
"""The sentence of what parts the samples, by the number of inputs; the last also for more."""


class EndingSheet(EpochSheet, ABC):
    """What the sheet of a perceptron says of the end of its run."""

    def ending(self) -> Iterator[Block]:
        """The line that was found, or why there is none, or that the run was too short."""
        yield self.heading("ending")
        if self.run.ending == "clean":
            yield from self.line()
            return
        if self.run.ending == "cycle":
            yield from self.cycle()
        elif self.level == "full":
            yield self.say("unfinished", count=str(len(self.run.presentations)))
        if self.level != "blank":
            yield from contradiction_blocks(self.perceptron, self.graph)

    def line(self) -> Iterator[Block]:
        """The last weights as a line, and every sample on its side of it."""
        key = LINES[min(len(self.inputs), len(LINES)) - 1]
        if self.level == "full":
            yield self.say("clean", number=str(self.run.epoch))
        yield self.say(key, z=Name(self.z))
        yield Lines(self.line_rows())
        if self.level == "full":
            yield self.say("line_check")
            yield self.line_check()
        elif self.level == "guided":
            key = "line_last_epoch_label" if self.run.by_label else "line_last_epoch"
            yield self.say(key, **({"difference": Name(self.e)} if self.run.by_label else {}))

    def line_rows(self) -> tuple[Row, ...]:
        """The line as symbols, and with the last numbers or their blanks."""
        last = len(self.run.presentations)
        names = [self.graph.after(p, last) for p in self.graph.parameters]
        few = len(self.inputs) <= FEW
        blanks = [self.write.blank(name) for name in names]
        shown: list[Expr] = [blank if few else narrow(blank) for blank in blanks]
        if self.level == "full":
            shown = [Value(name) for name in names]
        sums = (self.weighted([Name(name) for name in names]), self.weighted(shown))
        if few:
            return tuple(Row(each, (Part("=", ZERO),)) for each in sums)
        return tuple(Row(None, (Part("", each), Part("=", ZERO))) for each in sums)

    def weighted(self, weights: list[Expr]) -> Expr:
        """Weights times inputs, then the bias."""
        terms = [
            Mul((w, Name(x)))
            for w, x in zip(weights[: len(self.inputs)], self.inputs, strict=True)
        ]
        return add(*terms, *weights[len(self.inputs) :])

    def line_check(self) -> Grid:
        """Each sample with the last weights: z, its side, the target."""
        columns = (
            Words("column.sample"),
            Words("column.of", {"name": Name(self.z)}),
            Words("column.of", {"name": Name(self.o)}),
            Words("column.of", {"name": Name(self.target)}),
        )
        rows: list[tuple[Cell, ...]] = []
        for p in self.run.presentations[-len(self.perceptron.inputs) :]:
            value = self.write.value(self.graph.after(self.z, p.number))
            few = len(self.inputs) <= SIDE_BY_SIDE
            sums = Part("", self.with_last_weights(p))
            worked = (sums, value) if few else (Part("", value.expr),)
            rows.append(
                (
                    cell(Num(str(p.sample))),
                    Row(None, worked),
                    cell(Value(self.graph.after(self.o, p.number))),
                    cell(Value(self.given_id(self.target, p.sample))),
                )
            )
        return Grid(columns, tuple(rows))

    def with_last_weights(self, presentation: Presentation) -> Expr:
        """The numbers of a sample's z; in an epoch without mistakes all weights are the last."""
        z = self.write.step(self.graph.after(self.z, presentation.number))
        last = len(self.run.presentations)
        moved: dict[str, Expr] = {
            self.graph.after(p, presentation.number): Name(self.graph.after(p, last))
            for p in self.graph.parameters
        }
        return with_values(substitute(z.expr or ZERO, moved))

    def cycle(self) -> Iterator[Block]:
        """Two epochs that start with the same weights: from there on the run repeats."""
        if self.level != "full":
            yield self.say("cycle_look")
            return
        size = len(self.perceptron.inputs)
        first, again = (self.run.epoch - 1) * size, self.run.again
        yield self.say("cycle", number=str(self.run.epoch), count=str(again // size + 1))
        rows = []
        for name in self.graph.parameters:
            new, old = self.graph.after(name, again), self.graph.after(name, first)
            rows.append(Row(Name(new), (Part("=", Name(old)), self.write.value(new))))
        yield Lines(tuple(rows))
        yield self.say("cycle_so")
