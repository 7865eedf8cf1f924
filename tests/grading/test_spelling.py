"""What the checker says is written with the symbols of the sheet."""

import pytest

import derive
from derive.grading.assessment import open_marker
from derive.grading.reports.saying import Voice
from derive.grading.reports.spelling import Speller

OWN = """
inputs = [0.1, 0.2]
targets = [0.4, 0.7]
learning_rate = 0.5
[symbols]
weight = "\\\\omega"
error = "L"
preactivation = "net_{@}"
output = "\\\\hat{y}"
learning_rate = "\\\\eta"
[[layers]]
activation = "sigmoid"
weights = [[0.3, 0.25], [0.35, 0.4]]
[[layers]]
activation = "sigmoid"
weights = [[0.45, 0.4], [0.7, 0.6]]
"""


def speller(text):
    return Speller(derive.sheet(derive.loads(text)).numbers.derivation)


@pytest.mark.parametrize(
    ("ids", "told"),
    [
        ("dE_total/dW5", "dL_total/dω5"),
        ("W5-learning_rate * dE_total/dW5", "ω5-η * dL_total/dω5"),
        ("W5 * h1+W6 * h2", "ω5 * h1+ω6 * h2"),
        ("W5+ * h1++W6+ * h2+", "ω5+ * h1++ω6+ * h2+"),
        ("dE_o1/dh1+dE_o2/dh1", "dL_o1/dh1+dL_o2/dh1"),
        ("o1 * (1-o1)", "ŷ1 * (1-ŷ1)"),
        ("do1/dz3", "dŷ1/dnet_o1"),
        ("sigmoid(z1), 0.25", "sigmoid(net_h1), 0.25"),
    ],
)
def test_every_id_in_a_text_is_respelt(ids, told):
    assert speller(OWN)(ids) == told


def test_the_layers_of_the_indexed_notation_stand_in_parentheses():
    assert speller('notation = "indexed"\n' + OWN)("dE_total/dW2_1_2") == "dL_total/dω(2)_12"


def test_without_symbols_of_ones_own_an_id_is_written_as_it_is():
    assert speller(OWN.partition("[symbols]")[0] + "[[layers]]" + OWN.partition("[[layers]]")[2])(
        "dE_total/dW5 at W5+"
    ) == ("dE_total/dW5 at W5+")


@pytest.mark.parametrize("language", ["en", "ko"])
def test_hints_speak_as_the_sheet_does(language):
    marker = open_marker(derive.sheet(derive.loads(OWN)).numbers)
    voice = Voice(language, "hint", marker.judge.explainer)
    hints = [voice.give_hint("dE_total/dW5", level) for level in (1, 2, 3)]
    assert all("dL_total/dω5" in hint for hint in hints)
    assert not any("dE" in hint or "W5" in hint for hint in hints)
    assert "dŷ1/dnet_o1" in hints[1]
