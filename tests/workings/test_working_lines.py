"""What is said of single lines on small sheets: status, place, rule."""

# ruff: noqa: RUF001  signs that people type are what is read here

import pytest
from scoring import open_spec

from derive.workings import Working

SIGMOID = "two-two-two"


def judge(spec, text, name=""):
    return list(Working(open_spec(spec), name).judge_text(text.split("\n")))


def statuses(spec, text, name=""):
    return [line.status for line in judge(spec, text, name)]


TRUE = [
    (SIGMOID, "z1 = W1*x1 + W2*x2 = 0.3*0.1 + 0.25*0.2 = 0.03 + 0.05 = 0.08"),
    (SIGMOID, "z₁ = 0.08"),
    (SIGMOID, "h1 = 1/(1+e^(-z1)) = 1/(1+e^(-0.08)) = 0.51999"),
    (SIGMOID, "h1 = σ(0.08) ≈ 0.5200"),
    (SIGMOID, "E = ½(t1-o1)² + ½(t2-o2)² = 0.024"),
    (SIGMOID, "∂E/∂W₅ = ∂E/∂o₁ × ∂o₁/∂z₃ × ∂z₃/∂W₅ = (o1 - t1) o1 (1 - o1) h1"),
    (SIGMOID, r"\frac{\partial E_{total}}{\partial W_5} = 0.02592286"),
    (SIGMOID, "σ'(z3) = o1(1-o1) = 0.23802157"),
    (SIGMOID, "z1 = 0,3·0,1 + 0,25·0,2 = 0,08"),
    (SIGMOID, "W5 = 0.45, W5 = 0.43704"),
    (SIGMOID, "W5 = 0.45 → W5 = 0.43704"),
    (SIGMOID, "새 W5 = 0.43704"),
    (SIGMOID, "x1 W1 = 0.03"),
    (SIGMOID, "z1 = 0.08 이므로 h1 = 0.52 이고 o1 = 0.6094 입니다."),
    ("circuit", "f = (x + y) z = x z + y z = (-2)(-4) + 5(-4) = 8 + (-20) = -12"),
    ("circuit", "-12 = f"),
    ("circuit", "df/dx = -4 = df/dy"),
    ("circuit", "q^2 = 9; q² = 3² = 9"),
    ("circuit", "f/q = -12/3 = -4 = z"),
    ("circuit", "f = qz = -12 = 3 * -4"),
    ("circuit", r"$f = qz$ so $f = 3 \cdot (-4)$"),
    ("neuron", "z1 = 0.8*0.6 + 0.5*-0.4 + 0.1 = 0.48 - 0.2 + 0.1 = 0.38"),
    ("neuron", "W2 = 0.5"),
    ("softmax", "dh1/dz1 = 1 - tanh^2(z1) = 0.9901"),
    ("softmax", "E = -ln(o2) = 1.5295"),
    ("softmax", "dE/dz4 = o2 - t2"),
    ("softmax", "o1 + o2 + o3 = 1"),
]


@pytest.mark.parametrize(("spec", "text"), TRUE)
def test_a_true_line_is_true(spec, text):
    assert set(statuses(spec, text)) == {"true"}


NOT_FALSE = [
    ("circuit", "(x + y) z = -12"),
    ("circuit", "(x + y) z\n= q z\n= 3 * -4\n= -12"),
    ("circuit", "- q = -3"),
    ("circuit", "- x - y = -3"),
    ("circuit", "- 3 * 4 = -12"),
    ("circuit", "(3) (-4) = -12"),
    ("circuit", "12 : 3 = 4"),
    (SIGMOID, "E = E_o1\n+ E_o2 = 0.024"),
    ("circuit", "q = x\n+ y = 3"),
    ("circuit", "---\nq = 3"),
    ("circuit", "q = 3 f = -12"),
    ("circuit", "x=-2\ty=5\tz=-4"),
    (SIGMOID, "o1=0.6094 o2=0.6638"),
    (SIGMOID, "∂E/∂W5 = 0.0259   ∂E/∂W6 = 0.0263"),
    (SIGMOID, "z1 = 0.08 & z2 = 0.11"),
    (SIGMOID, "(1) z1 = 0.08 (2) z2 = 0.11"),
    ("circuit", "q = 3. f = -12"),
    ("circuit", "f = 3 x (-4) = -12"),
    ("circuit", "1,000 = 10^3"),
    ("circuit", "log(100) = 2"),
]


