"""What depth does: layers without a bend collapse, slopes of sigmoids wear a gradient down.

Domain of the course, unit 20. Each part stands on the sheet of a network that shows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from msgspec.structs import replace

from derive.algebra.expressions import Add, Call, Div, Expr, Matrix, Mul, Name, Num, Pow
from derive.derivation.derivation import Derivation
from derive.graph import Block as Layer
from derive.graph import Graph
from derive.numbers import Numbers, Shown, balls, rounding
from derive.numbers.balls import Value
from derive.ops import ACTIVATIONS
from derive.pages.document import Block, Cell, Grid, Lines, Part, Row, Words, cell
from derive.pages.writing import write_number

if TYPE_CHECKING:
    from derive.pages.network import NetworkSheet
    from derive.pages.units import Unit

DEEP = 3
"""Layers from which a sheet speaks of vanishing gradients."""
MOST_WEIGHTS = 200
"""Weights up to which the same network is computed with ReLU, too."""
MOST_ENTRIES = 24
"""Numbers of a collapsed layer that are written out."""
QUARTER = Div(Num("1"), Num("4"))


def collapse_layers(sheet: NetworkSheet) -> Iterator[Block]:
    """The first two layers with nothing but a sum between them, written as one."""
    pairs = enumerate(pairwise(sheet.first_layers), 1)
    at = next((n for n, (one, two) in pairs if _is_joined(sheet.graph, one, two)), None)
    if at is None:
        return
    matrix = sheet.graph.matrix
    below: Expr = Name(matrix("x")) if at == 1 else Name(matrix("a", at - 1))
    inner: Expr = Mul((Name(matrix("W", at)), below))
    weights, biases = Name(matrix("W", at + 1)), Name(matrix("b", at))
    yield sheet.heading("collapse")
    yield sheet.say("collapse", layer=str(at), next=str(at + 1))
    if _list_biases(sheet, at):
        inner = Add((inner, biases))
    outer: Expr = Mul((weights, inner))
    joined: Expr = Mul((weights, Name(matrix("W", at)), below))
    rest: list[Expr] = []
    if _list_biases(sheet, at):
        rest.append(Mul((weights, biases)))
    if _list_biases(sheet, at + 1):
        rest.append(Name(matrix("b", at + 1)))
        outer = Add((outer, rest[-1]))
    whole = Add((joined, *rest)) if rest else joined
    left = Name(matrix("z", at + 1))
    yield Lines((Row(left, (Part("=", outer),)), Row(None, (Part("=", whole),))))
    yield from _write_joined(sheet, at, rest)
    yield sheet.say("collapsed")


def _write_joined(sheet: NetworkSheet, at: int, rest: list[Expr]) -> Iterator[Block]:
    """The weights and biases of the one layer, exact as long as their decimals are printed."""
    first, second = (
        _list_rows(sheet.graph, layer) for layer in sheet.first_layers[at - 1 : at + 1]
    )
    if len(second) * len(first[0]) > MOST_ENTRIES:
        return
    columns = list(zip(*first, strict=True))
    entries = [[_multiply_out(row, column) for column in columns] for row in second]
    yield sheet.say("collapsed_numbers")
    product = Mul((Name(sheet.graph.matrix("W", at + 1)), Name(sheet.graph.matrix("W", at))))
    rows = [_write_matrix(sheet, product, entries)]
    if rest:
        below, above = (_list_biases(sheet, layer) for layer in (at, at + 1))
        shifts = [
            [_multiply_out(row, below or ["0"] * len(row)) + balls.exact(own)]
            for row, own in zip(second, above or ["0"] * len(second), strict=True)
        ]
        rows.append(_write_matrix(sheet, Add(tuple(rest)) if len(rest) > 1 else rest[0], shifts))
    yield Lines(tuple(rows))


def _list_rows(graph: Graph, layer: Layer) -> list[list[str]]:
    """The weights of a layer as typed, a row for each unit."""
    weights = [graph[p] for p in layer.parameters if graph[p].place.letter == "W"]
    return [[w.typed for w in row] for _, row in groupby(weights, lambda w: w.place.index[0])]


def _multiply_out(row: Sequence[str], column: Sequence[str]) -> Value:
    pairs = zip(row, column, strict=True)
    return sum((balls.exact(a) * balls.exact(b) for a, b in pairs), balls.ZERO)


def _write_matrix(sheet: NetworkSheet, left: Expr, entries: list[list[Value]]) -> Row:
    shown = [[rounding.show(v, sheet.spec.decimals) for v in row] for row in entries]
    exact = all(s.exact for row in shown for s in row)
    matrix = Matrix(tuple(tuple(Num(s.text) for s in row) for row in shown))
    return Row(left, (Part("=" if exact else "≈", matrix),))


def _is_joined(graph: Graph, first: Layer, second: Layer) -> bool:
    """Whether nothing but a sum stands between two layers of weights."""
    row = ACTIVATIONS.get(first.activation)
    weighted = _is_dense(graph, first) and _is_dense(graph, second)
    return weighted and row is not None and row.function is None and not row.vector


def _is_dense(graph: Graph, layer: Layer) -> bool:
    """Whether every unit has a weight of its own to everything that it receives."""
    weights = [p for p in layer.parameters if graph[p].place.letter == "W"]
    return len(weights) == len(layer.inputs) * len(layer.out)


def _list_biases(sheet: NetworkSheet, layer: int) -> list[str]:
    """The biases of a layer as typed, if its units have any."""
    own = (sheet.graph[name] for name in sheet.graph.blocks[layer - 1].parameters)
    return [q.typed for q in own if q.place.letter == "b"]


def explain_vanishing(sheet: NetworkSheet) -> Iterator[Block]:
    """The bound of the product of slopes, the size of the gradient in each layer, good starts."""
    layers = sheet.first_layers
    sigmoids = all(_is_dense(sheet.graph, x) and x.activation == "sigmoid" for x in layers)
    if len(layers) < DEEP or not sigmoids or len(sheet.graph.roots) > 1:
        return
    depth = len(layers)
    yield sheet.heading("vanishing")
    yield sheet.say("vanishing", count=str(depth), bound=Pow(QUARTER, Num(str(depth))))
    bound = rounding.show(balls.exact("0.25") ** depth, sheet.spec.decimals)
    yield Lines((Row(Pow(QUARTER, Num(str(depth))), (write_number(bound),)),))
    if sheet.level == "full":
        yield from compare_sizes(sheet)
    yield from explain_starts(sheet)


def compare_sizes(sheet: NetworkSheet) -> Iterator[Block]:
    """From the last layer back: the largest slope, the product so far, its bound, the gradient."""
    layers = sheet.layers[0]
    twin = _replace_by_relu(sheet.graph)
    heads = ["layer", "largest_slope", "product", "at_most", "largest_gradient"]
    if twin is not None:
        heads.append("with_relu")
    rows = []
    ids: list[str] = []
    for depth, units in reversed(list(enumerate(layers, 1))):
        ids.append(_find_largest(sheet.numbers, [sheet.graph.derivative(a, z) for z, a in units]))
        count = len(ids)
        bound = rounding.show(balls.exact("0.25") ** count, sheet.spec.decimals)
        cells: list[Cell] = [
            cell(Num(str(depth))),
            _write_value(sheet.numbers, ids[-1]),
            Row(None, (write_number(_multiply_slopes(sheet.numbers, tuple(ids))),)),
            Row(None, (write_number(bound),)),
            _write_size(sheet.numbers, sheet, units),
        ]
        if twin is not None:
            cells.append(_write_size(twin, sheet, units))
        rows.append(tuple(cells))
    yield sheet.say("sizes")
    yield Grid(tuple(Words(f"column.{head}") for head in heads), tuple(rows))
    if twin is not None:
        yield sheet.say("sizes_with_relu")


def _replace_by_relu(graph: Graph) -> Numbers | None:
    """The same numbers with ReLU in the hidden layers; None where there are too many weights."""
    weights = [p for layer in graph.blocks for row in _list_rows(graph, layer) for p in row]
    if len(weights) > MOST_WEIGHTS:
        return None
    hidden = [a for layer in graph.blocks[:-1] for a in layer.out]
    bent = {a: replace(graph[a], expr=Call("relu", (Name(graph[a].uses[0]),))) for a in hidden}
    return Numbers(Derivation(replace(graph, quantities=graph.quantities | bent)))


def _find_largest(numbers: Numbers, ids: list[str]) -> str:
    """The id whose value is furthest from 0; of equal ones the first."""
    with balls.precision(numbers.bits):
        return reduce(
            lambda one, other: (
                other if abs(numbers.value(other)) > abs(numbers.value(one)) else one
            ),
            ids,
        )


def _write_size(numbers: Numbers, sheet: NetworkSheet, units: list[Unit]) -> Row:
    """The largest gradient of a weight into a layer, without its sign."""
    root = sheet.graph.roots[0]
    ids = [sheet.graph.derivative(root, p) for z, _ in units for p in sheet.parameters(z)]
    shown = numbers.shown(_find_largest(numbers, ids))
    return Row(None, (write_number(Shown(shown.text.removeprefix("-"), shown.exact)),))


def _multiply_slopes(numbers: Numbers, ids: tuple[str, ...]) -> Shown:
    def at(value: Value) -> Shown:
        return rounding.show(value, numbers.derivation.graph.spec.decimals)

    return numbers.raise_precision(
        ids[-1], lambda level: at(reduce(balls.product, [level.value(name) for name in ids]))
    )


def _write_value(numbers: Numbers, name: str) -> Row:
    return Row(None, (write_number(numbers.shown(name)),))


def explain_starts(sheet: NetworkSheet) -> Iterator[Block]:
    """How large first weights should be: the rules of Xavier and He, and this network's sizes.

    Glorot and Bengio 2010; He, Zhang, Ren and Sun 2015.
    """
    wide, out = Name("n_in"), Name("n_out")
    weight, before, after = Name("v_w"), Name("v_a"), Name("v_z")
    yield sheet.under("starts")
    yield sheet.say("starts", weight=weight, before=before, after=after, wide=wide, out=out)
    two = Num("2")
    yield _write_line(after, Mul((wide, weight, before)))
    yield sheet.say("starts_forward", before=before, after=after)
    yield _write_line(weight, Div(Num("1"), wide))
    yield sheet.say("starts_backward", out=out)
    yield _write_line(weight, Div(Num("1"), out))
    yield sheet.say("starts_xavier")
    xavier = Div(two, Add((wide, out)))
    yield _write_line(weight, xavier)
    yield sheet.say("starts_uniform", weight=weight, bound=Name("r"))
    yield _write_line(
        Name("r"),
        Call("sqrt", (Mul((Num("3"), weight)),)),
        Call("sqrt", (Div(Num("6"), Add((wide, out))),)),
    )
    yield sheet.say("starts_he", before=before, after=after)
    yield _write_line(after, Mul((wide, weight, Div(after, two))))
    yield _write_line(weight, Div(two, wide))
    sizes_of = [len(sheet.first_layers[0].inputs), *(len(x.out) for x in sheet.first_layers)]
    heads = tuple(Words(f"column.{key}") for key in ("layer", "wide", "out", "xavier", "he"))
    rows = []
    for depth in range(1, len(sizes_of)):
        n_in, n_out = sizes_of[depth - 1], sizes_of[depth]
        values = (balls.exact("2") / (n_in + n_out), balls.exact("2") / n_in)
        shown = [rounding.show(value, sheet.spec.decimals) for value in values]
        numbers = (cell(Num(str(n))) for n in (depth, n_in, n_out))
        rows.append((*numbers, *(Row(None, (write_number(s),)) for s in shown)))
    yield Grid(heads, tuple(rows))


def _write_line(left: Expr, *right: Expr) -> Lines:
    return Lines((Row(left, tuple(Part("=", part) for part in right)),))
