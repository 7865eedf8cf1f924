"""The sheet of a circuit: given, forward, backward over every route, update, check."""

from __future__ import annotations

from collections.abc import Iterator

from derive.algebra.expressions import Name
from derive.derivation.chain import FREE
from derive.derivation.steps import Step
from derive.naming import Role
from derive.pages.document import Block, Lines, Part, Row, Words
from derive.pages.proofs import ProofSheet


class CircuitSheet(ProofSheet):
    """Blocks of a circuit's sheet in reading order."""

    def forward(self) -> Iterator[Block]:
        """Every definition in the order in which it can be computed."""
        yield self.heading("forward")
        steps = [s for s in self.derivation.steps({"forward"}) if s.updates == 0]
        yield from self.first_worked(steps)

    def movement(self) -> Iterator[Block]:
        """The new values, and the new result."""
        yield from self.update()
        yield from self.check(self.symbols_of)

    def appendix(self) -> Iterator[Block]:
        """The slopes of the functions used."""
        yield from self.proofs()

    def given(self) -> Iterator[Block]:
        """Values, formulas, rounding."""
        yield self.heading("given")
        yield self.say("circuit", output=Name(self.graph.total))
        yield from self.drawing()
        roles: dict[str, tuple[Role, ...]] = {
            "value": FREE,
            "rate": ("rate",),
            "setting": ("setting",),
        }
        groups = [
            (Words(f"given.{key}"), [q.id for q in self.graph.of_role(*roles[key])])
            for key in roles
        ]
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
        steps = [step for step in self.derivation.steps({"backward"}) if step.updates == 0]
        worked = _one_chain(steps)
        for step in steps:
            if step.kind == "unit" and self.level != "blank":
                yield self.say("unit", output=Name(output))
            if step.kind == "none" and self.level != "blank":
                yield self.say("no_route", name=Name(step.wrt), output=Name(output))
            if step.kind == "routes" and self.level != "blank":
                yield self.say("circuit_routes", name=Name(step.wrt), output=Name(output))
            yield from self.write.block([step], self.treatment(first=step.id in worked))
        yield from self.results("values")


def _one_chain(steps: list[Step]) -> set[str]:
    """The ids of the output by itself and of the first chain with its factors.

    Where every name stands in the output's own formula, the first partial.
    """
    unit, *others = steps
    chains = (step for step in others if step.kind in ("signal", "routes"))
    partials = (step for step in others if step.kind == "local")
    first = next(chains, None) or next(partials, unit)
    return {unit.id, first.id, *first.uses}