@pytest.mark.parametrize(("spec", "text"), NOT_FALSE)
def test_nothing_true_is_called_false(spec, text):
    assert "false" not in statuses(spec, text)


FALSE = [
    # a sign
    (SIGMOID, "z1 = 0.3*0.1 - 0.25*0.2 = -0.02", 1, "sign"),
    (SIGMOID, "dE/dW5 = -(t1-o1)*o1*(1-o1)*h1 = -0.0259", 2, "sign"),
    (SIGMOID, "dE/do1 = t1 - o1", 1, "sign"),
    (SIGMOID, "W5+ = W5 + 0.5*dE/dW5", 1, "sign"),
    (SIGMOID, "h1 = 1/(1+e^(z1))", 1, "sign"),
    ("circuit", "q = x + y = 2 + 5 = 7", 2, "sign"),
    ("circuit", "f = q*z = 3*-4 = 12", 3, "sign"),
    ("softmax", "E = ln(o2) = -1.5295", 1, "sign"),
    # a factor
    (SIGMOID, "dE/dW5 = (o1-t1)*o1*(1-o1)", 1, "factor"),
    (SIGMOID, "E_o1 = 1/2*(0.4-0.6094)^2 = 0.0438", 2, "factor"),
    (SIGMOID, "W5+ = 0.45 - 0.0259 = 0.4241", 1, "factor"),
    (SIGMOID, "E = (t1-o1)^2 + (t2-o2)^2", 1, "factor"),
    # a route
    (SIGMOID, "dE/dh1 = dE/dz3*W5", 1, "route"),
    (SIGMOID, "dE/dh1 = 0.0224", 1, "route"),
    # a term
    (SIGMOID, "z3 = W5*h1 = 0.234", 1, "term"),
    ("neuron", "z1 = W1*x1 + W2*x2 = 0.28", 1, "term"),
    # a power
    (SIGMOID, "E = 1/2*(t1-o1) + 1/2*(t2-o2)", 1, "power"),
    (SIGMOID, "E_o1 = 1/2*(t1-o1)^2 = 1/2*(t1-o1) = -0.1047", 2, "power"),
    # a slope
    (SIGMOID, "dE/dW5 = (o1-t1)*(1-o1^2)*h1", 1, "slope"),
    (SIGMOID, "do1/dz3 = 1 - o1^2", 1, "slope"),
    ("softmax", "dh1/dz1 = h1(1-h1)", 1, "slope"),
    # a function
    (SIGMOID, "h1 = z1 = 0.08", 1, "function"),
    # a name, a number
    (SIGMOID, "dE/dh1 = dE/dz3*W5 + dE/dz4*W6", 1, "name"),
    (SIGMOID, "z3 = W5*h2 + W6*h1", 1, "name"),
    (SIGMOID, "z1 = 0.3*0.1 + 0.4*0.2 = 0.11", 1, "number"),
    (SIGMOID, "z1 = W1*x1 + W2*x2 = 0.3*0.1 + 0.25*0.3", 2, "number"),
    # an operation, a bracket
    (SIGMOID, "E = E_o1 * E_o2", 1, "operation"),
    ("circuit", "f = q + z = -1", 1, "operation"),
    (SIGMOID, "do1/dz3 = o1*(1-o1) = o1*1 - o1 = 0", 2, "bracket"),
    # arithmetic
    (SIGMOID, "dE/dW5 = 0.2094*0.2380*0.5200 = 0.0295", 2, "arithmetic"),
    (SIGMOID, "o1 = 0.6904", 1, "arithmetic"),
    (SIGMOID, "o1 = 0.06094", 1, "arithmetic"),
    ("circuit", "q = -2 + 5 = 4", 2, "arithmetic"),
]


@pytest.mark.parametrize(("spec", "text", "place", "rule"), FALSE)
def test_the_first_false_sign_and_its_rule_are_found(spec, text, place, rule):
    (line,) = judge(spec, text)
    assert (line.status, line.false_at, line.slip.rule) == ("false", place, rule)


