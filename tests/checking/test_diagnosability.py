"""What the answers to a sheet can tell of known mistakes."""

import math
from itertools import combinations
from pathlib import Path

import pytest

import derive
from derive import limits
from derive.checking.diagnosability import measure_diagnosability
from derive.checking.exercise import Exercise
from derive.checking.targets import Targets

PRODUCT = """
kind = "circuit"
output = "f"
[values]
x = 3
y = 5
[definitions]
f = "x * y"
"""
TWINS = """
inputs = [0.1, 0.2]
targets = [0.4, 0.4]
learning_rate = 0.3
[[layers]]
activation = "{hidden}"
weights = [[0.3, 0.25], [0.4, 0.35]]
[[layers]]
activation = "sigmoid"
weights = [[0.45, 0.4], [0.45, 0.4]]
"""


def of(source):
    return measure_diagnosability(derive.sheet(source).numbers)


def twins(hidden="sigmoid"):
    return of(derive.loads(TWINS.format(hidden=hidden)))


def test_the_decks_new_weights_alone_cannot_name_these_mistakes():
    """The collisions that were measured for the deck's network."""
    found = of("two-two-two")
    assert found.alike_in_updates == (("M04", "M05"), ("M08", "M14"), ("M09", "M13", "M15"))
    assert (found.alike, found.unseen) == ((), ())


def test_routes_of_equal_size_hide_which_of_them_was_left_out():
    assert ("M02", "M02b") in twins().alike
    assert ("M02", "M02b") not in of("two-two-two").alike


def test_a_slope_that_is_one_hides_that_it_was_left_out():
    assert "M06" in twins("identity").unseen
    assert "M06" not in twins().unseen


def test_what_is_hidden_by_every_answer_is_hidden_by_some():
    for found in (twins(), twins("identity"), of("shared-biases")):
        assert set(found.unseen) <= set(found.possible)
        together = [set(group) for group in found.alike_in_updates]
        for group in found.alike:
            assert any(set(group) <= one for one in together) or not together


def printed(targets, name):
    """The right answer to one id and that of every known mistake, as printed decimals."""
    yield "right", round(float(targets[name].value), 8)
    for row, counterfactual in targets.counterfactuals:
        value = counterfactual.value(name)
        if value is not None:
            yield row.id, round(float(targets[name].approximate(value)), 8)


def test_the_smallest_distance_is_that_of_all_pairs():
    """By floats and all pairs, where the program sorts whole numbers."""
    targets = Targets(Exercise(derive.sheet("neuron").numbers))
    found = of("neuron").smallest
    apart = {
        name: min(
            (
                abs(a - b)
                for (_, a), (_, b) in combinations(printed(targets, name), 2)
                if abs(a - b) > 1e-12
            ),
            default=math.inf,
        )
        for name in targets.exercise.order
    }
    assert float(found.distance) == pytest.approx(min(apart.values()), rel=1e-6)
    assert apart[found.id] == pytest.approx(min(apart.values()), rel=1e-6)


def test_the_hardest_pair_is_least_apart_where_it_parts_most():
    targets = Targets(Exercise(derive.sheet("neuron").numbers))
    names = list(targets.exercise.order)
    right = [round(float(targets[n].value), 8) for n in names]
    made = [
        (row.id, w) for row, w in targets.counterfactuals if any(w.differs(name) for name in names)
    ]
    answers = [
        (who, [round(float(targets[n].approximate(counterfactual.value(n))), 8) for n in names])
        for who, counterfactual in made
    ]
    widest = {
        (one, other, max(abs(a - b) for a, b in zip(first, second, strict=True)))
        for (one, first), (other, second) in combinations(answers, 2)
        if one != other and right not in (first, second) and first != second
    }
    one, other, distance = min(widest, key=lambda found: found[2])
    found = of("neuron").hardest
    assert found.answers == (one, other)
    assert float(found.distance) == pytest.approx(distance, rel=1e-6)


def test_a_circuit_without_a_chain_leaves_room_for_none():
    found = of(derive.loads(PRODUCT))
    assert (found.possible, found.smallest, found.hardest) == ((), None, None)


def test_too_large_an_exercise_is_not_compared(monkeypatch):
    monkeypatch.setattr(limits, "DIAGNOSED_STEPS", 10)
    assert of("two-two-two") is None
    assert derive.key("two-two-two")["diagnosability"] is None


def test_a_whole_key_carries_it_and_a_part_of_one_does_not():
    found = of("two-two-two")
    told = derive.key("two-two-two")["diagnosability"]
    assert told["alike_in_updates"] == [list(group) for group in found.alike_in_updates]
    assert told["smallest"]["id"] == found.smallest.id
    assert "diagnosability" not in derive.key("two-two-two", stages=("update",))


def test_verify_tells_it(run, folder):
    Path("product.toml").write_text(PRODUCT)
    code, out, _ = run("verify", "two-two-two")
    assert code == 0
    assert "do not tell apart: M04 = M05; M08 = M14; M09 = M13 = M15\n" in out
    assert "known mistakes: none of the catalogue" in run("verify", "product.toml")[1]
