"""A parameter that several units use: its derivative is the sum over all uses, everywhere."""

from __future__ import annotations

import math

import pytest

import derive
from derive.derivation.chain import Chain
from derive.numbers.gradients import compute_gradients

SPEC = """
inputs = {inputs}
targets = {targets}
learning_rate = 0.3
steps = {steps}
notation = "{notation}"
[[layers]]
activation = "sigmoid"
weights = [[0.5, 0.1], [-0.2, 0.6], [0.3, -0.4]]
[[layers]]
type = "scale"
activation = "tanh"
factor = 0.7
[[layers]]
weights = [[0.6, -0.5, 0.8]]
"""
ONE = {"inputs": "[0.4, 0.9]", "targets": "[0.2]"}
TWO = {"inputs": "[[0.4, 0.9], [-0.3, 0.5]]", "targets": "[[0.2], [0.7]]"}
H = 1e-5


def sheet(samples, steps=1, notation="flat"):
    return derive.sheet(derive.loads(SPEC.format(**samples, steps=steps, notation=notation)))


def error(parameters, samples):
    """The mean error, written down once more."""
    w, s = parameters[:6], parameters[6]
    v = parameters[7:]
    total = 0.0
    for (a, b), t in samples:
        h = [1 / (1 + math.exp(-(w[2 * i] * a + w[2 * i + 1] * b))) for i in range(3)]
        o = sum(v[i] * math.tanh(s * h[i]) for i in range(3))
        total += (t - o) ** 2 / 2
    return total / len(samples)


def slopes(samples, parameters):
    for at in range(len(parameters)):
        up, down = list(parameters), list(parameters)
        up[at] += H
        down[at] -= H
        yield (error(up, samples) - error(down, samples)) / (2 * H)


START = [0.5, 0.1, -0.2, 0.6, 0.3, -0.4, 0.7, 0.6, -0.5, 0.8]
DATA = {"one": (ONE, [((0.4, 0.9), 0.2)]), "two": (TWO, [((0.4, 0.9), 0.2), ((-0.3, 0.5), 0.7)])}


@pytest.mark.usefixtures("scale")
@pytest.mark.parametrize("case", DATA)
def test_steps_and_numbers_are_the_sum_over_every_use(case):
    keys, samples = DATA[case]
    found = sheet(keys)
    wanted = list(slopes(samples, START))
    numbers = compute_gradients(found.numbers)
    for at, slope in enumerate(wanted, 1):
        step = found.numbers.step(f"dE_total/dW{at}")
        assert float(found.numbers.answer(step).value) == pytest.approx(slope, rel=1e-8)
        assert float(numbers[f"W{at}"].str(20, radius=False)) == pytest.approx(slope, rel=1e-8)


@pytest.mark.usefixtures("scale")
def test_the_sum_is_written_out_as_signal_times_last_factor():
    rows = {row["id"]: row["formula"] for row in derive.key(sheet(ONE))["answers"]}
    assert rows["dE_total/dW7"] == (
        "{dE_total/dz4}*{dz4/dW7}+{dE_total/dz5}*{dz5/dW7}+{dE_total/dz6}*{dz6/dW7}"
    )
    assert rows["dz5/dW7"] == "h2"
    assert rows["dE_total/dW8"] == "{dE_total/do1}*{do1/dz7}*{dz7/dW8}"


@pytest.mark.usefixtures("scale")
@pytest.mark.parametrize("case", DATA)
def test_training_goes_down_along_it(case):
    keys, samples = DATA[case]
    lines = "".join(derive.train(sheet(keys, steps=3), "csv")).splitlines()
    now = list(START)
    for line in lines[1:]:
        shown = [float(number) for number in line.split(",")[1:]]
        assert shown[0] == pytest.approx(error(now, samples), abs=6e-9)
        assert shown[1:] == pytest.approx(now, abs=6e-9)
        now = [w - 0.3 * g for w, g in zip(now, slopes(samples, now), strict=True)]


@pytest.mark.usefixtures("scale")
def test_stepwise_every_line_multiplies_back():
    spec = derive.spec.override(sheet(ONE).spec, {"rounding": "stepwise"})
    assert derive.sheet(spec).numbers.shown("dE_total/dW7").text


@pytest.mark.usefixtures("scale")
@pytest.mark.parametrize("notation", ["flat", "indexed"])
@pytest.mark.parametrize("case", DATA)
def test_its_own_key_is_right(case, notation):
    found = sheet(DATA[case][0], notation=notation)
    rows = [row for row in derive.key(found)["answers"] if row["asked"]]
    (member,) = derive.check(found, {row["id"]: row["shown"] for row in rows})
    assert {result.verdict for result in member.results} == {"correct"}


@pytest.mark.usefixtures("scale")
@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("level", ["full", "guided", "blank"])
@pytest.mark.parametrize("form", ["md", "tex", "html"])
def test_it_has_pages(form, level, language):
    spec = derive.spec.override(sheet(ONE).spec, {"language": language})
    assert len(derive.page(spec, form, level)) > 1000


@pytest.mark.usefixtures("scale")
def test_the_page_says_once_that_it_is_used_in_several_places():
    text = derive.page(sheet(ONE), "md", "full")
    assert text.count("is used in 3 places") == 1


@pytest.mark.usefixtures("scale")
def test_a_difference_quotient_agrees():
    assert "W_7" in derive.gradient_check(sheet(ONE), "W7")


@pytest.mark.usefixtures("scale")
def test_a_bad_layer_is_refused_with_its_place():
    text = SPEC.format(**ONE, steps=1, notation="flat").replace("factor = 0.7", "factr = 0.7")
    with pytest.raises(derive.SpecError) as error:
        derive.loads(text)
    assert "layers[2]" in str(error.value)


@pytest.mark.usefixtures("scale")
@pytest.mark.parametrize("case", DATA)
def test_independent_checks_agree(case):
    report = derive.verify(sheet(DATA[case][0], steps=2))
    assert report.agrees
    assert all(row.checks.get("differences") for row in report.rows)


@pytest.mark.usefixtures("scale")
def test_one_forgotten_use_is_seen(monkeypatch):
    whole = Chain.list_users
    monkeypatch.setattr(
        Chain, "list_users", lambda chain, root, name: whole(chain, root, name)[-1:]
    )
    assert not derive.verify(sheet(ONE)).agrees


@pytest.mark.slow
@pytest.mark.usefixtures("scale")
@pytest.mark.parametrize("case", DATA)
def test_pytorch_agrees(case):
    report = derive.verify(sheet(DATA[case][0], steps=2))
    (row,) = (row for row in report.rows if row.id == "dE_total/dW7")
    assert row.agrees
    assert row.checks["pytorch"]
