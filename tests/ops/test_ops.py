"""Every row of the tables, each new one too: its taught slope is its derivative."""

from __future__ import annotations

from itertools import product

import pytest
import sympy as sp
from mpmath import mp, mpf

from derive.algebra.expressions import Call, Cases, Name, Num, names, substitute, transform, walk
from derive.algebra.grammar import parse, to_text
from derive.algebra.lemmas import derivative
from derive.algebra.rules import differentiate, row_text
from derive.algebra.symbolic import to_sympy, write_out
from derive.ops import ACTIVATIONS, FUNCTIONS, KEYS, LOSSES

each_function = pytest.mark.parametrize("row", FUNCTIONS.values(), ids=FUNCTIONS.keys())
each_activation = pytest.mark.parametrize("row", ACTIVATIONS.values(), ids=ACTIVATIONS.keys())
each_loss = pytest.mark.parametrize("row", LOSSES.values(), ids=LOSSES.keys())
each_proof = pytest.mark.parametrize(
    "row", [row for row in FUNCTIONS.values() if row.proof], ids=lambda row: row.name
)


def call(row):
    """The function applied to its own parameters."""
    return Call(row.name, tuple(Name(p) for p in row.parameters))


def definition(row):
    return call(row) if row.definition is None else row_text(row.definition)


def taught(row, text):
    """A text of the row with `y` written out."""
    return write_out(substitute(row_text(text), {"y": write_out(definition(row))}))


def settled(expr, signs):
    """The branch of every case for given signs of the subjects."""

    def change(node):
        if isinstance(node, Cases):
            return settled({-1: node.negative, 1: node.positive}[signs[node.subject]], signs)
        return None

    return transform(expr, change)


def regions(*exprs):
    subjects = {node.subject for e in exprs for node in walk(e) if isinstance(node, Cases)}
    for signs in product((-1, 1), repeat=len(subjects)):
        yield dict(zip(sorted(subjects, key=to_text), signs, strict=True))


def formula(expr):
    return to_sympy(expr, {name: sp.Symbol(name, positive=True) for name in names(expr)})


# --- functions --------------------------------------------------------------------------------


@each_function
def test_a_row_has_one_slope_for_each_parameter(row):
    assert len(row.slopes) == len(row.parameters) >= 1
    assert "y" not in row.parameters


@each_function
def test_a_row_speaks_of_nothing_but_its_parameters_and_its_output(row):
    for text in (*row.slopes, *(line.text for line in row.proof)):
        assert set(names(row_text(text))) <= {*row.parameters, "y"}
    assert set(names(definition(row))) <= set(row.parameters)
    assert not any(names(row_text(text)) for text in row.defaults)


@each_function
def test_the_taught_slope_equals_the_derivative_in_every_region(row):
    whole = write_out(definition(row))
    for parameter, text in zip(row.parameters, row.slopes, strict=True):
        slope = taught(row, text)
        for signs in regions(whole, slope):
            derived = sp.diff(formula(settled(whole, signs)), sp.Symbol(parameter, positive=True))
            assert sp.simplify(derived - formula(settled(slope, signs))) == 0


@each_function
def test_the_lines_of_a_call_end_in_the_taught_slope(row):
    for parameter, text in zip(row.parameters, row.slopes, strict=True):
        result = differentiate(call(row), parameter)[-1].expr
        assert result == substitute(row_text(text), {"y": call(row)})


@each_proof
def test_the_last_line_of_a_proof_is_the_taught_slope(row):
    assert row.proof[-1].text == row.slopes[0]


@each_proof
def test_every_line_of_a_proof_equals_the_derivative(row):
    z = sp.Symbol("z", positive=True)
    derived = sp.diff(formula(write_out(definition(row))), z)
    for line in row.proof:
        assert sp.simplify(derived - formula(taught(row, line.text))) == 0


@each_proof
def test_the_written_out_definition_is_led_to_the_taught_slope(row):
    found = derivative(definition(row), row.parameters[0])
    assert [line.rules for line in found.lines[-len(row.proof) :]][-1] == (row.proof[-1].rule,)
    assert found.result == substitute(row_text(row.slopes[0]), {"y": Name(found.output)})


