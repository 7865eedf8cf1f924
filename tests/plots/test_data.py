"""The numbers of the plots, each against a plain program or another road."""

import json
import math
from fractions import Fraction

import pytest
from mpmath import mp, mpf
from oracle import oracle
from random_specs import random_network
from sampling import few

import derive
from derive.errors import SpecError
from derive.plots.data import compute_data, compute_sizes, compute_training
from derive.plots.slices import compute_slice, list_parameters, write_decimal
from derive.second import Differences
from derive.spec import override

KINK = """
inputs = [1]
targets = [0]
learning_rate = 0.5
[[layers]]
activation = "relu"
weights = [[1]]
"""
ROOT = """
kind = "circuit"
output = "f"
[values]
x = 0.25
a = 3
[definitions]
f = "a*sqrt(x)"
"""


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def deck_error(w5):
    """The deck's error with another W5, as a page of arithmetic has it."""
    h1, h2 = sigmoid(0.3 * 0.1 + 0.25 * 0.2), sigmoid(0.4 * 0.1 + 0.35 * 0.2)
    o1, o2 = sigmoid(w5 * h1 + 0.4 * h2), sigmoid(0.7 * h1 + 0.6 * h2)
    return (0.4 - o1) ** 2 / 2 + (0.6 - o2) ** 2 / 2


def test_every_point_of_the_curve_is_the_error_with_that_weight():
    found = compute_slice(derive.sheet("two-two-two"), "W5")
    for panel in found.panels:
        for x, y in panel.points:
            assert float(y) == pytest.approx(deck_error(float(x)), rel=1e-11)


def test_the_slope_is_that_of_the_key_and_the_points_are_printed():
    sheet = derive.sheet("two-two-two")
    found = compute_slice(sheet, "W5")
    key = {a["id"]: a for a in derive.key(sheet)["answers"]}
    assert found.slope == key["dE_total/dW5"]["value"]
    assert found.slope_shown.text == "0.02592286"
    assert (found.before.x_shown.text, found.before.y_shown.text) == ("0.45", "0.02397190")
    assert found.after.x_shown.text == "0.43703857"
    assert float(found.after.y) == pytest.approx(deck_error(float(found.after.x)), rel=1e-11)


def test_a_short_step_is_shown_closely_and_a_long_one_once():
    near = compute_slice(derive.sheet("two-two-two"), "W5")
    whole, close = ([float(x) for x, _ in panel.points] for panel in near.panels)
    assert whole[0] == pytest.approx(-1.55)
    assert whole[-1] == pytest.approx(2.45)
    assert close[0] < float(near.after.x) < float(near.before.x) < close[-1]
    assert close[-1] - close[0] < 5 * abs(float(near.after.x) - float(near.before.x))
    far = override(derive.load("two-two-two"), {"learning_rate": "40"})
    assert len(compute_slice(derive.sheet(far), "W5").panels) == 1


@pytest.mark.parametrize("seed", few(range(40), 2))
def test_the_curve_of_a_random_network_goes_through_its_error(seed):
    text = random_network(seed)
    sheet = derive.sheet(derive.loads(text))
    right = oracle(text)
    names = list_parameters(sheet)
    found = compute_slice(sheet, names[seed % len(names)])
    middle = found.panels[0].points[32]
    assert Fraction(middle[0]) == Fraction(found.before.x)
    assert float(middle[1]) == pytest.approx(float(right["E_total"]), rel=1e-11, abs=1e-300)
    assert float(found.slope) == pytest.approx(float(right[found.derivative]), rel=1e-13)


@pytest.mark.parametrize("what", ["x", "a"])
def test_a_circuit_is_plotted_over_each_of_its_values(what):
    spec = derive.loads(ROOT)
    found = compute_data(derive.sheet(spec), what)
    assert found.after is None
    checks = Differences(spec, 60)
    assert float(found.slope) == pytest.approx(float(checks.value(f"df/d{what}")))
    for x, y in found.panels[0].points:
        value = float(x)
        if what == "x":
            assert (y is None) == (value < 0)
            assert y is None or float(y) == pytest.approx(3 * math.sqrt(value))
        else:
            assert float(y) == pytest.approx(value / 2)


