"""Ids: what a person writes on the board, and the suffixes after it.

Sample suffixes stand inside an id (`z1_s2`), the count of updates ends the
whole id (`E_total+`, `h1_s2@2`).
"""

from __future__ import annotations

import re
from itertools import accumulate, pairwise
from typing import Protocol

LEARNING_RATE = "learning_rate"
TOTAL = "E_total"
DATA = "E_data"
"""The error of the data alone, where E_total holds a penalty on the weights too."""
PENALTY = "R"
BATCH, OBJECTIVE = "E_batch", "J"
"""With a number: the error of a mini-batch, and with the penalty what its update goes down on."""
DIFFERENCE = "e1"
"""Target minus output of a perceptron."""
COUNT = re.compile(r"\d{1,6}", re.ASCII)
TRACK = re.compile(r"([a-z]+)_([Wb]\d+(?:_\d+)*)", re.ASCII)


class Naming(Protocol):
    """Ids of a network's quantities; layers, units and inputs count from 1."""

    def preactivation(self, layer: int, unit: int) -> str:
        """Pre-activation of a unit."""

    def activation(self, layer: int, unit: int) -> str:
        """Activation of a unit."""

    def weight(self, layer: int, unit: int, source: int) -> str:
        """Weight into a unit from a source."""

    def bias(self, layer: int, unit: int) -> str:
        """Bias of a unit."""

    def unit_error(self, unit: int) -> str:
        """Error of an output."""


class Flat:
    """Numbers that run through all layers: W1 ... W8, z1 ... z4, h1, o1."""

    def __init__(self, widths: tuple[int, ...]) -> None:
        """`widths` counts the inputs and then the units of each layer."""
        self._units = (0, *accumulate(widths[1:]))
        products = (a * b for a, b in pairwise(widths))
        self._weights = (0, *accumulate(products))
        self._widths = widths

    def _number(self, layer: int, unit: int) -> int:
        return self._units[layer - 1] + unit

    def preactivation(self, layer: int, unit: int) -> str:
        """`z3`."""
        return f"z{self._number(layer, unit)}"

    def activation(self, layer: int, unit: int) -> str:
        """`h1` in a hidden layer, `o1` in the last."""
        if layer == len(self._widths) - 1:
            return f"o{unit}"
        return f"h{self._number(layer, unit)}"

    def weight(self, layer: int, unit: int, source: int) -> str:
        """`W5`: row by row over receiving units, layer after layer."""
        row = (unit - 1) * self._widths[layer - 1]
        return f"W{self._weights[layer - 1] + row + source}"

    def bias(self, layer: int, unit: int) -> str:
        """`b3`, numbered like the unit."""
        return f"b{self._number(layer, unit)}"

    def unit_error(self, unit: int) -> str:
        """`E_o1`."""
        return f"E_o{unit}"


class Indexed:
    """Layer and unit in the id: W2_1_2, z2_1, a2_1."""

    def preactivation(self, layer: int, unit: int) -> str:
        """`z2_1`."""
        return f"z{layer}_{unit}"

    def activation(self, layer: int, unit: int) -> str:
        """`a2_1`."""
        return f"a{layer}_{unit}"

    def weight(self, layer: int, unit: int, source: int) -> str:
        """`W2_1_2`: layer, to, from."""
        return f"W{layer}_{unit}_{source}"

    def bias(self, layer: int, unit: int) -> str:
        """`b2_1`."""
        return f"b{layer}_{unit}"

    def unit_error(self, unit: int) -> str:
        """`E_1`."""
        return f"E_{unit}"


def naming_for(notation: str, widths: tuple[int, ...]) -> Naming:
    """The ids of a notation for a network of these widths."""
    return Flat(widths) if notation == "flat" else Indexed()


def matrix_id(letter: str, layer: int | str = "") -> str:
    """`[W,2]`, `[x]`: all quantities of a letter in one layer; only a page writes it."""
    return f"[{letter},{layer}]" if layer else f"[{letter}]"


def derivative_id(of: str, wrt: str) -> str:
    """`dE_total/dW5`."""
    return f"d{of}/d{wrt}"


def split_derivative(base: str) -> tuple[str, str] | None:
    """`of` and `wrt` of a derivative's id, None for any other id."""
    of, slash, wrt = base.partition("/d")
    return (of[1:], wrt) if slash and of.startswith("d") and wrt else None


def track_id(letter: str, parameter: str) -> str:
    """What an optimizer keeps or finds beside a parameter: `v_W5`, `mhat_W5`."""
    return f"{letter}_{parameter}"


def split_track(base: str) -> tuple[str, str] | None:
    """Letter and parameter of such an id, None for any other."""
    found = TRACK.fullmatch(base)
    return (found.group(1), found.group(2)) if found else None


def after_updates(base: str, updates: int) -> str:
    """The id after so many updates: `z1`, `z1+`, `z1@2`."""
    return base + ("" if updates == 0 else "+" if updates == 1 else f"@{updates}")


def split_updates(name: str) -> tuple[str, int]:
    """The id without its suffix, and the number of updates; `@1` and `@0` are read too."""
    if name.endswith("+"):
        return name[:-1], 1
    base, sign, count = name.rpartition("@")
    return (base, int(count)) if sign and COUNT.fullmatch(count) else (name, 0)
