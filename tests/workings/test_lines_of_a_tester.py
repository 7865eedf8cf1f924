"""Lines that a tester wrote by hand: what each chain is, read as a teacher reads it."""

# ruff: noqa: RUF001  signs that people type are what is read here

import pytest
from scoring import open_spec

from derive.workings import Working

LINES = [
    ("adam", "W1+ = 0.6 - 0.1*1 = 0.5", "true"),
    ("two-two-two", "do1/dz3 = 0.6094*(1-0.6094) = 0.6094*0.3906 = 0.23802", "rounded"),
    ("two-two-two", "do1/dz3 = o1*(1-o1) = 0.609*(1-0.609) = 0.609*0.391 = 0.2380", "rounded"),
    ("two-two-two", "E_o1 = 1/2*(0.4-0.6094)^2 = 1/2*(-0.2094)^2 = 0.02193", "rounded"),
    ("two-two-two", "E_o1 = 1/2*(0.4-0.6094)^2 = 1/2*(-0.21)^2 = 0.02193", "rounded"),
    ("two-two-two", "E_o1 = 1/2*(0.4-0.6094)^2 = 1/2*(-0.209)^2 = 0.0219", "rounded"),
    ("two-two-two", "E_o1 = 1/2*(0.4-0.6094)^2 = 1/2*0.04387 = 0.02193", "rounded"),
    ("two-two-two", "dE/dW5 = (0.6094-0.4)*0.238*0.52 = 0.2094*0.238*0.52 = 0.025923", "rounded"),
    ("two-two-two", "W5+ = 0.45 - 0.5*0.0259 = 0.45 - 0.01295 = 0.43704", "rounded"),
    ("two-two-two", "dh2/dz2 = 0.5275*(1-0.5275) = 0.5275*0.4725 = 0.24925", "rounded"),
    (
        "two-two-two",
        "E_total = (E_o1)+(E_o2) = (0.0219)+(0.0020) = 0.0219+0.0020 = 0.02397",
        "rounded",
    ),
    ("two-two-two", "z1 = 0.3*0.1 + 0.25*0.2 = 0.03 + 0.05 = 0.09", "false@3"),
    ("two-two-two", "W5+=0.34705", "false@1"),
    ("two-two-two", "W_5^+=0.34705", "false@1"),
    ("two-two-two", "W5+=0.45-0.5*0.0259=0.34705", "false@2"),
    ("two-two-two", "dE/dW5 = 0.2094×0.2380×0.5200=0.0259⇒W5+=0.34705", "rounded false@1"),
    ("two-two-two", "W8+=W8−η*dE/dz4*h2 = 0.6−0.5*0.01425*0.5275 ≈ 0.5462", "false@3"),
    ("bowl", "x+=99", "false@1"),
    (
        "bowl",
        "x = 3 - 0.1*6 = 2.4\nx = 2.4 - 0.1*4.8 = 1.92\nx = 1.92-0.1*3.84 = 1.536",
        "true true true",
    ),
    ("bowl", "x = 3 - 0.1*6 = 2.4\nx = 2.4 - 0.1*4.8 = 1.95", "true false@2"),
    ("two-two-two", "z1 (new) = 0.2996*0.1 + 0.2492*0.2 = 0.0798", "rounded"),
    ("two-two-two", "z1 = 0.29960*0.1 + 0.24919*0.2 = 0.07980", "false@1"),
    ("two-two-two", "z1 = 0.3*0.1 + 0.25*0.2 = 0.08 (W1*x1 + W2*x2)", "true"),
    ("two-two-two", "h1 = 0.52 (h1)", "true"),
    ("two-two-two", "h1 = 0.52 (σ(z1))", "true"),
    ("two-two-two", "h1 = 0.52 (3)", "true"),
    ("two-two-two", "z1 = 0.08   (2)", "true"),
    ("two-two-two", "o1 = 0.6094 (t1 = 0.4)", "true"),
    ("two-two-two", "E_o1 = 0.0219 (0.4-0.6094)", "true"),
    ("two-two-two", "z1 = 0.09 (W1*x1 + W2*x2)", "false@1"),
    ("two-two-two", "0.2094 = 0.6094 - 0.4 = o1 - t1 = dE/do1", "rounded"),
    ("two-two-two", "-(0.4-0.6094) = 0.6094-0.4 = o1-t1", "rounded"),
    ("two-two-two", "x1 = 1\nz1 = 0.3*1+0.25*0.2 = 0.35", "false@1 carried"),
    ("two-two-two", "x1 = 0.01\nz1 = 0.3*0.01+0.25*0.2 = 0.053", "false@1 carried"),
    ("two-two-two", "W5 = 0.54\nz3 = W5*h1+W6*h2 = 0.4918", "false@1 carried"),
    ("two-two-two", "η=0.1\nW5+ = W5 - η*dE/dW5 = 0.4474", "false@1 carried"),
    ("two-two-two", "t1 = 0.04\ndE/do1 = o1 - t1 = 0.5694", "false@1 carried"),
    (
        "two-two-two",
        "W2 = 0.52\nz1 = 0.3*0.1+0.52*0.2 = 0.134\nz1 = W1*x1+W2*x2 = 0.134",
        "false@1 carried carried",
    ),
    ("two-two-two", "z1 = 0.08\rz2 = 0.12", "true false@1"),
    ("two-two-two", "z1 = 0.08\x0bz2 = 0.12", "true false@1"),
    ("two-two-two", "z1 = 0.08\u2028z2 = 0.12", "true false@1"),
    ("two-two-two", "z1 = 0.08\x85z2 = 0.12", "true false@1"),
    ("two-two-two", "z1 = 0.08\x0cz2 = 0.12", "true false@1"),
    ("two-two-two", "2026-03-02 z1 = 0.08", "true"),
    ("two-two-two", "오후 3:12 z1 = 0.08", "true"),
    ("two-two-two", "z _ { 1 } = W _ { 1 } x _ { 1 } + W _ { 2 } x _ { 2 } = 0.08", "true"),
    ("softmax", r"E = -\log o_2 = 1.5295", "true"),
    ("two-two-two", r"{\partial E \over \partial W_5} = 0.0259", "true"),
    ("two-two-two", r"z_1 = 0.3{\cdot}0.1 + 0.25{\cdot}0.2 = 0.08", "true"),
    ("two-two-two", r"z_1 = \underbrace{0.3 \cdot 0.1}_{W_1 x_1} + 0.25\cdot 0.2 = 0.08", "true"),
    ("two-two-two", "h1 = 1/(1+e^(-0.08)) = 0.51989", "false@2"),
    ("two-two-two", "h1 = 1/(1+e^(-0.08)) = 0.5210", "false@2"),
    ("two-two-two", "h1 = 1/(1+e^(-0.08)) = 0.51998", "true"),
    ("two-two-two", "W5 = 0.4", "false@1"),
    ("two-two-two", "let W5 = 0.5", "false@1"),
    ("two-two-two", "h1 = 0.52 = h2", "false@2"),
    ("two-two-two", "z1 = 0.3·0.1\t+ 0.25·0.2\t= 0.09", "false@2"),
    ("two-two-two", "o1' = o1(1-o1) = 0.2380", "true"),
    ("two-two-two", "h1 = 1 / 1+e^-z1 = 0.52", "false@1"),
    ("two-two-two", "(a) z1 = 0.08", "true"),
    ("two-two-two", "Q3. z1 = 0.08", "true"),
    ("two-two-two", "z1: 0.3*0.1+0.25*0.2 = 0.08", "true"),
    ("two-two-two", "z1 = 0.08 ✅", "true"),
    ("two-two-two", "z1 = 0.08 👍", "true"),
    ("two-two-two", "z1 = 0.08~", "true"),
    ("two-two-two", "z1 = 0.08^^", "true"),
    ("two-two-two", "z1 = 0.08!!", "true"),
    ("two-two-two", "z1 = 0.3ㆍ0.1 + 0.25ㆍ0.2", "true"),
    ("two-two-two", "h1 = sig(0.08) = 0.52", "true"),
    ("two-two-two", "h1 = 시그모이드(z1) = 0.52", "true"),
    ("two-two-two", "dE_tot/dW5 = 0.0259", "true"),
    ("two-two-two", "W_5^{t+1} = W_5^{t} - 0.5*0.0259 = 0.437", "rounded"),
    ("two-two-two", "z1 = w1x1 + w2x2", "true"),
    ("two-two-two", "h1 ≈ 0.52 ≈ h1+", "true"),
    ("two-two-two", "h1 ≈ 0.5 ≈ h2", "true"),
    ("two-two-two", "h1 = 0.52 = h2", "false@2"),
    ("bowl", "y = -2 - 0.1*(-12) = -0.8\ny = -0.8 - 0.1*(-7.2) = -0.08", "true true"),
    ("bowl", "x+ = 2.4\ndf/dx = 2*2.4 = 4.8", "true true"),
    ("bowl", "df/dx = 2x = 6\nx = 3-0.6 = 2.4\ndf/dx = 2x = 4.8", "true true true"),
    ("bowl", "x = 3 - 0.1*6 = 2.4\nx = 2.4 - 0.1*4.8 = 1.95", "true false@2"),
    ("two-two-two", "W1+ = 0.2996\nz1 = 0.2996*0.1 + 0.2492*0.2 = 0.080", "true true"),
    ("two-two-two", "W1+ = 0.2996\nz2 = 0.3996*0.1+0.3493*0.2 = 0.11", "true true"),
    ("momentum", "v_W1 = 0.8*0 - 0.0887 = -0.0887", "true"),
    ("momentum", "v_W1 = momentum*v_W1 + dE/dW1 = -0.0887", "true"),
    ("momentum", "v_W1+ = -0.0887\nW1 = W1 - 0.4*v_W1 = 0.5+0.4*0.0887 = 0.5355", "true true"),
    ("momentum", "v_W1+ = -0.0887\nW1+ = W1 - 0.4*v_W1 = 0.5+0.4*0.0887 = 0.5355", "true true"),
    ("momentum", "v_W1 = 0.0887", "false@1"),
    ("adam", "m_W1 = 0.9*0 + 0.1*0.3496 = 0.03496", "true"),
    ("batch", "E = 0.1213\nE+ = 0.1073", "true unread"),
    (
        "two-two-two",
        "W1 = W1 - 0.5*g = 0.2996\nW2 = W2 - 0.5*g = 0.2492\nz1 = 0.2996*0.1+0.2492*0.2 = 0.0798",
        "unread unread true",
    ),
    ("two-two-two", "z1 = 0.08!!! ✅~", "true"),
    ("two-two-two", "h1: σ(0.11) = 0.5275", "unread"),
    ("two-two-two", "z1: 0.3*0.1+0.25*0.2 = 0.08", "true"),
    ("two-two-two", "z1: 0.3*0.1+0.25*0.2 = 0.09", "false@1"),
    ("two-two-two", "W5 -= 0.5*0.0259 = 0.437", "true"),
    ("two-two-two", "W5 += 0.9", "false@1"),
    ("two-two-two", "W5 += -0.5*0.0259", "true"),
]
"""Sheet, lines, and the status of each chain with the place of its first false sign."""