@each_function
def test_every_line_of_another_form_is_the_function(row):
    for line in row.identity:
        difference = formula(write_out(definition(row))) - formula(taught(row, line.text))
        assert sp.simplify(difference.rewrite(sp.exp)) == 0


@pytest.mark.parametrize(
    "row", [row for row in FUNCTIONS.values() if row.narrow], ids=lambda row: row.name
)
def test_a_form_for_balls_is_the_function_and_holds_its_parameter_once(row):
    narrow = row_text(row.narrow)
    assert [node for node in walk(narrow) if isinstance(node, Name)] == [Name(row.parameters[0])]
    difference = formula(write_out(definition(row))) - formula(write_out(narrow))
    assert sp.simplify(difference.rewrite(sp.exp)) == 0


@pytest.mark.parametrize(
    "row", [row for row in FUNCTIONS.values() if row.corner != "jump"], ids=lambda row: row.name
)
def test_each_side_of_a_definition_ends_where_the_other_begins(row):
    symbols = {name: sp.Symbol(name) for name in row.parameters}
    for node in walk(definition(row)):
        if isinstance(node, Cases):
            (border,) = sp.solve(to_sympy(node.subject, symbols), symbols[row.parameters[0]])
            sides = {
                to_sympy(part, symbols).subs(symbols[row.parameters[0]], border)
                for part in (node.negative, node.zero, node.positive)
            }
            assert len(sides) == 1


VALUES = {
    "exp": mp.exp,
    "log": mp.log,
    "ln": mp.log,
    "sqrt": mp.sqrt,
    "sin": mp.sin,
    "cos": mp.cos,
    "abs": abs,
    "max": max,
    "min": min,
    "sigmoid": lambda z: (1 + mp.tanh(z / 2)) / 2,
    "tanh": mp.tanh,
    "cosh": mp.cosh,
    "softplus": lambda z: mp.quad(lambda t: (1 + mp.tanh(t / 2)) / 2, [0, z]) + mp.log(2),
    "silu": lambda z: z * (1 + mp.tanh(z / 2)) / 2,
    "gelu": lambda z: z * mp.erfc(-z / mp.sqrt(2)) / 2,
    "normal_cdf": lambda z: mp.quad(mp.npdf, [-30, 0, z]),
    "normal_pdf": lambda z: mp.exp(-z * z / 2) / mp.sqrt(2 * mp.pi),
    "elu": lambda z, a: max(z, 0) + a * (mp.exp(min(z, 0)) - 1),
    "relu": lambda z: (z + abs(z)) / 2,
    "leaky_relu": lambda z, a: max(z, 0) + a * min(z, 0),
}
"""What each function is, said another way than in its row."""


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("point", [("0.7", "0.3"), ("-1.3", "0.2"), ("2", "2.5"), ("-0.4", "3")])
def test_a_definition_has_the_value_of_its_function(name, point):
    row = FUNCTIONS[name]
    if name in {"log", "ln", "sqrt"}:
        point = [text.lstrip("-") for text in point]
    point = point[: len(row.parameters)]
    expr = substitute(definition(row), dict(zip(row.parameters, map(Num, point), strict=True)))
    got = to_sympy(expr, {}).evalf(30)
    with mp.workdps(30):
        assert abs(mpf(str(got)) - VALUES[name](*map(mpf, point))) < mpf(10) ** -25


@pytest.mark.parametrize(
    ("text", "wrt", "at_the_kink"),
    [
        ("relu(x)", "x", "0"),
        ("leaky_relu(x)", "x", "0.01"),
        ("leaky_relu(x,a)", "x", "a"),
        ("leaky_relu(x,a)", "a", "0"),
        ("elu(x)", "x", "1"),
        ("elu(x,a)", "x", "a"),
        ("abs(x)", "x", "0"),
        ("max(x,a)", "x", "1/2"),
        ("max(a,x)", "x", "1/2"),
        ("min(x,a)", "x", "1/2"),
        ("min(a,x)", "x", "1/2"),
    ],
)
def test_at_a_kink_the_slope_is_pytorchs(text, wrt, at_the_kink):
    result = derivative(parse(text), wrt).result
    assert isinstance(result, Cases)
    assert result.kink
    assert to_text(result.zero) == at_the_kink


