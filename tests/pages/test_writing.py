"""From a step to its lines: symbols, numbers, value, footnotes; the deck's own figures."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from importlib import resources

import pytest
from oracle import oracle, rounded
from random_specs import random_network
from sampling import few
from sheets import asked, circuit, fill, network, page, rectified, said, sheet_of, told

import derive
from derive.algebra.expressions import Name
from derive.algebra.grammar import to_text
from derive.pages.document import Lines
from derive.pages.writing import MOST_TERMS, Writer


def writer(source, **changes):
    return Writer(sheet_of(source, **changes).numbers)


def rows(write, name, treatment="worked", **how):
    """The lines of a step with their digits."""
    block, *_ = fill([Lines(tuple(write.rows(write.step(name), treatment, **how)))], write.numbers)
    return block.rows


def lines(source, name, treatment="worked", **changes):
    return [told(row) for row in rows(writer(source, **changes), name, treatment)]


def remarks(source, name):
    return [[said(r) for r in row.remarks] for row in rows(writer(source), name)]


# --- a worked step ----------------------------------------------------------------------------

DECK = [
    ("x1", "x1 = 0.1"),
    ("z1", "z1 = W1*x1+W2*x2 = 0.3*0.1+0.25*0.2 = 0.08"),
    ("h1", "h1 = sigmoid(z1) = sigmoid(0.08) ≈ 0.51998934"),
    ("z3", "z3 = W5*h1+W6*h2 = 0.45*0.51998934+0.4*0.52747230 ≈ 0.44498412"),
    ("o1", "o1 = sigmoid(z3) = sigmoid(0.44498412) ≈ 0.60944600"),
    ("E_o1", "E_o1 = 1/2*(t1-o1)^2 = 1/2*(0.4-0.60944600)^2 ≈ 0.02193381"),
    ("E_total", "E_total = E_o1+E_o2 = 0.02193381+0.00203809 ≈ 0.02397190"),
    ("do1/dz3", "{do1/dz3} = o1*(1-o1) = 0.60944600*(1-0.60944600) ≈ 0.23802157"),
    ("dz3/dW5", "{dz3/dW5} = h1 ≈ 0.51998934"),
    ("dz1/dW1", "{dz1/dW1} = x1 = 0.1"),
    ("dz3/dh1", "{dz3/dh1} = W5 = 0.45"),
    ("W5+", "{W5+} = W5-learning_rate*{dE_total/dW5} = 0.45-0.5*0.02592286 ≈ 0.43703857"),
]


@pytest.mark.parametrize(("name", "line"), DECK)
def test_a_worked_step_is_symbols_then_numbers_then_the_value(name, line):
    assert lines("two-two-two", name) == [line]


def test_a_slope_that_is_a_number_is_not_said_twice():
    assert lines("neuron", "dz1/db1") == ["{dz1/db1} = 1"]


@pytest.mark.parametrize(
    ("formula", "lines_of_it"),
    [
        ("x+x", ["{df/dx} = 1+1", "= 2"]),
        ("-x-x", ["{df/dx} = -1-1", "= -2"]),
        ("-x", ["{df/dx} = -1"]),
        ("x/4+x/4", ["{df/dx} = 1/4+1/4", "= 1/2", "= 0.5"]),
    ],
)
def test_a_value_that_is_the_line_before_is_not_said_twice(formula, lines_of_it):
    assert lines(circuit({"x": 2}, {"f": formula}), "df/dx") == lines_of_it


def test_the_derivative_of_an_error_is_led_there_by_named_rules():
    assert lines("two-two-two", "dE_total/do1") == [
        "{dE_total/do1} = 2*(1/2)*(t1-o1)^(2-1)*(-1)+0",
        "= -(t1-o1)",
        "= -(0.4-0.60944600) ≈ 0.20944600",
    ]
    first = ["rule.power", "rule.chain", "rule.constant"]
    assert remarks("two-two-two", "dE_total/do1") == [first, [], []]


def test_the_rules_speak_of_the_newest_quantities():
    assert lines("two-two-two", "dE_total/do1+", steps=2)[:2] == [
        "{dE_total/do1+} = 2*(1/2)*(t1-{o1+})^(2-1)*(-1)+0",
        "= -(t1-{o1+})",
    ]


def test_a_formula_of_a_circuit_is_led_to_its_slope_by_named_rules():
    assert lines(circuit({"x": 2}, {"f": "x^3+5"}), "df/dx") == [
        "{df/dx} = 3*x^(3-1)+0",
        "= 3*x^2",
        "= 3*2^2 = 12",
    ]
    assert remarks(circuit({"x": 2}, {"f": "x^3+5"}), "df/dx")[0] == [
        "rule.power",
        "rule.constant",
    ]


def test_plain_rules_are_named_where_no_other_was_used():
    text = circuit({"x": 2}, {"f": "x+x"})
    assert lines(text, "df/dx")[0] == "{df/dx} = 1+1"
    assert remarks(text, "df/dx")[0] == ["rule.sum"]


def test_an_activation_is_only_read_off_because_the_appendix_proves_it():
    assert lines("two-two-two", "dh1/dz1") == [
        "{dh1/dz1} = h1*(1-h1) = 0.51998934*(1-0.51998934) ≈ 0.24960043"
    ]


def ones(count):
    row = ", ".join(["1"] * count)
    return network(f"[[{row}]]", inputs=f"[{row}]")


@pytest.mark.parametrize(("count", "relations"), [(MOST_TERMS, 3), (MOST_TERMS + 1, 2)])
def test_a_sum_too_long_to_read_is_not_written_out_with_numbers(count, relations):
    line = lines(ones(count), "z1")[0]
    assert line.endswith(f" = {count}")
    assert len(re.findall(" = ", line)) == relations


def test_the_box_stands_around_the_value_alone():
    (row,) = rows(writer("two-two-two"), "dE_total/dz3", boxed=True)
    assert [(p.relation, p.boxed) for p in row.parts] == [("=", False), ("=", False), ("≈", True)]


# --- what is left to do -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "treatment", "line"),
    [
        ("z2", "symbols", "z2 = W3*x1+W4*x2 = {?2}"),
        ("h2", "symbols", "h2 = sigmoid(z2) ≈ {?4}"),
        ("dE_total/dz3", "symbols",
         "{dE_total/dz3} = {dE_total/do1}*{do1/dz3} = {?}*{?} ≈ {?14}"),
        ("dE_total/dW5", "symbols",
         "{dE_total/dW5} = {dE_total/do1}*{do1/dz3}*{dz3/dW5} = {?}*{?}*{?} ≈ {?16}"),
        ("dE_total/do1", "symbols", "{dE_total/do1} = -(t1-o1) ≈ {?12}"),
        ("z2", "blank", "z2 = {?2}"),
        ("dE_total/do1", "blank", "{dE_total/do1} ≈ {?12}"),
        ("x1", "blank", "x1 = 0.1"),
        ("x1", "symbols", "x1 = 0.1"),
    ],
)  # fmt: skip
def test_what_a_learner_fills_in(name, treatment, line):
    assert lines("two-two-two", name, treatment) == [line]


def test_blanks_are_numbered_as_the_key_asks():
    write = writer("two-two-two")
    assert [write.blank(name) for name in asked("two-two-two")] == [
        Name(f"?{number}") for number in range(1, 67)
    ]


# --- cases ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("z", "activation", "line"),
    [
        ("0.3", "relu", "{do1/dz1} = [1 if z1 > 0, 0 if z1 <= 0] = 1"),
        ("-0.3", "relu", "{do1/dz1} = [1 if z1 > 0, 0 if z1 <= 0] = 0"),
        ("0.3", "leaky_relu", "{do1/dz1} = [1 if z1 > 0, 0.01 if z1 <= 0] = 1"),
        ("-0.3", "leaky_relu", "{do1/dz1} = [1 if z1 > 0, 0.01 if z1 <= 0] = 0.01"),
        ("0", "relu", "{do1/dz1} = [1 if z1 > 0, 0 if z1 <= 0] = 0 †"),
        ("0", "leaky_relu", "{do1/dz1} = [1 if z1 > 0, 0.01 if z1 <= 0] = 0.01 †"),
    ],
)
def test_of_cases_all_are_shown_and_then_the_one_taken(z, activation, line):
    assert lines(rectified(z, activation), "do1/dz1") == [line]


def test_the_margin_says_which_number_decides_the_case():
    case = ("remark.case", {"equation": "z1 = 0.3"})
    assert remarks(rectified("0.3"), "do1/dz1") == [[case]]


def test_a_rounded_number_decides_behind_its_sign():
    text = circuit({"x": 1}, {"q": "x/3", "f": "relu(q)"})
    case = ("remark.case", {"equation": "q ≈ 0.33333333"})
    assert remarks(text, "df/dq") == [[case]]


def test_below_taught_lines_the_margin_names_each_number_that_decides():
    text = circuit({"x": 3, "y": 2}, {"f": "max(x,y)^2*relu(x-7)"})
    equations = ("x-y = 3-2", "x-7 = 3-7")
    expected = [("remark.case", {"equation": equation}) for equation in equations]
    assert remarks(text, "df/dx")[-1] == expected


def test_a_step_without_cases_has_no_such_remark():
    assert remarks("two-two-two", "do1/dz3") == [[]]


@pytest.mark.parametrize("treatment", ["worked", "symbols", "blank"])
def test_a_kink_is_never_silent(treatment):
    write = writer(rectified("0"))
    lines, *below = fill(write.block([write.step("do1/dz1")], treatment), write.numbers)
    assert [row.mark for row in lines.rows] == [True]
    assert [said(note.words) for note in below] == [("note.kink", {"id": "{do1/dz1}"})]


def test_the_branch_of_a_circuit_goes_on_with_its_numbers():
    assert lines(circuit({"x": 3, "y": 2}, {"f": "max(x, y)^2"}), "df/dx")[-1] == (
        "= 2*max(x,y)*1 = 2*max(3,2)*1 = 6"
    )


# --- footnotes --------------------------------------------------------------------------------


def from_printed_factors(text, decimals):
    """The gradients whose printed factors give another last digit, and which digit."""
    values = oracle(text)
    place = Decimal(1).scaleb(-decimals)
    found = {}
    for name in (n for n in values if re.fullmatch(r"dE_total/dW\d", n)):
        weight = name.partition("/d")[2]
        z = next(n for n in values if re.fullmatch(rf"dz\d/d{weight}", n))
        a = next(n for n in values if re.fullmatch(rf"d[ho]\d/d{z[1:3]}", n))
        product = Decimal(1)
        for factor in (f"dE_total/d{a[1:3]}", a, z):
            product *= Decimal(rounded(values[factor], decimals))
        printed = product.quantize(place, ROUND_HALF_UP)
        if printed != Decimal(rounded(values[name], decimals)):
            found[f"{{{name}}}"] = str(printed)
    return found


@pytest.mark.parametrize("decimals", [8, 9, 13])
def test_every_gradient_whose_printed_factors_mislead_has_its_footnote(decimals):
    text = (resources.files("derive") / "examples/two-two-two.toml").read_text("utf-8")
    noted = {
        slots["id"]: slots["printed"]
        for key, slots in page(text, "full", decimals=decimals).notes()
        if key == "note.printed" and re.fullmatch(r"\{dE_total/dW\d\}", slots["id"])
    }
    assert noted == from_printed_factors(text, decimals)


@pytest.mark.parametrize("seed", few(range(6), 3))
@pytest.mark.parametrize("level", ["full", "guided"])
def test_a_dagger_in_a_line_and_a_footnote_below_go_together(seed, level):
    whole = page(random_network(seed), level)
    noted = [slots["id"].strip("{}") for _, slots in whole.notes()]
    cells = (cell for table in whole.grids() for row in table for cell in row)
    in_tables = sum(isinstance(cell, str) and cell.endswith("†") for cell in cells)
    assert set(whole.daggers()) <= set(noted)
    assert len(whole.daggers()) + in_tables == len(noted)


def test_stepwise_rounding_needs_no_dagger():
    whole = page("two-two-two", "full", rounding="stepwise")
    assert (whole.daggers(), whole.notes()) == ([], [])


def test_only_a_worked_line_has_a_footnote():
    write = writer("two-two-two")
    step = write.step("dE_total/dW5")
    worked, symbols, blank = (
        fill(write.mixed([(step, treatment)]), write.numbers)
        for treatment in ("worked", "symbols", "blank")
    )
    assert len(worked) == 2
    assert len(symbols) == len(blank) == 1


def test_no_steps_are_no_block():
    assert writer("two-two-two").block([]) == []


def test_a_line_that_only_names_the_output_is_not_written_twice():
    sheet = derive.sheet("sigmoid-gate")
    rows = Writer(sheet.numbers).taught_rows(sheet.step("df/ds"))
    texts = [to_text(row.parts[0].expr) for row in rows]
    assert len(texts) == len(set(texts))
    assert [words.key for words in rows[-1].remarks] == [
        "rule.divide",
        "rule.name_output",
    ]
