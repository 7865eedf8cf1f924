"""The exercise as the checker sees it: order, steps, roles of its quantities."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import msgspec

from derive.algebra.expressions import Name, Num, rename
from derive.checking.structure import Structure
from derive.derivation.derived import Derived, derive_graph
from derive.derivation.steps import Stage, Step
from derive.graph import Block, Graph, Quantity
from derive.numbers import Numbers
from derive.ops import ACTIVATIONS

AHEAD = "~"
"""`dE_total/dz3~2`: as it would be with layer 2 and those above updated already."""
PAIR = 2
"""Indices of a weight: receiving unit and source."""
KEPT = 512
"""Ids whose ancestors are kept at hand."""
ASKED: tuple[Stage, ...] = ("forward", "backward", "update", "check")


class Connection(msgspec.Struct, frozen=True, gc=False):
    """What a parameter connects: layer, receiving unit and source, from 1; source 0 is a bias."""

    layer: int
    unit: int
    source: int


class Exercise:
    """One derivation with its numbers, and what its quantities are to each other."""

    def __init__(
        self,
        numbers: Numbers,
        *,
        gradient_check: bool = False,
        derive: Callable[[Graph], Derived] = derive_graph,
        structure: Structure | None = None,
    ) -> None:
        """Keep the numbers; the rest is made when asked for.

        In a `gradient_check` derivatives are answered by difference quotients.
        `derive` gives the steps of the same exercise with other given numbers,
        `structure` is that of the same exercise with other numbers.
        """
        self.structure = Structure() if structure is None else structure
        self._derive = derive
        self.numbers = numbers
        self.gradient_check = gradient_check
        self.derivation = numbers.derivation
        self.graph: Graph = self.derivation.graph
        self.spec = self.graph.spec
        self.decimals = self.spec.decimals
        self.quotients: dict[tuple[str, str, bool], Num | None] = {}
        """Difference quotients by parameter, h and side, each computed once."""
        self._steps = self.structure.steps
        self._uses = self.structure.uses
        self._kinds = self.structure.kinds
        self._pairs = self.structure.pairs
        self._needed = self.structure.needed

    def change(self, graph: Graph) -> Exercise:
        """The same exercise with other given numbers."""
        return Exercise(Numbers(self._derive(graph)), derive=self._derive)

    @property
    def order(self) -> dict[str, int]:
        """Every asked id and its place in the order of the key, from 0."""
        order = self.structure.order
        if not order:
            order |= {step.id: i for i, step in enumerate(self.derivation.steps(ASKED))}
        return order

    def step(self, name: str) -> Step | None:
        """The step of an id, or of an id ahead of the updates above a layer; each made once."""
        if name not in self._steps:
            self._steps[name] = self._make_step(name)
        return self._steps[name]

    def uses(self, step: Step) -> tuple[str, ...]:
        """The ids in a step's own formula, collected once."""
        if step.id not in self._uses:
            self._uses[step.id] = step.uses
        return self._uses[step.id]

    def _make_step(self, name: str) -> Step | None:
        base, ahead, layer = name.partition(AHEAD)
        step = self.derivation.step(base)
        if not ahead or step is None or step.expr is None:
            return step
        expr = rename(step.expr, lambda used: self.shift_ahead(used, int(layer)))
        return Step(name, step.kind, step.stage, expr, step.of, step.wrt, step.updates)

    def shift_ahead(self, name: str, layer: int) -> str:
        """The id of a quantity once the parameters from `layer` on have been updated."""
        base, done = self.graph.split(name)
        place = self.places.get(base)
        if place is not None:
            moved = place.layer >= layer and self.derivation.varies(base)
            return self.graph.after(base, done + 1) if moved else name
        height = max(
            (self.find_layer(part) for part in self.graph.parts(base) or (base,)), default=0
        )
        return f"{name}{AHEAD}{layer}" if height >= layer else name

    @cached_property
    def _types(self) -> dict[int, str]:
        return {block.layer: block.type for block in self.graph.blocks}

    def type_of(self, quantity: Quantity) -> str:
        """The type of the layer that a quantity belongs to; empty for anything else."""
        return self._types.get(quantity.place.layer, "")

    def find_layer(self, base: str) -> int:
        """The layer of a quantity; errors stand above the last one, inputs in layer 0."""
        quantity = self.graph.quantities.get(base)
        if quantity is None:
            return 0
        if quantity.role in ("unit_error", "error"):
            return len(self.units) + 1
        return quantity.place.layer

    @cached_property
    def has_states(self) -> bool:
        """Whether an optimizer keeps something from one update to the next."""
        return any(q.role == "state" for q in self.graph.quantities.values())

    def quantity(self, name: str) -> Quantity | None:
        """The quantity an id is a state of; None for derivatives."""
        return self.graph.quantities.get(self.graph.split(name)[0])

    def kind(self, name: str) -> str:
        """What an id is a state of: `activation`, `parameter`, ...; empty for derivatives."""
        if name not in self._kinds:
            quantity = self.quantity(name)
            self._kinds[name] = "" if quantity is None else quantity.role
        return self._kinds[name]

    def pair(self, name: str) -> tuple[str, str] | None:
        """Of and by what an id is the derivative, without updates; None if it is none."""
        if name not in self._pairs:
            self._pairs[name] = self.graph.parts(self.graph.split(name)[0])
        return self._pairs[name]

    def is_slope(self, name: str) -> bool:
        """Whether an id is the slope of an activation: `do1/dz3`."""
        pair = self.pair(name)
        return (
            pair is not None
            and self.kind(pair[0]) == "activation"
            and self.kind(pair[1]) == "preactivation"
        )

    def is_output(self, base: str) -> bool:
        """Whether an activation is one of the last layer."""
        users = self.graph.consumers.get(base, ())
        return any(self.graph[user].role == "unit_error" for user in users)

    def name_activation(self, base: str) -> str:
        """The name of a unit's activation function; empty for anything else."""
        if self.kind(base) != "activation" or not self.layers:
            return ""
        name = self.layers[self.find_layer(base) - 1].activation
        row = ACTIVATIONS.get(name)
        return name if row is None else row.function or "identity"

    @cached_property
    def layers(self) -> tuple[Block, ...]:
        """The layers of a network, by the ids of its first sample; none where nothing descends."""
        blocks = self.graph.blocks if self.derivation.chain is not None else ()
        return tuple(block for block in blocks if block.sample == blocks[0].sample)

    @cached_property
    def units(self) -> tuple[int, ...]:
        """How many units each layer has, at every place the same; empty for circuits."""
        return tuple(
            len({self.graph[name].place.index[0] for name in layer.out}) for layer in self.layers
        )

    @cached_property
    def places(self) -> dict[str, Connection]:
        """What every weight and bias of a network connects, also of biases that are held.

        A parameter that several units use connects no two of them.
        """
        places: dict[str, Connection] = {}
        for layer in self.layers if self.graph.by_units else ():
            for name in layer.parameters:
                place = self.graph[name].place
                if place.letter == "W" and len(place.index) == PAIR:
                    unit, source = place.index
                    places[name] = Connection(layer.layer, unit, source)
                elif place.letter == "b":
                    places[name] = Connection(layer.layer, place.index[0], 0)
        return places

    def weight(self, layer: int, unit: int, source: int) -> str | None:
        """The weight of a connection; None where there is none."""
        return self._connecting.get(Connection(layer, unit, source))

    @cached_property
    def _connecting(self) -> dict[Connection, str]:
        return {place: name for name, place in self.places.items()}

    def unit(self, layer: int, unit: int, sample: int) -> str:
        """The activation of a unit; layer 0 are the inputs."""
        blocks = self.graph.blocks_of(sample)
        return blocks[0].inputs[unit - 1] if layer == 0 else blocks[layer - 1].out[unit - 1]

    def width(self, layer: int) -> int:
        """Units of a layer; layer 0 are the inputs."""
        if layer:
            return self.units[layer - 1]
        return len(self.layers[0].inputs) if self.layers else 0

    def state(self, base: str, updates: int) -> Name:
        """A quantity as it is after so many updates, where it changes at all."""
        return Name(self.graph.after(base, updates) if self.derivation.varies(base) else base)

    def find_parameter(self, step: Step) -> str:
        """The parameter that a step moves, or keeps a number beside: `W5` of `W5+` and `v_W5+`."""
        return (self.graph.track_parts(step.wrt) or ("", step.wrt))[1]

    def old_value(self, step: Step) -> Name:
        """The parameter of an update, as it was before: `W5+` in the step of `W5@2`."""
        return Name(self.graph.after(self.find_parameter(step), step.updates - 1))

    def list_needed(self, name: str) -> frozenset[str]:
        """Every id that an id is computed from, directly or not."""
        if name not in self._needed:
            if len(self._needed) >= KEPT:
                self._needed.clear()
            self._needed[name] = self._collect(name)
        return self._needed[name]

    def _collect(self, name: str) -> frozenset[str]:
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            step = self.step(waiting.pop())
            for used in self.uses(step) if step is not None else ():
                if used not in seen:
                    seen.add(used)
                    waiting.append(used)
        return frozenset(seen)
