"""Each shape is differentiated once, proved by SymPy once, and then filled in."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from importlib import resources

import pytest
import sympy as sp

from derive.algebra import evidence, lemmas, proving, symbolic, taylor
from derive.algebra import rules as calculus
from derive.algebra.expressions import Add, Diff, Mul, Name, Neg, Num, Pow
from derive.algebra.grammar import parse, to_text
from derive.errors import InternalError
from derive.ops import FUNCTIONS

PATIENCE = 10
"""Seconds of processor time for derivations that must not hang; they take about one."""


def clear():
    lemmas.cached_lemma.cache_clear()
    lemmas.cached_derivative.cache_clear()
    lemmas._products_proved.cache_clear()  # noqa: SLF001  a lemma spoilt on purpose must not stay


@pytest.fixture
def fresh():
    """No lemma is known before, none stays after."""
    clear()
    yield
    clear()


# --- shapes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wrt", "shape", "fillings"),
    [
        ("W5*h1+W6*h2", "W5", "v*c0+c1", ["h1", "W6*h2"]),
        ("W5*h1+W6*h2", "W6", "c0+v*c1", ["W5*h1", "h2"]),
        ("W1*x1+W2*x2+b1", "W2", "c0+v*c1+c2", ["W1*x1", "x2", "b1"]),
        ("W1*x1+W2*x2+b1", "b1", "c0+v", ["W1*x1+W2*x2"]),
        ("q*z", "z", "c0*v", ["q"]),
        ("1/2*(t1-o1)^2+1/2*(t2-o2)^2", "o1", "1/2*(c0-v)^2+c1", ["t1", "1/2*(t2-o2)^2"]),
        ("a*x+a", "x", "c0*v+c0", ["a"]),
        ("exp(a*b)*x", "x", "c0*v", ["exp(a*b)"]),
        ("leaky_relu(z1,0.01)", "z1", "leaky_relu(v,c0)", ["0.01"]),
        ("max(x,y^2)", "x", "max(v,c0)", ["y^2"]),
        ("x^(a+b)", "x", "v^c0", ["a+b"]),
        ("3*x+4", "x", "3*v+4", []),
        ("(x+y+z)/1849", "x", "(v+c0)/c1", ["y+z", "1849"]),
        ("x/7", "x", "v/c0", ["7"]),
        ("x/1", "x", "v/1", []),
        ("x^2/7", "x", "v^2/7", []),
        ("x", "x", "v", []),
        ("y+z", "x", "c0", ["y+z"]),
    ],
)
def test_what_does_not_hold_the_variable_becomes_a_place(text, wrt, shape, fillings):
    found = lemmas.shape_of(parse(text), wrt)
    assert to_text(found.expr) == shape
    assert [to_text(part) for part in found.fillings] == fillings


@pytest.mark.usefixtures("fresh")
def test_one_shape_is_differentiated_once(monkeypatch):
    asked = []

    def counted(expr, wrt):
        asked.append(to_text(expr))
        return calculus.differentiate(expr, wrt)

    monkeypatch.setattr(lemmas, "differentiate", counted)
    for text, wrt in [("W5*h1+W6*h2", "W5"), ("W7*h1+W8*h2", "W7"), ("q*z+(a+b)^2", "q")]:
        lemmas.derivative(parse(text), wrt)
    assert asked == ["v*c0+c1"]


@pytest.mark.usefixtures("fresh")
def test_a_shape_is_proved_once(monkeypatch):
    asked = []
    monkeypatch.setattr(
        lemmas, "evidence", lambda shape, _lines: asked.append(to_text(shape)) or "proved"
    )
    for name in "xyz":
        lemmas.derivative(parse(f"sin({name}^5*k)"), name)
    assert asked == ["sin(v^5*c0)"]


# --- filled in --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wrt", "worked"),
    [
        (
            "1/2*(t1-o1)^2+1/2*(t2-o2)^2",
            "o1",
            ["2*(1/2)*(t1-o1)^(2-1)*(-1)+0", "-(t1-o1)"],
        ),
        ("1/3*(t-o)^3", "o", ["3*(1/3)*(t-o)^(3-1)*(-1)", "-(t-o)^2"]),
        ("W5*h1+W6*h2", "W5", ["h1"]),
        ("q*(x+y)", "q", ["x+y"]),
        ("sigmoid(z3)", "z3", ["sigmoid(z3)*(1-sigmoid(z3))"]),
        ("y", "x", ["0"]),
    ],
)
def test_the_lines_a_learner_writes(text, wrt, worked):
    found = lemmas.derivative(parse(text), wrt)
    assert [to_text(line.expr) for line in found.worked()] == worked
    assert to_text(found.result) == worked[-1]
    assert found.evidence == "proved"


def test_open_derivatives_are_by_the_variable_asked_for():
    first = lemmas.derivative(parse("sin(q*z)"), "q").lines[0]
    assert first.expr == Diff(parse("sin(q*z)"), "q")


@pytest.mark.parametrize(
    ("text", "output", "result"),
    [
        ("1/(1+exp(-x))", "s", "s*(1-s)"),
        ("1/(1+exp(-s))", "y", "y*(1-y)"),
        ("1/(1+exp(-x*s))", "y", "y*(1-y)*s"),
        ("(exp(c0)-exp(-c0))/(exp(c0)+exp(-c0))", "s", "1-s^2"),
        ("v*c1+c0", "s", "c1"),
    ],
)
def test_the_name_of_the_output_is_free_in_the_users_formula(text, output, result):
    wrt = {"1/(1+exp(-s))": "s", "v*c1+c0": "v"}.get(text, "c0" if "c0" in text else "x")
    found = lemmas.derivative(parse(text), wrt)
    assert (found.output, to_text(found.result)) == (output, result)


@pytest.mark.parametrize(
    ("text", "wrt"),
    [("x*y", "x"), ("x*y", "y"), ("x*x", "x"), ("x*y", "z"), ("2*x", "x"), ("x*y*z", "y"),
     ("x*sin(x)", "x"), ("W1*x1+W2*x2", "W2"), ("sigmoid(z)", "z"), ("1/2*(t-o)^2", "o")],
)  # fmt: skip
def test_the_slope_alone_is_the_last_line(text, wrt):
    expr = parse(text)
    assert lemmas.slope(expr, wrt) == lemmas.derivative(expr, wrt).result


# --- proofs -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def proofs():
    return proving.prove_all()


def test_the_proved_shapes_of_the_package_are_what_sympy_confirms_today(proofs):
    assert lemmas.known_proofs() == proofs


def test_the_file_of_proofs_is_written_as_it_stands(tmp_path, monkeypatch, proofs):
    monkeypatch.setattr(proving, "prove_all", lambda: proofs)
    proving.write(tmp_path / "proved.json")
    shipped = resources.files("derive.algebra") / "proved.json"
    assert (tmp_path / "proved.json").read_text("utf-8") == shipped.read_text("utf-8")


def wrong_rule(monkeypatch):
    monkeypatch.setitem(calculus.RULES, Pow, lambda expr, _wrt: (expr, ("power",)))


def wrong_row(monkeypatch):
    row = dataclasses.replace(FUNCTIONS["sigmoid"], slopes=("y*(1+y)",))
    monkeypatch.setitem(FUNCTIONS, "sigmoid", row)


def wrong_proof_line(monkeypatch):
    step = dataclasses.replace(FUNCTIONS["tanh"].proof[-1], text="1+y^2")
    row = dataclasses.replace(FUNCTIONS["tanh"], proof=(*FUNCTIONS["tanh"].proof[:-1], step))
    monkeypatch.setitem(FUNCTIONS, "tanh", row)


def wrong_kink(monkeypatch):
    row = dataclasses.replace(FUNCTIONS["relu"], slopes=("kink(z,0,0,2)",))
    monkeypatch.setitem(FUNCTIONS, "relu", row)


def wrong_tidying(monkeypatch):
    monkeypatch.setattr(calculus, "tidy", Neg)


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize(
    ("spoil", "text"),
    [
        (wrong_rule, "x^2"),
        (wrong_rule, "x^7"),
        (wrong_row, "sigmoid(x)"),
        (wrong_row, "sigmoid(x)*x^7"),
        (wrong_proof_line, "(exp(x)-exp(-x))/(exp(x)+exp(-x))"),
        (wrong_kink, "relu(x)"),
        (wrong_kink, "max(relu(x),x^7)"),
        (wrong_tidying, "(t-x)^2"),
    ],
)
def test_a_wrong_line_is_never_printed(spoil, text, monkeypatch):
    spoil(monkeypatch)
    shape = to_text(lemmas.shape_of(parse(text), "x").expr)
    with pytest.raises(InternalError) as caught:
        lemmas.derivative(parse(text), "x")
    assert str(caught.value) == f"at some point a line is not the derivative of {shape}"


@pytest.mark.parametrize(
    ("question", "line", "verdict"),
    [
        ("x^2", "2*x", "proved"),
        ("x^2", "3*x", "wrong"),
        ("x^2", "2*x+1e-12", "wrong"),
        ("sin(x)^2", "2*sin(x)*cos(x)", "proved"),
        ("1/(1+exp(-x))", "s*(1-s)", "proved"),
        ("1/(1+exp(-x))", "s*(1+s)", "wrong"),
        ("abs(x)", "x/abs(x)", "proved"),
        ("relu(x)", "1", "wrong"),
        ("E*x", "E", "proved"),
        ("I*x^2", "2*I*x", "proved"),
        ("pi*x", "3.14159265358979", "wrong"),
    ],
)
def test_sympy_judges_a_line(question, line, verdict):
    assert evidence.lines_hold(Diff(parse(question), "x"), (parse(line),), "s") == verdict


def test_every_line_is_judged_not_only_the_last():
    lines = (parse("3*x"), parse("2*x"))
    assert evidence.lines_hold(Diff(parse("x^2"), "x"), lines, "s") == "wrong"


def test_every_function_without_a_definition_has_both_its_forms():
    primitives = {name for name, row in FUNCTIONS.items() if row.definition is None}
    assert set(taylor.PRIMITIVES) == set(symbolic.PRIMITIVES) == primitives


def test_a_true_line_without_a_short_proof_is_sampled(monkeypatch):
    monkeypatch.setattr(evidence, "vanishes", lambda _difference: False)
    assert evidence.lines_hold(Diff(parse("x^2"), "x"), (parse("2*x"),), "s") == "sampled"
    assert evidence.lines_hold(Diff(parse("x^2"), "x"), (parse("2*x+1e-9"),), "s") == "wrong"


@pytest.mark.parametrize(
    "text",
    ["relu(2*x+a)", "relu(0.5*x)", "relu(x/2)", "relu(x+0)", "abs(x*x)", "max(x*x,a)",
     "min(x/2,a)", "leaky_relu(x/2)", "relu(relu(x)-1)", "max(x,min(x,a))",
     "abs(x)*x", "relu(x)/(1+abs(x))", "relu(0.5x)*x", "leaky_relu(x)-leaky_relu(x,0.25)",
     "abs(x^2-x)*relu(x)", "log(abs(x^2))", "max(0.1*relu(x),0.3*relu(x))", "abs(0.1*x-0.1*x)",
     "softplus(max(a,min(b,x-x),c/(a+x)))", "normal_cdf(min(a,1*x))"],
)  # fmt: skip
def test_a_right_derivative_with_kinks_is_confirmed(text):
    assert lemmas.derivative(parse(text), "x").evidence == "proved"


def test_a_right_derivative_with_huge_values_is_confirmed():
    assert lemmas.derivative(parse("x^x^x^x^x"), "x").evidence in {"proved", "sampled"}


# --- the bridge to SymPy ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["E", "I", "S", "N", "pi", "beta", "gamma", "lambda", "oo"])
def test_a_name_is_a_symbol_whatever_sympy_calls_so(name):
    symbol = sp.Symbol(name)
    assert symbolic.to_sympy(parse(f"2*{name}"), {name: symbol}) == 2 * symbol


@pytest.mark.parametrize(
    ("tree", "formula"),
    [
        (Num("0.1"), sp.Rational(1, 10)),
        (parse("x-1/2"), sp.Symbol("x") - sp.Rational(1, 2)),
        (parse("-x^2"), -(sp.Symbol("x") ** 2)),
        (parse("sigmoid(x)"), 1 / (1 + sp.exp(-sp.Symbol("x")))),
        (parse("leaky_relu(x)"), None),
        (Diff(parse("x^3"), "x"), 3 * sp.Symbol("x") ** 2),
    ],
)
def test_each_node_has_its_form_in_sympy(tree, formula):
    found = symbolic.to_sympy(tree, {"x": sp.Symbol("x")})
    if formula is None:
        assert [found.subs("x", n) for n in (-2, 0, 3)] == [sp.Rational(-1, 50), 0, 3]
    else:
        assert found == formula


def test_functions_are_written_out_but_for_the_primitives():
    assert symbolic.write_out(parse("softplus(sin(x))")) == parse("log(1+exp(sin(x)))")


# --- what it costs ----------------------------------------------------------------------------

WITHOUT_SYMPY = """
import sys
from derive.derivation.derivation import Derivation
from derive.algebra.grammar import parse
from derive.spec import build
from derive.algebra.lemmas import derivative
from derive.spec import load
for name in ("neuron", "two-two-two", "circuit", "shared-biases"):
    for step in Derivation(build(load(name))).steps():
        assert step.id
