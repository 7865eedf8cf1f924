"""What sheets of every kind share: levels, given numbers, update, check, later steps, proofs."""

from __future__ import annotations

import re
from importlib import resources

import pytest
from oracle import oracle, rounded
from sheets import asked, circuit, copied, network, page, sheet_of

from derive.pages.circuit import CircuitSheet
from derive.pages.sheet import COMPACT

SQUARE = {"f": "x^2"}
UPDATE = "learning_rate = 0.1"


def example(name):
    return (resources.files("derive") / "examples" / f"{name}.toml").read_text("utf-8")


# --- levels -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "first", "last", "treatment"),
    [
        ("full", True, False, "worked"),
        ("full", False, False, "worked"),
        ("full", False, True, "worked"),
        ("guided", True, False, "worked"),
        ("guided", False, False, "symbols"),
        ("guided", False, True, "blank"),
        ("guided", True, True, "worked"),
        ("blank", True, False, "blank"),
        ("blank", False, False, "blank"),
        ("blank", False, True, "blank"),
    ],
)
def test_how_much_of_a_step_is_shown(level, first, last, treatment):
    sheet = CircuitSheet(sheet_of("circuit").numbers, level)
    assert sheet.treatment(first=first, last=last) == treatment


# --- given ------------------------------------------------------------------------------------


def test_given_numbers_stand_as_typed_and_at_most_five_in_a_line():
    text = network("[[1, 2, 3, 4, 5, 6]]", inputs="[0.10, 0.20, 0.30, 0.40, 0.50, 0.60]")
    table = page(text).part("given").grids()[0]
    assert COMPACT == 5
    assert table[:2] == [
        ["given.input", "x1 = 0.10 , x2 = 0.20 , x3 = 0.30 , x4 = 0.40 , x5 = 0.50"],
        ["term.nothing", "x6 = 0.60"],
    ]


@pytest.mark.parametrize("rounding", ["exact", "stepwise"])
@pytest.mark.parametrize("source", ["two-two-two", "circuit"])
def test_the_sheet_says_which_rounding_it_uses(source, rounding):
    said = page(source, "full", rounding=rounding, decimals=5).part("given").sentences()
    assert said[-1] == (f"say.{rounding}", {"decimals": "5"})


# --- update -----------------------------------------------------------------------------------


def test_guided_the_first_update_is_worked_and_of_the_last_only_the_name_stands():
    first, *middle, last = page("two-two-two").part("update").lines()
    assert first == "{W1+} = W1-learning_rate*{dE_total/dW1} = 0.3-0.5*0.00080888 ≈ 0.29959556"
    assert last == "{W8+} ≈ {?55}"
    assert middle == [
        f"{{W{i}+}} = W{i}-learning_rate*{{dE_total/dW{i}}} ≈ {{?{47 + i}}}" for i in range(2, 8)
    ]


def test_an_update_alone_is_worked_and_not_left_as_a_name():
    lines = page(circuit({"x": 2}, SQUARE, UPDATE)).part("update").lines()
    assert lines == ["{x+} = x-learning_rate*{df/dx} = 2-0.1*4 = 1.6"]


def test_the_update_is_the_first_one_and_later_ones_stand_in_a_table():
    update = page("neuron", steps=3).part("update")
    assert [line.partition(" ")[0] for line in update.lines()] == ["{W1+}", "{W2+}", "{b1+}"]


@pytest.mark.parametrize(
    "text",
    [example("two-two-two").replace("\n[[", "\nsteps = 0\n[[", 1), circuit({"x": 2}, SQUARE)],
    ids=["no steps", "no update"],
)
@pytest.mark.parametrize("level", ["full", "guided", "blank"])
def test_without_updates_the_sheet_ends_with_the_backward_pass(text, level):
    headings = page(text, level).headings()
    assert "heading.backward" in headings
    assert not {"heading.update", "heading.later", "heading.check"} & {str(h) for h in headings}


# --- check ------------------------------------------------------------------------------------


def test_the_check_is_the_forward_pass_with_the_new_parameters():
    lines = page("two-two-two", "full").part("check").lines()
    names = " ".join(line.partition(" ")[0].strip("{}") for line in lines)
    assert names == "z1+ z2+ h1+ h2+ z3+ z4+ o1+ o2+ E_o1+ E_o2+ E_total+"
    assert lines[-1].endswith(" ≈ 0.02323634")


def test_guided_no_line_of_the_check_is_worked():
    check = page("two-two-two").part("check")
    assert len(check.blanks()) == len(check.lines()) == 11
    assert check.lines()[0] == "{z1+} = {W1+}*x1+{W2+}*x2 ≈ {?56}"


