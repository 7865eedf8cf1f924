"""Marking never breaks: any subset of ids with any answers, on every kind of exercise."""

import itertools
import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_circuits import random_circuit
from random_sheets import entropy_sheet, random_sheet
from sampling import EXAMPLES, few

import derive
from derive.checking import marking
from derive.checking.counterfactuals import Counterfactual
from derive.checking.marking import Given
from derive.checking.misconceptions import CATALOGUE
from derive.grading.assessment import open_marker

SEEDS = range(4)
EXERCISES = (
    *EXAMPLES,
    *(random_circuit(seed) for seed in SEEDS),
    *(random_sheet(seed, kinks=True, steps=2) for seed in SEEDS),
    *(entropy_sheet(seed, steps=2) for seed in SEEDS),
)
TEXTS = (
    "1",
    "-0.1",
    "0",
    "0,5",
    "1/3",
    "1e-3",
    "약 0.1",
    "1.5 = 3/2",
    "x1*W1",
    "h1(1-h1)",
    "?",
    "",
)


@cache
def marker(source):
    spec = derive.load(source) if source in EXAMPLES else derive.loads(source)
    return open_marker(derive.sheet(spec).numbers)


@st.composite
def sheets(draw):
    """An exercise and rows for some of its ids: right, as a known mistake makes it, any."""
    source = draw(st.sampled_from(EXERCISES))
    found = marker(source)
    names = draw(st.lists(st.sampled_from(list(found.exercise.order)), min_size=1, max_size=6))
    mistakes = draw(st.lists(st.sampled_from(CATALOGUE), max_size=2))
    counterfactual = Counterfactual(found.exercise, [row.rewrite for row in mistakes])
    return source, [(name, draw(answers(found, counterfactual, name))) for name in names]


def answers(found, counterfactual, name):
    """What may stand in the row of an id."""
    value = counterfactual.value(name)
    target = found.judge.targets[name]
    value = None if value is None else target.approximate(value)
    near = target.text if value is None or abs(value) > 10**9 else f"{float(value):.6f}"
    number = st.decimals(-10, 10, places=3).map(str)
    return st.sampled_from([near, target.text, *TEXTS]) | number


@given(sheets())
def test_any_partial_sheet_is_judged(sheet):
    source, rows = sheet
    results = marker(source).mark("kim", [Given("kim", *row) for row in rows]).results
    assert [result.answer for result in results] == [answer for _, answer in rows]
    said = {remark.key for result in results for remark in result.judgement.remarks}
    assert "unreadable.defect" not in said, rows


@pytest.mark.parametrize("name", few(EXAMPLES, 9))
def test_mistakes_on_top_of_mistakes_are_formulas_or_none(name):
    exercise = marker(name).exercise
    steps = [exercise.step(id_) for id_ in list(exercise.order)[:60]]
    for one, two in itertools.product(CATALOGUE, repeat=2):
        counterfactual = Counterfactual(exercise, (one.rewrite, two.rewrite))
        assert all(counterfactual.rewrite_formula(step) is not None for step in steps)


def test_a_perceptrons_far_step_alone(run, folder):
    Path("a.json").write_text(json.dumps({"o1@9": "1", "z1@4": "-0.1"}))
    code, out, err = run("check", "and-gate", "a.json", "--json")
    assert (code, err) == (1, "")
    assert [row["verdict"] for row in json.loads(out)["results"]] == ["misconception"] * 2


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_defect_costs_one_member_and_says_so(run, folder, monkeypatch, lang):
    judge = marking.explain_jointly

    def broken(judge_, earlier, results):
        if results[0].student == "lee":
            raise ZeroDivisionError("by nothing")
        return judge(judge_, earlier, results)

    monkeypatch.setattr(marking, "explain_jointly", broken)
    Path("a.csv").write_text("student,id,answer\nkim,f,-12\nlee,f,-12\nlee,q,3\nmin,f,-12\n")
    code, out, err = run("check", "circuit", "a.csv", "--json", "--lang", lang)
    assert (code, err) == (1, "")
    rows = json.loads(out)["results"]
    assert [row["verdict"] for row in rows] == ["correct", *["unreadable"] * 2, "correct"]
    assert "ZeroDivisionError: by nothing" in rows[1]["message"]
    assert run("check", "circuit", "a.csv", "--report", "r.md")[0] == 1
    assert "min" in Path("r.md").read_text("utf-8")
