"""Optimizers and penalties from the spec to the last digit, against other ways to them."""

from fractions import Fraction

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from independent_optimizers import run
from mpmath import mp, mpf
from sampling import few, spread, tries

import derive
from derive.algebra import grammar
from derive.algebra.expressions import names
from derive.numbers import balls
from derive.numbers.run import follow_run
from derive.ops.optimizers import METHODS, OPTIMIZERS
from derive.pages.training import table
from derive.second import verify
from derive.spec import digest, from_plain, to_plain

FORMS = {
    "gradient_descent": ("gradient_descent", {}),
    "velocity": ("momentum", {"momentum": "0.8"}),
    "step": ("momentum", {"momentum": "0.75"}),
    "nesterov": ("nesterov", {"momentum": "0.9"}),
    "adagrad": ("adagrad", {"epsilon": "0.001"}),
    "rmsprop": ("rmsprop", {"decay": "0.9", "epsilon": "1e-8"}),
    "adam": ("adam", {"beta1": "0.9", "beta2": "0.99", "epsilon": "1e-8"}),
    "adamw": (
        "adamw",
        {"beta1": "0.5", "beta2": "0.9", "epsilon": "0.01", "weight_decay": "0.1"},
    ),
}


def spec_of(case, steps, **more):
    name, numbers = FORMS[case["form"]]
    plain = {
        "inputs": case["x"],
        "targets": [case["t"]],
        "learning_rate": case["rate"],
        "steps": steps,
        "layers": [{"weights": [case["w"]], "biases": [case["b"]]}],
        "optimizer": {"name": name, **numbers},
        **more,
    }
    if case["form"] in ("velocity", "step"):
        plain["optimizer"]["convention"] = case["form"]
    penalty = {key: case[key] for key in ("l2", "l1") if key in case}
    if penalty:
        plain["regularisation"] = penalty
    return from_plain(plain)


def case(form, **more):
    return {
        "form": form,
        "x": ["0.8", "-1.3"],
        "w": ["0.4", "0.7"],
        "b": "-0.2",
        "t": "0.9",
        "rate": "0.05",
        "settings": FORMS[form][1],
        **more,
    }


def close(one, other):
    return abs(one - other) <= mpf("1e-28") * max(1, abs(other))


def number(text):
    value = Fraction(text)
    return mpf(value.numerator) / value.denominator


PENALTIES = {
    "none": {},
    "l2": {"l2": "0.3"},
    "l1": {"l1": "0.02"},
    "both": {"l2": "0.1", "l1": "0.05"},
}


@pytest.mark.parametrize(("form", "penalty"), spread(list(FORMS), list(PENALTIES)))
def test_every_update_and_state_is_that_of_plain_code(form, penalty):
    given_case = case(form, **PENALTIES[penalty])
    sheet = derive.sheet(spec_of(given_case, 4))
    found, memory = run(given_case, 4)
    answers = {a["id"]: a["value"] for a in derive.key(sheet)["answers"]}
    with mp.workdps(50):
        for k, row in enumerate(found, 1):
            suffix = "+" if k == 1 else f"@{k}"
            for name, value in zip(("W1", "W2", "b1"), row, strict=True):
                assert close(number(answers[name + suffix]), value)
        for name, kept in zip(("W1", "W2", "b1"), memory, strict=True):
            for letter, value in kept.items():
                assert close(number(answers[f"{letter}_{name}@4"]), value)


@pytest.mark.parametrize(("form", "rounding"), spread(list(FORMS), ["exact", "stepwise"]))
def test_a_training_run_prints_the_digits_of_the_sheet(form, rounding):
    spec = spec_of(case(form, l2="0.1"), 4, rounding=rounding)
    numbers = derive.sheet(spec).numbers
    states = [q.id for q in numbers.derivation.graph.quantities.values() if q.role == "state"]

    def told(state):
        return {n: state.show(n).text for n in ("E_total", "W1", "W2", "b1", *states)}

    for step, printed in enumerate(follow_run(spec, told)):
        suffix = "" if step == 0 else "+" if step == 1 else f"@{step}"
        assert printed == {name: numbers.shown(name + suffix).text for name in printed}


