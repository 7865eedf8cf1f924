"""The learner's last line: numbers multiplied, zeros gone, the value kept."""

from __future__ import annotations

import zlib
from fractions import Fraction
from time import process_time

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from sampling import tries

from derive.algebra.expressions import Add, Call, Cases, Div, Mul, Name, Neg, Num, Pow
from derive.algebra.grammar import parse, to_text
from derive.algebra.tidy import tidy

EXAMPLES = [
    # the deck's line
    ("2*1/2*(t1-o1)^(2-1)*(-1)+0", "-(t1-o1)"),
    ("2*(1/2)*(t1-o1)^(2-1)*(-1)+0", "-(t1-o1)"),
    ("3*(1/3)*(t-o)^(3-1)*(-1)", "-(t-o)^2"),
    # zeros and ones go
    ("x+0", "x"),
    ("0-x", "-x"),
    ("0*x", "0"),
    ("1*x", "x"),
    ("x^1", "x"),
    ("x^0", "1"),
    ("0*(1+exp(-x))-1*(0+exp(-x)*(-1))", "exp(-x)"),
    # signs stand in front
    ("-(-x)", "x"),
    ("(-x)*(-y)", "x*y"),
    ("x*(-1)", "-x"),
    ("a/(-b)", "-a/b"),
    ("x-(-y)", "x+y"),
    # numbers are put together
    ("2*3", "6"),
    ("2*x*3", "6*x"),
    ("1/3+1/6", "1/2"),
    ("0.1+0.2", "3/10"),
    ("2/3*x/4", "1/6*x"),
    ("(-2)^2", "4"),
    ("2^(-1)", "1/2"),
    ("2^19", "524288"),
    ("3+x", "3+x"),
    ("x+3", "x+3"),
    ("1+x-1", "x"),
    # equal factors and terms are put together
    ("x*x", "x^2"),
    ("x*x^2", "x^3"),
    ("x/x", "1"),
    ("x^2*x^(-2)", "1"),
    ("x^a*x^b", "x^(a+b)"),
    ("x^(-2)", "1/x^2"),
    ("x^(-a)", "1/x^a"),
    ("x+x", "2*x"),
    ("5*(x+y)-3*(x+y)", "2*(x+y)"),
    ("1/x+1/x", "2/x"),
    ("x-x+y-y", "0"),
    ("(a+b)*(a+b)", "(a+b)^2"),
    # fractions become one fraction
    ("a*(b/c)", "a*b/c"),
    ("a/(b/c)", "a*c/b"),
    ("(a/b)/(c/d)", "a*d/(b*c)"),
    ("1/(1/x)", "x"),
    # what was taught stays visible
    ("o1*(1-o1)", "o1*(1-o1)"),
    ("(a+b)*c", "(a+b)*c"),
    ("-(x+y)", "-(x+y)"),
    ("(2*x)^2", "(2*x)^2"),
    ("1/(2*y)", "1/(2*y)"),
    ("x*y+y*x", "x*y+y*x"),
    ("0.50", "0.50"),
    # the inside of a function is tidied, the function stays
    ("exp(0*x+1)", "exp(1)"),
    ("max(1*x,y+0)", "max(x,y)"),
    ("sqrt(4)", "sqrt(4)"),
]


@pytest.mark.parametrize(("text", "tidied"), EXAMPLES)
def test_a_line_is_tidied(text, tidied):
    assert to_text(tidy(parse(text))) == tidied


@pytest.mark.parametrize("text", ["2^20", "9^9^9", "2^65", "(9^9)^9999", "2^(1/2)", "x^9^9^9"])
def test_powers_that_would_grow_are_left_alone(text):
    assert to_text(tidy(parse(text))) == text


@pytest.mark.parametrize("text", ["x/0", "1/0", "x*0^(-1)"])
def test_a_division_by_zero_stays_for_others_to_refuse(text):
    left = [node for node in [tidy(parse(text))] if isinstance(node, Div)]
    assert [to_text(node.bottom) for node in left] == ["0"]


