"""Formulas as people and TeX write them, compared by value with the sheet."""

# ruff: noqa: RUF001  signs that look alike are what is tested

import pytest
from exercises import agrees, exercise, reading

from derive.algebra.expressions import names
from derive.algebra.grammar import to_text
from derive.answers import Unreadable

TWO = [
    ("z3", "W5*h1 + W6*h2"),
    ("z3", "W5h1+W6h2"),
    ("z3", "W_5h_1+W_6h_2"),
    ("z3", "W₅h₁ + W₆h₂"),
    ("z3", r"W_{5} \cdot h_{1} + W_{6} \cdot h_{2}"),
    ("z3", r"W_5 \times h_1 + W_6 \, h_2"),
    ("z3", "0.45*h1+0.4*h2"),
    ("z3", "0,45 h1 + 0,4 h2"),
    ("z1", "0.3x1+0.25x2"),
    ("o1", "sigmoid(z3)"),
    ("o1", "Sigmoid(z3)"),
    ("o1", "σ(z3)"),
    ("o1", r"\sigma(z_3)"),
    ("o1", r"\sigma\left(z_3\right)"),
    ("o1", r"\operatorname{sigmoid}(z_3)"),
    ("o1", "1/(1+e^(-z3))"),
    ("o1", "1/(1+e^-z3)"),
    ("o1", r"\frac{1}{1+e^{-z_3}}"),
    ("o1", r"\tfrac{1}{1+\exp\left(-z_3\right)}"),
    ("o1", r"\frac{1}{1+\mathrm{e}^{-z_3}}"),
    ("o1", "1/(1+exp{-[W5*h1+W6*h2]})"),
    ("o1", "(1+tanh(z3/2))/2"),
    ("E_o1", "1/2(t1-o1)^2"),
    ("E_o1", "½(t1-o1)²"),
    ("E_total", r"E_{o1} + E_{o2}"),
    ("dh1/dz1", "h1(1-h1)"),
    ("dh1/dz1", "σ'(z1)"),
    ("dh1/dz1", "σ′(z_1)"),
    ("dh1/dz1", r"\sigma'(z_1)"),
    ("dh1/dz1", r"\sigma^{\prime}\left(z_1\right)"),
    ("dh1/dz1", "sigmoid'(W1*x1 + W2*x2)"),
    ("dh1/dz1", "σ(z1) - σ²(z1)"),
    ("dh1/dz1", "(1-tanh²(z1/2))/4"),
    ("dh1/dz1", r"\tfrac{1}{4}(1-\tanh^2(z_1/2))"),
    ("dh1/dz1", "tanh'(z1/2)/4"),
    ("dE_total/dW5", "(o1-t1)o1(1-o1)h1"),
    ("dE_total/dW5", "-(t1-o1)*o1*(1-o1)*h1"),
    ("dE_total/dW5", "dE/do1 * do1/dz3 * dz3/dW5"),
    ("dE_total/dW5", "∂E/∂o1 · ∂o1/∂z3 · ∂z3/∂W5"),
    ("dE_total/dW5", "∂E_total / ∂z_3 h1"),
    ("dE_total/dW5", r"\partial E / \partial o_1 \cdot do_1/dz_3 \cdot h_1"),
    ("dE_total/dW5", r"\frac{\partial E_{\mathrm{total}}}{\partial z_3} h_1"),
    ("dE_total/dW5", r"\frac{dE_{total}}{dz_3} h_1"),
    ("dE_total/dW5", r"\frac{\mathrm{d}E}{\mathrm{d}z_3} h_1"),
    ("dE_total/dh1", "dE_o1/dh1 + dE_o2/dh1"),
    ("dE_total/dh1", r"\frac{\partial E_{o1}}{\partial h_1}+\frac{\partial E_{o2}}{\partial h_1}"),
    ("W5+", "W5 - learning_rate * dE/dW5"),
    ("W5+", "W5 - lr*dE/dW5"),
    ("W5+", "W5-η ∂E/∂W5"),
    ("W5+", "W5 - 학습률 × ∂E/∂W5"),
    ("W5+", "W5 = W5 - 학습률*dE/dW5"),
    ("W5+", r"W_5 - \alpha \frac{\partial E}{\partial W_5}"),
    ("W5+", r"W_5 - \eta \frac{\partial E}{\partial W_5}"),
    ("W5+", "W5+-lr*dE/dW5"),
    ("W5+", "w5 - LR*dE/dW5"),
    ("z3+", "W5+*h1+ + W6+*h2+"),
    ("z3+", "(W5+)(h1+)+(W6+)(h2+)"),
    ("z3+", "W₅⁺h₁⁺+W₆⁺h₂⁺"),
    ("z3+", "W_5^{+} h_1^{+} + W_6^{+} h_2^{+}"),
    ("z3+", "W5^+ * h1^+ + W6^+ * h2^+"),
    ("z3+", "W5@1*h1@1 + W6@1*h2@1"),
    ("z3", "W5@0*h1@0 + W6@0*h2@0"),
    ("o1+", "sigmoid(z3+)"),
]
OTHERS = [
    ("deep", "z3", "W7*h1+W8*h2"),
    ("deep", "dE_total/dW1", r"\frac{\partial E}{\partial z_1} x_1"),
    ("deep", "dE_total/dh3", "dE_o1/dh3+dE_o2/dh3"),
    ("deep", "z7", "W15h3+W16h4+W17h5+W18h6"),
    ("indexed", "z2_1", "W2_1_1*a1_1 + W2_1_2*a1_2"),
    ("indexed", "z2_1", r"W^{(2)}_{11} a^{(1)}_1 + W^{(2)}_{12} a^{(1)}_2"),
    ("indexed", "z2_1", r"W_{11}^{(2)} a_1^{(1)} + W^{(2)}_{1,2} a^{(1)}_2"),
    ("indexed", "z1_1", "W1_1_1 x1 + W1_1_2 x2 + W1_1_3 x3 + b1_1"),
    ("indexed", "z1_1", "W111 x1 + W112 x2 + W113 x3 + b11"),
    ("indexed", "dE_total/dW3_1_2", r"\frac{\partial E}{\partial z^{(3)}_1} a^{(2)}_2"),
    ("indexed", "a3_1+", r"\sigma(z^{(3)+}_1)"),
    ("symbols", "o1", r"\varphi(net_{o1})"),
    ("symbols", "o1", "1/(1+e^{-net_o1})"),
    ("symbols", "h1", "sigmoid(net_{h1})"),
    ("symbols", "z3", r"W_7 out_{h1} + W_8 \mathit{out}_{h2}"),
    ("symbols", "E_o1", r"\frac{1}{2}(target_{o1}-output_{o1})^2"),
    ("symbols", "E_o1", r"\frac{1}{2}(\mathit{target}_{o1}-\mathit{output}_{o1})^2"),
    ("symbols", "E_total", "L_{o1}+L_{o2}"),
    ("symbols", "W15+", r"W_{15} - \eta \frac{\partial L}{\partial W_{15}}"),
    ("symbols", "W15@2", "W15+ - η*dE_total/dW15+"),
    ("symbols", "W15@2", r"W_{15}^{+} - \eta \frac{\partial L^{+}}{\partial W_{15}^{+}}"),
    ("samples", "z3_s2", "W5*h1_s2+W6*h2_s2"),
    ("samples", "z3_s2", r"W_5 h_{1,s2} + W_6 h_{2,s2}"),
    ("samples", "E_total", "(E_s1+E_s2)/2"),
    ("samples", "E_total", r"\frac{E_{s1}+E_{s2}}{2}"),
    ("samples", "dE_total/dW5", "1/2*(dE_s1/dW5+dE_s2/dW5)"),
    ("samples", "dE_s2/dW5", "dE_s2/do1_s2*do1_s2/dz3_s2*h1_s2"),
    ("own", "q", "x+y"),
    ("own", "f", "q*x + e nan sigma my_var answer"),
    ("own", "f", "q*x + e*nan*σ*my_var*answer"),
    ("own", "f", r"q*x + e*nan*\sigma*my_{var}*answer"),
    ("own", "df/dx", "df/dq*dq/dx + df/dx|local"),
    ("own", "x+", "x - lr*df/dx"),
    ("circuit", "f", "q z"),
    ("circuit", "f", "qz"),
    ("circuit", "df/dx", r"\frac{\partial f}{\partial q}\cdot\frac{\partial q}{\partial x}"),
]


