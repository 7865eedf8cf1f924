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

from derive.layers.plain import Field
from derive.layers.shapes import IMAGE, SIGNAL, TOKENS, At, Shape
from derive.second.functions import exact, sign
from derive.second.ids import Ids
from derive.spec import Typed
from derive.spec.samples import list_entries

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
    """Takes the numbers of a layer by letter and index, and makes ids of them by its place.

    `steps` says that a place of the layer's outputs is a step, and no part of the index.
    """

    recorder: Recorder
    ids: Ids
    layer: int
    sample: int
    steps: bool = False
    part: Hashable = None

    @property
    def _part(self) -> Hashable:
        return (self.layer, self.sample) if self.part is None else self.part

    def shared(self) -> Note:
        """The same for numbers that belong to no sample."""
        return Note(self.recorder, self.ids, self.layer, 0, self.steps, self._part)

    def __call__(
        self, letter: str, value: mpf, *index: int, at: At = (), time: int | None = None
    ) -> mpf:
        """Name a number that the layer has computed: `note("z", z, 2)` is z of its unit 2."""
        name = self.spell(letter, index, at, time, self.sample)
        return self.recorder.note(name, value, self._part)

    def parameter(self, letter: str, typed: Typed, *index: int) -> mpf:
        """A parameter of the layer, the same in every sample and at every place."""
        name = self.ids.spell(letter, self.layer, index)
        if self.recorder.move is None:
            self.recorder.parameters.setdefault(name, letter)
        return self.recorder.take(name, typed, self._part)

    def given(
        self, letter: str, typed: Typed, *index: int,
        at: At = (), time: int | None = None, own: bool = False,
    ) -> mpf:  # fmt: skip
        """A typed number that is no parameter; all samples share it, unless it is their own."""
        name = self.spell(letter, index, at, time, self.sample if own else 0)
        return self.recorder.take(name, typed, self._part)

    def hold(self, letter: str, value: mpf, *index: int, time: int | None = None) -> mpf:
        """A number named before as it was recorded, whatever is moved."""
        if self.recorder.move is None:
            return value
        return self.recorder.recorded[self.spell(letter, index, (), time, self.sample)]

    def spell(
        self, letter: str, index: tuple[int, ...], at: At, time: int | None, sample: int
    ) -> str:
        """The id of a number of the layer."""
        if at and self.steps:
            return self.ids.spell(letter, self.layer, index, at[0], sample)
        return self.ids.spell(letter, self.layer, (*index, *at), time, sample)

    def row(self, letter: str, sample: Any, shape: Shape) -> Field:  # noqa: ANN401  nested numbers
        """The inputs or targets of the sample; tokens are no numbers and keep their rows."""
        numbers: dict[tuple[int, At], Any] = {}
        for unit, at, typed in list_entries(sample, shape):
            if shape.kind == TOKENS:
                numbers[unit, at] = typed
                continue
            alone = letter == "x" and shape.units == 1 and shape.kind in (SIGNAL, IMAGE)
            name = self.spell(letter, () if alone else (unit,), at, None, self.sample)
            numbers[unit, at] = self.recorder.take(name, typed, self._part)
        return Field(shape, numbers)
