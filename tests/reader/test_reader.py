"""The reader itself: what it reads, and that it sees each kind of false line."""

from __future__ import annotations

import pytest
from mpmath import mpf

from align import fits
from chains import read_chain
from context import Context, Look
from evaluate import value_of
from grammar import read_formula
from model import load
from page import Chain, chains, cut
from reader import build, read
from rounding import shown
from tape import Node, adjoints, apply
from tex import key, parse
from tokens import Unread

NEURON = """
inputs = [0.5]
targets = [1]
decimals = 4
learning_rate = 0.5
[[layers]]
activation = "sigmoid"
weights = [[0.3]]
"""


@pytest.mark.parametrize(
    ("tex", "name"),
    [
        ("z_{1,s1}", "z1,s1"),
        (r"W^{(1)+}_ {11}", "W(1)11+"),
        (r"E_{\mathrm{total}}^{[2]}", "Etotal[2]"),
        (r"\hat{m}_ {W_1}^{+}", "hatmW1+"),
        (r"\mathit{apple}_ {\mathrm{price}}", "appleprice"),
        (r"\mathbf{W}^{(2)}", "bfW(2)"),
    ],
)
def test_a_name_is_one_text_whatever_its_dress(tex, name):
    assert key(tex) == name


@pytest.mark.parametrize(
    ("tex", "value"),
    [
        (r"2 \times (-3)^{2} - 1", 17),
        (r"-2(1 - 3)^{2}", -8),
        (r"\tfrac{1}{2} \thinspace \frac{8}{2}", 2),
        (r"4.5 \times 10^{-1} + 0.05", "0.5"),
        (r"\max(1, -2) + \left\lvert -3 \right\rvert", 4),
        (r"\tanh^{2}(0) + \sqrt{9} + e^{0}", 4),
        (r"\begin{cases} 1 & 2 > 0 \cr 0 & 2 \le 0 \end{cases}", 1),
        (r"\frac{\partial}{\partial z}\left[z^{2} \times 3\right] - 6 \thinspace z", 0),
    ],
)
def test_a_formula_has_its_value(tex, value):
    assert abs(value_of(parse(tex), look()) - mpf(value)) < mpf(10) ** -100


def test_matrices_multiply():
    row = r"\begin{bmatrix} 1 & 2 \end{bmatrix}"
    other = r"\begin{bmatrix} 3 & 4 \end{bmatrix}"
    assert value_of(parse(rf"{row} \thinspace {other}^{{\top}}"), look()) == [[11]]


@pytest.mark.parametrize("tex", ["2 +", "(1", r"\frac{1}{2", r"\unknown{2}", "1 & 2"])
def test_what_it_cannot_read_it_says(tex):
    with pytest.raises(Unread):
        parse(tex)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0.12345", "0.1235"),
        ("-0.12345", "-0.1235"),
        ("0.5", "0.5"),
        ("3", "3"),
        ("0.00012345", "1.235e-4"),
        ("0.99996", "1.0000"),
        ("0", "0"),
    ],
)
def test_the_rounding_rule(value, text):
    assert shown(mpf(value), 4) == text


def test_derivatives_go_over_every_route():
    x = Node(2)
    y = x * x + apply("max", x, mpf(1)) / 2
    assert adjoints(y)[id(x)] == mpf("4.5")


def test_a_circuit_reads_products_without_a_sign():
    tree = read_formula("2x(1 - x)^2^0 + min(x, 3)")
    assert value_of(tree, {"x": mpf(3)}.__getitem__) == -9


def test_numbers_stand_in_the_places_of_names():
    names, texts = parse(r"a \thinspace b - c"), {"a": {"-0.5"}, "b": {"2"}, "c": {"0.10"}}
    assert not fits(names, parse(r"-0.5 \times 2 - 0.10"), texts.__getitem__)
    assert fits(names, parse(r"-0.5 \times 2 - 0.11"), texts.__getitem__)
    assert fits(names, parse(r"-0.5 \times 2 + 0.10"), texts.__getitem__)


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        (r"z_1 &= W_1 \thinspace x_1 = 0.3 \times 0.5 = 0.15", []),
        (r"z_1 &= W_1 \thinspace x_1 = 0.3 \times 0.5 = 0.16", ["wrong-number"]),
        (r"z_1 &= W_1 \thinspace x_1 = 0.3 \times 0.5 \approx 0.15", ["approx-for-exact"]),
        (r"z_1 &= W_1 + x_1 = 0.3 + 0.5 = 0.15", ["formula-not-equal", "footnote-missing"]),
        (r"z_1 &= W_1 \thinspace x_1 = 0.2 \times 0.5 = 0.15", ["numbers-do-not-fit"]),
        (r"o_1 &= \sigma(z_1) = \sigma(0.15) \approx 0.5374", []),
        (r"o_1 &= \sigma(z_1) = \sigma(0.15) = 0.5374", ["equals-for-rounded"]),
        (r"o_1 &= \sigma(z_1) = \sigma(0.15) \approx 0.53743", ["wrong-number"]),
        (r"W_1 + t_1 + x_1 &= 0.3 + 1 \\ &+ -0.5", ["bare-negative"]),
        (r"t_1 - t_1 &= -0 = 0", ["minus-zero"]),
        (r"\tanh^{-1}(z_1) &= \frac{1}{\tanh(z_1)}", ["inverse-function"]),
        (r"z_1 &= 1.5e-1", ["e-notation"]),
    ],
)
def test_it_names_the_fault_of_a_line(line, kinds):
    found = context()
    rows = [(n, row) for n, row in enumerate(line.split(r" \\ "))]
    for chain in chains(rows):
        read_chain(chain, found)
    assert not found.unread
    seen = [f.kind for f in found.findings]
    assert set(kinds) <= set(seen)
    assert kinds or not seen


def test_a_footnote_is_due_where_the_printed_numbers_give_another():
    line = r"E_{o1} = \tfrac{1}{2}(t_1 - o_1)^{2} = \tfrac{1}{2}(1 - 0.5374)^{2} \approx 0.1070"
    found = context()
    read_chain(Chain(1, [], raw=line), found)
    assert [f.kind for f in found.findings] == []


def test_a_page_is_cut_into_blocks():
    lines = "$$\n\\begin{aligned}\na &= b\n\\end{aligned}\n$$"
    page = f"# T\n\nWords.\n\n{lines}\n\n> † note\n\n| a |\n| - |\n| b |\n"
    assert [b.kind for b in cut(page)] == ["heading", "text", "aligned", "note", "table"]


def test_an_unknown_sentence_is_counted():
    found = read("# T\n\n## 1. What is given\n\nThe moon is 3.\n", load(NEURON))
    assert [f.why for f in found.unread] == ["sentence"]


def context():
    return Context(build(load(NEURON)), 4, stepwise=False)


def look():
    return Look(context())
