"""Tables: rows of gradients, of states, of answers, of presentations."""

from __future__ import annotations

import re

from chains import read_chain
from context import Context, Look
from evaluate import value_of
from model import suffix
from page import Block, Chain
from results import judge, judge_row
from samples import is_of_samples, read_samples
from shifting import step_value
from special_tables import read_special
from tex import parse
from tokens import Unread

VALUE = re.compile(r"\$(=|\\approx) (.*?)(?:(?:\\enspace |\\;)\{\}\^\{\\dagger\})?\$")
BLANK = "\\underline"
NUMBERED = re.compile(r"\((\d+)\) (?=\$)")


def read_table(block: Block, ctx: Context) -> list[Chain]:
    """The marked cells of a table as chains, so that footnotes find them."""
    (_, header), rows = block.rows[0], block.rows[1:]
    marked: list[Chain] = []
    for line, cells in rows:
        try:
            marked += read_row(line, cells, header, ctx)
            ctx.numbers += len(re.findall(r"\d+(?:\.\d+)?", " ".join(cells)))
        except (Unread, KeyError, ValueError, TypeError, IndexError, AttributeError) as problem:
            ctx.give_up(line, " | ".join(cells), f"{type(problem).__name__}: {problem}")
    return marked


def read_row(line: int, cells: list[str], header: list[str], ctx: Context) -> list[Chain]:
    raw = " | ".join(cells)
    if is_of_samples(header):
        return read_samples(line, cells, header, read_cell, ctx)
    if "(l)" in raw:
        ctx.assumed += 1
        return []
    if len(cells) == 2 and not VALUE.fullmatch(cells[1]) and re.search(r"\$.* = .*\$", cells[1]):
        return read_given(line, cells, ctx)
    if (
        len(cells) in (4, 5)
        and "$" not in "".join(header)
        and "$" in cells[0]
        and not NUMBERED.match(cells[0])
        and not re.match(r"\$\d", cells[0])
    ):
        return read_gradient(line, cells, ctx)
    if len(cells) in {2, 4, 6} and "$" not in "".join(header) and is_pairs(cells):
        return read_pairs(line, cells, ctx)
    if (
        len(cells) > 1
        and re.match(r"\$[^\d]", cells[0])
        and "$" in header[1]
        and (VALUE.fullmatch(cells[1]) or BLANK in cells[1])
    ):
        return read_named(line, cells, header, ctx)
    return read_special(line, cells, header, ctx)


def read_pairs(line: int, cells: list[str], ctx: Context) -> list[Chain]:
    marked, raw = [], " | ".join(cells)
    for numbered, value in zip(cells[::2], cells[1::2], strict=True):
        name, number = NUMBERED.sub("", numbered), NUMBERED.match(numbered)
        if number:
            wanted = ctx.presentations.get("answers", 1)
            if int(number[1]) != wanted:
                ctx.report("table-number", line, raw, f"({number[1]}), it is ({wanted})")
            ctx.presentations["answers"] = wanted + 1
        if name:
            read_cell(symbol(name), value, ctx, line, raw)
        if "\\dagger" in value:
            marked.append(Chain(line, [], raw=f"{name} = {value}", dagger=True, key=symbol(name)))
    return marked


def is_pairs(cells: list[str]) -> bool:
    names = (NUMBERED.sub("", name) for name in cells[::2])
    pairs = list(zip(names, cells[1::2], strict=True))
    return all(
        (not n and not v) or (re.match(r"\$[^\d]", n) and (VALUE.fullmatch(v) or BLANK in v))
        for n, v in pairs
    )


def symbol(cell: str) -> str:
    tree = parse(cell.strip("$"))
    if tree[0] != "sym":
        raise Unread(f"name expected: {cell}")
    return tree[1]


def read_given(line: int, cells: list[str], ctx: Context) -> list[Chain]:
    raw = " | ".join(cells)
    unit = re.search(r"\$(.*)\$", cells[0])
    for part in cells[1].strip("$").split(",\\quad"):
        name, _, value = part.partition("=")
        key, tree = parse(name)[1], parse(value)
        text = tree[1]
        if key in ctx.given and key in ctx.printed:
            ctx.report("two-quantities-one-symbol", line, raw, key)
        if key == "e":
            ctx.report("two-quantities-one-symbol", line, raw, "e is the base of exp, too")
        ctx.given.add(key)
        if unit and not leads_into(ctx, key, parse(unit[1])[1]):
            ctx.report("wrong-given", line, raw, f"{key} does not lead into this unit")
        node = ctx.model.lookup(key)
        if node is None:
            raise Unread(f"no such given number: {key}")
        wanted = ctx.model.typed.get(key, "")
        if text != wanted and value_of(tree, Look(ctx)) != node.value:
            ctx.report("wrong-given", line, raw, f"{key} is {wanted}, not {text}")
        ctx.printed.setdefault(key, text)
    return []


