"""The sheet of a network whose layers have places: one place worked, the others as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from derive.algebra.expressions import Name
from derive.derivation.steps import Step
from derive.graph import Block as LayerBlock
from derive.graph import Quantity, list_cuts
from derive.naming import Role
from derive.pages import vectors
from derive.pages.compact import find_side, list_lines, write_entry
from derive.pages.document import (
    Block,
    Heading,
    Lines,
    Part,
    Row,
    Say,
    Words,
)
from derive.pages.layer_words import name_backward, name_forward, write_layers
from derive.pages.legend import explain_ids
from derive.pages.place_lines import PlaceLines
from derive.pages.place_tables import frame_window, list_letters

MOST_FRAMED = 64
"""Numbers of an input up to which its ids are shown in a table."""


class PlacesSheet(PlaceLines):
    """Blocks of the sheet in reading order."""

    def given(self) -> Iterator[Block]:
        """Layers, numbers, notation, rounding."""
        yield self.heading("given")
        yield self.say("layers", count=str(len(self.layers)))
        yield write_layers(self.graph, self.layers)
        yield from self.drawing()
        yield self.given_table(self.groups())
        yield self.say("legend_places")
        first = next(iter(self.graph.parameters_of(self.graph.roots[0])), "")
        step = self.graph.derivative(self.graph.objective, first) if first else ""
        if not step or self.derivation.step(step) is None:
            step = next(s.id for s in self.derivation.steps({"backward"}))
        yield from explain_ids(self.graph, step)
        yield self.rounding()

    @property
    def layers(self) -> tuple[LayerBlock, ...]:
        """The layers of the first sample."""
        return self.graph.blocks_of(self.samples[0])

    def groups(self) -> list[tuple[Words, list[str]]]:
        """Given numbers by what they are, parameters by letter."""
        kinds: tuple[Role, ...] = (
            "input", "target", "upstream", "rate", "setting", "factor", "initial", "mask",
        )  # fmt: skip
        groups: list[tuple[Words, list[str]]] = []
        for kind in kinds:
            rows: dict[tuple[object, ...], list[str]] = {}
            for q in self.graph.of_role(kind):
                row = (q.sample, q.place.time, *q.place.index[:-1])
                rows.setdefault(row, []).append(q.id)
            groups += [(Words(f"given.{kind}"), row) for row in rows.values()]
        layers: dict[int, list[str]] = {}
        for q in self.graph.of_role("parameter", "constant"):
            layers.setdefault(q.place.layer, []).append(q.id)
        for number, names in layers.items():
            groups.append((Words("given.layer", {"number": str(number)}), names))
        return groups

    def titled(self, key: str, sample: int) -> Heading:
        """A heading, with the sample where there are several."""
        if len(self.samples) == 1:
            return self.heading(key)
        words = Words("term.sample", {"number": str(sample)})
        return self.heading(f"{key}_of", sample=words)

    def layer_heading(self, block: LayerBlock) -> Heading:
        """The number of a layer and what it is."""
        kind = Words(f"layer_type.{block.type}") if block.type else Words("layer_type.copies")
        return self.under("layer", number=str(block.layer), type=kind)

    def forward(self) -> Iterator[Block]:
        """Sample by sample, layer by layer, to the error."""
        for sample in self.samples:
            yield self.titled("forward", sample)
            if sample == self.samples[0] and self.level != "blank":
                names = self.definitions("inner")
                if names:
                    yield self.say("definitions")
                    yield Lines(tuple(r for name in names for r in self.definition(name).rows))
            for block in self.graph.blocks_of(sample):
                yield from self.forward_layer(block, first=sample == self.samples[0])
            yield from self.error(sample)
        if len(self.samples) > 1:
            yield self.under("total")
            yield self.say(f"reduction_{self.spec.reduction}")
            steps = self.steps(self.graph.data)
            yield from self.write.block(steps, self.treatment(first=False))

    def forward_layer(self, block: LayerBlock, *, first: bool) -> Iterator[Block]:
        """What a layer computes: one place in full, the others as a table."""
        quantities = self.own.get((block.layer, block.sample), [])
        yield self.layer_heading(block)
        if first and self.level != "blank":
            yield Say(Words(name_forward(self.graph, block)))
            yield from self.index_table(block, quantities)
        if quantities:
            worked = [own[0].id for own in list_letters(quantities).values()] if first else []
            yield from self.work_and_list([q.id for q in quantities], worked)

    def index_table(self, block: LayerBlock, quantities: list[Quantity]) -> Iterator[Block]:
        """The ids that a layer receives, with those of the first place in frames."""
        placed = [
            n for n in block.inputs
            if len(self.graph[n].place.index) > 1 or self.graph[n].place.time is not None
        ]  # fmt: skip
        if not quantities or not 1 < len(placed) <= MOST_FRAMED:
            return
        framed = set(quantities[0].uses) & set(placed)
        if framed and framed != set(placed):
            yield self.say("framed", name=Name(quantities[0].id))
            yield from frame_window(self.graph, placed, framed)

    def error(self, sample: int) -> Iterator[Block]:
        """The error of each output, of each step, of the sample."""
        yield self.titled("error", sample)
        errors = [q for q in self.graph.of_role("unit_error") if q.sample == sample]
        first = sample == self.samples[0]
        yield from self.work_and_list([q.id for q in errors], [errors[0].id] if first else [])
        sums = [
            q for q in self.graph.of_role("error")
            if q.sample == sample and q.id not in (self.graph.total, self.graph.data)
        ]  # fmt: skip
        names = [q.id for q in sums]
        if len(self.samples) == 1:
            names.append(self.graph.data)
        steps = self.steps(*names)
        yield from self.first_worked(steps) if first else self.symbols_of(steps)

    def backward(self) -> Iterator[Block]:
        """From the error of each sample back, or from that of all where these are coupled."""
        for root in self.graph.roots:
            if root not in self.graph.batch(1).roots:
                continue
            sample = self.graph[root].sample
            first = root == self.graph.roots[0]
            yield self.titled("backward", sample) if sample else self.heading("backward")
            wanted = (sample,) if sample else self.samples
            for number in sorted({b.layer for b in self.graph.blocks}, reverse=True):
                blocks = [b for b in self.graph.blocks if b.layer == number and b.sample in wanted]
                yield from self.backward_layer(root, blocks, first=first)
            if self.graph.input_derivatives:
                inputs = [x.id for x in self.graph.of_role("input") if x.sample in wanted]
                yield self.under("to_inputs")
                yield from self.work_back(root, inputs, inputs[:1] if first else [])
        if self.graph.batch(1).data not in self.graph.roots:
            yield self.under("reductions")
            yield self.say(f"reduction_{self.spec.reduction}")
            data = self.graph.batch(1).data
            names = [q.id for q in self.graph.of_role("parameter")]
            yield from self.leveled(self.steps(*(self.graph.derivative(data, p) for p in names)))

    def backward_layer(
        self, root: str, blocks: list[LayerBlock], *, first: bool
    ) -> Iterator[Block]:
        """The way back through a layer: its quantities from the last, then its parameters."""
        quantities = [q for block in blocks for q in self.own.get((block.layer, block.sample), [])]
        if not quantities:
            return
        yield self.layer_heading(blocks[0])
        if first and self.level != "blank":
            yield Say(Words(name_backward(self.graph, blocks[0])))
        cuts = list_cuts(quantities)
        if cuts:
            yield self.say("truncated", steps=", ".join(map(str, cuts)))
        for own in reversed(list_letters(quantities).values()):
            names = [q.id for q in own]
            yield from self.work_back(root, names, self.choose_worked(own) if first else [])
        parameters = dict.fromkeys(p for block in blocks for p in block.parameters)
        free = [self.graph[p] for p in parameters if self.graph[p].role == "parameter"]
        for own in list_letters(free).values():
            yield from self.work_parameters_back(root, [q.id for q in own], first=first)
        if first and self.level != "blank":
            yield from self.write_compact(root, blocks, quantities)

    def write_compact(
        self, root: str, blocks: list[LayerBlock], quantities: list[Quantity]
    ) -> Iterator[Block]:
        """All that went back through a layer in lines of matrices, and one number of them."""
        lines = list_lines(self.derivation, root, blocks, quantities)
        if not lines:
            return
        key, letter = find_side(lines)
        yield self.say(key, letter=letter)
        yield Lines(tuple(Row(line.left, (Part("=", line.right),)) for line in lines))
        for key in dict.fromkeys(key for line in lines for key in line.says):
            yield Say(Words(f"layer_compact.{key}"), back=True)
        for line in lines:
            entry = write_entry(self.derivation, root, line)
            if entry is None or self.level != "full":
                continue
            yield self.say("compact_check")
            yield from self.write_sum(self.graph.derivative(root, line.of), entry)

    def movement(self) -> Iterator[Block]:
        """The new parameters, and the new forward pass."""
        if self.graph.method is not None:
            yield from self.update()
        elif self.graph.parameters and self.derivation.updates:
            yield self.heading("update")
            yield self.say("update_table")
            for own in list_letters(self.graph[p] for p in self.graph.parameters).values():
                names = [self.graph.after(q.id, 1) for q in own]
                if self.level != "blank":
                    yield from self.work(self.write.step(names[0]))
                ids = {q.id: self.graph.after(q.id, 1) for q in own}
                if self.level == "blank":
                    yield from self.tabulate_ids(ids)
                elif len(own) > 1:
                    yield from self.tabulate_ids(ids, [own[0].id])
        yield from self.check(self.pass_again)

    def appendix(self) -> Iterator[Block]:
        """The slopes of the functions used."""
        yield from self.proofs()
        rows = self.graph.quantities.values()
        coupled = {q.vector: q for q in rows if q.vector and len(q.uses) > 1}
        if coupled and not self.has_proofs():
            yield self.heading("proofs")
        for name, q in coupled.items():
            units = [(z, self.graph.activation_of(z)) for z in q.uses]
            yield from vectors.write_proof(self, name, units)

    def results(self, show: str) -> Iterator[Block]:
        """No drawing with numbers: there would be too many in it."""
        del show
        return iter(())

    def pass_again(self, steps: list[Step]) -> Iterator[Block]:
        """The forward pass with the new parameters as tables; a guided page asks for errors."""
        ids = {self.graph.split(step.id)[0]: step.id for step in steps}
        totals = [name for name in ids if self.graph[name].role == "error"]
        for layer in self._by_layer(name for name in ids if name not in totals):
            known = [n for n in layer if self.graph[n].role != "unit_error"]
            guided = known if self.level == "guided" else []
            yield from self.tabulate_ids({name: ids[name] for name in layer}, guided)
        yield from self.symbols_of(self.steps(*(ids[name] for name in totals)))

    def _by_layer(self, names: Iterable[str]) -> Iterator[list[str]]:
        layers: dict[int, list[str]] = {}
        for name in names:
            layers.setdefault(self.graph[name].place.layer or len(self.layers) + 1, []).append(
                name
            )
        for number in sorted(layers):
            yield layers[number]
