"""The matrices of a network by their names, entry by entry from its quantities."""

from __future__ import annotations

import re

from mpmath import mpf

from model import Model


def matrix(model: Model, key: str):
    """Rows of numbers, or None where the name is no matrix of the exercise."""
    if "shape" not in model.facts:
        return None
    step = re.search(r"(\+|\[\d+\])?$", key)[0]
    plain = key[: len(key) - len(step)] if step else key
    if plain == "bf1":
        return [[mpf(1)]] * model.facts["samples"]
    parts = re.fullmatch(r"(?:d\((\w+)\)/d\()?(bf[XWbZAxza]|Delta|delta)(?:\((\d+)\))?\)?", plain)
    if not parts:
        return None
    if parts[1]:
        return gradient(model, parts[1] + step, parts[2], int(parts[3]), step)
    return plain_matrix(model, parts[2], parts[3], step)


def plain_matrix(model: Model, letter: str, layer: str | None, step: str):
    if letter in {"bfX", "bfx"}:
        return columns(inputs(model), letter)
    names = cells(model, letter, int(layer))
    if letter in {"Delta", "delta"}:
        return [[slope(model, error(model, s, step), n + step) for s, n in row] for row in names]
    return columns([[value(model, n + step) for _, n in row] for row in names], letter)


def columns(rows: list, letter: str) -> list:
    """A small letter is the column of one sample."""
    return [row[:1] for row in rows] if letter in {"bfx", "bfz", "bfa"} else rows


def inputs(model: Model) -> list:
    count, width = model.facts["samples"], 0
    end = ",s1" if count > 1 else ""
    while f"x{width + 1}{end}" in model.nodes:
        width += 1
    return [
        [model.nodes[f"x{i}" + (f",s{s}" if count > 1 else "")].value for s in range(1, count + 1)]
        for i in range(1, width + 1)
    ]


def cells(model: Model, letter: str, layer: int) -> list:
    """Rows of (sample, name) for a matrix of a layer."""
    shape, names, count = model.facts["shape"], model.facts["names"], model.facts["samples"]
    entry = shape[layer - 1]
    if letter == "bfW":
        return [[(1, n) for n in row] for row in entry["weights"]]
    if letter == "bfb":
        return [[(1, n)] for n in entry["biases"]]
    before = sum(e["units"] for e in shape[: layer - 1])
    sign = "a" if letter in {"bfA", "bfa"} else "z"
    return [
        [
            (s, names.unit(sign, layer, j, before + j) + (f",s{s}" if count > 1 else ""))
            for s in range(1, count + 1)
        ]
        for j in range(1, entry["units"] + 1)
    ]


def error(model: Model, s: int, step: str) -> str:
    return (f"Es{s}" if model.facts["samples"] > 1 else "Etotal") + step


def value(model: Model, name: str) -> mpf:
    return model.lookup(name).value


def slope(model: Model, top: str, below: str) -> mpf:
    return model.lookup(f"d({top})/d({below})").value


def gradient(model: Model, top: str, letter: str, layer: int, step: str):
    names = cells(model, letter, layer)
    if letter in {"bfW", "bfb"}:
        return [[slope(model, top, n + step) for _, n in row] for row in names]
    return [[slope(model, error(model, s, step), n + step) for s, n in row] for row in names]


def slopes_of(model: Model, layer: int, step: str):
    """The slope of each activation by its own pre-activation."""
    above, below = cells(model, "bfA", layer), cells(model, "bfZ", layer)
    return [
        [slope(model, a + step, z + step) for (_, a), (_, z) in zip(p, q, strict=True)]
        for p, q in zip(above, below, strict=True)
    ]
