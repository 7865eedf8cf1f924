"""The numbers of a spec that differ from member to member, and what each is drawn from.

They are those of the key's data, in the order in which it is written: names sorted, lists
as they stand. What is a label stays as typed: rows of one 1 and else 0, inputs of nothing
but 0 and 1 or -1, tokens, masks, a perceptron's targets; so do settings of layers and
optimizers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import Any

import msgspec

from derive.algebra.literals import DECIMAL
from derive.errors import SpecError, excerpt, nearest
from derive.graph import Spec
from derive.layers.shapes import TOKENS
from derive.ops import ACTIVATIONS, LOSSES
from derive.spec.choices import Choices, choose_around, make_choices
from derive.spec.conversion import convert
from derive.spec.lowering import build
from derive.spec.model import Circuit, Network, to_plain
from derive.spec.samples import choose_kind
from derive.spec.variants import SECTION

Path = tuple[str | int, ...]
TABLES = {
    "network": ("inputs", "targets", "upstream", "learning_rate", "layers"),
    "circuit": ("values", "update"),
    "perceptron": ("inputs", "weights", "bias", "learning_rate"),
}
"""Where numbers stand that may vary, by kind."""
RATE, VALUES = "learning_rate", "values"
GIVEN = ("inputs", VALUES)
"""Numbers of which no two are equal; nor are two of those that an update moves."""
SAMPLES = ("inputs", "targets")
"""What a sample has, of which a row of one 1 and else 0 is a label."""
LEVELS = {Fraction(0), Fraction(1), Fraction(-1)}
"""Inputs of nothing but these are labels."""
MARK = "0.5{:06}7"
"""Numbers of which each stands at one place."""


class Place(msgspec.Struct, frozen=True):
    """A number of a spec: where it stands, by which key, as typed; whether it is a label."""

    path: Path
    key: str
    typed: str
    label: bool = False


class Varying(msgspec.Struct, frozen=True):
    """A number that is drawn, and from what; no two of one `pool` are equal."""

    path: Path
    choices: Choices
    pool: str


class Variation:
    """Which numbers of a spec are drawn, and the spec with others in their places."""

    def __init__(self, spec: Spec) -> None:
        """Raises SpecError where `[variants]` names what there is not."""
        self.spec = msgspec.structs.replace(spec, variants=None)
        self.plain = to_plain(self.spec)
        self.places = tuple(_list_places(self.spec, self.plain))
        self._given = spec.variants
        self.numbers = tuple(self._list_varying())
        own = {place.path: place.typed for place in self.places}
        self.typed = tuple(own[number.path] for number in self.numbers)
        """The author's numbers in the places of those that vary."""
        self.staying: dict[str, set[Fraction]] = {}
        """By pool the numbers that stay as typed."""
        varying = {number.path for number in self.numbers}
        for place in self.places:
            pool = _find_pool(place)
            if pool and place.path not in varying:
                self.staying.setdefault(pool, set()).add(Fraction(place.typed))

    def find_equal(self, texts: Sequence[str]) -> tuple[str, str] | None:
        """Two ids of one pool that have the same number, although their ranges hold enough."""
        seen: dict[tuple[str, Fraction], Path | None] = {
            (pool, value): None for pool in self._roomy for value in self.staying.get(pool, ())
        }
        for number, text in zip(self.numbers, texts, strict=True):
            key = number.pool, Fraction(text)
            if number.pool in self._roomy and key in seen:
                return self._name(seen[key]), self._name(number.path)
            seen[key] = number.path
        return None

    def _name(self, path: Path | None) -> str:
        """The id of the number at a path; of one that stays, that it does."""
        return next((name for name, paths in self._ids.items() if path in paths), "a kept number")

    @cached_property
    def _roomy(self) -> frozenset[str]:
        """The pools whose numbers can all be different at once."""
        pools = {number.pool for number in self.numbers if number.pool}
        return frozenset(pool for pool in pools if self._has_room(pool))

    def _has_room(self, pool: str) -> bool:
        """Whether each number of a pool can have one of its own.

        One with more choices than there are numbers always finds one in the end.
        """
        staying = self.staying.get(pool, set())
        choices = [number.choices for number in self.numbers if number.pool == pool]
        narrow = [c for c in choices if c.count < len(choices) + len(staying)]
        return can_differ(
            [{Fraction(c.text(at)) for at in range(c.count)} - staying for c in narrow]
        )

    def put(self, texts: Sequence[str]) -> Spec:
        """The spec with a number in the place of each that varies; it is checked like any."""
        return convert(self.put_plain(texts), numbers_as_text=True)

    def put_plain(self, texts: Sequence[str]) -> dict[str, Any]:
        """The same as data, not checked."""
        drawn = {number.path: text for number, text in zip(self.numbers, texts, strict=True)}
        plain: dict[str, Any] = replace_numbers(self.plain, drawn)
        return plain

    def count_sheets(self) -> int:
        """How many different sheets the ranges hold, good or not, at most."""
        return prod(number.choices.count for number in self.numbers)

    def give(self, texts: Sequence[str]) -> dict[str, str]:
        """The given numbers by id, with those that are drawn."""
        drawn = {number.path: text for number, text in zip(self.numbers, texts, strict=True)}
        return {
            name: drawn.get(path, typed) if path else typed
            for name, path, typed in self._given_ids
        }

    @cached_property
    def _given_ids(self) -> tuple[tuple[str, Path | None, str], ...]:
        """Every given id, where its number stands if it may vary, and the number as typed."""
        given = (q for q in build(self.spec).quantities.values() if q.typed)
        return tuple((q.id, self._ids.get(q.id, (None,))[0], q.typed) for q in given)

    def _list_varying(self) -> Iterator[Varying]:
        ranges = self._ranges
        kept = self._kept
        for place in self.places:
            if place.path in kept:
                continue
            choices = ranges.get(place.path) or self._choose(place)
            if choices is not None:
                yield Varying(place.path, choices, _find_pool(place))

    @cached_property
    def _ranges(self) -> dict[Path, Choices]:
        """The choices that the author names; those of an id go before those of a key."""
        named = self._given.ranges if self._given else {}
        by_name = [(name, self._find(name, f"{SECTION}.{excerpt(name)}")) for name in named]
        ranges: dict[Path, Choices] = {}
        for name, paths in sorted(by_name, key=lambda item: item[0] not in self._keys):
            choices = make_choices(named[name])
            ranges |= dict.fromkeys(paths, choices)
        return ranges

    @cached_property
    def _kept(self) -> set[Path]:
        """Where numbers stay as typed; a range of an id goes before a key that is kept."""
        names = self._given.keep if self._given else ()
        by_name = {name: self._find(name, f"{SECTION}.keep") for name in names}
        own = {
            path
            for name in (self._given.ranges if self._given else ())
            if name not in self._keys
            for path in self._ids[name]
        }
        return {
            path
            for name, paths in by_name.items()
            for path in paths
            if name not in self._keys or path not in own
        }

    @cached_property
    def _keys(self) -> dict[str, tuple[Path, ...]]:
        """Where the numbers of each key stand."""
        keys: dict[str, list[Path]] = {}
        for place in self.places:
            keys.setdefault(place.key, []).append(place.path)
        return {key: tuple(paths) for key, paths in keys.items()}

    @cached_property
    def _ids(self) -> dict[str, tuple[Path, ...]]:
        """Where the number of each id stands: found with numbers that each stand once."""
        free = [place.path for place in self.places if not place.label]
        marks = {MARK.format(i): path for i, path in enumerate(free)}
        plain = replace_numbers(self.plain, {path: mark for mark, path in marks.items()})
        graph = build(convert(plain, numbers_as_text=True))
        given = (q for q in graph.quantities.values() if q.typed in marks)
        return {q.id: (marks[q.typed],) for q in given}

    def _find(self, name: str, place: str) -> tuple[Path, ...]:
        """Where the numbers of a key or an id stand."""
        paths = self._keys.get(name) or self._ids.get(name)
        if paths is None:
            raise SpecError(
                place,
                f"{excerpt(name)} is no key or id of a number that may vary"
                f"{nearest(name, dict.fromkeys((*self._keys, *self._ids)))}",
            )
        return paths

    def _choose(self, place: Place) -> Choices | None:
        """What a number is drawn from for which its author names nothing."""
        if place.label:
            return None
        low, high = self._target_bounds if place.key == "targets" else (None, None)
        return choose_around(place.typed, low, high)

    @cached_property
    def _target_bounds(self) -> tuple[str | None, str | None]:
        """What the outputs stay between, so that a target can be reached."""
        spec = self.spec
        if not isinstance(spec, Network):
            return None, None
        row = ACTIVATIONS.get(spec.layers[-1].activation)
        wanted = LOSSES[spec.loss].targets
        low, high = row.bounds if row else (None, None)
        if wanted is not None:
            return low or wanted.low, high or wanted.high
        return low, high


