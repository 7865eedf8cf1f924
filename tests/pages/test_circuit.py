"""The sheet of a circuit: forward, back over every route, update, check."""

from __future__ import annotations

import pytest
from sheets import asked, circuit, copied, page

UPDATE = "learning_rate = 0.1"
DIAMOND = circuit({"x": 2, "y": 3}, {"a": "x*y", "b": "x+a", "f": "a*b+x^2"}, UPDATE)
"""By hand: a = 6, b = 8, f = 52; x reaches f over a, over b and on its own."""
IDLE = circuit({"x": 2, "k": 4}, {"unused": "x*k", "f": "x^2"})
"""Neither k nor `unused` reaches f."""
EXERCISES = {
    "deck": "circuit",
    "diamond": DIAMOND,
    "three updates": "steps = 3\n" + DIAMOND,
    "idle": IDLE,
    "direct": circuit({"x": 2, "y": 3}, {"f": "x*y"}, UPDATE),
    "cases": circuit({"x": 0, "y": 0}, {"a": "abs(x)", "f": "max(x,y)+relu(x)+a"}, UPDATE),
}
each = pytest.mark.parametrize("source", EXERCISES.values(), ids=EXERCISES.keys())


# --- blanks and the key -----------------------------------------------------------------------


@each
def test_the_blank_sheet_asks_every_id_once_in_the_order_of_the_key(source):
    assert page(source, "blank").blanks() == list(enumerate(asked(source), 1))


@each
def test_the_full_sheet_has_no_blank(source):
    assert page(source, "full").blanks() == []


@each
def test_guided_a_blank_has_the_number_of_its_id_in_the_key(source):
    blanks = page(source).blanks()
    assert blanks == sorted(set(blanks) & set(enumerate(asked(source), 1)))


@each
def test_guided_every_id_is_either_worked_or_asked(source):
    blanks = {name for _, name in page(source).blanks()}
    ids = set(asked(source))
    assert page(source).worked() & ids | copied(source) == ids - blanks


# --- the deck's circuit -----------------------------------------------------------------------


def test_the_decks_circuit_line_by_line():
    assert page("circuit", "full").lines() == [
        "q = x+y",
        "f = q*z",
        "q = x+y = -2+5 = 3",
        "f = q*z = 3*(-4) = -12",
        "{df/df} = 1",
        "{df/dq} = z = -4",
        "{dq/dx} = 1",
        "{df/dx} = {df/dq}*{dq/dx} = (-4)*1 = -4",
        "{dq/dy} = 1",
        "{df/dy} = {df/dq}*{dq/dy} = (-4)*1 = -4",
        "{df/dz} = q = 3",
    ]


def test_given_are_the_values_and_what_is_asked():
    given = page("circuit").part("given")
    assert given.sentences()[0] == ("say.circuit", {"output": "f"})
    assert given.grids() == [[["given.value", "x = -2 , y = 5 , z = -4"]]]


def test_the_learning_rate_is_given_where_there_is_an_update():
    (table,) = page(DIAMOND).part("given").grids()
    assert table[-1] == ["given.rate", "learning_rate = 0.1"]


def test_the_sheet_of_a_circuit_has_no_part_for_an_error():
    assert page("circuit", "full").headings() == [
        "heading.given", "heading.forward", "heading.backward",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("level", "said"),
    [
        ("full", [("say.circuit_backward", {"output": "f"}), ("say.unit", {"output": "f"})]),
        ("guided", [("say.circuit_backward", {"output": "f"}), ("say.unit", {"output": "f"})]),
        ("blank", []),
    ],
)
def test_the_reasons_are_said_except_on_the_blank_sheet(level, said):
    assert page("circuit", level).part("backward").sentences() == said


CHAINS = {
    "circuit": "df/df df/dq dq/dx df/dx",
    DIAMOND: "df/df df/db db/da df/da|local df/da",
    circuit({"x": 2, "y": 3}, {"f": "x*y"}): "df/df df/dx",
    circuit({"k": 3}, {"f": "2", "unused": "k"}): "df/df",
}


@pytest.mark.parametrize(("source", "chain"), CHAINS.items())
def test_guided_the_output_by_itself_and_one_chain_with_its_factors_are_worked(source, chain):
    backward = [name for name in asked(source) if name.startswith("d") and "/" in name]
    worked = page(source).worked() - copied(source)
    own = [name for name in chain.split() if name not in copied(source)]
    assert [name for name in backward if name in worked] == own


