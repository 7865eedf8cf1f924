"""What every layer type says of itself: one row of the table, in one file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from math import prod
from typing import Any

import msgspec

from derive.algebra import vectors
from derive.algebra.expressions import Call, Expr, Name, Num, substitute
from derive.algebra.literals import Typed
from derive.algebra.rules import row_text
from derive.errors import SpecError, excerpt, nearest
from derive.graph import Quantity
from derive.layers.shapes import SEQUENCE, VECTOR, At, Shape
from derive.naming import Naming, Numbering, Place, Role
from derive.ops import ACTIVATIONS, KEYS, Activation

Row = tuple[Typed, ...]
OWN = Activation("", None)
"""What an activation of the author's own has: no further key, and nothing of other units."""
PARAMETER = "x"
"""What the text of such an activation calls the pre-activation."""
INPUT = "input"
"""What a layer takes that takes the input of the network."""


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


class Sign(msgspec.Struct, frozen=True):
    """How the quantities of a letter print: a symbol as safe TeX, what begins its index.

    Of several numbers the first is raised, as a layer's or map's is, unless there are
    only so many as stand `below`.
    """

    symbol: str
    prefix: str = ""
    below: int = 1


class Stored(msgspec.Struct, frozen=True):
    """A tensor of parameters as PyTorch keeps it: its attribute, and its numbers in their order.

    `names` are the ids of the numbers; a tensor that PyTorch needs and a spec has not has
    none, and is held at 0.
    """

    attribute: str
    shape: tuple[int, ...]
    typed: tuple[str, ...]
    names: tuple[str, ...] = ()


Own = dict[str, tuple[Tensor, tuple[str, ...]]]
"""The parameters of a layer by letter: the tensor and its ids."""
CONTAINER = "nn.Module()"
"""What keeps the parameters of a layer that is written out in tensors."""


class TorchText(msgspec.Struct, frozen=True):
    """A layer in PyTorch's words: a module, its parameters, the lines that run it.

    In the lines `{m}` is the module, `{x0}`, `{x1}` what it takes and `{y}` what it gives,
    before the activation of the layer unless the module has it `inside`. Tensors are
    N x maps x places, of sequences N x steps x units.
    """

    run: tuple[str, ...]
    create: str = ""
    stored: tuple[Stored, ...] = ()
    inside: bool = False


class Module(msgspec.Struct, frozen=True):
    """What PyTorch runs before the activation of a layer: a call, and a class it needs."""

    call: str
    definition: str = ""


def refuse(module: Any, **usual: object) -> None:  # noqa: ANN401  a module of PyTorch
    """Raise SpecError where a setting of a module is not the one that our layer has."""
    for key, wanted in usual.items():
        given = getattr(module, key, wanted)
        if given != wanted:
            raise SpecError("", f"{key}={given!r} has no counterpart; expected {wanted!r}")


def store(own: Own, attribute: str, *letters: str) -> Stored:
    """The parameters of some letters as one tensor, one under the other."""
    parts = [own[letter] for letter in letters]
    first, *behind = parts[0][0].shape
    return Stored(
        attribute,
        (first * len(parts), *behind),
        tuple(typed for tensor, _ in parts for typed in tensor.typed),
        tuple(name for _, ids in parts for name in ids),
    )


def choose_outputs(site: Site, made: Sequence[Quantity]) -> tuple[str, ...]:
    """The activations that a layer has made, in the order of its shape."""
    order = {}
    for q in made:
        if q.role == "activation":
            time = q.place.time or 0
            at = (time,) if site.shape.kind == SEQUENCE else q.place.index[1:]
            order[site.shape.find(q.place.index[0], at)] = q.id
    return tuple(order[position] for position in range(site.shape.count))


def need_nothing(*_: object) -> tuple[()]:
    """A layer has none of these."""
    return ()


def number_nothing(*_: object) -> dict[str, Numbering]:
    """A layer has no letters with a numbering of their own."""
    return {}


def count_nothing(*_: object) -> int:
    """A layer uses nothing but its weights."""
    return 0


def count_once(layer: Layer, shapes: tuple[Shape, ...], shape: Shape) -> int:
    """A layer uses each number that it takes once."""
    del layer, shape
    return sum(taken.count for taken in shapes)


def is_never(_: object) -> bool:
    """A layer never does this."""
    return False


