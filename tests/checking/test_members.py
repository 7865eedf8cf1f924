"""Whole sheets of members: honest rounding is never a mistake, a planted mistake has its name."""

from __future__ import annotations

from random import Random

import pytest
from float_networks import MISTAKES, FloatNetwork, fixed
from members import keep_digits
from random_sheets import random_sheet
from sampling import few

import derive
from derive.checking.marking import Given
from derive.grading.assessment import open_marker


def mark(text, written):
    marker = open_marker(derive.sheet(derive.loads(text)).numbers)
    known = marker.exercise.order
    return marker.mark(None, [Given(None, i, w) for i, w in written.items() if i in known])


@pytest.mark.parametrize("seed", few(range(100), 12))
def test_whoever_rounds_or_cuts_each_line_is_never_told_of_a_mistake(seed):
    """To 2 to 6 significant digits, and goes on with what is written."""
    draw = Random(seed)  # noqa: S311 - reproducible members, not secrets
    text = random_sheet(seed, small=draw.random() < 0.5)
    cut = draw.random() < 0.4
    keep = keep_digits(draw.randint(3 if cut else 2, 6), cut=cut, significant=True)
    marked = mark(text, FloatNetwork(text, keep=keep).written)
    assert {r.verdict for r in marked.results} <= {"correct", "rounded"}
    assert marked.joint is None


MADE_IN_LINES = [m for m in MISTAKES if m != "M38"]
"""M38 runs forward anew inside one step: who rounds each line has none for that."""


def changes(text, mistake, right):
    """Whether a mistake moves some answer by more than four digits can hide."""
    wrong = FloatNetwork(text, mistake).values
    return any(abs(wrong[i] - v) > 1e-3 * abs(v) + 1e-5 for i, v in right.values.items())


@pytest.mark.parametrize("seed", range(8))
def test_one_mistake_on_a_sheet_of_four_digits_has_its_name(seed):
    assert find_one(seed)


@pytest.mark.slow
def test_one_mistake_on_most_sheets_of_four_digits_has_its_name():
    """Four digits can hide which of two mistakes it was; then no name is right too."""
    assert sum(map(find_one, range(200))) >= 0.97 * 200


def find_one(seed):
    draw = Random(seed)  # noqa: S311
    text = random_sheet(seed, small=draw.random() < 0.5)
    right = FloatNetwork(text)
    mistake = draw.choice([m for m in MADE_IN_LINES if changes(text, m, right)])
    keep = keep_digits(4, cut=False, significant=True)
    marked = mark(text, FloatNetwork(text, mistake, keep=keep).written)
    return mistake.split()[0] in names(marked)


@pytest.mark.slow
def test_two_mistakes_of_which_both_show_have_their_names_on_most_sheets():
    """Both show where the sheet differs from that of each of them alone."""
    found = [seen for seed in range(100) if (seen := find_both(seed)) is not None]
    assert len(found) > 60
    assert sum(found) >= 0.95 * len(found)


def find_both(seed):
    draw = Random(seed)  # noqa: S311
    text = random_sheet(seed, small=draw.random() < 0.5)
    right = FloatNetwork(text)
    pool = [m for m in MISTAKES if changes(text, m, right)]
    one, two = draw.sample(pool, 2)
    both = written(text, f"{one} and {two}", right)
    alone = (written(text, m, right) for m in ("", one, two))
    if one.split()[0] == two.split()[0] or both in alone:
        return None
    return {one.split()[0], two.split()[0]} <= names(mark(text, both))


def names(marked):
    """The mistakes that the verdicts name, one by one or together."""
    joint = marked.joint.explanations if marked.joint else ()
    return {m for r in marked.results for m in r.judgement.misconceptions}.union(*joint)


def written(text, mistake, right):
    return FloatNetwork(text, mistake, keep=lambda v: fixed(v, right.decimals)).written


NET = """
inputs = [0.4, 0.9]
targets = [0.2]
learning_rate = 0.3
[[layers]]
activation = "sigmoid"
weights = [[0.5, 0.1], [-0.2, 0.6]]
[[layers]]
activation = "sigmoid"
weights = [[0.7, -0.4]]
"""
ENTROPY = """
decimals = 3
inputs = [2, 1]
targets = [1]
loss = "binary_cross_entropy"
learning_rate = 0.5
[[layers]]
activation = "sigmoid"
weights = [[2.1, 1.3]]
"""
SQUARED = """
decimals = 4
inputs = [1, 0]
targets = [0.6]
loss = "squared_error"
learning_rate = 0.5
[[layers]]
activation = "sigmoid"
weights = [[0.3, 0.1], [0.25, 0.2]]
[[layers]]
weights = [[0.9, 0.5]]
"""
LINEAR = """
inputs = [2, 3]
targets = [1]
learning_rate = 0.5
[[layers]]
weights = [[0.5, 0.25]]
"""
OWN_FACTORS = {
    "dE_total/do2": ".0638449",
    "do2/dz4": ".223155",
    "dz4/dW7": ".519989",
    "dE_total/dW7": ".00740846",
}


