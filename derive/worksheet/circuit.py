"""The sheet of a circuit: given, forward, backward over every route, update, check."""

from __future__ import annotations

from collections.abc import Iterator

from derive.expressions import Name
from derive.worksheet.document import Block, Lines, Part, Row, Words
from derive.worksheet.sheet import Sheet


class CircuitSheet(Sheet):
    """Blocks of a circuit's sheet in reading order."""

    def blocks(self) -> Iterator[Block]:
        """The whole sheet."""
        yield from self.given()
        yield self.heading("forward")
        forward = [s for s in self.derivation.steps({"forward"}) if s.updates == 0]
        yield from self.first_worked(forward)
        yield from self.backward()
        yield from self.update()
        yield from self.check()
        if self.level != "blank":
            yield from self.proofs()

    def given(self) -> Iterator[Block]:
        """Values, formulas, rounding."""
        yield self.heading("given")
        yield self.say("circuit", output=Name(self.graph.total))
        given = [q.id for q in self.graph.quantities.values() if q.typed and q.kind != "rate"]
        rate = [q.id for q in self.graph.quantities.values() if q.kind == "rate"]
        groups = [(Words("given.value"), given), (Words("given.rate"), rate)]
        yield self.given_table([group for group in groups if group[1]])
        rows = [
            Row(Name(q.id), (Part("=", q.expr),))
            for q in self.graph.quantities.values()
            if q.expr is not None
        ]
        yield Lines(tuple(rows))
        yield self.rounding()

    def backward(self) -> Iterator[Block]:
        """Local partials, then the gradient, name by name from the output back."""
        yield self.heading("backward")
        output = self.graph.total
        if self.level != "blank":
            yield self.say("circuit_backward", output=Name(output))
        totals = 0
        for step in self.derivation.steps({"backward"}):
            if step.updates:
                continue
            if step.kind == "unit" and self.level != "blank":
                yield self.say("unit", output=Name(output))
            if step.kind == "none" and self.level != "blank":
                yield self.say("no_route", name=Name(step.wrt), output=Name(output))
            if step.kind == "routes" and self.level != "blank":
                yield self.say("circuit_routes", name=Name(step.wrt), output=Name(output))
            worked = totals < 2 or step.kind == "unit"  # noqa: PLR2004  the unit and one chain
            totals += step.of == output
            yield from self.write.block([step], self.treatment(first=worked))
