"""Mini-batches: which samples an update takes, and that nothing else of them is needed."""

import itertools

import pytest
from sampling import spread
from sheets import filled

import derive
from derive.algebra.expressions import walk
from derive.checking.marking import Given
from derive.grading.assessment import open_marker
from derive.numbers.run import follow_run
from derive.pages.document import BLANK, Grid, Lines
from derive.second import verify
from derive.spec import digest

SPEC = """
inputs = [[0.6, -0.4], [0.1, 0.9], [-0.7, 0.2], [0.5, 0.5], [0.3, -0.8]]
targets = [[0.3], [0.5], [0.9], [0.2], [0.7]]
learning_rate = 0.2
steps = {steps}
batch_size = {size}
reduction = "{reduction}"
rounding = "{rounding}"
{tables}
[[layers]]
activation = "sigmoid"
weights = [[0.5, -0.3]]
biases = [0.1]
"""
TABLES = {
    "plain": "",
    "adam": "[optimizer]\nname = 'adam'\nbeta2 = 0.9",
    "l2": "[regularisation]\nl2 = 0.1",
}


def spec(tables="plain", size=2, steps=4, reduction="mean", rounding="exact"):
    return derive.loads(
        SPEC.format(
            tables=TABLES[tables], size=size, steps=steps, reduction=reduction, rounding=rounding
        )
    )


def gradients(sheet):
    """The gradient that each update of W1 uses, with the samples behind it."""
    for update in range(1, sheet.derivation.updates + 1):
        name = "W1+" if update == 1 else f"W1@{update}"
        (used,) = (u for u in sheet.derivation.step(name).uses if "/" in u)
        parts = sheet.derivation.step(used).uses
        yield used, tuple(part.split("/")[0] for part in parts)


def test_updates_take_the_samples_in_order_and_begin_again():
    assert list(gradients(derive.sheet(spec(steps=4)))) == [
        ("dE_batch1/dW1", ("dE_s1", "dE_s2")),
        ("dE_batch2/dW1+", ("dE_s3", "dE_s4")),
        ("dE_batch3/dW1@2", ("dE_s5",)),
        ("dE_batch1/dW1@3", ("dE_s1", "dE_s2")),
    ]


def test_the_last_batch_is_a_mean_over_what_is_left():
    answers = {a["id"]: a for a in derive.key(derive.sheet(spec()))["answers"]}
    assert answers["E_batch1"]["formula"] == "1/2*(E_s1+E_s2)"
    assert answers["E_batch3"]["formula"] == "E_s5"
    assert "dE_total/dW1" not in answers


def test_a_derivative_exists_only_in_the_passes_of_its_batch():
    derivation = derive.sheet(spec()).derivation
    exists = {name for name in ("", "+", "@2", "@3") if derivation.step(f"dE_s3/dW1{name}")}
    assert exists == {"+"}
    assert derivation.step("dz1_s3/dW1").id == "dz1_s3/dW1"
    names = [step.id for step in derivation.steps()]
    assert len(names) == len(set(names))
    assert all(derivation.step(name).id == name for name in names)


def test_with_a_penalty_an_update_goes_down_on_both():
    answers = {a["id"]: a for a in derive.key(derive.sheet(spec("l2")))["answers"]}
    assert answers["J2+"]["formula"] == "{E_batch2+}+{R+}"
    assert answers["dJ2/dW1+"]["depends_on"] == ["dE_batch2/dW1+", "dR/dW1+"]


@pytest.mark.parametrize(("tables", "reduction"), spread(list(TABLES), ["mean", "sum"], count=2))
def test_independent_checks_agree(tables, reduction):
    exercise = spec(tables, reduction=reduction)
    answers = [(a["id"], a["value"], a["shown"]) for a in derive.key(exercise)["answers"]]
    rows = verify(exercise, answers).rows
    assert all(row.agrees and row.checks["differences"] for row in rows)


@pytest.mark.parametrize("rounding", ["exact", "stepwise"])
@pytest.mark.parametrize("tables", TABLES)
def test_a_run_prints_the_digits_of_the_sheet(tables, rounding):
    exercise = spec(tables, rounding=rounding)
    numbers = derive.sheet(exercise).numbers

    def told(state):
        return {n: state.show(n).text for n in ("E_total", "W1", "W2", "b1")}

    for step, printed in enumerate(follow_run(exercise, told)):
        suffix = "" if step == 0 else "+" if step == 1 else f"@{step}"
        assert printed == {name: numbers.shown(name + suffix).text for name in printed}


@pytest.mark.parametrize("level", ["full", "guided", "blank"])
@pytest.mark.parametrize("tables", TABLES)
def test_every_blank_has_its_place(tables, level):
    sheet = derive.Worksheet(spec(tables, steps=4))
    found = []
    for block in filled(sheet, level):
        rows = block.rows if isinstance(block, Lines) else ()
        if isinstance(block, Grid):
            rows = [cell for row in block.rows for cell in row if hasattr(cell, "parts")]
        trees = [part.expr for row in rows for part in row.parts]
        ids = [n.id for n in itertools.chain(*map(walk, trees)) if hasattr(n, "id")]
        found += [int(i[1:]) for i in ids if i[0] == BLANK and i[1:].isdigit()]
    count = sum(1 for _ in sheet.derivation.steps(("forward", "backward", "update", "check")))
    assert len(found) == len(set(found))
    if level == "blank":
        assert sorted(found) == list(range(1, count + 1))


def test_a_batch_of_all_samples_is_none():
    whole = derive.loads(
        SPEC.format(tables="", size=5, steps=1, reduction="mean", rounding="exact")
    )
    text = SPEC.replace("batch_size = {size}", "")
    bare = derive.loads(text.format(tables="", steps=1, reduction="mean", rounding="exact"))
    assert digest(whole) == digest(bare)


def test_a_sum_for_the_mean_of_a_batch_is_told():
    sheet = derive.sheet(spec())
    marker = open_marker(sheet.numbers)
    one, other = (float(sheet.numbers.shown(n).text) for n in ("dE_s3/dW1+", "dE_s4/dW1+"))
    given = [Given(None, "dE_batch2/dW1+", f"{one + other:.8f}")]
    (result,) = marker.mark(None, given).results
    assert result.judgement.misconceptions == ("M16",)


@pytest.mark.parametrize(
    "name",
    ["dE_batch2/dW1+", "\\frac{\\partial E_{\\mathrm{batch},2}^{+}}{\\partial W_1^{+}}"],
)
def test_a_batch_is_found_in_any_spelling(name):
    sheet = derive.sheet(spec())
    right = sheet.numbers.shown("dE_batch2/dW1+").text
    (result,) = open_marker(sheet.numbers).mark(None, [Given(None, name, right)]).results
    assert result.verdict == "correct"