@pytest.mark.parametrize(("asked", "text"), TWO)
def test_a_formula_of_the_two_two_two_net_has_the_sheets_value(asked, text):
    assert agrees(text, asked)


@pytest.mark.parametrize(("name", "asked", "text"), OTHERS)
def test_a_formula_of_another_exercise_has_the_sheets_value(name, asked, text):
    assert agrees(text, asked, name)


def test_a_formula_has_neither_value_nor_unit():
    member = reading("W5*h1+W6*h2", "z3").last
    assert (member.kind, member.value, member.unit, member.digits) == ("formula", None, None, 0)


PLUS = [
    ("W5+", ("W5+",)),
    ("W5+h1", ("W5", "h1")),
    ("W5 + h1", ("W5", "h1")),
    ("W5+ h1", ("W5", "h1")),
    ("W5+(h1)", ("W5", "h1")),
    ("W5+2", ("W5",)),
    ("W5^+2", ("W5",)),
    ("W5+*h1", ("W5+", "h1")),
    ("W5+/h1", ("W5+", "h1")),
    ("W5+^2", ("W5+",)),
    ("(W5+)h1", ("W5+", "h1")),
    ("W5++h1", ("W5+", "h1")),
    ("W5+-h1", ("W5+", "h1")),
    (r"W5+ \cdot h1", ("W5+", "h1")),
    ("t1+*h1", None),
]


