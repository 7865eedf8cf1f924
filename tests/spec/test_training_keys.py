"""`[optimizer]` and `[regularisation]`: what may stand there, and what a message says."""

import pytest

import derive
from derive.errors import SpecError

SPEC = """
inputs = [0.3]
targets = [0.4]
learning_rate = 0.1
{}
[[layers]]
weights = [[0.5]]
"""


def loaded(text):
    return derive.loads(SPEC.format(text))


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ("[optimizer]", "optimizer", "missing key `name`"),
        ("optimizer = 3", "optimizer", "expected a table, got a whole number"),
        ('[optimizer]\nname = "momentum"\nconvention = 3', "optimizer.convention", "a string"),
        ('[optimizer]\nname = "adan"', "optimizer.name", "did you mean adam?"),
        ("[optimizer]\nname = 3", "optimizer.name", "expected a string, got a whole number"),
        (
            '[optimizer]\nname = "adam"\nmomentum = 0.9',
            "optimizer.momentum",
            "adam has no momentum; these have: momentum, nesterov",
        ),
        (
            '[optimizer]\nname = "gradient_descent"\nepsilon = 1e-8',
            "optimizer.epsilon",
            "gradient_descent has no epsilon; these have: adagrad, rmsprop, adam, adamw",
        ),
        (
            '[optimizer]\nname = "adam"\nbeta3 = 0.9',
            "optimizer.beta3",
            "unknown key; did you mean beta",
        ),
        (
            '[optimizer]\nname = "momentum"\nmomentum = 1',
            "optimizer.momentum",
            "expected a number from 0 to below 1, got 1",
        ),
        (
            '[optimizer]\nname = "adam"\nbeta1 = -0.1',
            "optimizer.beta1",
            "expected a number from 0 to below 1, got -0.1",
        ),
        (
            '[optimizer]\nname = "adam"\nepsilon = -1',
            "optimizer.epsilon",
            "expected 0 or a number above it, got -1",
        ),
        (
            '[optimizer]\nname = "momentum"\nconvention = "stop"',
            "optimizer.convention",
            "unknown convention stop; did you mean step?",
        ),
        (
            '[optimizer]\nname = "adam"\nconvention = "step"',
            "optimizer.convention",
            "adam has one form only; these have a convention: momentum",
        ),
        ("[regularisation]", "regularisation", "an empty table; give l2, l1 or both"),
        (
            "[regularisation]\nl2 = 0",
            "regularisation.l2",
            "expected a number above 0, got 0",
        ),
        (
            '[regularization]\nl2 = "0.1"',
            "regularization.l2",
            "expected a number, got a string; write it without quotes",
        ),
        ("[regularization]\nl1 = -1", "regularization.l1", "expected a number above 0, got -1"),
        ("[regularization]\nl3 = 1", "regularization.l3", "unknown key; known: l2, l1"),
        ("batch_size = 2", "batch_size", "expected 1 to 1, as many as samples, got 2"),
        ("batch_size = 0", "batch_size", "expected 1 to 1, as many as samples, got 0"),
        ("batch_size = 1.5", "batch_size", "expected a whole number, got a decimal"),
        (
            "[regularization]\nl1 = 1\n[regularisation]\nl1 = 1",
            "regularization",
            "stands there as regularisation too; give one",
        ),
    ],
)
def test_a_message_names_the_place_and_what_would_be_right(text, place, problem):
    with pytest.raises(SpecError) as raised:
        loaded(text)
    assert raised.value.place == place
    assert problem in raised.value.problem


def test_a_rate_below_0_is_for_plain_descent_alone():
    with pytest.raises(SpecError, match=r"adam takes a rate above 0, got -0\.1"):
        derive.loads(SPEC.replace("0.1", "-0.1").format('[optimizer]\nname = "adam"'))


def test_defaults_are_those_of_pytorch_and_stand_in_the_key():
    plain = derive.key(derive.sheet(loaded('[optimizer]\nname = "adamw"')))["spec"]
    assert plain["optimizer"] == {
        "name": "adamw",
        "beta1": "0.9",
        "beta2": "0.999",
        "epsilon": "1e-8",
        "weight_decay": "0.01",
    }


def test_both_spellings_are_one_exercise():
    texts = ("[regularisation]\nl2 = 0.10", "[regularization]\nl2 = 0.10")
    british, american = map(loaded, texts)
    assert british == american


def test_circuits_have_neither_table():
    with pytest.raises(SpecError) as raised:
        derive.loads(
            'kind="circuit"\noutput="f"\n[values]\nx=1\n[definitions]\nf="x"\n[optimizer]'
        )
    assert raised.value.place == "optimizer"


@pytest.mark.parametrize("text", ['[optimizer]\nname = "adam"', "[regularisation]\nl2 = 0.1"])
def test_matrices_show_plain_descent_only(text):
    with pytest.raises(SpecError, match="take indexed") as raised:
        loaded('notation = "matrix"\n' + text)
    assert raised.value.place == "notation"