@pytest.mark.parametrize(("spec", "text", "expected"), LINES)
def test_a_line_is_what_a_teacher_calls_it(spec, text, expected):
    judged = list(Working(open_spec(spec)).judge_text(text.split("\n")))
    said = [line.status + (f"@{line.false_at}" if line.false_at else "") for line in judged]
    assert len(said) == len(expected.split()), said
    for one, other in zip(said, expected.split(), strict=True):
        assert one == other or (one, other) == ("rounded", "true"), said


COLLIDING = """
inputs = [0.24, 0.5]
targets = [0.9]
learning_rate = 1
[[layers]]
activation = "sigmoid"
weights = [[0.25, 0.5], [0.52, 0.25]]
[[layers]]
activation = "sigmoid"
weights = [[0.5, -0.4976]]
"""
"""Given numbers to which values round: h1 0.5769, o1 0.5022, the slopes 0.2441 and 0.2461."""


@pytest.mark.parametrize(
    "text",
    [
        "E_o1 = 1/2*(0.9-0.50)^2 = 0.0791",
        "dE/do1 = 0.50 - 0.9 = -0.3978",
        "do1/dz3 = 0.50*(1-0.50) = 0.249995",
        "dh1/dz1 = 0.58*(1-0.58) = 0.24",
        "dE/dz1 = -0.05*0.24 = -0.0121",
    ],
)
def test_a_rounded_value_that_is_given_elsewhere_is_a_rounded_one(text):
    assert {line.status for line in Working(open_spec(COLLIDING)).judge_text([text])} == {
        "rounded"
    }


