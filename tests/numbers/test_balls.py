"""Trees evaluated exactly or in balls: nothing is guessed, a doubt is an `Undecided`."""

from __future__ import annotations

import re
from fractions import Fraction

import flint
import print_rule
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from derive.algebra import grammar
from derive.algebra.expressions import Add, Cases, Div, Mul, Name, Num, Pow
from derive.numbers import balls
from derive.numbers.balls import NotDefined, Undecided

STEADY = settings(deadline=None, derandomize=True, database=None)


def exact(value):
    value = Fraction(value)
    return flint.fmpq(value.numerator, value.denominator)


def fraction(value):
    return Fraction(int(value.p), int(value.q))


def value_of(text, **given_values):
    return balls.evaluate(grammar.parse(text), given_values.__getitem__)


def holds(ball, number):
    """Whether a ball contains an mpf of far more digits than the ball has."""
    low, high = ball.lower(), ball.upper()
    with mp.workdps(1_000):
        return mpf_of(low) <= number <= mpf_of(high)


def mpf_of(end):
    mantissa, exponent = end.man_exp()
    return mpf(int(mantissa)) * mpf(2) ** int(exponent)


TYPED = st.from_regex(
    re.compile(r"-?(\d{1,20}|\d{1,12}\.\d{0,12}|\.\d{1,12})(e[+-]?\d{1,2})?", re.ASCII),
    fullmatch=True,
)


@STEADY
@given(TYPED)
@example("8.089e-4")
@example("-0.50")
@example("1e60")
@example(".5")
@example("5.")
def test_a_typed_number_is_exactly_that_fraction(text):
    assert fraction(balls.exact(text)) == Fraction(text)
    assert balls.is_exact(balls.exact(text))


SIGNS = (
    (exact(3), 1), (exact("-0.5"), -1), (exact(0), 0), (flint.arb(2), 1), (flint.arb(-2), -1),
    (flint.arb(0), 0), (flint.arb(1, 0.5), 1), (flint.arb(-1, 0.5), -1),
)  # fmt: skip


@pytest.mark.parametrize(("value", "side"), SIGNS)
def test_the_sign_of_a_number(value, side):
    assert balls.sign(value) == side


@pytest.mark.parametrize("center", [0, 1, -1])
def test_the_sign_of_a_ball_around_zero_is_undecided(center):
    with pytest.raises(Undecided):
        balls.sign(flint.arb(center, 1.5))


def test_precision_is_restored_after_a_block_and_after_an_error():
    before = flint.ctx.prec
    with balls.precision(100):
        with balls.precision(700):
            assert flint.ctx.prec == 700
        assert flint.ctx.prec == 100
        with pytest.raises(Undecided), balls.precision(9_000):
            raise Undecided
        assert flint.ctx.prec == 100
    assert flint.ctx.prec == before


LEAVES = st.sampled_from("xyz") | st.integers(0, 12).map(str) | st.sampled_from(["0.5", "1.25"])
RATIONAL = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.tuples(parts, st.sampled_from("+-*/"), parts).map(lambda t: f"({t[0]}{t[1]}{t[2]})"),
        parts.map(lambda part: f"(-{part})"),
        st.tuples(parts, st.integers(0, 3)).map(lambda t: f"({t[0]})^{t[1]}"),
        st.tuples(parts, parts).map(lambda t: f"max({t[0]},{t[1]})"),
        st.tuples(parts, parts).map(lambda t: f"min({t[0]},{t[1]})"),
        parts.map(lambda part: f"abs({part})"),
        parts.map(lambda part: f"relu({part})"),
        parts.map(lambda part: f"leaky_relu({part})"),
    ),
    max_leaves=8,
)
"""Formulas whose values are fractions."""
SMALL = st.fractions(-8, 8, max_denominator=64)


@STEADY
@given(RATIONAL, SMALL, SMALL, SMALL)
def test_a_rational_formula_is_computed_exactly(text, x, y, z):
    try:
        expected = print_rule.result(text, {"x": x, "y": y, "z": z})
    except ZeroDivisionError:
        with pytest.raises(NotDefined, match="division by zero"):
            value_of(text, x=exact(x), y=exact(y), z=exact(z))
        return
    found = value_of(text, x=exact(x), y=exact(y), z=exact(z))
    assert balls.is_exact(found)
    assert fraction(found) == expected


@pytest.mark.parametrize("text", ["0*log(x)", "log(x)*0", "0*y*sqrt(x)"])
def test_zero_times_what_has_no_value_has_none(text):
    with pytest.raises(NotDefined):
        value_of(text, x=exact("-2"), y=exact("3"))


