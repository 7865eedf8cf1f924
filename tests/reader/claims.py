"""What a sentence claims, by its key in the wording; empty where the claim is true."""

from __future__ import annotations

import re

from context import Context
from page import Block
from rounding import close, same_number
from tex import parse


def name(slot: str) -> str:
    tree = parse(slot.strip("$ "))
    if tree[0] != "sym":
        raise ValueError(slot)
    return tree[1]


def number(slot: str) -> str:
    return parse(slot.strip("$ "))[1]


def says(wanted, slot: str) -> str:
    return "" if str(wanted) == slot.strip("$ ") else f"{slot}, it is {wanted}"


def edge(ctx: Context, top: str, below: str) -> bool:
    """Whether the quantity contains the other one in its own formula or further down."""
    nodes = ctx.model.nodes
    return id(nodes[below]) in ctx.model.derive(nodes[top], local=False)


def sizes(ctx: Context, slots: dict, _: list) -> str:
    spec = ctx.model.facts["spec"]
    first = spec["inputs"][0]
    width = len(first) if isinstance(first, list) else len(spec["inputs"])
    wanted = "-".join(str(n) for n in [width, *(e["units"] for e in ctx.model.facts["shape"])])
    return says(wanted, slots["sizes"])


def decimals(rounding: str):
    def claim(ctx: Context, slots: dict, _: list) -> str:
        if ctx.stepwise != (rounding == "stepwise"):
            return "the other rounding"
        return says(ctx.decimals, slots["decimals"])

    return claim


def route(ctx: Context, slots: dict, _: list) -> str:
    w, z, a = (name(slots[k]) for k in ("weight", "z", "a"))
    if not (edge(ctx, a, z) and edge(ctx, z, w)):
        return "no such route"
    if "count" in slots:
        return says(fan_out(ctx, a), slots["count"])
    return ""


def fan_out(ctx: Context, unit: str) -> int:
    """How many pre-activations of the next layer take this unit."""
    model = ctx.model
    later = [n for k, n in model.nodes.items() if re.match(r"z[\d(]", k) and k[-1] not in "+]"]
    return sum(id(model.nodes[unit]) in model.derive(n, local=True) for n in later)


def feeds(ctx: Context, slots: dict, _: list) -> str:
    return says(fan_out(ctx, name(slots["a"])), slots["count"])


def outputs(ctx: Context, slots: dict, _: list) -> str:
    return says(ctx.model.facts["shape"][-1]["units"], slots["count"])


def contains(ctx: Context, slots: dict, following: list[Block]) -> str:
    head = following[0].rows[0][1].partition("&")[0] if following and following[0].rows else ""
    if name(head) != f"d({name(slots['z'])})/d({name(slots['weight'])})":
        return "the line below is on something else"
    return "" if edge(ctx, name(slots["z"]), name(slots["weight"])) else "it does not"


def share(ctx: Context, slots: dict, _: list) -> str:
    nodes, unit, z = ctx.model.nodes, name(slots["unit"]), name(slots["z"])
    own = id(nodes[z]) in ctx.model.derive(nodes[unit], local=True) and nodes[z] is not nodes[unit]
    return "" if own else "not its own"


def stands(ctx: Context, slots: dict, _: list) -> str:
    return "" if parse(slots["function"].strip("$")) == ctx.stands else "another function"


def known(slot: str):
    def claim(ctx: Context, slots: dict, _: list) -> str:
        return "" if ctx.model.lookup(name(slots[slot])) is not None else "no such quantity"

    return claim


def moved(direction: int):
    def claim(ctx: Context, slots: dict, _: list) -> str:
        key = name(slots["quantity"])
        steps = [k for k in ctx.model.nodes if re.fullmatch(re.escape(key) + r"(\+|\[\d+\])", k)]
        first, last = key, steps[-1]
        wrong = shown_as(ctx, first, slots["old"])
        if "new" in slots:
            wrong = wrong or shown_as(ctx, last, slots["new"])
        change = ctx.model.nodes[last].value - ctx.model.nodes[first].value
        if direction and change * direction <= 0 and not ctx.stepwise:
            return f"it moved by {float(change)}"
        if direction == 0 and change and not ctx.stepwise:
            return f"it moved by {float(change)}"
        return wrong

    return claim


