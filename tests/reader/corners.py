"""Whether a function has a corner: its slopes on both sides of a point."""

from __future__ import annotations

import re

from mpmath import mpf

from context import Context
from evaluate import value_of
from model import suffix
from shifting import index, stem

STEP = mpf(10) ** -120


def is_smooth(ctx: Context, key: str) -> bool:
    """True where a formula of a circuit has the same slope on both sides."""
    parts = re.fullmatch(r"d\((.*)\)/d\((.*?)\)(\|local)?", key)
    trees = ctx.model.facts.get("trees", {})
    if not parts or stem(parts[1]) not in trees:
        return False
    below, k = stem(parts[2]), index(parts[1])
    tree = trees[stem(parts[1])]

    def at(shift: mpf) -> mpf:
        def moved(name: str):
            node = ctx.model.nodes.get(name + suffix(k), ctx.model.nodes[name])
            return node.value + (shift if name == below else 0)

        return value_of(tree, moved)

    left, right = (at(mpf(0)) - at(-STEP)) / STEP, (at(STEP) - at(mpf(0))) / STEP
    return abs(left - right) < mpf(10) ** -25
