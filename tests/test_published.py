"""Worked examples that others have printed, digit for digit as they printed them.

Where a printed number differs from the certified one, the table says which of
the two is wrong and why.
"""

from decimal import ROUND_HALF_UP, Decimal

import pytest

import derive

SAITO = "Saito, Deep Learning from Scratch, chapter 5"
GATES = "Stanford CS231n, Backpropagation, Intuitions"
HAN = "Han, Kamber, Pei, Data Mining, section 9.2"
MAZUR = "Mazur, A Step by Step Backpropagation Example"

PRINTED = [
    (SAITO, "shopping", "price", "715"),
    (SAITO, "shopping", "dprice/dapple", "2.2"),
    (SAITO, "shopping", "dprice/dapples", "110"),
    (SAITO, "shopping", "dprice/dorange", "3.3"),
    (SAITO, "shopping", "dprice/doranges", "165"),
    (SAITO, "shopping", "dprice/dtax", "650"),
    (GATES, "circuit", "df/dx", "-4"),
    (GATES, "circuit", "df/dy", "-4"),
    (GATES, "circuit", "df/dz", "3"),
    (GATES, "max-gate", "f", "-20"),
    (GATES, "max-gate", "df/dx", "-8"),
    (GATES, "max-gate", "df/dy", "6"),
    (GATES, "max-gate", "df/dz", "2"),
    (GATES, "max-gate", "df/dw", "0"),
    (GATES, "sigmoid-gate", "f", "0.73"),
    (GATES, "sigmoid-gate", "df/dw0", "-0.20"),
    (GATES, "sigmoid-gate", "df/dx0", "0.39"),
    (GATES, "sigmoid-gate", "df/dw1", "-0.39"),
    (GATES, "sigmoid-gate", "df/dx1", "-0.59"),
    (GATES, "sigmoid-gate", "df/dw2", "0.20"),
    (HAN, "three-two-one", "h1", "0.332"),
    (HAN, "three-two-one", "h2", "0.525"),
    (HAN, "three-two-one", "o1", "0.474"),
    (HAN, "three-two-one", "W1+", "0.192"),
    (HAN, "three-two-one", "W3+", "-0.508"),
    (HAN, "three-two-one", "W4+", "-0.306"),
    (HAN, "three-two-one", "W6+", "0.194"),
    (HAN, "three-two-one", "W7+", "-0.261"),
    (HAN, "three-two-one", "W8+", "-0.138"),
    (HAN, "three-two-one", "b1+", "-0.408"),
    (HAN, "three-two-one", "b2+", "0.194"),
    (HAN, "three-two-one", "b3+", "0.218"),
    (MAZUR, "shared-biases", "h1", "0.593269992"),
    (MAZUR, "shared-biases", "h2", "0.596884378"),
    (MAZUR, "shared-biases", "o1", "0.75136507"),
    (MAZUR, "shared-biases", "o2", "0.772928465"),
    (MAZUR, "shared-biases", "E_o1", "0.274811083"),
    (MAZUR, "shared-biases", "E_o2", "0.023560026"),
    (MAZUR, "shared-biases", "E_total", "0.298371109"),
    (MAZUR, "shared-biases", "dE_total/dW5", "0.082167041"),
    (MAZUR, "shared-biases", "W5+", "0.35891648"),
    (MAZUR, "shared-biases", "W8+", "0.561370121"),
    (MAZUR, "shared-biases", "W1+", "0.149780716"),
]

DIFFERENT = [
    # The new error with the new output weights used too early for the hidden ones.
    (MAZUR, "shared-biases", "E_total+", "0.291027924", "0.291027774"),
]


def certified(name, of):
    numbers = derive.sheet(name).numbers
    return Decimal(numbers.answer(numbers.step(of)).value)


def as_printed(value, printed):
    places = Decimal(printed).as_tuple().exponent
    return value.quantize(Decimal((0, (1,), places)), ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("source", "name", "of", "printed"), PRINTED, ids=[f"{n}-{i}" for _, n, i, _ in PRINTED]
)
def test_what_others_printed_is_what_comes_out(source, name, of, printed):
    assert as_printed(certified(name, of), printed) == Decimal(printed), source


@pytest.mark.parametrize(("source", "name", "of", "printed", "right"), DIFFERENT)
def test_where_the_publication_is_wrong(source, name, of, printed, right):
    value = certified(name, of)
    assert as_printed(value, printed) != Decimal(printed), source
    assert as_printed(value, right) == Decimal(right)


def test_the_error_signal_of_han_and_kamber_is_minus_ours():
    for of, printed in (("dE_total/dz3", "0.1311"), ("dE_total/dz2", "-0.0065")):
        assert abs(-certified("three-two-one", of) - Decimal(printed)) < Decimal("0.0001")
