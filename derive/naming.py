"""Ids: what a person writes on the board, and the suffixes after it.

Sample suffixes stand inside an id (`z1_s2`), the count of updates ends the
whole id (`E_total+`, `h1_s2@2`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from math import prod
from typing import Literal

import msgspec

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
TRACK = re.compile(r"([a-z]+)_([A-Za-z]+\d+(?:_\d+)*)", re.ASCII)


Role = Literal[
    "input",
    "target",
    "upstream",  # the derivative of the error by an output, given in place of a target
    "rate",
    "setting",  # of an optimizer
    "factor",  # of a penalty
    "state",  # what an optimizer keeps beside a parameter, 0 before the first update
    "parameter",
    "constant",
    "value",  # given in a circuit; no update changes it
    "preactivation",
    "activation",
    "unit_error",
    "error",
    "penalty",  # on large weights
    "difference",
    "definition",
]


class Place(msgspec.Struct, frozen=True, gc=False):
    """Where a quantity stands: weight (1, 2) of layer 2, unit (3,) of layer 1 in sample 2.

    Layers, units, samples and times count from 1; 0 means: belongs to none, or
    there is only one. `letter` is that of the board: W, b, z, a, x, t, E.
    """

    role: Role
    letter: str = ""
    layer: int = 0
    index: tuple[int, ...] = ()
    sample: int = 0
    time: int = 0


class Extent(msgspec.Struct, frozen=True):
    """How many names a layer takes: its units, and the shape of each letter of parameters.

    `{"W": (2, 3), "b": (2,)}` are the parameters of two units with three inputs.
    """

    units: int
    shapes: dict[str, tuple[int, ...]] = msgspec.field(default_factory=dict)


UNITS = "zab"
"""Letters that are numbered like the units of all layers."""


class Flat:
    """Numbers that run through all layers: W1 ... W8, z1 ... z4, h1, o1."""

    def __init__(self, layers: Sequence[Extent]) -> None:
        """Count what stands before each layer."""
        self._layers = layers
        self._before: list[Counter[str]] = [Counter()]
        for layer in layers:
            sizes = {letter: prod(shape) for letter, shape in layer.shapes.items()}
            sizes |= dict.fromkeys(UNITS, layer.units)
            self._before.append(self._before[-1] + Counter(sizes))

    def bare(self, place: Place) -> str:
        """The id without sample and time: `z3`, `h1`, `o1`, `W5`, `x1`, `E_o1`."""
        if place.role == "unit_error":
            return f"E_o{place.index[0]}"
        if not place.layer:
            return place.letter + "_".join(map(str, place.index))
        if place.letter == "a" and place.layer == len(self._layers):
            return f"o{place.index[0]}"
        letter = "h" if place.letter == "a" else place.letter
        return f"{letter}{self._before[place.layer - 1][place.letter] + self._number(place)}"

    def _number(self, place: Place) -> int:
        """The number of a unit or parameter within its layer, row by row."""
        shape = self._layers[place.layer - 1].shapes.get(place.letter, ())
        if place.letter in UNITS or not shape:
            return place.index[0] if place.index else 1
        number = 0
        for size, index in zip(shape, place.index, strict=True):
            number = number * size + index - 1
        return number + 1


class Indexed:
    """Layer and unit in the id: W2_1_2 (layer, to, from), z2_1, a2_1."""

    def bare(self, place: Place) -> str:
        """The id without sample and time."""
        if place.role == "unit_error":
            return f"E_{place.index[0]}"
        numbers = (place.layer, *place.index) if place.layer else place.index
        return place.letter + "_".join(map(str, numbers))


class Naming:
    """The ids of an exercise in one notation."""

    def __init__(self, notation: str, layers: Sequence[Extent]) -> None:
        """`notation` is flat, indexed or matrix; the latter names its entries by indices."""
        self._bare = (Flat(layers) if notation == "flat" else Indexed()).bare

    def name(self, place: Place) -> str:
        """The id of a place: `z1_2_t3_s2` has its time before its sample."""
        time = f"_t{place.time}" if place.time else ""
        return self._bare(place) + time + (f"_s{place.sample}" if place.sample else "")


SAMPLE = re.compile(r"_s\d+$", re.ASCII)


def drop_sample(base: str) -> str:
    """The id that all samples share: `x1` of `x1_s2`."""
    return SAMPLE.sub("", base)


def matrix_id(letter: str, layer: int | str = "") -> str:
    """`[W,2]`, `[x]`: all quantities of a letter in one layer; only a page writes it."""
    return f"[{letter},{layer}]" if layer else f"[{letter}]"


DIRECT = "|local"
"""Ends the id of a direct partial where the quantity reaches the same over others too."""


def direct_id(of: str, wrt: str) -> str:
    """`df/dx|local`: of the output's own formula, where x reaches it by other routes too."""
    return derivative_id(of, wrt) + DIRECT


def split_direct(wrt: str) -> tuple[str, bool]:
    """What is differentiated by, and whether the id means the formula's own partial alone."""
    return wrt.removesuffix(DIRECT), wrt.endswith(DIRECT)


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
    """Letter and parameter of such an id in a network, None for any other."""
    match = TRACK.fullmatch(base)
    return (match.group(1), match.group(2)) if match else None


def after_updates(base: str, updates: int) -> str:
    """The id after so many updates: `z1`, `z1+`, `z1@2`."""
    return base + ("" if updates == 0 else "+" if updates == 1 else f"@{updates}")


def split_updates(name: str) -> tuple[str, int]:
    """The id without its suffix, and the number of updates; `@1` and `@0` are read too."""
    if name.endswith("+"):
        return name[:-1], 1
    base, sign, count = name.rpartition("@")
    return (base, int(count)) if sign and COUNT.fullmatch(count) else (name, 0)
