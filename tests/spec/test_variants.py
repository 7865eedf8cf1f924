"""`[variants]`: what may stand there, which numbers vary by it, what a message says."""

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import derive
from derive import limits
from derive.errors import SpecError
from derive.grading.keys import open_key
from derive.graph import Span
from derive.spec import digest, from_plain, to_plain
from derive.spec.choices import Grid, Listed, choose_around, make_choices
from derive.spec.typed import read_typed
from derive.spec.varying import Variation

NET = """
inputs = [0.1, 0.2]
targets = [0.4, 0.6]
learning_rate = 0.5
{}
[[layers]]
weights = [[0.3, 0.25], [0.4, -0.35]]
biases = [0.1, 0.0]
activation = "sigmoid"
[[layers]]
weights = [[0.45, 0.4], [0.7, 2]]
activation = "sigmoid"
{}
"""
PATHS = {
    "inputs": [("inputs", 0, 0), ("inputs", 0, 1)],
    "targets": [("targets", 0, 0), ("targets", 0, 1)],
    "learning_rate": [("learning_rate",)],
    "biases": [("layers", 0, "biases", 0), ("layers", 0, "biases", 1)],
    "weights": [("layers", n, "weights", i, j) for n in (0, 1) for i in (0, 1) for j in (0, 1)],
}
W5 = ("layers", 1, "weights", 0, 0)
B1, B2 = PATHS["biases"]


def load(table):
    return derive.loads(NET.format("", f"[variants]\n{table}"))


def choices_of(table):
    """What is drawn from which choices, by path."""
    return {number.path: number.choices for number in Variation(load(table)).numbers}


def list_texts(choices):
    return [choices.text(place) for place in range(choices.count)]


grids = st.builds(
    Grid,
    st.integers(-(10**6), 10**6),
    st.integers(1, 10**4),
    st.integers(2, 300),
    st.integers(0, 12),
    st.booleans(),
)


@given(grids)
def test_a_grids_texts_are_its_numbers_in_order(grid):
    wanted = [
        Fraction(grid.first + i * grid.step, 10**grid.decimals)
        for i in range(grid.size)
        if grid.zero or grid.first + i * grid.step != 0
    ]
    assert [Fraction(text) for text in list_texts(grid)] == wanted


@given(grids)
def test_a_grids_texts_have_all_its_decimals(grid):
    for text in list_texts(grid):
        assert len(text.partition(".")[2]) == grid.decimals
        assert not text.startswith(("-.", "."))


@given(grids, st.data())
def test_a_number_of_a_grid_is_found_where_it_stands(grid, data):
    place = data.draw(st.integers(0, grid.count - 1))
    assert grid.places_of([Fraction(grid.text(place))]) == {place}


@given(grids, st.fractions())
def test_a_number_that_is_none_of_a_grid_stands_nowhere(grid, value):
    known = {Fraction(text) for text in list_texts(grid)}
    assert len(grid.places_of([value])) == (value in known)


@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False, places=3), unique=True))
def test_a_listed_number_is_found_where_it_stands(numbers):
    listed = Listed(tuple(map(str, numbers)))
    for place in range(listed.count):
        assert listed.places_of([Fraction(listed.text(place))]) == {place}


@given(
    st.decimals(-2, 2, places=2), st.sampled_from([None, "0", "-1"]), st.sampled_from([None, "1"])
)
def test_a_number_without_a_range_keeps_decimals_sign_and_bounds(number, low, high):
    """The numbers are counted here one by one."""
    choices = choose_around(str(number), low, high)
    hundredths = [
        n
        for n in range(-90, 91)
        if n
        and (n > 0 or number < 0)
        and (low is None or n > 100 * int(low))
        and (high is None or n < 100 * int(high))
    ]
    if number == 0:
        assert choices is None
    else:
        assert list_texts(choices) == [f"{Decimal(n) / 100:.2f}" for n in hundredths]