@pytest.mark.parametrize(
    ("spec", "text", "rule"),
    [
        (SIGMOID, "h1 = tanh(z1)", "function"),
        (SIGMOID, "do1/dz3 = h1(1-h1)", "name"),
    ],
)
def test_the_rule_has_its_own_name(spec, text, rule):
    (line,) = judge(spec, text)
    assert line.slip.rule == rule


PRODUCT = """
kind = "circuit"
output = "f"
[values]
x = 3
[definitions]
f = "x^2 * (x + 1)"
"""


@pytest.mark.parametrize(
    "text", ["df/dx = 2*x*(x+1) = 24", "df/dx = 2x(x+1)", "df/dx = 2*x*1 = 6", "df/dx = x^2"]
)
def test_a_product_rule_without_its_second_term_is_named(text):
    (line,) = judge(PRODUCT, text)
    assert (line.status, line.false_at, line.slip.rule) == ("false", 1, "product")


def test_a_whole_product_rule_is_true():
    assert statuses(PRODUCT, "df/dx = 2x(x+1) + x^2 = 24 + 9 = 33") == ["true"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("dE/dW5 = (t1-o1)*o1*(1-o1)*h1", {"M04"}),
        ("W5+ = W5 - dE/dW5", {"M14"}),
        ("dE/dh1 = dE/dz3*W5", {"M02"}),
        ("W5+ = W5 + 0.5*dE/dW5", {"M04", "M05"}),
        ("o1 = 0.6904", set()),
    ],
)
def test_known_mistakes_that_lead_there_are_named(text, codes):
    (line,) = judge(SIGMOID, text)
    assert set(line.slip.misconceptions) == codes


@pytest.mark.parametrize(
    "text",
    [
        "h1 = 1/(1+e^{-0.08}) = 1/(1+0.9231) = 1/1.9231 = 0.52",
        "dE/dW5 = 0.2094 * 0.2380 * 0.5200 = 0.0259",
        "dE/dh1 = 0.04985*0.45 + 0.01425*0.7 = 0.0224 + 0.0100 = 0.0324",
        "h1 = 0.5199",
        "E = 0.02192 + 0.00204 = 0.02396 = 0.024",
        "W5 = W5 - 0.5*0.0259 = 0.43705",
    ],
)
def test_going_on_with_rounded_numbers_is_rounded(text):
    assert statuses(SIGMOID, text) == ["rounded"]


@pytest.mark.parametrize(
    "text",
    [
        "z1 = 0.09\nh1 = sigmoid(z1) = 0.52248\nz3 = 0.45*0.52248 + 0.4*0.5275 = 0.4461",
        "h1 = 0.53\nz3 = 0.45*h1 + 0.4*0.5275 = 0.4495\no1 = sigmoid(0.4495) = 0.6105",
        "dE/do1 = -0.2094\ndE/dz3 = -0.2094*0.238 = -0.0498\ndE/dW5 = -0.0498*0.52 = -0.0259",
    ],
)
def test_what_follows_from_a_slip_is_carried(text):
    assert statuses(SIGMOID, text) == ["false", "carried", "carried"]


def test_a_slip_is_carried_by_name():
    text = "q = 4\nf = 4*-4 = -16\nf = qz = -16\ndf/dz = 4"
    assert statuses("circuit", text) == ["false", "carried", "carried", "carried"]


def test_a_second_slip_is_found_below_a_first_one():
    text = "h1 = 0.53\nz3 = 0.45*h1 - 0.4*h2 = 0.0275"
    assert [(line.status, line.slip.rule) for line in judge(SIGMOID, text)] == [
        ("false", "arithmetic"),
        ("false", "sign"),
    ]


def test_a_right_line_below_a_slip_is_true():
    assert statuses("circuit", "q = 4\nf = 3*-4 = -12") == ["false", "true"]


