"""Each known mistake leads to the number that the catalogue of the course has measured."""

import math

import pytest

import derive
from derive.checking.counterfactuals import Counterfactual, Truth, round_to
from derive.checking.exercise import Exercise
from derive.checking.marking import Given
from derive.checking.misconceptions import CATALOGUE
from derive.grading.assessment import open_marker

MEASURED = """
M01 - 0.29960429
M02 - 0.29972003
M02b - 0.29987554
M03 0.39554516 0.29826600
M04 0.46296143 0.30040444
M05 0.46296143 0.30040444
M06 - 0.29837966
M07 0.43757608 0.29963136
M08 0.42407714 0.29919112
M09 0.44351929 0.29979778
M10 0.44750737 0.29789697
M11 - 0.29964890
M13 0.44351929 0.29979778
M14 0.42407714 0.29919112
M15 0.44351929 0.29979778
M22 0.44999379 0.30049686
M38 - 0.29960926
M39 0.43655111 0.29987858
M40 0.42873244 0.29875597
M41 -0.03372846 0.10899638
M42 - 0.29999721
M43 - 0.29919112
M44 0.44941544 0.29947301
M47 0.44851651 -
M48 - 0.29920003
M49 - 0.29984449
M50 0.01296143 0.00040444
M51 0.39815429 0.29838225
M52 0.43703857 0.29959556
M53 0.44728528 -
"""
ROWS = [line.split() for line in MEASURED.split("\n") if line and not line.startswith("M52")]


@pytest.fixture(scope="module")
def exercise():
    return Exercise(derive.sheet("two-two-two").numbers)


@pytest.mark.parametrize(("mistake", "fifth", "first"), ROWS)
def test_a_known_mistake_leads_to_its_measured_weights(exercise, mistake, fifth, first):
    truth = Truth(exercise)
    for name, measured in (("W5+", fifth), ("W1+", first)):
        if measured == "-":
            continue
        values = []
        for row in CATALOGUE:
            if row.id == mistake:
                value = Counterfactual(exercise, (row.rewrite,), truth=truth).value(name)
                values.append(f"{int(round_to(value, 8) * 10**8) / 10**8:.8f}")
        assert measured in values


def verdicts(source, answers):
    marker = open_marker(derive.sheet(source).numbers)
    marked = marker.mark(None, [Given(None, name, text) for name, text in answers.items()])
    return [(r.verdict, r.judgement.misconceptions) for r in marked.results]


@pytest.mark.parametrize(
    ("name", "answer", "verdict", "mistakes"),
    [
        ("dE_total/dW5", "0.02592286", "correct", ()),
        ("dE_total/dW5", "0.02592285", "rounded", ()),
        ("dE_total/dW5", "(o1-t1)*o1*(1-o1)*h1", "correct", ()),
        ("W5+", "0.39554516", "misconception", ("M03",)),
        ("W5+", "0.42407714", "misconception", ("M08", "M14")),
        ("W5+", "0.46296143", "misconception", ("M04", "M05")),
        ("W1+", ".2996", "correct", ()),
        ("W5+", "-0.43703857", "wrong", ()),
        ("W5+", "0.3 or 0.4", "unreadable", ()),
        ("W5+", "", "blank", ()),
    ],
)
def test_one_answer_to_the_decks_network(name, answer, verdict, mistakes):
    assert verdicts("two-two-two", {name: answer}) == [(verdict, mistakes)]


def test_the_published_error_after_the_update_is_named():
    found = verdicts("shared-biases", {"E_total+": ".291027924"})
    assert found == [("misconception", ("M01",))]


def test_a_right_method_after_a_slip_is_carried():
    slope = derive.sheet("two-two-two").numbers.shown("do1/dz3").text
    product = f"{0.3 * float(slope):.8f}"
    found = verdicts("two-two-two", {"dE_total/do1": "0.3", "dE_total/dz3": product})
    assert [verdict for verdict, _ in found] == ["wrong", "carried"]


@pytest.mark.parametrize(
    ("name", "answer", "verdict", "remarks"),
    [
        ("W5+", "-0.43703857", "wrong", ["sign"]),
        ("W5+", "4.3703857", "wrong", ["shift"]),
        ("W5+", "0.34703857", "wrong", ["swap"]),
        ("dE_total/dW5", "0.0259228", "rounded", ["cut"]),
        ("W5+", "0.44", "rounded", ["two_digits"]),
        ("W5+", "0.43", "rounded", ["cut"]),
        ("W1+", "0.2996", "correct", []),
        ("dE_total/dW5", "(o1-t1)*h1", "misconception", ["mistake.M03"]),
        ("dE_total/dW5", "(o1-t1)*h2", "wrong", []),
        ("dE_total/dW5", "(o1-0.4)*0.23802157*h1", "correct", ["partly_numbers"]),
        ("dE_total/dW5", "dE/do1*do1/dz3*dz3/dW5 = 0.02592285", "rounded", ["from_printed"]),
        ("dE_total/dW5", "0.5 = 0.02592286", "unreadable", ["unreadable.chain"]),
        ("o1", "1/(1+e^{-0.44498412})", "correct", []),
        ("o1", "1/(1+e^{0.44498412})", "misconception", ["mistake.M22"]),
        ("dE_total/do1", "o1-t1+10^(-20)", "wrong", []),
        ("dz3/dW5", "0.1", "misconception", ["mistake.M10"]),
    ],
)
def test_a_remark_says_what_is_meant(name, answer, verdict, remarks):
    marker = open_marker(derive.sheet("two-two-two").numbers)
    (result,) = marker.mark(None, [Given(None, name, answer)]).results
    assert result.verdict == verdict
    assert [remark.key for remark in result.judgement.remarks] == remarks


