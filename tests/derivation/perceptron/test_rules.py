"""`rule = "label"` and `at_zero = "mistake"`, as books with the labels -1 and 1 have them."""

import pytest

import derive
from derive.spec import from_plain, to_plain
from derive.spec.presenting import run_of

INPUTS, TARGETS = [[1, 2], [-1, 1], [0.5, -1], [-2, -1]], [1, 1, -1, -1]
CORNERS, PARITY = [[1, 1], [-1, 1], [1, -1], [-1, -1]], [-1, 1, 1, -1]
LABEL, MISTAKE = {"rule": '"label"'}, {"at_zero": '"mistake"'}


def answers(spec):
    return {answer["id"]: answer for answer in derive.key(spec)["answers"]}


def test_a_zero_is_a_mistake_whatever_the_label(unit):
    """From zero weights the first sample, of label 1, moves them: w = (1, 2), b = 1."""
    for target in (1, -1):
        run = run_of(unit(INPUTS, [target, *TARGETS[1:]], **LABEL, **MISTAKE))
        assert run.presentations[0].wrong
    key = answers(unit(INPUTS, TARGETS, **LABEL, **MISTAKE))
    assert [key[name]["shown"] for name in ("o1", "e1", "W1+", "W2+", "b1+")] == [
        "0", "1", "1", "2", "1",
    ]  # fmt: skip


def test_the_label_moves_half_as_far_as_the_difference(unit):
    label, difference = (answers(unit(INPUTS, [-1, 1, 1, 1], **more)) for more in (LABEL, {}))
    assert (label["e1"]["shown"], difference["e1"]["shown"]) == ("-1", "-2")
    assert label["e1"]["formula"] == "t1_s1"
    assert difference["e1"]["formula"] == "t1_s1-o1"
    assert (label["W2+"]["shown"], difference["W2+"]["shown"]) == ("-2", "-4")


def test_at_zero_the_difference_is_the_target(unit):
    key = answers(unit(INPUTS, TARGETS, **MISTAKE))
    assert (key["o1"]["shown"], key["e1"]["shown"]) == ("0", "1")


RULES = [LABEL, MISTAKE, LABEL | MISTAKE, LABEL | {"at_zero": -1}, LABEL | {"bias": None}]


@pytest.mark.parametrize("more", RULES)
@pytest.mark.parametrize(("inputs", "targets"), [(INPUTS, TARGETS), (CORNERS, PARITY)])
def test_the_second_road_and_the_checker_agree(unit, inputs, targets, more):
    spec = unit(inputs, targets, **more)
    report = derive.verify(spec)
    assert report.agrees
    assert all(row.checks for row in report.rows)
    shown = {name: answer["shown"] for name, answer in answers(spec).items() if answer["asked"]}
    marked = derive.check(spec, shown)[0]
    assert marked.right == marked.asked
    assert from_plain(to_plain(spec)) == spec


def test_no_weights_part_the_corners_where_zero_is_a_mistake(unit):
    page = derive.page(unit(CORNERS, PARITY, **LABEL, **MISTAKE), level="full")
    assert "W_1 + W_2 + b_1 < 0" in page
    assert "-W_1 + W_2 + b_1 > 0" in page


def test_moving_although_right_is_a_known_mistake(unit):
    spec = unit(INPUTS, TARGETS, **LABEL, **MISTAKE)
    (marked,) = derive.check(spec, {"W2@2": "3"})
    assert marked.results[0].judgement.misconceptions == ("M46b",)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("neither label", "is the target where")), ("ko", ("어느 쪽 목푯값도", "맞으면 0"))],
)
def test_the_page_says_the_rule_and_the_convention(unit, language, words):
    spec = unit(INPUTS, TARGETS, language=f'"{language}"', **LABEL, **MISTAKE)
    for level in ("full", "guided"):
        page = derive.page(spec, level=level)
        assert all(part in page for part in words)


def test_a_spec_without_the_keys_has_none_in_its_key():
    assert not {"rule"} & set(to_plain(derive.load("and-gate")))
