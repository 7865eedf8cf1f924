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


def next_batch(key: str, by: int, ctx: Context) -> str:
    """The gradient of a later update: that of the mini-batch whose turn it is."""
    found = re.fullmatch(r"d\((Ebatch,|J)(\d+)(.*)", key)
    count = ctx.model.facts.get("batches", 0)
    return (
        f"d({found[1]}{(int(found[2]) - 1 + by) % count + 1}{found[3]}" if found and count else key
    )


SAMPLE = re.compile(r",s\d+|(?<=E)s\d+")


def of_sample(tree, sample: str):
    """The same formula for another sample."""
    if not isinstance(tree, tuple):
        return tree
    if len(tree) == 2 and tree[0] == "sym":
        return ("sym", SAMPLE.sub(lambda m: re.sub(r"\d+", sample, m[0]), tree[1]))
    return tuple(of_sample(t, sample) for t in tree)


def batch_gradient(batch: int, step: str, below: str, ctx: Context) -> tuple:
    """The reduction over the samples of a mini-batch, which may be a smaller one."""
    facts = ctx.model.facts
    size = int(str(facts["spec"]["batch_size"]))
    samples = range((batch - 1) * size + 1, min(batch * size, facts["samples"]) + 1)
    total = ("add", *(("sym", f"d(Es{s}{step})/d({below})") for s in samples))
    mean = facts["spec"].get("reduction", "mean") == "mean"
    return ("div", total, ("num", str(len(samples)))) if mean else total


def with_penalty(batch: str, step: str, below: str) -> tuple:
    """The gradient of a mini-batch and that of the penalty; a bias has only the first."""
    data = ("sym", f"d(Ebatch,{batch}{step})/d({below})")
    return data if below[:1] == "b" else ("add", data, ("sym", f"d(R{step})/d({below})"))


def formulas_for(key: str, lag: int, ctx: Context) -> list[tuple]:
    """What the page writes out for this quantity so many updates before, or for a sample."""
    parts = re.fullmatch(r"d\(Ebatch,(\d+)(.*)\)/d\((.*)\)", key)
    if parts and not lag:
        return [batch_gradient(int(parts[1]), parts[2], parts[3], ctx)]
    total = re.fullmatch(r"d\(J(\d+)(.*)\)/d\((.*)\)", key)
    if total and not lag:
        return [with_penalty(total[1], total[2], total[3])]
    own = [k for k in ctx.formulas if moved(k, lag, ctx) == key]
    if own:
        return ctx.formulas[own[0]]
    found = SAMPLE.search(key)
    sample = re.sub(r"\D", "", found[0]) if found else ""
    like = [
        k
        for k in ctx.formulas
        if sample and moved(of_sample(("sym", k), sample)[1], lag, ctx) == key
    ]
    return [of_sample(t, sample) for k in like[:1] for t in ctx.formulas[k]]


def move(tree, by: int, ctx: Context):
    if not isinstance(tree, tuple):
        return tree
    if len(tree) == 2 and tree[0] == "sym":
        return ("sym", moved(next_batch(tree[1], by, ctx), by, ctx))
    if tree[:1] == ("pow",) and tree[1][:1] == ("sym",) and tree[1][1].startswith("beta"):
        return ("pow", tree[1], ("num", str(int(tree[2][1]) + by)))  # the number of the update
    return tuple(move(t, by, ctx) for t in tree)


def step_value(key: str, text: str, relation: str, ctx: Context, line: int, raw: str) -> None:
    """A stepwise number without its formula beside it: one of the known formulas gives it."""
    if is_exact(ctx.model.lookup(key).value, text) and relation == "=":
        return
    top = re.fullmatch(r"d\((.*)\)/d\(.*", key)
    by = index(top[1] if top else key)
    for lag in range(by + 1):
        trees = formulas_for(key, lag, ctx)
        if trees:
            look = Look(ctx, printed=True)
            values = [value_of(move(t, lag, ctx), look) for t in trees]
            break
    else:
        raise Unread(f"no formula for {key}")
    if not any(text == shown(v, ctx.decimals) or is_exact(v, text) for v in values):
        ctx.report("wrong-step", line, raw, f"{key}: {text} for {[shown(v, 12) for v in values]}")
    elif relation == "=" and not any(is_exact(v, text) for v in values):
        ctx.report("equals-after-rounding", line, raw, f"{key}: {text}")
