"""Other ways to write weights and targets: what they mean, what a key keeps, what is wrong."""

import re

import pytest

import derive
from derive.errors import SpecError
from derive.spec import digest, from_plain, to_plain

LAYOUT = """
inputs = [0.1, 0.2, 0.3]
targets = [0.4, 0.6]
learning_rate = 0.5
{}
[[layers]]
activation = "sigmoid"
weights = {}
biases = [0.1, -0.1]
[[layers]]
type = "activation"
activation = "tanh"
"""
BOOK = 'weights_layout = "inputs_by_units"'
OURS = "rows are units, columns are inputs"
BOOKS = 'with weights_layout = "inputs_by_units" rows are inputs, columns are units'
READS = 'its transpose fits, which weights_layout = "inputs_by_units" reads'
LEAVE = "its transpose fits: leave weights_layout out"
UNITS_BY_INPUTS = "[[0.10, 0.2, 0.3], [0.4, 0.5, 0.6]]"
INPUTS_BY_UNITS = "[[0.10, 0.4], [0.2, 0.5], [0.3, 0.6]]"


def shown(spec):
    return {answer["id"]: answer["shown"] for answer in derive.key(spec)["answers"]}


def without_digest(page):
    return re.sub("[0-9a-f]{12,}", "", page)


def test_weights_as_books_write_them_give_the_same_sheet():
    ours = derive.loads(LAYOUT.format("", UNITS_BY_INPUTS))
    book = derive.loads(LAYOUT.format(BOOK, INPUTS_BY_UNITS))
    assert shown(book) == shown(ours)
    for language in ("en", "ko"):
        pages = (derive.page(derive.loads(f'language = "{language}"\n' + text), level="full")
                 for text in (LAYOUT.format("", UNITS_BY_INPUTS),
                              LAYOUT.format(BOOK, INPUTS_BY_UNITS)))  # fmt: skip
        one, other = map(without_digest, pages)
        assert one == other
    assert without_digest(derive.export(book)) == without_digest(derive.export(ours))
    assert derive.verify(book).agrees


def test_a_key_keeps_weights_as_they_were_typed():
    spec = derive.loads(LAYOUT.format(BOOK, INPUTS_BY_UNITS))
    plain = to_plain(spec)
    assert plain["weights_layout"] == "inputs_by_units"
    assert plain["layers"][0]["weights"] == (("0.10", "0.4"), ("0.2", "0.5"), ("0.3", "0.6"))
    assert from_plain(derive.key(spec)["spec"]) == spec
    assert digest(from_plain(plain)) == digest(spec)


def test_the_usual_layout_may_be_said():
    said = derive.loads(LAYOUT.format('weights_layout = "units_by_inputs"', UNITS_BY_INPUTS))
    assert said.layers == derive.loads(LAYOUT.format("", UNITS_BY_INPUTS)).layers


@pytest.mark.parametrize(
    ("key", "weights", "problem"),
    [
        ("", INPUTS_BY_UNITS, f"expected 3 x 3, got 3 x 2; {OURS}; {READS}"),
        (BOOK, UNITS_BY_INPUTS, f"expected 3 x 3, got 2 x 3; {BOOKS}; {LEAVE}"),
        (BOOK, "[[1, 2], [3, 4], [5, 6], [7, 8]]", f"expected 3 x 2, got 4 x 2; {BOOKS}"),
        ("", "[[1, 2], [3, 4]]", f"expected 2 x 3, got 2 x 2; {OURS}"),
        ("", "[[1], [2, 3], [4]]", f"expected 3 x 3, got rows of 1, 2, 1 numbers; {OURS}"),
        (
            BOOK,
            "[[1], [2, 3], [4]]",
            f"expected rows of the same length, got rows of 1, 2, 1 numbers; {BOOKS}",
        ),
        (BOOK, "[]", "an empty list; one row of weights per unit"),
    ],
)
def test_a_matrix_that_does_not_fit_says_whether_its_transpose_does(key, weights, problem):
    with pytest.raises(SpecError) as caught:
        derive.loads(LAYOUT.format(key, weights))
    assert (caught.value.place, caught.value.problem) == ("layers[1].weights", problem)


def test_a_transpose_that_does_not_fit_what_follows_is_not_advised():
    text = LAYOUT.format("", "[[0.1, 0.2, 0.3, 1], [0.4, 0.5, 0.6, 1], [0.4, 0.5, 0.6, 1]]")
    with pytest.raises(SpecError, match=f"expected 3 x 3, got 3 x 4; {OURS}$"):
        derive.loads(text)


def test_an_unknown_layout_names_the_nearest():
    with pytest.raises(SpecError, match="did you mean inputs_by_units"):
        derive.loads(LAYOUT.format('weights_layout = "inputs_by_unit"', UNITS_BY_INPUTS))


CLASSES = """
inputs = [[0.1, 0.2], [0.3, -0.4]]
loss = "{}"
learning_rate = 0.5
{}
[[layers]]
activation = "{}"
weights = [[0.1, 0.2], [0.4, 0.5], [-0.3, 0.1]]
"""


