"""`[functions]`: activations of one's own, differentiated by the rules."""

import math

import pytest

import derive
from derive.errors import SpecError
from derive.spec import from_plain, to_plain

NETWORK = """
inputs = [[0.1, 0.2], [0.4, -0.3]]
targets = [[1, 0.50], [0, 1]]
learning_rate = 0.5
[functions]
bipolar = "2/(1+exp(-x)) - 1"
cubic = "x^3/3 + max(x, 0)"
[[layers]]
activation = "bipolar"
weights = [[0.1, 0.2], [0.4, 0.5], [0.3, 0.1]]
[[layers]]
activation = "cubic"
weights = [[0.1, 0.2, 0.3], [0.4, -0.5, 0.6]]
"""
BIPOLAR = 'bipolar = "2/(1+exp(-x)) - 1"'


def answers(text):
    return {answer["id"]: answer for answer in derive.key(derive.loads(text))["answers"]}


def test_it_is_a_hyperbolic_tangent_of_half():
    key = answers(NETWORK)
    z, h = float(key["z2_s1"]["value"]), float(key["h2_s1"]["value"])
    assert math.isclose(h, math.tanh(z / 2), rel_tol=1e-14)
    slope = float(key["dh2_s1/dz2_s1"]["value"])
    assert math.isclose(slope, (1 - h**2) / 2, rel_tol=1e-14)
    assert key["h2_s1"]["formula"] == "2/(1+exp(-z2_s1))-1"


def test_every_number_is_that_of_a_built_in_twin():
    own = NETWORK.replace("2/(1+exp(-x)) - 1", "1/(1+exp(-x))")
    twin = own.replace('activation = "bipolar"', 'activation = "sigmoid"')
    assert {name: a["shown"] for name, a in answers(own).items()} == {
        name: a["shown"] for name, a in answers(twin).items()
    }


def test_differences_and_the_checker_agree():
    spec = derive.loads(NETWORK)
    report = derive.verify(spec)
    assert report.agrees
    assert all("differences" in row.checks for row in report.rows)
    shown = {name: a["shown"] for name, a in answers(NETWORK).items() if a["asked"]}
    marked = derive.check(spec, shown)[0]
    assert marked.right == marked.asked


def test_a_key_keeps_the_formulas():
    spec = derive.loads(NETWORK)
    plain = to_plain(spec)
    assert plain["functions"]["cubic"] == "x^3/3 + max(x, 0)"
    assert not any("formula" in layer for layer in plain["layers"])
    assert from_plain(derive.key(spec)["spec"]) == spec


@pytest.mark.parametrize(("language", "heading"), [("en", "### The slope of"), ("ko", "### 함수")])
def test_the_page_defines_and_proves_it(language, heading):
    page = derive.page(derive.loads(f'language = "{language}"\n' + NETWORK), level="full")
    assert r"\mathit{bipolar} = \frac{2}{1 + e^{-x}} - 1" in page
    assert r"&= \frac{2 \thinspace e^{-x}}{(1 + e^{-x})^{2}}" in page
    appendix = [line for line in page.splitlines() if line.startswith("###") and "bipolar" in line]
    assert len(appendix) == 1
    assert heading.split()[0] in appendix[0]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (BIPOLAR, 'bipolar = "2"', "functions.bipolar: does not contain its parameter, x"),
        (BIPOLAR, 'bipolar = "x+y"', "functions.bipolar: has one parameter, x; got y too"),
        (BIPOLAR, 'bipolar = "x+"', "functions.bipolar: column 3: something is missing"),
        (BIPOLAR, 'bipolar = "step(x)"', "functions.bipolar: step jumps at 0"),
        (BIPOLAR, "bipolar = 0.5", "functions.bipolar: expected a string, got a decimal"),
        (BIPOLAR, 'sigmoid = "x"', "functions.sigmoid: sigmoid is a function"),
        (BIPOLAR, 'softmax = "x"', "functions.softmax: softmax is built in"),
        (BIPOLAR, '"a b" = "x"', "functions.a b: 'a b' is not a name"),
        (BIPOLAR, "", "layers[1].activation: unknown activation bipolar"),
        ('= "bipolar"', '= "bipolr"', ("layers[1].activation: unknown activation bipolr; did you"
         " mean bipolar?")),
        ("[functions]", 'notation = "matrix"\n[functions]', "notation: matrix shows"),
        ("weights = [[0.1, 0.2],", "slope = 1\nweights = [[0.1, 0.2],",
         "layers[1].slope: bipolar has no slope"),
        ("weights = [[0.1, 0.2],", 'formula = "x"\nweights = [[0.1, 0.2],',
         "layers[1].formula: unknown key"),
    ],
)  # fmt: skip
def test_what_is_no_function_is_refused_with_its_place(before, after, message):
    with pytest.raises(SpecError) as caught:
        derive.loads(NETWORK.replace(before, after, 1))
    assert str(caught.value).startswith(message)


def test_no_text_of_a_formula_reaches_the_script():
    script = derive.export(derive.loads(NETWORK))
    assert "return 2 / (1 + torch.exp(-x)) - 1" in script
    assert "Function_cubic()," in script