@pytest.mark.parametrize(("text", "used"), PLUS)
def test_a_plus_belongs_to_the_name_only_where_no_sum_goes_on(text, used):
    if used is None:
        with pytest.raises(Unreadable):
            reading(text, "E_total+")
    else:
        assert names(reading(text, "E_total+").last.expr) == used


REFUSED = [
    ("two-two-two", "dE_total/dW5", "h1*dE/dW5", "itself", {"name": "dE_total/dW5"}),
    ("two-two-two", "W5+", "W5+", "itself", {"name": "W5+"}),
    ("two-two-two", "z3", "o1", "later", {"name": "o1", "asked": "z3"}),
    ("two-two-two", "W5", "W5+", "later", {"name": "W5+", "asked": "W5"}),
    ("two-two-two", "E_total", "e", "unknown_name", None),
    ("two-two-two", "E_total", "2*foo", "unknown_name", None),
    ("samples", "W5+", "lr*dE/dW5", "unknown_name", None),
    ("circuit", "f", "x*lr", "unknown_name", None),
    ("two-two-two", "W5+", "h1 = 0.3", "other_name", {"name": "h1", "asked": "W5+"}),
]


@pytest.mark.parametrize(("name", "asked", "text", "reason", "slots"), REFUSED)
def test_a_name_that_may_not_stand_here_is_told(name, asked, text, reason, slots):
    with pytest.raises(Unreadable) as told:
        reading(text, asked, name)
    assert told.value.reason == reason
    if slots is not None:
        assert told.value.slots == slots


@pytest.mark.parametrize("name", ["two-two-two", "deep", "indexed", "symbols", "samples", "own"])
def test_every_formula_of_the_sheet_is_read_from_the_grammar(name):
    sheet, _ = exercise(name)
    for step in sheet.derivation.steps():
        if step.expr is not None and "[" not in to_text(step.expr):
            assert agrees(to_text(step.expr).replace("{", "(").replace("}", ")"), step.id, name)


def test_a_plain_name_is_no_split():
    assert names(reading("W5h1", "E_total").last.expr) == ("W5", "h1")
    with pytest.raises(Unreadable):
        reading("W5h9", "E_total")