def can_differ(choices: Sequence[AbstractSet[Fraction]]) -> bool:
    """Whether one can be taken out of each set, and no two be equal: augmenting paths."""
    holder: dict[Fraction, int] = {}

    def place(index: int, tried: set[Fraction]) -> bool:
        for value in sorted(choices[index] - tried):
            tried.add(value)
            if value not in holder or place(holder[value], tried):
                holder[value] = index
                return True
        return False

    return all(place(index, set()) for index in range(len(choices)))


def replace_numbers(value: Any, drawn: dict[Path, str], path: Path = ()) -> Any:  # noqa: ANN401  JSON
    """The same data with other numbers at some places."""
    if isinstance(value, dict):
        return {k: replace_numbers(v, drawn, (*path, k)) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [replace_numbers(v, drawn, (*path, i)) for i, v in enumerate(value)]
    return drawn.get(path, value)


def _list_places(spec: Spec, plain: dict[str, Any]) -> Iterator[Place]:
    for key in sorted(TABLES[spec.kind]):
        if key in plain and not (key == "inputs" and _takes_tokens(spec)):
            labels = _are_labels(spec, key, plain[key])
            for place in _walk(plain[key], (key,), labels=labels):
                yield Place(place.path, _rename(place), place.typed, place.label)


def _walk(value: object, path: Path, *, labels: bool) -> Iterator[Place]:
    """Every number in some data; a scalar of a layer is a setting."""
    if isinstance(value, dict):
        for key in sorted(value):
            if _may_vary(path, key, value[key]):
                yield from _walk(value[key], (*path, key), labels=labels)
    elif isinstance(value, list | tuple):
        labels = labels or (path[0] in SAMPLES and _is_one_hot(value))
        for index, part in enumerate(value):
            yield from _walk(part, (*path, index), labels=labels)
    elif isinstance(value, str) and DECIMAL.fullmatch(value):
        key = next(part for part in reversed(path) if isinstance(part, str))
        yield Place(path, key, value, labels)


def _may_vary(path: Path, key: str, value: object) -> bool:
    """Whether what stands under a key inside a table is numbers that may vary."""
    if path == ("update",):
        return key == RATE
    if path == (VALUES,):
        return True
    return isinstance(value, list | tuple | dict) and key not in ("vocabulary", "from", "mask")


def _rename(place: Place) -> str:
    """The key that an author calls a number by: of gates it is that of the table."""
    if place.path[0] == VALUES:
        return VALUES
    named = [part for part in place.path if isinstance(part, str)]
    return named[1] if named[0] in ("layers", "update") else named[0]


def _find_pool(place: Place) -> str:
    """Numbers of which no two are equal: inputs, and weights."""
    if place.key in GIVEN:
        return place.key
    moves = place.key not in ("targets", "upstream", RATE, "bias")
    return "weights" if moves and not place.key.endswith("biases") else ""


def _takes_tokens(spec: Spec) -> bool:
    return isinstance(spec, Network) and choose_kind(spec.input, spec.layers) == TOKENS


def _are_labels(spec: Spec, key: str, value: object) -> bool:
    """Whether the numbers of a key are labels, all of them."""
    if key == "targets" and isinstance(spec, Network):
        wanted = LOSSES[spec.loss].targets
        return wanted is not None and (wanted.ends or LOSSES[spec.loss].shares)
    numbers = {Fraction(place.typed) for place in _walk(value, (key,), labels=False)}
    return key == "inputs" and not isinstance(spec, Circuit) and numbers <= LEVELS


def _is_one_hot(row: Sequence[Any]) -> bool:
    """Whether a row is 1 at one place, else 0."""
    if len(row) < 2 or not all(isinstance(v, str) and DECIMAL.fullmatch(v) for v in row):  # noqa: PLR2004
        return False
    return sorted(map(Fraction, row)) == [*[Fraction(0)] * (len(row) - 1), Fraction(1)]


def check_names(spec: Spec) -> Spec:
    """The spec; raises SpecError where its `[variants]` name what there is not."""
    if spec.variants is not None:
        Variation(spec)
    return spec