class LayerType(msgspec.Struct, frozen=True):
    """One row of the table of layer types.

    `model` are its keys in a spec. `check` takes a layer, its place in the spec
    and the shapes that it receives; it gives the shape of its own outputs, or
    raises SpecError. `tensors` are its parameters, `formulas` its quantities for one
    sample; `plain` is the forward pass on numbers once more, for the independent check
    (`layers/plain.py`). What PyTorch runs is `module`, given the units it receives, of
    layers of units, and `torch` of all others.
    A model of PyTorch is read by `torch_class`, the name of its module, and
    `torch_keys`, the module's attribute for each key of ours: `{"weights": "weight"}`;
    or by a function for each module in `torch_read`, which gives the keys of our layers
    with tensors as they are, and raises SpecError for what these cannot say.
    `matrices` are the keys whose rows are units and whose columns are what these receive.

    What only some types have: `letters` are numbered in a way of their own, by layer,
    shapes received and shape given; `given` are further numbers; `outputs` says which ids
    the layer hands on, `copied` whether an output has to be copied to be called `o`;
    `together` makes the quantities of all samples at once, where `coupled` says that these
    depend on each other; `plain_together` is the plain pass of these. `read` makes plain
    data of the author's regular, `kind` is what the input is where the layer is the first,
    `sources` how many outputs it takes.
    `by_units` says that the layer is units without places, each with z and activation;
    `signs` are how its own letters print, and `uses` is how often it uses other numbers
    than its weights.
    """

    name: str
    model: type[Layer]
    check: Callable[[Any, str, tuple[Shape, ...]], Shape]
    tensors: Callable[[Any], tuple[Tensor, ...]]
    formulas: Callable[[Any, Site], Iterable[Quantity]]
    module: Callable[[Any, int], Module] | None
    plain: Callable[..., Any]
    torch_class: str = ""
    torch_keys: dict[str, str] = msgspec.field(default_factory=dict)
    matrices: tuple[str, ...] = ()
    letters: Callable[[Any, tuple[Shape, ...], Shape], dict[str, Numbering]] = number_nothing
    given: Callable[[Any, tuple[Shape, ...], Shape], Iterable[Given]] = need_nothing
    outputs: Callable[[Site, Sequence[Quantity]], tuple[str, ...]] = choose_outputs
    copied: Callable[[Any], bool] = is_never
    together: Callable[[Any, tuple[Site, ...]], list[list[Quantity]]] | None = None
    coupled: Callable[[Any], bool] = is_never
    plain_together: Callable[..., list[Any]] | None = None
    read: Callable[[dict[str, Any], str], dict[str, Any]] | None = None
    kind: str = VECTOR
    sources: tuple[int, int] = (1, 1)
    by_units: bool = False
    torch: Callable[[Any, Own, tuple[Shape, ...], Shape], TorchText] | None = None
    torch_read: dict[str, Callable[[Any], list[dict[str, Any]]]] = msgspec.field(
        default_factory=dict
    )
    signs: dict[str, Sign] = msgspec.field(default_factory=dict)
    uses: Callable[[Any, tuple[Shape, ...], Shape], int] = count_nothing

    def work(self, layer: Layer, shapes: tuple[Shape, ...], shape: Shape) -> int:
        """About how many local derivatives a sample has: one for each use of a number."""
        weights = sum(len(tensor.typed) for tensor in self.tensors(layer) if tensor.is_weight)
        places = prod(shapes[0].size if shapes[0].kind == SEQUENCE else shape.size)
        return weights * places + self.uses(layer, shapes, shape)


def check_activation(layer: Layer, place: str, units: int) -> None:
    """Raise SpecError for an activation that is unknown or does not fit the layer."""
    activation = OWN if layer.formula is not None else ACTIVATIONS.get(layer.activation)
    if activation is None:
        hint = nearest(layer.activation, ACTIVATIONS)
        raise SpecError(
            f"{place}.activation", f"unknown activation {excerpt(layer.activation)}{hint}"
        )
    for key in KEYS:
        if getattr(layer, key) is not None and activation.key != key:
            takers = ", ".join(name for name, row in ACTIVATIONS.items() if row.key == key)
            raise SpecError(
                f"{place}.{key}", f"{layer.activation} has no {key}; these have: {takers}"
            )
    if activation.vector and units == 1:
        raise SpecError(
            f"{place}.activation",
            f"{layer.activation} of one unit is constant; give two units or more, or take sigmoid",
        )


def list_activations(
    layer: Layer, site: Site, zs: Sequence[str], at: At = ()
) -> Iterator[Quantity]:
    """The activation of each unit at a place; of a softmax each uses every z, its own first."""
    vector = "" if layer.formula is not None else ACTIVATIONS[layer.activation].vector
    total = vectors.sum_exponentials(zs) if vector else None
    for unit, z in enumerate(zs, 1):
        if total is None:
            yield site.quantity("a", unit, activate(layer, Name(z)), (z,), at=at)
        else:
            uses = (z, *(other for other in zs if other != z))
            formula = vectors.write_output(vector, z, total)
            yield site.quantity("a", unit, formula, uses, vector, at=at)


def activate(layer: Layer, z: Name) -> Expr:
    """The activation of one unit as a formula: a copy of z for the identity."""
    if layer.formula is not None:
        return substitute(row_text(layer.formula), {PARAMETER: z})
    row = ACTIVATIONS[layer.activation]
    if row.function is None:
        return z
    if not row.key:
        return Call(row.function, (z,))
    return Call(row.function, (z, Num(getattr(layer, row.key) or row.default)))


def has_activation(layer: Layer) -> bool:
    """Whether an activation stands behind what a layer without weights computes."""
    return layer.formula is not None or layer.activation != "identity"
