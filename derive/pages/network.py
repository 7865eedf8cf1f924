"""The sheet of a network: given, forward, error, backward layer by layer, update, check."""

from __future__ import annotations

from collections.abc import Iterator

from derive.algebra.expressions import ZERO, Name, depends_on
from derive.naming import PENALTY, derivative_id
from derive.numbers import Numbers
from derive.pages import coupled, scenes
from derive.pages.cancelling import cancelled
from derive.pages.depth import collapsed, vanishing
from derive.pages.document import Block, Grid, Level, Lines, Part, Row, Words
from derive.pages.matrices import Matrices
from derive.pages.penalties import decay_blocks, gradient_blocks, penalty_blocks
from derive.pages.picture import picture
from derive.pages.sheet import Sheet
from derive.pages.weights import Receiver, weight_table
from derive.pages.writing import Treatment

Unit = tuple[str, str]
"""Pre-activation and activation."""


HEADINGS = {
    (True, True): "into_output",
    (True, False): "into_hidden",
    (False, True): "through_output",
    (False, False): "through_hidden",
}
"""Of a layer on the way back: whether it has weights, and whether it is the last."""
LEGENDS = {"flat": "legend_flat", "indexed": "legend_indexed", "matrix": "legend_indexed"}


class NetworkSheet(Sheet):
    """Blocks of a network's sheet in reading order."""

    def __init__(self, numbers: Numbers, level: Level) -> None:
        """Find the layers of each sample."""
        super().__init__(numbers, level)
        assert self.derivation.chain is not None
        self.chain = self.derivation.chain
        self.penalty = {q.place.letter: q for q in self.graph.of_role("factor")}
        """The factors of a penalty on weights by what they multiply: `l1`, `l2`."""
        self.in_batches = len(self.graph.batches) > 1
        samples = (self.graph[root].sample for root in self.graph.roots)
        self.layers = [
            [list(block.units) for block in self.graph.blocks_of(sample)] for sample in samples
        ]
        self.first_layers = self.graph.blocks_of(self.graph[self.graph.roots[0]].sample)
        """The layers by the ids of the first sample."""
        in_matrices = self.spec.notation == "matrix" and level != "blank"
        self.matrices = Matrices(self) if in_matrices else None

    def backward(self) -> Iterator[Block]:
        """Sample by sample, then these put together."""
        for root, layers in zip(self.graph.roots, self.layers, strict=True):
            if root in self.graph.batch(1).roots:
                yield from self.back_from(root, layers)
        yield from self.results(scenes.values)
        if self.graph.batch(1).data not in self.graph.roots:
            yield from self.reductions()
        if self.penalty:
            yield from gradient_blocks(self)
        if self.matrices:
            yield from self.matrices.backward()

    def movement(self) -> Iterator[Block]:
        """The update, in matrices too, and the new forward pass."""
        yield from self.update()
        if self.matrices and self.derivation.updates:
            yield from self.matrices.update()
        if self.penalty and self.derivation.updates and self.level != "blank":
            yield from decay_blocks(self, self.penalty)
        yield from self.check()

    def appendix(self) -> Iterator[Block]:
        """What depth does, and the slopes of the functions used."""
        yield from collapsed(self)
        yield from vanishing(self)
        yield from self.proofs()
        yield from self.coupled_proofs()

    def forward(self) -> Iterator[Block]:
        """Forward to the error of every sample, and these put together."""
        for root, layers in zip(self.graph.roots, self.layers, strict=True):
            yield from self.forward_to(root, layers)
            yield from self.error(root)
        if len(self.graph.roots) > 1:
            yield from self.total_error()
        if self.penalty:
            yield from penalty_blocks(self, self.penalty)
        if self.in_batches:
            yield from self.batches()
        if self.matrices:
            yield from self.matrices.forward()

    def given(self) -> Iterator[Block]:
        """Sizes, numbers, notation, rounding."""
        yield self.heading("given")
        layers = self.first_layers
        sizes = [len(layers[0].inputs), *(len(layer.out) for layer in layers)]
        yield self.say("network", sizes="-".join(map(str, sizes)))
        yield from self.drawing()
        yield self.given_table(self.groups())
        yield self.structure()
        yield self.say(LEGENDS[self.spec.notation])
        yield self.say("derivative_sign")
        yield self.rounding()
        if self.matrices:
            yield from self.matrices.shapes()

    def groups(self) -> list[tuple[Words, list[str]]]:
        """Given numbers by what they are, weights by the unit they enter."""
        groups: list[tuple[Words, list[str]]] = []
        for kind in ("input", "target", "rate", "setting", "factor"):
            names = [q.id for q in self.graph.quantities.values() if q.role == kind]
            if names:
                groups.append((Words(f"given.{kind}"), names))
        listed: set[str] = set()
        for units in self.layers[0]:
            for z, a in units:
                given = (u for u in self.graph[z].uses if self.graph[u].typed)
                own = [u for u in given if self.graph[u].role != "input" and u not in listed]
                listed.update(own)
                biased = any(self.graph[u].place.letter == "b" for u in own)
                key = "given.into_with_bias" if biased else "given.into"
                if own:
                    groups.append((Words(key, {"unit": Name(self.bare(a))}), own))
        return groups

    def bare(self, name: str) -> str:
        """An id without its sample, for what all samples share."""
        return name.split("_s", maxsplit=1)[0] if len(self.graph.roots) > 1 else name

    def structure(self) -> Grid:
        """One row per layer: its units, its activation."""
        columns = (Words("column.layer"), Words("column.units"), Words("column.activation"))
        rows = []
        for number, units in enumerate(self.layers[0], 1):
            key = "layer.output" if number == len(self.layers[0]) else "layer.hidden"
            names = tuple(
                Part("," if i else "", Name(self.bare(a))) for i, (_, a) in enumerate(units)
            )
            words = Words(key, {"number": str(number)})
            rows.append(
                (
                    words,
                    Row(None, names),
                    Words(f"activation.{self.graph.blocks[number - 1].activation}"),
                )
            )
        return Grid(columns, tuple(rows))

    def forward_to(self, root: str, layers: list[list[Unit]]) -> Iterator[Block]:
        """Layer by layer: pre-activations, then activations."""
        first_sample = root == self.graph.roots[0]
        yield self.titled("forward", root)
        if first_sample and self.level != "blank":
            names = self.definitions()
            if names:
                yield self.say("definitions")
                yield Lines(tuple(row for name in names for row in self.definition(name).rows))
        for units in layers:
            for ids in ([z for z, _ in units], [a for _, a in units]):
                yield from self.first_worked(self.steps(*ids), anew=first_sample)

    def titled(self, key: str, root: str) -> Block:
        """A heading, with the sample where there are several."""
        if len(self.graph.roots) == 1:
            return self.heading(key)
        sample = Words("term.sample", {"number": str(self.graph[root].sample)})
        return self.heading(f"{key}_of", sample=sample)

    def error(self, root: str) -> Iterator[Block]:
        """The error of each output and their sum."""
        yield self.titled("error", root)
        first_sample = root == self.graph.roots[0]
        steps = self.steps(*self.graph[root].uses, root)
        yield from self.first_worked(steps, anew=first_sample)

    def total_error(self) -> Iterator[Block]:
        """The reduction of the samples' errors."""
        yield self.under("total")
        yield self.say(f"reduction_{self.spec.reduction}")
        yield from self.write.block(self.steps(self.graph.data), self.treatment(first=False))

    def batches(self) -> Iterator[Block]:
        """The error of each mini-batch, and which of them an update takes."""
        yield self.heading("batches")
        size, number = len(self.graph.batches[0].roots), len(self.graph.batches)
        yield self.say("batches", count=str(size), number=str(number))
        yield self.say(f"reduction_{self.spec.reduction}")
        steps = self.steps(*(batch.data for batch in self.graph.batches))
        yield from self.write.block(steps, self.treatment(first=False))
        if self.penalty:
            yield self.say("batches_penalty", penalty=Name(PENALTY))
            sums = self.steps(*(batch.objective for batch in self.graph.batches))
            yield from self.write.block(sums, self.treatment(first=False))

    def back_from(self, root: str, layers: list[list[Unit]]) -> Iterator[Block]:
        """From the outputs back, a section per layer."""
        yield self.titled("backward", root)
        if self.level == "blank":
            for step in self.derivation.steps({"backward"}):
                if step.updates == 0 and self.belongs(step.of, root):
                    yield from self.write.block([step], "blank")
            return
        for depth, units in reversed(list(enumerate(layers, 1))):
            weighted = any(self.parameters(z) for z, _ in units)
            yield self.under(HEADINGS[weighted, depth == len(layers)], number=str(depth))
            first_sample = root == self.graph.roots[0]
            if self.chain.is_coupled(units[0][1]):
                yield from coupled.layer(self, root, units, first=first_sample)
            else:
                for index, unit in enumerate(units):
                    story = index == 0 and first_sample
                    yield from self.unit(root, unit, first=story, units=units)
            yield from self.shared(root, units, first=first_sample)

    def belongs(self, of: str, root: str) -> bool:
        """Whether a derivative is of this root's own sample."""
        if self.graph[of].role in ("error", "penalty"):
            return root == of
        return self.graph[of].sample == self.graph[root].sample

    def unit(self, root: str, unit: Unit, *, first: bool, units: list[Unit]) -> Iterator[Block]:
        """The error signal of a unit and the gradients of the weights into it."""
        z, a = unit
        treatment = self.treatment(first=first)
        yield from self.story(root, unit, first=first)
        yield from self.first_factor(root, unit, first=first)
        if first and self.graph[a].expr != Name(z):
            by_output = depends_on(self.write.step(derivative_id(a, z)).expr or ZERO, a)
            yield self.say("second_factor" if by_output else "second_factor_plain")
        yield from self.write.block(self.steps(derivative_id(a, z)), treatment)
        if first:
            key = "signal" if self.parameters(z) else "signal_alone"
            yield self.say(key, unit=Name(a), z=Name(z))
        yield from self.signal(root, z, treatment)
        if first:
            yield from cancelled(self.graph, root, z, a)
        yield from self.weights(root, unit, last=unit == units[-1], first=first)

    def signal(self, root: str, z: str, treatment: Treatment) -> Iterator[Block]:
        """The error signal of a unit."""
        signal = self.write.step(derivative_id(root, z))
        yield Lines(tuple(self.write.rows(signal, treatment, boxed=True)))
        yield self.write.footnote(signal, treatment)

    def parameters(self, z: str) -> list[str]:
        """The weights into a unit, and its bias where that is learnt."""
        return [p for p in self.graph[z].uses if self.graph[p].role == "parameter"]

    def own_parameters(self, root: str, z: str) -> list[str]:
        """Those of them that no other unit uses."""
        return [p for p in self.parameters(z) if len(self.chain.users(root, p)) == 1]

    def weights(self, root: str, unit: Unit, *, last: bool, first: bool) -> Iterator[Block]:
        """The gradients of what enters a unit: the first worked, the others in a table.

        Of a parameter that other units use, too, the last factor.
        """
        z, _ = unit
        own = self.own_parameters(root, z)
        shared = [derivative_id(z, p) for p in self.parameters(z) if p not in own]
        if first and own:
            yield from self.worked_weight(root, unit, own[0])
        if own:
            yield from self.weight_table(root, unit, own, last=last, first=first)
        yield from self.write.block(self.steps(*shared), self.treatment(first=first))

    def shared(self, root: str, units: list[Unit], *, first: bool) -> Iterator[Block]:
        """The gradients of what several units use: the sum over all uses."""
        used = dict.fromkeys(p for z, _ in units for p in self.parameters(z))
        counts = {p: len(self.chain.users(root, p)) for p in used}
        shared = [p for p, count in counts.items() if count > 1]
        if not shared:
            return
        if first:
            yield self.say("shared", weight=Name(shared[0]), count=str(counts[shared[0]]))
        steps = self.steps(*(derivative_id(root, p) for p in shared))
        yield from self.first_worked(steps, anew=first)

    def story(self, root: str, unit: Unit, *, first: bool) -> Iterator[Block]:
        """The chain as a sentence, then as a product."""
        z, a = unit
        receivers = self.chain.receivers(a)
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
                step = self.write.step(derivative_id(root, weight))
                yield picture(self.graph, scenes.routed(self.graph, step))
        if first:
            step = self.write.step(derivative_id(root, weight))
            assert step.expr is not None
            yield Lines((Row(Name(step.id), (Part("=", step.expr),)),))

    def first_factor(self, root: str, unit: Unit, *, first: bool) -> Iterator[Block]:
        """The error by the activation: its own derivation, or the sum over the routes."""
        _, a = unit
        treatment = self.treatment(first=first)
        receivers = self.chain.receivers(a)
        step = self.write.step(derivative_id(root, a))
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
            self.steps(*(derivative_id(z, a) for z in receivers)), treatment
        )
        errors = [self.chain.error_behind(z) for z in receivers]
        routes = self.steps(*(derivative_id(e, a) for e in errors if e is not None))
        yield from self.write.block(routes, treatment)
        if first and len(receivers) > 1:
            yield self.say("sum_of_routes")
        yield from self.write.block([step], treatment)

    def worked_weight(self, root: str, unit: Unit, weight: str) -> Iterator[Block]:
        """The last factor and the product, for the first weight of a layer."""
        z, _ = unit
        alone = self.chain.is_coupled(unit[1])
        yield self.say("last_factor" if alone else "third_factor", z=Name(z), weight=Name(weight))
        yield from self.write.block(self.steps(derivative_id(z, weight)), "worked")
        yield self.say("product_of_two" if alone else "product")
        yield from self.write.block(self.steps(derivative_id(root, weight)), "worked")

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
        if self.level == "full":
            for p in shown:
                yield self.write.footnote(self.write.step(derivative_id(root, p)))

    def coupled_proofs(self) -> Iterator[Block]:
        """The slopes of activations of a whole layer."""
        found = {self.graph[units[0][1]].coupling: units for units in self.layers[0]}
        coupled_ones = [(name, units) for name, units in found.items() if name]
        if coupled_ones and not self.definitions("unit_error"):
            yield self.heading("proofs")
        for name, units in coupled_ones:
            yield from coupled.proof(self, name, units)

    def reductions(self) -> Iterator[Block]:
        """The gradients of the samples put together."""
        yield self.under("batch_gradients" if self.in_batches else "reductions")
        yield self.say(f"reduction_{self.spec.reduction}")
        data = self.graph.batch(1).data
        names = [q.id for q in self.graph.quantities.values() if q.role == "parameter"]
        yield from self.leveled(self.steps(*(derivative_id(data, p) for p in names)))