def test_guided_the_rest_has_its_symbols_and_a_blank():
    assert page("circuit").of("df/dy") == ["{df/dy} = {df/dq}*{dq/dy} = {?}*{?} = {?8}"]


def test_guided_a_formula_that_is_its_own_answer_is_not_given():
    assert page("circuit").of("dq/dy") == ["{dq/dy} = {?7}"]
    assert page(IDLE).of("df/dk") == ["{df/dk} = {?6}"]


# --- routes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("df/db", "{df/db} = a = 6"),
        ("df/da|local", "{df/da|local} = b = 8"),
        ("df/da", "{df/da} = {df/db}*{db/da}+{df/da|local} = 6*1+8 = 14"),
        ("df/dx|local", "= 2*2 = 4"),
        ("df/dx", "{df/dx} = {df/da}*{da/dx}+{df/db}*{db/dx}+{df/dx|local} = 14*3+6*1+4 = 52"),
        ("df/dy", "{df/dy} = {df/da}*{da/dy} = 14*2 = 28"),
    ],
)
def test_a_name_that_reaches_the_output_by_several_routes_is_their_sum(name, line):
    assert page(DIAMOND, "full").of(name)[-1] == line


@pytest.mark.parametrize("level", ["full", "guided"])
def test_that_routes_are_added_is_said_where_there_are_several(level):
    said = page(DIAMOND, level).part("backward").sentences()
    routes = [slots["name"] for key, slots in said if key == "say.circuit_routes"]
    assert routes == ["a", "x"]


def test_the_output_alone_has_no_local_partial_beside_it():
    assert not [name for name in asked("circuit") if name.endswith("|local")]


@pytest.mark.parametrize(("level", "said"), [("full", 2), ("guided", 2), ("blank", 0)])
def test_a_name_without_a_route_has_the_derivative_0_and_its_reason(level, said):
    backward = page(IDLE, level).part("backward")
    none = [slots["name"] for key, slots in backward.sentences() if key == "say.no_route"]
    assert none == ["unused", "k"][:said]
    assert len(backward.of("df/dk")) == 1


def test_full_a_name_without_a_route_is_0():
    assert page(IDLE, "full").of("df/dk") == ["{df/dk} = 0"]


# --- update -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("direction", "line"),
    [
        ("descent", "{x+} = x-learning_rate*{df/dx} = 2-0.1*52 = -3.2"),
        ("ascent", "{x+} = x+learning_rate*{df/dx} = 2+0.1*52 = 7.2"),
    ],
)
def test_a_step_down_subtracts_and_a_step_up_adds(direction, line):
    text = f'{DIAMOND}direction = "{direction}"\n'
    assert page(text, "full").part("update").lines()[0] == line


@pytest.mark.parametrize(
    ("direction", "said"), [("descent", "say.update"), ("ascent", "say.update_up")]
)
def test_a_step_up_is_not_called_minus(direction, said):
    update = page(f'{DIAMOND}direction = "{direction}"\n', "full").part("update")
    assert update.sentences() == [said]


def test_only_the_named_parameters_are_updated():
    update = page(f'{DIAMOND}parameters = ["y"]\n', "full").part("update")
    assert update.lines() == ["{y+} = y-learning_rate*{df/dy} = 3-0.1*28 = 0.2"]


def test_the_check_computes_with_the_new_values():
    """By hand: x = -3.2, y = 0.2; a = -0.64, b = -3.84, f = 2.4576 + 10.24."""
    lines = page(DIAMOND, "full").part("check").lines()
    assert [line.rpartition(" = ")[2] for line in lines] == ["-0.64", "-3.84", "12.6976"]


@pytest.mark.parametrize("level", ["full", "guided", "blank"])
def test_an_output_that_no_update_touches_is_not_computed_again(level):
    text = circuit({"x": 2, "k": 3}, {"f": "x^2"}, f'{UPDATE}\nparameters = ["k"]')
    check = page(text, level).part("check")
    told = [("say.result_equal", {"quantity": "f", "old": "4", "new": "4"})]
    assert check.sentences() == ["say.check_nothing", *(told if level == "full" else [])]
    assert check.lines() == []


def test_the_forward_part_holds_the_first_pass_alone():
    forward = page("steps = 3\n" + DIAMOND, "full").part("forward")
    assert [line.partition(" ")[0] for line in forward.lines()] == ["a", "b", "f"]
