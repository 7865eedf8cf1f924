"""Half away from zero on exact fractions and on balls, and the texts made of it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from math import floor, log10

import flint
import print_rule
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from derive import limits
from derive.numbers import Shown, balls, rounding
from derive.numbers.balls import NotDefined, Undecided

STEADY = settings(deadline=None, derandomize=True, database=None)

FRACTIONS = st.builds(
    Fraction, st.integers(-(10**30), 10**30), st.integers(1, 10**12)
) | st.builds(lambda n, p: Fraction(n, 10**p), st.integers(-(10**15), 10**15), st.integers(0, 20))
"""Numbers with and without an end as decimals; the second half is full of ties."""
DECIMALS = st.integers(1, 50)


def exact(value):
    value = Fraction(value)
    return flint.fmpq(value.numerator, value.denominator)


def ball(low, high):
    """The narrowest ball over an interval with dyadic ends."""
    low, high = Fraction(low), Fraction(high)
    return flint.arb(flint.arb(exact((low + high) / 2)), flint.arb(exact((high - low) / 2)))


def decimal_half_up(value, decimals):
    """`decimal`'s own rounding; ROUND_HALF_UP is half away from zero."""
    with localcontext() as context:
        context.prec = 200
        number = Decimal(value.numerator) / Decimal(value.denominator)
        return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


@STEADY
@given(FRACTIONS)
@example(Fraction(1, 2))
@example(Fraction(-1, 2))
@example(Fraction(-5, 2))
@example(Fraction(0))
def test_the_nearest_integer_of_a_fraction(value):
    assert rounding.round_to_integer(exact(value)) == int(decimal_half_up(value, 0))


@STEADY
@given(FRACTIONS, DECIMALS)
@example(Fraction("0.125"), 2)
@example(Fraction("-2.675"), 2)
@example(Fraction("0.00000005"), 7)
def test_a_fixed_text_is_that_of_decimal(value, decimals):
    n = rounding.round_to_integer(exact(value * 10**decimals))
    text = rounding.write_fixed(n, decimals)
    assert Decimal(text) == decimal_half_up(value, decimals)
    assert len(text.partition(".")[2]) == decimals
    assert text.startswith("-") == (n < 0)


@STEADY
@given(st.integers(-(10**9), 10**9), st.integers(0, 30), st.integers(0, 30), st.data())
def test_the_nearest_integer_of_a_ball(units, up, down, data):
    """Every point of the ball rounds to it, or the ball says that it cannot tell."""
    low, high = (
        Fraction(2 * units + 1, 2) - Fraction(down, 2**10),
        Fraction(2 * units + 1, 2) + Fraction(up, 2**10),
    )
    inside = data.draw(st.fractions(low, high, max_denominator=2**20))
    try:
        found = rounding.round_to_integer(ball(low, high))
    except Undecided:
        return
    assert found == floor(abs(inside) + Fraction(1, 2)) * (1 if inside > 0 else -1)


@STEADY
@given(st.integers(-(10**9), 10**9), st.integers(1, 511), st.integers(1, 511))
def test_a_ball_across_a_border_is_undecided(units, up, down):
    border = Fraction(2 * units + 1, 2)
    with pytest.raises(Undecided):
        rounding.round_to_integer(
            ball(border - Fraction(down, 2**10), border + Fraction(up, 2**10))
        )


@STEADY
@given(st.integers(1, 10**9), st.integers(0, 510), st.integers(0, 510), st.sampled_from([1, -1]))
def test_a_ball_between_two_borders_is_decided(units, up, down, side):
    low, high = units - Fraction(down, 2**10), units + Fraction(up, 2**10)
    narrow = ball(low, high) if side > 0 else ball(-high, -low)
    assert rounding.round_to_integer(narrow) == side * units


@pytest.mark.parametrize("radius", [0.25, 1e-300])
def test_a_ball_around_zero_has_no_sign_and_no_digit(radius):
    for ask in (rounding.round_to_integer, rounding.measure_magnitude):
        with pytest.raises(Undecided):
            ask(flint.arb(0, radius))
    with pytest.raises(Undecided):
        rounding.show(flint.arb(0, radius), 8)
    with pytest.raises(Undecided):
        rounding.write_for_key(flint.arb(0, radius), 30)


@STEADY
@given(FRACTIONS.filter(bool), st.integers(1, 40))
def test_significant_digits_of_a_fraction(value, digits):
    n, exponent = rounding.round_significant(exact(value), digits)
    assert 10 ** (digits - 1) <= abs(n) < 10**digits
    assert (n, exponent) == print_rule.leading(value, digits)


