"""No two quantities print alike: what the author chose is refused, a sign of ours gives way."""

from __future__ import annotations

import pytest

import derive
from derive.errors import SpecError
from derive.spec import loads
from derive.spec.signs import choose_symbols

UPDATE = "[update]\nlearning_rate = 0.1\n"


def circuit(values, definitions, more=""):
    rows = "\n".join(f"{name} = 0.5" for name in values.split())
    formulas = "\n".join(f'{name} = "{text}"' for name, text in definitions.items())
    return loads(
        f'kind = "circuit"\noutput = "f"\n[values]\n{rows}\n[definitions]\n{formulas}\n{more}'
    )


def network(symbols, *, notation="flat", optimizer=""):
    given = "\n".join(f'{role} = "{sign}"' for role, sign in symbols.items()).replace("\\", "\\\\")
    return loads(
        f'inputs = [0.1, 0.2]\ntargets = [0.4]\nlearning_rate = 0.5\nnotation = "{notation}"\n'
        f"[symbols]\n{given}\n{optimizer}\n"
        '[[layers]]\nactivation = "sigmoid"\nweights = [[0.3, 0.25], [0.4, 0.35]]\n'
        '[[layers]]\nactivation = "sigmoid"\nweights = [[0.45, 0.4]]\nbiases = [1]\n'
    )


@pytest.mark.parametrize(
    ("values", "definitions", "message"),
    [
        ("x1 x_1", {"f": "x1*x_1"}, "values.x_1: prints just like values.x1; rename one of them"),
        ("x__1 x1", {"f": "x1*x__1"}, "values.x1: prints just like values.x__1; rename"),
        ("q_1", {"q1": "q_1^2", "f": "q1"}, "definitions.q1: prints just like values.q_1; rename"),
        ("a_b_c", {"a_b__c": "a_b_c", "f": "a_b__c"}, "definitions.a_b__c: prints just like"),
    ],
)
def test_names_that_print_alike_are_refused_with_both_places(values, definitions, message):
    with pytest.raises(SpecError) as refusal:
        circuit(values, definitions)
    assert str(refusal.value).startswith(message)


@pytest.mark.parametrize("values", ["x_1_2 x12", "xa x_a", "X1 x1", "E_total e_total", "e exp1"])
def test_names_that_print_apart_stay(values):
    spec = circuit(values, {"f": values.replace(" ", "*")})
    assert list(spec.values) == values.split()


def test_an_answer_in_braces_means_the_name_with_the_underscore():
    sheet = derive.sheet(circuit("xa x_a", {"f": "xa + 2*x_a"}))
    (alone,) = derive.check(sheet, {"df/dx_{a}": "2", r"\frac{\partial f}{\partial xa}": "1"})
    assert [result.verdict for result in alone.results] == ["correct"] * 2


@pytest.mark.parametrize(
    ("values", "role", "sign"),
    [
        ("x", "learning_rate", "\\alpha"),
        ("alpha", "learning_rate", "\\eta"),
        ("alpha eta", "learning_rate", "\\gamma"),
        ("x", "sigmoid", "\\sigma"),
        ("sigma", "sigmoid", "\\operatorname{sigmoid}"),
        ("e", "exp", "\\operatorname{exp}"),
        ("Phi", "normal_cdf", "\\operatorname{normal\\_cdf}"),
    ],
)
def test_a_sign_of_ours_gives_way_to_a_name(values, role, sign):
    spec = circuit(values, {"f": values.replace(" ", "*")}, UPDATE)
    assert choose_symbols(spec)[role] == sign


def test_the_page_tells_the_name_from_the_sign():
    page = derive.key_page(
        circuit("alpha e sigma", {"f": "alpha*exp(e)*sigmoid(sigma)"}, UPDATE), "md"
    )
    assert r"\alpha^{+} &= \alpha - \eta \times" in page
    assert r"\operatorname{exp}(e)" in page
    assert r"\operatorname{sigmoid}(\sigma)" in page
    assert "e^{e}" not in page


@pytest.mark.parametrize(
    ("values", "symbols", "message"),
    [
        (
            "beta",
            'learning_rate = "\\\\beta"',
            "symbols.learning_rate: prints just like values.beta",
        ),
        ("beta", 'sigmoid = "\\\\beta"', "symbols.sigmoid: prints just like values.beta"),
        ("x", 'learning_rate = "e"', "symbols.learning_rate: prints just like the base of"),
        ("x1", 'learning_rate = "x_{1}"', "symbols.learning_rate: prints just like values.x1"),
    ],
)
def test_a_symbol_that_prints_like_a_name_is_refused(values, symbols, message):
    with pytest.raises(SpecError) as refusal:
        circuit(values, {"f": values}, UPDATE + "[symbols]\n" + symbols)
    assert str(refusal.value).startswith(message)
    assert str(refusal.value).endswith("give it another symbol")


@pytest.mark.parametrize(
    ("symbols", "message"),
    [
        ({"output": "h"}, "symbols.output: prints just like symbols.activation"),
        ({"activation": "o_{#}"}, "symbols.activation: prints just like symbols.output"),
        ({"input": "z"}, "symbols.input: prints just like symbols.preactivation"),
        ({"target": "\\mathrm{x}"}, "symbols.target: prints just like symbols.input"),
        ({"learning_rate": "W_3"}, "symbols.learning_rate: prints just like symbols.weight"),
        ({"learning_rate": "\\sigma"}, "symbols.learning_rate: prints just like symbols.sigmoid"),
        ({"error": "L", "bias": "L_{o#}"}, "symbols.error: prints just like symbols.bias"),
        ({"preactivation": "{@}", "input": "h"}, "symbols.input: prints just like symbols."),
    ],
)
def test_roles_that_print_alike_are_refused(symbols, message):
    with pytest.raises(SpecError) as refusal:
        network(symbols)
    assert str(refusal.value).startswith(message)


def test_indexed_a_hidden_and_an_output_unit_share_their_letter_by_right():
    network({"activation": "h", "output": "h"}, notation="indexed")
    with pytest.raises(SpecError, match=r"symbols\.activation: prints just like symbols\.pre"):
        network({"activation": "z"}, notation="indexed")


def test_a_setting_of_the_optimizer_keeps_its_sign():
    momentum = '[optimizer]\nname = "momentum"\nmomentum = 0.9\n'
    network({"learning_rate": "\\mu"})
    with pytest.raises(
        SpecError, match=r"symbols\.learning_rate: prints just like optimizer\.mom"
    ):
        network({"learning_rate": "\\mu"}, optimizer=momentum)


def test_lecturers_symbols_of_the_contract_are_apart():
    symbols = {
        "learning_rate": "\\eta", "target": "target_{#}", "output": "output_{#}",
        "error": "E", "activation": "out_{@}", "preactivation": "net_{@}",
    }  # fmt: skip
    assert network(symbols).symbols == symbols
