"""The sheet of a network: given, forward, error, backward layer by layer, update, check."""

from __future__ import annotations

from collections.abc import Iterator

from derive.algebra.expressions import Name
from derive.algebra.rules import row_text
from derive.derivation.steps import Step
from derive.naming import PENALTY, Role
from derive.numbers import Numbers
from derive.pages import asked_matrices, vectors
from derive.pages.depth import collapse_layers, explain_vanishing
from derive.pages.document import Block, Cell, Grid, Heading, Level, Lines, Part, Row, Words
from derive.pages.legend import explain_ids
from derive.pages.matrices import Matrices
from derive.pages.penalties import decay_blocks, gradient_blocks, penalty_blocks
from derive.pages.samples import SampleTables
from derive.pages.units import Unit, UnitSheet
from derive.spec import Network

HEADINGS = {
    (True, True): "into_output",
    (True, False): "into_hidden",
    (False, True): "through_output",
    (False, False): "through_hidden",
}
"""Of a layer on the way back: whether it has weights, and whether it is the last."""
ERRORS = ("unit_error", "error")
LEGENDS = {"flat": "legend_flat", "indexed": "legend_indexed", "matrix": "legend_indexed"}


class NetworkSheet(UnitSheet):
    """Blocks of a network's sheet in reading order."""

    def __init__(self, numbers: Numbers, level: Level) -> None:
        """Find the layers of each sample."""
        super().__init__(numbers, level)
        self.penalty = {q.place.letter: q for q in self.graph.of_role("factor")}
        """The factors of a penalty on weights by what they multiply: `l1`, `l2`."""
        self.in_batches = len(self.graph.batches) > 1
        samples = (self.graph[root].sample for root in self.graph.roots)
        self.layers = [
            [list(block.units) for block in self.graph.blocks_of(sample)] for sample in samples
        ]
        self.first_layers = self.graph.blocks_of(self.graph[self.graph.roots[0]].sample)
        """The layers by the ids of the first sample."""
        self.samples = SampleTables(self)
        in_matrices = self.spec.notation == "matrix" and level != "blank"
        self.matrices = Matrices(self) if in_matrices else None

    def backward(self) -> Iterator[Block]:
        """Sample by sample, then these put together."""
        if self.matrices and self.matrices.asked:
            yield from asked_matrices.go_back(self, self.matrices)
            return
        if self.level == "blank":
            for root in self.graph.batch(1).roots:
                yield from self.back_alone(root)
        else:
            yield from self.back_from(self.graph.roots[0], self.layers[0])
            yield from self.samples.backward()
        yield from self.results("values")
        if self.graph.batch(1).data not in self.graph.roots:
            yield from self.reductions()
        if self.penalty:
            yield from gradient_blocks(self)
        if self.matrices:
            yield from self.matrices.backward()

    def movement(self) -> Iterator[Block]:
        """The update, in matrices too, and the new forward pass."""
        if self.matrices and self.matrices.asked and self.derivation.updates:
            yield from asked_matrices.update(self, self.matrices)
        else:
            yield from self.update()
            if self.matrices and self.derivation.updates:
                yield self.under("in_matrices")
                yield from self.matrices.update()
        if self.penalty and self.derivation.updates and self.level != "blank":
            yield from decay_blocks(self, self.penalty)
        yield from self.check(self.pass_again)

    def appendix(self) -> Iterator[Block]:
        """What depth does, and the slopes of the functions used."""
        yield from collapse_layers(self)
        yield from explain_vanishing(self)
        yield from self.proofs()
        yield from self.vector_proofs()

    def forward(self) -> Iterator[Block]:
        """Forward to the error of every sample, and these put together."""
        if self.matrices and self.matrices.asked:
            yield from asked_matrices.go_forward(self, self.matrices)
        else:
            yield from self.forward_by_unit()
        if len(self.graph.roots) > 1:
            yield from self.total_error()
        if self.penalty:
            yield from penalty_blocks(self, self.penalty)
        if self.in_batches:
            yield from self.batches()
        if self.matrices and not self.matrices.asked:
            yield from self.matrices.forward()

    def forward_by_unit(self) -> Iterator[Block]:
        """The first sample line by line, the others in tables; at level blank all alike."""
        roots = self.graph.roots if self.level == "blank" else self.graph.roots[:1]
        for root, layers in zip(roots, self.layers, strict=False):
            yield from self.forward_to(root, layers)
            yield from self.error(root)
        if self.level != "blank":
            yield from self.samples.forward()

    def define(self) -> Iterator[Block]:
        """The functions that the sheet uses."""
        names = self.definitions()
        if names:
            yield self.say("definitions")
            yield Lines(tuple(row for name in names for row in self.definition(name).rows))

    def pass_again(self, steps: list[Step]) -> Iterator[Block]:
        """The steps of the first sample, those of the others as tables, what they share."""
        if self.level == "blank":
            yield from self.symbols_of(steps)
            return
        if self.matrices and self.matrices.asked:
            yield from self.matrices.pass_again()
            steps = [s for s in steps if self.graph[self.graph.split(s.id)[0]].role in ERRORS]
        first, shared = self.samples.part(steps)
        yield from self.symbols_of(first)
        yield from self.samples.tables([step.id for step in first], self.graph.roots[1:])
        yield from self.symbols_of(shared)

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
        yield from explain_ids(self.graph, self.example())
        yield self.rounding()
        if self.matrices:
            yield from self.matrices.shapes()

    def example(self) -> str:
        """The id of a derivative on this sheet: by a parameter where one is learnt."""
        parameters = [q.id for q in self.graph.of_role("parameter")]
        if parameters:
            return self.graph.derivative(self.graph.batch(1).objective, parameters[0])
        return next(step.id for step in self.derivation.steps({"backward"}))

    def groups(self) -> list[tuple[Words, list[str]]]:
        """Given numbers by what they are, weights by the unit they enter."""
        groups: list[tuple[Words, list[str]]] = []
        rows = [*self.given_by_sample()] if len(self.graph.roots) > 1 else []
        kinds: tuple[Role, ...] = ("rate", "setting", "factor")
        for kind in kinds if rows else ("input", "target", "upstream", *kinds):
            names = [q.id for q in self.graph.of_role(kind)]
            if names:
                rows.append((Words(f"given.{kind}"), names))
        groups += rows
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

    def given_by_sample(self) -> Iterator[tuple[Words, list[str]]]:
        """Inputs and targets in a row for each sample, so that none is parted by a page."""
        for sample in dict.fromkeys(q.sample for q in self.graph.of_role("input")):
            own = [q for q in self.graph.of_role("input", "target") if q.sample == sample]
            yield Words("term.sample", {"number": str(sample)}), [q.id for q in own]
        for sample in dict.fromkeys(q.sample for q in self.graph.of_role("upstream")):
            names = [q.id for q in self.graph.of_role("upstream") if q.sample == sample]
            yield Words("given.upstream"), names

    def bare(self, name: str) -> str:
        """An id without its sample, for what all samples share."""
        return self.graph.without_sample(name) if len(self.graph.roots) > 1 else name

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
            rows.append((words, Row(None, names), self.activation(number)))
        return Grid(columns, tuple(rows))

    def activation(self, number: int) -> Cell:
        """The name of a layer's activation; of one that the spec defines its formula too."""
        assert isinstance(self.spec, Network)
        layer = self.spec.layers[number - 1]
        if layer.formula is None:
            return Words(f"activation.{layer.activation}")
        formula = row_text(layer.formula)
        return Row(Name(layer.activation), (Part("=", formula),))

    def forward_to(self, root: str, layers: list[list[Unit]]) -> Iterator[Block]:
        """Layer by layer: pre-activations, then activations."""
        yield self.titled("forward", root)
        if self.level != "blank":
            yield from self.define()
        for units in layers:
            for ids in ([z for z, _ in units], [a for _, a in units]):
                yield from self.first_worked(self.steps(*ids))

    def titled(self, key: str, root: str) -> Block:
        """A heading, with the sample where there are several."""
        if len(self.graph.roots) == 1:
            return self.heading(key)
        sample = Words("term.sample", {"number": str(self.graph[root].sample)})
        return self.heading(f"{key}_of", sample=sample)

    def error(self, root: str) -> Iterator[Block]:
        """The error of each output and their sum."""
        yield self.titled("error", root)
        yield from self.first_worked(self.steps(*self.graph[root].uses, root))

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
        for depth, units in reversed(list(enumerate(layers, 1))):
            yield self.heading_of_layer(depth)
            if self.chain.is_vector(units[0][1]):
                yield from vectors.write_layer(self, root, units)
            else:
                for unit in units:
                    yield from self.unit(root, unit, first=unit == units[0], units=units)
            yield from self.shared(root, units)
        if self.graph.input_derivatives:
            yield self.heading_of_layer(0)
            yield from self.inputs(root)

    def back_alone(self, root: str) -> Iterator[Block]:
        """The derivatives of a sample's error, each in a block of its own."""
        yield self.titled("backward", root)
        for step in self.derivation.backward(1):
            if self.belongs(step.of, root):
                yield from self.write.block([step], "blank")

    def heading_of_layer(self, layer: int) -> Heading:
        """What a section of the way back is about; layer 0 are the inputs."""
        if layer == 0:
            return self.under("to_inputs")
        weighted = any(self.parameters(z) for z, _ in self.layers[0][layer - 1])
        key = HEADINGS[weighted, layer == len(self.layers[0])]
        return self.under(key, number=str(layer))

    def belongs(self, of: str, root: str) -> bool:
        """Whether a derivative is of this root's own sample."""
        if self.graph[of].role in ("error", "penalty"):
            return root == of
        return self.graph[of].sample == self.graph[root].sample

    def vector_proofs(self) -> Iterator[Block]:
        """The slopes of activations of a whole layer."""
        by_name = {self.graph[units[0][1]].vector: units for units in self.layers[0]}
        vector_ones = [(name, units) for name, units in by_name.items() if name]
        if vector_ones and not self.has_proofs():
            yield self.heading("proofs")
        for name, units in vector_ones:
            yield from vectors.write_proof(self, name, units)

    def reductions(self) -> Iterator[Block]:
        """The gradients of the samples put together."""
        yield self.under("batch_gradients" if self.in_batches else "reductions")
        yield self.say(f"reduction_{self.spec.reduction}")
        data = self.graph.batch(1).data
        names = [q.id for q in self.graph.of_role("parameter")]
        yield from self.leveled(self.steps(*(self.graph.derivative(data, p) for p in names)))
