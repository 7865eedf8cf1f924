"""The page in matrices: each product, multiplied out with the numbers, gives the entries."""

from math import prod

import pytest
import sympy as sp
from sheets import filled

import derive
from derive.algebra.expressions import (
    Add,
    Div,
    Elementwise,
    Matrix,
    Mul,
    Name,
    Neg,
    Num,
    Transposed,
    walk,
)
from derive.algebra.grammar import to_text
from derive.pages.choosing import Choice
from derive.pages.document import Grid, Lines, Row, Say, read_number
from derive.pages.matrices import MOST_COLUMNS
from derive.spec.reading import override

NAMES = ("two-two-two", "softmax", "batch", "deep", "three-two-one", "neuron", "shared-biases")
NEAR = 5e-8


def sheet_of(name, **keys):
    return derive.sheet(override(derive.load(name), keys))


def blocks(name, level="full", **keys):
    return filled(sheet_of(name, notation="matrix", **keys), level)


def lines_with_numbers(name, **keys):
    """The numbers and the result of every block that multiplies matrices of numbers."""
    for block in blocks(name, **keys):
        if isinstance(block, Lines) and len(block.rows) > 1:
            last = block.rows[-1].parts[-1].expr
            if isinstance(last, Matrix) and all(
                isinstance(e, Num) for e in walk(last) if e != last
            ):
                yield block.rows[-2].parts[-1].expr, last


def value(expr):
    """A line of numbers computed by SymPy."""
    if isinstance(expr, Num):
        return sp.Float(expr.text)
    if isinstance(expr, Matrix):
        return sp.Matrix([[value(e) for e in row] for row in expr.rows])
    if isinstance(expr, Transposed):
        return value(expr.arg).T
    if isinstance(expr, Elementwise):
        return value(expr.left).multiply_elementwise(value(expr.right))
    if isinstance(expr, Neg):
        return -value(expr.arg)
    if isinstance(expr, Div):
        return value(expr.top) / value(expr.bottom)
    if isinstance(expr, Add):
        first, *others = map(value, expr.terms)
        return sum(others, first)
    assert isinstance(expr, Mul)
    return prod(map(value, expr.factors))


@pytest.mark.parametrize("name", NAMES)
def test_every_line_of_numbers_multiplies_to_the_line_below_it(name):
    found = list(lines_with_numbers(name))
    assert found
    for numbers, result in found:
        assert value(numbers).shape == value(result).shape
        assert all(abs(apart) < NEAR for apart in value(numbers) - value(result))


@pytest.mark.parametrize("reduction", ["sum", "mean"])
def test_gradients_of_several_samples_are_those_of_the_key(reduction):
    numbers = sheet_of("batch", notation="matrix", reduction=reduction).numbers
    found = [result for _, result in lines_with_numbers("batch", reduction=reduction)]
    wanted = [[numbers.shown(f"dE_total/dW1_{i}_{j}").text for j in (1, 2)] for i in (1, 2)]
    assert wanted in [[[e.text for e in row] for row in m.rows] for m in found]


@pytest.mark.parametrize("name", NAMES)
def test_the_table_of_shapes_has_a_row_for_everything_of_a_layer(name):
    spec = derive.load(name)
    tables = [
        b for b in blocks(name) if isinstance(b, Grid) and b.columns[0].key == "column.matrix"
    ]
    biased = sum(layer.biases is not None for layer in spec.layers)
    assert [len(t.rows) for t in tables] == [1 + 4 * len(spec.layers) + biased]


def asked_matrices(name):
    """The matrices of a page to fill in by what they are of: `?n` a blank, else the number."""
    for block in blocks(name, "guided"):
        for row in block.rows if isinstance(block, Lines) else ():
            for matrix in (p.expr for p in row.parts if isinstance(p.expr, Matrix)):
                texts = [
                    [e.id if isinstance(e, Name) else getattr(e, "text", "") for e in entries]
                    for entries in matrix.rows
                ]
                if row.left is not None:
                    yield to_text(row.left).strip("{}"), texts


def test_a_page_to_fill_in_asks_for_matrices_with_one_entry_worked():
    found = dict(asked_matrices("matrices"))
    assert found["[Z,1]"] == [["0.57", "?12"], ["?2", "?13"]]
    assert found["[Delta,1]"] == [["-0.00462245", "?96"], ["?63", "?111"]]
    assert found["dE_total/d[W,1]"][0] == ["0.00942844", "?121", "?122"]
    assert found["dE_total/d[b,1]"] == [["?126"], ["?127"]]
    assert found["[A,2]+"] == [["?154", "?165"], ["?155", "?166"]]