def test_the_functions_of_the_contract_are_there():
    assert set(FUNCTIONS) >= {
        "exp", "log", "ln", "sqrt", "abs", "max", "min", "sin", "cos", "tanh", "sigmoid", "relu",
        "softplus", "leaky_relu",
    }  # fmt: skip


# --- activations and losses -------------------------------------------------------------------


@each_activation
def test_an_activation_is_the_identity_or_a_function(row):
    assert row.function is None or row.function in FUNCTIONS


@each_activation
def test_an_activation_has_one_key_exactly_where_its_function_takes_a_second_value(row):
    takes = row.function is not None and len(FUNCTIONS[row.function].parameters) == 2
    assert (row.key != "") is takes
    assert (row.key in KEYS) == (row.default != "") == takes


@pytest.mark.parametrize(
    ("name", "function", "slope"),
    [("identity", None, ""), ("linear", None, ""), ("sigmoid", "sigmoid", ""),
     ("tanh", "tanh", ""), ("relu", "relu", ""), ("leaky_relu", "leaky_relu", "0.01"),
     ("prelu", "leaky_relu", "0.01"), ("elu", "elu", "1"), ("softplus", "softplus", ""),
     ("silu", "silu", ""), ("gelu", "gelu", "")],
)  # fmt: skip
def test_the_activations_of_the_contract_are_there(name, function, slope):
    row = ACTIVATIONS[name]
    assert (row.function, row.default) == (function, slope)


@each_loss
def test_a_loss_is_a_formula_of_target_output_and_their_number(row):
    assert set(names(row_text(row.unit))) <= {"t", "o", "n", "d"}
    assert ("d" in names(row_text(row.unit))) is (row.delta is not None)


@each_loss
def test_the_slope_of_a_loss_is_its_derivative(row):
    unit = write_out(row_text(row.unit))
    found = derivative(row_text(row.unit), "o")
    symbols = {name: sp.Symbol(name, real=True) for name in "tond"}
    for line in found.worked():
        text = write_out(substitute(line.expr, {found.output: unit}))
        for signs in regions(unit, text):
            slope = sp.diff(to_sympy(settled(unit, signs), symbols), symbols["o"])
            assert sp.simplify(to_sympy(settled(text, signs), symbols) - slope) == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [("half_squared_error", "9/2"), ("squared_error", "9"), ("mean_squared_error", "9/4")],
)
def test_the_losses_of_the_contract_for_t_5_o_2_and_4_outputs(name, value):
    unit = to_sympy(row_text(LOSSES[name].unit), {"t": sp.Integer(5), "o": sp.Integer(2), "n": 4})
    assert unit == sp.Rational(value)


@pytest.mark.parametrize(
    ("name", "target", "output", "value"),
    [
        ("binary_cross_entropy", "1", "1/4", sp.log(4)),
        ("binary_cross_entropy", "0", "1/4", -sp.log(sp.Rational(3, 4))),
        ("binary_cross_entropy", "1/2", "1/2", sp.log(2)),
        ("huber", "0", "1/2", sp.Rational(1, 8)),
        ("huber", "1", "-2", sp.Rational(16, 9)),
        ("huber", "-2", "1", sp.Rational(16, 9)),
        ("hinge", "1", "1/4", sp.Rational(3, 4)),
        ("hinge", "-1", "1/4", sp.Rational(5, 4)),
        ("hinge", "-1", "-3", sp.Integer(0)),
        ("log_cosh", "1", "1", sp.Integer(0)),
        ("log_cosh", "1", "3", sp.log(sp.cosh(2))),
    ],
)
def test_a_loss_on_paper(name, target, output, value):
    """Huber's with delta = 2/3: 2/3 (3 - 1/3) = 16/9."""
    symbols = {"t": sp.Rational(target), "o": sp.Rational(output), "d": sp.Rational(2, 3)}
    unit = to_sympy(write_out(row_text(LOSSES[name].unit)), symbols)
    assert sp.simplify((unit - value).rewrite(sp.exp)) == 0


@pytest.mark.parametrize("table", [FUNCTIONS, ACTIVATIONS, LOSSES])
def test_a_row_is_found_under_its_own_name(table):
    assert all(name == row.name for name, row in table.items())