@pytest.mark.parametrize("form", few(sorted(FORMS, reverse=True), 3))
def test_independent_checks_agree_on_every_number(form):
    spec = spec_of(case(form, l2="0.1", l1="0.02"), 3)
    answers = [(a["id"], a["value"], a["shown"]) for a in derive.key(spec)["answers"]]
    rows = verify(spec, answers).rows
    assert all(row.agrees and row.checks["differences"] for row in rows)


def test_a_wrong_state_is_seen():
    spec = spec_of(case("adam"), 2)
    answers = [
        (a["id"], str(Fraction(a["value"]) * 2) if a["id"] == "vhat_W1@2" else a["value"], "")
        for a in derive.key(spec)["answers"]
    ]
    assert [row.id for row in verify(spec, answers).rows if not row.agrees] == ["vhat_W1@2"]


@pytest.mark.parametrize("form", few(FORMS, 4))
def test_the_key_holds_the_formula_with_its_names(form):
    answers = derive.key(spec_of(case(form, l2="0.1"), 2))["answers"]
    known = {a["id"]: balls.exact(a["value"]) for a in answers}
    for answer in answers:
        if answer["stage"] == "update":
            tree = grammar.parse(answer["formula"])
            assert list(names(tree)) == answer["depends_on"]
            with balls.precision(200):
                off = balls.evaluate(tree, known.__getitem__) - known[answer["id"]]
            assert abs(off) < balls.exact("1e-25")


decimals = st.integers(-90, 90).map(lambda n: f"{n / 100:.2f}")
positive = st.integers(1, 90).map(lambda n: f"{n / 100:.2f}")


@settings(max_examples=tries(25), deadline=None)
@given(
    form=st.sampled_from(sorted(FORMS)),
    x=st.lists(positive, min_size=1, max_size=3),
    data=st.data(),
    rate=positive,
    l2=st.none() | positive,
)
def test_any_unit_moves_as_plain_code_says(form, x, data, rate, l2):
    w = data.draw(st.lists(positive, min_size=len(x), max_size=len(x)))
    drawn = case(form, x=x, w=w, rate=rate, t=data.draw(decimals), **({"l2": l2} if l2 else {}))
    sheet = derive.sheet(spec_of(drawn, 2))
    found, _ = run(drawn, 2)
    with mp.workdps(50):
        for i, value in enumerate(found[1][:-1], 1):
            exact = sheet.numbers.answer(sheet.numbers.step(f"W{i}@2")).value
            assert close(number(exact), value)


def test_a_state_before_any_update_is_given_and_a_corrected_one_is_none():
    sheet = derive.sheet(spec_of(case("adam"), 1))
    assert sheet.derivation.step("m_W1").stage == "given"
    assert sheet.derivation.step("mhat_W1") is None
    assert sheet.derivation.step("mhat_W1+").kind == "estimate"
    assert sheet.derivation.step("mhat_W1@2") is None
    assert sheet.derivation.step("m_W1@2") is None


def test_held_biases_have_no_state():
    held = spec_of(case("adam"), 1, update_biases=False)
    assert derive.sheet(held).derivation.step("m_b1") is None


def test_without_a_table_there_is_nothing_new_in_a_key():
    plain = to_plain(derive.load("two-two-two"))
    assert not {"optimizer", "regularisation"} & plain.keys()
    named = spec_of(case("gradient_descent"), 1)
    bare = msgspec.structs.replace(named, optimizer=None)
    assert digest(named) == digest(bare)


@pytest.mark.parametrize("form", FORMS)
def test_a_key_gives_back_its_spec(form):
    spec = spec_of(case(form, l1="0.1"), 2)
    assert from_plain(to_plain(spec)) == spec


def test_every_method_has_its_test():
    assert {name for name, _ in FORMS.values()} == set(OPTIMIZERS)
    assert len(FORMS) == len(METHODS) + 1


def test_a_run_shows_the_states_where_there_is_room():
    short = table(spec_of(case("adam"), 3))
    assert short.columns[:4] == ("E_total", "W1", "W2", "b1")
    assert set(short.columns[4:]) == {f"{m}_{p}" for m in "mv" for p in ("W1", "W2", "b1")}
    numbers = [str(i / 10) for i in range(1, 6)]
    many = table(spec_of(case("adam", x=numbers, w=numbers), 3))
    assert len(many.columns) == 7
