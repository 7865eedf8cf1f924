"""`derive.check`: what the command does, as a function; and what it does with rows."""

import doctest
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sampling import few, tries

import derive
from derive.batches import checks
from derive.checking.marking import Given
from derive.grading.assessment import Assessment, Grader, open_marker
from derive.grading.reports.saying import Voice
from derive.grading.store import AnswerStore

RIGHT, M03 = "0.43703857", "0.39554516"


def verdicts(marked):
    return [(r.id, r.verdict) for m in marked for r in m.results]


def test_the_example_in_its_docstring_holds():
    test = doctest.DocTestFinder().find(checks.check, "check", globs=vars(checks))[0]
    assert doctest.DocTestRunner().run(test).failed == 0


@pytest.mark.parametrize("source", few(["name", "sheet", "toml", "key", "spec", "path"], 4))
def test_a_key_is_given_in_any_form(folder, source):
    spec = derive.load("two-two-two")
    Path("key.json").write_text(json.dumps(derive.key(spec)))
    form = {
        "name": "two-two-two",
        "spec": spec,
        "sheet": derive.sheet(spec),
        "toml": "net.toml",
        "key": "key.json",
        "path": Path("key.json"),
    }[source]
    if source == "toml":
        example = Path(derive.__file__).parent / "examples" / "two-two-two.toml"
        Path("net.toml").write_text(example.read_text())
    assert verdicts(derive.check(form, {"W5+": M03})) == [("W5+", "misconception")]


def test_answers_are_given_in_any_form(folder):
    Path("a.csv").write_text(f"student,id,answer\nkim,W5+,{RIGHT}\nkim,h1,0.52\n")
    rows = [("kim", "W5+", RIGHT), ("kim", "h1", 0.52)]
    found = derive.check("two-two-two", rows)
    assert found == derive.check("two-two-two", "a.csv") == derive.check("two-two-two", iter(rows))
    alone = derive.check("two-two-two", {"W5+": RIGHT, "h1": 0.52})
    assert verdicts(alone) == verdicts(found) == [("W5+", "correct"), ("h1", "rounded")]
    assert [m.student for m in found + alone] == ["kim", None]


def test_a_result_is_data_with_types_that_have_names():
    (marked,) = derive.check("circuit", {"q": "-0.5", "f": "x"})
    assert isinstance(marked, derive.Marked)
    assert all(isinstance(result, derive.Result) for result in marked.results)


def test_a_bad_answer_is_a_verdict_and_a_bad_key_an_error(folder):
    assert verdicts(derive.check("circuit", {"nothing": "1", "q": "\u202e3"})) == [
        ("nothing", "unreadable"),
        ("q", "unreadable"),
    ]
    with pytest.raises(derive.SpecError):
        derive.check("missing.json", {})


def test_checking_leaves_nothing_behind(folder):
    sheet = derive.sheet("two-two-two")
    first = derive.check(sheet, {"W5+": M03, "h1": "0.9"})
    derive.check(sheet, {"h1": "0.1", "z1": "7", "W5+": RIGHT})
    assert derive.check(sheet, {"W5+": M03, "h1": "0.9"}) == first


def test_checking_again_with_a_corrected_key_is_checking_once(run, folder):
    text = (Path(derive.__file__).parent / "examples" / "two-two-two.toml").read_text()
    mended = derive.loads(text.replace("learning_rate = 0.5", "learning_rate = 0.25"))
    Path("a.json").write_text(json.dumps({"W5+": RIGHT, "h1": "0.9", "z3": "1"}))

    def checked(spec):
        Path("key.json").write_text(json.dumps(derive.key(spec)))
        return run("check", "key.json", "a.json", "--json")

    wrong = checked(derive.load("two-two-two"))
    once = checked(mended)
    assert wrong != once
    assert checked(mended) == once
    assert [p.name for p in sorted(folder.iterdir())] == ["a.json", "key.json"]


SHEET = derive.sheet("two-two-two")
ANSWERS = st.sampled_from([RIGHT, M03, "0.52", "0.3", "-0.1", "o1-t1", "x", "", "0.02592285"])
IDS = st.sampled_from(["W5+", "h1", "dE_total/do1", "dE_total/dz3", "dE_total/dW5", "W_5^+", "q"])
ROWS = st.lists(st.tuples(st.sampled_from(["kim", "lee", ""]), IDS, ANSWERS), max_size=12)


def marks(rows):
    """What each row got, by its number."""
    marker = open_marker(SHEET.numbers)
    voice = Voice("en", "hint", marker.judge.explainer)
    assessment = Assessment(Grader(marker), voice)
    store = AnswerStore(Given(*row) for row in rows)
    found = {}
    for numbers, marked in assessment.members(store):
        for number, result in zip(numbers, marked.results, strict=True):
            found[number] = (result.id, result.verdict, result.judgement, result.first_error)
    return found


@settings(max_examples=tries(15), deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_is_immaterial(rows, random):
    order = list(range(len(rows)))
    random.shuffle(order)
    before, after = marks(rows), marks([rows[i] for i in order])
    assert {old: before[old] for old in order} == {old: after[i] for i, old in enumerate(order)}


@settings(max_examples=tries(15), deadline=None)
@given(ROWS, ROWS, st.randoms(use_true_random=False))
def test_a_members_marks_do_not_depend_on_others(rows, others, random):
    mine = [("kim", name, answer) for _, name, answer in rows]
    theirs = [(student + "!", name, answer) for student, name, answer in others]
    mixed = [*mine, *theirs]
    order = sorted(range(len(mixed)), key=lambda i: (random.random(), i))
    alone, together = marks(mine), marks([mixed[i] for i in order])
    assert alone == {old: together[i] for i, old in enumerate(order) if old < len(mine)}
