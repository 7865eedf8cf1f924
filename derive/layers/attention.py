"""Attention: every query weighs all values by how well it fits their keys.

s_ij = q_i . k_j / sqrt(d), p the softmax of each row, h_i = sum_j p_ij v_j (Vaswani et
al. 2017). Rows of the weight matrices are components, head after head; a matrix that is
left out is the identity. The projection behind the heads is a dense layer of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from derive import limits
from derive.algebra import vectors
from derive.algebra.expressions import ONE, Call, Div, Expr, Mul, Name, Num, add
from derive.algebra.literals import Typed
from derive.errors import SpecError, counted, nearest
from derive.graph import Quantity
from derive.layers.attention_lines import write_compact
from derive.layers.base import LayerType, Sign, check_activation, has_activation, list_activations
from derive.layers.dense import describe_ragged
from derive.layers.modules import CONTAINER, Own, TorchText, refuse, store
from derive.layers.plain import Field, Functions, Note, Number, activate_at
from derive.layers.shapes import SEQUENCE, At, Shape
from derive.layers.site import Layer, Row, Site, Taken, Tensor
from derive.naming import Numbering

MASKS = ("none", "causal")
PARTS = {"q": "query", "k": "key", "v": "value"}
"""The three projections by their letter."""


class Attention(Layer, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The projections of queries, keys and values; `mask` has a row of 0 and 1 per query."""

    query_weights: tuple[Row, ...] | None = None
    key_weights: tuple[Row, ...] | None = None
    value_weights: tuple[Row, ...] | None = None
    query_biases: Row | None = None
    key_biases: Row | None = None
    value_biases: Row | None = None
    heads: int = 1
    scale: bool = True
    mask: str | tuple[tuple[int, ...], ...] = "none"


def weights_of(layer: Attention, letter: str) -> tuple[Row, ...] | None:
    """The matrix of a projection, `q`, `k` or `v`."""
    rows: tuple[Row, ...] | None = getattr(layer, f"{PARTS[letter]}_weights")
    return rows


def biases_of(layer: Attention, letter: str) -> Row | None:
    """The biases of a projection."""
    row: Row | None = getattr(layer, f"{PARTS[letter]}_biases")
    return row


def measure(layer: Attention, letter: str, received: Shape) -> int:
    """How many components a projection has over all heads."""
    rows = weights_of(layer, letter)
    return received.units if rows is None else len(rows)


def check(layer: Attention, place: str, shapes: tuple[Shape, ...]) -> Shape:
    """As many components of queries as of keys, shared out evenly among the heads."""
    queries, keys = shapes[0], shapes[-1]
    for shape in shapes:
        if shape.kind != SEQUENCE:
            raise SpecError(place, f"attention takes a sequence (steps x features), got {shape}")
        if shape.size[0] > limits.TOKENS:
            raise SpecError(place, f"{shape.size[0]} tokens; at most {limits.TOKENS}")
    if not 1 <= layer.heads <= limits.HEADS:
        problem = f"expected a whole number from 1 to {limits.HEADS}, got {layer.heads}"
        raise SpecError(f"{place}.heads", problem)
    sizes = {}
    for letter, shape in zip("qkv", (queries, keys, keys), strict=True):
        sizes[letter] = _check_part(layer, letter, shape, place)
    if sizes["q"] != sizes["k"]:
        raise SpecError(
            f"{place}.key_weights",
            f"expected {counted(sizes['q'], 'row')}, as many components as queries have, "
            f"got {sizes['k']}",
        )
    _check_mask(layer, place, queries.size[0], keys.size[0])
    check_activation(layer, place, sizes["v"])
    return Shape(sizes["v"], queries.size, SEQUENCE)


def _check_part(layer: Attention, letter: str, received: Shape, place: str) -> int:
    """The components of a projection; raises SpecError where they do not fit."""
    rows, key = weights_of(layer, letter), f"{place}.{PARTS[letter]}_weights"
    count = measure(layer, letter, received)
    if rows is not None and {len(row) for row in rows} != {received.units}:
        widths = {len(row) for row in rows}
        got = f"{len(rows)} x {widths.pop()}" if len(widths) == 1 else describe_ragged(rows)
        raise SpecError(
            key,
            f"expected {len(rows)} x {received.units}, got {got}; "
            "rows are components, columns are features",
        )
    if count % layer.heads:
        problem = f"{count} components cannot be shared by {counted(layer.heads, 'head')}"
        raise SpecError(key if rows is not None else f"{place}.heads", problem)
    biases = biases_of(layer, letter)
    if biases is not None and (rows is None or len(biases) != count):
        problem = f"expected {counted(count, 'number')}, one per row of the weights"
        if rows is None:
            problem = f"needs {PARTS[letter]}_weights beside it"
        raise SpecError(f"{place}.{PARTS[letter]}_biases", problem)
    return count


