"""Who follows another convention throughout has full marks; with less it is the mistake."""

from functools import cache

import pytest
from float_networks import FloatNetwork, fixed
from members import keep_digits
from random_sheets import random_sheet
from sampling import few

import derive
from derive.checking.marking import Given
from derive.grading.assessment import open_marker
from derive.grading.reports.saying import Voice

NETWORK = """
inputs = [0.35, 0.8]
targets = [0.2, 0.9]
learning_rate = 0.3
[[layers]]
activation = "sigmoid"
weights = [[0.15, -0.4], [0.55, 0.3]]
[[layers]]
activation = "sigmoid"
weights = [[0.45, -0.36], [0.7, 0.21]]
"""
SAMPLES = """
inputs = [[0.35, 0.8], [-0.45, 0.6], [0.15, -0.7]]
targets = [[0.2], [0.9], [0.65]]
learning_rate = 0.3
[[layers]]
activation = "sigmoid"
weights = [[0.15, -0.4]]
"""
LABELS = """
kind = "perceptron"
inputs = [[2, 1], [1, 3]]
targets = [[1], [-1]]
learning_rate = {rate}
weights = [0.5, -2]
"""
CIRCUIT = """
kind = "circuit"
output = "f"
[values]
x = 0.83
y = 0.37
[definitions]
p = "x * y"
f = "p * x"
[update]
learning_rate = 0.02
"""
CONVENTIONS = (
    *("turned_sign", "step_for_gradient", "mean_in_samples", "mean_in_update", "label_rule"),
)


@cache
def opened(text):
    return open_marker(derive.sheet(derive.loads(text)).numbers)


def value(text, name):
    numbers = opened(text).exercise.numbers
    return float(numbers.answer(numbers.step(name)).value)


def marked(text, answers):
    """`-` before a number turns the right value round, `*0.3` multiplies it."""
    rows = []
    for name, answer in answers.items():
        factor = {"=": 1, "-": -1}.get(answer[0]) if answer[1:] == "" else None
        if answer.startswith("*"):
            factor = float(answer[1:])
        number = f"{factor * value(text, name):.8f}" if factor else answer
        rows.append(Given(None, name, number))
    return opened(text).mark(None, rows)


def told(text, answers):
    """By id the verdict, and the convention of the remark or the mistakes."""
    found = {}
    for result in marked(text, answers).results:
        keys = [r.key for r in result.judgement.remarks if r.key in CONVENTIONS]
        found[result.id] = (result.verdict, keys or list(result.judgement.misconceptions))
    return found


TURNED = ("correct", ["turned_sign"])
STEP = ("correct", ["step_for_gradient"])
EACH = ("correct", ["mean_in_samples"])
SUM = ("correct", ["mean_in_update"])
LABEL = ("correct", ["label_rule"])
RIGHT = ("correct", [])
FOLLOWED = [
    (NETWORK, {"dE_total/do1": "-", "W5+": "="}, [TURNED, RIGHT]),
    (NETWORK, {"dE_total/dz3": "-", "dE_total/dW5": "-", "W5+": "="}, [TURNED, TURNED, RIGHT]),
    (NETWORK, {"dE_total/dz3": "-", "dE_total/dW5": "=", "W5+": "="}, [TURNED, RIGHT, RIGHT]),
    (NETWORK, {"dE_total/do1": "-", "dE_total/dz3": "-", "dE_total/dh1": "-"}, [TURNED] * 3),
    (NETWORK, {"dE_total/do1": "t1-o1", "W5+": "="}, [TURNED, RIGHT]),
    (NETWORK, {"dE_total/dW5": "*0.3", "W5+": "="}, [STEP, RIGHT]),
    (
        NETWORK,
        {"dE_total/dW5": "*0.3", "dE_total/dW6": "*0.3", "dE_total/dW1": "*0.3"},
        [STEP] * 3,
    ),
    (NETWORK, {"dE_total/dW5": "learning_rate*dE/dz3*h1", "W5+": "="}, [STEP, RIGHT]),
    (CIRCUIT, {"df/dx": "*0.02", "x+": "="}, [STEP, RIGHT]),
    (SAMPLES, {"dE_s1/do1_s1": "*0.333333333333", "W1+": "="}, [EACH, RIGHT]),
    (SAMPLES, {"dE_s1/dW1": "*0.333333333333", "dE_total/dW1": "="}, [EACH, RIGHT]),
    (SAMPLES, {"dE_total/dW1": "*3", "W1+": "="}, [SUM, RIGHT]),
    (LABELS.format(rate=1), {"W1+": "2.5", "W2+": "-1"}, [LABEL, LABEL]),
    (LABELS.format(rate=0.35), {"W1+": "2.5", "W2+": "-1"}, [LABEL, LABEL]),
    (LABELS.format(rate=0.35), {"W1+": "1.2", "W2+": "-1.65"}, [LABEL, LABEL]),
    (
        LABELS.format(rate=1),
        {"W1+": "2.5", "W2+": "-1", "z1+": "-0.5", "o1+": "-1"},
        [LABEL, LABEL, RIGHT, RIGHT],
    ),
]


