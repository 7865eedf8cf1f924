"""The number of a step from its formula before, with every name moved to a later update."""

from __future__ import annotations

import re

from context import Context, Look
from evaluate import value_of
from model import suffix
from rounding import is_exact, shown
from tokens import Unread

STEP = re.compile(r"(\+|\[(\d+)\])$")


def index(name: str) -> int:
    found = STEP.search(name)
    return 0 if not found else 1 if found[1] == "+" else int(found[2])


def stem(name: str) -> str:
    return STEP.sub("", name)


def moved(key: str, by: int, ctx: Context) -> str:
    """The same quantity so many updates later; what never moves keeps its name."""
    parts = re.fullmatch(r"d\((.*)\)/d\((.*?)\)(\|local)?", key)
    if parts:
        return f"d({moved(parts[1], by, ctx)})/d({moved(parts[2], by, ctx)}){parts[3] or ''}"
    later = stem(key) + suffix(index(key) + by)
    return later if later in ctx.model.nodes else key


def move(tree, by: int, ctx: Context):
    if not isinstance(tree, tuple):
        return tree
    if len(tree) == 2 and tree[0] == "sym":
        return ("sym", moved(tree[1], by, ctx))
    return tuple(move(t, by, ctx) for t in tree)


def step_value(key: str, text: str, relation: str, ctx: Context, line: int, raw: str) -> None:
    """A stepwise number without its formula beside it: one of the known formulas gives it."""
    top = re.fullmatch(r"d\((.*)\)/d\(.*", key)
    by = index(top[1] if top else key)
    for lag in range(by + 1):
        earlier = [k for k in ctx.formulas if moved(k, lag, ctx) == key]
        if earlier:
            values = [
                value_of(move(t, lag, ctx), Look(ctx, printed=True))
                for t in ctx.formulas[earlier[0]]
            ]
            break
    else:
        raise Unread(f"no formula for {key}")
    if not any(text == shown(v, ctx.decimals) or is_exact(v, text) for v in values):
        ctx.report("wrong-step", line, raw, f"{key}: {text} for {[shown(v, 12) for v in values]}")
    elif relation == "=" and not any(is_exact(v, text) for v in values):
        ctx.report("equals-after-rounding", line, raw, f"{key}: {text}")
