"""The numbers at the end of a line: rounding, sign, what the printed operands give."""

from __future__ import annotations

from mpmath import mpf

from align import has, literal, symbols
from context import Context, Look
from evaluate import value_of
from page import Chain
from rounding import TINY, is_exact, round_half_up, same_number, shown
from tokens import Unread


def source_of(members, at: int, ctx: Context):
    """The nearest member before that has a value of its own, and whether it is in numbers."""
    for before in reversed(members.trees[:at]):
        if not has(before, "blank") and literal(before) is None:
            return before
    return members.trees[0]


def check_result(members, at: int, ctx: Context, key: str | None) -> None:
    chain, text = members.chain, literal(members.trees[at])
    if ctx.stepwise and any(has(tree, "blank") for tree in members.trees[:at]):
        ctx.assumed += 1
        if key and at == len(members.trees) - 1:
            ctx.note_printed(key, text, chain.line, chain.raw)
        return
    source = source_of(members, at, ctx)
    look = Look(ctx)
    truth = value_of(members.trees[0], look)
    if look.free and not has(members.trees[0], "call"):
        return
    operands = value_of(source, Look(ctx, printed=True))
    if isinstance(truth, list) or isinstance(operands, list):
        raise Unread("a number for a matrix")
    value = operands if ctx.stepwise and source is not members.trees[0] else truth
    judge(text, value, members.relations[at], ctx, chain.line, chain.raw, copy=source)
    if key and at == len(members.trees) - 1:
        ctx.note_printed(key, text, chain.line, chain.raw)
    if not symbols(source) and source is not members.trees[0]:
        judge_operands(members, text, operands, ctx)
    elif ctx.stepwise and not is_exact(operands, text) and members.relations[at] == "=":
        ctx.report("equals-after-rounding", chain.line, chain.raw)


def judge(text, value, relation, ctx, line, raw, copy=None) -> None:
    """The printed number against the true one, and the sign before it."""
    if not may_stand(text, value, ctx, copy):
        if is_exact(value, text) and relation == "\\approx":
            ctx.report("approx-for-exact", line, raw, text)
            return
        ctx.report("wrong-number", line, raw, f"{text} for {shown(value, ctx.decimals + 4)}")
        return
    if ctx.stepwise or text == "-0":
        return
    exact = is_exact(value, text)
    if exact and relation == "\\approx":
        ctx.report("approx-for-exact", line, raw, text)
    if not exact and relation == "=":
        ctx.report("equals-for-rounded", line, raw, f"{text} for {shown(value, ctx.decimals + 6)}")


def may_stand(text: str, value: mpf, ctx: Context, copy=None) -> bool:
    """As the rounding rule prints it, as it was typed, or as its source stands printed."""
    if text == shown(value, ctx.decimals) or (text == "-0" and value == 0):
        return True
    if is_exact(value, text) and text in set(ctx.model.typed.values()):
        return True
    return ctx.stepwise and copy is not None and copy[0] == "sym" and text in ctx.expected(copy[1])


def judge_operands(members, text: str, operands: mpf, ctx: Context) -> None:
    """What the printed operands give: the printed result, or a footnote says so."""
    chain = members.chain
    alone = shown(operands, ctx.decimals)
    if ctx.stepwise and members.relations[-1] == "=" and not is_exact(operands, text):
        ctx.report("equals-after-rounding", chain.line, chain.raw, shown(operands, 30))
    chain.due = not same_number(alone, text) and not gives(operands, text, ctx.decimals)
    chain.alone, chain.operands = alone, operands
    if chain.due and not chain.dagger:
        ctx.report("footnote-missing", chain.line, chain.raw, f"printed numbers give {alone}")


def gives(operands: mpf, text: str, decimals: int) -> bool:
    """Whether the value rounds to the text, at its own last digit where it has a power of ten."""
    mantissa, _, power = text.partition("e")
    places = len(mantissa.partition(".")[2]) - int(power) if power else decimals
    return abs(mpf(str(round_half_up(operands, places))) - mpf(text)) < TINY


def check_matrix(members, at: int, ctx: Context) -> None:
    chain, relation = members.chain, members.relations[at]
    look = Look(ctx)
    truth = value_of(members.trees[0], look)
    rows = members.trees[at][1:]
    if symbols(members.trees[at]) or members.headless:
        return
    if [len(r) for r in rows] != [len(r) for r in truth]:
        ctx.report("matrix-shape", chain.line, chain.raw)
        return
    exact = True
    for row, wanted in zip(rows, truth, strict=True):
        for cell, value in zip(row, wanted, strict=True):
            if cell[0] == "blank":
                exact = exact and is_exact(value, shown(value, ctx.decimals))
                continue
            text = literal(cell)
            if text is None:
                raise Unread("entry of a matrix")
            ok = may_stand(text, value, ctx)
            if not ok and not ctx.stepwise:
                kind = "approx-for-exact" if is_exact(value, text) else "wrong-entry"
                ctx.report(kind, chain.line, chain.raw, f"{text} for {shown(value, 12)}")
            exact = exact and is_exact(value, text)
    if not ctx.stepwise and exact != (relation == "="):
        ctx.report("matrix-sign", chain.line, chain.raw)
    source = source_of(members, at, ctx)
    if (
        not symbols(source)
        and source is not members.trees[at]
        and not has(members.trees[at], "blank")
    ):
        check_entries(members, at, value_of(source, look), truth, ctx)


def check_entries(members, at: int, operands: list, truth: list, ctx: Context) -> None:
    """Entry by entry: the printed matrices multiply back, or a footnote names the entry."""
    chain = members.chain
    for row, values, wanted in zip(members.trees[at][1:], operands, truth, strict=True):
        for cell, value, true in zip(row, values, wanted, strict=True):
            if not gives(value, literal(cell), ctx.decimals):
                chain.entries.append((true, value))
                if not chain.dagger:
                    why = f"{literal(cell)}, the printed entries give {shown(value, ctx.decimals)}"
                    ctx.report("matrix-entry-not-back", chain.line, chain.raw, why)


def judge_row(row: Chain, text: str, operands, cell: str, ctx: Context) -> None:
    """The row multiplies back, or its footnote says what its columns give."""
    before = len(ctx.findings)
    shim = type(
        "Row", (), {"chain": row, "relations": ["=" if cell.startswith("$=") else "\\approx"]}
    )
    judge_operands(shim, text, operands, ctx)
    for n in range(before, len(ctx.findings)):
        f = ctx.findings[n]
        ctx.findings[n] = type(f)("row-" + f.kind, f.line, row.raw, f.why)
    row.prefix = "row-"
