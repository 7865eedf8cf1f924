"""The page reads a formula as `derive check` reads it, or leaves it to it."""

from random import Random

import pytest
from page_logic import practice, run_logic

from derive.answers import Unreadable, read
from derive.checking.earlier import EarlierAnswers
from derive.numbers import balls

READ = """
const sheet = new Sheet(input.data), nobody = new EarlierAnswers(sheet);
return input.cases.map(([i, text]) => {
  try {
    const { claim } = readAnswer(text, sheet.columns[i], sheet, nobody);
    const { m } = claim ? ball(claim.exact) : { m: null };
    return { value: m };
  } catch (problem) {
    if (problem === TOO_CLOSE) return { why: problem, surely: false };
    if (!(problem instanceof Unread)) throw problem;
    return { why: problem.reason, surely: problem.surely };
  }
});
"""
READ_BY_BOTH = (
    "o1*(1-o1)",
    "-(t1 - o1)",
    "dE_total/dz3 * h1",
    "0.2094*0.238",
    "2h1",
    "h1 h2",
    "W5h1 + W6 h2",
    "W5 x 2",
    "2 x 3",
    "2^3^2",
    "-2^2",
    "2^-1",
    "2*-3^2",
    "1/2h1",
    "1/2/4",
    "8/2*4",
    "--5",
    "- -5 + +3",
    "o1**2",
    "E_total",
    "E/2",
    "w_5",
    "lr*alpha*eta",
    "e^-z3",
    "e^(-z3)",
    "1/(1+e^(-0.11))",
    "exp(-z3)/2",
    "\N{GREEK SMALL LETTER SIGMA}(z3)",
    "sigma(z3)",
    "Sigmoid(z3)",
    "sqrt(h1)[2]",
    "max(h1, h2)",
    "max(0,5)",
    "leaky_relu(0-h1)",
    "leaky_relu(-2, 0.5)",
    "h1·h2 ÷ 2",
    "h1 \N{MINUS SIGN} h2",
    "dE_total / dz3",
    "dE_total/do1*do1/dz3",
    "d E_total/d z3",
    "0,5*h1",
    ".5 + 1.",
    "1e-3*h1",
    "2.5 E-02",
    "W5 - 1",
    "W5+1",
    "0.5*0.6 = 0.3",
    "약 h1*2",
    "0.5(h1)",
    "0.5 (h1)",
    "(0.5)(h1)",
    "sin(h1)^2 + cos(h1)^2",
    "normal_cdf(h1) - normal_pdf(h1)",
    "tanh(z3) + relu(z3) + gelu(z3) + silu(z3)",
    "abs(0-h1) + min(h1, h2)",
    "cosh(1) + softplus(h1) + elu(0-h1) + step(h1)",
    "h1^h2",
    "4^0.5",
    "8^(1/3)",
    "h1^2.5",
)
LEFT = (
    "W_{5}*h1",
    "tanh'(z3)",
    "h1^{2}",
    "h1²",
    "\\frac{1}{2}",
    "5%",
    "h1'",
    "sin^2(h1)",
    "W^(1)_21",
    "min(h1, h2, 0.5)",
    "0.0259 (rounded)",
    "12 345.5",
)
READ_BY_NONE = (
    "1/0",
    "h1/(2-2)",
    "2026-01-03",
    "0.2--0.3",
    "h1*(",
    "h1)",
    "h1 *",
    "foo*2",
    "h1 2",
    "h1, h2",
    "max()",
    "sqrt(1,2)",
    "sqrt(0-1)",
    "ln(0)",
    "2^101",
    "0.5 +- 0.1",
    "1 < 2",
    "sigmoid",
    "dE_total/dz3",
    "dE_total/dz3*1",
    "W5+",
    "",
    "h1!",
    "[h1)",
    "1.2.3*h1",
    "z3 = 0.5 = foo",
    "0.5 (2)",
    "o1 = 0.6",
)