@pytest.mark.parametrize(
    ("text", "first", "last", "count"),
    [
        ("3", "1", "9", 9),
        ("-3", "-9", "9", 18),
        ("0.5", "0.1", "0.9", 9),
        ("-0.5", "-0.9", "0.9", 18),
        ("12.34", "0.01", "0.90", 90),
        ("1e-3", "0.001", "0.900", 900),
        ("2e3", "1", "9", 9),
    ],
)
def test_a_number_without_a_range_has_this_grid(text, first, last, count):
    choices = choose_around(text)
    assert (choices.text(0), choices.text(choices.count - 1), choices.count) == (
        first,
        last,
        count,
    )


@pytest.mark.parametrize(("text", "bounds"), [("0.5", ("1", None)), ("3", ("0", "1"))])
def test_a_number_for_which_nothing_is_left_stays(text, bounds):
    assert choose_around(text, *bounds) is None


@given(
    st.decimals(-9, 9, places=2), st.decimals("0.001", 2, places=3), st.integers(0, 400),
)  # fmt: skip
def test_an_authors_grid_ends_at_its_last_number(first, step, extra):
    """The last number is `to`, or less than a step below it."""
    last = first + step * extra / 7
    span = Span(*(read_typed(str(part), numbers_as_text=True) for part in (first, last, step)))
    choices = make_choices(span)
    assert Fraction(choices.text(0)) == Fraction(first)
    assert Fraction(choices.text(choices.count - 1)) <= Fraction(last)
    assert Fraction(choices.text(choices.count - 1)) + Fraction(step) > Fraction(last)


@pytest.mark.parametrize(
    ("span", "texts"),
    [
        ("{ from = -0.1, to = 0.1, step = 0.1 }", ["-0.1", "0.0", "0.1"]),
        ("{ from = 1, to = 2, step = 0.25 }", ["1.00", "1.25", "1.50", "1.75", "2.00"]),
        ("{ from = 0.10, to = 0.3, step = 0.1 }", ["0.10", "0.20", "0.30"]),
        ("{ from = 5, to = 5, step = 1 }", ["5"]),
        ("{ from = 1, to = 9, step = 5 }", ["1", "6"]),
        ("{ from = 1e-1, to = 0.2, step = 5e-2 }", ["0.10", "0.15", "0.20"]),
        ("[0.50, 1, -2e-1]", ["0.50", "1", "-2e-1"]),
    ],
)
def test_a_range_gives_these_numbers(span, texts):
    assert list_texts(choices_of(f"learning_rate = {span}")[("learning_rate",)]) == texts


@pytest.mark.parametrize("key", PATHS)
def test_a_range_of_a_key_is_that_of_all_its_numbers(key):
    choices = choices_of(f"{key} = [0.7, 0.8]")
    for other, paths in PATHS.items():
        for path in paths:
            named = path in choices and list_texts(choices[path]) == ["0.7", "0.8"]
            assert named is (other == key)


@pytest.mark.parametrize("order", [1, -1])
def test_a_range_of_an_id_goes_before_that_of_its_key(order):
    lines = ["W5 = [0.7, 0.8]", "weights = [0.1, 0.2]"][::order]
    choices = choices_of("\n".join(lines))
    assert list_texts(choices[W5]) == ["0.7", "0.8"]
    for path in PATHS["weights"]:
        assert path == W5 or list_texts(choices[path]) == ["0.1", "0.2"]


def test_a_range_of_an_id_goes_before_a_key_that_is_kept():
    choices = choices_of('W5 = [0.7, 0.8]\nkeep = ["weights"]')
    assert [path for path in PATHS["weights"] if path in choices] == [W5]


def test_an_id_that_is_kept_goes_before_the_range_of_its_key():
    choices = choices_of('weights = [0.7, 0.8]\nkeep = ["W5"]')
    assert set(PATHS["weights"]) - set(choices) == {W5}


