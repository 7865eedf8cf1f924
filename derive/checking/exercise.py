"""The exercise as the checker sees it: order, steps, roles of its quantities."""

from __future__ import annotations

from functools import cached_property

import msgspec

from derive.algebra.expressions import Name, Num, rename
from derive.derivation.steps import Stage, Step
from derive.graph import Graph
from derive.naming import (
    Naming,
    after_updates,
    naming_for,
    split_derivative,
    split_updates,
)
from derive.numbers import Numbers
from derive.ops import ACTIVATIONS
from derive.quantities import Quantity
from derive.spec import Network

AHEAD = "~"
"""`dE_total/dz3~2`: as it would be with layer 2 and those above updated already."""
KEPT = 512
"""Ids whose ancestors are kept at hand."""
ASKED: tuple[Stage, ...] = ("forward", "backward", "update", "check")


class Place(msgspec.Struct, frozen=True, gc=False):
    """Where a parameter stands: layer, receiving unit and source, from 1; source 0 is a bias."""

    layer: int
    unit: int
    source: int


class Exercise:
    """One derivation with its numbers, and what its quantities are to each other."""

    def __init__(self, numbers: Numbers) -> None:
        """Keep the numbers; the rest is made when asked for."""
        self.numbers = numbers
        self.derivation = numbers.derivation
        self.graph: Graph = self.derivation.graph
        self.spec = self.graph.spec
        self.decimals = self.spec.decimals
        self.quotients: dict[tuple[str, str, bool], Num | None] = {}
        """Difference quotients by parameter, h and side, found once."""
        self._steps: dict[str, Step | None] = {}
        self._uses: dict[str, tuple[str, ...]] = {}
        self._kinds: dict[str, str] = {}
        self._pairs: dict[str, tuple[str, str] | None] = {}
        self._needed: dict[str, frozenset[str]] = {}

    @cached_property
    def order(self) -> dict[str, int]:
        """Every asked id and its place in the order of the key, from 0."""
        return {step.id: i for i, step in enumerate(self.derivation.steps(ASKED))}

    def step(self, name: str) -> Step | None:
        """The step of an id, or of an id ahead of the updates above a layer; each made once."""
        if name not in self._steps:
            self._steps[name] = self._made(name)
        return self._steps[name]

    def uses(self, step: Step) -> tuple[str, ...]:
        """The ids in a step's own formula, found once."""
        found = self._uses.get(step.id)
        if found is None:
            found = self._uses[step.id] = step.uses
        return found

    def _made(self, name: str) -> Step | None:
        base, ahead, layer = name.partition(AHEAD)
        step = self.derivation.step(base)
        if not ahead or step is None or step.expr is None:
            return step
        expr = rename(step.expr, lambda used: self.ahead(used, int(layer)))
        return Step(name, step.kind, step.stage, expr, step.of, step.wrt, step.updates)

    def ahead(self, name: str, layer: int) -> str:
        """The id of a quantity once the parameters from `layer` on have been updated."""
        base, done = split_updates(name)
        pair = split_derivative(base)
        place = self.places.get(base)
        if place is not None:
            moved = place.layer >= layer and self.derivation.varies(base)
            return after_updates(base, done + 1) if moved else name
        height = max((self.layer_of(part) for part in pair or (base,)), default=0)
        return f"{name}{AHEAD}{layer}" if height >= layer else name

    def layer_of(self, base: str) -> int:
        """The layer of a quantity; errors stand above the last one, inputs in layer 0."""
        quantity = self.graph.quantities.get(base)
        if quantity is None:
            return 0
        if quantity.kind in ("unit_error", "error"):
            return len(self.units) + 1
        place = self.places.get(base)
        return place.layer if place is not None else self._layers.get(base, 0)

    def quantity(self, name: str) -> Quantity | None:
        """The quantity an id is a state of; None for derivatives."""
        return self.graph.quantities.get(split_updates(name)[0])

    def kind(self, name: str) -> str:
        """What an id is a state of: `activation`, `parameter`, ...; empty for derivatives."""
        found = self._kinds.get(name)
        if found is None:
            quantity = self.quantity(name)
            found = self._kinds[name] = "" if quantity is None else quantity.kind
        return found

    def pair(self, name: str) -> tuple[str, str] | None:
        """Of and by what an id is the derivative, without updates; None if it is none."""
        if name not in self._pairs:
            self._pairs[name] = split_derivative(split_updates(name)[0])
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
        return any(self.graph[user].kind == "unit_error" for user in users)

    def activation_of(self, base: str) -> str:
        """The name of a unit's activation function; empty for anything else."""
        if not isinstance(self.spec, Network) or self.kind(base) != "activation":
            return ""
        row = ACTIVATIONS[self.spec.layers[self.layer_of(base) - 1].activation]
        return row.function or "identity"

    @cached_property
    def naming(self) -> Naming | None:
        """How a network names its parameters; None for circuits."""
        if not isinstance(self.spec, Network):
            return None
        widths = (len(self.spec.inputs[0]), *(len(x.weights) for x in self.spec.layers))
        return naming_for(self.spec.notation, widths)

    @cached_property
    def units(self) -> tuple[int, ...]:
        """How many units each layer has; empty for circuits."""
        if not isinstance(self.spec, Network):
            return ()
        return tuple(len(layer.weights) for layer in self.spec.layers)

    @cached_property
    def places(self) -> dict[str, Place]:
        """The place of every parameter of a network, also of biases that are held."""
        found: dict[str, Place] = {}
        if not isinstance(self.spec, Network) or self.naming is None:
            return found
        for number, layer in enumerate(self.spec.layers, 1):
            for unit, row in enumerate(layer.weights, 1):
                for source in range(1, len(row) + 1):
                    found[self.naming.weight(number, unit, source)] = Place(number, unit, source)
            for unit in range(1, len(layer.biases or ()) + 1):
                found[self.naming.bias(number, unit)] = Place(number, unit, 0)
        return found

    @cached_property
    def _layers(self) -> dict[str, int]:
        found: dict[str, int] = {}
        samples = [q.sample for q in self.graph.quantities.values()]
        for sample in sorted(set(samples)):
            for layer, count in enumerate(self.units, 1):
                for unit in range(1, count + 1):
                    found[self.unit(layer, unit, sample)] = layer
                    found[self.preactivation(layer, unit, sample)] = layer
        return found

    def unit(self, layer: int, unit: int, sample: int) -> str:
        """The activation of a unit; layer 0 are the inputs."""
        assert self.naming is not None
        bare = f"x{unit}" if layer == 0 else self.naming.activation(layer, unit)
        return bare + (f"_s{sample}" if sample else "")

    def preactivation(self, layer: int, unit: int, sample: int) -> str:
        """The pre-activation of a unit."""
        assert self.naming is not None
        return self.naming.preactivation(layer, unit) + (f"_s{sample}" if sample else "")

    def width(self, layer: int) -> int:
        """Units of a layer; layer 0 are the inputs."""
        if layer:
            return self.units[layer - 1]
        return len(self.spec.inputs[0]) if isinstance(self.spec, Network) else 0

    def state(self, base: str, updates: int) -> Name:
        """A quantity as it is after so many updates, where it changes at all."""
        return Name(after_updates(base, updates) if self.derivation.varies(base) else base)

    def needed(self, name: str) -> frozenset[str]:
        """Every id that an id is computed from, directly or not."""
        found = self._needed.get(name)
        if found is None:
            if len(self._needed) >= KEPT:
                self._needed.clear()
            found = self._needed[name] = self._collected(name)
        return found

    def _collected(self, name: str) -> frozenset[str]:
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            step = self.step(waiting.pop())
            for used in self.uses(step) if step is not None else ():
                if used not in seen:
                    seen.add(used)
                    waiting.append(used)
        return frozenset(seen)
