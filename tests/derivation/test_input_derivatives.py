"""`input_derivatives`: the error by every input, the sum over the units that the input feeds."""

import pytest

import derive
from derive.errors import SpecError

HIDDEN = """
{more}
input_derivatives = true
learning_rate = 0.5
[[layers]]
activation = "sigmoid"
weights = [[0.1, 0.2], [0.4, 0.5], [0.3, 0.1]]
[[layers]]
activation = "tanh"
weights = [[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]
"""
ONE = HIDDEN.format(more="inputs = [0.1, 0.2]\ntargets = [1, 0.5]\nsteps = 2")
SEVERAL = HIDDEN.format(
    more="inputs = [[0.1, 0.2], [0.4, -0.3]]\ntargets = [[0.5, -1], [2, 0.25]]\nsteps = 2"
)
BATCHES = SEVERAL.replace("steps = 2", "steps = 3\nbatch_size = 1\nregularisation = {l2 = 0.1}")
NEURON = """
inputs = [0.5, 0.25]
targets = [1]
input_derivatives = true
steps = 0
[[layers]]
weights = [[2, -3]]
"""
SHARES = """
inputs = [0.1, 0.2]
targets = [0, 1]
loss = "cross_entropy"
steps = 0
input_derivatives = true
[[layers]]
type = "activation"
activation = "softmax"
"""


def answers(text):
    return {answer["id"]: answer for answer in derive.key(derive.loads(text))["answers"]}


def test_the_formula_is_a_sum_over_the_receivers():
    key = answers(ONE)
    assert key["dE_total/dx2"]["formula"] == (
        "{dE_total/dz1}*{dz1/dx2}+{dE_total/dz2}*{dz2/dx2}+{dE_total/dz3}*{dz3/dx2}"
    )
    assert key["dz2/dx1"]["formula"] == "W3"
    assert key["dE_total/dx1"]["stage"] == "backward"
    assert "dE_total/dx1@2" not in key


def test_one_unit_on_paper():
    """o = 2/2 - 3/4 = 1/4; dE/do = o - t = -3/4."""
    key = answers(NEURON)
    assert key["dE_total/dx1"]["shown"] == "-1.5"
    assert key["dE_total/dx2"]["shown"] == "2.25"


def test_given_scores_have_a_derivative():
    assert answers(SHARES)["dE_total/dx1"]["shown"] == "0.47502081"


def test_each_sample_has_its_own():
    key = answers(SEVERAL)
    assert {"dE_s1/dx1_s1", "dE_s2/dx2_s2", "dE_s2/dx2_s2+"} <= set(key)
    assert not {"dE_total/dx1", "dE_total/dx1_s1", "dE_s1/dx1_s2"} & set(key)


@pytest.mark.parametrize("text", [ONE, SEVERAL, BATCHES, NEURON, SHARES])
def test_differences_and_the_checker_agree(text):
    spec = derive.loads(text)
    report = derive.verify(spec)
    assert report.agrees
    assert all("differences" in row.checks for row in report.rows if "/dx" in row.id)
    shown = {name: answer["shown"] for name, answer in answers(text).items() if answer["asked"]}
    marked = derive.check(spec, shown)[0]
    assert marked.right == marked.asked


def test_without_the_key_nothing_is_derived_by_an_input():
    for text in (ONE.replace("= true", "= false"), ONE.replace("input_derivatives = true", "")):
        assert not [name for name in answers(text) if "/dx" in name]
    assert derive.load("two-two-two").input_derivatives is None


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Back to the inputs"), ("ko", "입력값까지의 역전파")]
)
def test_the_page_goes_back_to_the_inputs(language, words):
    text = f'language = "{language}"\n{ONE}'
    page = derive.page(derive.loads(text), level="full")
    assert words in page
    assert r"\frac{\partial z_1}{\partial x_1} &= W_1 = 0.1" in page
    assert r"\frac{\partial E_{\mathrm{total}}^{+}}{\partial x_1}" in page
    assert "x_1^{+}" not in page


def test_matrices_do_not_show_them_yet():
    with pytest.raises(SpecError, match="not input_derivatives; take indexed"):
        derive.loads('notation = "matrix"\n' + ONE)