def judged(source, answers):
    spec = derive.loads(source) if "\n" in source else source
    (marked,) = derive.check(spec, answers)
    return marked, {r.id: (r.verdict, r.judgement.misconceptions) for r in marked.results}


@pytest.mark.parametrize(
    ("source", "name", "answer"),
    [
        ("shopping", "price", "714"),
        ("shopping", "price", "716"),
        ("circuit", "f", "-13"),
        (LINEAR, "z1", "1.76"),
        ("neuron", "dz1/dW1", "1"),
        ("and-gate", "W1+", "1"),
    ],
)
def test_beside_a_short_value_nothing_is_right(source, name, answer):
    assert judged(source, {name: answer})[1][name][0] in ("wrong", "misconception")


@pytest.mark.parametrize(
    ("source", "answers"),
    [
        (ENTROPY, {"o1": "0.996", "E_total": "0.004"}),
        (SQUARED, {"h1": "0.574", "h2": "0.562", "o1": "0.7976", "E_total": "0.03905"}),
        ("two-two-two", OWN_FACTORS),
    ],
)
def test_the_last_digit_of_honest_rounding_is_right(source, answers):
    found = judged(source, answers)[1]
    assert {verdict for verdict, _ in found.values()} <= {"correct", "rounded"}


@pytest.mark.parametrize("places", [3, 4, 5])
def test_whoever_cuts_every_step_of_a_net_makes_no_mistake(places):
    keep = keep_digits(places, cut=True, significant=False)
    written = {
        name: text
        for name, text in FloatNetwork(NET, keep=keep).written.items()
        if len(text.lstrip("-0.")) > 1 or "." not in text
    }
    assert {verdict for verdict, _ in judged(NET, written)[1].values()} <= {"correct", "rounded"}


def test_a_single_digit_says_nothing_of_the_method():
    found = judged(NET, {"h1": "0.75", "z3": "0", "o1": "1"})[1]
    assert found == {"h1": ("wrong", ()), "z3": ("wrong", ()), "o1": ("wrong", ())}


def test_a_short_value_is_carried_only_exactly():
    found = judged("and-gate", {"e1": "-2", "b1+": "-0.1", "W1+": "0.5"})[1]
    assert [verdict for verdict, _ in found.values()] == ["wrong", "carried", "correct"]
    found = judged("circuit", {"q": "4", "f": "-16", "df/dz": "3"})[1]
    assert [verdict for verdict, _ in found.values()] == ["wrong", "carried", "correct"]
    assert judged("circuit", {"q": "4", "f": "-15"})[1]["f"][0] == "wrong"


def test_a_mistake_that_right_answers_rule_out_is_not_named():
    answers = {
        "dE_total/do1": "0.33872022",
        "dE_total/dz3": "0.08417223",
        "dE_total/dW5": "-0.04814619",
    }
    assert judged(NET, answers)[1]["dE_total/dW5"] == ("wrong", ())
    alone = judged(NET, {"dE_total/dW5": "-0.04814619"})[1]
    assert "M04" in alone["dE_total/dW5"][1]


def test_with_all_else_right_only_the_update_itself_can_be_wrong():
    key = {r["id"]: r["shown"] for r in derive.key("two-two-two")["answers"] if r["asked"]}
    marked, found = judged("two-two-two", key | {"W5+": "0.46296143"})
    assert found["W5+"] == ("misconception", ("M05",))
    assert (marked.right, marked.asked) == (65, 66)


def test_few_digits_explain_nothing():
    marked, found = judged(NET, {"h1": "0.6", "z3": "0.2", "dE_total/dW1": "0.000000"})
    assert marked.joint is None
    assert all(named == () for _, named in found.values())


def test_the_first_error_is_one_without_which_the_answer_would_not_come_out():
    """h2 is wrong too, but o1 comes of the wrong z3 alone."""
    answers = {"h2": "0.7", "z3": "0.25", "o1": "0.56217650"}
    (marked,) = derive.check(derive.loads(NET), answers)
    assert [(r.verdict, r.first_error) for r in marked.results] == [
        ("wrong", None), ("wrong", "h2"), ("carried", "z3"),
    ]  # fmt: skip
