"""A forward pass number by number: each goes by its id, and one may be moved on its way.

A pass is plain arithmetic that hands every number it names to `note` and goes
on with what it gets back. Run again with one number moved, it gives a
difference without any list of who uses whom: a parameter that is used in five
places is moved in all five. Cases stay as they were recorded, so that at a kink
the difference is that of the form chosen for 0.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from mpmath import mpf

from derive.second.functions import exact, sign
from derive.second.ids import Ids
from derive.spec import Typed

Values = dict[str, mpf]
Given = TypeVar("Given")


@dataclass(frozen=True, slots=True)
class Move:
    """One number held `off` its recorded value, to see what `target` becomes.

    Where the move is `local` every other number keeps its recorded value, so
    that the target's own formula alone tells.
    """

    id: str
    off: mpf
    target: str
    local: bool


@dataclass(slots=True)
class Recorder:
    """The numbers of a pass by their ids, after `count` updates of the parameters.

    `start` holds parameters after these updates and what optimizers keep. A
    pass with a `move` repeats the `recorded` one as far as the move reaches.
    `typed` names typed numbers, `parameters` tells their letters, `places` the
    parts in which a number was noted, `parts` what each took, gave and decided,
    `sides` what is decided in the present one.
    """

    start: Values
    count: int = 0
    move: Move | None = None
    recorded: Values = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)
    parameters: dict[str, str] = field(default_factory=dict)
    places: dict[str, set[Hashable]] = field(default_factory=dict)
    parts: dict[Hashable, tuple[Sequence[Any], Any, list[int]]] = field(default_factory=dict)
    values: Values = field(default_factory=dict)
    sides: list[int] = field(default_factory=list)

    def move_number(self, move: Move) -> Recorder:
        """An empty recorder for the same pass with one number moved."""
        shared = (self.typed, self.parameters, self.places, self.parts)
        return Recorder(self.start, self.count, move, self.values, *shared)

    def note(self, name: str, value: mpf, place: Hashable = None) -> mpf:
        """Keep a number by its id and give the number to go on with: as it is, or moved.

        An error has no place: derivatives of it go along all routes.
        """
        if self.move is None:
            if place is not None:
                self.places.setdefault(name, set()).add(place)
        elif name == self.move.id:
            value = self.recorded[name] + self.move.off
        elif self.move.local and name != self.move.target:
            value = self.recorded[name]
        self.values[name] = value
        return value

    def side(self, value: mpf) -> int:
        """On which side of 0 a number lies, or lay when it was recorded: -1, 0 or 1."""
        if self.move is not None:
            return self.sides.pop()
        self.sides.insert(0, sign(value))
        return self.sides[0]

    def take(self, name: str, typed: Typed, place: Hashable) -> mpf:
        """A number as it was typed, or as updates have left it."""
        if self.move is not None:
            return self.note(name, self.recorded[name], place)
        self.typed.add(name)
        return self.note(name, self.start[name] if name in self.start else exact(typed), place)

    def value(self, name: str) -> mpf:
        """A number of this pass, or of the recorded one where nothing has reached it."""
        tables = (self.values, self.recorded, self.start)
        return next(table[name] for table in tables if name in table)

    def part(self, place: Hashable, taken: Sequence[Any], run: Callable[..., Given]) -> Given:
        """What a part of the pass gives; as recorded where nothing in it or before it moved."""
        gave: Given
        if self.move is None:
            self.sides = []
            gave = run(*taken)
            self.parts[place] = taken, gave, self.sides
            return gave
        before, gave, sides = self.parts[place]
        same = all(one is other for one, other in zip(taken, before, strict=True))
        if not same or place in self.places[self.move.id]:
            self.sides = [*sides]
            gave = run(*taken)
        return gave


@dataclass(frozen=True, slots=True)
class Note:
    """Takes the numbers of a layer by letter and index, and makes ids of them by its place."""

    recorder: Recorder
    ids: Ids
    layer: int
    sample: int

    def __call__(self, letter: str, value: mpf, *index: int, time: int | None = None) -> mpf:
        """Name a number that the layer has computed: `note("z", z, 2)` is z of its unit 2."""
        name = self.ids.spell(letter, self.layer, index, time, self.sample)
        return self.recorder.note(name, value, (self.layer, self.sample))

    def parameter(self, letter: str, typed: Typed, *index: int) -> mpf:
        """A parameter of the layer, the same in every sample and at every place."""
        name = self.ids.spell(letter, self.layer, index)
        if self.recorder.move is None:
            self.recorder.parameters.setdefault(name, letter)
        return self.recorder.take(name, typed, (self.layer, self.sample))

    def row(self, letter: str, typed: Sequence[Typed]) -> list[mpf]:
        """The inputs or targets of the sample."""
        names = (
            self.ids.spell(letter, 0, (i,), None, self.sample) for i in range(1, 1 + len(typed))
        )
        place = (self.layer, self.sample)
        return [self.recorder.take(name, t, place) for name, t in zip(names, typed, strict=True)]
