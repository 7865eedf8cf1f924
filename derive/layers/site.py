"""What a layer is made from: its keys, its parameters, what it is given and takes, its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import msgspec

from derive.algebra.expressions import Expr
from derive.algebra.literals import Typed
from derive.graph import Quantity
from derive.layers.shapes import SEQUENCE, At, Shape
from derive.naming import Naming, Place, Role

Row = tuple[Typed, ...]


class Layer(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    rename={"sources": "from"},
):
    """The keys of a spec that a layer of any type may have.

    `formula` is no key: of an activation that `[functions]` names it is the text there.
    `name` is what later layers call the layer's output, `sources` (in a spec `from`) whose
    outputs it takes; without it those of the layer before.
    """

    type: str = "dense"
    activation: str = "identity"
    slope: Typed | None = None
    alpha: Typed | None = None
    formula: str | None = None
    name: str | None = None
    sources: str | tuple[str, ...] | None = None


class Tensor(msgspec.Struct, frozen=True):
    """The parameters of one letter: `W` of shape (2, 3), typed row by row.

    `attribute` is what PyTorch calls them in the module. Penalties count
    `weights`, not biases; `update_biases` holds only biases.
    """

    letter: str
    shape: tuple[int, ...]
    typed: tuple[Typed, ...]
    attribute: str
    is_weight: bool = True

    def indices(self) -> Iterator[tuple[int, ...]]:
        """The index of each number, in the order of `typed`, from 1."""
        return product(*(range(1, size + 1) for size in self.shape))


class Given(msgspec.Struct, frozen=True):
    """A number of a layer that nothing is differentiated by: a mask, an initial state."""

    letter: str
    role: Role
    index: tuple[int, ...]
    typed: Typed
    time: int | None = None
    sample: int = 0


class Taken(msgspec.Struct, frozen=True):
    """The output of an earlier layer for one sample: its ids, and how they are arranged.

    Tokens have no ids: `tokens` are the rows, from 1, that stand for them.
    """

    ids: tuple[str, ...]
    shape: Shape
    tokens: tuple[int, ...] = ()

    def at(self, unit: int, place: At = ()) -> str:
        """The id of a unit at a place."""
        return self.ids[self.shape.find(unit, place)]

    def at_place(self, place: At) -> tuple[str, ...]:
        """The ids of all units of one place."""
        return tuple(self.at(unit, place) for unit in range(1, self.shape.units + 1))


class Site(msgspec.Struct, frozen=True):
    """Where a layer stands when its quantities are made.

    `number` from 1; `taken` is what it takes, `own` are the ids of its parameters by
    letter, `shape` is that of its outputs; `varies` says whether updates change its
    quantities. `sample` is 0 where there is only one.
    """

    number: int
    naming: Naming
    sample: int
    varies: bool
    taken: tuple[Taken, ...]
    own: dict[str, tuple[str, ...]]
    shape: Shape

    @property
    def received(self) -> tuple[str, ...]:
        """The ids of the one output that it takes."""
        return self.taken[0].ids

    def quantity(  # noqa: PLR0913  what a quantity is made of, most of it by name
        self, letter: str, index: int | tuple[int, ...], expr: Expr, uses: Sequence[str],
        vector: str = "", *, at: At = (), time: int | None = None, held: Sequence[str] = (),
    ) -> Quantity:  # fmt: skip
        """A quantity of a unit, or of any index, at a place of the output or at a step.

        `z...` are pre-activations, `a` activations, all other letters stand inside the layer.
        """
        role: Role = "activation" if letter == "a" else "inner"
        role = "preactivation" if letter.startswith("z") else role
        place = self.place(role, letter, index, at, time)
        name, used = self.naming.name(place), tuple(dict.fromkeys(uses))
        return Quantity(name, place, self.varies, expr, "", used, vector, tuple(held))

    def constant(self, letter: str, index: tuple[int, ...], typed: str) -> Quantity:
        """A number that is known beforehand, such as the weight 0 of what is masked."""
        place = self.place("mask", letter, index)
        return Quantity(self.naming.name(place), place, varies=False, typed=typed)

    def place(
        self,
        role: Role,
        letter: str,
        index: int | tuple[int, ...],
        at: At = (),
        time: int | None = None,
    ) -> Place:
        """A place of this layer: a step is a time, any other place a part of the index."""
        numbers = (index,) if isinstance(index, int) else index
        if time is not None:
            return Place(role, letter, self.number, numbers, self.sample, time)
        if self.shape.kind == SEQUENCE and at:
            return Place(role, letter, self.number, numbers, self.sample, at[0])
        return Place(role, letter, self.number, (*numbers, *at), self.sample)

    def unsampled(self, place: Place) -> Place:
        """The same place for all samples."""
        return msgspec.structs.replace(place, sample=0)

    def given(self, letter: str, index: tuple[int, ...], time: int | None = None) -> str:
        """The id of a number that the layer is given, which all samples share."""
        return self.naming.name(Place("constant", letter, self.number, index, 0, time))
