"""Tables of samples: a formula without the number of a sample, its value in each column."""

from __future__ import annotations

import re

from align import symbols
from context import Context, Look
from evaluate import value_of
from page import Chain
from results import judge_row
from rounding import close
from shifting import STEP, formulas_for, stem
from tex import parse_tokens
from tokens import RELATIONS, split_top, tokenize

SAMPLE = re.compile(r"(?:sample|샘플) (\d+)")


def is_of_samples(header: list[str]) -> bool:
    """Whether every column but the first belongs to a sample."""
    return len(header) > 1 and all(map(SAMPLE.fullmatch, header[1:]))


def read_samples(line: int, cells: list[str], header: list[str], read_cell, ctx: Context):
    """The formula holds in every column, and so do the numbers; the marked cells as chains."""
    parts = split_top(tokenize(cells[0].strip("$")), RELATIONS)
    trees = [parse_tokens(tokens, []) for _, tokens in parts]
    marked, raw = [], " | ".join(cells)
    for title, cell in zip(header[1:], cells[1:], strict=True):
        number = SAMPLE.fullmatch(title)[1]
        head, *formulas = (put_sample(tree, number, ctx) for tree in trees)
        key, known = head[1], formulas or formulas_for(head[1], 0, ctx)[:1]
        for tree in known:
            if not close(value_of(tree, Look(ctx)), value_of(head, Look(ctx))):
                ctx.report("formula-not-equal", line, raw, f"sample {number}")
        if key not in ctx.formulas:
            ctx.formulas[key] = known
        text = read_cell(key, cell, ctx, line, raw)
        row = Chain(line, [], raw=f"{key} in {raw}", dagger="dagger" in cell, key=key)
        if text and known and known[0][0] != "sym" and symbols(known[0]) <= ctx.printed.keys():
            judge_row(row, text, value_of(known[0], Look(ctx, printed=True)), cell, ctx)
        marked += [row] * row.dagger
    return marked


def put_sample(tree, number: str, ctx: Context):
    """A formula with the names that one sample has."""
    if not isinstance(tree, tuple):
        return tree
    if len(tree) == 2 and tree[0] == "sym":
        return ("sym", name_in(tree[1], number, ctx))
    return tuple(put_sample(t, number, ctx) for t in tree)


def name_in(key: str, number: str, ctx: Context) -> str:
    """`z1,s2+` for `z1+`; what all samples share keeps its name."""
    pair = re.fullmatch(r"d\((.*)\)/d\((.*)\)", key)
    if pair:
        return f"d({name_in(pair[1], number, ctx)})/d({name_in(pair[2], number, ctx)})"
    step = STEP.search(key)
    end = step[0] if step else ""
    own = (f"{stem(key)}{comma}s{number}{end}" for comma in (",", ""))
    return next((name for name in own if name in ctx.model.nodes), key)
