"""The routes of one derivative through a drawing: which connections belong to which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from derive.pages.columns import Connection

MOST_ROUTES = 6
"""Routes up to which each has a look of its own; above, all share one."""
SHARED = 0
"""The route number of a connection that several routes run along."""

Numbered = dict[tuple[str, str], int]
"""The route of each highlighted connection, by its two ends."""


def number_routes(connections: Iterable[Connection], start: str, goal: str) -> Numbered:
    """The connections on the ways from one quantity to another, each with its route.

    Routes are numbered from 1 in the order of the drawing. One way alone is
    route 1; where there are more than MOST_ROUTES, none is told apart.
    """
    users: dict[str, list[str]] = {}
    for connection in connections:
        users.setdefault(connection.low, []).append(connection.high)
    ways: list[list[str]] = []
    for way in _walk(users, [start], goal):
        ways.append(way)
        if len(ways) > MOST_ROUTES:
            return dict.fromkeys(_list_between(users, start, goal), SHARED)
    numbered: Numbered = {}
    for number, way in enumerate(ways, 1):
        for ends in pairwise(way):
            numbered[ends] = SHARED if ends in numbered else number
    return numbered


def _walk(users: dict[str, list[str]], so_far: list[str], goal: str) -> Iterator[list[str]]:
    """Every way on from the last place reached."""
    here = so_far[-1]
    if here == goal:
        yield so_far
        return
    for high in users.get(here, ()):
        yield from _walk(users, [*so_far, high], goal)


def _list_between(users: dict[str, list[str]], start: str, goal: str) -> Iterator[tuple[str, str]]:
    """Every connection that lies on some way, without walking each way."""
    known: dict[str, bool] = {goal: True}

    def leads(name: str) -> bool:
        if name not in known:
            onward = [leads(high) for high in users.get(name, ())]
            known[name] = True in onward
        return known[name]

    leads(start)
    for low, through in known.items():
        for high in users.get(low, ()):
            if through and known.get(high):
                yield low, high