def _check_mask(layer: Attention, place: str, queries: int, keys: int) -> None:
    mask, place = layer.mask, f"{place}.mask"
    if isinstance(mask, str):
        if mask not in MASKS:
            raise SpecError(place, f'expected "none", "causal" or a table{nearest(mask, MASKS)}')
        return
    if len(mask) != queries or {len(row) for row in mask} != {keys}:
        shown = f"expected {queries} x {keys}, a row of 0 and 1 for each query"
        raise SpecError(place, shown)
    for number, row in enumerate(mask, 1):
        if set(row) - {0, 1}:
            raise SpecError(place, f"row {number}: expected 0 and 1, 1 where it is allowed")
        if not any(row):
            raise SpecError(place, f"row {number} allows no key; every query needs one")


def list_allowed(layer: Attention, query: int, keys: int) -> list[int]:
    """The keys that a query may look at, both counted from 1."""
    if layer.mask == "causal":
        return list(range(1, min(query, keys) + 1))
    if isinstance(layer.mask, str):
        return list(range(1, keys + 1))
    return [key for key, allowed in enumerate(layer.mask[query - 1], 1) if allowed]


def tensors(layer: Attention) -> Iterator[Tensor]:
    """The weights and biases of queries, keys and values."""
    for letter, part in PARTS.items():
        rows, biases = weights_of(layer, letter), biases_of(layer, letter)
        if rows is not None:
            shape = (len(rows), len(rows[0]))
            flat = tuple(chain.from_iterable(rows))
            yield Tensor(f"W{letter}", shape, flat, f"{part}_weight")
        if biases is not None:
            yield Tensor(f"b{letter}", (len(biases),), biases, f"{part}_bias", is_weight=False)


def letters(layer: Attention, shapes: tuple[Shape, ...], shape: Shape) -> dict[str, Numbering]:
    """Components are numbered through heads and layers, scores have the number of their head."""
    del shape
    sizes = zip("qkv", (shapes[0], shapes[-1], shapes[-1]), strict=True)
    own = {letter: Numbering(letter, (measure(layer, letter, s),)) for letter, s in sizes}
    return own | dict.fromkeys("sp", Numbering("head", (layer.heads,), alone=True))


def formulas(layer: Attention, site: Site) -> Iterator[Quantity]:
    """Queries, keys, values; then scores, their softmax, and the weighted sums."""
    sources = {"q": site.taken[0], "k": site.taken[-1], "v": site.taken[-1]}
    projected: dict[str, dict[tuple[int, int], str]] = {}
    for letter, taken in sources.items():
        made = dict(_project(layer, letter, taken, site))
        yield from (q for q in made.values() if isinstance(q, Quantity))
        projected[letter] = {
            key: q.id if isinstance(q, Quantity) else q for key, q in made.items()
        }
    keys = sources["k"].shape.size[0]
    wide = measure(layer, "q", sources["q"].shape) // layer.heads
    weights: dict[tuple[int, int], list[tuple[int, str]]] = {}
    for head in range(1, layer.heads + 1):
        for query in range(1, sources["q"].shape.size[0] + 1):
            allowed = list_allowed(layer, query, keys)
            components = range((head - 1) * wide + 1, head * wide + 1)
            scores = [
                _score(layer, site, (head, query, key), [
                    (projected["q"][c, query], projected["k"][c, key]) for c in components
                ])
                for key in allowed
            ]  # fmt: skip
            yield from scores
            shares = list(_share_out(site, head, query, allowed, [q.id for q in scores]))
            yield from shares
            yield from (
                site.constant("p", (head, query, key), "0")
                for key in range(1, keys + 1) if key not in allowed
            )  # fmt: skip
            pairs = zip(allowed, shares, strict=True)
            weights[head, query] = [(key, share.id) for key, share in pairs]
    yield from _sum_up(layer, site, weights, projected["v"])


