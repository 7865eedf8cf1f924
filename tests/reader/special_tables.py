"""Tables that stand in one kind of sheet only."""

from __future__ import annotations

import re

from mpmath import mpf

from align import fits, literal
from context import Context, Look
from evaluate import value_of
from matrices import matrix, slopes_of
from model import suffix
from page import Chain
from results import gives, judge
from rounding import close, shown
from tex import parse
from tokens import RELATIONS, Unread, split_top, tokenize
from wording import normal

BLANK = "\\underline"


def read_special(line: int, cells: list[str], header: list[str], ctx: Context) -> list[Chain]:
    if re.match(r"\d+ \(|\d+층|\d+ ", cells[0]) and len(cells) == 3:
        return read_layer(line, cells, ctx)
    if header[0] == "$k$":
        return read_presentation(line, cells, header, ctx)
    if len(cells) == 3 and re.match(r"\d+ × \d+", normal(cells[1])):
        return read_shape(line, [cells[0], normal(cells[1])], ctx)
    if len(cells) in {3, 4} and re.search(r"\\ge 0|< 0|> 0|\\le 0", cells[2]):
        return read_condition(line, cells, ctx)
    if len(cells) == 4 and re.fullmatch(r"\$\d+\$", cells[0]):
        return read_separated(line, cells, header, ctx)
    if len(cells) == 6 and re.fullmatch(r"\$\d+\$", cells[0]):
        return read_vanishing(line, cells, ctx)
    if len(cells) == 5 and re.fullmatch(r"\$\d+\$", cells[0]):
        return read_variance(line, cells, ctx)
    if all(c.startswith("$") and not re.search(r"\d\.\d", c) for c in cells):
        for cell in cells:
            parse(cell.strip("$"))
        return []
    raise Unread("table")


def expect(ctx: Context, line: int, raw: str, wanted, cell: str) -> None:
    text = cell.strip("$")
    if BLANK in cell:
        return
    if parse(text)[1] != str(wanted):
        ctx.report("table-number", line, raw, f"{text}, it is {wanted}")


def read_layer(line: int, cells: list[str], ctx: Context) -> list[Chain]:
    number = int(re.match(r"\d+", cells[0])[0])
    ctx.layers_seen += 1
    names = [parse(n)[1] for n in cells[1].strip("$").split(",\\quad")]
    units = ctx.model.facts["shape"][number - 1]["units"]
    several = ctx.model.facts["samples"] > 1
    before = sum(e["units"] for e in ctx.model.facts["shape"][: number - 1])
    own = [ctx.model.facts["names"].unit("a", number, j, before + j) for j in range(1, units + 1)]
    end, nodes = ",s1" if several else "", ctx.model.nodes
    unknown = [
        n for n, o in zip(names, own, strict=False) if nodes.get(n + end) is not nodes[o + end]
    ]
    if number != ctx.layers_seen or len(names) != units or unknown:
        ctx.report("table-layer", line, " | ".join(cells), f"{units} units, {unknown}")
    return []


def read_presentation(line: int, cells: list[str], header: list[str], ctx: Context) -> list[Chain]:
    raw = " | ".join(cells)
    k = int(cells[0].strip("$"))
    s = k % ctx.model.facts["samples"] + 1
    columns = tuple(header)
    if k != ctx.presentations.setdefault(columns, 0):
        ctx.report("table-number", line, raw, f"row {ctx.presentations[columns]} expected")
    ctx.presentations[columns] = k + 1
    expect(ctx, line, raw, s, cells[1])
    for title, cell in zip(header[2:], cells[2:], strict=True):
        if BLANK in cell:
            continue
        name = parse(re.search(r"\$(.*)\$", title)[1])[1]
        new = not title.startswith("$")
        key = f"{name},s{s}" if name[0] in "xt" else name + suffix(k + new)
        found = re.fullmatch(r"\$(?:(=|\\approx) )?(.*)\$", cell)
        text, value = parse(found[2])[1], ctx.model.nodes[key].value
        judge(text, value, found[1] or "=", ctx, line, f"{key}: {raw}")
    return []


def read_shape(line: int, cells: list[str], ctx: Context) -> list[Chain]:
    rows = matrix(ctx.model, parse(cells[0].strip("$"))[1])
    if f"{len(rows)} × {len(rows[0])}" != cells[1]:
        ctx.report("table-shape", line, " | ".join(cells), f"{len(rows)} × {len(rows[0])}")
    return []


def read_condition(line: int, cells: list[str], ctx: Context) -> list[Chain]:
    """What a sample asks for: its own weighted sum, on the side of its target."""
    raw, s = " | ".join(cells), cells[0].strip("$")
    (_, left), (relation, right) = split_top(tokenize(cells[2].strip("$")), RELATIONS)
    look = Look(ctx)
    width = len([n for n in ctx.model.nodes if re.fullmatch(rf"x\d+,s{s}", n)])
    weights = [look(f"W{i}") * ctx.model.nodes[f"x{i},s{s}"].value for i in range(1, width + 1)]
    bias = look("b1") if "b1" in ctx.model.nodes else 0
    if not close(value_of(parse(" ".join(left)), look), sum(weights) + bias) or right != ["0"]:
        ctx.report("table-condition", line, raw)
    target = mpf(cells[1].strip("$"))
    allowed = ctx.model.facts["at_zero"] == target
    signs = {(1, True): "\\ge", (1, False): ">", (0, True): "\\le", (0, False): "<"}
    if relation != signs[int(target == 1), allowed]:
        ctx.report("table-condition", line, raw, relation)
    return []


