"""Embedding: each token is looked up in a table with a row of numbers for every word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import Any

from derive import limits
from derive.algebra.expressions import Mul, Name, Transposed
from derive.errors import SpecError
from derive.graph import Quantity
from derive.layers.base import LayerType, Sign, check_activation, has_activation, list_activations
from derive.layers.compact import GIVES, Letters, Line
from derive.layers.dense import describe_ragged
from derive.layers.modules import Own, TorchText, refuse, store
from derive.layers.plain import Field, Functions, Note, Number, activate_at
from derive.layers.shapes import SEQUENCE, TOKENS, At, Shape
from derive.layers.site import Layer, Row, Site, Tensor
from derive.naming import Numbering


class Embedding(Layer, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`table` has a row for each token; `vocabulary` are the words of the rows."""

    table: tuple[Row, ...]
    vocabulary: tuple[str, ...] | None = None


def check(layer: Embedding, place: str, shapes: tuple[Shape, ...]) -> Shape:
    """A row of the same length for every word."""
    (received,) = shapes
    if received.kind != TOKENS:
        raise SpecError(place, f"embedding takes tokens, got {received}; put it first")
    if len({len(row) for row in layer.table}) != 1 or not layer.table[0]:
        got = describe_ragged(layer.table) if layer.table else "an empty list"
        raise SpecError(f"{place}.table", f"expected rows of the same length, got {got}")
    if len(layer.table) > limits.TABLE_ROWS:
        problem = f"{len(layer.table)} rows; at most {limits.TABLE_ROWS}"
        raise SpecError(f"{place}.table", problem)
    words = layer.vocabulary
    if words is not None and len(words) != len(layer.table):
        problem = f"expected {len(layer.table)} words, one per row of the table, got {len(words)}"
        raise SpecError(f"{place}.vocabulary", problem)
    if words is not None and len(set(words)) != len(words):
        raise SpecError(f"{place}.vocabulary", "a word stands twice")
    units = len(layer.table[0])
    check_activation(layer, place, units)
    return Shape(units, received.size, SEQUENCE)


def tensors(layer: Embedding) -> tuple[Tensor, ...]:
    """The table row by row."""
    shape = (len(layer.table), len(layer.table[0]))
    return (Tensor("emb", shape, tuple(chain.from_iterable(layer.table)), "weight"),)


def letters(layer: Embedding, *_: object) -> dict[str, Numbering]:
    """The row is the number, the component stands behind it."""
    return {"emb": Numbering("emb", (len(layer.table),))}


def write_compact(layer: Embedding, letters: Letters) -> Iterator[Line]:
    """A row for each step with a 1 at its token gathers what the steps hand back."""
    used = Counter(name for made in letters.quantities for name in made.uses)
    first = max((q.id for q in letters.parameters), key=lambda name: used[name])
    if not has_activation(layer):
        gathered = Mul((Transposed(Name("[T]")), letters.back(GIVES)))
        yield Line(letters.back(Name("[Emb]")), gathered, ("tokens",), first)


def formulas(layer: Embedding, site: Site) -> Iterator[Quantity]:
    """Copies of the row of each token."""
    (taken,) = site.taken
    width = len(layer.table[0])
    letter = "z" if has_activation(layer) else "a"
    for time, token in enumerate(taken.tokens, 1):
        row = site.own["emb"][(token - 1) * width : token * width]
        made = [
            site.quantity(letter, unit, Name(cell), (cell,), at=(time,))
            for unit, cell in enumerate(row, 1)
        ]
        yield from made
        if has_activation(layer):
            yield from list_activations(layer, site, [q.id for q in made], (time,))


def write_torch(layer: Embedding, own: Own, shapes: tuple[Shape, ...], shape: Shape) -> TorchText:
    """`nn.Embedding`, whose tokens count from 0."""
    del shapes, shape
    create = f"nn.Embedding({len(layer.table)}, {len(layer.table[0])})"
    return TorchText(("{y} = {m}({x0})",), create, (store(own, "weight", "emb"),))


def run_plain(layer: Embedding, received: Field, note: Note, functions: Functions) -> Field:
    """The rows of the tokens, for the independent check."""
    width = len(layer.table[0])
    out: dict[tuple[int, At], Number] = {}
    table = [
        [note.parameter("emb", typed, token, column) for column, typed in enumerate(row, 1)]
        for token, row in enumerate(layer.table, 1)
    ]
    for at in received.shape.list_places():
        row = table[received.at(1, at) - 1]
        if has_activation(layer):
            out |= activate_at(layer, row, note, functions, at)
        else:
            out |= {(u, at): note("h", value, u, at=at) for u, value in enumerate(row, 1)}
    return Field(Shape(width, received.shape.size, SEQUENCE), out)


def read_torch(module: Any) -> list[dict[str, Any]]:  # noqa: ANN401  a module of PyTorch
    """The table of an `nn.Embedding`."""
    refuse(module, padding_idx=None, max_norm=None, scale_grad_by_freq=False)
    return [{"type": "embedding", "table": module.weight}]


EMBEDDING = LayerType(
    "embedding", Embedding, check, tensors, formulas, None, run_plain, letters=letters,
    kind=TOKENS, torch=write_torch, compact=write_compact,
    torch_read={"Embedding": read_torch}, signs={"emb": Sign("\\mathrm{emb}", below=2)},
)  # fmt: skip