def test_each_side_of_a_case_is_tidied():
    x = Name("x")
    messy = Cases(Add((x, Num("0"))), Mul((Num("1"), x)), Num("0"), Neg(Neg(x)), kink=True)
    assert tidy(messy) == Cases(Add((x, Num("0"))), x, Num("0"), x, kink=True)


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("(-x)^(-1)", "-1/x"),
        ("(y/3)^(-1)", "3/y"),
        ("(3*x)^(-1)/x", "1/(3*x^2)"),
        ("(x/y)^(-1)", "y/x"),
    ],
)
def test_the_reciprocal_of_a_product_is_taken_apart_at_once(text, tidied):
    assert to_text(tidy(parse(text))) == tidied


def test_numbers_multiplied_out_stay_numbers_of_the_grammar():
    text = to_text(tidy(parse("1e40*1e40*x")))
    assert parse(text) == tidy(parse("1e40*1e40*x"))


# --- properties -------------------------------------------------------------------------------

POINTS = (
    {"x": Fraction(7, 3), "y": Fraction(-5, 11), "a": Fraction(13, 17)},
    {"x": Fraction(-9, 4), "y": Fraction(2, 7), "a": Fraction(-3)},
)
LARGEST_POWER = 200
"""Larger ones are correct too, but take their time in fractions."""


def value(expr, point):
    """The exact value; a function is some fixed number for each value it is given."""
    if isinstance(expr, Num):
        return Fraction(expr.text)
    if isinstance(expr, Name):
        return point[expr.id]
    if isinstance(expr, Neg):
        return -value(expr.arg, point)
    if isinstance(expr, Add):
        return sum((value(term, point) for term in expr.terms), Fraction(0))
    if isinstance(expr, Div):
        return value(expr.top, point) / value(expr.bottom, point)
    if isinstance(expr, Mul):
        product = Fraction(1)
        for factor in expr.factors:
            product *= value(factor, point)
        return product
    if isinstance(expr, Pow):
        exponent = value(expr.exponent, point)
        assume(exponent.denominator == 1 and abs(exponent) <= LARGEST_POWER)
        return value(expr.base, point) ** int(exponent)
    assert isinstance(expr, Call)
    inside = ",".join(str(value(arg, point)) for arg in expr.args)
    return Fraction(zlib.crc32(f"{expr.function} {inside}".encode()) % 997 + 1, 7)


def larger(inner):
    exponents = st.sampled_from(["2", "3", "0", "1", "(-1)", "(-2)", "(2-1)", "(1-3)"])
    return st.one_of(
        st.builds(lambda a, op, b: f"({a}){op}({b})", inner, st.sampled_from("+-*/+-*/"), inner),
        st.builds(lambda a, n: f"({a})^{n}", inner, exponents),
        st.builds(lambda a: f"-({a})", inner),
        st.builds(lambda a: f"sin({a})", inner),
    )


leaves = st.sampled_from(["0", "1", "2", "3", "0.5", "1/2", "x", "y", "a", "x", "y"])
trees = st.recursive(leaves, larger, max_leaves=12).map(parse)


@settings(derandomize=True, deadline=None, max_examples=tries(300))
@given(trees)
def test_tidying_keeps_the_value(tree):
    for point in POINTS:
        try:
            before = value(tree, point)
        except ZeroDivisionError:
            continue
        assert value(tidy(tree), point) == before


@settings(derandomize=True, deadline=None, max_examples=tries(300))
@given(trees)
@example(parse("(-x)^(-1)"))
def test_a_tidy_tree_is_left_as_it_is(tree):
    once = tidy(tree)
    assert to_text(tidy(once)) == to_text(once)


@settings(derandomize=True, deadline=None, max_examples=tries(300))
@given(trees)
@example(parse("(3*x)^(-1)/x"))
def test_a_tidy_tree_is_written_and_read_back(tree):
    assert parse(to_text(tidy(tree))) == tidy(tree)


@pytest.mark.parametrize("shape", ["1/(1+{})", "x*(1+{})", "(1+{})^2", "(x-{})/(1+x)"])
def test_sums_inside_one_another_take_no_more_time_at_every_depth(shape):
    text = "x"
    for _ in range(20):
        text = shape.format(text)
    before = process_time()
    tidy(parse(text))
    assert process_time() - before < 1