@STEADY
@given(st.integers(-40, 40), st.integers(1, 12), st.sampled_from([-1, 0, 1]))
def test_significant_digits_beside_a_power_of_ten(power, digits, side):
    value = Fraction(10) ** power * (1 + side * Fraction(1, 10 ** (digits + 1)) / 3)
    with balls.precision(400):
        for number in (exact(value), flint.arb(exact(value))):
            if side or isinstance(number, flint.fmpq):
                assert rounding.round_significant(number, digits) == print_rule.leading(
                    value, digits
                )


@pytest.mark.parametrize("power", [-10_000, -120, -60, -8, -1, 0, 1, 8, 30, 59])
@pytest.mark.parametrize("digits", [1, 4, 30, 60])
def test_significant_digits_closer_to_a_power_of_ten_than_a_float_can_tell(power, digits):
    value = Fraction(10) ** power * (1 - Fraction(1, 3 * 10**25))
    assert rounding.round_significant(exact(value), digits) == print_rule.leading(value, digits)


@STEADY
@given(FRACTIONS.filter(bool))
def test_magnitude_is_the_exponent_or_one_beside_it(value):
    found = rounding.measure_magnitude(exact(value))
    assert Fraction(10) ** (found - 1) <= abs(value) < Fraction(10) ** (found + 2)


def test_the_magnitude_of_what_no_logarithm_is_taken_of():
    with balls.precision(64):
        huge = flint.arb(2) ** flint.fmpz(10**12)
        assert abs(rounding.measure_magnitude(huge) / (10**12 * log10(2)) - 1) < 1e-4


@STEADY
@given(FRACTIONS, DECIMALS)
@example(Fraction("0.08"), 8)
@example(Fraction("0.00000001"), 8)
@example(Fraction("0.00000099"), 8)
@example(Fraction("0.000000994999"), 8)
@example(Fraction("0.000000995"), 8)
@example(Fraction("-0.000000005"), 8)
@example(Fraction("0.99995"), 1)
@example(Fraction("-9.9996"), 1)
@example(Fraction("-9.95"), 1)
@example(Fraction(1, 3), 50)
def test_shown_is_section_5_of_the_contract(value, decimals):
    assume(abs(value) < 10**limits.PRINTED_MAGNITUDE)
    found = rounding.show(exact(value), decimals)
    assert found.text == print_rule.printed(value, decimals)
    assert found.exact == (Fraction(found.text) == value)


@STEADY
@given(FRACTIONS, DECIMALS)
def test_a_ball_shows_as_the_number_in_it_with_all_decimals(value, decimals):
    """A ball is never known to be exact: nothing is cut off and nothing is `=`."""
    assume(not print_rule.ends(value, decimals + 60))
    with balls.precision(700):
        found = rounding.show(flint.arb(exact(value)), decimals)
    assert found == Shown(print_rule.rounded(value, decimals), exact=False)


@STEADY
@given(st.integers(1, 10**9), st.integers(1, 12))
def test_a_ball_around_a_short_decimal_prints_all_decimals(n, decimals):
    with balls.precision(200):
        value = flint.arb(flint.fmpq(n, 10)) + flint.arb(0, 1e-50)
        assert rounding.show(value, decimals) == Shown(
            print_rule.rounded(Fraction(n, 10), decimals), exact=False
        )


def test_a_ball_without_a_radius_is_not_known_to_be_exact_either():
    assert rounding.show(flint.arb(0.5), 8) == Shown("0.50000000", exact=False)


@STEADY
@given(FRACTIONS, DECIMALS)
@example(Fraction("0.5") + Fraction(1, 3 * 10**40), 1)
@example(Fraction("0.15") - Fraction(1, 3 * 10**40), 1)
@example(Fraction("0.15") + Fraction(1, 3 * 10**31), 1)
@example(Fraction("0.000000095") + Fraction(1, 3 * 10**45), 8)
@example(Fraction("-99999999.9999999995") - Fraction(1, 3 * 10**50), 9)
@example(Fraction(2, 3) * 10**59, 3)
def test_one_rounding_tells_what_two_would(value, decimals):
    assume(value != 0)
    for bits, wrap in ((900, flint.arb), (64, lambda fraction: fraction)):
        with balls.precision(bits):
            number = wrap(exact(value))
            digits = rounding.count_key_digits(number, decimals)
            try:
                apart = rounding.show(number, decimals), rounding.write_for_key(number, digits)
            except (Undecided, NotDefined) as problem:
                with pytest.raises(type(problem)):
                    rounding.write_texts(number, decimals)
            else:
                assert rounding.write_texts(number, decimals) == apart


def test_a_zero_that_is_no_fraction_has_no_size():
    with pytest.raises(Undecided):
        rounding.measure_magnitude(flint.arb(0))