SMOOTH = ("exp", "sin", "cos", "tanh", "sigmoid", "softplus", "relu", "leaky_relu", "abs")
FORMULAS = (
    *(f"{name}(x)" for name in SMOOTH),
    *(f"{name}(x*y-1/3)" for name in SMOOTH),
    "log(abs(x)+0.1)", "ln(2+y^2)", "sqrt(x^2+1/2)", "(1+x^2)^y", "(1+x^2)^-0.5", "(1+x^2)^1.5",
    "2^x", "exp(x)/exp(y)+exp(x)*exp(y)", "max(exp(x),y)", "min(sin(x),cos(y))",
    "leaky_relu(x,y)", "leaky_relu(sin(x),0.25)", "(exp(x)-exp(y))^3", "(2+sin(x))^-2",
    "sigmoid(x)*(1-sigmoid(x))", "exp(-exp(x))", "1-tanh(x)^2", "-exp(x)",
)  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("bits", [53, 160, 640])
def test_a_ball_contains_the_value_of_every_function(text, bits):
    for x, y in (("0.5", "1.25"), ("-2/3", "0.1"), ("3", "-1.5"), ("7.5", "0"), ("0", "2")):
        expected = print_rule.result(text, {"x": Fraction(x), "y": Fraction(y)})
        try:
            with balls.precision(bits):
                found = value_of(text, x=exact(x), y=exact(y))
        except Undecided:
            assert text == "(exp(x)-exp(y))^3"
            continue
        if balls.is_exact(found):
            assert fraction(found) == expected
        else:
            assert holds(found, print_rule.real(expected))
            assert found.rel_accuracy_bits() > bits - 40


@STEADY
@given(st.sampled_from(FORMULAS), SMALL, SMALL)
def test_a_narrow_ball_in_gives_a_ball_with_the_value_in_it(text, x, y):
    """What a formula makes of balls contains what it makes of the numbers in them."""
    with balls.precision(120):
        given_values = {
            name: flint.arb(exact(v)) + flint.arb(0, 1e-20) for name, v in (("x", x), ("y", y))
        }
        try:
            found = value_of(text, **given_values)
        except Undecided:
            return
    expected = print_rule.result(text, {"x": x, "y": y})
    assert holds(flint.arb(found), print_rule.real(expected))


EXACT = {
    "exp(0)": "1", "sin(0)": "0", "cos(0)": "1", "log(1)": "0", "ln(3/3)": "0",
    "sigmoid(0)": "1/2",
    "tanh(0)": "0", "sqrt(0)": "0", "sqrt(9/4)": "3/2", "sqrt(2)*0": "0", "0*exp(7)": "0",
    "exp(7)*0": "0", "0/exp(7)": "0", "(4/9)^0.5": "2/3", "(4/9)^1.5": "8/27", "(4/9)^-0.5": "3/2",
    "0^0": "1", "0^3": "0", "0^(1/2)": "0", "0^(1/3)": "0", "(-2)^3": "-8", "(-2)^-3": "-1/8",
    "-2^2": "-4", "2^3^2": "512", "1/2*6": "3", "1^(10^30)": "1", "(-1)^(10^30)": "1",
    "(-1)^(10^30+1)": "-1", "0^(10^30)": "0", "abs(-2)": "2", "max(1/3,0.3)": "1/3",
    "min(1/3,0.3)": "3/10", "relu(-1)": "0", "relu(0)": "0", "leaky_relu(-1)": "-1/100",
    "leaky_relu(-1,0.5)": "-1/2", "exp(0)-1": "0", "sqrt(sqrt(16))": "2", "(-8)^2": "64",
    "sqrt(x^2)": "7/3", "exp(log(1))": "1", "(x-7/3)*exp(exp(9))": "0",
}  # fmt: skip


@pytest.mark.parametrize(("text", "value"), EXACT.items())
def test_what_is_rational_stays_exact(text, value):
    found = value_of(text, x=exact("7/3"))
    assert balls.is_exact(found)
    assert fraction(found) == Fraction(value)


ZERO_BELOW = "a division by zero"
NO_LOGARITHM = "a logarithm of a number that is not positive"
NO_ROOT = "a square root of a negative number"
NO_POWER = "a negative number to a power that is not whole"
TOO_LARGE = "the value is too large to be computed; rescale the exercise"
NOT_DEFINED = {
    "1/0": ZERO_BELOW, "1/(x-2)": ZERO_BELOW, "0/0": ZERO_BELOW, "0^-1": ZERO_BELOW,
    "(x-2)^-0.5": ZERO_BELOW, "(x-2)^(-1/3)": ZERO_BELOW, "(x-x)^-2": ZERO_BELOW,
    "exp(x)/(1-cos(0))": ZERO_BELOW, "1/b": ZERO_BELOW, "b^-2": ZERO_BELOW, "b^-0.5": ZERO_BELOW,
    "log(0)": NO_LOGARITHM, "log(-x)": NO_LOGARITHM, "ln(1-exp(x))": NO_LOGARITHM,
    "sqrt(-x)": NO_ROOT, "sqrt(sin(4))": NO_ROOT,
    "(-8)^(1/3)": NO_POWER, "(-x)^0.5": NO_POWER, "(1-exp(x))^x^0.5": NO_POWER,
    "exp(exp(exp(100)))": TOO_LARGE, "9^9^9^9": TOO_LARGE,
}  # fmt: skip
"""`b` is a ball that is exactly 0."""


