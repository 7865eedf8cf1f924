"""Which earlier step is named beside a wrong answer: none that does not lead to it."""

import derive


def test_a_mistake_made_with_right_numbers_comes_of_no_earlier_slip():
    """The sign is turned at an error that was right, whatever went wrong with h2."""
    answers = {"h2": "0.11", "dE_total/do2": "-0.06384491"}
    (member,) = derive.check("two-two-two", answers)
    assert [r.verdict for r in member.results] == ["misconception", "misconception"]
    assert [r.first_error for r in member.results] == [None, None]


def test_an_answer_that_goes_on_from_a_slip_names_it():
    answers = {"dE_total/dz3": "0.2", "dE_total/dW5": "0.10399787"}
    (member,) = derive.check("two-two-two", answers)
    assert member.results[1].verdict == "carried"
    assert member.results[1].first_error == "dE_total/dz3"
