"""Ids from every spelling, also that of the page, and the nearest of a misspelt one."""

# ruff: noqa: RUF001  signs that look alike are what is tested

import pytest
from exercises import exercise
from sampling import EXAMPLES, few
from working import calls

import derive
from derive.grading.assessment import open_marker
from derive.render import tex
from derive.render.notation import choose_notation

NAMES = ["two-two-two", "deep", "indexed", "symbols", "samples", "own", "circuit", "shared-biases"]


@pytest.mark.parametrize("name", NAMES)
def test_every_id_is_found_as_keys_write_it(name):
    sheet, aliases = exercise(name)
    for step in sheet.derivation.steps():
        assert aliases.find(step.id) == step.id


@pytest.mark.parametrize("name", NAMES)
def test_every_id_is_found_as_the_page_prints_it(name):
    sheet, aliases = exercise(name)
    notation = choose_notation(sheet.spec)
    for step in sheet.derivation.steps():
        shown = tex.write(notation.symbol(step.id))
        assert aliases.find(shown) == step.id, shown
        assert aliases.find(f"${shown}$") == step.id


def list_readings(name):
    sheet = derive.sheet(derive.load(name))
    aliases, notation = open_marker(sheet.numbers).aliases, choose_notation(sheet.spec)
    for step in sheet.derivation.steps():
        box = notation.symbol(step.id)
        shown = tex.write(box)
        for text in (
            step.id,
            shown,
            tex.write_markdown(box),
            shown.replace("\\langle", "<").replace("\\rangle", ">"),
        ):
            yield step.id, text, aliases.find(text)


@pytest.mark.parametrize("name", few(("windows", "recurrent", "layer-norm", *EXAMPLES), 6))
def test_every_id_of_an_example_is_found_as_a_page_prints_it(name):
    wrong = [reading for reading in list_readings(name) if reading[0] != reading[2]]
    assert wrong == []


SPELLINGS = [
    ("two-two-two", "W_5", "W5"),
    ("two-two-two", "W_{5}", "W5"),
    ("two-two-two", "W₅", "W5"),
    ("two-two-two", "w5", "W5"),
    ("two-two-two", "W5@1", "W5+"),
    ("two-two-two", "W5@0", "W5"),
    ("two-two-two", "W5^+", "W5+"),
    ("two-two-two", "W_5^{+}", "W5+"),
    ("two-two-two", "W^{+}_5", "W5+"),
    ("two-two-two", "W₅⁺", "W5+"),
    ("two-two-two", "E", "E_total"),
    ("two-two-two", "E_{total}", "E_total"),
    ("two-two-two", r"E_{\text{total}}", "E_total"),
    ("two-two-two", "E_{o1}", "E_o1"),
    ("two-two-two", "dE/dW5", "dE_total/dW5"),
    ("two-two-two", "∂E/∂W₅", "dE_total/dW5"),
    ("two-two-two", r"\frac{\partial E_{total}}{\partial W_5}", "dE_total/dW5"),
    ("two-two-two", "α", "learning_rate"),
    ("two-two-two", "W9", None),
    ("two-two-two", "W5@2", None),
    ("two-two-two", "t1+", None),
    ("two-two-two", "e", None),
    ("two-two-two", "W5 h1", None),
    ("two-two-two", "dE_total/dx1", None),
    ("samples", "E", None),
    ("samples", "dE/dW5", None),
    ("samples", "dE_total/dW5@1", "dE_total/dW5+"),
    ("indexed", "W^{(1)}_{2,1}", "W1_2_1"),
    ("indexed", "W_{1,2,1}", "W1_2_1"),
    ("symbols", "net_h1", "z1"),
    ("symbols", "out_{h1}", "h1"),
    ("symbols", "dL/dW5", "dE_total/dW5"),
    ("circuit", "df/dx", "df/dx"),
    ("own", r"\frac{\partial f}{\partial x}|_{local}", "df/dx|local"),
    ("layer-norm", r"\sigma_1^2", "var1"),
    ("layer-norm", r"\sigma^2_1", "var1"),
    ("layer-norm", "σ₁²", "var1"),
    ("layer-norm", r"\sigma_1", "sd1"),
    ("layer-norm", r"\gamma_2^+", "gain1_2+"),
    ("layer-norm", "h_1^2", None),
    ("recurrent", "h_1^{<2>}", "h1_t2"),
    ("recurrent", r"h_1^{\langle 2 \rangle +}", "h1_t2+"),
    ("recurrent", "dE/dU1|t2", "dE_total/dU1|t2"),
    ("recurrent", r"\frac{\partial E}{\partial U_1}\Big|_{<2>}", None),
    ("recurrent", r"\frac{\partial E}{\partial U_1}|_{<2>}", "dE_total/dU1|t2"),
    ("windows", "K_{12}", "K1_1_2"),
    ("windows", "z_{11}", "z1_1_1"),
    ("windows", "dE/dK_{12}|_{21}", "dE_total/dK1_1_2|2_1"),
    ("windows", "dE/dK_{12}|21", "dE_total/dK1_1_2|2_1"),
]


@pytest.mark.parametrize(("name", "text", "wanted"), SPELLINGS)
def test_a_spelling_means_one_id_or_none(name, text, wanted):
    assert exercise(name)[1].find(text) == wanted


@pytest.mark.parametrize(
    ("text", "near"),
    [("W55", "W5"), ("dE_totl/dW5", "dE_total/dW5"), ("E_totl", "E_total"), ("qqqqqq", None)],
)
def test_the_nearest_id_is_offered_where_one_is_near(text, near):
    assert exercise("two-two-two")[1].find_nearest(text) == near


def test_the_order_is_that_of_the_steps():
    sheet, aliases = exercise("two-two-two")
    assert list(aliases.order) == [step.id for step in sheet.derivation.steps()]


def test_a_large_net_is_looked_up_without_listing_it():
    row = [str([0.01] * 50) for _ in range(100)]
    text = f"inputs = {[0.1] * 50}\ntargets = [0.5]\nlearning_rate = 0.5\n"
    text += f'[[layers]]\nactivation = "sigmoid"\nweights = [{", ".join(row)}]\n'
    text += f'[[layers]]\nactivation = "sigmoid"\nweights = [{[0.01] * 100}]\n'
    sheet = derive.sheet(derive.loads(text))
    aliases = open_marker(sheet.numbers).aliases
    assert calls(lambda: aliases.find("dE_total/dW5000")) < 1_000
    assert aliases.find("dE_total/dW5000") == "dE_total/dW5000"
    assert "order" not in vars(aliases)
    assert "_exact" not in vars(aliases)
    assert aliases.find("W_{5000}^{+}") == "W5000+"
    assert aliases.find_nearest("W_51000") in ("W1000", "W5100", "W5000")
    assert aliases.find_nearest("dE_total/dW51000") in (
        "dE_total/dW1000",
        "dE_total/dW5100",
        "dE_total/dW5000",
    )