@pytest.mark.parametrize("name", NAMES)
def test_what_a_matrix_asks_for_is_asked_nowhere_else(name):
    document = sheet_of(name, notation="matrix").document("guided")
    rows = [row for b in document.blocks if isinstance(b, Lines) for row in b.rows]
    rows += [c for b in document.blocks if isinstance(b, Grid) for r in b.rows for c in r
             if isinstance(c, Row)]  # fmt: skip
    asked = [n for row in rows for p in row.parts for n in map(read_number, walk(p.expr)) if n]
    assert asked
    assert len(asked) == len(set(asked))


def test_of_only_some_weights_a_matrix_names_its_other_entries():
    sheet = sheet_of("matrices", notation="matrix")
    document = sheet.document("guided", choice=Choice(weights=("W2_1_2",)))
    (new,) = [
        row.parts[-1].expr
        for b in document.blocks if isinstance(b, Lines)
        for row in b.rows if row.left == Name("[W,2]+")
    ]  # fmt: skip
    assert new.rows == ((Name("W2_1_1+"), Name("?143")), (Name("W2_2_1+"), Name("W2_2_2+")))


def test_a_sheet_too_wide_for_matrices_asks_line_by_line():
    row = ", ".join(["0.1"] * (MOST_COLUMNS + 1))
    spec = derive.loads(
        f'notation = "matrix"\ninputs = [{row}]\ntargets = [1]\nlearning_rate = 1\n'
        f"[[layers]]\nweights = [[{row}]]\n"
    )
    assert "The other weights into" in derive.page(spec)


def test_a_page_of_blanks_and_other_notations_have_no_matrices():
    said = [b.words.key for b in blocks("two-two-two", "blank") if isinstance(b, Say)]
    assert "say.shape_of" not in said
    for block in filled(sheet_of("two-two-two", notation="indexed"), "full"):
        for row in block.rows if isinstance(block, Lines) else ():
            assert not any(isinstance(e, Matrix) for p in row.parts for e in walk(p.expr))


def test_a_wide_layer_is_told_in_letters_only():
    row = ", ".join(["0.1"] * (MOST_COLUMNS + 1))
    spec = derive.loads(
        f'notation = "matrix"\ninputs = [{row}]\ntargets = [1]\nlearning_rate = 1\n'
        f"[[layers]]\nweights = [[{row}]]\n"
    )
    page = derive.page(spec, level="full")
    assert r"\mathbf{W}^{(1)}" in page
    for text in page.split(r"\begin{bmatrix}")[1:]:
        assert text.split(r"\end{bmatrix}")[0].count("&") < MOST_COLUMNS


def test_the_ids_are_those_of_the_indexed_notation():
    first, second = (
        {step.id: numbers.shown(step.id).text for step in numbers.derivation.steps()}
        for numbers in (sheet_of("batch", notation=n).numbers for n in ("matrix", "indexed"))
    )
    assert first == second


TWO_SOFTMAX = """
notation = "matrix"
inputs = [1, 0.5]
targets = [1, 0]
loss = "cross_entropy"
learning_rate = 0.5
[[layers]]
activation = "softmax"
weights = [[-2, 0.1], [1, 1]]
[[layers]]
activation = "{last}"
weights = [[-2, 0.3], [1, 0.2]]
"""


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("softmax", ["coupled_in_matrices"] * 2),
        ("identity", ["signal_of_outputs", "coupled_in_matrices"]),
    ],
)
def test_a_product_entry_by_entry_is_told_only_where_one_stands(last, said):
    """Neither of an output layer of softmax nor, as a general formula, behind one."""
    loss = "" if last == "softmax" else 'loss = "half_squared_error"'
    text = TWO_SOFTMAX.format(last=last).replace(
        'loss = "cross_entropy"', loss or 'loss = "cross_entropy"'
    )
    spec = derive.loads(text)
    page = filled(derive.sheet(spec), "full")
    keys = [b.words.key.removeprefix("say.") for b in page if isinstance(b, Say)]
    assert [key for key in keys if key in ("signal_of_outputs", "coupled_in_matrices")] == said
    general = next(
        b for b in page if isinstance(b, Grid) and b.columns[0].key == "column.as_columns"
    )
    assert not any(
        isinstance(e, Elementwise)
        for row in general.rows
        for c in row
        for p in c.parts
        for e in walk(p.expr)
    )