@pytest.mark.parametrize(
    ("source", "key", "quantity", "old", "new"),
    [
        ("shared-biases", "lower", "E_total", "0.298371109", "0.291027774"),
        ("two-two-two", "lower", "E_total", "0.02397190", "0.02323634"),
        (circuit({"x": 2}, SQUARE, f'{UPDATE}\ndirection = "ascent"'), "higher", "f", "4", "5.76"),
        (circuit({"x": 2}, SQUARE, "learning_rate = 2"), "higher", "f", "4", "36"),
        (circuit({"x": 0}, SQUARE, UPDATE), "equal", "f", "0", "0"),
        (circuit({"x": 0}, {"f": "exp(x^2+1)"}, UPDATE), "unseen", "f", *["2.71828183"] * 2),
        (circuit({"x": "1e-20"}, SQUARE, UPDATE), "lower", "f", "1.000e-40", "6.400e-41"),
    ],
)
def test_at_the_end_stands_what_the_update_did(source, key, quantity, old, new):
    said = page(source, "full").part("check").sentences()
    assert said[-1] == (f"say.result_{key}", {"quantity": quantity, "old": old, "new": new})


def test_a_change_that_is_not_seen_is_not_called_none():
    said = page("two-two-two", "full", learning_rate="1e-60").part("check").sentences()
    shown = {"quantity": "E_total", "old": "0.02397190", "new": "0.02397190"}
    assert said[-1] == ("say.result_unseen", shown)


@pytest.mark.parametrize("level", ["guided", "blank"])
def test_what_the_update_did_is_not_told_to_those_who_compute_it(level):
    assert page("two-two-two", level).part("check").sentences() == ["say.check"]


def test_after_several_steps_the_last_error_is_compared():
    last = rounded(oracle("steps = 3\n" + example("two-two-two"))["E_total@3"], 8)
    key, slots = page("two-two-two", "full", steps=3).part("check").sentences()[-1]
    assert (key, slots["old"], slots["new"]) == ("say.result_lower", "0.02397190", last)


# --- the steps between ------------------------------------------------------------------------


def between(source, steps):
    """The ids that stand neither on the page of one update nor in its last check."""
    every = asked(source, steps=steps)
    first = {name for name in every if not name.endswith("+") and "@" not in name}
    first |= {name for name in every if re.fullmatch(r"[Wb]\d+\+", name)}
    last = {n for n in every if n.endswith(f"@{steps}") and not re.match(r"[Wb]\d", n)}
    return [name for name in every if name not in first | last]


@pytest.mark.parametrize("steps", [2, 3])
@pytest.mark.parametrize("level", ["full", "guided", "blank"])
def test_the_steps_between_are_rows_in_the_order_of_the_key(steps, level):
    ((*rows,),) = page("two-two-two", level, steps=steps).part("later").grids()
    assert [name.strip("{}") for name, _ in rows] == between("two-two-two", steps)


def test_the_steps_between_have_the_numbers_of_an_independent_run():
    values = oracle("steps = 2\n" + example("shared-biases"))
    ((*rows,),) = page("shared-biases", "full", steps=2).part("later").grids()
    shown = {name.strip("{}"): value for name, value in rows}
    for name in ("E_total+", "o1+", "dE_total/do1+", "W1@2", "W8@2"):
        assert shown[name] == "≈ " + rounded(values[name], 9)


def test_to_fill_in_they_are_blanks_with_their_numbers():
    later = page("neuron", steps=2).part("later")
    names = asked("neuron", steps=2)
    own = [name for name in between("neuron", 2) if name not in copied("neuron", steps=2)]
    assert [names[number - 1] for number, _ in later.blanks()] == own


@pytest.mark.parametrize("level", ["full", "guided", "blank"])
def test_a_kink_between_has_its_footnote(level):
    """x = 1 goes to 0 by the first update; there abs has no slope."""
    text = "steps = 2\n" + circuit({"x": 1}, {"f": "abs(x)"}, "learning_rate = 1")
    later = page(text, level).part("later")
    assert later.notes() == [("note.kink", {"id": "{df/dx+}"})]
    (rows,) = later.grids()
    assert [name for name, value in rows if value.endswith("†")] == ["{df/dx+}"]


def test_one_step_has_no_steps_between():
    assert "heading.later" not in page("two-two-two").headings()


# --- functions and their slopes ---------------------------------------------------------------

