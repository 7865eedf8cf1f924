"""The sheet, the key, the training table and the drawings of a perceptron."""

import re

import pytest
from sampling import few, spread
from sheets import drawing

import derive
from derive import SpecError
from derive.pages import LEVELS
from derive.spec import load, loads, override

UNITS = ("and-gate", "or-gate", "nand-gate", "xor-gate")


def page(spec, level="full", form="md"):
    return derive.page(spec, form, level)


def changed(name, **changes):
    return override(load(name), changes)


@pytest.fixture(scope="module")
def rows():
    return {row["id"]: row for row in derive.key("and-gate")["answers"]}


@pytest.mark.parametrize(
    ("name", "formula", "shown"),
    [
        ("z1", "W1*x1_s1+W2*x2_s1+b1", "0.1"),
        ("o1", "step(z1)", "1"),
        ("e1", "t1_s1-o1", "-1"),
        ("b1+", "b1+learning_rate*e1", "0"),
        ("z1@5", "{W1@5}*x1_s2+{W2@5}*x2_s2+{b1@5}", "0"),
        ("o1@5", "step({z1@5})", "1"),
        ("W2@6", "{W2@5}+learning_rate*{e1@5}*x2_s2", "0.1"),
        ("W1@12", "{W1@11}+learning_rate*{e1@11}*x1_s4", "0.3"),
    ],
)
def test_the_formula_of_a_presentation_has_its_own_sample(rows, name, formula, shown):
    assert rows[name]["formula"] == formula
    assert rows[name]["shown"] == shown


def test_names_end_with_the_last_presentation(rows):
    assert {"z1@11", "e1@11", "W1@12", "b1@12"} <= set(rows)
    assert not {"z1@12", "W1@13"} & set(rows)


def test_the_value_at_zero_stands_in_the_formula_where_it_is_not_one():
    rows = {row["id"]: row for row in derive.key(changed("and-gate", at_zero=0))["answers"]}
    assert rows["o1"]["formula"] == "step(z1,0)"


@pytest.mark.parametrize(
    ("name", "level", "form", "language"),
    spread(UNITS, LEVELS, ["md", "tex", "html", "typ", "ipynb"], ["en", "ko"], count=10),
)
def test_every_page_can_be_written(name, level, form, language):
    assert page(changed(name, language=language), level, form)


def test_every_blank_of_the_guided_sheet_is_in_a_table():
    text = page("and-gate", "guided")
    asked = len(derive.api.asked("and-gate"))
    numbers = {int(n) for n in re.findall(r"underset\{\((\d+)\)\}", text)}
    assert numbers == set(range(13, asked + 1))  # presentations 0 and 1 are worked
    assert set(range(1, asked + 1)) == {
        int(n) for n in re.findall(r"underset\{\((\d+)\)\}", page("and-gate", "blank"))
    }


@pytest.mark.parametrize("level", ["guided", "blank"])
def test_a_sheet_to_fill_in_does_not_tell_the_line(level):
    assert "0.3 \\times x_1" not in page("and-gate", level)
    assert "no sample was wrong" not in page("and-gate", level)
    assert "0.3 \\times x_1 + 0.1 \\times x_2 - 0.4" not in page("and-gate", level)


def test_the_full_sheet_checks_every_sample_on_the_line():
    text = page("and-gate")
    assert "0.3 \\times 1 + 0.1 \\times 1 + (-0.4) = 0" in text


def test_why_the_rule_helps_is_derived():
    assert "&= z_1 + \\alpha \\thinspace e_1(x_1^{2} + x_2^{2} + 1)" in page("and-gate")
    without = changed("and-gate", bias=None)
    assert without.bias is not None  # an override of None changes nothing
    text = page(loads('kind="perceptron"\ninputs=[[1,2],[2,1]]\ntargets=[0,1]\nweights=[1,1]\n'
                      "learning_rate=1"))  # fmt: skip
    assert "&= z_1 + \\alpha \\thinspace e_1(x_1^{2} + x_2^{2})" in text
    assert "never negative" in text


def test_xor_is_led_to_a_contradiction():
    text = page("xor-gate")
    sums = "W_1 + W_2 + 2 \\thinspace b_1"
    assert f"(W_2 + b_1) + (W_1 + b_1) &= {sums} \\ge 0" in text
    assert f"b_1 + (W_1 + W_2 + b_1) &= {sums} < 0" in text
    assert "no line separates them" in text
    assert "W_1^{[8]} &= W_1^{[4]} = -0.5" in text


def test_a_condition_taken_more_than_once_is_counted():
    text = page(loads('kind="perceptron"\ninputs=[[0],[1],[3.5]]\ntargets=[1,0,1]\nweights=[1]\n'
                      "bias=0\nlearning_rate=1"))  # fmt: skip
    assert "| multiplied by |" in text
    assert "5 \\thinspace b_1 + 2(3.5 \\times W_1 + b_1)" in text
    assert "7(W_1 + b_1)" in text


def test_too_few_epochs_are_told_with_the_number_that_is_enough():
    text = page(changed("and-gate", epochs=2))
    assert "it ends with epoch 3" in text
    assert "no line" not in text


def test_long_inequalities_are_added_one_below_the_other():
    spec = loads('kind="perceptron"\ninputs=[[0.125,1.5,0.25],[1.5,1.25,-0.25],[0.625,1.75,3.5],'
                 "[1,1,-3.5]]\ntargets=[1,1,0,0]\nweights=[1,1,1]\nbias=0\nlearning_rate=1\n"
                 "epochs=1")  # fmt: skip
    text = page(spec)
    assert "&+ 1.5 \\times W_1 + 1.25 \\times W_2" in text
    assert "&= 1.625 \\times W_1 + 2.75 \\times W_2 + 2 \\thinspace b_1 \\ge 0" in text


