"""What every layer type says of itself: one row of the table, in one file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import prod
from typing import Any

import msgspec

from derive.algebra import vectors
from derive.algebra.expressions import Call, Expr, Name, Num, substitute
from derive.algebra.rules import row_text
from derive.errors import SpecError, excerpt, nearest
from derive.graph import Quantity
from derive.layers.compact import Letters, Line
from derive.layers.modules import Module, Own, TorchText
from derive.layers.shapes import SEQUENCE, VECTOR, At, Shape
from derive.layers.site import Given, Layer, Site, Tensor
from derive.naming import Numbering
from derive.ops import ACTIVATIONS, KEYS, Activation

OWN = Activation("", None)
"""What an activation of the author's own has: no further key, and nothing of other units."""
PARAMETER = "x"
"""What the text of such an activation calls the pre-activation."""
INPUT = "input"
"""What a layer takes that takes the input of the network."""


class Sign(msgspec.Struct, frozen=True):
    """How the quantities of a letter print: a symbol as safe TeX, what begins its index.

    Of several numbers the first is raised, as a layer's or map's is, unless there are
    only so many as stand `below`.
    """

    symbol: str
    prefix: str = ""
    below: int = 1


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


def say_usual(_: object) -> str:
    """The sentences of a layer are those of its type."""
    return ""


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
    `signs` are how its own letters print, `uses` is how often it uses other numbers
    than its weights, `kind` is what a first layer takes of a sample, empty where a spec has
    to say that, and `compact` the way back in lines of matrices. `forward_words` and
    `backward_words` end the keys of its sentences where its keys ask for other ones.
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
    compact: Callable[[Any, Letters], Iterable[Line]] = need_nothing
    forward_words: Callable[[Any], str] = say_usual
    backward_words: Callable[[Any], str] = say_usual

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