def shown_as(ctx: Context, key: str, slot: str) -> str:
    text = number(slot)
    allowed = ctx.expected(key)
    return "" if any(same_number(text, t) for t in allowed) else f"{key} is {allowed}, not {text}"


def needs(mark: str):
    """The sentence introduces what holds this sign."""

    def claim(ctx: Context, slots: dict, following: list[Block]) -> str:
        rows = following[0].rows if following and following[0].kind == "aligned" else []
        return "" if any(mark in row for _, row in rows) else f"no {mark} in what follows"

    return claim


def shapes(ctx: Context, slots: dict, _: list) -> str:
    found = re.fullmatch(r"(.*) = (.*)", slots["shape"])
    if not found:
        raise ValueError(slots["shape"])
    sizes_of = [tuple(map(int, p)) for p in re.findall(r"(\d+)×(\d+)", found[2])]
    left = tuple(map(int, re.findall(r"\d+", found[1])))
    (a, b), (c, d) = sizes_of[0], sizes_of[1]
    return "" if b == c and left == (a, d) else "shapes do not fit"


def layers(ctx: Context, slots: dict, _: list) -> str:
    return says(len(ctx.model.facts["shape"]), slots["count"])


def batches(ctx: Context, slots: dict, _: list) -> str:
    spec, count = ctx.model.facts["spec"], ctx.model.facts["samples"]
    size = int(str(spec["batch_size"]))
    return says(size, slots["count"]) or says(-(-count // size), slots["number"])


def mistakes(ctx: Context, slots: dict, _: list) -> str:
    ctx.epoch_mistakes.append(slots["count"])
    rows = ctx.model.facts["samples"]
    epoch = len(ctx.epoch_mistakes) - 1
    ends = [
        ("" if k == 0 else "+" if k == 1 else f"[{k}]")
        for k in range(epoch * rows, (epoch + 1) * rows)
    ]
    count = sum(ctx.model.nodes["e1" + e].value != 0 for e in ends if "e1" + e in ctx.model.nodes)
    return says(count, slots["count"])


def clean(ctx: Context, slots: dict, _: list) -> str:
    rows, samples = ctx.model.facts["rows"], ctx.model.facts["samples"]
    return says(len(rows) // samples, slots["number"])


def starts(ctx: Context, slots: dict, _: list) -> str:
    """Of the errors of the outputs only one contains the sum, and both derivatives are equal."""
    part, z = name(slots["part"]), name(slots["z"])
    alike = re.compile(r"^(E(?:o|\(\d+\))?)\d+(.*)$")
    kind = alike.sub(r"\2", part)
    others = [n for n in ctx.model.nodes if alike.match(n) and alike.sub(r"\2", n) == kind]
    if [n for n in others if n[:2] == part[:2] and n != part and edge(ctx, n, z)]:
        return "another error contains it"
    left, right = (parse(s) for s in slots["equation"].strip("$ ").split("="))
    values = [ctx.model.lookup(tree[1]).value for tree in (left, right)]
    return "" if close(*values) else "the two are not equal"


CLAIMS = {
    "route_starts": starts,
    "output_name": stands,
    "network": sizes,
    "exact": decimals("exact"),
    "stepwise": decimals("stepwise"),
    "chain_output": route,
    "chain_route": route,
    "chain_routes": route,
    "routes": feeds,
    "chain_coupled": outputs,
    "chain_coupled_alone": outputs,
    "signal_coupled": outputs,
    "signal_coupled_alone": outputs,
    "third_factor": contains,
    "last_factor": contains,
    "signal": share,
    "next_unit": known("unit"),
    "result_lower": moved(-1),
    "result_higher": moved(1),
    "result_equal": moved(0),
    "result_unseen": moved(None),
    "signal_of_outputs": needs("\\odot"),
    "sum_of_routes": needs("+"),
    "circuit_routes": needs("+"),
    "shape_of": shapes,
    "outer_product": shapes,
    "vanishing": layers,
    "batches": batches,
    "mistakes": mistakes,
    "clean": clean,
}
