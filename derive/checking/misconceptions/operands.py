"""One operand taken from another place: a neighbour's weight, another value of a circuit.

Nobody does so everywhere: each is a slip at one step.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from derive.algebra.expressions import Call, Expr, Name, substitute, walk
from derive.checking.exercise import Connection, Exercise
from derive.derivation.steps import Step

MOST_OPERANDS = 12
"""Operands of a formula up to which their neighbours are looked at."""
MOST_VALUES = 12
"""Values that a circuit may have for each of them to be looked at."""
BESIDE = (-1, 1)


def list_neighbours(step: Step, exercise: Exercise) -> Iterator[Expr]:
    """A pre-activation with one weight, bias or received value from the place beside it."""
    if step.kind != "value" or exercise.kind(step.id) != "preactivation" or not exercise.layers:
        return
    if step.expr is None or len(step.uses) > MOST_OPERANDS:
        return
    for used in step.uses:
        for other in _find_beside(used, step, exercise):
            yield substitute(step.expr, {used: Name(other)})


def _find_beside(used: str, step: Step, exercise: Exercise) -> Iterator[str]:
    base, done = exercise.graph.split(used)
    place = exercise.places.get(base)
    if place is None:
        yield from (exercise.state(name, done).id for name in _list_received(base, step, exercise))
        return
    for other in _list_beside(place):
        name = exercise.weight(other.layer, other.unit, other.source)
        if name is not None:
            yield exercise.graph.after(name, done)


def _list_received(base: str, step: Step, exercise: Exercise) -> list[str]:
    """What stands beside a received value in the row that a layer receives."""
    quantity = exercise.graph[exercise.graph.split(step.id)[0]]
    row = exercise.graph.blocks_of(quantity.sample)[quantity.place.layer - 1].inputs
    if base not in row:
        return []
    beside = (row.index(base) + by for by in BESIDE)
    return [row[i] for i in beside if 0 <= i < len(row)]


def _list_beside(place: Connection) -> Iterator[Connection]:
    """The places of the same layer beside one: another receiver, another source."""
    for by in BESIDE:
        yield msgspec.structs.replace(place, unit=place.unit + by)
        if place.source and place.source + by:
            yield msgspec.structs.replace(place, source=place.source + by)


def list_other_values(step: Step, exercise: Exercise) -> Iterator[Expr]:
    """A formula of a circuit, or the slope of one, with another value for one operand.

    The greater one of p and p is p: nobody takes it for a slip.
    """
    if exercise.layers or exercise.graph.presented is not None or step.expr is None:
        return
    if step.kind not in ("value", "local"):
        return
    values = _list_values(step, exercise)
    if len(values) > MOST_VALUES:
        return
    chosen = [n.function for n in walk(step.expr) if isinstance(n, Call)]
    kept = set(step.uses) if {"max", "min"}.intersection(chosen) else set()
    for used in step.uses:
        for other in values if used in values else ():
            if other != used and other not in kept:
                yield substitute(step.expr, {used: Name(other)})


def _list_values(step: Step, exercise: Exercise) -> list[str]:
    """The values that stand before a step: given ones, and what is defined before it."""
    graph = exercise.graph
    own = step.of or graph.split(step.id)[0]
    before = []
    for quantity in graph.quantities.values():
        if quantity.id == own:
            break
        if quantity.role in ("value", "parameter", "constant", "definition"):
            before.append(exercise.state(quantity.id, step.updates).id)
    return before


SLIPS = (("M59", list_neighbours), ("M59", list_other_values))
"""Slips of this family, made in one step."""