def _project(
    layer: Attention, letter: str, taken: Taken, site: Site
) -> Iterator[tuple[tuple[int, int], Quantity | str]]:
    """Each component at each step: a quantity, or what is received where nothing projects it."""
    rows = weights_of(layer, letter)
    for time in range(1, taken.shape.size[0] + 1):
        received = taken.at_place((time,))
        if rows is None:
            yield from (((c, time), name) for c, name in enumerate(received, 1))
            continue
        width, own = len(received), site.own[f"W{letter}"]
        for component in range(1, len(rows) + 1):
            row = own[(component - 1) * width : component * width]
            terms: list[Expr] = [
                Mul((Name(w), Name(x))) for w, x in zip(row, received, strict=True)
            ]
            uses = [*row, *received]
            if f"b{letter}" in site.own:
                bias = site.own[f"b{letter}"][component - 1]
                terms.append(Name(bias))
                uses.append(bias)
            yield (component, time), site.quantity(letter, component, add(*terms), uses, time=time)


def _score(
    layer: Attention, site: Site, index: tuple[int, int, int], pairs: list[tuple[str, str]]
) -> Quantity:
    """How well a query fits a key."""
    total = add(*(Mul((Name(q), Name(k))) for q, k in pairs))
    if layer.scale and len(pairs) > 1:
        total = Div(total, Call("sqrt", (Num(str(len(pairs))),)))
    return site.quantity("s", index, total, [name for pair in pairs for name in pair])


def _share_out(
    site: Site, head: int, query: int, keys: list[int], scores: list[str]
) -> Iterator[Quantity]:
    """The softmax of a row of scores; a score that is alone has all of it."""
    if len(scores) == 1:
        yield site.quantity("p", (head, query, keys[0]), ONE, ())
        return
    total = vectors.sum_exponentials(scores)
    for key, score in zip(keys, scores, strict=True):
        formula = vectors.write_output("softmax", score, total)
        uses = (score, *(other for other in scores if other != score))
        yield site.quantity("p", (head, query, key), formula, uses, "softmax")