@pytest.mark.parametrize(("text", "answers", "expected"), FOLLOWED)
def test_a_convention_with_evidence_has_full_marks(text, answers, expected):
    assert list(told(text, answers).values()) == expected
    whole = marked(text, answers)
    assert whole.right == len(answers)
    assert whole.joint is None
    assert {result.first_error for result in whole.results} == {None}


WITH_LESS = [
    (NETWORK, {"dE_total/do1": "-"}, ["M04"]),
    (NETWORK, {"dE_total/do1": "-", "dE_total/dz3": "-"}, ["M04"]),
    (NETWORK, {"dE_total/do1": "-", "dE_total/do2": "=", "W5+": "="}, ["M04"]),
    (NETWORK, {"dE_total/dW5": "*0.3"}, ["M60"]),
    (NETWORK, {"dE_total/dW5": "*0.3", "dE_total/dW6": "=", "W5+": "="}, ["M60"]),
    (SAMPLES, {"dE_s1/do1_s1": "*0.333333333333"}, ["M63"]),
    (SAMPLES, {"dE_total/dW1": "*3"}, ["M16"]),
    (LABELS.format(rate=1), {"W1+": "2.5"}, ["M46c"]),
]


@pytest.mark.parametrize(("text", "answers", "expected"), WITH_LESS)
def test_with_less_evidence_it_is_the_mistake_by_name(text, answers, expected):
    verdict, named = next(iter(told(text, answers).values()))
    assert (verdict, named) == ("misconception", expected)


def test_an_update_that_goes_on_with_the_turned_sign_is_the_mistake():
    wrong = FloatNetwork(NETWORK, "M04")
    answers = {name: fixed(v, 8) for name, v in wrong.values.items()}
    whole = marked(NETWORK, answers)
    assert whole.joint.explanations == (("M04",),)
    assert not any(r.key in CONVENTIONS for one in whole.results for r in one.judgement.remarks)


def test_an_update_that_tells_nothing_by_its_digits_is_no_evidence():
    flipped = 2 * value(NETWORK, "W1") - value(NETWORK, "W1+")
    short = f"{value(NETWORK, 'W1+'):.2f}"
    assert f"{flipped:.2f}" == short
    found = told(NETWORK, {"dE_total/do1": "-", "W1+": short})
    assert found["dE_total/do1"] == ("misconception", ["M04"])


def test_a_slip_beside_a_convention_is_judged_by_it():
    found = told(
        NETWORK, {"dE_total/do1": "-", "dE_total/dz3": "-", "W5+": "=", "W6+": "0.12345678"}
    )
    assert found["dE_total/dz3"] == TURNED
    assert found["W6+"][0] == "wrong"


DEAD = 7
"""One derivative is not 0, no update moves: nothing tells a convention from a mistake."""


@pytest.mark.parametrize("seed", few([seed for seed in range(12) if seed != DEAD], 4))
def test_whole_sheets_by_another_convention_are_right(seed):
    """Rounded to six digits, and gone on with."""
    text = random_sheet(seed)
    keep = keep_digits(6, cut=False, significant=True)
    made = FloatNetwork(text, "M04 and M05", keep=keep)
    found = opened(text).mark(None, [Given(None, i, w) for i, w in made.written.items()])
    assert {result.verdict for result in found.results} <= {"correct", "rounded"}
    assert any(r.key == "turned_sign" for one in found.results for r in one.judgement.remarks)


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("key", CONVENTIONS)
def test_each_convention_has_its_sentence(language, key):
    assert Voice(language, "hint", None).word("remark", key)
