"""What the numbers of an exercise are, how they print, and what is refused."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from fractions import Fraction
from time import process_time

import flint
import pytest
from mpmath import mp, mpf
from print_rule import (
    WORK,
    decimal,
    digits_in,
    last_place,
    names_in,
    near,
    printed,
    real,
    result,
    rounded,
    units,
)
from random_specs import random_network
from sampling import few, spread

import derive
from derive import limits
from derive.algebra.expressions import Name, Num
from derive.algebra.grammar import parse, parse_row
from derive.derivation.derivation import Derivation
from derive.derivation.steps import Step
from derive.errors import InternalError, SpecError
from derive.numbers import Back, Numbers, Settled, balls
from derive.numbers.levels import Level
from derive.render.key import records
from derive.spec import build, load, loads, override

SEEDS = range(30)
BUILTIN = ("neuron", "two-two-two", "circuit", "shared-biases")


def numbers_of(spec):
    return Numbers(Derivation(build(loads(spec) if isinstance(spec, str) else spec)))


def key(spec):
    return {row["id"]: row for row in records(numbers_of(spec))}


def circuit(definitions, values="x = 2", rest=""):
    if isinstance(definitions, str):
        definitions = {"f": definitions}
    rows = "\n".join(f'{name} = "{text}"' for name, text in definitions.items())
    return f'kind = "circuit"\noutput = "f"\n{rest}\n[values]\n{values}\n[definitions]\n{rows}\n'


def unit(activation="sigmoid", *, inputs="[800]", weights="[[1]]", targets="[1]", rest=""):
    return (
        f"inputs = {inputs}\ntargets = {targets}\nlearning_rate = 1\n{rest}\n"
        f'[[layers]]\nactivation = "{activation}"\nweights = {weights}\n'
    )


def shown(spec, *names):
    rows = key(spec)
    return " ".join(rows[name]["shown"] for name in names)


# What prints how


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("x + 1", "3"),
        ("x/25", "0.08"),
        ("-6x", "-12"),
        ("x/3", "0.66666667"),
        ("-x/3", "-0.66666667"),
        ("sqrt(x)", "1.41421356"),
        ("1/x^27", "7.451e-9"),
        ("-1/x^27", "-7.451e-9"),
        ("x/10^8", "0.00000002"),
        ("x/3/10^6", "6.667e-7"),
        ("1/3 - 333333/10^6", "3.333e-7"),
        ("x - x", "0"),
        ("-(x - x)", "0"),
        ("0*exp(x)", "0"),
        ("sqrt(x)^2", "2"),
        ("sqrt(x^2)", "2"),
        ("sqrt(x/8)", "0.5"),
        ("exp(x - 2)", "1"),
        ("x^100", "1267650600228229401496703205376"),
        ("10^59*x", "2" + "0" * 59),
        ("1/2x", "1"),
        ("exp(-x*10^3)", "2.577e-869"),
        ("sin(10^60*x)", "-0.92535804"),
    ],
)
def test_a_computed_number_prints_so(formula, text):
    assert key(circuit(formula))["f"]["shown"] == text


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("0.50", "0.50"), ("-0.50", "-0.50"), ("1_000.5", "1000.5"), ("+5", "5"), ("-0.0", "0.0"),
        ("0", "0"), ("1e-7", "1e-7"), ("2.50E3", "2.50e3"), ("0.000000001230", "0.000000001230"),
    ],
)  # fmt: skip
def test_a_given_number_and_its_copies_print_as_typed(typed, text):
    rows = key(circuit({"q": "x", "f": "q*y"}, f"x = {typed}\ny = {typed}"))
    assert {rows[name]["shown"] for name in ("x", "y", "q", "df/dq")} == {text}
    net = key(unit("identity", inputs=f"[{typed}]", rest="steps = 1"))
    assert {net[name]["shown"] for name in ("x1", "dz1/dW1")} == {text}
    assert Fraction(net["x1"]["value"]) == Fraction(net["x1"]["exact"]) == Fraction(text)


def test_a_copy_prints_as_its_source_in_every_layer():
    text = random_network(11)
    rows = key(text)
    copies = [row for row in rows.values() if len(row["depends_on"]) == 1]
    copies = [row for row in copies if row["formula"].strip("{}") == row["depends_on"][0]]
    assert len(copies) > 50
    for row in copies:
        source = rows[row["depends_on"][0]]
        assert (row["shown"], row["value"]) == (source["shown"], source["value"])


def test_the_sign_of_equal_and_of_rounded():
    numbers = numbers_of(circuit({"q": "x/3", "r": "x/16", "f": "q*r"}, rest="decimals = 3"))
    assert [numbers.shown(i).exact for i in ("x", "q", "r", "df/df")] == [True, False, True, True]
    assert not numbers.shown("f").exact


@pytest.mark.parametrize("decimals", [1, 2, 8, 19, 20, 21, 50])
def test_all_decimals_of_a_number_that_does_not_end(decimals):
    row = key(circuit("1 + 1/3*sqrt(x)", rest=f"decimals = {decimals}"))["f"]
    expected = result("1 + 1/3*sqrt(x)", {"x": Fraction(2)})
    assert row["shown"] == rounded(expected, decimals)
    assert digits_in(row["value"]) == max(30, decimals + 10)
    place = last_place(row["value"])
    assert Fraction(row["value"]) == decimal(units(expected, place), place)


EXACT = (
    ("x/6", "1/3"), ("-x/6", "-1/3"), ("x", "2"), ("x/4", "1/2"), ("sqrt(x/8)", "1/2"),
    ("sigmoid(x-2)", "1/2"), ("max(x,1)", "2"), ("x^0.5", None), ("exp(x)", None),
)  # fmt: skip


@pytest.mark.parametrize(("formula", "fraction"), EXACT)
def test_exact_is_there_where_the_value_is_rational(formula, fraction):
    row = key(circuit(formula))["f"]
    assert row.get("exact") == fraction
    if fraction == "1/2":
        assert row["value"] == "0.5"
    if fraction == "1/3":
        assert row["value"] == "0." + "3" * 30


@pytest.mark.parametrize("seed", few(range(12), 4))
def test_no_number_anywhere_prints_as_minus_zero(seed):
    for row in key(random_network(seed)).values():
        assert Fraction(row["shown"]) or not row["shown"].startswith("-")
        assert Fraction(row["shown"]) or not Fraction(row["value"])


# Saturated units


def test_a_saturated_unit_is_computed():
    rows = key(unit(targets="[0]"))
    assert rows["o1"]["shown"] == "1.00000000"
    assert rows["do1/dz1"]["shown"] == "3.668e-348"
    with mp.workdps(60):
        slope = mp.exp(-800) / (1 + mp.exp(-800)) ** 2
        assert abs(mpf(rows["do1/dz1"]["value"]) / slope - 1) < mpf(10) ** -28


def test_a_saturated_unit_that_is_right_has_a_tiny_error():
    """The target is 1 and the unit says almost 1: every number exists, and none is 0."""
    rows = key(unit())
    with mp.workdps(60):
        tail = mp.exp(-800) / (1 + mp.exp(-800))
        for name, value in {
            "dE_total/do1": -tail,
            "E_total": tail**2 / 2,
            "do1/dz1": tail * (1 - tail),
        }.items():
            assert abs(mpf(rows[name]["value"]) / value - 1) < mpf(10) ** -28
            assert rows[name]["shown"] == rounded(value, 8)


@pytest.mark.parametrize(
    ("z", "slope"), [(20_000, "1.289e-8686"), (-20_000, "1.289e-8686"), (37, "8.533e-17")]
)
def test_the_slope_of_a_sigmoid_far_out(z, slope):
    """d sigmoid(z)/dz as its own number."""
    rows = key(circuit("sigmoid(x)", f"x = {z}"))
    assert rows["df/dx"]["shown"] == slope
    with mp.workdps(9_000):
        tail = mp.exp(-abs(z))
        assert rows["df/dx"]["shown"] == rounded(tail / (1 + tail) ** 2, 8)


def test_tanh_far_out():
    assert shown(circuit("tanh(500x)"), "f", "df/dx") == "1.00000000 5.153e-866"
    assert shown(circuit("tanh(-500x)"), "f", "df/dx") == "-1.00000000 -5.153e-866"


def test_softplus_far_out():
    assert shown(circuit("softplus(500x)"), "f", "df/dx") == "1000.00000000 500.00000000"
    assert shown(circuit("softplus(-500x)"), "f") == "5.076e-435"


# What is refused, quickly and with a reason

REFUSED = {
    "exp(10000)": "larger than 10.59; rescale",
    "9**9**9": "larger than 10.59; rescale",
    "((9**9)**9999)**9999": "larger than 10.59; rescale",
    "9**9**9**9": "too large to be computed; rescale",
    "exp(exp(exp(100)))": "too large to be computed; rescale",
    "10^60": "larger than 10.59; rescale",
    "-10^60*x": "larger than 10.59; rescale",
    "1/(x-2)": "a division by zero",
    "(x-2)^-1": "a division by zero",
    "(x-2)^-1.5": "a division by zero",
    "log(0)": "a logarithm of a number that is not positive",
    "log(x-2)": "a logarithm of a number that is not positive",
    "ln(-x)": "a logarithm of a number that is not positive",
    "log(1-exp(x))": "a logarithm of a number that is not positive",
    "sqrt(-x)": "a square root of a negative number",
    "1/(exp(x)*exp(-x)-1)": "a division by zero",
    "(-x)^(1/3)": "a negative number to a power that is not whole",
    "exp(-30000*x)": "of the size 10.-260.*prints sizes down to 10.-10000",
    "sin(2*x)-2*sin(x)*cos(x)": "its digits cannot be decided with .* bits; it may be exactly 0 "
    "or exactly between two digits: simplify the formula$",
    "(sin(2*x)-2*sin(x)*cos(x))^2": "cannot be decided with .* bits; it may be exactly 0 .*simpl",
    "1/(sin(2*x)-2*sin(x)*cos(x))": "cannot be decided with .* bits; it may be exactly 0 .*simpl",
    "sqrt(3+2*sqrt(2))-1-sqrt(2)": "cannot be decided with .* bits; it may be exactly 0 .*simpl",
    "(sqrt(3+2*sqrt(2))-sqrt(2))*10^-8/2": "cannot be decided .* exactly between two digits",
    "exp(-exp(22.5*x))": "of the size 10.-1517.*prints sizes down to",
    "exp(-exp(exp(100)))": "cannot be decided|of the size",
    "abs(sin(2*x)-2*sin(x)*cos(x))": "cannot be decided",
    "max(x, 1)*0+relu(sin(2*x)-2*sin(x)*cos(x))": "cannot be decided",
}


@pytest.mark.parametrize(("formula", "problem"), REFUSED.items())
def test_what_has_no_printable_value_is_refused(formula, problem):
    begun = process_time()
    with pytest.raises(SpecError, match=problem) as caught:
        key(circuit(formula))
    assert caught.value.place == "definitions.f"
    assert process_time() - begun < 5


def test_the_place_of_a_refusal_is_the_line_that_has_no_value():
    with pytest.raises(SpecError, match=r"^definitions\.q: a division by zero$"):
        key(circuit({"f": "q + 1", "q": "1/(x-2)"}))
    with pytest.raises(SpecError, match=r"^df/dx: a division by zero$"):
        key(circuit("sqrt(x-2)"))


@pytest.mark.parametrize("x", [40_000, -40_000])
def test_past_the_ceiling_the_program_says_so(x):
    with pytest.raises(SpecError, match=r"cannot be decided with \d+ bits|of the size 10\^-17"):
        key(circuit("sigmoid(x)", f"x = {x}"))


def test_a_refused_id_does_not_spoil_the_others():
    numbers = numbers_of(circuit({"q": "sin(2*x)-2*sin(x)*cos(x)", "r": "exp(x)", "f": "r+q^2"}))
    for _ in range(2):
        with pytest.raises(SpecError, match="cannot be decided"):
            numbers.shown("q")
        assert numbers.shown("r").text == "7.38905610"


@pytest.mark.parametrize("formula", ["exp(x)", "1/(x-2)", "sin(2*x)-2*sin(x)*cos(x)", "9**9**9"])
def test_the_precision_outside_is_left_alone(formula):
    before = flint.ctx.prec
    numbers = numbers_of(circuit(formula))
    for ask in (numbers.shown, numbers.value):
        with suppress(SpecError):
            ask("f")
        assert flint.ctx.prec == before


def test_an_unknown_id_is_our_own_mistake():
    with pytest.raises(InternalError, match="no step W9"):
        numbers_of(load("neuron")).shown("W9")


# What is remembered

CONNECTIONS = ("dz3/dh", "dz4/dh", "dE_o")


@pytest.fixture
def computed(monkeypatch):
    """The ids whose values are computed, in order."""
    found = []

    def counted(self, step, lookup):
        found.append(step.id)
        return compute(self, step, lookup)

    compute = Numbers.compute
    monkeypatch.setattr(Numbers, "compute", counted)
    return found


def test_no_value_of_a_small_network_is_computed_twice(computed):
    numbers = numbers_of(override(load("two-two-two"), {"steps": 2}))
    for step in numbers.derivation.steps():
        numbers.answer(step)
    assert len(computed) == len(set(computed)) > 50


def test_of_values_of_connections_and_of_answers_only_a_few_are_remembered(monkeypatch):
    monkeypatch.setattr(limits, "RECENT", 4)
    numbers = numbers_of(load("two-two-two"))
    level = Level(numbers, 128)
    for step in numbers.derivation.steps():
        level.value(step.id)
        numbers.answer(step)
        assert len(level._recent) <= 4  # noqa: SLF001  what is forgotten is nowhere else to be seen
        assert len(numbers._answers) <= 4  # noqa: SLF001
    assert not [name for name in level.values if "dW" in name or name.startswith(CONNECTIONS)]
    assert {"dE_total/do1", "do1/dz3", "dE_total/dh1", "W5+", "E_total+"} <= set(level.values)


# The order in which numbers are asked for


@pytest.mark.parametrize("seed", few([2, 5, 11, 26], 2))
def test_the_order_of_asking_does_not_matter(seed):
    text = random_network(seed)
    rows = key(text)
    backwards = numbers_of(text)
    assert [backwards.shown(i).text for i in reversed(rows)] == [
        rows[i]["shown"] for i in reversed(rows)
    ]


def test_a_long_chain_is_computed_without_recursion():
    definitions = {f"q{i}": f"q{i - 1}/2 + x" for i in range(1, 490)}
    numbers = numbers_of(circuit({"q0": "x", **definitions, "f": "q489 - 2x"}))
    assert numbers.shown("f").text == rounded(Fraction(-1, 2**488), 8)
    assert numbers.shown("df/dx").text == rounded(Fraction(-1, 2**489), 8)


def test_many_updates_are_computed_without_recursion():
    numbers = numbers_of(unit("identity", inputs="[1]", targets="[3]", rest="steps = 400"))
    assert numbers.shown("W1@400").text == "3"


# Stepwise rounding: every line multiplies back


def is_copy(row):
    return row["formula"].strip("{}") in row["depends_on"]


def check_lines(spec):
    """Each printed value is the rounding of its formula over printed operands."""
    rows = key(spec)
    values = {name: Fraction(row["shown"]) for name, row in rows.items()}
    for row in rows.values():
        assert names_in(row["formula"]) == row["depends_on"]
        if not row["formula"]:
            continue
        if is_copy(row):
            assert row["shown"] == rows[row["depends_on"][0]]["shown"]
            continue
        expected = result(row["formula"], values)
        assert row["shown"] == printed(expected, spec.decimals), row
        assert row["value"] == row["shown"]
        assert near(expected, Fraction(row["exact_value"]), 28)
    return len(rows)


def stepwise(spec, **changes):
    return override(spec, {"rounding": "stepwise", **changes})


@pytest.mark.parametrize(("name", "decimals"), spread(BUILTIN, [1, 3, 4, 8, 30]))
def test_every_line_of_a_built_in_multiplies_back(name, decimals):
    assert check_lines(stepwise(load(name), decimals=decimals)) > 9


@pytest.mark.parametrize("seed", few(SEEDS, 5))
def test_every_line_of_a_random_network_multiplies_back(seed):
    spec = loads(random_network(seed))
    assert check_lines(stepwise(spec, decimals=spec.decimals if seed % 2 else 4)) > 5


def test_a_stepwise_circuit_multiplies_back():
    text = circuit(
        {"q": "x*y/7", "r": "exp(q)-1", "s": "max(q, r)", "f": "s^2 + sqrt(r)/q"},
        "x = 1.25\ny = 0.333",
        "decimals = 3\nsteps = 2\n[update]\nlearning_rate = 0.1",
    )
    assert check_lines(stepwise(loads(text))) > 25


def test_stepwise_says_the_printed_number_and_the_unrounded_one():
    row = key(stepwise(load("two-two-two")))["dE_total/dW5"]
    assert (row["shown"], row["value"]) == ("0.02592285", "0.02592285")
    unrounded = Fraction("0.20944600") * Fraction("0.23802157") * Fraction("0.51998934")
    assert Fraction(row["exact_value"]) == unrounded


def test_stepwise_a_copy_of_a_typed_number_is_not_rounded():
    """q is x: its printed value is what was typed, and f follows from that."""
    text = circuit({"q": "x", "f": "1000*q"}, "x = 0.12345", "decimals = 2")
    rows = key(stepwise(loads(text)))
    assert [rows[i]["shown"] for i in ("q", "f")] == ["0.12345", "123.45"]


def test_stepwise_follows_the_printed_number_into_a_case():
    """q = 0.0004 - 0.00041 prints as -1.000e-5: typed numbers are not rounded."""
    text = circuit({"q": "x - 0.00041", "f": "relu(q) + 1/3*q"}, "x = 0.0004", "decimals = 2")
    rows = key(stepwise(loads(text)))
    assert [rows[i]["shown"] for i in ("q", "f", "dq/dx")] == ["-1.000e-5", "-3.333e-6", "1"]


# Footnotes: what the printed factors alone give


def footnotes(spec):
    numbers = numbers_of(spec)
    return {
        step.id: None
        if isinstance(step.expr, Name)
        else numbers.work_back(numbers.settle_cases(step).expr, step.id).other
        for step in numbers.derivation.steps()
        if step.expr is not None
    }


def test_the_deck_s_footnotes():
    notes = footnotes(load("two-two-two"))
    assert notes["dE_total/dW5"] == "0.02592285"
    assert notes["W2+"] == "0.24919113"
    for name in (
        "z1",
        "z2",
        "dz3/dW5",
        "dE_total/do1",
        "do1/dz3",
        "W5+",
        "E_total",
        "dE_total/dW1",
    ):
        assert notes[name] is None, name


def expected_footnotes(spec):
    """The footnotes that an independent product of the printed numbers asks for."""
    rows = key(spec)
    values = {name: Fraction(row["shown"]) for name, row in rows.items()}
    found = {}
    for name, row in rows.items():
        if not row["formula"]:
            continue
        place = last_place(row["shown"]) if "e" in row["shown"] else -spec.decimals
        printed_gives = decimal(units(result(row["formula"], values), place), place)
        differs = not is_copy(row) and printed_gives != values[name]
        found[name] = printed_gives if differs else None
    return found


@pytest.mark.parametrize(("name", "decimals"), spread(BUILTIN, [2, 4, 8, 20]))
def test_the_footnotes_of_a_built_in_are_those_of_its_printed_numbers(name, decimals):
    spec = override(load(name), {"decimals": decimals})
    notes = {i: note and Fraction(note) for i, note in footnotes(spec).items()}
    assert notes == expected_footnotes(spec)


@pytest.mark.parametrize("seed", few(SEEDS, 5))
def test_the_footnotes_of_a_random_network_are_those_of_its_printed_numbers(seed):
    spec = loads(random_network(seed))
    notes = {i: note and Fraction(note) for i, note in footnotes(spec).items()}
    assert notes == expected_footnotes(spec)
    assert len(notes) > 5


def test_an_exact_line_of_rounded_factors_has_a_footnote_too():
    """q = 1.125 prints as 1.13 and f = 8 q is exactly 9, but 8 x 1.13 is not."""
    text = circuit({"q": "x*1", "f": "8*q"}, "x = 1.125", "decimals = 2")
    assert key(text)["f"]["shown"] == "9"
    assert footnotes(text) == {**dict.fromkeys(footnotes(text)), "f": "9.04"}


def test_a_line_whose_printed_factors_give_nothing_does_not_claim_a_number():
    """q prints as 1.00000000, and log(1 - 1.00000000) is no number: above all it is not 0."""
    text = circuit({"q": "sigmoid(x)", "f": "log(1-q)"}, "x = 30")
    assert shown(text, "q", "f") == "1.00000000 -30.00000000"
    assert footnotes(text)["f"] != "0"
    assert footnotes(text)["df/dq"] != "0"


def test_stepwise_lines_need_no_footnote():
    assert set(footnotes(stepwise(load("two-two-two"))).values()) == {None}


# Kinks: a convention, and never a silent one

KINKS = (
    ("relu(x)", {"x": "0"}, {"df/dx": "0"}),
    ("leaky_relu(x)", {"x": "0"}, {"df/dx": "0.01"}),
    ("leaky_relu(x,0.25)", {"x": "0"}, {"df/dx": "0.25"}),
    ("leaky_relu(x,y)", {"x": "0", "y": "0.5"}, {"df/dx": "0.5"}),
    ("elu(x,0.25)", {"x": "0"}, {"df/dx": "0.25"}),
    ("abs(x)", {"x": "0"}, {"df/dx": "0"}),
    ("abs(x-0.3)", {"x": "0.30"}, {"df/dx": "0"}),
    ("max(x,y)", {"x": "1.5", "y": "1.50"}, {"df/dx": "0.5", "df/dy": "0.5"}),
    ("min(x,y)", {"x": "-2", "y": "-2.0"}, {"df/dx": "0.5", "df/dy": "0.5"}),
    ("max(2x,y)", {"x": "1", "y": "2"}, {"df/dx": "1", "df/dy": "0.5"}),
    ("relu(3x-0.9)", {"x": "0.3"}, {"df/dx": "0"}),
)


@pytest.mark.parametrize(("formula", "values", "slopes"), KINKS)
def test_a_kink_has_the_slope_of_the_convention_and_says_so(formula, values, slopes):
    text = circuit(formula, "\n".join(f"{name} = {typed}" for name, typed in values.items()))
    numbers = numbers_of(text)
    rows = key(text)
    for name, slope in slopes.items():
        assert rows[name]["shown"] == slope
        assert rows[name]["note"] == "kink"
        assert numbers.settle_cases(numbers.step(name)).kink
    assert "note" not in rows["f"]
    assert not numbers.settle_cases(numbers.step("f")).kink


@pytest.mark.parametrize(
    ("formula", "name", "slope"),
    [("leaky_relu(x,y)", "df/dy", "0"), ("elu(x)", "df/dx", "1"), ("elu(x,y)", "df/dx", "1"),
     ("elu(x,y)", "df/dy", "0")],
)  # fmt: skip
def test_where_both_sides_agree_there_is_no_corner(formula, name, slope):
    row = key(circuit(formula, "x = 0\ny = 1.0"))[name]
    assert row["shown"] == slope
    assert "note" not in row


@pytest.mark.parametrize("side", ["0.001", "-0.001", "1e-60", "-1e-60"])
@pytest.mark.parametrize("formula", ["relu(x)", "leaky_relu(x)", "abs(x)", "max(x,0)", "min(0,x)"])
def test_beside_a_kink_the_slope_is_no_convention(formula, side):
    row = key(circuit(formula, f"x = {side}"))["df/dx"]
    sides = {
        "relu(x)": ("0", "1"), "leaky_relu(x)": ("0.01", "1"), "abs(x)": ("-1", "1"),
        "max(x,0)": ("0", "1"), "min(0,x)": ("1", "0"),
    }  # fmt: skip
    assert row["shown"] == sides[formula][not side.startswith("-")]
    assert "note" not in row


@pytest.mark.parametrize(
    ("activation", "slope"), [("relu", "0"), ("leaky_relu", "0.01"), ("prelu", "0.01")]
)
def test_a_network_at_a_kink(activation, slope):
    text = unit(activation, inputs="[0.3, 0.1]", weights="[[0.7, -2.1]]")
    rows = key(text)
    assert (rows["z1"]["shown"], rows["o1"]["shown"]) == ("0", "0")
    assert rows["do1/dz1"]["shown"] == slope
    assert {name for name, row in rows.items() if "note" in row} == {"do1/dz1"}
    assert rows["do1/dz1"]["formula"] == slope
    assert names_in(rows["do1/dz1"]["formula"]) == rows["do1/dz1"]["depends_on"] == []


def test_the_formula_of_a_key_takes_the_branch_taken():
    rows = key(circuit("abs(x)*y", "x = -2\ny = 3"))
    assert rows["df/dx"]["formula"] == "-1*y" or rows["df/dx"]["shown"] == "-3"
    assert "cases" not in "".join(row["formula"] for row in rows.values())
    assert "kink" not in "".join(row["formula"] for row in rows.values())


def test_a_step_without_cases_is_settled_as_it_is():
    numbers = numbers_of(load("two-two-two"))
    step = numbers.step("dE_total/dW5")
    assert numbers.settle_cases(step).expr is step.expr
    assert not numbers.settle_cases(numbers.step("x1")).kink


@pytest.mark.parametrize(("marked", "kink"), [("kink", True), ("cases", False)])
def test_only_a_case_that_is_marked_as_a_convention_is_a_kink(marked, kink):
    step = Step("df/dx", "local", "backward", parse_row(f"{marked}(x,1,2,3)"), "f", "x")
    settled = numbers_of(circuit("x", "x = 0")).settle_cases(step)
    assert settled == Settled(Num("2"), kink)


TIDIED = {
    "abs(x-0.3)": ("1.7", "1"), "relu(x/2)": ("1", "0.5"), "relu(x*2-1)": ("3", "2"),
    "max(x*2,y)": ("4", "2"), "abs(x+x)": ("4", "2"), "min(0.1x,y)": ("0.2", "0.1"),
}  # fmt: skip
"""Arguments that the last line of a derivation writes another way: 3/10, 1/2 x, 2 x."""


@pytest.mark.parametrize(("formula", "numbers"), TIDIED.items())
def test_a_case_whose_argument_is_tidied_has_a_slope(formula, numbers):
    assert shown(circuit(formula, "x = 2\ny = 3"), "f", "df/dx") == " ".join(numbers)


# The values themselves


def test_a_value_is_a_fraction_or_a_ball_of_the_key_s_precision():
    numbers = numbers_of(load("two-two-two"))
    assert numbers.value("z1") == flint.fmpq(2, 25)
    assert numbers.value("dE_total/dW5").rel_accuracy_bits() > 100
    assert numbers.value("x1") == flint.fmpq(1, 10)


@pytest.mark.parametrize("seed", few(SEEDS, 5))
def test_the_formula_of_each_line_gives_the_value_of_its_key(seed):
    """What a key's formulas give over its own 30 digits, to 20 digits."""
    rows = key(random_network(seed))
    with mp.workdps(WORK):
        values = {name: real(Fraction(row["value"])) for name, row in rows.items()}
        values |= {name: Fraction(row["exact"]) for name, row in rows.items() if "exact" in row}
        for name, row in rows.items():
            if row["formula"]:
                found = real(result(row["formula"], values))
                size = max(abs(real(values[i])) for i in (name, *row["depends_on"]))
                assert abs(found - real(values[name])) <= size * mpf(10) ** -20, name


