"""Ids into boxes: the one place that knows how a quantity looks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from derive.layers import LAYERS
from derive.layers.shapes import PLACES
from derive.naming import LEARNING_RATE, split_derivative, split_track, split_updates, split_use
from derive.render.boxes import (
    COMMA,
    NOTHING,
    Box,
    Fenced,
    Fraction,
    Row,
    Symbol,
    Word,
    attach,
    compose,
    split_signs,
)
from derive.render.reading import read
from derive.spec import Network, Spec
from derive.spec.networks import extents
from derive.spec.signs import SETTINGS, choose_symbols
from derive.spec.symbols import GREEK
from derive.spec.tracks import list_tracks
from derive.spec.wiring import input_shape

BEHIND = r"(?:_t(?P<time>\d+))?(?:_s(?P<sample>\d+))?"
ID = re.compile(
    r"(?P<letter>[xtuWbzhoae]|E_o|E)_?(?P<index>\d+(?:_\d+)*|total|data|batch\d+)?" + BEHIND,
    re.ASCII,
)
SIGNS = {letter: sign for row in LAYERS.values() for letter, sign in row.signs.items()}
"""How letters that only some layers have print."""
OWN = re.compile(
    f"(?P<letter>{'|'.join(sorted(SIGNS, key=len, reverse=True))})"
    r"(?P<index>\d+(?:_\d+)*)" + BEHIND,
    re.ASCII,
)
LOCAL = "local"
"""The use that a formula's own partial names."""
HATS = {"mhat": read(r"\hat{m}"), "vhat": read(r"\hat{v}")}
"""Of what an optimizer keeps, those that are corrected."""
ROLE_OF = {
    "x": "input",
    "t": "target",
    "u": "upstream",
    "W": "weight",
    "b": "bias",
    "z": "preactivation",
    "h": "activation",
    "a": "activation",
    "o": "output",
    "e": "difference",
}
MATRIX_ID = re.compile(r"\[(\w+)(?:,([\dl+-]+))?\]", re.ASCII)
SLOPES = {"slopes": "z", "Slopes": "Z"}
"""The slopes of all activations of a layer are written at its pre-activations."""
REMEMBERED = 10_000
"""Ids of one style whose boxes are remembered, and formulas."""
PARTIAL, PRIME = Symbol("partial"), Symbol("prime")


def choose_notation(spec: Spec) -> Notation:
    """How a spec writes its ids, with the lecturer's symbols; one for all specs of a style."""
    symbols = choose_symbols(spec)
    hidden = 0
    if any("@" in symbol for symbol in symbols.values()):
        *before, last = extents(spec)
        family = last.number("z").family
        hidden = sum(layer.count().get(family, 0) for layer in before)
    axes = PLACES[input_shape(spec).kind] if isinstance(spec, Network) else 0
    tracks = list_tracks(spec)
    return _notation(not extents(spec), hidden, tuple(symbols.items()), tracks, axes)


@lru_cache(maxsize=16)
def _notation(*style: Any) -> Notation:  # noqa: ANN401  what Notation is made of
    return Notation(*style)