def _sum_up(
    layer: Attention,
    site: Site,
    weights: dict[tuple[int, int], list[tuple[int, str]]],
    values: dict[tuple[int, int], str],
) -> Iterator[Quantity]:
    """Of every query the values, weighted, component by component."""
    letter = "z" if has_activation(layer) else "a"
    wide = site.shape.units // layer.heads
    for (query,) in site.shape.list_places():
        made = []
        for unit in range(1, site.shape.units + 1):
            row = weights[(unit - 1) // wide + 1, query]
            pairs = [(p, values[unit, key]) for key, p in row]
            total = add(*(Mul((Name(p), Name(v))) for p, v in pairs))
            uses = [name for pair in pairs for name in pair]
            made.append(site.quantity(letter, unit, total, uses, at=(query,)))
        yield from made
        if has_activation(layer):
            yield from list_activations(layer, site, [q.id for q in made], (query,))


def write_torch(layer: Attention, own: Own, shapes: tuple[Shape, ...], shape: Shape) -> TorchText:
    """The formulas in tensors: PyTorch's own module always projects behind its heads.

    A mask is true here where a pair is allowed.
    """
    stored, run = [], []
    wide = measure(layer, "q", shapes[0]) // layer.heads
    for letter, source in zip("qkv", ("{x0}", *[f"{{x{len(shapes) - 1}}}"] * 2), strict=True):
        text = source
        if f"W{letter}" in own:
            stored.append(store(own, f"{PARTS[letter]}_weight", f"W{letter}"))
            text += f" @ {{m}}.{PARTS[letter]}_weight.T"
        if f"b{letter}" in own:
            stored.append(store(own, f"{PARTS[letter]}_bias", f"b{letter}"))
            text += f" + {{m}}.{PARTS[letter]}_bias"
        run.append(f"{letter} = ({text}).unflatten(-1, ({layer.heads}, -1)).transpose(1, 2)")
    root = f" / {wide} ** 0.5" if layer.scale and wide > 1 else ""
    run.append(f"scores = q @ k.transpose(2, 3){root}")
    if layer.mask != "none":
        keys = shapes[-1].size[0]
        allowed = [list_allowed(layer, query, keys) for query in range(1, shape.size[0] + 1)]
        table = [[key in row for key in range(1, keys + 1)] for row in allowed]
        run.append(f'scores = scores.masked_fill(~torch.tensor({table}), float("-inf"))')
    run.append("{y} = (scores.softmax(dim=-1) @ v).transpose(1, 2).flatten(2)")
    return TorchText(tuple(run), CONTAINER, tuple(stored))


def run_plain(layer: Attention, *received: Field, note: Note, functions: Functions) -> Field:
    """The weighted values of one sample, for the independent check."""
    queries, keys = received[0], received[-1]
    q, k, v = (
        _project_plain(layer, letter, field, note)
        for letter, field in zip("qkv", (queries, keys, keys), strict=True)
    )
    count = queries.shape.size[0]
    wide, deep = len(q[0]) // layer.heads, len(v[0]) // layer.heads
    out: dict[tuple[int, At], Number] = {}
    for i in range(count):
        sums = []
        for head in range(layer.heads):
            allowed = list_allowed(layer, i + 1, len(k))
            part = slice(head * wide, (head + 1) * wide)
            scores = []
            for j in allowed:
                fit = sum(a * b for a, b in zip(q[i][part], k[j - 1][part], strict=True))
                fit = fit / functions("sqrt", wide) if layer.scale and wide > 1 else fit
                scores.append(note("s", fit, head + 1, i + 1, j))
            shares = functions.share_out(scores)
            named = [
                note("p", share, head + 1, i + 1, j)
                for j, share in zip(allowed, shares, strict=True)
            ]
            for j in set(range(1, len(k) + 1)) - set(allowed):
                note.given("p", Typed("0"), head + 1, i + 1, j, own=True)
            sums += [
                sum(p * v[j - 1][c] for j, p in zip(allowed, named, strict=True))
                for c in range(head * deep, (head + 1) * deep)
            ]
        at = (i + 1,)
        if has_activation(layer):
            out |= activate_at(layer, sums, note, functions, at)
        else:
            out |= {(u, at): note("h", value, u, at=at) for u, value in enumerate(sums, 1)}
    return Field(Shape(layer.heads * deep, (count,), SEQUENCE), out)


def _project_plain(layer: Attention, letter: str, field: Field, note: Note) -> list[Any]:
    """The components of every step."""
    rows, biases = weights_of(layer, letter), biases_of(layer, letter)
    steps = []
    for (time,) in field.shape.list_places():
        received = field.units_at((time,))
        if rows is None:
            steps.append(received)
            continue
        made = []
        for component, row in enumerate(rows, 1):
            pairs = enumerate(zip(row, received, strict=True), 1)
            value = sum(note.parameter(f"W{letter}", w, component, at) * x for at, (w, x) in pairs)
            if biases is not None:
                value += note.parameter(f"b{letter}", biases[component - 1], component)
            made.append(note(letter, value, component, time=time))
        steps.append(made)
    return steps


def count_uses(layer: Attention, shapes: tuple[Shape, ...], shape: Shape) -> int:
    """Products of scores and of sums, and the pairs of each row of the softmax."""
    queries, keys = shapes[0].size[0], shapes[-1].size[0]
    products = queries * keys * (measure(layer, "q", shapes[0]) + shape.units)
    return products + layer.heads * queries * keys**2


def read_torch(module: Any) -> list[dict[str, Any]]:  # noqa: ANN401  a module of PyTorch
    """An `nn.MultiheadAttention` of a sequence with itself, and the projection behind it."""
    refuse(module, bias_k=None, bias_v=None, add_zero_attn=False, dropout=0.0, batch_first=True)
    if module.in_proj_weight is None:
        raise SpecError("", "keys or values of another width have no counterpart")
    plain: dict[str, Any] = {"type": "attention", "heads": module.num_heads}
    for part, weight in zip(PARTS.values(), module.in_proj_weight.chunk(3), strict=True):
        plain[f"{part}_weights"] = weight
    if module.in_proj_bias is not None:
        for part, bias in zip(PARTS.values(), module.in_proj_bias.chunk(3), strict=True):
            plain[f"{part}_biases"] = bias
    behind = {"weights": module.out_proj.weight, "biases": module.out_proj.bias}
    return [plain, {"type": "dense", **behind}]


def say_scale(layer: Attention) -> str:
    """Scores that are not divided have a sentence of their own."""
    return "" if layer.scale else "_unscaled"


ATTENTION = LayerType(
    "attention", Attention, check, lambda layer: tuple(tensors(layer)), formulas, None,
    run_plain, letters=letters, kind=SEQUENCE, sources=(1, 2), uses=count_uses, torch=write_torch,
    compact=write_compact, forward_words=say_scale,
    torch_read={"MultiheadAttention": read_torch},
    signs={letter: Sign(letter) for letter in PARTS}
    | {f"{part}{letter}": Sign(part, letter) for part in "Wb" for letter in PARTS}
    | {letter: Sign(letter, below=2) for letter in "sp"},
)  # fmt: skip
