"""Numbers that are handed out teach: nothing for nothing, known mistakes told apart."""

import re
from fractions import Fraction
from functools import cache

import golden
import judged_again
import pytest
import written_again
from golden import SECRET
from hypothesis import given
from hypothesis import strategies as st
from sampling import few

import derive
from derive import limits
from derive.errors import SpecError
from derive.spec import load
from derive.spec.varying import can_differ
from derive.variants import Stream, Variants, draw_numbers

CIRCLES = """
kind = "circuit"
output = "f"
[values]
x = 2
y = 3
[definitions]
q = "x + y"
f = "q * x"
[variants]
{}
"""
NET = """
inputs = [0.1, 0.2]
targets = [0.4, 0.6]
learning_rate = 0.5
[[layers]]
weights = [[0.3, 0.25], [0.4, -0.35]]
activation = "sigmoid"
[[layers]]
weights = [[0.45, 0.4], [0.7, 0.6]]
activation = "sigmoid"
[variants]
{}
"""
COUNT = 12


@cache
def keys(name):
    """The keys of the first variants."""
    return [
        derive.key(golden.drawn(name, index).spec, fields=judged_again.FIELDS)
        for index in range(1, COUNT + 1)
    ]


@cache
def judge(text):
    return judged_again.Judge(golden.read_plain(derive.loads(text)))


SMOOTH = ("two-two-two", "circuit", "shared-biases", "softmax", "deep", "batch", "momentum")


@pytest.mark.parametrize("name", few(SMOOTH, 1))
def test_no_answer_is_0_or_1_or_a_copy_unless_it_is_in_every_variant(name):
    bare = [
        {name for kind, name in judged_again.find_facts(key["spec"]) if kind == "bare"}
        for key in keys(name)
    ]
    assert all(names == bare[0] for names in bare)


@pytest.mark.parametrize("name", few(("two-two-two", "shared-biases", "deep"), 1))
def test_no_unit_is_saturated(name):
    for key in keys(name):
        assert not [fact for fact in judged_again.find_facts(key["spec"]) if fact[0] == "flat"]


@pytest.mark.parametrize("name", few(("two-two-two", "shared-biases", "deep", "words"), 1))
def test_no_two_weights_are_equal_and_no_two_inputs(name):
    for key in keys(name):
        spec = key["spec"]
        weights = [
            typed
            for path, typed in written_again.walk(spec["layers"], ("layers",))
            if len(path) > 3 and not path[2].endswith("biases")
        ]
        inputs = [typed for _, typed in written_again.walk(spec["inputs"])]
        assert len(set(weights)) == len(weights)
        assert len(set(inputs)) == len(inputs) or name == "words"


RANGES = (
    NET.format(""),
    NET.format("distance = 20000"),
    NET.format('keep = ["inputs"]\nweights = { from = -2, to = 8, step = 2 }\ndistance = 100000'),
    NET.format("distance = 0"),
    NET.format("weights = { from = -2, to = 2, step = 0.5 }\ndistance = 1"),
)


@pytest.mark.parametrize("text", few(RANGES, 1))
def test_the_first_good_draw_is_the_one_that_another_judge_finds(text):
    """Facts from certified keys, mistakes from the certified table, probes drawn again."""
    plain = golden.read_plain(derive.loads(text))
    variants = Variants(derive.loads(text), SECRET)
    for index in range(1, 4):
        one = variants.draw(index)
        for attempt in range(max(0, one.attempt - 5), one.attempt + 1):
            drawn = written_again.draw(plain, SECRET, index, attempt)
            equal = written_again.has_equal(plain, drawn)
            good = not equal and judge(text).is_good(judged_again.put(plain, drawn))
            assert good == (attempt == one.attempt)


@pytest.mark.slow
@pytest.mark.parametrize("text", RANGES)
def test_certified_answers_of_mistakes_are_as_far_apart_as_is_told(text):
    """Floats may have told the distance: it is off by no more than both roundings."""
    variants = Variants(derive.loads(text), SECRET)
    for index in range(1, 6):
        one = variants.draw(index)
        least = judge(text).find_least(golden.read_plain(one.spec))
        assert least >= variants.goodness.distance
        assert abs(least - one.distance) <= 3


def judge_without_floats(variants, texts):
    """The certified verdict."""
    goodness = variants.goodness
    quick = goodness._quick  # noqa: SLF001  the other road
    goodness.__dict__["_quick"] = None
    try:
        return goodness.judge(texts, 0)
    finally:
        goodness.__dict__["_quick"] = quick


BOTH = [("two-two-two", 8), *((name, 60) for name in (
    "two-two-two", "circuit", "words", "shared-biases", "softmax", "momentum", "dead-unit",
    "deep", "batch", "yes-or-no", "smooth", "kinked", "matrices",
))]  # fmt: skip


