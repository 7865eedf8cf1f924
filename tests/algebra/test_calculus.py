"""Differentiation line by line: one rule at a time, every line true."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy as sp
from hypothesis import example, given, reject, settings
from hypothesis import strategies as st
from mpmath import mp, mpf
from sampling import tries

from derive.algebra.expressions import (
    Add,
    Call,
    Diff,
    Div,
    Mul,
    Name,
    Neg,
    Num,
    Pow,
    children,
    has_node,
    names,
    walk,
)
from derive.algebra.grammar import parse, to_text
from derive.algebra.rules import apply_rule, differentiate, output_name
from derive.ops import FUNCTIONS


def lines(text, wrt):
    """The rules and the text of each line after the question."""
    return [(" ".join(line.rules), to_text(line.expr)) for line in differentiate(parse(text), wrt)]


RULES = {
    "constant number": ("5", "x", [("constant", "0")]),
    "constant name": ("y", "x", [("constant", "0")]),
    "constant expression": ("9^9^9", "x", [("constant", "0")]),
    "identity": ("x", "x", [("identity", "1")]),
    "constant multiple": ("a*x*b", "x", [("constant_multiple", "a*b")]),
    "divided by a constant": ("x/a", "x", [("constant_multiple", "1/a")]),
    "opposite": ("-x", "x", [("constant_multiple", "-1")]),
    "pre-activation by a weight": ("W5*h1+W6*h2", "W5", [("sum", "h1")]),
    "pre-activation by its bias": ("W1*x1+W2*x2+b1", "b1", [("sum", "1")]),
    "difference by the second": ("t-o", "o", [("sum", "-1")]),
    "sum of terms that curve": (
        "x+x^2",
        "x",
        [("sum", "d/dx[x]+d/dx[x^2]"), ("identity power", "1+2*x^(2-1)"), ("tidy", "1+2*x")],
    ),
    "opposite of a power": (
        "-(x^2)",
        "x",
        [("constant_multiple", "-d/dx[x^2]"), ("power", "-2*x^(2-1)"), ("tidy", "-2*x")],
    ),
    "constant before a function": (
        "a*sin(x)",
        "x",
        [("constant_multiple", "a*d/dx[sin(x)]"), ("slope_sin", "a*cos(x)")],
    ),
    "product": (
        "x*sin(x)",
        "x",
        [
            ("product", "d/dx[x]*sin(x)+x*d/dx[sin(x)]"),
            ("identity slope_sin", "1*sin(x)+x*cos(x)"),
            ("tidy", "sin(x)+x*cos(x)"),
        ],
    ),
    "product of three": (
        "a*x*sin(x)*exp(x)",
        "x",
        [
            (
                "product",
                "a*d/dx[x]*sin(x)*exp(x)+a*x*d/dx[sin(x)]*exp(x)+a*x*sin(x)*d/dx[exp(x)]",
            ),
            (
                "identity slope_sin exponential",
                "a*1*sin(x)*exp(x)+a*x*cos(x)*exp(x)+a*x*sin(x)*exp(x)",
            ),
            ("tidy", "a*sin(x)*exp(x)+a*x*cos(x)*exp(x)+a*x*sin(x)*exp(x)"),
        ],
    ),
    "quotient": (
        "x/(x+1)",
        "x",
        [
            ("quotient", "(d/dx[x]*(x+1)-x*d/dx[x+1])/(x+1)^2"),
            ("identity sum", "(1*(x+1)-x*1)/(x+1)^2"),
            ("tidy", "1/(x+1)^2"),
        ],
    ),
    "constant over the variable": (
        "a/x",
        "x",
        [
            ("quotient", "(d/dx[a]*x-a*d/dx[x])/x^2"),
            ("constant identity", "(0*x-a*1)/x^2"),
            ("tidy", "-a/x^2"),
        ],
    ),
    "function over a constant": (
        "sin(x)/a",
        "x",
        [("constant_multiple", "d/dx[sin(x)]/a"), ("slope_sin", "cos(x)/a")],
    ),
    "function over a number": (
        "sin(x)/3",
        "x",
        [
            ("constant_multiple", "d/dx[sin(x)]/3"),
            ("slope_sin", "cos(x)/3"),
            ("tidy", "1/3*cos(x)"),
        ],
    ),
    "power over a name": (
        "x^2/a",
        "x",
        [("constant_multiple", "d/dx[x^2]/a"), ("power", "2*x^(2-1)/a"), ("tidy", "2*x/a")],
    ),
    "power": ("x^3", "x", [("power", "3*x^(3-1)"), ("tidy", "3*x^2")]),
    "power with a name": ("x^a", "x", [("power", "a*x^(a-1)")]),
    "power times a number": (
        "2*x^3",
        "x",
        [("constant_multiple power", "3*2*x^(3-1)"), ("tidy", "6*x^2")],
    ),
    "power over a number": (
        "x^3/3",
        "x",
        [("constant_multiple power", "3*(1/3)*x^(3-1)"), ("tidy", "x^2")],
    ),
    "power of something": (
        "(x+1)^3",
        "x",
        [
            ("power chain", "3*(x+1)^(3-1)*d/dx[x+1]"),
            ("sum", "3*(x+1)^(3-1)*1"),
            ("tidy", "3*(x+1)^2"),
        ],
    ),
    "variable in the exponent": (
        "a^(3*x)",
        "x",
        [
            ("exponential chain", "a^(3*x)*log(a)*d/dx[3*x]"),
            ("constant_multiple", "a^(3*x)*log(a)*3"),
            ("tidy", "3*a^(3*x)*log(a)"),
        ],
    ),
    "number before a variable exponent": (
        "3*a^x",
        "x",
        [
            ("constant_multiple", "3*d/dx[a^x]"),
            ("exponential chain", "3*(a^x*log(a)*d/dx[x])"),
            ("identity", "3*(a^x*log(a)*1)"),
            ("tidy", "3*a^x*log(a)"),
        ],
    ),
    "variable in both": (
        "x^x",
        "x",
        [
            ("exponential chain", "x^x*d/dx[x*log(x)]"),
            ("product", "x^x*(d/dx[x]*log(x)+x*d/dx[log(x)])"),
            ("identity logarithm", "x^x*(1*log(x)+x*(1/x))"),
            ("tidy", "x^x*(log(x)+1)"),
        ],
    ),
    "exponential": ("exp(x)", "x", [("exponential", "exp(x)")]),
    "logarithm": ("log(x)", "x", [("logarithm", "1/x")]),
    "natural logarithm": ("ln(x)", "x", [("logarithm", "1/x")]),
    "root": ("sqrt(x)", "x", [("slope_sqrt", "1/(2*sqrt(x))")]),
    "sine": ("sin(x)", "x", [("slope_sin", "cos(x)")]),
    "cosine": ("cos(x)", "x", [("slope_cos", "-sin(x)")]),
    "sigmoid": ("sigmoid(x)", "x", [("slope_sigmoid", "sigmoid(x)*(1-sigmoid(x))")]),
    "tanh": ("tanh(x)", "x", [("slope_tanh", "1-tanh(x)^2")]),
    "cosh": ("cosh(x)", "x", [("slope_cosh", "tanh(x)*cosh(x)")]),
    "softplus": ("softplus(x)", "x", [("slope_softplus", "sigmoid(x)")]),
    "step": ("step(x)", "x", [("slope_step", "[0 if x > 0, 0 if x <= 0]")]),
    "relu": ("relu(x)", "x", [("slope_relu", "[1 if x > 0, 0 if x <= 0]")]),
    "leaky relu": (
        "leaky_relu(x)",
        "x",
        [("slope_leaky_relu", "[1 if x > 0, 0.01 if x <= 0]")],
    ),
    "leaky relu by its slope": (
        "leaky_relu(x,a)",
        "a",
        [("slope_leaky_relu", "[0 if x > 0, 0 if x = 0, x if x < 0]")],
    ),
    "absolute value": ("abs(x)", "x", [("slope_abs", "[1 if x > 0, 0 if x = 0, -1 if x < 0]")]),
    "maximum by the first": (
        "max(x,a)",
        "x",
        [("slope_max", "[1 if x-a > 0, 1/2 if x-a = 0, 0 if x-a < 0]")],
    ),
    "maximum by the second": (
        "max(a,x)",
        "x",
        [("slope_max", "[0 if a-x > 0, 1/2 if a-x = 0, 1 if a-x < 0]")],
    ),
    "minimum by the first": (
        "min(x,a)",
        "x",
        [("slope_min", "[0 if x-a > 0, 1/2 if x-a = 0, 1 if x-a < 0]")],
    ),
    "chain": (
        "sin(cos(x))",
        "x",
        [
            ("slope_sin chain", "cos(cos(x))*d/dx[cos(x)]"),
            ("slope_cos", "cos(cos(x))*(-sin(x))"),
            ("tidy", "-cos(cos(x))*sin(x)"),
        ],
    ),
    "chain through a sigmoid": (
        "sigmoid(2*x+1)",
        "x",
        [
            ("slope_sigmoid chain", "(sigmoid(2*x+1)*(1-sigmoid(2*x+1)))*d/dx[2*x+1]"),
            ("sum", "(sigmoid(2*x+1)*(1-sigmoid(2*x+1)))*2"),
            ("tidy", "2*sigmoid(2*x+1)*(1-sigmoid(2*x+1))"),
        ],
    ),
    "elu": (
        "elu(x,a)",
        "x",
        [("slope_elu", "[1 if x > 0, a if x = 0, elu(x,a)+a if x < 0]")],
    ),
    "silu": ("silu(x)", "x", [("slope_silu", "sigmoid(x)+x*sigmoid(x)*(1-sigmoid(x))")]),
    "gelu": ("gelu(x)", "x", [("slope_gelu", "normal_cdf(x)+x*normal_pdf(x)")]),
    "the normal distribution": ("normal_cdf(x)", "x", [("slope_normal_cdf", "normal_pdf(x)")]),
    "its density": ("normal_pdf(x)", "x", [("slope_normal_pdf", "-x*normal_pdf(x)")]),
    "a logarithm of cosh": (
        "ln(cosh(x))",
        "x",
        [
            ("logarithm chain", "1/cosh(x)*d/dx[cosh(x)]"),
            ("slope_cosh", "1/cosh(x)*(tanh(x)*cosh(x))"),
            ("tidy", "tanh(x)"),
        ],
    ),
    "chain through a kink": (
        "relu(2*x)",
        "x",
        [
            ("slope_relu chain", "[1 if 2*x > 0, 0 if 2*x <= 0]*d/dx[2*x]"),
            ("constant_multiple", "[1 if 2*x > 0, 0 if 2*x <= 0]*2"),
            ("tidy", "2*[1 if 2*x > 0, 0 if 2*x <= 0]"),
        ],
    ),
    "the deck's error by an output": (
        "1/2*(t1-o1)^2+1/2*(t2-o2)^2",
        "o1",
        [
            ("sum", "d/do1[1/2*(t1-o1)^2]+d/do1[1/2*(t2-o2)^2]"),
            ("constant_multiple power chain constant", "2*(1/2)*(t1-o1)^(2-1)*d/do1[t1-o1]+0"),
            ("sum", "2*(1/2)*(t1-o1)^(2-1)*(-1)+0"),
            ("tidy", "-(t1-o1)"),
        ],
    ),
    "a third of a cube": (
        "1/3*(t-o)^3",
        "o",
        [
            ("constant_multiple power chain", "3*(1/3)*(t-o)^(3-1)*d/do[t-o]"),
            ("sum", "3*(1/3)*(t-o)^(3-1)*(-1)"),
            ("tidy", "-(t-o)^2"),
        ],
    ),
}


@pytest.mark.parametrize(("text", "wrt", "expected"), RULES.values(), ids=RULES.keys())
def test_every_rule_writes_these_lines(text, wrt, expected):
    question, *worked = lines(text, wrt)
    assert question == ("", f"d/d{wrt}[{to_text(parse(text))}]")
    assert worked == expected


def test_the_table_above_covers_every_function():
    nodes = [node for text, *_ in RULES.values() for node in walk(parse(text))]
    assert {node.function for node in nodes if isinstance(node, Call)} == set(FUNCTIONS)


# --- from a written-out definition to its taught slope ----------------------------------------


def test_the_derivative_of_the_written_out_sigmoid_ends_in_its_output():
    assert lines("1/(1+exp(-x))", "x")[1:] == [
        ("quotient", "(d/dx[1]*(1+exp(-x))-1*d/dx[1+exp(-x)])/(1+exp(-x))^2"),
        ("constant sum", "(0*(1+exp(-x))-1*(d/dx[1]+d/dx[exp(-x)]))/(1+exp(-x))^2"),
        (
            "constant exponential chain",
            "(0*(1+exp(-x))-1*(0+exp(-x)*d/dx[-x]))/(1+exp(-x))^2",
        ),
        ("constant_multiple", "(0*(1+exp(-x))-1*(0+exp(-x)*(-1)))/(1+exp(-x))^2"),
        ("tidy", "exp(-x)/(1+exp(-x))^2"),
        ("split", "1/(1+exp(-x))*(exp(-x)/(1+exp(-x)))"),
        ("add_and_subtract", "1/(1+exp(-x))*((1+exp(-x)-1)/(1+exp(-x)))"),
        ("divide", "1/(1+exp(-x))*(1-1/(1+exp(-x)))"),
        ("name_output", "s*(1-s)"),
    ]


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("(exp(x)-exp(-x))/(exp(x)+exp(-x))", [("divide", None), ("name_output", "1-s^2")]),
        ("log(1+exp(x))", [("divide", "1/(1+exp(-x))"), ("name_sigmoid", "sigmoid(x)")]),
        ("1/(1+exp(-(2*x)))", [("divide", None), ("name_output", "s*(1-s)*2")]),
        ("1/(1+exp(-(x^2)))", [("divide", None), ("name_output", "s*(1-s)*(2*x)")]),
    ],
)
def test_other_definitions_end_in_their_taught_slope(text, end):
    found = lines(text, "x")[-2:]
    assert [rule for rule, _ in found] == [rule for rule, _ in end]
    assert all(text is None or text == got for (_, got), (_, text) in zip(found, end, strict=True))


@pytest.mark.parametrize(
    "text",
    ["2/(1+exp(-x))", "1/(1+exp(x))", "1/(2+exp(-x))", "log(exp(x))", "1/(1+exp(sin(x)))",
     "1/(1+sin(-x))", "1/(1+exp(-x)+x)"],
)  # fmt: skip
def test_what_only_looks_like_a_definition_is_left_alone(text):
    assert "name_output" not in [rule for rule, _ in lines(text, "x")]
    assert lines(text, "x")[-1][0] in {"tidy", "logarithm chain"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("1/(1+exp(-x))", "s"),
        ("1/(1+exp(-s))", "y"),
        ("1/(1+exp(-s*y))", "a"),
        ("1/(1+exp(-s*y*a*u))", "w"),
        ("1/(1+exp(-s*y*a*u*w))", "s1"),
    ],
)
def test_the_output_takes_the_first_name_that_is_free(text, name):
    assert output_name(parse(text)) == name
    assert lines(text, text[10])[-1][1].startswith(f"{name}*(1-{name})")


def test_a_definition_that_does_not_hold_the_variable_has_slope_zero():
    assert lines("1/(1+exp(-x))", "y")[1:] == [("constant", "0")]


def test_there_is_always_a_name_for_the_output():
    taken = parse("s+y+a+u+w+output+x")
    assert output_name(taken) not in names(taken)


# --- properties -------------------------------------------------------------------------------

DIGITS = 30
LARGEST = 40
"""Functions are not asked for larger values: exp(exp(exp(9))) tells nothing new."""


def dual(expr, wrt, point):
    """Value and slope at a point, by the arithmetic of pairs: no derivative is written down.

    The slope of an open derivative is not needed and is nan.
    """
    if isinstance(expr, Num):
        return mpf(expr.text), mpf(0)
    if isinstance(expr, Name):
        return point[expr.id], mpf(expr.id == wrt)
    if isinstance(expr, Diff):
        return dual(expr.expr, expr.wrt, point)[1], mp.nan
    parts = [dual(part, wrt, point) for part in children(expr)]
    if isinstance(expr, Call):
        return applied(expr.function, *parts[0])
    return PAIRS[type(expr)](parts)


def applied(function, u, du):
    if abs(u) > LARGEST:
        raise ValueError(u)
    value, slope = FUNCTION_PAIRS[function](u)
    return value, slope * du


def product(parts):
    value, slope = mpf(1), mpf(0)
    for u, du in parts:
        value, slope = value * u, slope * u + value * du
    return value, slope


def quotient(parts):
    (u, du), (v, dv) = parts
    return u / v, (du * v - u * dv) / v**2


def power(parts):
    (u, du), (v, dv) = parts
    if abs(v) > LARGEST or (u <= 0 and v != int(v)):
        raise ValueError(u, v)
    return u**v, v * u ** (v - 1) * du + (u**v * mp.log(u) * dv if dv else 0)


PAIRS = {
    Neg: lambda parts: (-parts[0][0], -parts[0][1]),
    Add: lambda parts: (sum(u for u, _ in parts), sum(du for _, du in parts)),
    Mul: product,
    Div: quotient,
    Pow: power,
}


def logistic(u):
    return 1 / (1 + mp.exp(-u))


FUNCTION_PAIRS = {
    "exp": lambda u: (mp.exp(u), mp.exp(u)),
    "log": lambda u: (mp.log(u), 1 / u),
    "sin": lambda u: (mp.sin(u), mp.cos(u)),
    "cos": lambda u: (mp.cos(u), -mp.sin(u)),
    "sqrt": lambda u: (mp.sqrt(u), 1 / (2 * mp.sqrt(u))),
    "tanh": lambda u: (mp.tanh(u), mp.sech(u) ** 2),
    "sigmoid": lambda u: (logistic(u), mp.exp(-u) * logistic(u) ** 2),
    "softplus": lambda u: (mp.log(1 + mp.exp(u)), logistic(u)),
}

SX, SA = sp.Symbol("x", real=True), sp.Symbol("a", real=True)
LEAVES = [("x", SX), ("x", SX), ("a", SA), ("2", sp.Integer(2)), ("0.5", sp.Rational(1, 2))]
WRAPPERS = {
    "exp({})": sp.exp,
    "log(1+({})^2)": lambda u: sp.log(1 + u**2),
    "sin({})": sp.sin,
    "cos({})": sp.cos,
    "sqrt(1+({})^2)": lambda u: sp.sqrt(1 + u**2),
    "tanh({})": sp.tanh,
    "sigmoid({})": lambda u: 1 / (1 + sp.exp(-u)),
    "softplus({})": lambda u: sp.log(1 + sp.exp(u)),
    "-({})": lambda u: -u,
    "({})^2": lambda u: u**2,
    "({})^3": lambda u: u**3,
    "({})^(-1)": lambda u: 1 / u,
    "1/(1+exp(-({})))": lambda u: 1 / (1 + sp.exp(-u)),
    "log(1+exp({}))": lambda u: sp.log(1 + sp.exp(u)),
    "2^({})": lambda u: 2**u,
}
JOINERS = {
    "({})+({})": lambda u, v: u + v,
    "({})-({})": lambda u, v: u - v,
    "({})*({})": lambda u, v: u * v,
    "({})/({})": lambda u, v: u / v,
    "({})/(1+({})^2)": lambda u, v: u / (1 + v**2),
}


def grown(inner):
    """Each expression twice: as text for derive, as SymPy's own object beside it."""
    return st.one_of(
        st.builds(
            lambda shape, u: (shape.format(u[0]), WRAPPERS[shape](u[1])),
            st.sampled_from(sorted(WRAPPERS)),
            inner,
        ),
        st.builds(
            lambda shape, u, v: (shape.format(u[0], v[0]), JOINERS[shape](u[1], v[1])),
            st.sampled_from(sorted(JOINERS)),
            inner,
            inner,
        ),
    )


