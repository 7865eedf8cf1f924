"""A worksheet as questions: what each one asks, what it tells and what it does not tell."""

import re

import pytest
from sampling import examples

import derive
from derive.courses.questions import make_quiz
from derive.courses.wording import write_paragraphs
from derive.errors import SpecError
from derive.pages.choosing import Choice
from derive.spec import override

WHOLE = Choice()


def ask(source="two-two-two", level="guided", choice=WHOLE, *, alone=False, count=1, **changes):
    """Questions by their ids."""
    spec = override(derive.load(source), changes)
    quiz = make_quiz([derive.sheet(spec)] * count, level, choice, alone=alone)
    return {group.id: group.questions[0] for group in quiz.groups}


def read(question):
    """The text of a question, a line for each paragraph."""
    return [re.sub(r"</?p>", "", part) for part in write_paragraphs(question).split("</p><p>")]


@pytest.mark.parametrize("level", ["guided", "blank"])
@pytest.mark.parametrize("name", examples())
def test_the_blanks_of_the_sheet_are_asked_in_their_order(name, level):
    asked = derive.api.asked(name, level)
    found = ask(name, level)
    assert list(found) == [step.id for step in asked]
    numbers = [question.number for question in found.values()]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize("name", examples())
def test_no_question_tells_its_own_answer_or_that_of_another(name, alone):
    questions = ask(name, alone=alone)
    for question in questions.values():
        told = {row.left.id: row.parts[-1].expr for row in question.known}
        assert question.id not in told
        if not alone:
            assert not told.keys() & questions.keys()


def test_a_question_has_symbol_formula_numbers_and_how_to_write():
    assert read(ask()["z4"]) == [
        r"Blank 6 of the worksheet, id z4: compute \(z_4\).",
        r"Formula: \(z_4 = W_7 \, h_1 + W_8 \, h_2\)",
        r"Known: \(W_7 = 0.7\), \(h_1 \approx 0.519989340156\), \(W_8 = 0.6\)",
        (
            "Answer with a number to 8 decimals; one that ends sooner may be written short. "
            "Write a point, an ordinary hyphen as the minus, and no parentheses: "
            "-0.25, not (-0,25)."
        ),
    ]


def test_in_korean():
    assert read(ask(language="ko")["z4"]) == [
        r"학습지의 빈칸 6번, 기호 z4: \(z_4\) 값을 구하세요.",
        r"식: \(z_4 = W_7 \, h_1 + W_8 \, h_2\)",
        r"주어진 값: \(W_7 = 0.7\), \(h_1 \approx 0.519989340156\), \(W_8 = 0.6\)",
        (
            "답은 소수점 아래 8자리까지 수로 적으세요. 그 앞에서 끝나는 수는 짧게 적어도 됩니다. "
            "소수점은 마침표로, 빼기 부호는 자판의 하이픈으로 적고 괄호는 쓰지 마세요. "
            "예: (-0,25)가 아니라 -0.25"
        ),
    ]


def test_what_the_quiz_asks_for_elsewhere_is_not_told():
    told = read(ask()["dE_total/dz4"])
    assert not any(line.startswith("Known:") for line in told)
    assert "0.063844909698" in read(ask(alone=True)["dE_total/dz4"])[2]


def test_a_copy_of_another_answer_is_told_by_its_name():
    text = write_paragraphs(ask()["dE_total/dW8"])
    assert r"\frac{\partial z_4}{\partial W_8} = h_2" in text
    assert "0.5274723" not in text


def test_with_few_blanks_all_other_numbers_are_told():
    (question,) = ask(choice=Choice(1)).values()
    assert question.id == "dE_total/dW6"
    assert r"\partial W_6} \approx 0.527472304345\)" in write_paragraphs(question)


def test_a_blank_sheet_tells_no_formula():
    questions = ask(level="blank")
    assert len(questions) > len(ask())
    assert all(question.formula is None for question in questions.values())
    assert r"\(W_1 = 0.3\)" in write_paragraphs(questions["z1"])


def test_a_slope_that_is_read_off_is_asked_from_the_whole_formula():
    told = read(ask("adam")["dz1/db1"])
    assert told[1] == r"Formula: \(z_1 = W_1 \, x_1 + W_2 \, x_2 + b_1\)"


def test_activations_are_defined():
    told = read(ask()["h2"])
    assert told[2] == r"Definition: \(\sigma(z) = \frac{1}{1 + e^{-z}}\)"


def test_a_small_number_has_few_digits_and_an_exponent():
    spec = derive.loads(
        'kind = "circuit"\noutput = "f"\n[values]\nx = 0.000001\n[definitions]\nf = "x/7"'
    )
    quiz = make_quiz([derive.sheet(spec)], "blank", WHOLE, alone=False)
    question = quiz.groups[0].questions[0]
    assert question.shown == "1.429e-7"
    assert "4 significant digits" in read(question)[-1]


def test_where_steps_round_a_question_says_so_and_tells_printed_numbers():
    text = read(ask(rounding="stepwise", alone=True)["dE_total/dW6"])
    assert any(line.startswith("Every step is rounded to 8 decimals") for line in text)
    assert r"\frac{\partial o_1}{\partial z_3} \approx 0.23802157\)" in "".join(text)


def test_several_worksheets_make_one_group_for_an_id():
    other = override(derive.load("two-two-two"), {"learning_rate": "0.25"})
    quiz = make_quiz(
        [derive.sheet("two-two-two"), derive.sheet(other)], "guided", WHOLE, alone=False
    )
    assert quiz.several
    assert all(len(group.questions) == 2 for group in quiz.groups)
    (group,) = [group for group in quiz.groups if group.id == "W5+"]
    assert [question.shown for question in group.questions] == ["0.43703857", "0.44351929"]
    assert "0.025922855604" in write_paragraphs(group.questions[1])


@pytest.mark.parametrize("sources", ["two-two-two", ["two-two-two", "two-two-two"]])
def test_a_sheet_that_is_all_worked_makes_no_quiz(sources):
    with pytest.raises(SpecError, match="no blanks to ask for; take guided or blank"):
        derive.quiz(sources, "gift", "full")