@pytest.mark.parametrize(("name", "count"), few(BOTH, 1))
def test_floats_and_certified_numbers_agree_on_what_is_good(name, count):
    variants = golden.variants(name)
    for index in range(1, count + 1):
        stream = Stream(SECRET, variants.digest, index, 0)
        texts = draw_numbers(variants.variation, stream)
        quick, certified = variants.goodness.judge(texts, 0), judge_without_floats(variants, texts)
        assert (quick.flaw is None) == (certified.flaw is None)
        if quick.flaw is None and quick.distance is not None:
            assert abs(quick.distance - certified.distance) <= 3


def test_ranges_that_leave_mistakes_too_near_are_an_error_that_names_them():
    with pytest.raises(SpecError) as error:
        Variants(derive.loads(CIRCLES.format("distance = 1000000000")), SECRET).draw(3)
    told = str(error.value)
    assert told.startswith(
        f"variants: {limits.VARIANT_DRAWS} draws gave no good numbers for variant 3: "
    )
    assert re.search(r"(mistake M\d\d|the right answers) and mistake M\d\d lead to nearly", told)
    assert re.search(r"the same answers \(\d+ times", told)
    assert told.endswith("widen the ranges, or lower variants.distance")
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize(
    ("ranges", "told"),
    [
        ("learning_rate = [0]", "learning_rate: 0 updates nothing"),
        ("weights = { from = 100, to = 900, step = 1 }", "units may be saturated or off"),
    ],
)
def test_ranges_that_cannot_do_it_say_what_to_do(ranges, told):
    with pytest.raises(SpecError) as error:
        Variants(derive.loads(NET.format(ranges)), SECRET).draw(1)
    assert told in str(error.value)


@pytest.mark.slow
def test_ranges_of_a_network_that_cannot_do_it_are_an_error_that_names_the_mistakes():
    """With a rate of 1 nobody sees whether it was forgotten."""
    with pytest.raises(SpecError, match=r"the right answers and mistake M\d\d lead to nearly"):
        Variants(derive.loads(NET.format("learning_rate = [1]")), SECRET).draw(1)


def test_ranges_that_leave_an_answer_bare_are_an_error_that_names_it():
    table = "values = [-1, 1]"
    with pytest.raises(SpecError, match=r": f is 0, 1 or a copy \(2000 times\); units"):
        Variants(derive.loads(CIRCLES.format(table)), SECRET).draw(1)


@pytest.mark.parametrize("table", ['keep = ["x", "y"]', 'keep = ["values"]'])
def test_a_spec_in_which_nothing_varies_is_an_error(table):
    with pytest.raises(SpecError, match=r"^variants: no number of this exercise varies; name s"):
        Variants(derive.loads(CIRCLES.format(table)), SECRET)


def test_the_numbers_in_the_file_are_none_of_the_variants():
    spec = load("two-two-two")
    assert all(golden.drawn("two-two-two", index).spec != spec for index in range(1, COUNT + 1))


@pytest.mark.parametrize("name", few(derive.examples(), 3))
def test_every_built_in_exercise_has_variants(name):
    one = golden.drawn(name, 1)
    assert one.spec.variants is None
    assert one.spec != load(name)


LISTED = """
inputs = [0.3, 0.8]
targets = [0.4]
learning_rate = 0.5
[[layers]]
activation = "tanh"
weights = [[0.3, 0.25], [0.33, 0.44]]
[[layers]]
activation = "sigmoid"
weights = [[0.3, 0.25]]
[variants]
"""


def list_weights(variants, index):
    one = variants.draw(index)
    numbers = zip(variants.variation.numbers, one.texts, strict=True)
    return [Fraction(text) for number, text in numbers if number.pool == "weights"]


@pytest.mark.parametrize(
    "ranges",
    [
        "W1 = [0.1, 0.2]\nW2 = [0.1, 0.3]\nW6 = [0.1, 0.2]",
        "weights = [0.11, 0.22, 0.33, 0.44, 0.55, 0.66]",
        'keep = ["W1"]\nweights = [0.3, 0.22, 0.33, 0.44, 0.55, 0.66]',
    ],
)
def test_no_two_weights_are_equal_where_the_ranges_allow_it(ranges):
    variants = Variants(derive.loads(LISTED + ranges), SECRET)
    for index in range(1, 9):
        weights = list_weights(variants, index)
        assert len(set(weights)) == len(weights)


@pytest.mark.slow
def test_weights_of_a_cnn_that_can_differ_do():
    variants = golden.variants("small-cnn")
    for index in range(1, 6):
        weights = list_weights(variants, index)
        assert len(set(weights)) == len(weights)


def test_weights_are_equal_at_once_where_they_cannot_differ():
    variants = Variants(derive.loads(LISTED + "weights = [0.1, 0.2, -0.3]\ndistance = 1"), SECRET)
    assert variants.draw(1).attempt < 100


@given(st.lists(st.sets(st.integers(0, 5), max_size=4), max_size=5))
def test_a_system_of_different_ones_is_found_where_hall_says_so(sets):
    fractions = [frozenset(map(Fraction, one)) for one in sets]
    assert can_differ(fractions) == written_again.meets_hall(fractions)