pairs = st.recursive(st.sampled_from(LEAVES), grown, max_leaves=5)
coordinates = st.fractions(min_value=-2, max_value=2, max_denominator=50)


def sympy_slope(formula, x, a):
    """SymPy's derivative at a point, to more digits than are compared."""
    at = {SX: sp.Rational(x.numerator, x.denominator), SA: sp.Rational(a.numerator, a.denominator)}
    number = sp.diff(formula, SX).xreplace(at).evalf(2 * DIGITS)
    if not (number.is_Float or number.is_Rational):
        raise ValueError(number)
    return mpf(str(number))


def wrong_lines(text, formula, x, a):
    """The lines that are not SymPy's derivative of the formula at a point."""
    with mp.workdps(4 * DIGITS):
        point = {"x": mpf(x.numerator) / x.denominator, "a": mpf(a.numerator) / a.denominator}
        point[output_name(parse(text))] = dual(parse(text), "x", point)[0]
        found = differentiate(parse(text), "x")
        got = [dual(line.expr, "x", point)[0] for line in found]
        expected = sympy_slope(formula, x, a)
        near = mpf(10) ** -DIGITS * max(1, abs(expected))
        return [
            to_text(line.expr)
            for line, value in zip(found, got, strict=True)
            if abs(value - expected) > near
        ]