def test_a_short_exact_result_keeps_the_footnote_of_its_printed_factors():
    text = 'kind = "circuit"\noutput = "f"\n[values]\nx = 1\n[definitions]\nq = "x/3"\nf = "1/q"\n'
    numbers = derive.sheet(derive.loads(text)).numbers
    assert numbers.work_back(parse("1/q"), "f") == Back("3.00000003", same=False)


def test_a_long_sum_is_tried_once_before_its_terms_are_known_and_once_after(monkeypatch):
    """Tried anew for each term, n terms would cost n times n."""
    tried = Counter()
    compute = Level.compute

    def counting(level, step):
        tried[step.id] += 1
        return compute(level, step)

    monkeypatch.setattr(Level, "compute", counting)
    count = 50
    terms = {f"q{i}": f"exp(x)/{i}" for i in range(1, count + 1)}
    numbers = numbers_of(circuit(terms | {"f": f"({' + '.join(terms)})/{count}"}))
    Level(numbers, 128).value("f")
    assert tried["f"] == 2


@pytest.mark.parametrize("steps", [50, 400])
def test_balls_stay_narrow_through_a_long_recurrence_of_tanh(steps):
    terms = {"q1": "tanh(x)"} | {f"q{k}": f"tanh(q{k - 1}+x)" for k in range(2, steps + 1)}
    numbers = numbers_of(circuit(terms | {"f": f"q{steps}"}, values="x = 0.01"))
    with balls.precision(128):
        value = Level(numbers, 128).value(f"q{steps}")
    assert value.rel_accuracy_bits() > 128 - 16
