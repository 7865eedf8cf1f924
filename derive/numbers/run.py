"""A training run: the error and the parameters after 0, 1, 2, ... updates.

Each update starts from the values of the one before, as fractions as long as
they are short, then as balls. A ball grows with every update; where it has
grown too wide for a question (a printed digit, the sign before a relu) the run
starts again from its first pass with more bits, and what was answered before
is not asked again. How many more follows from how far it came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import msgspec

from derive import limits
from derive.errors import SpecError
from derive.graph import Graph
from derive.numbers import Shown, balls
from derive.numbers.balls import NotDefined, Undecided, Value
from derive.numbers.passes import Passes, Values, build_passes, explain
from derive.spec import Spec, build

DIGIT_BITS = 3.33
GUARD_BITS = 64
MOST_AT_ONCE = 8
"""Largest factor between two precisions of one run."""
T = TypeVar("T")


class State(msgspec.Struct, frozen=True):
    """Where a run stands after `step` updates.

    `error` is the total error (a circuit: its output), `moved` the values of
    what the updates change, parameters and what an optimizer keeps or finds
    beside them; fractions, or balls of the run's precision.
    """

    step: int
    error: Value
    moved: dict[str, Value]
    _passes: Passes

    def show(self, name: str) -> Shown:
        """How the error or a parameter prints; raises Undecided where that is not certain.

        To be asked before the next state is.
        """
        if not self.step and name in self.moved:
            return Shown(str(self._passes.graph[name].typed), exact=True)
        return self._passes.show(name, self.moved.get(name, self.error))


def count_updates(spec: Spec) -> int:
    """How many updates a spec asks for; raises SpecError where there is nothing to train."""
    if not spec.steps:
        raise SpecError("steps", "0 updates are no training; give a whole number from 1")
    if not build(spec).parameters:
        raise SpecError("update", "is missing; a circuit is trained by its [update]")
    return spec.steps


def list_states(passes: Passes, count: int, bits: int) -> Iterator[State]:
    """The states after 0 to `count` updates at a fixed precision.

    Raises Undecided where that is too low, SpecError where a value does not exist.
    """
    graph = passes.graph
    moved = passes.list_start()
    values: Values = {}
    for step in range(count + 1):
        try:
            with balls.precision(bits):
                moved = passes.update(values, step) if step else moved
                values = passes.run_forward(moved)
        except NotDefined as problem:
            raise explain(problem, graph, step) from None
        yield State(step, values[graph.total], moved, passes)


def follow_run(spec: Spec, ask: Callable[[State], T]) -> Iterator[T]:
    """What `ask` says of each state of a run, one after the other, each certain.

    `ask` raises Undecided where it needs more bits. Raises SpecError where a
    value does not exist or no precision below the ceiling decides.
    """
    count = count_updates(spec)
    passes = build_passes(spec, update=True)
    bits = int(spec.decimals * DIGIT_BITS) + GUARD_BITS
    done = 0
    while done <= count:
        try:
            for state in list_states(passes, count, bits):
                if state.step == done:
                    answer = _ask_certain(passes.graph, state, bits, ask)
                    done += 1
                    yield answer
        except Undecided:
            bits = _raise_bits(bits, passes.graph, done, count)


def _ask_certain(graph: Graph, state: State, bits: int, ask: Callable[[State], T]) -> T:
    try:
        with balls.precision(bits):
            return ask(state)
    except NotDefined as problem:
        raise explain(problem, graph, state.step) from None


def _raise_bits(bits: int, graph: Graph, done: int, count: int) -> int:
    """Enough to come to the end if each update takes as many bits as those before."""
    needed = bits * min(max(count / max(done, 1), 2), MOST_AT_ONCE)
    if 2 * bits > limits.PRECISION_CEILING:
        raise SpecError(
            graph.after(graph.total, done),
            f"this pass cannot be decided with {bits} bits; take fewer steps or decimals, "
            "or a smaller learning rate",
        )
    return min(int(needed), limits.PRECISION_CEILING)