def test_a_corner_of_the_curve_is_drawn_as_one():
    points = dict(compute_slice(derive.sheet(derive.loads(KINK)), "W1").panels[0].points)
    assert {y for x, y in points.items() if float(x) <= 0} == {"0"}


def test_with_stepwise_rounding_the_curve_is_computed_so_too():
    spec = override(derive.load("two-two-two"), {"rounding": "stepwise", "decimals": 2})
    points = compute_slice(derive.sheet(spec), "W5").panels[0].points
    for x, y in points[::16]:
        layers = json.loads(json.dumps(derive.spec.to_plain(spec)["layers"]))
        layers[1]["weights"][0][0] = x
        moved = derive.sheet(override(spec, {"layers": layers, "steps": 0}))
        assert Fraction(y) == Fraction(moved.numbers.shown("E_total").text)


def test_biases_that_are_held_and_inputs_are_no_parameters():
    held = override(derive.load("neuron"), {"update_biases": False})
    names = list_parameters(derive.sheet(held))
    assert not {"b1", "x1", "t1", "learning_rate"} & set(names)
    assert "b1" in list_parameters(derive.sheet("neuron"))


@pytest.mark.parametrize("steps", [1, 7])
def test_the_training_curve_is_that_of_floats(steps):
    spec = override(derive.load("neuron"), {"steps": steps})
    found = compute_training(derive.sheet(spec))
    right = oracle(f"steps = {steps}\n" + neuron_text())
    assert len(found.errors) == steps + 1
    assert float(found.errors[-1]) == pytest.approx(
        float(right["E_total+" if steps == 1 else f"E_total@{steps}"]), rel=1e-11
    )
    assert found.last == derive.sheet(spec).numbers.shown(
        "E_total+" if steps == 1 else f"E_total@{steps}"
    )


def neuron_text():
    text = (derive.spec.reading.HOME / "examples" / "neuron.toml").read_text("utf-8")
    return "\n".join(row for row in text.splitlines() if not row.startswith("steps"))


@pytest.mark.parametrize("seed", few(range(40), 2))
def test_the_size_of_a_layer_is_the_norm_of_its_gradients(seed):
    text = random_network(seed)
    spec = derive.loads(text)
    right = oracle(text)
    by_id = {k: v for k, v in right.items() if k.startswith("dE_total/dW") and "@" not in k}
    sheet = derive.sheet(spec)
    ids = [q.id for q in sheet.graph.quantities.values() if q.id.startswith("W")]
    for layer, size in zip(spec.layers, compute_sizes(sheet).layers, strict=True):
        count = len(layer.weights) * len(layer.weights[0])
        own, ids = ids[:count], ids[count:]
        with mp.workdps(40):
            norm = mp.sqrt(sum((by_id[f"dE_total/d{w}"] ** 2 for w in own), mpf(0)))
        assert float(size.size) == pytest.approx(float(norm), rel=1e-11, abs=1e-300)


def test_sizes_need_no_update():
    text = KINK.replace("learning_rate = 0.5", "steps = 0")
    assert compute_sizes(derive.sheet(derive.loads(text))).layers[0].size == "1"


@pytest.mark.parametrize(
    ("source", "what", "told"),
    [
        ("two-two-two", "W55", "did you mean W5"),
        ("two-two-two", "trainng", "did you mean training?"),
        ("two-two-two", "x1", "nothing to plot"),
        ("circuit", "gradients", "has no layers"),
        ("circuit", "training", "update: is missing"),
        ("circuit", "q", "nothing to plot"),
    ],
)
def test_what_cannot_be_plotted_is_told(source, what, told):
    with pytest.raises(SpecError, match=told):
        compute_data(derive.sheet(source), what)


def test_a_size_that_is_never_certain_is_refused(monkeypatch):
    from derive.numbers.balls import Undecided
    from derive.plots import data

    def never(*_):
        raise Undecided

    monkeypatch.setattr(data, "decide", never)
    with pytest.raises(SpecError, match="cannot be decided"):
        compute_sizes(derive.sheet("neuron"))


@pytest.mark.parametrize("text", ["0", "-2", "0.03125", "-1.5", "1000", "0.0001"])
def test_decimals_are_written_whole(text):
    assert write_decimal(Fraction(text)) == text