@STEADY
@given(FRACTIONS, DECIMALS)
def test_nothing_prints_as_minus_zero(value, decimals):
    text = rounding.show(exact(value / 10**45), decimals).text
    assert Fraction(text) or not value
    assert text.startswith("-") == (value < 0)


SHOWN = (
    ("0.08", 8, "0.08"), ("3", 8, "3"), ("-12", 8, "-12"), ("0", 8, "0"), ("100", 1, "100"),
    ("0.10", 8, "0.1"), ("0.023971900000000001", 8, "0.02397190"),
    ("0.00080888", 8, "0.00080888"), ("0.0008088751", 6, "0.000809"),
    ("0.0008088751", 5, "8.089e-4"), ("-0.0008088751", 4, "-8.089e-4"),
    ("0.00000001", 8, "0.00000001"), ("0.000000011", 8, "1.100e-8"),
    ("0.00999999", 4, "0.0100"), ("0.00994", 4, "9.940e-3"), ("0.00099999", 4, "1.000e-3"),
    ("5.25", 1, "5.250"), ("9.94", 1, "9.940"), ("9.95", 1, "10.0"), ("12.35", 1, "12.4"),
    ("-12.35", 1, "-12.4"), ("0.15", 1, "1.500e-1"), ("99.995", 2, "100.00"),
    ("-99.994", 2, "-99.99"), ("999999.5", 1, "999999.5"), ("1e-120", 8, "1.000e-120"),
    ("1.00005e-120", 8, "1.000e-120"), ("1.0005e-120", 8, "1.001e-120"),
    ("-1.0005e-120", 8, "-1.001e-120"), ("9.9995e-120", 8, "1.000e-119"),
)  # fmt: skip


@pytest.mark.parametrize(("value", "decimals", "text"), SHOWN)
def test_an_exact_number_prints_so(value, decimals, text):
    assert rounding.show(exact(value), decimals).text == text
    assert print_rule.printed(Fraction(value), decimals) == text


@pytest.mark.parametrize("power", [60, 61, 200])
@pytest.mark.parametrize("side", [1, -1])
def test_sixty_digits_before_the_point_are_the_most(power, side):
    for value in (exact(side * 10**power), flint.arb(exact(side * 10**power))):
        with pytest.raises(NotDefined, match=r"larger than 10\^59; rescale the exercise$"):
            rounding.show(value, 8)
    below = rounding.show(exact(side * (10**60 - 1)), 8)
    assert below.text == str(side * (10**60 - 1))


def test_a_size_that_the_ball_leaves_open_is_undecided():
    with pytest.raises(Undecided):
        rounding.show(flint.arb(5.5e59, 5e59), 8)
    with pytest.raises(Undecided):
        rounding.show(flint.arb(0, 1e70), 8)


def test_sizes_below_the_limit_are_refused_with_their_size():
    tiny = exact(Fraction(1, 10 ** (limits.PRINTED_SMALLNESS + 100)))
    with pytest.raises(
        NotDefined, match=r"of the size 10\^-10\d\d\d; derive prints .* 10\^-10000"
    ):
        rounding.show(tiny, 8)


@pytest.mark.parametrize("power", [9_900, 9_999, 10_000])
def test_sizes_above_the_limit_are_printed_and_keyed(power):
    """The message names 10^-10000 as the smallest size: so this is none of its business."""
    value = exact(Fraction(16, 10 ** (power + 1)))
    assert rounding.show(value, 8).text == f"1.600e-{power}"
    assert rounding.write_for_key(value, 30) == f"1.6{'0' * 28}e-{power}"


@STEADY
@given(FRACTIONS, st.integers(30, 60))
@example(Fraction(0), 30)
@example(Fraction(2, 3), 30)
@example(Fraction(1, 2**100), 30)
@example(Fraction(1, 2**130), 30)
@example(Fraction(10**40 + 1, 3), 30)
def test_a_key_text_is_complete_or_has_enough_digits(value, digits):
    text = rounding.write_for_key(exact(value), digits)
    if print_rule.ends(value, 2 * limits.NUMBER_DIGITS):
        assert Fraction(text) == value
        return
    place = print_rule.last_place(text)
    assert print_rule.digits_in(text) >= digits
    n, e = print_rule.leading(value, digits)
    assert Fraction(text) == print_rule.decimal(n, e)
    assert place <= max(e, 0)


@STEADY
@given(st.integers(-(10**30), 10**30).filter(bool), st.integers(-60, 40))
def test_a_key_text_of_a_ball_has_the_digits_of_the_number(n, power):
    value = Fraction(n, 7 * 10**30) * Fraction(10) ** power
    assume(value.denominator % 7 == 0)
    with balls.precision(400):
        text = rounding.write_for_key(flint.arb(exact(value)), 30)
    assert Fraction(text) == print_rule.decimal(*print_rule.leading(value, 30))


