"""`derive export --to torch`: what stands in the script, and that it is only ours."""

import ast
import re

import pytest
from random_circuits import random_circuit
from random_specs import random_network
from sampling import few

import derive
from derive.algebra.grammar import parse
from derive.exports import PARTS, write_sections
from derive.exports.formulas import Formula, choose_identifiers
from derive.exports.networks import module
from derive.exports.writing import short, write_float
from derive.ops import ACTIVATIONS, FUNCTIONS, LOSSES, Activation
from derive.spec import Layer, loads, override

DECK = derive.export("two-two-two")
HOSTILE = [
    "-*- coding: rot13 -*-",
    "a\nimport os\nos.system('touch pwned')",
    "a\r\x0b\x0c\x1c\x1d\x85\u2028\u2029print('pwned')",
    '"""; import os #',
    "\\\n{7*7} %s \u202e 한글",
]


def tree(text):
    return ast.dump(ast.parse(text))


@pytest.mark.parametrize("table", [ACTIVATIONS, LOSSES, FUNCTIONS], ids=["act", "loss", "fun"])
def test_every_row_says_what_it_is_in_pytorch(table):
    for row in table.values():
        assert row.torch, row.name
        ast.parse(row.torch.format("u", "v", "w", slope="0.1", alpha="0.5", delta="1.0", n=2))


def test_a_row_without_its_text_is_our_defect(monkeypatch):
    monkeypatch.setitem(ACTIVATIONS, "new", Activation("new", None))
    with pytest.raises(derive.InternalError, match=r"ops/activations\.py: new"):
        module(Layer(activation="new"))


@pytest.mark.parametrize(
    "line",
    [
        "import torch",
        "torch.set_default_dtype(torch.float64)",
        "inputs = torch.tensor([0.1, 0.2])",
        "    nn.Linear(2, 2, bias=False),",
        "    nn.Sigmoid(),",
        "    model[2].weight.copy_(torch.tensor([[0.45, 0.4], [0.7, 0.6]]))",
        "optimizer = torch.optim.SGD(model.parameters(), lr=0.5)",
        "    errors = 0.5 * (target - output) ** 2",
        "loss.backward()",
        "optimizer.step()",
        'show("W5 W6 W7 W8", model[2].weight.flatten(), "+")',
    ],
)
def test_the_deck_s_network_is_the_deck_s_last_part(line):
    assert line in DECK.split("\n")


def test_each_gradient_has_its_id_and_the_digits_of_the_sheet():
    comments = " ".join(line[1:] for line in DECK.split("\n") if line.startswith("#"))
    found = dict(re.findall(r"(dE_total/dW\d) = ([\d.]+)", comments))
    sheet = derive.sheet("two-two-two")
    assert found == {
        f"dE_total/dW{i}": sheet.numbers.shown(f"dE_total/dW{i}").text for i in range(1, 9)
    }


def test_error_signals_are_kept_where_one_sample_has_the_whole_error():
    assert "output.retain_grad()" in DECK
    several = {"inputs": [["0.1", "0.2"]] * 2, "targets": [["0.4", "0.6"]] * 2}
    text = derive.export(override(derive.load("two-two-two"), several))
    assert "retain_grad" not in text
    assert "total = errors.mean()" in text


def test_numbers_stand_as_they_were_typed():
    text = derive.export("shared-biases")
    assert "[[0.15, 0.20], [0.25, 0.30]]" in text
    assert text.count("bias.requires_grad_(False)  # held constant") == 2


def test_ids_follow_the_notation():
    text = derive.export(override(derive.load("two-two-two"), {"notation": "indexed"}))
    assert '"W2_1_1 W2_1_2 W2_2_1 W2_2_2"' in text
    assert "dE_total/dW2_1_1 = 0.02592286" in text


def test_without_updates_there_is_no_optimizer():
    text = derive.export(override(derive.load("two-two-two"), {"steps": 0}))
    assert "loss.backward()" in text
    assert "optimizer" not in text


def test_more_steps_are_a_loop():
    text = derive.export(override(derive.load("two-two-two"), {"steps": 1000}))
    assert "for count in range(1, 1000):" in text
    assert 'loss = forward("@1000")' in text
    assert len(text) < 1.5 * len(DECK)


@pytest.mark.parametrize(
    ("rate", "direction", "written"),
    [
        ("0.1", "descent", "lr=0.1)"),
        ("-0.1", "descent", "lr=0.1, maximize=True)"),
        ("0.1", "ascent", "lr=0.1, maximize=True)"),
        ("-2", "ascent", "lr=2.0)"),
    ],
)
def test_the_optimizer_goes_the_way_of_the_update(rate, direction, written):
    update = {"parameters": ["y", "x"], "learning_rate": rate, "direction": direction}
    text = derive.export(override(derive.load("circuit"), {"update": update}))
    assert f"optimizer = torch.optim.SGD([x, y], {written}" in text


