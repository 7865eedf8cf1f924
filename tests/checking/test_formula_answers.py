"""Formulas are right as functions of every given number, in every case, or not at all."""

from functools import cache

import pytest
from sampling import EXAMPLES, few

import derive
from derive.checking.marking import Given
from derive.grading.assessment import open_marker
from derive.spec import override

GATE = """
kind = "circuit"
output = "f"
[values]
x = 0.83
y = -0.37
d = 0.6
[definitions]
p = "x * x"
m = "max(p, d)"
a = "abs(y)"
f = "m * a"
"""
KINKED = """
inputs = [0.35, 0.8]
targets = [0.2, 0.9]
learning_rate = 0.3
[[layers]]
activation = "relu"
weights = [[0.15, 0.4], [0.55, -0.9]]
[[layers]]
activation = "sigmoid"
weights = [[0.45, -0.36], [0.7, 0.21]]
"""
CLASSES = """
inputs = [0.35, 0.8]
targets = [{targets}]
loss = "cross_entropy"
learning_rate = 0.3
[[layers]]
activation = "softmax"
weights = [[0.15, 0.4], [0.55, -0.9], [0.25, 0.35]]
"""
SHARES = CLASSES.format(targets="0.2, 0.5, 0.3")
ONE_HOT = CLASSES.format(targets="0, 1, 0")
HUBER = KINKED.replace("learning_rate", 'loss = "huber"\nlearning_rate')


@cache
def marker(source):
    spec = derive.load(source) if source in EXAMPLES else derive.loads(source)
    return open_marker(derive.sheet(spec).numbers)


def judged(source, name, formula):
    (result,) = marker(source).mark(None, [Given(None, name, formula)]).results
    remarks = [remark.key for remark in result.judgement.remarks]
    return result.verdict, remarks if result.verdict == "correct" else []


@pytest.mark.parametrize("source", few([*EXAMPLES, KINKED, HUBER, GATE, SHARES], 6))
def test_every_formula_of_the_key_is_its_own_right_answer(source):
    sheet = derive.sheet(derive.load(source) if source in EXAMPLES else derive.loads(source))
    rows = [row for row in derive.key(sheet)["answers"] if row["asked"]]
    given = [Given(None, row["id"], row["formula"]) for row in rows]
    found = marker(source).mark(None, given).results
    assert [(r.id, r.answer) for r in found if r.verdict != "correct"] == []


@pytest.mark.parametrize(
    ("source", "name", "formula", "verdict"),
    [
        (GATE, "m", "max(p, d)", "correct"),
        (GATE, "m", "max(d, x^2)", "correct"),
        (GATE, "m", "p", "wrong"),
        (GATE, "f", "m*a", "correct"),
        (GATE, "f", "p*a", "misconception"),
        (GATE, "f", "-m*y", "wrong"),
        (GATE, "df/dp", "a", "correct"),
        (KINKED, "h1", "relu(z1)", "correct"),
        (KINKED, "h1", "max(0, z1)", "correct"),
        (KINKED, "h1", "z1", "misconception"),
        (KINKED, "h2", "0*z2", "wrong"),
        (KINKED, "dE_total/dW1", "dE_total/dh1*x1", "correct"),
        (KINKED, "z3", "W5*h1+W6*h2", "correct"),
        (KINKED, "dE_total/dh1", "(o1-t1)*o1*(1-o1)*W5+(o2-t2)*o2*(1-o2)*W7", "correct"),
        (SHARES, "dE_total/dz1", "o1-t1", "correct"),
        (SHARES, "dE_total/dz1", "o1*(t1+t2+t3)-t1", "correct"),
        (SHARES, "dE_total/dz1", "o1-t2", "misconception"),
    ],
)
def test_a_formula_is_compared_at_other_numbers_and_in_every_case(source, name, formula, verdict):
    assert judged(source, name, formula) == (verdict, [])


@pytest.mark.parametrize(
    ("source", "name", "formula"),
    [
        (KINKED, "W1+", "W1 - 0.3*dE_total/dW1"),
        (KINKED, "z1", "0.15*x1 + 0.4*x2"),
        (KINKED, "dE_total/do1", "o1 - 0.2"),
        (ONE_HOT, "E_o2", "-ln(o2)"),
        (ONE_HOT, "dE_total/dz2", "o2 - 1"),
        (ONE_HOT, "dE_total/dz2", "dE_total/do2*do2/dz2"),
    ],
)
def test_numbers_of_the_sheet_may_stand_for_their_names(source, name, formula):
    assert judged(source, name, formula) == ("correct", ["partly_numbers"])


@pytest.mark.parametrize(
    ("source", "name", "formula"),
    [
        (KINKED, "E_o1", "(t1-o1)^2/2 + t1 - 0.2*1"),
        (KINKED, "z1", "W1*x1 + W2*x2 + x1 - 0.35"),
    ],
)
def test_a_number_for_one_name_does_not_excuse_the_name_beside_it(source, name, formula):
    """With t1 held at 0.2 the formula is right; so it is right on this sheet alone."""
    assert judged(source, name, formula) == ("correct", ["partly_numbers"])


@pytest.mark.parametrize(
    ("asked", "formula", "verdict"),
    [
        ("h1", "sigmoid(z1)", "correct"),
        ("do1/dz3", "o1*(1-o1)", "correct"),
        ("dE_total/dW5", "dE_total/dz3*h1", "correct"),
        ("W5+", "W5-learning_rate*dE_total/dW5", "correct"),
        ("do1/dz3", "z3*(1-z3)", "misconception"),
        ("h1", "sigmoid(z2)", "wrong"),
    ],
)
def test_a_formula_is_right_where_every_step_is_rounded(asked, formula, verdict):
    rounded = override(derive.load("two-two-two"), {"rounding": "stepwise", "decimals": 4})
    marker = open_marker(derive.sheet(rounded).numbers)
    (result,) = marker.mark(None, [Given(None, asked, formula)]).results
    assert result.verdict == verdict
