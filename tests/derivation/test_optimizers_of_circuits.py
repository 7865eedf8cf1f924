"""Optimizers in a circuit's update: every number by a second computation, ids, messages."""

import pytest
from independent_optimizers import one
from mpmath import mp, mpf

import derive
from derive.errors import SpecError
from derive.ops.optimizers import METHODS
from derive.spec import loads, to_plain

BOWL = """
kind = "circuit"
output = "f"
steps = 3
[values]
x1 = 1.5
y = -2
c = 3
[definitions]
f = "x1^2*y + 3*y^2"
[update]
parameters = ["x1", "y"]
learning_rate = 0.05
direction = "{direction}"
{more}
"""
WAYS = {"descent": 1, "ascent": -1}


def bowl(name, convention="", direction="descent"):
    more = f'[update.optimizer]\nname = "{name}"\n'
    more += f'convention = "{convention}"\n' if convention else ""
    return derive.sheet(loads(BOWL.format(direction=direction, more=more)))


def follow(form, direction, settings, updates):
    """x1 and y after each update; the slopes are worked out by hand."""
    with mp.workdps(50):
        numbers = {key: mpf(str(value)) for key, value in settings.items()}
        at, memory, found = [mpf("1.5"), mpf(-2)], [{}, {}], []
        for k in range(1, updates + 1):
            x, y = at
            slopes = [2 * x * y, x * x + 6 * y]
            at = [
                one(form, w, WAYS[direction] * g, kept, k, mpf("0.05"), numbers)
                for w, g, kept in zip(at, slopes, memory, strict=True)
            ]
            found.append(at)
        return found


@pytest.mark.parametrize("direction", WAYS)
@pytest.mark.parametrize(("name", "convention"), METHODS)
def test_three_updates_are_those_of_a_second_computation(name, convention, direction):
    sheet = bowl(name, convention, direction)
    settings = {s.key: s.default for s in METHODS[name, convention].settings}
    for k, (x, y) in enumerate(follow(convention or name, direction, settings, 3), 1):
        end = "+" if k == 1 else f"@{k}"
        for base, value in (("x1", x), ("y", y)):
            shown = mpf(sheet.numbers.shown(base + end).text)
            assert abs(shown - value) <= mpf("0.5000001e-8")


@pytest.mark.parametrize("direction", WAYS)
@pytest.mark.parametrize("name", dict.fromkeys(name for name, _ in METHODS))
def test_differences_know_every_number(name, direction):
    sheet = bowl(name, direction=direction)
    report = derive.verify(sheet)
    assert report.agrees
    assert all(row.checks["differences"] is not None for row in report.rows)
    assert {row.id for row in report.rows} > {"x1+", "y@3", "f@3"}


def test_a_spec_keeps_its_digest_without_an_optimizer():
    plain = to_plain(loads(BOWL.format(direction="descent", more="")))
    assert plain["update"] == {
        "parameters": ("x1", "y"),
        "learning_rate": "0.05",
        "direction": "descent",
    }


def test_the_table_may_stand_beside_the_update():
    inside = bowl("adam").spec
    beside = loads(BOWL.format(direction="descent", more='[optimizer]\nname = "adam"'))
    assert inside == beside
    plain = loads(BOWL.format(direction="descent", more='[optimizer]\nname="gradient_descent"'))
    assert plain.update.optimizer is None


@pytest.mark.parametrize(
    ("more", "place", "problem"),
    [
        ('[optimizer]\nname = "adan"', "optimizer.name", "did you mean adam"),
        ('[update.optimizer]\nname = "adan"', "update.optimizer.name", "did you mean adam"),
        ('[update.optimizer]\nname = "adam"\nbeta = 1', "update.optimizer.beta", "did you mean"),
        (
            '[update.optimizer]\nname = "momentum"\nmomentum = 1',
            "update.optimizer.momentum",
            "expected a number from 0 to below 1, got 1",
        ),
        (
            '[optimizer]\nname = "adam"\n[update.optimizer]\nname = "adam"',
            "optimizer",
            "stands there as update.optimizer too; give one",
        ),
    ],
)
def test_messages_name_the_table_as_its_author_did(more, place, problem):
    with pytest.raises(SpecError) as error:
        loads(BOWL.format(direction="descent", more=more))
    assert error.value.place == place
    assert problem in error.value.problem


def test_an_optimizer_without_an_update_says_what_is_missing():
    text = BOWL.split("[update]", maxsplit=1)[0] + '[optimizer]\nname = "adam"'
    with pytest.raises(SpecError, match=r"needs \[update\] with a learning_rate"):
        loads(text)


@pytest.mark.parametrize("name", ["v_x1", "momentum", "learning_rate"])
def test_a_name_that_is_an_id_of_the_update_is_refused(name):
    text = BOWL.replace("c = 3", f"{name} = 3").format(
        direction="descent", more='[update.optimizer]\nname = "momentum"'
    )
    with pytest.raises(SpecError, match=f"values.{name}: is the id of .*; rename it"):
        loads(text)


def test_a_value_that_prints_like_a_setting_is_refused():
    text = BOWL.replace("c = 3", "mu = 3").format(
        direction="descent", more='[update.optimizer]\nname = "momentum"'
    )
    with pytest.raises(
        SpecError, match=r"values\.mu: prints just like update\.optimizer\.momentum"
    ):
        loads(text)


def test_states_print_with_the_symbol_of_their_value():
    text = derive.key_page(bowl("adam"), "tex")
    assert r"\hat{m}_{x_1}^{+}" in text
    assert "mhat" not in text


def test_states_are_answers_that_can_be_checked():
    sheet = bowl("momentum")
    (alone,) = derive.check(sheet, {"v_x1+": sheet.numbers.shown("v_x1+").text, "x1+": "9"})
    assert [result.verdict for result in alone.results] == ["correct", "wrong"]
