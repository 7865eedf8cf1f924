"""Where a mistake was made in a net of layers: never at a step that is answered right."""

from __future__ import annotations

import pytest

import derive
from derive.checking.verdicts import RIGHT

RELU = """
inputs = [[0.5, 0.2], [-0.4, 0.3]]
targets = [[0.1], [0.4]]
learning_rate = 0.1
decimals = 8
[[layers]]
weights = [[0.3, -0.2], [0.1, 0.6]]
[[layers]]
type = "batch_norm"
[[layers]]
weights = [[0.1, 0.2]]
"""


def remarks_of(sheet, answers, name):
    (member,) = derive.check(sheet, answers)
    (result,) = (r for r in member.results if r.id == name)
    return result, [remark.slots.get("look") for remark in result.judgement.remarks]


def shown(sheet, *names):
    return {name: sheet.numbers.shown(name).text for name in names}


def test_the_first_use_alone_is_a_mistake_of_the_sum_itself():
    sheet = derive.sheet("small-cnn")
    right = shown(sheet, "dE_total/dh5", "dE_total/dK1_1_1|1_1")
    answers = right | {"dE_total/dK1_1_1": right["dE_total/dK1_1_1|1_1"]}
    result, looks = remarks_of(sheet, answers, "dE_total/dK1_1_1")
    assert result.verdict == "misconception"
    assert looks == ["dE_total/dK1_1_1"]


def test_a_mistake_at_steps_that_are_all_right_is_not_named_beside_another():
    """dE/ds by the diagonal alone is M23; M02 would have been made where all is right."""
    sheet = derive.sheet("attention")
    needed = [f"dE_total/d{name}" for name in ("o1_t1", "o2_t1", "p1_1", "p1_2")]
    numbers = sheet.numbers
    slope = float(numbers.shown("dE_total/dp1_1").text) * float(numbers.shown("dp1_1/ds1_1").text)
    answers = shown(sheet, *needed, "dp1_1/ds1_1") | {"dE_total/ds1_1": f"{slope:.8f}"}
    result, looks = remarks_of(sheet, answers, "dE_total/ds1_1")
    assert result.verdict == "misconception"
    assert not {look for look in looks if look in needed}


@pytest.mark.parametrize("name", ["small-cnn", "lstm", "transformer", "residual"])
def test_no_remark_points_to_what_is_answered_right(name):
    """All right but one number, which follows from the first route alone or is anything."""
    sheet = derive.sheet(name)
    asked = [step.id for step in sheet.derivation.steps({"backward"}) if not step.updates]
    right = shown(sheet, *asked)
    for wrong in asked[::7]:
        step = sheet.numbers.step(wrong)
        first = next((used for used in step.uses if used in right), None)
        if first is None or right[first] == right[wrong]:
            continue
        (member,) = derive.check(sheet, right | {wrong: right[first]})
        verdicts = {r.id: r.verdict for r in member.results}
        (result,) = (r for r in member.results if r.id == wrong)
        for remark in result.judgement.remarks:
            look = remark.slots.get("look", wrong)
            assert verdicts.get(look) not in RIGHT, (wrong, remark)


def test_zeros_of_too_few_decimals_are_no_mistake():
    sheet = derive.sheet(derive.loads(RELU.replace("targets = [[0.1]", "targets = [[0.1000001]")))
    tiny = [
        step.id
        for step in sheet.derivation.steps({"backward"})
        if 0 < abs(float(sheet.numbers.shown(step.id).text)) < 4e-5
    ]
    assert tiny
    for name in tiny:
        (member,) = derive.check(sheet, {name: "0.0000"})
        (result,) = member.results
        assert result.verdict == "wrong"
        assert [remark.key for remark in result.judgement.remarks] == ["too_few"]
