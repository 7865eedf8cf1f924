"""The sheet of an update with a memory: what is said is true, every blank has its place."""

import itertools
import re

import pytest
import sympy as sp
from sheets import filled

import derive
from derive.algebra.expressions import names, walk
from derive.algebra.rules import row_text
from derive.algebra.symbolic import to_sympy
from derive.ops.optimizers import MEANS, METHODS
from derive.pages.document import BLANK, Grid, Lines, Say, read_number
from derive.render.wording import sentence

SPEC = """
inputs = [[0.3, -0.7], [0.9, 0.2]]
targets = [[0.4], [0.6]]
learning_rate = 0.1
steps = {steps}
[optimizer]
name = "{name}"
{more}
[[layers]]
activation = "sigmoid"
weights = [[0.5, -0.4]]
biases = [0.1]
"""
ROWS = sorted(METHODS)


def spec(name, convention, steps=2):
    more = f'convention = "{convention}"' if convention else ""
    return derive.loads(SPEC.format(name=name, more=more, steps=steps))


def algebra(text):
    tree = row_text(text)
    return to_sympy(tree, {name: sp.Symbol(name) for name in names(tree)})


@pytest.mark.parametrize("key", ROWS)
def test_what_is_written_out_is_what_the_formula_gives(key):
    """Each line follows from the row's own formula, and from the line before."""
    method = METHODS[key]
    letter = method.unrolled[0].letter
    formula = algebra(next(t.formula for t in method.tracks if t.letter == letter))
    before = sp.Integer(0)
    for line in method.unrolled:
        gradient = sp.Symbol(f"g_{line.count}")
        true = formula.subs({sp.Symbol(letter): before, sp.Symbol("g"): gradient})
        for text in filter(None, (line.text, line.result)):
            told = algebra(text).subs(sp.Symbol(f"{letter}_{line.count - 1}"), before)
            assert sp.expand(told - true) == 0
        before = true


def test_the_factors_before_the_gradients_add_up_as_the_lines_say():
    lines = [algebra(line.text) for line in MEANS]
    for one, other in itertools.pairwise(lines):
        assert sp.simplify(sp.expand(one - other)) == 0
    beta, count = sp.Symbol("beta"), 5
    factors = sum((1 - beta) * beta ** (count - i) for i in range(1, count + 1))
    assert sp.expand(factors - (1 - beta**count)) == 0


@pytest.mark.parametrize("key", ROWS)
def test_every_update_ends_in_a_table_with_a_row_for_each_parameter(key):
    """After the first update, of which the first parameter is worked, all rows are blanks."""
    sheet = derive.Worksheet(spec(*key, steps=3))
    letters = [track.letter for track in METHODS[key].tracks]
    heads = ["column.parameter", *["column.state"] * len(letters), "column.new_value"]
    names = [step.id for step in sheet.derivation.steps() if step.stage != "given"]
    found = []
    for block in filled(sheet):
        if isinstance(block, Grid) and [words.key for words in block.columns] == heads:
            numbers = [[read_number(c.parts[0].expr) for c in row[1:]] for row in block.rows]
            found.append([[names[number - 1] for number in row] for row in numbers])
    assert found[0] == [row_of(letters, name, "+") for name in ("W2", "b1")]
    for update, table in enumerate(found[1:], 2):
        assert table == [row_of(letters, name, f"@{update}") for name in ("W1", "W2", "b1")]
    assert len(found) == 3


def row_of(letters, parameter, after):
    return [*(f"{letter}_{parameter}{after}" for letter in letters), parameter + after]


@pytest.mark.parametrize("level", ["full", "guided", "blank"])
@pytest.mark.parametrize("key", ROWS)
def test_every_blank_stands_on_the_sheet_once(key, level):
    sheet = derive.Worksheet(spec(*key))
    found = []
    for block in filled(sheet, level):
        rows = block.rows if isinstance(block, Lines) else ()
        if isinstance(block, Grid):
            rows = [cell for row in block.rows for cell in row if hasattr(cell, "parts")]
        trees = [part.expr for row in rows for part in row.parts]
        ids = [n.id for tree in trees for n in walk(tree) if hasattr(n, "id")]
        found += [int(i[1:]) for i in ids if i[0] == BLANK and i[1:].isdigit()]
    asked = [s.id for s in sheet.derivation.steps(("forward", "backward", "update", "check"))]
    assert len(found) == len(set(found))
    if level == "blank":
        assert sorted(found) == list(range(1, len(asked) + 1))


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("key", ROWS)
def test_the_method_is_named_in_every_language(key, language):
    method = METHODS[key]
    blocks = filled(derive.Worksheet(spec(*key)))
    said = [block.words.key for block in blocks if isinstance(block, Say)]
    assert method.words in said
    assert method.meaning in [key.removeprefix("say.") for key in said]
    assert sentence(language, method.words)


def test_both_conventions_of_momentum_are_named_on_the_sheet():
    texts = [
        sentence("en", METHODS["momentum", convention].words)
        for convention in ("velocity", "step")
    ]
    assert "PyTorch" in texts[0]
    assert "Deep Learning from Scratch" in texts[1]


def test_the_first_step_is_worked_and_the_others_are_a_table_of_states():
    blocks = filled(derive.Worksheet(spec("adam", "")), "full")
    tables = [block for block in blocks if isinstance(block, Grid)]
    states = next(t for t in tables if t.columns[0].key == "column.parameter")
    assert len(states.columns) == 6
    assert len(states.rows) == 2


PENALTY = """
inputs = [0.3, -0.7]
targets = [0.4]
learning_rate = 0.1
{tables}
[[layers]]
weights = [[0.5, 0]]
biases = [0.1]
"""


def keys(tables, level="full"):
    blocks = filled(derive.Worksheet(derive.loads(PENALTY.format(tables=tables))), level)
    return [block.words.key for block in blocks if isinstance(block, Say)]


def test_l2_says_that_a_step_shrinks_the_weight():
    assert "say.decay" in keys("[regularisation]\nl2 = 0.2")
    assert "say.decay" not in keys("[regularisation]\nl1 = 0.2")
    assert "say.decay" not in keys("[regularisation]\nl2 = 0.2\n[optimizer]\nname = 'adam'")


def test_the_slope_of_an_absolute_value_at_0_is_a_noted_convention():
    sheet = derive.Worksheet(derive.loads(PENALTY.format(tables="[regularisation]\nl1 = 0.2")))
    assert sheet.numbers.shown("dR/dW2").text == "0"
    assert "note.kink" in keys("[regularisation]\nl1 = 0.2")
    notes = {a["id"]: a.get("note") for a in derive.key(sheet)["answers"]}
    assert notes["dR/dW2"] == "kink"
    assert notes["dR/dW1"] is None


def test_a_bias_carries_no_penalty():
    sheet = derive.Worksheet(derive.loads(PENALTY.format(tables="[regularisation]\nl2 = 0.2")))
    assert sheet.derivation.step("dR/db1") is None
    assert re.fullmatch("E_data", sheet.graph.data)
    answers = {a["id"]: a for a in derive.key(sheet)["answers"]}
    assert answers["dE_total/db1"]["formula"] == "{dE_data/db1}"
    assert answers["dE_total/dW1"]["depends_on"] == ["dE_data/dW1", "dR/dW1"]