class Notation:
    """The boxes of every id in one style."""

    def __init__(
        self,
        circuit: bool,  # noqa: FBT001  part of what a style is, not a switch
        hidden: int,
        symbols: tuple[tuple[str, str], ...],
        tracks: tuple[tuple[str, str, str], ...] = (),
        axes: int = 0,
    ) -> None:
        """Nothing is read before it is asked for; `hidden` is the number of hidden units.

        `tracks` are the ids of what an optimizer adds to a circuit, with their letter and
        parameter: (`v_x`, `v`, `x`), and (`momentum`, ``, ``) for a setting; `axes` are
        the numbers that say a place of the input.
        """
        self._axes = axes
        self.circuit = circuit
        self.tracks = {name: (letter, parameter) for name, letter, parameter in tracks}
        self.symbols = dict(symbols)
        self._hidden = hidden
        self.symbol = lru_cache(maxsize=REMEMBERED)(self._symbol)

    def _symbol(self, name: str) -> Box:
        """The boxes of an id: `W5+`, `dE_total/dW5`."""
        base, updates = split_updates(name)
        raised = "" if updates == 0 else "+" if updates == 1 else f"[{updates}]"
        pair = split_derivative(base)
        if pair is None:
            return self.plain(base, raised)
        of, wrt = pair
        (bare, use), suffix = split_use(wrt), name[len(base) :]
        top = self.symbol(of + suffix)
        bottom = self.symbol(bare if self._is_input(bare) else bare + suffix)
        fraction = Fraction(Row((PARTIAL, top)), Row((PARTIAL, bottom)))
        if bare == wrt:
            return fraction
        below = Word("local", "mathrm") if use == LOCAL else _write_use(use)
        return attach(Fenced(fraction, ".", "|", grows=True), below=below)

    def _is_input(self, base: str) -> bool:
        """Whether an id is an input of a network, which no update changes."""
        match = None if self.circuit else ID.fullmatch(base)
        return match is not None and match.group("letter") == "x"

    def plain(self, base: str, raised: str = "") -> Box:
        """The boxes of a quantity that is no derivative."""
        if base == LEARNING_RATE:
            return read(self.symbols["learning_rate"])
        if base.startswith("["):
            return self._matrix(base, raised)
        match = ID.fullmatch(base)
        if self.circuit and base not in self.tracks:
            return circuit_name(base, raised)
        if not self.circuit and match is None:
            match = OWN.fullmatch(base)
        if self.circuit or match is None:
            return self._setting(base, raised)
        letter, index, time, sample = match.group("letter", "index", "time", "sample")
        if not index and letter not in ("E", "E_o"):
            return circuit_name(base, raised)
        raised = (f"⟨{time}⟩" if time else "") + raised
        if letter in ("E", "E_o"):
            return self._error(letter, index or "", sample, raised)
        return self._unit(letter, index or "", sample, raised)

    def _setting(self, base: str, raised: str) -> Box:
        r"""`\mu`, or what stands beside a parameter: `v_{W_5}^{+}`, `\hat{m}_{W_5}`."""
        if base in HATS:
            return HATS[base]
        track = self.tracks[base] if self.circuit else split_track(base)
        if track is None or not track[0]:
            return read(SETTINGS[base]) if base in SETTINGS else circuit_name(base, raised)
        letter, parameter = track
        head = HATS.get(letter) or Symbol(letter)
        return with_scripts(head, self.plain(parameter), raised)

    def _matrix(self, base: str, raised: str) -> Box:
        """All quantities of a letter in one layer, as one bold letter; signals are Greek."""
        match = MATRIX_ID.fullmatch(base)
        assert match is not None
        letter, layer = match.groups()
        if letter in SLOPES:
            inside = self._matrix(base.replace(letter, SLOPES[letter], 1), raised)
            slope = attach(Symbol("f"), above=PRIME)
            return Row((slope, Fenced(inside)))
        symbol = Symbol(letter) if letter in GREEK else Word(letter, "mathbf")
        return with_scripts(symbol, NOTHING, (f"({layer})" if layer else "") + raised)

    def _error(self, letter: str, index: str, sample: str | None, raised: str) -> Box:
        parts: list[Box] = []
        if index in ("total", "data"):
            parts.append(Word(index, "mathrm"))
        elif index.startswith("batch"):
            parts += [Word("batch", "mathrm"), split_signs(index.removeprefix("batch"))]
        elif index:
            unit, *at = index.split("_")
            parts.append(split_signs(("o" if letter == "E_o" else "") + unit))
            parts += [split_signs(join_numbers(at))] if at else []
        if sample:
            parts.append(split_signs(f"s{sample}"))
        return with_scripts(read(self.symbols["error"]), separate(parts), raised)

    def _unit(self, letter: str, index: str, sample: str | None, raised: str) -> Box:
        own = SIGNS.get(letter)
        pattern = own.symbol if own else self.symbols[ROLE_OF[letter]]
        numbers = index.split("_")
        layer = ""
        below = own.below if own else max(self._axes, 1) if letter == "x" else 1
        if len(numbers) > below:
            layer = f"({numbers[0]})"
            numbers = numbers[1:]
        subscript = (own.prefix if own else "") + join_numbers(numbers)
        shown = subscript + (f",s{sample}" if sample else "")
        if "@" in pattern:
            name = self._board_name(letter, index.split("_"), subscript, places=bool(layer))
            pattern, shown = pattern.replace("@", name + shown[len(subscript) :]), ""
        elif "#" in pattern:
            pattern, shown = pattern.replace("#", shown), ""
        return with_scripts(read(pattern), split_signs(shown), layer + raised)

    def _board_name(
        self, letter: str, index: Sequence[str], subscript: str, *, places: bool
    ) -> str:
        """`h1` or `o1` for the unit whose z is meant; the place of one with `places`."""
        if letter != "z":
            return letter + subscript
        if places:
            output = self._axes > 0 and int(index[0]) > self._hidden
            return ("o" if output else "h") + subscript
        number = int(index[0])
        return f"h{number}" if number <= self._hidden else f"o{number - self._hidden}"


def join_numbers(numbers: Sequence[str]) -> str:
    """Indices side by side, with commas where one has two digits."""
    return ("," if any(len(n) > 1 for n in numbers) else "").join(numbers)


def _write_use(use: str) -> Box:
    """The place of one use behind a derivative: `2,1`, `⟨3⟩`."""
    time = re.search(r"(?:^|_)t(\d+)", use)
    sample = re.search(r"(?:^|_)(s\d+)$", use)
    at = re.match(r"\d+(?:_\d+)*", use)
    parts = [join_numbers(at[0].split("_"))] if at else []
    parts += [f"⟨{time[1]}⟩"] if time else []
    parts += [sample[1]] if sample else []
    return separate([split_signs(part) for part in parts])


def with_scripts(symbol: Box, index: Box, raised: str) -> Box:
    """A symbol with a subscript and a superscript, as far as there are some."""
    below, above = None if index is NOTHING else index, split_signs(raised) if raised else None
    return attach(symbol, below, above) if below or above else symbol


def separate(parts: list[Box]) -> Box:
    """An index of several parts with commas between them."""
    return compose(*[box for part in parts for box in (COMMA, part)][1:])


@lru_cache(maxsize=1024)
def circuit_name(base: str, raised: str) -> Box:
    """A user's own name: `q` as it is, `beta` as a Greek letter, `x1` with an index."""
    stem, *rest = base.split("_")
    match = re.fullmatch(r"([A-Za-z]+?)(\d*)", stem)
    if match is None:
        return with_scripts(Word(stem, "mathit"), split_signs(",".join(rest)), raised)
    letters, digits = match.groups()
    plain = letters in GREEK or len(letters) == 1
    head = Symbol(letters) if plain else Word(letters, "mathit")
    tail = [
        split_signs(part) if len(part) == 1 or part.isdigit() else Word(part, "mathrm")
        for part in (digits, *rest)
        if part
    ]
    return with_scripts(head, separate(tail), raised)
