"""The way back through a layer of a network: unit by unit, with the weights into each."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator

from derive.algebra.expressions import ZERO, Name, depends_on
from derive.numbers import Numbers
from derive.pages import scenes
from derive.pages.cancelling import write_cancellation
from derive.pages.document import Block, Level, Lines, Part, Row, Say
from derive.pages.picture import picture
from derive.pages.proofs import ProofSheet
from derive.pages.weights import Receiver, weight_table
from derive.pages.writing import Treatment

Unit = tuple[str, str]
"""Pre-activation and activation."""


class UnitSheet(ProofSheet, ABC):
    """What the sheet of a network says of one unit on the way back."""

    def __init__(self, numbers: Numbers, level: Level) -> None:
        """Keep which derivative follows from which."""
        super().__init__(numbers, level)
        assert self.derivation.chain is not None
        self.chain = self.derivation.chain

    def unit(self, root: str, unit: Unit, *, first: bool, units: list[Unit]) -> Iterator[Block]:
        """The error signal of a unit and the gradients of the weights into it."""
        yield from self.follow(root, unit, first=first)
        yield from self.weights(root, unit, last=unit == units[-1], first=first)

    def follow(self, root: str, unit: Unit, *, first: bool) -> Iterator[Block]:
        """From the error to the error signal of a unit; of the first with the whole story."""
        z, a = unit
        treatment = self.treatment(first=first)
        yield from self.story(root, unit, first=first)
        yield from self.first_factor(root, unit, first=first)
        if first and self.graph[a].expr != Name(z):
            by_output = depends_on(self.write.step(self.graph.derivative(a, z)).expr or ZERO, a)
            yield self.say("second_factor" if by_output else "second_factor_plain")
        yield from self.write.block(self.steps(self.graph.derivative(a, z)), treatment)
        if first:
            key = "signal" if self.parameters(z) else "signal_alone"
            yield self.say(key, unit=Name(a), z=Name(z))
        yield from self.signal(root, z, treatment)
        if first:
            yield from write_cancellation(self.graph, root, z, a)

    def signal(self, root: str, z: str, treatment: Treatment) -> Iterator[Block]:
        """The error signal of a unit."""
        signal = self.write.step(self.graph.derivative(root, z))
        yield Lines(tuple(self.write.rows(signal, treatment, boxed=True)))

    def parameters(self, z: str) -> list[str]:
        """The weights into a unit, and its bias where that is learnt."""
        return [p for p in self.graph[z].uses if self.graph[p].role == "parameter"]

    def own_parameters(self, root: str, z: str) -> list[str]:
        """Those of them that no other unit uses."""
        return [p for p in self.parameters(z) if len(self.chain.list_users(root, p)) == 1]

    def weights(self, root: str, unit: Unit, *, last: bool, first: bool) -> Iterator[Block]:
        """The gradients of what enters a unit: the first worked, the others in a table.

        Of a parameter that other units use, too, the last factor.
        """
        z, _ = unit
        own = self.own_parameters(root, z)
        shared = [self.graph.derivative(z, p) for p in self.parameters(z) if p not in own]
        if first and own:
            yield from self.worked_weight(root, unit, own[0])
        if own:
            yield from self.weight_table(root, unit, own, last=last, first=first)
        yield from self.write.block(self.steps(*shared), self.treatment(first=first))

    def shared(self, root: str, units: list[Unit]) -> Iterator[Block]:
        """The gradients of what several units use: the sum over all uses."""
        used = dict.fromkeys(p for z, _ in units for p in self.parameters(z))
        counts = {p: len(self.chain.list_users(root, p)) for p in used}
        shared = [p for p, count in counts.items() if count > 1]
        if not shared:
            return
        yield self.say("shared", weight=Name(shared[0]), count=str(counts[shared[0]]))
        steps = self.steps(*(self.graph.derivative(root, p) for p in shared))
        yield from self.first_worked(steps)

    def story(self, root: str, unit: Unit, *, first: bool) -> Iterator[Block]:
        """The chain as a sentence, then as a product."""
        z, a = unit
        receivers = self.chain.list_receivers(a)
        own = self.own_parameters(root, z)
        if not own:
            yield self.say("chain_alone" if first else "next_unit", z=Name(z), unit=Name(a))
            return
        weight = own[0]
        slots = {"weight": Name(weight), "z": Name(z), "a": Name(a), "error": Name(root)}
        if not first:
            yield self.say("next_unit", unit=Name(a))
        elif not receivers:
            yield self.say("chain_output", **slots)
        else:
            key = "chain_routes" if len(receivers) > 1 else "chain_route"
            yield self.say(key, **slots, count=str(len(receivers)))
            if len(receivers) > 1:
                step = self.write.step(self.graph.derivative(root, weight))
                yield picture(self.graph, scenes.show_routes(self.graph, step))
        if first:
            step = self.write.step(self.graph.derivative(root, weight))
            assert step.expr is not None
            yield Lines((Row(Name(step.id), (Part("=", step.expr),)),))

    def first_factor(self, root: str, unit: Unit, *, first: bool) -> Iterator[Block]:
        """The error by the activation: its own derivation, or the sum over the routes."""
        _, a = unit
        treatment = self.treatment(first=first)
        receivers = self.chain.list_receivers(a)
        step = self.write.step(self.graph.derivative(root, a))
        if not receivers:
            if first:
                alone = len(self.graph[root].uses) == 1
                yield self.say("first_factor_alone" if alone else "first_factor", a=Name(a))
                formula = self.write.formula_of(step)
                yield Lines((Row(Name(root), (Part("=", formula),)),))
            yield from self.write.block([step], treatment)
            return
        if first:
            key = "routes" if len(receivers) > 1 else "route"
            yield self.say(key, a=Name(a), count=str(len(receivers)))
        yield from self.write.block(
            self.steps(*(self.graph.derivative(z, a) for z in receivers)), treatment
        )
        errors = [self.chain.find_error_behind(z) for z in receivers]
        routes = self.steps(*(self.graph.derivative(e, a) for e in errors if e is not None))
        if first and routes:
            yield self.explain_route(root, receivers[0])
        yield from self.write.block(routes, treatment)
        if first and len(receivers) > 1:
            yield self.say("sum_of_routes")
        yield from self.write.block([step], treatment)

    def explain_route(self, root: str, z: str) -> Say:
        """Why a route to one output starts from the error signal, which is of the whole error."""
        part = self.chain.find_error_behind(z)
        assert part is not None
        signal = (Part("=", Name(self.graph.derivative(root, z))),)
        equation = Row(Name(self.graph.derivative(part, z)), signal)
        return self.say("route_starts", part=Name(part), z=Name(z), equation=equation)

    def inputs(self, root: str) -> Iterator[Block]:
        """The error of a sample by its inputs: the sum over the units that each feeds."""
        block, *_ = self.graph.blocks_of(self.graph[root].sample)
        for index, x in enumerate(block.inputs):
            receivers, worked = self.chain.list_receivers(x), index == 0
            if worked:
                key = "input_routes" if len(receivers) > 1 else "input_route"
                yield self.say(key, x=Name(x), count=str(len(receivers)))
            ids = [*((z, x) for z in receivers), (root, x)]
            steps = self.steps(*(self.graph.derivative(of, wrt) for of, wrt in ids))
            yield from self.write.block(steps, self.treatment(first=worked))

    def worked_weight(self, root: str, unit: Unit, weight: str) -> Iterator[Block]:
        """The last factor and the product, for the first weight of a layer."""
        z, _ = unit
        alone = self.chain.is_vector(unit[1])
        yield self.say("last_factor" if alone else "third_factor", z=Name(z), weight=Name(weight))
        yield from self.write.block(self.steps(self.graph.derivative(z, weight)), "worked")
        yield self.say("product_of_two" if alone else "product")
        yield from self.write.block(self.steps(self.graph.derivative(root, weight)), "worked")

    def weight_table(
        self, root: str, unit: Unit, parameters: list[str], *, last: bool, first: bool
    ) -> Iterator[Block]:
        """The other weights change one factor: a row each."""
        z, _ = unit
        shown = parameters[1:] if first else parameters
        if not shown:
            return
        if first:
            yield self.say("other_weights", unit=Name(z))
        bare = parameters[-1] if last and len(parameters) > 1 else None
        yield weight_table(self.write, self.level, Receiver(root, z), shown, bare)