def test_a_slip_put_right_is_forgotten():
    assert statuses("circuit", "q = 4\nq = 3\nf = 4*-4 = -16")[1:] != ["true", "true"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("let d1 = (o1-t1)*o1*(1-o1)\ndE/dW5 = d1*h1 = 0.02592286", ["true", "true"]),
        ("let d1 = o1 - t1; let d1 = d1*o1; d1 = 0.12765", ["true", "true", "true"]),
        ("δ = (o1-t1)*o1*(1-o1) = 0.0499\ndE/dW5 = δ h1 = 0.0259", ["true", "true"]),
        ("s = 0\ns = s + 0.03 = 0.03\ns = s + 0.05 = 0.08", ["true", "true", "true"]),
        ("let d1 = (o1-t1)*o1 = 0.1276\ndE/dW5 = d1*h1 = 0.0664", ["true", "false"]),
        ("d = o1 - t1 = 0.21\nd^2 = 0.0441", ["true", "rounded"]),
        ("let a = x1 + x2 = 0.4\n2*a = 0.8", ["false", "carried"]),
    ],
)
def test_names_of_ones_own_are_true_where_they_are_defined(text, expected):
    assert statuses(SIGMOID, text) == expected


def test_a_name_of_the_sheet_is_not_ones_own():
    assert statuses(SIGMOID, "let h1 = 3")[0] == "false"


UNREAD = [
    "z1 = foo = 0.08",
    "z1 = 1/0 = 0.08",
    "z1 = ln(-1) = 0.08",
    "z1 = [0.08",
    "E = 0.5*0.2094² + ... = 0.0240",
    "E = 0.02397 > 0.02324",
    "ΔW5 = -0.5*0.0259 = -0.01296",
    "z1 = sum_i W_i x_i = 0.08",
    "z1 = " + "1+" * 600 + "1",
    "z1 = 2^1000 = 3",
]


@pytest.mark.parametrize("text", UNREAD)
def test_what_is_not_read_is_named_and_never_false(text):
    (line,) = judge(SIGMOID, text)
    assert line.status == "unread"
    assert line.false_at is None
    assert line.unread


def test_a_false_sign_behind_an_unread_part_is_found():
    (line,) = judge(SIGMOID, "z1 = foo = 0.03 + 0.05 = 0.19")
    assert (line.status, line.false_at) == ("false", 3)


@pytest.mark.parametrize("text", ["s = foo + 1", "x = (0.1, 0.2)"])
def test_a_definition_that_is_not_read_is_not_true(text):
    assert statuses(SIGMOID, text) == ["unread"]


@pytest.mark.parametrize(
    ("text", "name", "status", "about"),
    [
        ("= 0.2094*0.2380 = 0.0498", "dE_total/dz3", "rounded", "dE_total/dz3"),
        ("= 0.0598", "dE_total/dz3", "false", "dE_total/dz3"),
        ("h1 = 0.51998934", "z1", "true", "h1"),
        ("(o1-t1)*o1*(1-o1) = 0.04985267", "dE_total/dz3", "true", "dE_total/dz3"),
    ],
)
def test_lines_without_a_name_are_about_the_id_that_is_asked(text, name, status, about):
    (line,) = judge(SIGMOID, text, name)
    assert (line.status, line.id) == (status, about)


def test_a_line_that_leads_nowhere_is_true():
    assert statuses("circuit", "x*y*z = 40; x - y = -7; z^3 = -64") == ["true"] * 3


def test_a_line_that_is_true_at_the_numbers_of_the_sheet_alone_is_true():
    assert statuses("circuit", "df/dx = df/dy; q = -z - 1") == ["true", "true"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("1/3 = 0.333", "true"),
        ("1/3 ≈ 0.3", "true"),
        ("1/3 = 0.3", "rounded"),
        ("2/3 = 0.66", "rounded"),
        ("2/3 = 0.65", "false"),
        ("2/3 ≈ 1", "true"),
        ("2/3 = 1", "false"),
        ("2/3 ≈ 0.65", "false"),
        ("f ≈ -12", "true"),
        ("f ≈ -13", "false"),
    ],
)
def test_digits_that_are_written_say_how_near_a_number_is(text, status):
    assert statuses("circuit", text) == [status]


def test_chains_are_counted_by_their_lines():
    text = "# Working\n\nq = x + y\n  = 3\n\nf = qz\n"
    assert [line.chain.line for line in judge("circuit", text)] == [3, 6]
