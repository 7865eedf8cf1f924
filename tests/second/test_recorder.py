"""A number moved on its way: every use of it moves, and nothing else has to know of them.

A layer type of these tests has one weight that it uses in two steps, in one of
them twice: it brings one function, and nothing else of the checks knows of it.
"""

from __future__ import annotations

import msgspec
import pytest
from mpmath import mp, mpf

from derive.layers import DENSE, LAYERS, Shape
from derive.layers.plain import Field
from derive.second import Differences
from derive.spec import loads

SPEC = """
inputs = {inputs}
targets = {targets}
learning_rate = 0.5
steps = 2
reduction = "sum"
[[layers]]
activation = "tanh"
weights = [[0.7, 0.2], [0.3, -0.4]]
[[layers]]
weights = [[0.3, 0]]
"""
ONE = SPEC.format(inputs="[0.5, -0.25]", targets="[1]")
TWO = SPEC.format(inputs="[[0.5, -0.25], [1, 2]]", targets="[[1], [0]]")


def run_twice(layer, received, note, functions):
    """h_t = tanh(W1 x_t + W1 h_(t-1)), with the one weight in both places."""
    weight, h = note.parameter("W", layer.weights[0][0], 1, 1), mpf(0)
    for time, x in enumerate(received.units_at(), 1):
        z = note("z", weight * x + weight * h, 1, time=time)
        h = note("h", functions("tanh", z), 1, time=time)
    return Field(Shape(1), {(1, ()): h})


@pytest.fixture
def checked(monkeypatch):
    """Differences of an exercise whose last layer is of the new type."""
    twice = msgspec.structs.replace(DENSE, name="twice", plain=run_twice)
    monkeypatch.setitem(LAYERS, "twice", twice)

    def make(text=ONE):
        spec = loads(text)
        last = msgspec.structs.replace(spec.layers[1], type="twice")
        return Differences(msgspec.structs.replace(spec, layers=(spec.layers[0], last)))

    return make


def by_hand(checks, tag=""):
    """The two parts of dE/dW5 as a book writes them."""
    w, one, two = (checks.value(name) for name in ("W5", f"o1_t1{tag}", f"o1_t2{tag}"))
    x1, x2 = (checks.value(f"h{unit}{tag}") for unit in (1, 2))
    error = (two - (0 if tag == "_s2" else 1)) * (1 - two**2)
    return error * w * (1 - one**2) * x1, error * (x2 + one)


def close(one, other):
    return abs(one - other) < mpf("1e-60")


def test_a_parameter_used_in_two_places_has_the_sum_as_its_derivative(checked):
    checks = checked()
    with mp.workdps(100):
        first, second = by_hand(checks)
        assert first
        assert close(checks.value("dE_total/dW5"), first + second)
        assert close(checks.value("dE_total/dW5|t1"), first)
        assert close(checks.value("dE_total/dW5|t2"), second)
        assert close(checks.value("W5+"), mpf("0.3") - (first + second) / 2)


def test_a_local_derivative_is_that_of_one_formula_with_all_uses_in_it(checked):
    checks = checked()
    with mp.workdps(100):
        at = checks.value("h2") + checks.value("o1_t1")
        assert close(checks.value("dz3_t2/dW5"), at)
        assert close(checks.value("dz3_t2/do1_t1"), checks.value("W5"))


def test_what_stands_before_the_new_layer_gets_all_its_routes(checked):
    checks = checked()
    with mp.workdps(100):
        signal = checks.value("dE_total/dz3_t1") * checks.value("W5")
        assert close(checks.value("dE_total/dh1"), signal)
        assert close(checks.value("dE_total/dW2"), signal * (1 - checks.value("h1") ** 2) * -0.25)


def test_samples_share_the_parameter_too(checked):
    checks = checked(TWO)
    with mp.workdps(100):
        parts = [sum(by_hand(checks, tag)) for tag in ("_s1", "_s2")]
        for sample, part in enumerate(parts, 1):
            assert close(checks.value(f"dE_s{sample}/dW5"), part)
        assert close(checks.value("dE_total/dW5"), sum(parts))


def test_only_what_the_move_reaches_is_computed_again(checked, monkeypatch):
    """A weight of the last layer leaves the first one as it is, sample for sample."""
    counted = []
    dense = DENSE.plain

    def counting(layer, received, note, functions):
        counted.append(note.sample)
        return dense(layer, received, note, functions)

    monkeypatch.setitem(LAYERS, "dense", msgspec.structs.replace(DENSE, plain=counting))
    checks = checked(TWO)
    checks.value("E_total")
    counted.clear()
    checks.value("dE_total/dW5")
    assert counted == []
    checks.value("dE_s2/dz1_s2")
    assert set(counted) == {2}