@pytest.mark.parametrize(("text", "problem"), NOT_DEFINED.items())
def test_what_has_no_value_says_why(text, problem):
    with pytest.raises(NotDefined) as caught:
        value_of(text, x=exact(2), b=flint.arb(0))
    assert str(caught.value) == problem


UNDECIDED = (
    "1/t", "log(t)", "sqrt(t)", "abs(t)", "relu(t)", "max(t,0)", "t^-1", "t^0.5", "t^(1/3)",
    "1/(exp(x)-exp(x))", "log(exp(x)*exp(-x)-1)", "1/(sqrt(x)^2-x)", "(1+t)^(1/t)",
)  # fmt: skip


@pytest.mark.parametrize("text", UNDECIDED)
def test_a_question_that_a_ball_around_zero_cannot_answer_is_undecided(text):
    with pytest.raises(Undecided):
        value_of(text, x=exact(2), t=flint.arb(0, 1e-30))


@pytest.mark.parametrize("text", ["t^2", "t^3", "(1-t-1)^2", "1/2*t^2", "t^0", "t^1", "(t-t)^4"])
def test_a_whole_power_of_a_ball_around_zero_is_a_small_ball(text):
    """`1/2*(t-o)^2` of a saturated unit must not ask for bits without end."""
    found = value_of(text, t=flint.arb(0, 1e-30)) - (text == "t^0")
    assert found.contains(0)
    assert abs(found) < 1e-29


@pytest.mark.parametrize("text", ["9^9^9", "((9^9)^9999)^9999", "(1/9)^9^9", "(10^60)^(10^9)"])
def test_a_power_too_long_for_a_fraction_is_a_ball(text):
    found = value_of(text)
    assert not balls.is_exact(found)
    assert found > 0
    assert found.rel_accuracy_bits() > 10


@pytest.mark.parametrize(
    ("text", "is_exact"),
    [("x*y", True), ("x*y*2", False), ("x*y+0", True), ("x*y+x*y", False), ("2^8192", True)],
)
def test_a_fraction_is_exact_up_to_the_bits_of_the_budget(text, is_exact):
    """x*y = 2^16383 has the 16,384 bits of the budget; 2^8192 is 8,192 factors of 2 bits."""
    x, y = exact(2**8191), exact(2**8192)
    assert balls.is_exact(value_of(text, x=x, y=y)) is is_exact


def test_a_fraction_that_grows_too_long_is_carried_as_a_ball():
    third = exact("1/3")
    long = Mul(tuple(Pow(Name("x"), Num("6000")) for _ in range(2)))
    assert balls.is_exact(balls.evaluate(Pow(Name("x"), Num("6000")), lambda _: third))
    product = balls.evaluate(long, lambda _: third)
    assert not balls.is_exact(product)
    total = balls.evaluate(Add((long, Num("1"))), lambda _: third)
    assert total.contains(1)
    assert not balls.is_exact(total)
    assert balls.evaluate(Div(long, long), lambda _: third).contains(1)


CASES = Cases(Name("s"), Num("1"), Num("2"), Num("3"))


@pytest.mark.parametrize(("subject", "value"), [("-0.1", "1"), ("0", "2"), ("1e-60", "3")])
def test_cases_go_by_the_sign_of_their_subject(subject, value):
    given_values = {"s": balls.exact(subject)}
    assert balls.evaluate(CASES, given_values.__getitem__) == balls.exact(value)


def test_cases_of_a_ball_around_zero_are_undecided():
    with pytest.raises(Undecided):
        balls.evaluate(CASES, lambda _: flint.arb(0, 1e-9))


TIES = {
    "max(x,y)": "2",
    "min(x,y)": "2",
    "abs(x-y)": "0",
    "relu(x-y)": "0",
    "leaky_relu(x-y)": "0",
}


@pytest.mark.parametrize(("text", "value"), TIES.items())
def test_a_tie_has_the_value_of_both_sides(text, value):
    assert fraction(value_of(text, x=exact(2), y=exact(2))) == Fraction(value)