@pytest.mark.parametrize("key", PATHS)
def test_a_key_that_is_kept_stays(key):
    choices = choices_of(f'keep = ["{key}"]')
    assert not set(PATHS[key]) & set(choices)
    everything = {path for paths in PATHS.values() for path in paths} - {B2}
    assert set(choices) == everything - set(PATHS[key])


def test_a_zero_stays_unless_its_author_names_a_range():
    assert B2 not in choices_of("")
    assert list_texts(choices_of("biases = [0.2, 0.3]")[B2]) == ["0.2", "0.3"]


def test_targets_stay_inside_the_last_activation():
    texts = list_texts(choices_of("")[("targets", 0, 0)])
    assert (texts[0], texts[-1]) == ("0.1", "0.9")
    wide = NET.format("", "").replace("0.4, 0.6]", "-0.4, 0.6]").replace(
        '2]]\nactivation = "sigmoid"', '2]]\nactivation = "tanh"'
    )  # fmt: skip
    numbers = {n.path: n.choices for n in Variation(derive.loads(wide)).numbers}
    texts = list_texts(numbers["targets", 0, 0])
    assert (texts[0], texts[-1]) == ("-0.9", "0.9")


@pytest.mark.parametrize(
    ("table", "place", "problem"),
    [
        (
            "wieghts = [1]",
            "variants.wieghts",
            "is no key or id of a number that may vary; did you",
        ),
        ("W9 = [1]", "variants.W9", "W9 is no key or id of a number that may vary"),
        ('keep = ["W9"]', "variants.keep", "W9 is no key or id"),
        ('keep = "W5"', "variants.keep", 'expected keys or ids, such as ["targets", "b1"]'),
        ("keep = [5]", "variants.keep", "expected keys or ids"),
        ("distance = -1", "variants.distance", "expected a whole number from 0 to"),
        ("distance = 2.0", "variants.distance", "expected a whole number from 0 to"),
        ("distance = true", "variants.distance", "expected a whole number from 0 to"),
        (f"distance = {limits.VARIANT_DISTANCE + 1}", "variants.distance", "from 0 to"),
        ("weights = []", "variants.weights", "expected { from = 0.1, to = 0.9, step = 0.1 }, or"),
        ("weights = 0.3", "variants.weights", "or a list of numbers"),
        ("weights = [[1, 2]]", "variants.weights[1]", ""),
        ('weights = [0.1, "a"]', "variants.weights[2]", ""),
        ("weights = [0.1, true]", "variants.weights[2]", ""),
        ("weights = [0.1, nan]", "variants.weights[2]", ""),
        ("weights = [0.1, inf]", "variants.weights[2]", ""),
        ("weights = [0.1, 0.2, 0.10]", "variants.weights", "0.1 stands twice"),
        ("weights = { from = 0, to = 1 }", "variants.weights.step", "is missing; a grid has"),
        ("weights = {}", "variants.weights.from", "is missing; a grid has"),
        (
            "weights = { from = 0, too = 1, step = 1 }",
            "variants.weights.too",
            "unknown key; did you mean to?",
        ),
        ("weights = { from = 0, to = 1, step = 0 }", "variants.weights.step", "above 0, got 0"),
        ("weights = { from = 0, to = 1, step = -1 }", "variants.weights.step", "above 0, got -1"),
        ("weights = { from = 2, to = 1, step = 1 }", "variants.weights.to", "2 or more, got 1"),
        ('weights = { from = "0", to = 1, step = 1 }', "variants.weights.from", ""),
        (
            "weights = { from = 0, to = 1, step = 1e-10 }",
            "variants.weights.step",
            f"more than {limits.VARIANT_GRID} numbers",
        ),
        ("masks = [1]", "variants.masks", "is no key or id of a number that may vary"),
        ('"wei\\nghts" = [1]', "variants.wei?ghts", "wei?ghts is no key or id"),
        ("x1@2 = [1]", "", "not valid TOML"),
        ("z1 = [1]", "variants.z1", "z1 is no key or id of a number that may vary"),
    ],
)
def test_a_bad_table_is_told_by_its_place(table, place, problem):
    with pytest.raises(SpecError) as error:
        load(table)
    assert error.value.place == place
    assert problem in error.value.problem
    assert len(str(error.value).splitlines()) == 1