def test_classes_are_targets_of_one_and_zero():
    given = derive.loads(CLASSES.format("cross_entropy", "classes = [2, 1]", "softmax"))
    targets = "targets = [[0, 1, 0], [1, 0, 0]]"
    written = derive.loads(CLASSES.format("cross_entropy", targets, "softmax"))
    assert given.targets == written.targets
    assert shown(given) == shown(written)
    assert without_digest(derive.page(given)) == without_digest(derive.page(written))
    assert derive.verify(given).agrees


def test_a_key_keeps_classes():
    spec = derive.loads(CLASSES.format("cross_entropy", "classes = [2, 1]", "softmax"))
    plain = to_plain(spec)
    assert plain["classes"] == (2, 1)
    assert "targets" not in plain
    assert from_plain(derive.key(spec)["spec"]) == spec
    assert derive.check(spec, {"E_total": "1.0"})


@pytest.mark.parametrize(
    ("loss", "classes", "place", "problem"),
    [
        ("cross_entropy", "[2, 4]", "classes[2]", "expected a whole number from 1 to 3"),
        ("cross_entropy", "[0, 1]", "classes[1]", "one class per output unit, got 0"),
        ("cross_entropy", "[2]", "classes", "expected 2 numbers, one per sample in inputs, got 1"),
        ("cross_entropy", "2", "classes", "expected a list, got a whole number"),
        ("cross_entropy", "[1.0, 2]", "classes[1]", "expected a whole number, got a decimal"),
        ("hinge", "[1, 2]", "classes", "are targets 0 and 1; hinge takes targets -1 and 1"),
        ("cross_entropy", "[1, 2]\ntargets = [[1, 0, 0], [0, 1, 0]]", "classes", "beside targets"),
    ],
)
def test_classes_that_do_not_fit(loss, classes, place, problem):
    with pytest.raises(SpecError) as caught:
        derive.loads(CLASSES.format(loss, f"classes = {classes}", "softmax"))
    assert caught.value.place == place
    assert problem in caught.value.problem


def test_one_output_has_no_classes():
    text = "inputs = [1]\nclasses = [1]\nsteps = 0\n[[layers]]\nweights = [[2]]"
    with pytest.raises(SpecError, match="one output unit has no classes; give targets"):
        derive.loads(text)


UPSTREAM = """
inputs = [[0.1, 0.2], [0.4, -0.3]]
loss = "upstream"
upstream = [[0.50, -1], [2, 0.25]]
learning_rate = 0.5
[[layers]]
activation = "tanh"
weights = [[0.1, 0.2], [0.4, 0.5]]
"""


def test_the_derivative_by_an_output_is_the_given_number():
    spec = derive.loads(UPSTREAM)
    printed = shown(spec)
    assert printed["dE_s1/do1_s1"] == printed["u1_s1"] == "0.50"
    assert printed["dE_s2/do2_s2"] == "0.25"
    assert derive.verify(spec).agrees


def test_the_derivative_of_an_output_alone():
    text = (
        'inputs = [2]\nloss = "upstream"\nupstream = [1]\nsteps = 0\n[[layers]]\nweights = [[3]]'
    )
    printed = shown(derive.loads(text))
    assert (printed["E_total"], printed["dE_total/do1"], printed["dE_total/dW1"]) == (
        "6",
        "1",
        "2",
    )


@pytest.mark.parametrize(
    ("language", "words"), [("en", "derivative of the error"), ("ko", "미분")]
)
def test_the_sheet_says_what_is_given_in_place_of_targets(language, words):
    page = derive.page(derive.loads(f'language = "{language}"\n' + UPSTREAM), level="full")
    assert any(words in line and "u_{1,s1} = 0.50" in line for line in page.splitlines())
    assert "t_{1" not in page


def test_a_key_keeps_upstream_in_place_of_targets():
    spec = derive.loads(UPSTREAM)
    plain = to_plain(spec)
    assert plain["upstream"] == (("0.50", "-1"), ("2", "0.25"))
    assert "targets" not in plain
    assert from_plain(derive.key(spec)["spec"]) == spec
    assert derive.check(spec, {"dE_s2/do1_s2": "2"})[0].right == 1


GIVEN = "upstream = [[0.50, -1], [2, 0.25]]"


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (GIVEN, "", "upstream: is missing"),
        (
            GIVEN,
            "upstream = [[1, 2], [3]]",
            "upstream[2]: expected 2 numbers, one per output unit",
        ),
        (GIVEN, "upstream = [1, 2]", "upstream: expected 2 rows, as many as samples"),
        (
            GIVEN,
            "targets = [[1, 2], [3, 4]]",
            "targets: loss upstream takes upstream in its place",
        ),
        (GIVEN, f"{GIVEN}\nclasses = [1, 2]", "upstream: stands there beside classes"),
        ('loss = "upstream"', "", 'upstream: needs loss = "upstream"; other losses take targets'),
    ],
)
def test_upstream_and_its_loss_belong_together(before, after, message):
    with pytest.raises(SpecError) as caught:
        derive.loads(UPSTREAM.replace(before, after))
    assert str(caught.value).startswith(message)
