"""Whether a function of a formula stands exactly at its corner."""

from __future__ import annotations

import re

from mpmath import mpf

from context import Context
from evaluate import value_of
from model import suffix
from rounding import close
from shifting import index, stem

BENT = {"relu", "abs", "leaky_relu", "elu", "prelu", "hinge"}


def stands_at_corner(ctx: Context, key: str) -> bool:
    """True unless the formula is one of a circuit in which no function is at its corner."""
    parts = re.fullmatch(r"d\((.*)\)/d\((.*?)\)(\|local)?", key)
    trees = ctx.model.facts.get("trees", {})
    if not parts or stem(parts[1]) not in trees:
        return True
    k = index(parts[1])

    def at(name: str):
        return ctx.model.nodes.get(name + suffix(k), ctx.model.nodes[name])

    return any(is_bent(tree, at) for tree in walk(trees[stem(parts[1])]))


def walk(tree):
    if isinstance(tree, tuple):
        yield tree
        for part in tree:
            yield from walk(part)


def is_bent(tree, at) -> bool:
    if tree[0] != "call":
        return False
    values = [value_of(arg, at) for arg in tree[2:]]
    if tree[1] in BENT:
        return close(values[0], mpf(0))
    best = {"max": max, "min": min}.get(tree[1])
    return best is not None and sum(close(value, best(values)) for value in values) > 1
