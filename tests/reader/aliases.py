"""Symbols of a teacher's own: the same quantities under the names that a page gives them."""

from __future__ import annotations

import re

from model import Model
from tex import key

PLACES = {
    "preactivation": r"z(\d+)",
    "activation": r"h(\d+)",
    "output": r"o(\d+)",
    "input": r"x(\d+)",
    "target": r"t(\d+)",
    "weight": r"W(\d+)",
    "bias": r"b(\d+)",
    "difference": r"e(\d+)",
}


def add_aliases(model: Model, spec: dict) -> None:
    """The flat names of a spec with `[symbols]`; other notations keep their own."""
    symbols = spec.get("symbols", {})
    hidden = sum(1 for n in model.nodes if re.fullmatch(r"h\d+(,s1)?", n))
    for name, node in list(model.nodes.items()):
        alias = renamed(name, symbols, hidden)
        if alias:
            model.nodes[alias] = node
            if name in model.typed:
                model.typed[alias] = model.typed[name]


def renamed(name: str, symbols: dict, hidden: int) -> str:
    if name == "alpha" and "learning_rate" in symbols:
        return key(symbols["learning_rate"])
    if name.startswith("E") and "error" in symbols:
        return key(symbols["error"]) + name[1:]
    for place, pattern in PLACES.items():
        found = re.match(pattern + r"(.*)", name)
        if found and place in symbols:
            return key(fill(symbols[place], int(found[1]), place, hidden)) + found[2]
    return ""


def fill(template: str, number: int, place: str, hidden: int) -> str:
    """`#` is the index, `@` the unit that it belongs to."""
    unit = f"o{number}" if place in {"output", "target"} else f"h{number}"
    if place in {"preactivation", "bias"} and number > hidden:
        unit = f"o{number - hidden}"
    return template.replace("#", str(number)).replace("@", unit)
