"""The same exercise with other given numbers: every one of them, as far as each may vary."""

from __future__ import annotations

from collections.abc import Callable, Collection
from fractions import Fraction
from itertools import pairwise
from random import Random

import msgspec

from derive.graph import Graph, Quantity
from derive.ops import LOSSES

WIDE = 2000
"""Thousandths of itself by which a number may move, or be another one altogether."""
SCHEDULE = (WIDE, 300, 100, 30, 10, 3)
"""How far numbers move, in thousandths of themselves, try after try."""
KEPT = ("state", "mask")
"""Given numbers that are what they are: states at the start, masks."""
SHARES = ("rate", "setting", "factor")
"""Given numbers that are positive, and often shares below 1."""


def move(
    graph: Graph, random: Random, spread: int, fixed: Collection[str] = (), *, zeros: bool = True
) -> Graph:
    """The exercise with every given number moved, but for some ids.

    Where `zeros` are kept, what is 0 stays so: ReLU at exactly 0 stays there.
    """
    free = [
        q
        for q in graph.quantities.values()
        if q.typed and q.role not in KEPT and q.id not in fixed and (zeros or Fraction(q.typed))
    ]
    moved = {q.id: _move_one(q, random, spread) for q in free}
    moved |= _move_targets(graph, random, fixed)
    changed = {
        name: msgspec.structs.replace(graph[name], typed=write_decimal(value))
        for name, value in moved.items()
    }
    return msgspec.structs.replace(graph, quantities=graph.quantities | changed)


def _move_one(quantity: Quantity, random: Random, spread: int) -> Fraction:
    value = Fraction(quantity.typed)
    if quantity.role in SHARES:
        return value * Fraction(random.randint(500, 990), 1000)
    if spread == WIDE:
        size = max(abs(value), Fraction(1, 2)) * Fraction(random.randint(300, 1700), 1000)
        return size * random.choice((-1, 1))
    share = Fraction(random.choice((-1, 1)) * random.randint(spread // 3 + 1, spread), 1000)
    return value * (1 + share) if value else share


def _move_targets(graph: Graph, random: Random, fixed: Collection[str]) -> dict[str, Fraction]:
    """Targets that may not be any number: labels, probabilities, shares of 1."""
    choose = _choose_target(graph)
    if choose is None:
        return {}
    moved: dict[str, Fraction] = {}
    for names in _list_rows(graph):
        if not (graph.loss and LOSSES[graph.loss].shares):
            moved |= {name: choose(random) for name in names}
        elif not any(name in fixed for name in names):
            moved |= zip(names, _share(len(names), random), strict=True)
        else:
            moved |= {name: Fraction(graph[name].typed) for name in names}
    return {name: value for name, value in moved.items() if name not in fixed}


def _list_rows(graph: Graph) -> list[list[str]]:
    """The targets of each sample."""
    rows: dict[int, list[str]] = {}
    for quantity in graph.of_role("target"):
        rows.setdefault(quantity.sample, []).append(quantity.id)
    return list(rows.values())


def list_together(graph: Graph) -> list[list[str]]:
    """The given ids that vary only together: targets that add up to 1."""
    return _list_rows(graph) if graph.loss and LOSSES[graph.loss].shares else []


def _share(count: int, random: Random) -> list[Fraction]:
    """Positive thousandths that add up to 1."""
    ends = [0, *sorted(random.sample(range(1, 1000), count - 1)), 1000]
    return [Fraction(high - low, 1000) for low, high in pairwise(ends)]


def _choose_target(graph: Graph) -> Callable[[Random], Fraction] | None:
    """How a target is drawn; None where it may be any number."""
    if graph.presented is not None:
        labels = (Fraction(graph.presented.low), Fraction(1))
        return lambda random: random.choice(labels)
    allowed = LOSSES[graph.loss].targets if graph.loss else None
    if allowed is None:
        return None
    low, high = Fraction(allowed.low), Fraction(allowed.high)
    if allowed.ends:
        return lambda random: random.choice((low, high))
    return lambda random: low + (high - low) * Fraction(random.randint(50, 950), 1000)


def write_decimal(value: Fraction) -> str:
    """A fraction as a typed decimal of about twelve digits."""
    return f"{float(value):.12e}"