def test_a_proof_too_long_for_a_page_is_told():
    spec = loads('kind="perceptron"\ninputs=[[0.1234567],[0.2345678],[0.3456791]]\n'
                 "targets=[1,0,1]\nweights=[1]\nbias=0\nlearning_rate=1\nepochs=1")  # fmt: skip
    assert "3 of the inequalities that they ask for" in page(spec)


def test_a_line_that_no_longer_run_here_finds_is_still_told():
    spec = loads('kind="perceptron"\ninputs=[[1],[-1]]\ntargets=[1,0]\nweights=[-1000]\n'
                 "learning_rate=0.001")  # fmt: skip
    assert "give it more epochs" in page(spec)


def test_one_condition_alone_can_be_a_contradiction():
    spec = loads('kind="perceptron"\ninputs=[[0,0],[1,1]]\ntargets=[0,1]\nweights=[1,1]\n'
                 "learning_rate=1")  # fmt: skip
    text = page(spec)
    assert "0 &< 0" in text
    assert "The sum is 0 whatever the weights are" in text
    assert "with the target 1 give" not in text


def test_of_many_samples_it_is_not_decided():
    samples = [[i, (i * i) % 7] for i in range(65)]
    spec = loads(f'kind="perceptron"\ninputs={samples}\ntargets={[i % 2 for i in range(65)]}\n'
                 "weights=[1,1]\nbias=0\nlearning_rate=1\nepochs=1")  # fmt: skip
    assert "for up to 64 samples only" in page(spec)


def test_many_weights_stand_in_tables_of_their_own():
    spec = loads('kind="perceptron"\ninputs=[[1,2,3,4,5,6,7]]\ntargets=[0]\n'
                 "weights=[1,1,1,1,1,1,1]\nlearning_rate=0.1")  # fmt: skip
    text = page(spec)
    assert text.count("| $k$ | sample |") == 3 * text.count("### Epoch")
    assert "new $W_7$" in text


@pytest.mark.parametrize(("inputs", "word"), [("[[1]]", "point"), ("[[1,2,3]]", "plane")])
def test_what_separates_is_named_by_the_number_of_inputs(inputs, word):
    weights = "[1]" if word == "point" else "[1,1,1]"
    spec = loads(f'kind="perceptron"\ninputs={inputs}\ntargets=[1]\nweights={weights}\n'
                 "learning_rate=1")  # fmt: skip
    assert f"give the {word}" in page(spec)


def test_stepwise_rounding_changes_no_number():
    exact, stepwise = (
        [row["value"] for row in derive.key(changed("and-gate", rounding=r))["answers"]]
        for r in ("exact", "stepwise")
    )
    assert exact == stepwise


def test_the_training_table_holds_the_weights_after_each_presentation():
    lines = "".join(derive.train("xor-gate", "csv")).splitlines()
    assert lines[0] == "step,W1,W2,b1"
    assert lines[1] == "0,-0.3,-0.2,0.3"
    assert lines[-1] == "8,-0.5,-0.2,0.1"


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (changed("and-gate"), "In epoch 3 no sample was wrong"),
        (changed("xor-gate"), "Epoch 3 would begin with the weights of epoch 2"),
        (changed("and-gate", steps=5), "After 5 presentations there has been no epoch without"),
    ],
)
def test_the_training_page_says_how_it_ended(spec, said):
    assert said in "".join(derive.train(spec))


def test_drawings_tell_the_first_values_and_the_last_weights():
    sheet = derive.sheet("and-gate")
    values = repr(drawing(sheet))
    assert "Name(id='o1')" in values
    assert "drawing.presented" in values
    assert "Num(text='0.3')" in repr(drawing(sheet, "updated"))
    with pytest.raises(SpecError, match="unknown drawing"):
        sheet.drawing("nothing")


def test_slides_show_each_presentation():
    files = derive.slides("and-gate")
    assert "slides/z1-new5.tex" in files
    assert files["slides.tex"].count(": sample") >= 12
    assert "slides/drawing-updated.tex" in files


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda: derive.export("and-gate"), "has no script"),
        (lambda: derive.gradient_check("and-gate"), "has no derivatives"),
        (lambda: derive.plot("and-gate", "training"), "has no error"),
        (lambda: derive.plot("and-gate", "W1"), "has no error"),
        (lambda: derive.fragment("and-gate", "dE_total/dW1"), "no such id"),
        (lambda: derive.fragment("and-gate", "x1_s1+"), "no such id"),
        (lambda: derive.fragment("and-gate", "z1@12"), "no such id"),
    ],
)
def test_what_a_perceptron_does_not_have_is_told(made, message):
    with pytest.raises(SpecError, match=message):
        made()


@pytest.mark.parametrize(("changes", "last"), few([({"steps": 3}, '"W1@3"'), ({}, '"W1@12"')], 1))
def test_a_sheet_to_type_into_takes_every_blank(changes, last):
    assert last in derive.practice_page(changed("and-gate", **changes))


def test_a_step_reads_the_same_after_other_pages_were_made():
    sheet = derive.sheet("and-gate")
    before = derive.fragment(sheet, "z1+", "md")
    derive.key(sheet)
    derive.page(sheet, "md", "full")
    assert derive.fragment(sheet, "z1+", "md") == before
    assert derive.page(sheet, "md", "full") == derive.page("and-gate", "md", "full")