def leads_into(ctx: Context, parameter: str, unit: str) -> bool:
    """Whether the parameter stands in the pre-activation of the unit."""
    nodes = ctx.model.nodes
    own = ctx.model.derive(nodes.get(unit, nodes.get(f"{unit},s1")), local=True)
    befores = [n for n in set(nodes.values()) if id(n) in own and n.parents]
    return any(id(nodes[parameter]) in ctx.model.derive(n, local=True) for n in befores)


def read_cell(key: str, cell: str, ctx: Context, line: int, raw: str) -> str | None:
    """A value cell against the quantity of this name; its text, or None for a blank."""
    if BLANK in cell or not cell:
        return None
    found = VALUE.fullmatch(cell)
    if not found:
        raise Unread(f"value expected: {cell}")
    text = parse(found[2])[1]
    node = ctx.model.lookup(key)
    if node is None:
        raise Unread(f"no such quantity: {key}")
    if not ctx.stepwise:
        judge(text, node.value, found[1], ctx, line, f"{key}: {cell} in {raw}")
    elif key not in ctx.printed:
        step_value(key, text, found[1], ctx, line, raw)
    ctx.note_printed(key, text, line, raw)
    return text


def read_gradient(line: int, cells: list[str], ctx: Context) -> list[Chain]:
    """Weight, factors, gradient: the columns between are what the gradient is the product of."""
    raw = " | ".join(cells)
    below, columns, last, result = symbol(cells[0]), cells[1:-2], cells[-2], cells[-1]
    if "=" not in last:
        return []
    read_chain(Chain(line, [], raw=last.strip("$")), ctx)
    factor = parse(re.split(r"=|\\approx", last.strip("$"))[0])[1]
    unit = re.fullmatch(r"d\((.*)\)/d\((.*)\)", factor)
    if not unit or unit[2] != below:
        ctx.report("row-names", line, raw, f"{factor} in the row of {below}")
        return []
    top = ctx.signals[unit[1]]
    signal, gradient = f"d({top})/d({unit[1]})", f"d({top})/d({below})"
    chain = ctx.formulas.get(signal, [])
    longer = [("mul", *c[1:], ("sym", factor)) for c in chain if c[0] == "mul"]
    product = ("mul", ("sym", signal), ("sym", factor))
    if len(columns) > 1:
        product = longer[0]
    ctx.formulas[gradient] = [product, *longer]
    names = [tree[1] for tree in product[1:-1]]
    for name, cell in zip(names, columns, strict=True):
        if "\\frac" in cell:
            if symbol(cell) != name:
                ctx.report("row-names", line, raw, f"{cell} is not {name}")
        else:
            read_cell(name, cell, ctx, line, raw)
        if "\\dagger" in cell:
            ctx.report("dagger-copied-into-row", line, raw)
    text = read_cell(gradient, result, ctx, line, raw)
    row = Chain(line, [], raw=f"row of {cells[0]} = {raw}", dagger="dagger" in result)
    row.key = gradient
    if text is not None and all(name in ctx.printed for name in (*names, factor)):
        operands = value_of(product, Look(ctx, printed=True))
        judge_row(row, text, operands, result, ctx)
    return [row] if row.dagger else []


def borrow(key: str, column: str, name: str, ctx: Context) -> None:
    """The formula that the page writes out for the first parameter, for another one."""
    if key in ctx.formulas:
        return
    for other, trees in list(ctx.formulas.items()):
        first = re.fullmatch(re.escape(column) + r"([Wb][^+\[]*)\+", other)
        if first:
            ctx.formulas[key] = [rename(t, first[1], name) for t in trees]
            return


def rename(tree, old: str, new: str):
    if not isinstance(tree, tuple):
        return tree
    if len(tree) == 2 and tree[0] == "sym":
        return ("sym", re.sub(re.escape(old) + r"(?!\d)", new, tree[1]))
    return tuple(rename(t, old, new) for t in tree)


def read_named(line: int, cells: list[str], header: list[str], ctx: Context) -> list[Chain]:
    """A row for a parameter or an output; the header names the columns."""
    raw, name = " | ".join(cells), symbol(cells[0])
    for title, cell in zip(header[1:], cells[1:], strict=True):
        column = symbol(re.search(r"\$.*\$", title)[0]) if "$" in title else ""
        key = column + name + suffix(ctx.update)
        if ctx.model.lookup(key) is None:
            key = f"d({name})/d({column})"
        borrow(column + name + "+", column, name, ctx)
        read_cell(key, cell, ctx, line, raw)
    return []