MIXED = network(
    ("[[1, 1]]", 'activation = "tanh"'),
    ("[[1]]", 'activation = "relu"'),
    ("[[1]]", 'activation = "tanh"'),
)


@pytest.mark.parametrize(
    ("source", "functions"),
    [
        ("two-two-two", ["sigmoid(z)"]),
        (MIXED, ["tanh(z)", "relu(z)"]),
        (network("[[1, 1]]"), []),
        (circuit({"x": 2}, {"f": "sigmoid(x)+max(x, 1)+sqrt(x)"}), ["sigmoid(z)", "max(u,v)"]),
        ("circuit", []),
    ],
)
def test_the_slope_of_each_function_used_is_derived_once(source, functions):
    headings = [h for h in page(source, "full").headings() if "proof" in str(h)]
    proofs = [("heading.proof", {"function": name}) for name in functions]
    assert headings == (["heading.proofs", *proofs] if functions else [])


@pytest.mark.parametrize("source", ["two-two-two", circuit({"x": 2}, {"f": "sigmoid(x)"})])
def test_the_blank_sheet_has_no_proofs(source):
    assert "heading.proofs" not in page(source, "blank").headings()


def test_a_proof_leads_from_the_definition_to_the_taught_slope():
    """Unit 4 of the domain: s(1 - s), by adding and subtracting 1."""
    proof = page("two-two-two").part("proof")
    first, *_, last, opened, square = proof.lines()
    assert first.startswith("d/dz[1/(1+exp(-z))] = ")
    assert last == "= s*(1-s)"
    assert (opened, square) == ("s*(1-s) = s-s^2", "= 1/4-(1/2-s)^2")
    assert proof.sentences() == [
        ("say.output_name", {"output": "s", "function": "sigmoid(z)"}),
        "say.most_sigmoid",
    ]
    rules = [[word.key for word in row.remarks] for row in proof.rows()]
    assert all(rules)
    assert ["rule.add_and_subtract"] in rules


PROOFS_BY_CASES = {
    "abs(x)": ["[d/dz[z] if z > 0, 0 if z = 0, d/dz[-z] if z < 0]",
               "[1 if z > 0, 0 if z = 0, -1 if z < 0]"],
    "relu(x)": ["[d/dz[z] if z > 0, 0 if z = 0, d/dz[0] if z < 0]", "[1 if z > 0, 0 if z <= 0]"],
    "leaky_relu(x)": ["[d/dz[z] if z > 0, a if z = 0, d/dz[a*z] if z < 0]",
                      "[1 if z > 0, a if z <= 0]"],
    "max(x,1)": ["[d/du[u] if u-v > 0, 1/2 if u-v = 0, d/du[v] if u-v < 0]",
                 "[1 if u-v > 0, 1/2 if u-v = 0, 0 if u-v < 0]"],
    "min(x,1)": ["[d/du[v] if u-v > 0, 1/2 if u-v = 0, d/du[u] if u-v < 0]",
                 "[0 if u-v > 0, 1/2 if u-v = 0, 1 if u-v < 0]"],
}  # fmt: skip


@pytest.mark.parametrize(("formula", "lines"), PROOFS_BY_CASES.items())
def test_a_proof_by_cases_has_the_taught_convention_at_the_corner(formula, lines):
    proof = page(circuit({"x": 1}, {"f": formula}), "full").part("proof")
    first, last = proof.lines()
    assert [first.partition("]] = ")[2], last] == [lines[0], f"= {lines[1]}"]
    assert proof.sentences()[0] == "say.kink"
    assert len(proof.sentences()) == (3 if "relu" in formula else 1)


def test_only_a_proof_that_names_the_output_says_what_the_name_stands_for():
    proof = page(circuit({"x": 1}, {"f": "softplus(x)"}), "full").part("proof")
    assert (proof.lines()[-1], proof.sentences()) == ("= sigmoid(z)", ["say.most_softplus"])


@pytest.mark.parametrize(("activation", "told"), [("relu", True), ("tanh", False)])
def test_a_proof_by_cases_says_what_holds_at_the_corner(activation, told):
    text = network(("[[1, 1]]", f'activation = "{activation}"'))
    assert ("say.kink" in page(text).part("proof").sentences()) is told


def test_the_definition_of_an_activation_stands_before_its_first_use():
    forward = page("two-two-two").part("forward")
    assert forward.sentences() == ["say.definitions"]
    assert forward.lines()[0] == "sigmoid(z) = 1/(1+exp(-z))"


def test_a_network_of_identities_defines_nothing():
    assert page(network("[[1, 1]]")).part("forward").sentences() == []
