"""Answers of a class: each judged by the own sheet; what the report says of planted mistakes."""

import csv
import json
import sys
from pathlib import Path

import pytest

import derive
from derive.batches import Folder, Sheet, run
from derive.spec import load

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / ".ci"))
from evening import MADE, list_answers

SECRET = bytes(range(32))
NAMES = ("강하늘", "김도윤", "남지우", "류서연", "문가람", "박시우", "서유진", "안채원")
NAMED = ("name", "id", "answer")
PLANTED = {
    7: "M01", 21: "M02", 34: "M03", 48: "M03", 60: "M03", 71: "M04", 85: "M06", 99: "M06",
    112: "M07", 126: "M08", 140: "M10", 151: "M11", 163: "M13", 177: "M14", 190: "M14",
    204: "M22", 219: "M38", 233: "M40", 251: "M44", 287: "M47",
}  # fmt: skip


@pytest.fixture(scope="module")
def evening(tmp_path_factory):
    """A class of eight with the answers of the example."""
    home = tmp_path_factory.mktemp("class") / "two-two-two"
    sheet = Sheet(("md",))
    run(Folder(home), load("two-two-two"), SECRET, sheet, students=lambda: iter(NAMES))
    return Folder(home)


def rows_of(folder, mistakes=None, absent=()):
    return list(list_answers(folder, mistakes or {}, absent))


def write(path, rows, header=("code", "name", "id", "answer")):
    with Path(path).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def results(run, folder, *answers):
    code, out, err = run("check", str(folder.home), *answers, "--json")
    return code, json.loads(out), err


def test_right_answers_of_everybody_are_right(run, folder, evening):
    write("a.csv", rows_of(evening))
    code, told, err = results(run, evening, "a.csv")
    assert (code, err) == (0, "")
    assert told["summary"] == {"asked": 8 * 38, "right": 8 * 38}
    assert {r["student"] for r in told["results"]} == set(NAMES)
    assert {r["code"] for r in told["results"]} == {m.code for m in evening.read_index()}


def test_a_neighbours_answers_are_wrong(run, folder, evening):
    rows = rows_of(evening)
    one, other = (m.code for m in list(evening.read_index())[:2])
    swapped = [
        (other if code == one else one, *rest) for code, *rest in rows if code in (one, other)
    ]
    write("a.csv", swapped)
    code, told, _ = results(run, evening, "a.csv")
    assert code == 1
    assert told["summary"]["right"] < told["summary"]["asked"] / 3


@pytest.mark.parametrize("header", [("이름", "기호", "답"), ("student", "id", "answer")])
def test_a_name_will_do_in_place_of_a_code(run, folder, evening, header):
    write("a.csv", [row[1:] for row in rows_of(evening)], header)
    assert results(run, evening, "a.csv")[0] == 0


def test_a_row_for_each_member_is_read(run, folder, evening):
    rows = rows_of(evening)
    ids = list(dict.fromkeys(row[2] for row in rows))
    answers = {(row[0], row[2]): row[3] for row in rows}
    codes = dict.fromkeys(row[0] for row in rows)
    write(
        "a.csv", [[code, *(answers[code, name] for name in ids)] for code in codes], ["코드", *ids]
    )
    assert results(run, evening, "a.csv")[0] == 0


def test_a_folder_of_filled_forms_is_read_and_a_table_beside_it(run, folder, evening):
    rows = rows_of(evening)
    first, *others = dict.fromkeys(row[0] for row in rows)
    own = {row[2]: row[3] for row in rows if row[0] == first}
    form = (evening.members / first / "answers.toml").read_text("utf-8")
    for name, answer in own.items():
        form = form.replace(f'"{name}" = ""', f'"{name}" = "{answer}"')
    Path("forms", "deep").mkdir(parents=True)
    Path("forms", "deep", "my answers.toml").write_text(form, "utf-8")
    write("a.csv", [row for row in rows if row[0] in others])
    code, told, _ = results(run, evening, "forms", "a.csv")
    assert code == 0
    assert told["summary"]["right"] == 8 * 38


def test_empty_forms_are_nobody_s_answers(run, folder, evening):
    code, told, err = results(run, evening, str(evening.members))
    assert (code, told["results"]) == (2, [])
    assert "no answers of this class" in err


def test_a_mistyped_code_is_refused_with_the_nearest_and_the_others_are_judged(
    run, folder, evening
):
    rows = rows_of(evening)
    code = rows[0][0]
    typed = ("A" if code[0] != "A" else "B") + code[1:]
    write("a.csv", [(typed if row[0] == code else row[0], *row[1:]) for row in rows])
    status, told, err = results(run, evening, "a.csv")
    assert status == 2
    assert (
        err
        == f"derive: a.csv: {typed}: is the code of no sheet of this class; did you mean {code}?\n"
    )
    assert told["summary"]["right"] == 7 * 38


def test_a_form_of_another_sheet_is_refused(run, folder, evening):
    one, other = list(evening.read_index())[:2]
    form = (evening.members / one.code / "answers.toml").read_text("utf-8")
    Path("a.toml").write_text(form.replace(one.code, other.code).replace('""', '"0.5"'), "utf-8")
    status, told, err = results(run, evening, "a.toml")
    assert (status, told["results"]) == (2, [])
    assert err.startswith("derive: a.toml: is no form of the sheet")


def test_a_damaged_key_costs_its_member_alone(run, folder, evening, tmp_path):
    import shutil

    copied = Folder(Path(shutil.copytree(evening.home, "copied")))
    member = next(iter(copied.read_index()))
    (copied.keys / f"{member.code}.json").write_text("{}")
    write("a.csv", rows_of(evening))
    status, told, err = results(run, copied, "a.csv")
    assert status == 2
    assert member.code in err
    assert told["summary"]["right"] == 7 * 38