RULES = [
    ("z2 = 0.4*0.1 + 0.35*0.2 = 0.12", "arithmetic", ()),
    ("W1+ = 0.3 - 0.5*0.000809 = 0.2959", "arithmetic", ()),
    ("dE/dW2 = dE/dz1 * x2 = 0.00809*0.2 = 0.00132", "arithmetic", ()),
    ("dE/dW5 = 0.0262", "arithmetic", ("M17",)),
    ("dE/dW1 = dE/dh1 * h1 * (1-h1) * x2", "name", ("M43",)),
    ("E_total = 1/2(t1-o1)^2 + 1/2(t1-o2)^2", "name", ()),
]


@pytest.mark.parametrize(("text", "rule", "codes"), RULES)
def test_the_rule_and_the_known_mistakes_tell_one_story(text, rule, codes):
    (line,) = Working(open_spec("two-two-two")).judge_text([text])
    assert (line.slip.rule, line.slip.misconceptions) == (rule, codes)


WIDE = {
    "blanks": "z1 = 0.3*0.1 +" + " " * 40_000 + "0.25*0.2 = 0.08",
    "tabs": "z1 = 0.03" + "\t" * 40_000 + "+ 0.05",
    "shouts": "z1 = 0.08 " + "!" * 4_000 + "x",
    "roofs": "z1 = 0.08 " + "^" * 4_000 + "x",
    "braces": "z1 = " + "{" * 900 + "\\over" + "}" * 900,
}


@pytest.mark.parametrize("name", WIDE)
def test_a_line_of_one_sign_many_times_comes_to_an_end(name):
    """An expression that tries all ways through such a line would not: 2^4000 of them."""
    (line,) = Working(open_spec("two-two-two")).judge_text([WIDE[name]])
    assert line.status == ("true" if name in ("blanks", "tabs") else "unread")