@pytest.mark.parametrize("title", HOSTILE)
@pytest.mark.parametrize("name", ["two-two-two", "circuit"])
def test_a_hostile_title_is_a_comment_and_nothing_else(name, title):
    spec = derive.load(name)
    text = derive.export(override(spec, {"title": title}))
    assert tree(text) == tree(derive.export(name))
    assert len(text.split("\n")) == len(derive.export(name).split("\n"))
    assert not any("coding" in line for line in text.split("\n")[:2])
    assert tree(text) == tree(text.encode())


def test_no_script_is_made_of_more_numbers_than_a_page_holds(monkeypatch):
    monkeypatch.setattr("derive.limits.PAGE_STEPS", 20)
    with pytest.raises(derive.SpecError, match="24 numbers are too many for a script"):
        derive.export("two-two-two")


def test_an_unknown_tool_is_refused_with_the_nearest(run):
    code, out, err = run("export", "two-two-two", "--to", "troch")
    assert (code, out) == (2, "")
    assert err == "derive: two-two-two: --to: unknown tool troch; did you mean torch?\n"


def test_the_command_and_the_function_give_the_same(run, folder):
    assert run("export", "two-two-two", "--to", "torch") == (0, DECK, "")
    assert run("export", "two-two-two", "-o", "deck.py")[:2] == (0, "deck.py\n")
    assert (folder / "deck.py").read_text("utf-8") == DECK


def test_comments_speak_the_language_of_the_exercise():
    text = derive.export(override(derive.load("two-two-two"), {"language": "ko"}))
    assert "# 역전파\nloss.backward()" in text
    assert tree(text) == tree(DECK)


@pytest.mark.parametrize("seed", few(range(8), 3))
@pytest.mark.parametrize("draw", [random_network, random_circuit])
def test_scripts_are_python_and_sections_of_it(draw, seed):
    sheet = derive.sheet(loads(draw(seed)))
    text = derive.export(sheet)
    ast.parse(text)
    script = write_sections(sheet)
    for part in PARTS:
        assert "\n".join(getattr(script, part)) in text


def test_names_of_an_exercise_stay_apart_from_those_of_the_script():
    own = choose_identifiers(["lambda", "torch", "torch_", "x", "print", "None", "match"])
    assert own == {
        "lambda": "lambda_",
        "torch": "torch__",
        "torch_": "torch_",
        "x": "x",
        "print": "print_",
        "None": "None_",
        "match": "match",
    }


def test_every_name_a_script_uses_itself_is_taken():
    kept = write_sections(derive.sheet("circuit"))
    whole = derive.export(
        override(derive.load("circuit"), {"steps": 3, "update": {"learning_rate": "1"}})
    )
    used = {node.id for node in ast.walk(ast.parse(whole)) if isinstance(node, ast.Name)}
    assert used - set(choose_identifiers(used)) == set()
    assert {name for name in used if choose_identifiers([name])[name] == name} == set("fqxyz")
    assert kept.update == ()


@pytest.mark.parametrize(
    ("formula", "python"),
    [
        ("x*y", "x * y"),
        ("-x^2", "-x ** 2"),
        ("(-x)^2", "(-x) ** 2"),
        ("x^y^2", "x ** (y ** 2)"),
        ("(x^y)^2", "(x ** y) ** 2"),
        ("x^-1", "x ** (-1)"),
        ("x-(y-1)", "x - (y - 1)"),
        ("x-y*2", "x - y * 2"),
        ("x - -y", "x - (-y)"),
        ("x/(y*2)", "x / (y * 2)"),
        ("x/y/2", "x / y / 2"),
        ("2x", "2 * x"),
        ("1/2x", "1 / 2 * x"),
        ("x*(-y)", "x * (-y)"),
        ("9^9^9*x", "torch.tensor(9.0) ** (torch.tensor(9.0) ** 9) * x"),
        ("(1+1)^x", "torch.as_tensor(1.0 + 1.0) ** x"),
        ("exp(2)*x", "torch.exp(torch.tensor(2.0)) * x"),
        ("max(x,2)", "torch.maximum(x, torch.tensor(2.0))"),
        ("leaky_relu(x)", "nn.functional.prelu(x, torch.tensor(0.01))"),
        ("leaky_relu(x,y)", "nn.functional.prelu(x, y)"),
        ("x", "x.clone()"),
        ("1+2", "torch.as_tensor(1.0 + 2.0).requires_grad_()"),
        ("007x", "007.0 * x"),
    ],
)
def test_formulas_become_python(formula, python):
    write = Formula({"x": "x", "y": "y"})
    assert write.write_definition(parse(formula, "f")) == python


@pytest.mark.parametrize(
    ("text", "as_real", "as_short"),
    [
        ("0.50", "0.50", "0.50"),
        ("-2", "-2.0", "-2"),
        ("1e3", "1e3", "1e3"),
        ("0", "0.0", "0"),
        ("1" * 30, "1" * 30 + ".0", "1" * 30 + ".0"),
    ],
)
def test_numbers_become_python(text, as_real, as_short):
    assert (write_float(text), short(text)) == (as_real, as_short)