def test_the_report_names_each_mistake_and_who_has_made_it(run, folder, evening):
    made = {k: m for k, m in MADE.items() if k <= 8}
    write("a.csv", rows_of(evening, made, (8,)))
    for name in ("r.html", "r.md", "r.csv", "r.json"):
        assert run("check", str(evening.home), "a.csv", "--report", name)[0] == 1
    told = json.loads(Path("r.json").read_text("utf-8"))
    lines = {line["student"]: line["mistakes"] for line in told["members"]}
    assert {NAMES[k - 1]: m for k, m in made.items()} == {
        name: mistakes[0] for name, mistakes in lines.items() if mistakes
    }
    assert all(len(mistakes) <= 1 for mistakes in lines.values())
    assert [(s["mistake"], s["members"]) for s in told["shared"]] == [
        ("M03", ["김도윤", "박시우"])
    ]
    assert [line["student"] for line in told["missing"]] == [NAMES[7]]
    page = Path("r.html").read_text("utf-8")
    assert 'class="picture"' in page
    assert "http" not in page.replace("http://www.w3.org", "")
    assert "안채원" in Path("r.md").read_text("utf-8")
    assert Path("r.csv").read_bytes().startswith(b"\xef\xbb\xbfmember,sheet,")


def test_a_report_in_korean_is_in_korean(run, folder, evening):
    write("a.csv", rows_of(evening, {1: "M03"}, (8,)))
    run("check", str(evening.home), "a.csv", "--report", "r.html", "--lang", "ko")
    page = Path("r.html").read_text("utf-8")
    for text in ("<title>손으로 푸는 2-2-2 신경망 채점</title>", "내지 않은 사람", "변별도"):
        assert text in page


def test_the_function_checks_a_class_too(evening, tmp_path):
    write(tmp_path / "a.csv", rows_of(evening, {2: "M03"}))
    marked = derive.check(evening.home, tmp_path / "a.csv")
    assert [m.student for m in marked] == list(NAMES)
    assert [m.right == m.asked for m in marked] == [True, False, *[True] * 6]
    with pytest.raises(derive.SpecError, match="nobody of this class"):
        derive.check(evening.home, ["/".join((str(tmp_path), write_stranger(tmp_path)))])
    both = [tmp_path / "a.csv", tmp_path / "b.csv"]
    with pytest.warns(UserWarning, match="누구: nobody of this class"):
        assert derive.check(evening.home, both) == marked


def write_stranger(folder):
    write(folder / "b.csv", [("누구", "z1", "1")], ("name", "id", "answer"))
    return "b.csv"


def test_one_sheet_takes_one_table(run, folder):
    assert run("check", "two-two-two", "a.csv", "b.csv")[0] == 2
    assert "need the folder of a class" in run("check", "two-two-two", "a.csv", "b.csv")[2]


def test_a_folder_that_is_no_class_says_what_to_give(run, folder):
    Path("empty").mkdir()
    code, _, err = run("check", "empty", "a.csv")
    assert (code, err.count("\n")) == (2, 1)
    assert "give the folder that derive batch made" in err


def test_a_form_that_came_twice_counts_once(run, folder, evening):
    rows = rows_of(evening, {1: "M14"})
    write("a.csv", [*rows, *rows])
    _, told, _ = results(run, evening, "a.csv")
    assert len(told["results"]) == 8 * 38
    assert run("check", str(evening.home), "a.csv", "--report", "r.json")[0] == 1
    assert {m["answered"] for m in json.loads(Path("r.json").read_text("utf-8"))["members"]} == {
        38
    }


def test_a_report_is_not_replaced_where_nothing_can_be_read(run, folder, evening):
    Path("r.md").write_text("the report of the evening")
    Path("empty.csv").write_text("")
    assert run("check", str(evening.home), "empty.csv", "--report", "r.md")[0] == 2
    assert Path("r.md").read_text() == "the report of the evening"


def test_what_is_nobodys_stands_in_the_report(run, folder, evening):
    write("a.csv", [*(row[1:] for row in rows_of(evening)), ("누구", "z2", "1")], NAMED)
    run("check", str(evening.home), "a.csv", "--report", "r.json")
    told = json.loads(Path("r.json").read_text("utf-8"))
    assert [stray["answers"] for stray in told["strays"]] == ["a.csv: 누구"]


@pytest.mark.slow
def test_twenty_planted_mistakes_in_a_class_of_300_are_named(run, folder):
    home = Folder(Path("class"))
    run_class = {"count": 300, "jobs": 2}
    run_batch(home, **run_class)
    write("a.csv", rows_of(home, PLANTED))
    assert run("check", str(home.home), "a.csv", "--report", "r.json")[0] == 1
    told = json.loads(Path("r.json").read_text("utf-8"))
    found = {line["code"]: line["mistakes"] for line in told["members"] if line["mistakes"]}
    codes = {m.index: m.code for m in home.read_index()}
    assert found.keys() == {codes[index] for index in PLANTED}
    for index, mistake in PLANTED.items():
        assert mistake in found[codes[index]], (index, mistake, found[codes[index]])
    shared = {s["mistake"]: s["count"] for s in told["shared"]}
    assert shared["M03"] == 3
    assert shared["M06"] == shared["M14"] == 2


def run_batch(home, **options):
    run(home, load("two-two-two"), SECRET, Sheet(("md",)), **options)