KEY_TEXTS = (
    ("0.50", "0.5"), ("-12", "-12"), ("0", "0"), ("1e-120", "0." + "0" * 119 + "1"),
    (Fraction(1, 3), "0." + "3" * 30), (Fraction(-2, 3), "-0." + "6" * 29 + "7"),
    (Fraction(20, 3), "6." + "6" * 28 + "7"),
    (Fraction(1, 3 * 10**12), "0." + "0" * 12 + "3" * 30),
    (Fraction(1, 3 * 10**13), "3." + "3" * 29 + "e-14"), (Fraction(10**30, 3), "3" * 30),
    (10**59, "1" + "0" * 59), (Fraction(1, 10**121), "1." + "0" * 29 + "e-121"),
)  # fmt: skip


@pytest.mark.parametrize(("value", "text"), KEY_TEXTS)
def test_a_key_text_reads_so(value, text):
    assert rounding.write_for_key(exact(value), 30) == text


@pytest.mark.parametrize(
    ("value", "decimals"),
    [(Fraction(10**18, 3), 8), (Fraction(10**32, 3), 8), (Fraction(-(10**32), 3), 50)],
)
def test_a_key_text_is_never_coarser_than_what_is_shown(value, decimals):
    """Whoever rounds the key's value must get what the sheet prints."""
    shown = rounding.show(exact(value), decimals).text
    text = rounding.write_for_key(exact(value), rounding.count_key_digits(exact(value), decimals))
    assert print_rule.fixed(Fraction(text), decimals) == shown


@STEADY
@given(FRACTIONS.filter(bool), FRACTIONS, DECIMALS)
def test_like_rounds_to_the_last_place_of_a_text(printed, value, decimals):
    text = print_rule.rounded(printed, decimals)
    place = print_rule.last_place(text)
    found = rounding.round_like(text, exact(value), decimals)
    if "e" not in text and print_rule.ends(value, decimals):
        assert Fraction(found) == value
    else:
        assert Fraction(found) == print_rule.decimal(print_rule.units(value, place), place)


LIKE = (
    ("0.02592286", "0.025922849", 8, "0.02592285"), ("0.02592286", "0.02592286", 8, "0.02592286"),
    ("0.02592286", "0.0259", 8, "0.0259"), ("8.089e-4", "0.00080888", 5, "8.089e-4"),
    ("8.089e-4", "0.0008088", 5, "8.088e-4"), ("8.089e-4", "0", 5, "0"),
    ("9.999e-4", "0.00100005", 5, "1.0001e-3"), ("-8.089e-4", "-0.00080884", 5, "-8.088e-4"),
    ("0.3", "-0.04", 1, "0.0"), ("8.089e-4", "0.00081", 5, "8.100e-4"),
    ("3", "3.00000003", 8, "3.00000003"), ("8.089", "8.0894", 1, "8.089"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "value", "decimals", "found"), LIKE)
def test_like_reads_so(text, value, decimals, found):
    assert rounding.round_like(text, exact(value), decimals) == found


@STEADY
@given(FRACTIONS, st.integers(0, 60))
def test_ends_within(value, decimals):
    assert rounding.ends_within(exact(value), decimals) == print_rule.ends(value, decimals)
    assert not rounding.ends_within(flint.arb(exact(value)), decimals)


@STEADY
@given(st.integers(-300, 300))
def test_powers_of_ten(power):
    assert rounding.power_of_ten(power) == exact(Fraction(10) ** power)


@pytest.mark.parametrize(
    ("n", "exponent", "text"),
    [
        (8089, -7, "8.089e-4"),
        (-8089, -7, "-8.089e-4"),
        (8089, -3, "8.089"),
        (8089, 0, "8.089e3"),
        (5, -9, "5e-9"),
        (5, 0, "5"),
        (1000, -30, "1.000e-27"),
    ],
)
def test_scientific(n, exponent, text):
    assert rounding.write_scientific(n, exponent) == text


@STEADY
@given(st.floats(-300, 300), st.integers(1, 30))
def test_digits_of_a_transcendental_ball_are_those_of_mpmath(x, decimals):
    """exp of a float, certified by balls, against mpmath with four times the digits."""
    assume(-300 < x * 1.0 < 130)
    with balls.precision(1200):
        found = rounding.show(flint.arb(x).exp(), decimals)
    with mp.workdps(1500):
        assert found.text == print_rule.rounded(mp.exp(mpf(x)), decimals) or x == 0