WORDS = """
+ - * / ^ ** ( ) [ ] , . = e E x lr % ' _ { } h foo ~ about answer (rounded) new 정도
sqrt exp( tanh( max( ln( sigmoid( e^ e-3 10^ 0.5 2 3. 0,25 1e-2 1_000
"""
PIECES = (*WORDS.split(), " ", "  ", "12 345", "약 ")


def read_all(texts, asked, name="two-two-two"):
    sheet = practice(name)
    place = sheet.names.index(asked)
    cases = [(place, text) for text in texts]
    return sheet, run_logic(READ, {"data": sheet.data, "cases": cases})


def read_by_checker(sheet, text, asked):
    """The value of the last member as a float, None for one without; Unreadable if none."""
    marker = sheet.marker
    reading = read(text, asked, marker.aliases, marker.exercise.decimals)
    if reading is None:
        return None
    claim = marker.judge.evaluate(asked, reading.last, EarlierAnswers(marker.exercise))
    if claim is None:
        return None
    value = claim.exact
    return float(value.p) / float(value.q) if balls.is_exact(value) else float(value.mid())


USES = (
    "dE_total/dWo1|t1+dE_total/dWo1|t2",
    "(dE_total/dUf1|t2) * 2",
    "dE/dWo1|_t1",
    "dE_total/dWo1 | t2 - 1",
)


@pytest.mark.parametrize(
    ("name", "asked", "texts"),
    [
        ("two-two-two", "dE_total/dW5", READ_BY_BOTH),
        ("two-two-two", "W8+", READ_BY_BOTH),
        ("lstm", "dE_total/dWo1", USES),
    ],
)
def test_what_both_read_is_one_number(name, asked, texts):
    sheet, told = read_all(texts, asked, name)
    for text, found in zip(texts, told, strict=True):
        try:
            expected = read_by_checker(sheet, text, asked)
        except Unreadable:
            expected = "unreadable"
        if "value" not in found:
            pytest.fail(f"not read: {text}")
        elif expected is None:
            assert found["value"] is None, text
        else:
            assert expected != "unreadable", (text, found)
            assert found["value"] == pytest.approx(expected, rel=1e-12, abs=1e-15), text


def test_what_is_left_to_the_checker_is_not_taken_for_nonsense():
    _, told = read_all(LEFT, "W8+")
    for text, found in zip(LEFT, told, strict=True):
        assert not found.get("surely", True), text


def test_what_is_surely_not_read_is_not_read_by_the_checker():
    sheet, told = read_all(READ_BY_NONE, "dE_total/dz3")
    for text, found in zip(READ_BY_NONE, told, strict=True):
        assert "why" in found, text
        if found["surely"]:
            with pytest.raises(Unreadable):
                read_by_checker(sheet, text, "dE_total/dz3")


def make_up_texts(names, draw, count):
    """Names and signs in any order, mostly nonsense."""
    for _ in range(count):
        parts = []
        for _ in range(draw.randint(1, 8)):
            parts.append(draw.choice(names if draw.random() < 0.35 else PIECES))
            parts.append(draw.choice(("+", "-", "*", "/", " ") if draw.random() < 0.3 else ("",)))
        yield "".join(parts)[:100]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "asked"),
    [("two-two-two", "W8+"), ("adam", "b1@2"), ("batch", "W1+"), ("and-gate", "b1@7")],
)
def test_no_text_is_read_as_another_number(name, asked):
    names = practice(name).names
    made = make_up_texts(names, Random(name), 4000)  # noqa: S311  no secret
    texts = sorted({text for text in made if text.strip() not in {"", "-", "--"}})
    sheet, told = read_all(texts, asked, name)
    both = 0
    for text, found in zip(texts, told, strict=True):
        try:
            expected = read_by_checker(sheet, text, asked)
        except Unreadable:
            assert "value" not in found, text
            continue
        if "value" in found:
            both += 1
            assert found["value"] == (expected and pytest.approx(expected, rel=1e-11)), text
        else:
            assert not found["surely"] or found["why"] == "chain", text
    assert both > 50
