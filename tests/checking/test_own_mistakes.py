"""Mistakes made after wrong answers: only what changes something is named; nothing breaks."""

import derive
from derive.checking.marking import Given
from derive.grading.assessment import open_marker


def mark(name, answers):
    marker = open_marker(derive.sheet(name).numbers)
    rows = [Given(None, asked, text) for asked, text in answers.items()]
    return {result.id: result for result in marker.mark(None, rows).results}


def test_a_mistake_that_changes_nothing_on_the_way_is_not_named():
    found = mark(
        "deep",
        {
            "z5": "0.288",
            "h5": "sigmoid(z5)",
            "dE_total/dz7": "0.44964800 * 0.24753508 + 0.001",
            "dh5/dz5": "0.245",
        },
    )
    assert found["dh5/dz5"].judgement.misconceptions == ("M17",)


def test_a_mistake_on_top_of_own_answers_that_were_not_given_yet_is_not_kept():
    given = {"h1": "0.6", "dE_total/dh1": "0.04", "W5+": "0.5", "E_o1+": "0.02"}
    alone = mark("two-two-two", {k: v for k, v in given.items() if k != "dE_total/dh1"})
    assert mark("two-two-two", given)["E_o1+"].judgement == alone["E_o1+"].judgement


def test_a_wrong_formula_without_a_value_spoils_no_other_answer():
    found = mark(
        "two-two-two",
        {
            "do1/dz3": "1/(o1-o1)",
            "dE_total/do1": "-0.20944600",
            "dE_total/dz3": "-0.04985267",
            "dE_total/dW5": "-0.02592286",
            "dE_total/do2": "0.9",
            "W5+": "1/(h1-h1)",
        },
    )
    verdicts = {name: result.verdict for name, result in found.items()}
    assert verdicts["do1/dz3"] == verdicts["W5+"] == "wrong"
    assert verdicts["dE_total/do1"] == "misconception"
    assert "unreadable" not in verdicts.values()
