"""`derive check` as a member and a leader use it: files in, verdicts and reports out."""

import csv
import io
import json
import re
from functools import cache
from pathlib import Path

import pytest
from reading_tables import rows
from sampling import examples

import derive
from derive.checking.misconceptions import CATALOGUE, SLIPS
from derive.grading.reports.saying import languages, words

RIGHT = "0.43703857"
M03 = "0.39554516"
GROUP = [("김", "W5+", RIGHT), ("lee", "W5+", M03), ("김", "h1", "0,51998934")]


@cache
def key_of(name):
    return {row["id"]: row for row in derive.key(name)["answers"] if row["asked"]}


def table(cells, delimiter=","):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(["student", "id", "answer"])
    writer.writerows(cells)
    return text.getvalue()


def results(out):
    return json.loads(out)["results"]


@pytest.mark.parametrize("name", examples())
def test_the_keys_own_numbers_are_all_correct(run, folder, name):
    Path("a.json").write_text(json.dumps({i: r["shown"] for i, r in key_of(name).items()}))
    code, out, err = run("check", name, "a.json", "--json")
    assert (code, err) == (0, "")
    assert {r["verdict"] for r in results(out)} == {"correct"}
    asked = len(key_of(name))
    assert json.loads(out)["summary"] == {"asked": asked, "right": asked}


def test_what_the_key_shows_is_right_without_a_remark(run, folder):
    Path("a.json").write_text(
        json.dumps({i: r["shown"] for i, r in key_of("two-two-two").items()})
    )
    _, out, _ = run("check", "two-two-two", "a.json", "--json")
    assert {r["message"] for r in results(out)} == {""}


def test_a_key_file_and_its_spec_judge_alike(run, folder):
    Path("key.json").write_text(json.dumps(derive.key("two-two-two")))
    Path("a.toml").write_text(f'"W5+" = "{M03}"\n"h1" = 0.52\n"W6+" = "x"')
    assert run("check", "key.json", "a.toml", "--json") == run(
        "check", "two-two-two", "a.toml", "--json"
    )


def test_a_key_that_does_not_fit_its_digest_is_refused(run, folder):
    key = derive.key("two-two-two")
    key["spec"]["learning_rate"] = "0.6"
    Path("key.json").write_text(json.dumps(key))
    Path("a.toml").write_text("")
    code, out, err = run("check", "key.json", "a.toml")
    assert (code, out) == (2, "")
    assert err.startswith("derive: key.json: digest: ")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_spreadsheet_is_read_as_koreans_save_it(folder, encoding, delimiter):
    Path("a.csv").write_bytes(table(GROUP, delimiter).encode(encoding))
    assert [(r.student, r.id, r.answer) for r in rows("a.csv")] == GROUP


def test_columns_stand_in_any_order_and_a_student_is_no_must(folder):
    Path("a.csv").write_text("answer,id\n1,h1\n\n2,h2\n")
    assert [(r.student, r.id, r.answer) for r in rows("a.csv")] == [
        (None, "h1", "1"),
        (None, "h2", "2"),
    ]


def test_a_number_keeps_the_digits_that_were_typed(folder):
    Path("a.json").write_text('{"h1": 0.5200, "h2": 5.20e-1}')
    Path("a.toml").write_text('"h1" = 0.5200\n"h2" = 5.20e-1')
    for name in ("a.json", "a.toml"):
        assert [r.answer for r in rows(name)] == ["0.5200", "5.20e-1"]


def test_one_bad_cell_costs_that_cell_only(run, folder):
    lines = table(GROUP).encode() + b"lee,h1,\xff\xfe\x81\nlee,W99,1\nlee,h2,0.52747230\n"
    Path("a.csv").write_bytes(lines)
    _, out, _ = run("check", "two-two-two", "a.csv", "--json")
    assert [r["verdict"] for r in results(out)] == [
        "correct",
        "misconception",
        "correct",
        "unreadable",
        "unreadable",
        "correct",
    ]


def test_marks_do_not_depend_on_other_rows_or_their_order(run, folder):
    cells = [*GROUP, ("lee", "dE_total/do1", "0.3"), ("lee", "h1", "0.52"), ("", "h1", "1")]
    Path("a.csv").write_text(table(cells))
    Path("b.csv").write_text(table(cells[::-1]))
    forwards, backwards = (
        results(run("check", "two-two-two", name, "--json")[1]) for name in ("a.csv", "b.csv")
    )
    assert forwards == backwards[::-1]
    Path("c.csv").write_text(table([c for c in cells if c[0] == "lee"]))
    alone = results(run("check", "two-two-two", "c.csv", "--json")[1])
    assert alone == [r for r in forwards if r["student"] == "lee"]


def test_an_id_that_stands_twice_counts_in_neither_row(run, folder):
    Path("a.csv").write_text("id,answer\nW5+,0.43703857\nW5^+,0.4\nh1,\nh1,0.51998934\n")
    _, out, _ = run("check", "two-two-two", "a.csv", "--json")
    assert [r["verdict"] for r in results(out)] == [
        "unreadable",
        "unreadable",
        "blank",
        "correct",
    ]


def test_answers_come_over_stdin_too(run, folder, monkeypatch):
    for text in (table(GROUP), f'"W5+" = "{M03}"', json.dumps({"W5+": M03})):
        stdin = io.TextIOWrapper(io.BytesIO(text.encode()))
        monkeypatch.setattr("sys.stdin", stdin)
        code, out, _ = run("check", "two-two-two", "-", "--json")
        assert code == 1
        assert ["M03"] in [r["misconceptions"] for r in results(out)]


