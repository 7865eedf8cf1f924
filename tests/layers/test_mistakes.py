"""Known mistakes at layers with places: each value was found beforehand, without this program."""

from __future__ import annotations

import pytest
from printed import CASES

import derive

MISTAKES = [
    ("M12", "rnn", "dE_total/dh1_t2", "-0.17616174"),
    ("M23", "attention", "dE_total/ds1_1", "-0.04561293"),
    ("M24", "embedding", "dE_total/dz5", "-0.07829441"),
    ("M25", "layer_norm", "dE_total/dh1", "-1.48389219"),
    ("M25", "batch_norm", "dE_total/dh1_s1", "-1.75113990"),
    ("M25b", "layer_norm", "n1_1", "-1.13053866"),
    ("M25b", "batch_norm", "n1_1_s1", "-0.87286408"),
    ("M27", "rnn", "dE_total/dU1", "-0.18623792"),
    ("M28", "attention", "E_total", "0.42691180"),
    ("M28", "attention", "dE_total/dq1_t1", "-0.13019914"),
    ("M30", "conv1d", "dE_total/dh1_2", "-0.98359635"),
    ("M30", "conv1d", "dE_total/dK1_1", "-1.19322056"),
    ("M31", "conv2d", "dE_total/dh1_2_2", "0.81634531"),
    ("M31", "conv2d", "dE_total/dh1_2_2", "0.40817265"),
    ("M31", "avg_pool", "dE_total/dh1_1_1", "0.32842955"),
    ("M32", "dropout", "dE_total/dh1", "-0.11645822"),
    ("M32", "dropout", "dE_total/dh2", "0.12939803"),
    ("M54", "gru", "dE_total/dgu1_t2", "1.14813444"),
    ("M55", "lstm", "dE_total/dWf1", "0.04825968"),
    ("M02b", "lstm", "dE_total/dc1_t1", "0.23101118"),
    # by hand: m x without the division; e^a / (e^a + e^-a) with a = 0.53033009
    ("M32", "dropout", "h4", "0.29131261"),
    ("M66", "attention", "p1_2", "0.74281669"),
]


@pytest.mark.parametrize(("code", "case", "name", "answer"), MISTAKES)
def test_a_mistake_is_named(code, case, name, answer):
    (member,) = derive.check(derive.loads(CASES[case][0]), {name: answer})
    (result,) = member.results
    assert code in result.judgement.misconceptions


def test_a_slip_is_carried_over_the_steps():
    sheet = derive.sheet(derive.loads(CASES["rnn"][0]))
    right = {n: sheet.numbers.shown(n).text for n in ("dE_total/dh1_t3", "dE_total/dz1_t3")}
    answers = {**right, "dE_total/dz2_t3": "0.05", "dE_total/dh1_t2": "-0.1861618"}
    signal = float(right["dE_total/dz1_t3"])
    answers["dE_total/dh1_t2"] = f"{signal * 0.5 + 0.05 * -0.2:.8f}"
    (member,) = derive.check(sheet, answers)
    verdicts = {result.id: result.verdict for result in member.results}
    assert verdicts["dE_total/dz2_t3"] == "wrong"
    assert verdicts["dE_total/dh1_t2"] == "carried"


def test_the_state_of_the_step_itself_is_named_and_not_another_unit():
    """dE/dU at a step is its signal times the state before; here times its own state."""
    sheet = derive.sheet("recurrent")
    signal, state = (float(sheet.numbers.shown(n).text) for n in ("dE_total/dz1_t2", "h1_t2"))
    (member,) = derive.check(sheet, {"dE_total/dU1|t2": f"{signal * state:.8f}"})
    (result,) = member.results
    assert "M43b" in result.judgement.misconceptions
    assert "M43" not in result.judgement.misconceptions
