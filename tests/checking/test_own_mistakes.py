"""Mistakes made after wrong answers: only what changes something is named; nothing breaks."""

import derive
from derive.checking.marking import Given
from derive.checking.verdicts import WRONG
from derive.grading.assessment import open_marker


def mark(name, answers):
    marker = open_marker(derive.sheet(name).numbers)
    rows = [Given(None, asked, text) for asked, text in answers.items()]
    return {result.id: result for result in marker.mark(None, rows).results}


def test_mistakes_that_change_nothing_after_own_answers_are_not_named():
    found = mark(
        "deep",
        {
            "h4": "0.5696",
            "dE_total/dh4": "-0.1799",
            "dh4/dz4": "0.54509717 * (1-0.54509717)",
            "dE_total/dz4": "-0.0441",
        },
    )
    assert found["dE_total/dz4"].judgement == WRONG


def test_a_right_formula_hands_a_slip_on():
    found = mark(
        "two-two-two",
        {
            "h1": "0.53",
            "z3": "W5*h1 + W6*h2",
            "o1": "0.61051771",
            "dE_total/do1": "-(t1-o1)",
            "dE_total/dz3": "dE_total/do1*o1*(1-o1) = 0.05005813",
        },
    )
    verdicts = [result.verdict for result in found.values()]
    assert verdicts == ["wrong", "correct", "carried", "correct", "carried"]
    assert {found["o1"].first_error, found["dE_total/dz3"].first_error} == {"h1"}


def test_what_comes_of_a_wrong_signal_by_a_carried_gradient_is_carried():
    """The gradient is made of the own error signal, which is none of its three factors."""
    given = {"dE_total/dz4": "0.06384491", "dE_total/dW7": "0.03319867", "W7+": "0.68340066"}
    found = mark("two-two-two", given)
    assert [r.verdict for r in found.values()] == ["misconception", "carried", "carried"]
    assert found["W7+"].first_error == "dE_total/dz4"


def test_a_wrong_formula_counts_as_what_it_comes_to_from_own_answers():
    found = mark("two-two-two", {"h1": "0.53", "z3": "W5*h1 - W6*h2", "o1": "0.50687734"})
    assert [result.verdict for result in found.values()] == ["wrong", "wrong", "carried"]


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
