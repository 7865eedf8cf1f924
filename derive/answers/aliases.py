"""Every way to write an id of one exercise.

An exact id costs one look-up. All other spellings go over tables of the
exercise's quantities, made when the first of them is asked for: derivatives
are put together from two quantities, updated ids from one and a count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cached_property

from derive.answers import names
from derive.answers.cleaning import CHARACTERS, clean
from derive.answers.errors import Unreadable
from derive.derivation.derived import Derived
from derive.naming import LEARNING_RATE, TOTAL, USE

RATES = ("alpha", "eta", "lr", "learningrate")
"""Common names of the learning rate, in the order of their worth."""
BRACES = str.maketrans("", "", "{}")
EULER = "e"
"""No capital E that was typed small."""
FEW = 500
"""Up to so many ids a misspelt one is compared with each of them."""
LONGEST = 40
"""Longest text that is split into names, or taken for a misspelt id."""
NUMBERED = re.compile(r"([A-Za-z]+?)(\d+)((?:_\d+)*(?:t\d+)?(?:s\d+)?)", re.ASCII)
"""The key of an id: letters, the first number, what stands behind."""
PLACED = re.compile(r"_[ts]\d", re.ASCII)
ALPHABET = "0123456789_EWbdhotxz"


class Aliases:
    """The ids of one exercise by every way to write them."""

    def __init__(
        self, derivation: Derived, symbols: Mapping[str, str], spell: Callable[[str], str]
    ) -> None:
        """Nothing is listed before a name is looked up.

        `symbols` are the signs of the sheet by role, as TeX; `spell` writes a
        quantity as the sheet does.
        """
        self.derivation = derivation
        self.symbols = symbols
        self._spell = spell
        self.quantities = dict.fromkeys(
            (*derivation.graph.quantities, *derivation.graph.estimates)
        )
        self._seen: dict[str, str | None] = {}
        self._near: dict[str, str | None] = {}

    @cached_property
    def order(self) -> Mapping[str, int]:
        """The position of every id: what is given, then the order of the key."""
        return {step.id: i for i, step in enumerate(self.derivation.steps())}

    def find(self, text: str) -> str | None:
        """The id a text names, and nothing but names; None if there is none."""
        step = self.derivation.step(text)
        if step is not None:
            return step.id
        if len(text) > CHARACTERS:
            return None
        try:
            bare = clean(text).replace("$", "").replace("\\left.", "").strip()
        except Unreadable:
            return None
        name = names.find_name(bare, 0, self)
        return name.id if name is not None and name.end == len(bare) else None

    def find_nearest(self, text: str) -> str | None:
        """The id most like a misspelt one; None if none is near."""
        try:
            text = clean(text) if len(text) <= CHARACTERS else ""
        except Unreadable:
            return None
        if not 0 < len(text) <= 2 * LONGEST:
            return None
        if text not in self._near:
            if len(self._near) > 4 * FEW:
                self._near.clear()
            self._near[text] = self._find_nearest(text)
        return self._near[text]

    def _find_nearest(self, text: str) -> str | None:
        pair = self.derivation.graph.parts(self.derivation.graph.split(text)[0])
        whole = self.find_derivative(TOTAL, pair[1]) if pair and pair[0] == "E" else None
        if whole is not None:
            return whole
        bare = text if pair else names.make_key(text) or text
        if len(self.quantities) <= FEW and len(self.order) <= FEW:
            close = get_close_matches(bare, self.order, n=1, cutoff=0.6)
            return close[0] if close else None
        if pair is not None:
            parts = [self.find_quantity(part) or self._mend(part) for part in pair]
            return self.find_derivative(parts[0], parts[1]) if parts[0] and parts[1] else None
        return self._mend(bare)

    def _mend(self, text: str) -> str | None:
        """A quantity one slip away, for an exercise too large to compare with all."""
        if len(text) > LONGEST:
            return None
        return next((t for t in _slips(text) if t in self.quantities), None)

    def find_quantity(self, text: str) -> str | None:
        """The id, before any update, of a quantity in any spelling."""
        bare = text.translate(BRACES)
        if bare in self.quantities:
            return bare
        if text not in self._seen:
            if len(self._seen) > 4 * FEW:
                self._seen.clear()
            found = self._look_up(names.make_key(text))
            self._seen[text] = None if found and _is_product(text, found) else found
        return self._seen[text]

    def find_updated(self, base: str, updates: int) -> str | None:
        """The id after so many updates, if the exercise has it."""
        if updates == 0 and base in self.derivation.graph.quantities:
            return base
        step = self.derivation.step(self.derivation.graph.after(base, updates))
        return None if step is None else step.id

    def find_derivative(self, of: str, wrt: str) -> str | None:
        """The id of a derivative of two quantities in any spelling."""
        bare = wrt.partition(USE)[0]
        top, low = self.find_quantity(of), self.find_quantity(bare)
        if top is None or low is None:
            return None
        base = self.derivation.graph.derivative(top, low + wrt[len(bare) :])
        return base if self.derivation.plain(base) is not None else None

    def precedes(self, name: str, asked: str) -> bool:
        """Whether a formula for what is asked may use the id."""
        last = self.order.get(asked)
        return last is None or self.order.get(name, -1) < last

    def split(self, text: str) -> tuple[str, ...] | None:
        """Ids whose names, written without a space, make up the text; None unless one way.

        Where they do not, the case of the letters does not count: `w1x1`.
        """
        whole = names.make_key(text)
        if not 1 < len(whole) <= LONGEST:
            return None
        found = _split(whole, self._exact)
        if found is None and EULER not in whole:
            found = _split(whole.lower(), self._folded)
        return found

    def _look_up(self, key: str) -> str | None:
        """The id of a key: as written, else without `_` between digits, else in any case."""
        if not key:
            return None
        if key in self._exact:
            return self._exact[key]
        if key in self._loose:
            return self._loose[key]
        return None if key == EULER else self._folded.get(key.lower())

    @property
    def keys(self) -> Mapping[str, str | None]:
        """The id for each key (`names.make_key`) of a quantity; None where two share it."""
        return self._exact

    @cached_property
    def _exact(self) -> dict[str, str | None]:
        """The id for each key of an id or a symbol of the sheet; None where two share a key."""
        own = _keep_unique((names.make_key(name), name) for name in self.quantities)
        symbols = _keep_unique(
            (names.make_key(self._spell(name)), name) for name in self.quantities
        )
        return _keep_unique(self._list_common(own | symbols)) | symbols | own

    def _list_common(self, taken: Mapping[str, str | None]) -> Iterator[tuple[str, str]]:
        """Names that everybody uses: of the learning rate, and E for the total error."""
        if LEARNING_RATE in self.quantities:
            yield from ((word, LEARNING_RATE) for word in RATES if word not in taken)
        graph = self.derivation.graph
        if graph.blocks and not graph.by_units:
            yield from self._list_alone(taken)
        else:
            yield from ((key, name) for key, name in self._list_posts() if key not in taken)
        if graph.total == TOTAL and len(graph.roots) == 1:
            for word in ("E", "Etot", names.make_key(self.symbols["error"])):
                if word not in taken:
                    yield word, TOTAL

    def _list_posts(self) -> Iterator[tuple[str, str]]:
        """What posts call the numbers of a unit: `net_{h1}`, `out_{h1}`, `target_{o1}`, `E_1`."""
        quantities = self.derivation.graph.quantities.values()
        for quantity in quantities:
            index = quantity.place.index
            if quantity.role == "unit_error" and not quantity.sample and len(index) == 1:
                yield f"E{index[0]}", quantity.id
        targets = {q.place.index: q.id for q in quantities if q.role == "target" and not q.sample}
        last = max((q.place.layer for q in quantities if q.role == "activation"), default=0)
        for quantity in quantities:
            place = quantity.place
            if quantity.role != "preactivation" or quantity.sample or len(place.index) != 1:
                continue
            unit = self.derivation.graph.activation_of(quantity.id)
            if unit:
                yield f"net{unit}", quantity.id
                yield from ((f"{word}{unit}", unit) for word in ("out", "output"))
                if place.layer == last and place.index in targets:
                    yield f"target{unit}", targets[place.index]

    def _list_alone(self, taken: Mapping[str, str | None]) -> Iterator[tuple[str, str]]:
        """Names without the number of a map or unit, where only one has them: `K_{12}`, `mu`."""
        alike: dict[tuple[str, str], set[str]] = {}
        for name in self.quantities:
            for text in (name, self._spell(name)):
                match = NUMBERED.fullmatch(names.make_key(text))
                if match:
                    alike.setdefault((match[1], match[3].removeprefix("_")), set()).add(name)
        for (letters, rest), (name, *others) in alike.items():
            if not others:
                for key in (letters + rest, letters + rest.replace("_", "")):
                    if key not in taken:
                        yield key, name

    @cached_property
    def _loose(self) -> dict[str, str | None]:
        return _keep_unique(
            (key.replace("_", ""), name) for key, name in self._exact.items() if name
        )

    @cached_property
    def _folded(self) -> dict[str, str | None]:
        return _keep_unique((key.lower(), name) for key, name in self._exact.items() if name)


def _is_product(text: str, name: str) -> bool:
    """Whether letters of a step or a sample stand without their underscore: `x1t2`."""
    return bool(PLACED.search(name)) and "_" not in text and "^" not in text


def _keep_unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str | None]:
    """The pairs as a table; a key with two meanings has None."""
    table: dict[str, str | None] = {}
    for key, name in pairs:
        if key:
            table[key] = name if table.get(key, name) == name else None
    return table


def _split(whole: str, table: Mapping[str, str | None]) -> tuple[str, ...] | None:
    """The names of a table that make up a text; None unless one way."""
    ways: list[tuple[str, ...] | None] = [None] * (len(whole) + 1)
    counts = [1] + [0] * len(whole)
    ways[0] = ()
    for end in range(1, len(whole) + 1):
        for start in range(end):
            before = ways[start]
            name = table.get(whole[start:end]) if before is not None else None
            if before is not None and name:
                counts[end] += counts[start]
                ways[end] = (*before, name)
    return ways[-1] if counts[-1] == 1 else None


def _slips(text: str) -> Iterator[str]:
    """Texts one slip away: a character missing, exchanged, swapped or too much."""
    for i in range(len(text)):
        yield text[:i] + text[i + 1 :]
        yield text[:i] + text[i + 1 : i + 2] + text[i] + text[i + 2 :]
        yield from (text[:i] + c + text[i + 1 :] for c in ALPHABET)
    for i in range(len(text) + 1):
        yield from (text[:i] + c + text[i:] for c in ALPHABET)