def test_a_table_that_is_none_is_told():
    with pytest.raises(SpecError, match=r"^variants: expected a table$"):
        derive.loads(NET.format("variants = 3", ""))


def test_a_list_has_room_for_so_many_numbers():
    fits = ", ".join(map(str, range(limits.VARIANT_CHOICES)))
    assert choices_of(f"W5 = [{fits}]")[W5].count == limits.VARIANT_CHOICES
    with pytest.raises(SpecError, match=rf"at most {limits.VARIANT_CHOICES}"):
        load(f"W5 = [{fits}, -1]")


def test_a_command_tells_a_bad_table_in_one_line(refused):
    told = refused(NET.format("", "[variants]\nwieghts = [1]"))
    assert told.startswith("variants.wieghts: wieghts is no key or id")
    assert len(told.splitlines()) == 1


TABLE = """
weights = { from = -0.9, to = 0.90, step = 0.05 }
W5 = [0.1, 2e-1, 0.30]
keep = ["targets", "b1"]
distance = 7
"""


def test_a_spec_comes_back_from_its_data():
    spec = load(TABLE)
    plain = json.loads(json.dumps(to_plain(spec)))
    assert from_plain(plain) == spec
    assert plain["variants"] == {
        "weights": {"from": "-0.9", "to": "0.90", "step": "0.05"},
        "W5": ["0.1", "2e-1", "0.30"],
        "keep": ["targets", "b1"],
        "distance": 7,
    }


def test_a_spec_without_the_table_keeps_its_digest():
    plain = to_plain(derive.load("two-two-two"))
    assert "variants" not in plain
    assert digest(load(TABLE)) != digest(load(""))
    assert digest(load("")) != digest(derive.loads(NET.format("", "")))


def test_a_worksheet_is_made_of_the_numbers_in_the_file_and_its_key_opens(run, folder):
    Path("net.toml").write_text(NET.format("", f"[variants]\n{TABLE}"))
    assert run("worksheet", "net.toml", "--format", "md")[0] == 0
    with open_key("output/net/key.json") as sheet:
        assert sheet.spec == load(TABLE)
    Path("plain.toml").write_text(NET.format("", ""))
    assert run("worksheet", "plain.toml", "--format", "md")[0] == 0
    ours, plain = (
        Path("output", name, "worksheet.md").read_text("utf-8").splitlines()
        for name in ("net", "plain")
    )
    different = [one for one, other in zip(ours, plain, strict=True) if one != other]
    assert [digest(load(TABLE)) in line for line in different] == [True]


@pytest.mark.parametrize("command", ["worksheet", "key", "quiz", "train", "gradcheck", "verify"])
def test_a_spec_with_the_table_goes_through_every_command(run, folder, command):
    Path("net.toml").write_text(NET.format("", f"[variants]\n{TABLE}"))
    more = {"quiz": ["--to", "gift", "-o", "quiz.txt"], "worksheet": ["--lang", "ko"]}
    code, _, err = run(command, "net.toml", *more.get(command, ()))
    assert (code, "Traceback" in err) == (0, False), err


@pytest.mark.parametrize("name", derive.examples())
def test_every_built_in_comes_back_with_a_table_of_its_own_numbers(name):
    """What varies by itself is named in a table, and drawn from that."""
    spec = derive.load(name)
    keys = {place.key for place in Variation(spec).places}
    plain = to_plain(spec) | {"variants": {key: ["0.25", "0.75"] for key in sorted(keys)}}
    given = from_plain(json.loads(json.dumps(plain)))
    assert from_plain(json.loads(json.dumps(to_plain(given)))) == given
