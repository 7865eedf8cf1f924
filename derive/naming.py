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
    "inner",  # inside a layer, beside these two: a gate, a cell, a mean, a score
    "initial",  # the state before the first step
    "mask",  # 0 or 1 of a unit
    "unit_error",
    "error",
    "penalty",  # on large weights
    "difference",
    "definition",
]


class Place(msgspec.Struct, frozen=True, gc=False):
    """Where a quantity stands: weight (1, 2) of layer 2, unit (3,) of layer 1 in sample 2.

    Layers, units, samples and times count from 1; 0 means: belongs to none, or
    there is only one. The time 0 is that of an initial state; None is no time.
    `letter` is that of the board: W, b, z, a, x, t, E.
    """

    role: Role
    letter: str = ""
    layer: int = 0
    index: tuple[int, ...] = ()
    sample: int = 0
    time: int | None = None


class Numbering(msgspec.Struct, frozen=True):
    """How the quantities of one letter are numbered through all layers.

    Letters of one `family` share their numbers: `z3`, `h3` and `b3` belong to one unit.
    `shape` are the sizes of the first indices, which together give the number, row by
    row; indices behind them stand in the id as they are. A shape of () is one number a
    layer: `gain2_1` is unit 1 of the second norm. `alone` leaves out a number that is
    the only one of its family.
    """

    family: str
    shape: tuple[int, ...] = ()
    alone: bool = False


UNIT = "unit"
"""The family of all that belongs to a unit."""
UNITS = "zab"
"""Letters of that family that layers of every type have."""


class Extent(msgspec.Struct, frozen=True):
    """How many names a layer takes: its units, and the shape of each letter of parameters.

    `{"W": (2, 3), "b": (2,)}` are the parameters of two units with three inputs, all of
    whose indices give their number. `letters` are numbered in a way of their own.
    """

    units: int
    shapes: dict[str, tuple[int, ...]] = msgspec.field(default_factory=dict)
    letters: dict[str, Numbering] = msgspec.field(default_factory=dict)

    def number(self, letter: str) -> Numbering:
        """How a letter is numbered."""
        own = self.letters.get(letter)
        if own is not None:
            return own
        if letter in UNITS:
            return Numbering(UNIT, (self.units,))
        return Numbering(letter, self.shapes.get(letter, ()))

    def count(self) -> dict[str, int]:
        """How many numbers the layer takes of each family."""
        numberings = map(self.number, (*self.letters, *UNITS, *self.shapes))
        return {numbering.family: prod(numbering.shape) for numbering in numberings}


class Flat:
    """Numbers that run through all layers: W1 ... W8, z1 ... z4, h1, o1."""

    def __init__(self, layers: Sequence[Extent]) -> None:
        """Count what stands before each layer."""
        self._layers = layers
        self._before: list[Counter[str]] = [Counter()]
        for layer in layers:
            self._before.append(self._before[-1] + Counter(layer.count()))

    def bare(self, place: Place) -> str:
        """The id without sample and time: `z3`, `h1_2_3`, `o1`, `W5`, `x1`, `E_o1`."""
        if place.role == "unit_error":
            return "E_o" + join(place.index)
        if not place.layer:
            return place.letter + join(place.index)
        if place.letter == "a" and place.layer == len(self._layers):
            return "o" + join(place.index)
        letter = "h" if place.letter == "a" else place.letter
        return letter + join(self._number(place))

    def _number(self, place: Place) -> tuple[int, ...]:
        """The number of a unit or parameter, and the indices that stand behind it."""
        numbering = self._layers[place.layer - 1].number(place.letter)
        split = len(numbering.shape)
        behind = place.index[split:]
        if numbering.alone and self._before[-1][numbering.family] == 1:
            return behind
        number = 0
        for size, index in zip(numbering.shape, place.index[:split], strict=True):
            number = number * size + index - 1
        return (self._before[place.layer - 1][numbering.family] + number + 1, *behind)


def join(numbers: Sequence[int]) -> str:
    """Numbers of an id: `1_2_3`."""
    return "_".join(map(str, numbers))


class Indexed:
    """Layer and unit in the id: W2_1_2 (layer, to, from), z2_1, a2_1."""

    def bare(self, place: Place) -> str:
        """The id without sample and time."""
        if place.role == "unit_error":
            return "E_" + join(place.index)
        numbers = (place.layer, *place.index) if place.layer else place.index
        return place.letter + join(numbers)


class Naming:
    """The ids of an exercise in one notation."""

    def __init__(self, notation: str, layers: Sequence[Extent]) -> None:
        """`notation` is flat, indexed or matrix; the latter names its entries by indices."""
        self._bare = (Flat(layers) if notation == "flat" else Indexed()).bare

    def name(self, place: Place) -> str:
        """The id of a place: `z1_2_t3_s2` has its time before its sample."""
        time = "" if place.time is None else f"_t{place.time}"
        return self._bare(place) + time + (f"_s{place.sample}" if place.sample else "")


SAMPLE = re.compile(r"_s\d+$", re.ASCII)


def drop_sample(base: str) -> str:
    """The id that all samples share: `x1` of `x1_s2`."""
    return SAMPLE.sub("", base)


def matrix_id(letter: str, layer: int | str = "") -> str:
    """`[W,2]`, `[x]`: all quantities of a letter in one layer; only a page writes it."""
    return f"[{letter},{layer}]" if layer else f"[{letter}]"


USE = "|"
"""Begins, at the end of a derivative's id, the one use of a quantity that is meant."""
DIRECT = "|local"
"""Ends the id of a direct partial where the quantity reaches the same over others too."""


def direct_id(of: str, wrt: str) -> str:
    """`df/dx|local`: of the output's own formula, where x reaches it by other routes too."""
    return derivative_id(of, wrt) + DIRECT


def split_use(wrt: str) -> tuple[str, str]:
    """What is differentiated by, and the use that is meant: `x` and `local`, `U1` and `t2`.

    `local` is that in the formula's own partial; without a use all of them are meant.
    """
    name, _, use = wrt.partition(USE)
    return name, use


def use_id(name: str, use: str) -> str:
    """`U1|t2`: U1 where the quantity at step 2 uses it."""
    return name + USE + use


def name_use(place: Place, *, with_sample: bool) -> str:
    """What tells the use by a quantity at a place: `2_1`, `t3`, `t1_s2`.

    The indices behind its unit, its step, and its sample where samples are coupled.
    """
    parts = [join(place.index[1:])] if place.index[1:] else []
    parts += [] if place.time is None else [f"t{place.time}"]
    parts += [f"s{place.sample}"] if with_sample and place.sample else []
    return "_".join(parts)


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
