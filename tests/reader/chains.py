"""Every member of a chain against its neighbours."""

from __future__ import annotations

import re

from align import canon, fits, has, literal, symbols
from context import Context, Look
from evaluate import value_of
from page import Chain
from results import check_matrix, check_result
from rounding import close, is_exact
from tex import parse_tokens
from tokens import RELATIONS, Unread, split_top, tokenize


class Members:
    """A chain as trees with the relation before each."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        notes: list[str] = chain.notes
        parts = split_top(tokenize(chain.raw), RELATIONS)
        self.relations = [r for r, _ in parts]
        self.trees = [parse_tokens(t, notes) if t else None for _, t in parts]
        if self.trees[0] is None:
            del self.trees[0], self.relations[0]
            self.headless = True
        else:
            self.headless = False
        if any(t is None for t in self.trees):
            raise Unread("a relation without a member")


def read_chain(chain: Chain, ctx: Context) -> None:
    """Check one chain; what cannot be read is counted."""
    try:
        members = Members(chain)
        ctx.numbers += len(re.findall(r"\d+(?:\.\d+)?", chain.raw))
        for note in dict.fromkeys(chain.notes):
            ctx.report(note, chain.line, chain.raw)
        check_signs(members, ctx)
        check_truth(members, ctx)
        check_numbers(members, ctx)
        for reason in chain.reasons:
            check_reason(reason, chain, ctx)
    except (Unread, KeyError, ZeroDivisionError, ValueError, TypeError, OverflowError) as problem:
        ctx.give_up(chain.line, chain.raw, f"{type(problem).__name__}: {problem}")


def learn(chain: Chain, ctx: Context) -> None:
    """Names that the page itself defines, perhaps after their first use."""
    try:
        define(Members(chain), ctx)
    except (Unread, KeyError, ValueError, TypeError):
        return


def check_signs(members: Members, ctx: Context) -> None:
    for tree in members.trees:
        if has_text(tree, "-0"):
            ctx.report("minus-zero", members.chain.line, members.chain.raw)
            return


def has_text(tree, text: str) -> bool:
    if not isinstance(tree, tuple):
        return False
    return tree == ("num", text) or any(has_text(t, text) for t in tree)


def check_truth(members: Members, ctx: Context) -> None:
    """Formulas in names are equal, with true values put in."""
    chain = members.chain
    if any(has(t, "blank") for t in members.trees[:1]) or any(
        r in {"<", ">", "\\le", "\\ge"} for r in members.relations
    ):
        ctx.assumed += 1
        return
    if is_equation(members, ctx):
        ctx.assumed += 1
        chain.condition = True
        check_condition(members, ctx)
        return
    define(members, ctx)
    for seed in range(5):
        look = Look(ctx, seed)
        if not same_everywhere(members, look):
            ctx.report("formula-not-equal", chain.line, chain.raw, f"seed {seed}")
            return
        if not look.free:
            return


def same_everywhere(members: Members, look: Look) -> bool:
    """Whether all members have one value where `look` puts the free names."""
    trees = [t for t in members.trees if t is members.trees[0] or is_formula(t, look)]
    if look.seed > 2:  # the slope of a case is not that of a corner
        trees = [t for t in trees if not has(t, "D")]
    try:
        values = [value_of(t, look) for t in trees]
    except (ValueError, ZeroDivisionError, TypeError):
        if look.seed:  # outside of the domain
            return True
        raise
    return all(alike(values[0], v) for v in values[1:])


def is_formula(tree: tuple, look: Look) -> bool:
    if has(tree, "blank") or literal(tree):
        return False
    return bool(symbols(tree)) or (exact_only(tree) and not look.context.stepwise)


def exact_only(tree: tuple) -> bool:
    return "." not in str(tree)


def is_equation(members: Members, ctx: Context) -> bool:
    """A condition for unknown names, such as that of a line."""
    look = Look(ctx)
    last, names = members.trees[-1], symbols(members.trees[0])
    if literal(last) is None or len(members.trees) != 2 or literal(members.trees[0]):
        return False
    if literal(last) == "0" and "x1" in names and "x1,s1" in ctx.model.nodes:
        return True
    value_of(members.trees[0], look)
    return bool(look.free) and not ctx.appendix


def check_condition(members: Members, ctx: Context) -> None:
    """The same condition in numbers, behind the one in names."""
    tree = members.trees[0]
    if ctx.condition is not None and has(tree, "num"):
        wrong = fits(ctx.condition, tree, ctx.expected)
        if wrong:
            ctx.report("condition-numbers", members.chain.line, members.chain.raw, wrong)
    ctx.condition = tree


def define(members: Members, ctx: Context) -> None:
    """A bare name that neither exercise nor page knows is defined by its first formula."""
    first = members.trees[0]
    if first[0] != "sym" or len(members.trees) < 2 or ctx.model.has(first[1]):
        return
    if literal(members.trees[-1]) or ctx.is_unknown(first[1]):
        raise Unread(f"no such quantity: {first[1]}")
    look = Look(ctx)
    try:
        known = look(first[1])
    except Unread:
        return
    if isinstance(known, list) or (ctx.appendix and look.is_free(first[1])):
        return
    if first[1] in symbols(members.trees[1]):
        ctx.definitions.pop("vw", None)
        ctx.definitions["vw"] = ("div", ("num", "2"), ("sym", "nin"))
        return
    ctx.definitions[first[1]] = members.trees[1]


def alike(a, b) -> bool:
    if isinstance(a, list) != isinstance(b, list):
        return isinstance(a, list) and len(a) == len(a[0]) == 1 and close(a[0][0], b)
    if not isinstance(a, list):
        return close(a, b)
    if [len(r) for r in a] != [len(r) for r in b]:
        return False
    return all(close(x, y) for p, q in zip(a, b, strict=True) for x, y in zip(p, q, strict=True))


def check_numbers(members: Members, ctx: Context) -> None:
    """Lines with numbers: the operands, then the result."""
    chain, first = members.chain, members.trees[0]
    if chain.condition or (has(first, "blank") and len(members.trees) == 2):
        return
    key = first[1] if first[0] == "sym" else None
    for at, tree in enumerate(members.trees):
        if members.relations[at] in {"<", ">", "\\le", "\\ge"}:
            continue
        if at and literal(tree) is not None:
            check_result(members, at, ctx, key)
        elif at and tree[0] == "mat":
            check_matrix(members, at, ctx)
        elif at and not symbols(tree) and not has(tree, "blank"):
            check_operands(members, at, ctx)
    remember(members, key, ctx)
    if chain.dagger and not any(
        literal(t) or t[0] == "mat" or has(t, "blank") for t in members.trees[1:]
    ):
        ctx.report("dagger-without-number", chain.line, chain.raw)


def remember(members: Members, key: str | None, ctx: Context) -> None:
    """The formula of a quantity, so that the same can be computed after an update."""
    formulas = [t for t in members.trees[1:] if symbols(t) and not has(t, "blank")]
    if key and formulas:
        ctx.formulas[key] = ctx.formulas.get(key, []) + formulas
        parts = re.fullmatch(r"d\((E.*|J.*)\)/d\((.*)\)", key)
        if parts:
            ctx.signals[parts[2]] = parts[1]


def check_operands(members: Members, at: int, ctx: Context) -> None:
    chain, wrong = members.chain, "no formula before it"
    tree = canon(members.trees[at])
    for before in reversed(members.trees[:at]):
        if symbols(before):
            wrong = fits(before, tree, ctx.expected)
            if not wrong or wrong == "matrix":
                return
            alike_built = canon(before)[0] == tree[0] and len(canon(before)) == len(tree)
            if alike_built and not has(before, "cases"):
                ctx.report("numbers-do-not-fit", chain.line, chain.raw, wrong)
                return
    look = Look(ctx)
    truth = value_of(members.trees[0], look)
    value = value_of(members.trees[at], look)
    if not alike(truth, value):
        ctx.report("numbers-do-not-fit", chain.line, chain.raw, wrong)


def check_reason(reason: str, chain: Chain, ctx: Context) -> None:
    """`here z = 0.24`: the number is that of the formula, and the sign is true."""
    for part in re.split(r"(?:\\text\{[^{}]*\}\s*)+", reason):
        if part.strip():
            check_remark(part, chain, ctx)


def check_remark(part: str, chain: Chain, ctx: Context) -> None:
    """One `z = 0.24`."""
    (_, left), (sign, right) = split_top(tokenize(part), RELATIONS)
    notes: list[str] = []
    formula, numbers = parse_tokens(left, notes), parse_tokens(right, notes)
    wrong = fits(formula, numbers, ctx.expected)
    if wrong:
        ctx.report("reason-number", chain.line, part, wrong)
    text = literal(numbers)
    rounded = text and formula[0] == "sym" and not ctx.stepwise
    if rounded and is_exact(value_of(formula, Look(ctx)), text) != (sign == "="):
        ctx.report("reason-sign", chain.line, part)
    for note in notes:
        ctx.report(note, chain.line, part)