for text in ("1/2*(t-x)^2+1/2*(u-w)^2", "sigmoid(x)", "relu(x)", "a*x+b", "1/(1+exp(-x))"):
    assert derivative(parse(text), "x").evidence == "proved"
print("sympy" in sys.modules)
derivative(parse("sin(x)^3"), "x")
print("sympy" in sys.modules)
"""


def test_only_a_new_shape_needs_sympy():
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_SYMPY], capture_output=True, check=True, encoding="utf-8"
    )
    assert done.stdout.split() == ["False", "True"]


PATIENT = """
import json, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (3 * 2**30, 3 * 2**30))
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[2]), int(sys.argv[2])))
from derive.algebra.grammar import parse
from derive.algebra.lemmas import derivative
print(json.dumps([derivative(parse(text), "x").evidence for text in json.loads(sys.argv[1])]))
"""


def nest(shape, depth):
    """`silu(silu(x))` from `silu({})`."""
    text = "x"
    for _ in range(depth):
        text = shape.format(text)
    return text


@pytest.mark.parametrize(
    "texts",
    [
        [
            *("9^9^9", "9^9^9*x^2", "x^(9^9^9)", "(9^9)^9999^x", "x*(2^2^60-2^2^60)"),
            *("exp(9^9^9)*x", "sin(7^exp(exp(exp(10*x)))+1)", "1.3^6472416997*x^2", "x^1e59"),
            *("cos(1e50*x)*x", "(2*x)^1e59", "2^(1e59*x)", "((((3*x)^64)^64)^64)^64"),
            *("(x+1)^1000*(x+2)^1000/(x+3)^1000", "(x+1)^1e9/(x+2)^1e9"),
            *("(x^a)^b/(x+a)^b*exp(exp(exp(exp(40*x))))", "x^x^x^x*sin(exp(exp(exp(9*x))))"),
            "x^x^x^x*exp(exp(exp(exp(exp(40*x)))))",
        ],
        [
            *("tanh(x)^9/(1+tanh(x)^7)*sin(x)", "(x*x)^gelu(x*y)", nest("silu({})", 40)),
            *(nest("1/(1+{})", 20), nest("max({},x^2)", 20), nest("relu({})", 60)),
            *("+".join(f"relu(x-{i})" for i in range(1, 21)), "*".join(["sin(x)"] * 100)),
        ],
    ],
    ids=["giants", "long formulas"],
)
def test_no_expression_hangs(texts):
    done = subprocess.run(
        [sys.executable, "-c", PATIENT, json.dumps(texts), str(PATIENCE)],
        capture_output=True,
        check=True,
        encoding="utf-8",
        timeout=10 * PATIENCE,
        env={name: value for name, value in os.environ.items() if "COVERAGE" not in name},
    )
    assert set(json.loads(done.stdout)) <= {"proved", "sampled"}


@pytest.mark.usefixtures("fresh")
def test_a_weight_costs_no_lemma_of_its_own(monkeypatch):
    lemmas.slope(Mul((Name("W1"), Name("x1"))), "W1")
    monkeypatch.setattr(lemmas, "shape_of", None)
    assert lemmas.slope(Mul((Name("W2"), Name("x2"))), "W2") == Name("x2")
    assert lemmas.slope(Mul((Name("x2"), Name("W2"))), "W2") == Name("x2")


@pytest.mark.usefixtures("fresh")
def test_both_orders_of_a_product_are_proved_before_the_short_way_is_taken(monkeypatch):
    asked = []

    def counted(expr, wrt):
        asked.append(to_text(expr))
        return calculus.differentiate(expr, wrt)

    monkeypatch.setattr(lemmas, "differentiate", counted)
    lemmas.slope(Mul((Name("W1"), Name("x1"))), "W1")
    assert sorted(asked) == ["c0*v", "v*c0"]


def test_a_sum_of_one_part_after_shaping_is_no_sum():
    shape = lemmas.shape_of(Add((parse("a"), parse("b"))), "x")
    assert shape.expr == Name("c0")
