"""M46 in its three ways, and slips that are carried through the presentations."""

import pytest

import derive
from derive.spec import load, override

AND = derive.sheet("and-gate")


def judged(answers, sheet=AND):
    (marked,) = derive.check(sheet, answers)
    return {r.id: (r.verdict, r.judgement.misconceptions) for r in marked.results}


def test_every_right_answer_is_right():
    key = {row["id"]: row["shown"] for row in derive.key(AND)["answers"] if row["asked"]}
    assert {verdict for verdict, _ in judged(key).values()} == {"correct"}


@pytest.mark.parametrize(
    ("name", "answer", "found"),
    [
        ("o1@5", "0", ("M46",)),  # z is exactly 0
        ("e1@5", "0", ("M46c",)),  # the target of sample 2 is 0
        ("W1@4", "0.5", ("M46b", "M46c")),  # right with target 1: both move by the input
        ("b1@5", "-0.3", ("M46b",)),  # right with target 0: only M46b moves down
        ("e1", "0", ("M46c",)),
        ("o1@5", "step(z1@5, 0)", ("M46",)),
        ("W2@2", "W2+ + learning_rate*t1_s2*x2_s2", ("M46c",)),
        ("b1@5", "b1@4 + learning_rate*(2*t1_s1 - 1)", ("M46b",)),
        ("e1@2", "t1_s3", ("M46c",)),
    ],
)
def test_the_three_ways_are_told_apart(name, answer, found):
    assert judged({name: answer})[name] == ("misconception", found)


def test_with_labels_of_minus_one_the_target_alone_is_half_a_step():
    spec = override(load("and-gate"), {"targets": [["-1"], ["-1"], ["-1"], ["1"]]})
    sheet = derive.sheet(spec)
    right = {r["id"]: r["shown"] for r in derive.key(sheet)["answers"]}
    assert right["b1+"] == "-0.1"
    verdict, found = judged({"b1+": "0"}, sheet)["b1+"]
    assert verdict == "misconception"
    assert "M46c" in found


def test_the_other_convention_has_the_mistake_the_other_way_round():
    sheet = derive.sheet(override(load("and-gate"), {"at_zero": 0}))
    zeros = [
        row["id"]
        for row in derive.key(sheet)["answers"]
        if row["id"].startswith("z1") and row["shown"] == "0"
    ]
    name = zeros[0].replace("z", "o")
    assert judged({name: "1"}, sheet)[name] == ("misconception", ("M46",))


def test_the_step_to_look_at_is_the_one_where_the_value_changes():
    (marked,) = derive.check("and-gate", {"b1@6": "-0.2"})
    looks = {remark.key: remark.slots["look"] for remark in marked.results[0].judgement.remarks}
    assert looks["mistake.M46"] == "o1@5"


def test_a_slip_is_carried_over_the_next_presentations():
    found = judged(
        {
            "W1+": "0.6",
            "z1+": "0.3",
            "W1@2": "0.6",
            "z1@2": "0.5",
            "o1@2": "1",
            "e1@2": "-1",
            "W1@3": "0.5",
        }
    )
    assert found["W1+"][0] == "wrong"
    assert found["z1+"][0] == "correct"
    assert [found[name][0] for name in ("W1@2", "z1@2", "W1@3")] == ["carried"] * 3


def test_after_the_wrong_side_of_zero_the_rest_is_carried():
    found = judged({"o1@5": "0", "e1@5": "0", "W2@6": "0.2", "b1@6": "-0.2"})
    assert found["o1@5"] == ("misconception", ("M46",))
    assert [found[name][0] for name in ("e1@5", "W2@6", "b1@6")] == ["carried"] * 3


@pytest.mark.parametrize("name", ["W1@3", "b1@3", "z1@4", "e1@4"])
def test_formulas_are_right_as_functions(name):
    row = next(row for row in derive.key(AND)["answers"] if row["id"] == name)
    typed = row["formula"].replace("{", "").replace("}", "")
    assert judged({name: typed})[name] == ("correct", ())


@pytest.mark.parametrize("language", ["en", "ko"])
def test_each_way_has_its_sentence(language):
    from derive.grading.reports.saying import Voice

    voice = Voice(language, "hint", None)
    texts = {voice.word("mistake", name) for name in ("M46", "M46b", "M46c")}
    assert len(texts) == 3


def test_the_answers_of_and_tell_all_three_apart():
    found = derive.key("and-gate")["diagnosability"]
    assert {"M46", "M46b", "M46c"} <= set(found["possible"])
    assert not found["unseen"]
    assert not found["alike"]
