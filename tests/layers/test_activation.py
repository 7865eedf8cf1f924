"""A layer without weights: its pre-activations are copies, and it hands back error signals."""

from __future__ import annotations

import ast

import pytest

import derive
from derive.pages.columns import list_columns, list_connections

BEHIND = """
inputs = [0.4, 0.9]
targets = [1, 0]
loss = "cross_entropy"
learning_rate = 0.3
steps = {steps}
[[layers]]
activation = "sigmoid"
weights = [[0.5, 0.1], [-0.2, 0.6]]
[[layers]]
type = "activation"
activation = "softmax"
"""
AROUND = """
inputs = [[0.4, 0.9], [-0.2, 0.3]]
targets = [[1, 0], [0.5, 0.5]]
learning_rate = 0.3
steps = {steps}
notation = "indexed"
[[layers]]
type = "activation"
activation = "tanh"
[[layers]]
weights = [[0.5, 0.1], [-0.2, 0.6]]
biases = [0.1, 0.2]
[[layers]]
type = "activation"
activation = "leaky_relu"
slope = 0.2
"""
LOGITS = """
inputs = [0.4, -0.9, 0.3]
targets = [0, 1, 0]
loss = "cross_entropy"
steps = {steps}
[[layers]]
type = "activation"
activation = "softmax"
"""
CASES = {"behind": (BEHIND, 2), "around": (AROUND, 2), "logits": (LOGITS, 0)}


def sheet(case):
    text, steps = CASES[case]
    return derive.sheet(derive.loads(text.format(steps=steps)))


def shown(case, *names):
    numbers = sheet(case).numbers
    return [numbers.shown(name).text for name in names]


def test_pre_activations_are_copies_and_units_are_counted_on():
    rows = {row["id"]: row["formula"] for row in derive.key(sheet("behind"))["answers"]}
    assert rows["z3"] == "h1"
    assert rows["dz3/dh1"] == "1"
    assert rows["dE_total/dh1"] == "{dE_total/dz3}*{dz3/dh1}"
    assert "dE_o1/dh1" not in rows
    assert shown("behind", "z3") == shown("behind", "h1")


def test_a_loss_of_given_scores_has_a_signal_for_each():
    numbers = sheet("logits").numbers
    parts = [float(numbers.shown(f"dE_total/dz{i}").text) for i in (1, 2, 3)]
    outputs = [float(numbers.shown(f"o{i}").text) for i in (1, 2, 3)]
    wanted = [o - t for o, t in zip(outputs, (0, 1, 0), strict=True)]
    assert parts == pytest.approx(wanted, abs=2e-8)


@pytest.mark.parametrize("case", CASES)
def test_independent_checks_agree(case):
    report = derive.verify(sheet(case))
    assert report.agrees
    assert all(row.checks.get("differences") for row in report.rows)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("level", ["full", "guided", "blank"])
@pytest.mark.parametrize("form", ["md", "tex", "html"])
def test_it_has_pages(case, form, level, language):
    spec = derive.spec.override(sheet(case).spec, {"language": language})
    assert len(derive.page(spec, form, level)) > 1000


@pytest.mark.parametrize("case", CASES)
def test_its_own_key_is_right(case):
    rows = [row for row in derive.key(sheet(case))["answers"] if row["asked"]]
    (member,) = derive.check(sheet(case), {row["id"]: row["shown"] for row in rows})
    assert {result.verdict for result in member.results} == {"correct"}


@pytest.mark.parametrize("case", CASES)
def test_it_has_a_script_and_a_drawing(case):
    ast.parse(derive.export(sheet(case)))
    assert derive.draw(sheet(case), form="tex")


@pytest.mark.slow
@pytest.mark.parametrize("case", ["behind", "around"])
def test_pytorch_agrees(case):
    rows = derive.verify(sheet(case)).rows
    assert all(row.agrees for row in rows)
    assert sum(row.checks.get("pytorch") is not None for row in rows) > 20


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (
            'type = "activation"\nweights = [[1, 2]]',
            "layers[2].weights: activation has no such key",
        ),
        ('type = "activaton"', "did you mean activation"),
        ('type = "activation"\nactivation = "sigmod"', "did you mean sigmoid"),
        ("type = 3", "layers[2].type: expected a string"),
        ("activation = 'relu'", "layers[2]: missing key"),
    ],
)
def test_bad_layers_are_refused_with_their_place(lines, told):
    text = BEHIND.format(steps=1)
    text = text[: text.rindex("type =")] + lines + "\n"
    with pytest.raises(derive.SpecError) as error:
        derive.loads(text)
    assert told in str(error.value)


def test_matrices_are_refused():
    with pytest.raises(derive.SpecError, match="layers without weights"):
        derive.spec.override(sheet("behind").spec, {"notation": "matrix"})


@pytest.mark.parametrize("case", CASES)
def test_every_unit_of_its_drawing_is_connected(case):
    graph = sheet(case).graph
    shown = [name for column in list_columns(graph) for name in column]
    joined = {end for line in list_connections(graph, shown) for end in (line.low, line.high)}
    assert joined == set(shown)