def read_separated(line: int, cells: list[str], header: list[str], ctx: Context) -> list[Chain]:
    raw, s = " | ".join(cells), int(cells[0].strip("$"))
    end, look = suffix(len(ctx.model.facts["rows"])), Look(ctx)
    width = len([n for n in ctx.model.nodes if re.fullmatch(rf"x\d+,s{s}", n)])
    terms = [("mul", ("sym", f"W{i}{end}"), ("sym", f"x{i},s{s}")) for i in range(1, width + 1)]
    terms += [("sym", "b1" + end)] if "b1" + end in ctx.model.nodes else []
    formula = ("add", *terms) if len(terms) > 1 else terms[0]
    found = []
    if BLANK not in cells[1]:
        k = len(ctx.model.facts["rows"]) - ctx.model.facts["samples"] + s - 1
        found.append(
            read_sum(Chain(line, [], raw=raw, key="z1" + suffix(k)), cells[1], formula, ctx)
        )
    expect(ctx, line, raw, text_of(look.step(value_of(formula, look))), cells[2])
    expect(ctx, line, raw, ctx.model.typed[f"t1,s{s}"], cells[3])
    return found


def read_sum(chain: Chain, cell: str, formula: tuple, ctx: Context) -> Chain:
    """A weighted sum in numbers: each in its place, and the result rounded."""
    line, chain.dagger = chain.line, "\\dagger" in cell
    cell = re.sub(r"\\(enspace|;) ?\{\}\^\{\\dagger\}", "", cell)
    (_, left), (relation, right) = split_top(tokenize(cell.strip("$")), RELATIONS)
    wrong = fits(formula, parse(" ".join(left)), ctx.expected)
    if wrong:
        same = close(value_of(parse(" ".join(left)), Look(ctx)), value_of(formula, Look(ctx)))
        ctx.report("two-texts-one-value" if same else "numbers-do-not-fit", line, cell, wrong)
    text = literal(parse(" ".join(right)))
    judge(text, value_of(formula, Look(ctx)), relation, ctx, line, cell)
    chain.operands = value_of(parse(" ".join(left)), Look(ctx))
    chain.alone = shown(chain.operands, ctx.decimals)
    chain.due = not gives(chain.operands, text, ctx.decimals)
    if chain.due and not chain.dagger:
        ctx.report("footnote-missing", line, cell, chain.alone)
    return chain


def text_of(value: mpf) -> str:
    return str(int(value))


def read_vanishing(line: int, cells: list[str], ctx: Context) -> list[Chain]:
    raw, layer = " | ".join(cells), int(cells[0].strip("$"))
    shape = ctx.model.facts["shape"]
    largest = [
        max(abs(v) for r in slopes_of(ctx.model, n, "") for v in r)
        for n in range(len(shape), layer - 1, -1)
    ]
    product = mpf(1)
    for value in largest:
        product *= value
    wanted = [largest[-1], product, mpf("0.25") ** len(largest), steepest(ctx.model, shape, layer)]
    wanted.append(steepest(ctx.relu_twin(), shape, layer))
    if ctx.stepwise:  # made of rounded numbers, whose rounding is judged where they stand
        near = mpf(10) ** (2 - ctx.decimals)
        texts = [parse(re.sub(r"\$|=|\\approx", "", c))[1] for c in cells[1:]]
        if any(abs(mpf(t) - v) > near for t, v in zip(texts, wanted, strict=True)):
            ctx.report("table-number", line, raw)
        return []
    for value, cell in zip(wanted, cells[1:], strict=True):
        found = re.fullmatch(r"\$(=|\\approx) (.*)\$", cell)
        judge(parse(found[2])[1], value, found[1], ctx, line, raw)
    return []


def steepest(model, shape: list, layer: int) -> mpf:
    names = [w for row in shape[layer - 1]["weights"] for w in row]
    return max(abs(model.lookup(f"d(Etotal)/d({w})").value) for w in names)


def read_variance(line: int, cells: list[str], ctx: Context) -> list[Chain]:
    raw, layer = " | ".join(cells), int(cells[0].strip("$"))
    weights = ctx.model.facts["shape"][layer - 1]["weights"]
    into, units = len(weights[0]), len(weights)
    expect(ctx, line, raw, into, cells[1])
    expect(ctx, line, raw, units, cells[2])
    for value, cell in zip((mpf(2) / (into + units), mpf(2) / into), cells[3:], strict=True):
        found = re.fullmatch(r"\$(=|\\approx) (.*)\$", cell)
        judge(parse(found[2])[1], value, found[1], ctx, line, raw)
    return []