ENTROPY = """
inputs = [0.1, 0.2]
targets = [1, 0]
loss = "binary_cross_entropy"
learning_rate = 0.5
[[layers]]
activation = "sigmoid"
weights = [[0.3, 0.25], [0.4, 0.35]]
[[layers]]
activation = "sigmoid"
weights = [[0.45, 0.4], [0.7, 0.6]]
"""


@pytest.mark.parametrize(
    ("name", "answer", "verdict", "mistakes"),
    [
        ("dE_total/dz3", "o1-t1", "correct", ()),
        ("dE_total/dW5", "(o1-t1)*h1", "correct", ()),
        ("dE_total/do1", "(o1-t1)/(o1*(1-o1))", "correct", ()),
        ("dE_total/do1", "o1-t1", "misconception", ("M24",)),
        ("dE_total/dz3", "(o1-t1)*o1*(1-o1)", "misconception", ("M24",)),
        ("E_o2", "-(t2*ln(o2))", "misconception", ("M26",)),
        ("E_o2", "-1.09018265", "misconception", ("M26",)),
        ("dE_total/do2", "-t2/o2", "misconception", ("M26",)),
        ("E_o1", "0.21506477", "misconception", ("M21",)),
        ("dE_total/do1", "-0.71260535", "misconception", ("M21",)),
    ],
)
def test_one_answer_to_a_network_with_cross_entropy(name, answer, verdict, mistakes):
    marker = open_marker(derive.sheet(derive.loads(ENTROPY)).numbers)
    (result,) = marker.mark(None, [Given(None, name, answer)]).results
    assert (result.verdict, result.judgement.misconceptions) == (verdict, mistakes)


@pytest.mark.parametrize(
    ("name", "answer", "verdict", "mistakes"),
    [
        ("dE_total/dz3", "o1-t1", "correct", ()),
        ("dE_total/dz4", "o2-t2", "correct", ()),
        ("dE_total/dW5", "(o1-t1)*h1", "correct", ()),
        ("do1/dz4", "-o1*o2", "correct", ()),
        ("do1/dz4", "o1*(1-o2)", "wrong", ()),
        ("dE_total/dz4", "dE_total/do2*do2/dz4", "correct", ()),
        ("dE_total/dz3", "dE_total/do1*do1/dz3", "misconception", ("M23",)),
        ("dE_total/dz4", "(o2-t2)*o2*(1-o2)", "misconception", ("M24",)),
        ("dE_total/do2", "o2-t2", "misconception", ("M24",)),
    ],
)
def test_one_answer_to_a_softmax(name, answer, verdict, mistakes):
    """With one right class only its own term is not 0: M23 changes nothing there, else gives 0."""
    marker = open_marker(derive.sheet("softmax").numbers)
    (result,) = marker.mark(None, [Given(None, name, answer)]).results
    assert (result.verdict, result.judgement.misconceptions) == (verdict, mistakes)


def error_of_the_deck(weights):
    """The forward pass of the deck in plain floats."""
    w1, w2, w3, w4, w5, w6, w7, w8 = weights
    sigmoid = lambda z: 1 / (1 + math.exp(-z))  # noqa: E731
    h1, h2 = sigmoid(w1 * 0.1 + w2 * 0.2), sigmoid(w3 * 0.1 + w4 * 0.2)
    o1, o2 = sigmoid(w5 * h1 + w6 * h2), sigmoid(w7 * h1 + w8 * h2)
    return ((0.4 - o1) ** 2 + (0.6 - o2) ** 2) / 2


@pytest.mark.parametrize(
    ("weight", "h", "central"),
    [
        *((weight, h, False) for weight in range(1, 9) for h in (0.1, 0.01)),
        *((weight, 0.1, True) for weight in range(5, 9)),
    ],
)
def test_a_quotient_with_a_wide_h_is_known(weight, h, central):
    """The central quotient of the first weights is right to all printed digits."""
    start = [0.3, 0.25, 0.4, 0.35, 0.45, 0.4, 0.7, 0.6]
    above, below = list(start), list(start)
    above[weight - 1] += h
    below[weight - 1] -= h if central else 0
    wide = (1 + central) * h
    quotient = (error_of_the_deck(above) - error_of_the_deck(below)) / wide
    numbers = derive.sheet("two-two-two").numbers
    name = f"dE_total/dW{weight}"
    (plain,) = open_marker(numbers).mark(None, [Given(None, name, f"{quotient:.12f}")]).results
    assert plain.verdict == "wrong"
    marker = open_marker(numbers, gradient_check=True)
    (result,) = marker.mark(None, [Given(None, name, f"{quotient:.12f}")]).results
    assert (result.verdict, result.judgement.misconceptions) == ("misconception", ("M45",))
