"""What a sheet says of depth: collapse, vanishing gradients, first weights."""

from fractions import Fraction

import pytest
from mpmath import mpf
from sheets import filled

import derive
from derive.algebra.expressions import Div, Matrix, Num
from derive.pages.document import Grid, Heading, Lines
from derive.second import Differences

LINEAR = """
inputs = [0.4, -0.3, 0.2]
targets = [0.25, 0.5]
steps = 0
[[layers]]
weights = [[0.5, -0.2, 1], [0.3, 0.8, -0.1]]
{first}
[[layers]]
activation = "{last}"
weights = [[0.6, -0.4], [1, 2]]
{second}
"""


def blocks_under(spec, heading, level="full"):
    """The blocks of one part of a sheet."""
    found, inside = [], False
    for block in filled(derive.sheet(spec), level):
        if isinstance(block, Heading) and block.level == 1:
            inside = block.words.key == f"heading.{heading}"
        elif inside:
            found.append(block)
    return found


def numbers_of(matrix):
    return [[Fraction(e.text) for e in row] for row in matrix.rows]


def matrices(blocks):
    return [
        row.parts[-1].expr
        for block in blocks
        if isinstance(block, Lines)
        for row in block.rows
        if isinstance(row.parts[-1].expr, Matrix)
    ]


@pytest.mark.parametrize("first", ["", "biases = [0.1, -0.2]"])
@pytest.mark.parametrize("second", ["", "biases = [0.3, 0.4]"])
def test_the_one_layer_gives_what_both_give(first, second):
    spec = derive.loads(LINEAR.format(first=first, second=second, last="tanh"))
    weights, *shift = map(numbers_of, matrices(blocks_under(spec, "collapse")))
    assert len(shift) == bool(first or second)
    x = [typed.exact for typed in spec.inputs[0]]
    numbers = derive.sheet(spec).numbers
    for unit, row in enumerate(weights):
        z = sum(w * a for w, a in zip(row, x, strict=True))
        z += shift[0][unit][0] if shift else 0
        assert z == Fraction(numbers.shown(f"z{unit + 3}").text)


@pytest.mark.parametrize("name", ["two-two-two", "batch", "softmax"])
def test_layers_with_a_bend_do_not_collapse(name):
    assert blocks_under(derive.load(name), "collapse") == []


def test_only_the_layer_below_has_to_be_straight():
    spec = derive.loads(LINEAR.format(first="", second="", last="identity"))
    assert matrices(blocks_under(spec, "collapse"))
    spec = derive.loads(LINEAR.format(first='activation = "tanh"', second="", last="identity"))
    assert not blocks_under(spec, "collapse")


def rows_of(spec):
    table, starts = [b for b in blocks_under(spec, "vanishing") if isinstance(b, Grid)]
    return (
        [[cell.parts[0].expr.text for cell in row] for row in grid.rows]
        for grid in (table, starts)
    )


def test_products_of_slopes_and_sizes_are_those_of_the_key_and_of_differences():
    spec = derive.load("deep")
    numbers = derive.sheet(spec).numbers
    checks = Differences(spec)
    rows, _ = rows_of(spec)
    product = mpf(1)
    weights = {4: (13, 14), 3: range(9, 13), 2: range(5, 9), 1: range(1, 5)}
    units = {4: ["do1/dz7"], 3: ["dh5/dz5", "dh6/dz6"], 2: ["dh3/dz3", "dh4/dz4"],
             1: ["dh1/dz1", "dh2/dz2"]}  # fmt: skip
    for layer, slope, so_far, most, gradient, _ in rows:
        values = [mpf(numbers.answer(numbers.step(i)).value) for i in units[int(layer)]]
        product *= max(values)
        assert mpf(slope) == pytest.approx(max(values), abs=5.1e-9)
        assert mpf(so_far) == pytest.approx(product, abs=5.1e-9)
        assert product < mpf(most)
        largest = max(abs(checks.value(f"dE_total/dW{w}")) for w in weights[int(layer)])
        assert mpf(gradient) == pytest.approx(largest, abs=5.1e-9)


def test_the_column_with_relu_is_the_same_network_with_relu():
    text = derive.load("deep")
    rows, _ = rows_of(text)
    layers = [{"weights": x.weights, "activation": "relu"} for x in text.layers]
    layers[-1]["activation"] = "sigmoid"
    from derive.spec.reading import override

    twin = derive.sheet(override(text, {"layers": layers}))
    found = max(abs(Fraction(twin.numbers.shown(f"dE_total/dW{w}").text)) for w in range(1, 5))
    assert Fraction(rows[-1][-1]) == found


def test_first_weights_follow_the_sizes_of_the_layers():
    _, rows = rows_of(derive.load("deep"))
    for _, wide, out, xavier, he in rows:
        assert Fraction(xavier) == pytest.approx(Fraction(2, int(wide) + int(out)), abs=1e-8)
        assert Fraction(he) == Fraction(2, int(wide))


def test_a_page_to_fill_in_does_not_give_the_gradients_away():
    grids = [
        b for b in blocks_under(derive.load("deep"), "vanishing", "guided") if isinstance(b, Grid)
    ]
    assert [grid.columns[1].key for grid in grids] == ["column.wide"]


@pytest.mark.parametrize("name", ["two-two-two", "smooth", "batch"])
def test_only_deep_networks_of_sigmoids_vanish(name):
    assert blocks_under(derive.load(name), "vanishing") == []


def test_the_bound_is_a_quarter_for_each_layer():
    lines = [b for b in blocks_under(derive.load("deep"), "vanishing") if isinstance(b, Lines)]
    power = lines[0].rows[0]
    assert power.left.base == Div(Num("1"), Num("4"))
    assert Fraction(power.parts[0].expr.text) == Fraction(1, 4) ** int(power.left.exponent.text)