@settings(derandomize=True, deadline=None, max_examples=tries(250))
@given(pairs, coordinates, coordinates)
@example(("1/(1+exp(-(x*a)))", 1 / (1 + sp.exp(-SX * SA))), Fraction(1, 3), Fraction(-3, 2))
@example(("(x)/(1+(x)^2)", SX / (1 + SX**2)), Fraction(7, 5), Fraction(1))
@example(("2^(sin(x))", 2 ** sp.sin(SX)), Fraction(-7, 5), Fraction(1))
@example(("x^x", SX**SX), Fraction(7, 5), Fraction(1))
def test_every_line_is_the_derivative(pair, x, a):
    text, formula = pair
    try:
        wrong = wrong_lines(text, formula, x, a)
    except (ZeroDivisionError, ValueError):
        reject()
    assert wrong == []


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        ("1/(1+exp(-({})))", "1/(1+exp(-({})))"),
        ("log(1+exp({}))", "1/(1+exp(-({})))"),
        ("1/(1+exp(-({})))", "log(1+exp({}))"),
    ],
)
def test_a_written_out_function_of_another_is_differentiated_rightly(outer, inner):
    text = outer.format(inner.format("x"))
    formula = WRAPPERS[outer](WRAPPERS[inner](SX))
    assert wrong_lines(text, formula, Fraction(1, 3), Fraction(1)) == []


@settings(derandomize=True, deadline=None, max_examples=tries(100))
@given(pairs)
def test_the_last_line_holds_no_open_derivative_and_only_known_names(pair):
    tree = parse(pair[0])
    last = differentiate(tree, "x")[-1].expr
    assert not has_node(last, Diff)
    assert set(names(last)) <= {*names(tree), output_name(tree)}


@settings(derandomize=True, deadline=None, max_examples=tries(100))
@given(pairs)
def test_every_line_but_the_question_names_its_rules(pair):
    question, *worked = differentiate(parse(pair[0]), "x")
    assert question.rules == ()
    assert all(line.rules for line in worked)
    assert len({to_text(line.expr) for line in worked}) == len(worked)


def test_one_rule_leaves_inner_derivatives_open():
    result, rules = apply_rule(parse("sin(x^2)"), "x")
    assert rules == ("slope_sin", "chain")
    assert result == Mul((parse("cos(x^2)"), Diff(parse("x^2"), "x")))


@pytest.mark.parametrize("text", ["max(x,2*x)", "max(2*x,x)"])
def test_the_chain_rule_is_named_whichever_argument_needs_it(text):
    assert apply_rule(parse(text), "x")[1] == ("slope_max", "chain")