def test_a_common_cause_of_several_answers_is_named(run, folder):
    wrong = {"W5+": "0.46296143", "dE_total/dW5": "-0.02592286"}
    Path("a.json").write_text(json.dumps(wrong))
    _, out, _ = run("check", "two-two-two", "a.json", "--json")
    assert [r["misconceptions"][:1] for r in results(out)] == [[], ["M04"]]
    Path("a.json").write_text(json.dumps({"W5+": "0.46296143", "W6+": "0.41314795"}))
    _, out, _ = run("check", "two-two-two", "a.json", "--json")
    (joint,) = json.loads(out)["together"]
    assert joint["explanations"] == [["M04"], ["M05"]]
    assert joint["ask"] in key_of("two-two-two")


@pytest.mark.parametrize("reveal", ["none", "hint", "full"])
def test_help_gives_away_as_much_as_was_asked_for(run, folder, reveal):
    Path("a.json").write_text(json.dumps({"W5+": "0.9", "W6+": M03}))
    _, out, _ = run("check", "two-two-two", "a.json", "--reveal", reveal)
    numbers = {r["shown"] for r in key_of("two-two-two").values() if "." in r["shown"]}
    shown = {n for n in numbers if n in out}
    assert bool(shown) == (reveal == "full")
    assert ("W5+ = " in out) == (reveal != "none")


def test_a_report_sums_up_members_and_steps(run, folder):
    Path("a.csv").write_text(table(GROUP))
    for name in ("r.md", "r.html", "r.csv"):
        assert run("check", "two-two-two", "a.csv", "--report", name)[0] == 1
        text = Path(name).read_text("utf-8")
        for told in ("김", "lee", "M03", "W5+", "50 %"):
            assert told.replace("+", "\\+") in text or told in text


def test_a_report_holds_hostile_names_as_text(run, folder):
    names = ["=1+1", "<script>alert(1)</script>", "a|b`c", "@x"]
    Path("a.csv").write_text(table([(name, "W5+", "1") for name in names]))
    for name in ("r.md", "r.html", "r.csv"):
        run("check", "two-two-two", "a.csv", "--report", name)
    assert "<script>" not in Path("r.html").read_text()
    assert "<script>" not in Path("r.md").read_text()
    cells = [c for row in csv.reader(io.StringIO(Path("r.csv").read_text())) for c in row]
    assert not [c for c in cells if c.startswith(("=", "@"))]
    assert all(re.fullmatch(r"-|[^-+].*|-?\d.*", c) for c in cells if c)


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ("x,y\n1,2\n", "a.csv", "a.csv: line 1: expected a header"),
        ("W5 = ", "a.toml", "a.toml: is no TOML"),
        ("{", "a.json", "a.json: is no JSON"),
        ("[1]", "a.json", "a.json: expected an object"),
    ],
)
def test_what_is_no_table_is_refused(run, folder, text, name, told):
    Path(name).write_text(text)
    code, out, err = run("check", "two-two-two", name)
    assert (code, out) == (2, "")
    assert told in err


@pytest.mark.parametrize(
    "option", [("--reveal", "all"), ("--report", "r.pdf"), ("--lang", "xx")], ids=lambda o: o[0]
)
def test_an_unknown_choice_is_told_with_those_there_are(run, folder, option):
    Path("a.json").write_text("{}")
    code, _, err = run("check", "two-two-two", "a.json", *option)
    assert code == 2
    assert option[0] in err


def test_both_languages_say_the_same_sentences_with_the_same_slots():
    english, korean = (words(name) for name in ("en", "ko"))
    slots = re.compile(r"\{\w+\}")
    for section, sentences in english.items():
        assert sentences.keys() == korean[section].keys()
        for key, text in sentences.items():
            assert set(slots.findall(text)) == set(slots.findall(korean[section][key])), key
    assert languages() == ["en", "ko"]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_known_mistake_is_explained(language):
    known = {row.id for row in CATALOGUE} | {name for name, _ in SLIPS} | {"M17"}
    assert known == words(language)["mistake"].keys()
    assert words(language)["name"].keys() == words(language)["mistake"].keys()


def test_a_quotient_of_a_wide_h_is_known_where_a_gradient_check_was_asked(run, folder):
    """The quotient is taken by hand, with h = 0.1, from E = (0.4 - w)^2 / 2 at w = 1."""
    net = """
    inputs = [1]
    targets = [0.4]
    learning_rate = 0.5
    [[layers]]
    activation = "linear"
    weights = [[1]]
    """
    Path("net.toml").write_text(net)
    ahead, here = (0.4 - 1.1) ** 2 / 2, (0.4 - 1) ** 2 / 2
    Path("a.json").write_text(json.dumps({"dE_total/dW1": f"{(ahead - here) / 0.1:.8f}"}))
    code, out, _ = run("check", "net.toml", "a.json", "--json", "--gradient-check")
    (result,) = json.loads(out)["results"]
    assert (code, result["misconceptions"]) == (1, ["M45"])
    (plain,) = json.loads(run("check", "net.toml", "a.json", "--json")[1])["results"]
    assert plain["verdict"] == "wrong"


@pytest.mark.parametrize(
    ("language", "told"), [("en", "cannot tell which"), ("ko", "가릴 수 없습니다")]
)
def test_where_many_causes_explain_the_answers_none_is_listed(run, folder, language, told):
    """The old weights in place of the new ones come of a gradient that any of them made small."""
    Path("a.json").write_text(json.dumps({"W5+": "0.45", "W6+": "0.4"}))
    (joint,) = json.loads(run("check", "two-two-two", "a.json", "--json")[1])["together"]
    assert joint["explanations"] == []
    out = run("check", "two-two-two", "a.json", "--lang", language)[1]
    assert told in out
    assert ": ." not in out
