"""Tables of answers as groups keep them: any layout, any spreadsheet, English and Korean."""

import csv
import io
import json
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
from reading_tables import rows

import derive
from derive import limits

KIM = [("kim", "z1", "0.08"), ("kim", "h2", "0.5274723")]
GROUP = [("김", "z1", "0.08"), ("김", "h1", "0.5"), ("이", "z1", "0.9"), ("이", "h1", "")]


def given(text, name="a.csv"):
    Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return [(r.student, r.id, r.answer) for r in rows(name)]


def judged(run, *options, name="a.csv"):
    code, out, err = run("check", "two-two-two", name, "--json", *options)
    assert code in (0, 1), err
    return json.loads(out)["results"]


@pytest.mark.parametrize(
    "text",
    [
        "student,id,answer\nkim,z1,0.08\nkim,h2,0.5274723\n",
        "Answer;ID;Member\n0.08;z1;kim\n0.5274723;h2;kim\n",
        "답안\t기호\t학생\n0.08\tz1\tkim\n0.5274723\th2\tkim\n",
        "학번,번호,답\nkim,z1,0.08\nkim,h2,0.5274723\n",
        "name,z1,h2\nkim,0.08,0.5274723\n",
        "이름;h2;z1\nkim;0.5274723;0.08\n",
        ",z1,h2\nkim,0.08,0.5274723\n",
        "id,z1,h2\nkim,0.08,0.5274723\n",
        "id,kim\nz1,0.08\nh2,0.5274723\n",
        "기호\tkim\nz1\t0.08\nh2\t0.5274723\n",
        ",kim\nz1,0.08\nh2,0.5274723\n",
        "sep=;\nname;z1;h2\nkim;0.08;0.5274723\n",
        "# our group\nstudent,id,answer\nkim,z1,0.08\nkim,h2,0.5274723\n",
    ],
)
def test_every_layout_gives_the_same_answers(folder, text):
    assert sorted(given(text), reverse=True) == KIM


def test_members_stand_in_rows_or_in_columns(folder):
    rowwise = given("이름,z1,h1\n김,0.08,0.5\n이,0.9,\n")
    assert rowwise == GROUP
    columnwise = given("기호,김,이\nz1,0.08,0.9\nh1,0.5,\n")
    assert sorted(columnwise) == sorted(GROUP)


def test_members_may_have_names_that_are_ids_too(folder):
    assert given("id,h1,E\nz1,1,2\n") == [("h1", "z1", "1"), ("E", "z1", "2")]


def test_a_member_with_number_and_name_has_both(folder):
    assert given("학번,이름,기호,답\n7,김,z1,1\n")[0][0] == "7 김"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_it_is_read_as_any_spreadsheet_saves_it(folder, encoding, delimiter):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([("이름", "z1"), ("김", "0,08")])
    assert given(text.getvalue().encode(encoding)) == [("김", "z1", "0,08")]


def test_a_long_table_in_utf_16_is_read_to_its_end(folder):
    lines = "".join(f"학생{i}\tz1\t0.{i}\r\n" for i in range(3000))
    found = given(("학생\t기호\t답\r\n" + lines).encode("utf-16"))
    assert found == [(f"학생{i}", "z1", f"0.{i}") for i in range(3000)]


def test_other_forms_are_read_in_utf_16_too(folder):
    assert given('"z1" = "0,08"\n'.encode("utf-16"), "a.toml") == [(None, "z1", "0,08")]


@pytest.mark.parametrize(
    "number", ["1", "(1)", "1.", "No. 1", "#1", "1번", "\uff081\uff09", "①", "1.0"]
)
def test_the_number_of_a_blank_is_an_id(run, folder, number):
    Path("a.csv").write_text(f"번호,답\n{number},0.08\n")
    (result,) = judged(run)
    assert (result["id"], result["verdict"]) == ("z1", "correct")


def test_numbers_are_those_of_the_sheet(folder):
    order = ["z1", "z2", "h1", "h2", "z3", "z4", "o1", "o2", "E_o1"]
    (marked,) = derive.check("two-two-two", {f"({i})": "x" for i in range(1, 10)})
    assert [result.id for result in marked.results] == order
    page = derive.page("two-two-two", level="blank")
    places = [page.index(f"underset{{({i})}}") for i in range(1, 10)]
    assert places == sorted(places)


def test_numbers_head_columns_too(run, folder):
    Path("a.csv").write_text("이름,(1),2\n김,0.08,0.11\n")
    assert [(r["id"], r["verdict"]) for r in judged(run)] == [("z1", "correct"), ("z2", "correct")]


def test_an_id_and_its_number_are_one_answer_given_twice(run, folder):
    Path("a.csv").write_text("id,answer\nz1,0.08\n1,0.08\n")
    assert [r["verdict"] for r in judged(run)] == ["unreadable"] * 2


@pytest.mark.parametrize("number", ["0", "67", "(99)"])
def test_a_number_without_a_blank_is_told_with_the_last_one(run, folder, number):
    Path("a.csv").write_text(f"id,answer\n{number},0.08\nz1,0.08\n")
    wrong, right = judged(run)
    assert wrong["verdict"] == "unreadable"
    assert "(66)" in wrong["message"]
    assert right["verdict"] == "correct"


SPLIT = [
    "id,answer\nW5+,0,43703857\nh1,0.51998934\n",
    "number,id,answer\n52,W5+,0,43703857\n3,h1,0.51998934\n",
    "answer,id\n0,43703857,W5+\n0.51998934,h1\n",
    "answer,student,id\n-0,43703857,,W5+\n0.51998934,,h1\n",
    "id,answer,student\nW5+,0,43703857,\nh1,0.51998934,\n",
    "id,answer\nW5+,0,43703857,,\nh1,0.51998934,,\n",
]


@pytest.mark.parametrize("text", SPLIT)
def test_an_unquoted_decimal_comma_is_told_and_costs_its_row_only(run, folder, text):
    Path("a.csv").write_text(text)
    split, whole = judged(run)
    assert (split["id"], split["verdict"]) == ("W5+", "unreadable")
    assert split["answer"].lstrip("-") == "0,43703857"
    assert '("0,0259") or write a point (0.0259)' in split["message"]
    assert (whole["id"], whole["verdict"]) == ("h1", "correct")
    assert "따옴표로 묶거나" in judged(run, "--lang", "ko")[0]["message"]


def test_a_form_with_a_decimal_comma_is_told_so(run, folder):
    run("worksheet", "two-two-two")
    home = folder / "output" / "two-two-two"
    form = (home / "answers.csv").read_text("utf-8").replace("2,z2,", "2,z2,0,11")
    Path("a.csv").write_text(form)
    split = next(r for r in judged(run) if r["id"] == "z2")
    assert (split["answer"], split["verdict"]) == ("0,11", "unreadable")


def test_a_members_row_with_commas_is_one_line_and_no_other_number(run, folder):
    Path("a.csv").write_text("name,z1,z2\nkim,0,08,0,11\nlee,0.08,0.11\npark,0,08,\n")
    found = judged(run)
    assert [(r["student"], r["verdict"]) for r in found] == [
        ("kim", "unreadable"), ("lee", "correct"), ("lee", "correct"), ("park", "unreadable"),
    ]  # fmt: skip
    assert found[0]["answer"] == "0,08,0,11"


def test_a_row_of_an_id_with_commas_costs_everybody_this_id(run, folder):
    Path("a.csv").write_text("id,kim,lee\nz1,0,08,0.08\nz2,0.11,0.11\n")
    assert [(r["student"], r["id"], r["verdict"]) for r in judged(run)] == [
        ("kim", "z1", "unreadable"), ("lee", "z1", "unreadable"),
        ("kim", "z2", "correct"), ("lee", "z2", "correct"),
    ]  # fmt: skip


def test_columns_that_are_no_ids_are_left_out_and_named(run, folder):
    Path("a.csv").write_text("타임스탬프,이름,z1,비고,dE_total/dW99\n9:41,김,0.08,좋음,1\n")
    _, out, err = run("check", "two-two-two", "a.csv", "--json")
    assert err == "derive: a.csv: columns that name no id are left out: 타임스탬프, 비고\n"
    right, near = json.loads(out)["results"]
    assert right["verdict"] == "correct"
    assert "dE_total/dW" in near["message"].replace(near["id"], "")


@pytest.mark.parametrize(
    "text",
    [
        "z1,h2\n0.08,0.5\n",
        "kim,lee\n1,2\n",
        "이름,답\n김,1\n",
        "id,awnser\nz1,1\n",
        "name,kim\nlee,1\n",
        "id\nz1\n",
    ],
)
def test_what_names_no_ids_or_members_is_refused(run, folder, text):
    Path("a.csv").write_text(text)
    code, _, err = run("check", "two-two-two", "a.csv")
    assert code == 2
    assert "expected a header with the columns id and answer (기호, 답), or name and" in err


@pytest.mark.parametrize("head", ["name,z1,z1", "id,kim,kim", "id,answer,답"])
def test_two_columns_of_one_name_are_refused(run, folder, head):
    Path("a.csv").write_text(f"{head}\nz1,1,2\n")
    code, _, err = run("check", "two-two-two", "a.csv")
    if head.endswith("답"):
        assert code == 1
    else:
        assert (code, "keep one" in err) == (2, True)


def test_a_table_is_never_more_answers_than_it_may_have_lines(run, folder, monkeypatch):
    Path("a.csv").write_text("id," + ",".join(f"m{i}" for i in range(99)) + "\nz1" + ",1" * 99)
    monkeypatch.setattr(limits, "TABLE_LINES", 98)
    code, _, err = run("check", "two-two-two", "a.csv")
    assert (code, err) == (2, "derive: a.csv: more than 98 answers; give it in parts\n")


@pytest.mark.parametrize("start", ["name,z1", "id", ""])
def test_a_header_of_thousands_of_strange_columns_is_no_trouble(run, folder, start):
    Path("a.csv").write_text(f"{start}," + ",".join(f"q{i}" for i in range(9_000)) + "\nz1,1\n")
    begin = time.perf_counter()
    run("check", "two-two-two", "a.csv")
    assert time.perf_counter() - begin < 5


# --- workbooks --------------------------------------------------------------------------------


def workbook(table, name="a.xlsx", prepare=None):
    book = openpyxl.Workbook()
    for row in table:
        book.active.append(row)
    book.create_sheet("other").append(["id", "answer"])
    if prepare:
        prepare(book.active)
    book.save(name)
    return [(r.student, r.id, r.answer) for r in rows(name)]


def test_the_first_sheet_of_a_workbook_is_a_table(folder):
    table = [[], ["이름", "z1", 2, "h1"], ["김", 0.08, "0,11", 0.51998934], [None], ["이", 1]]
    assert workbook(table) == [
        ("김", "z1", "0.08"), ("김", "2", "0,11"), ("김", "h1", "0.51998934"),
        ("이", "z1", "1"),
    ]  # fmt: skip


def test_a_formula_is_never_computed(folder):
    table = [["id", "answer"], ["z1", "=1+1"], ["z2", True], ["h1", "x"]]
    assert [answer for *_, answer in workbook(table)] == ["", "true", "x"]


def test_the_value_that_a_spreadsheet_left_of_a_formula_is_read(folder):
    workbook([["id", "answer"], ["z1", "=2*0.04"]])
    with zipfile.ZipFile("a.xlsx") as old, zipfile.ZipFile("b.xlsx", "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(
                name, data.replace(b"<v />", b"<v>0.08</v>").replace(b"<v></v>", b"<v>0.08</v>")
            )
    assert [r.answer for r in rows("b.xlsx")] == ["0.08"]


def test_a_workbook_is_judged_as_a_table(run, folder):
    workbook([["번호", "답"], [1, 0.08], ["(52)", 0.43703857]])
    assert [(r["id"], r["verdict"]) for r in judged(run, name="a.xlsx")] == [
        ("z1", "correct"), ("W5+", "correct"),
    ]  # fmt: skip
    assert derive.check("two-two-two", "a.xlsx")[0].right == 2


def test_what_stands_far_outside_is_refused_at_once(run, folder):
    far = {"XFD1": (1, 16_384), "A1048576": (1_048_576, 1)}
    for row, column in far.values():
        book = openpyxl.Workbook()
        book.active.append(["id", "answer"])
        book.active.cell(row, column, "x")
        book.save("a.xlsx")
        code, _, err = run("check", "two-two-two", "a.xlsx")
        assert code == 2
        assert "delete what stands far outside" in err


def test_a_workbook_that_unpacks_to_a_huge_one_is_refused(run, folder, monkeypatch):
    workbook([["id", "answer"], ["z1", 0.08]])
    monkeypatch.setattr(limits, "WORKBOOK_BYTES", 1000)
    code, _, err = run("check", "two-two-two", "a.xlsx")
    assert (code, "unpacks to more than 1000 bytes" in err) == (2, True)
    Path("a.xlsx").write_bytes(b"PK\x03\x04" + bytes(limits.FILE_BYTES))
    assert "larger than 2097152 bytes" in run("check", "two-two-two", "a.xlsx")[2]


LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "ha" * 50}">' for i in range(10))


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "[Content_Types].xml", "xl/workbook.xml"]
)
@pytest.mark.parametrize("text", [f"<!DOCTYPE x [{LAUGHS}]><x>&l9;</x>", "<x", "", "\0"])
def test_a_broken_or_hostile_part_is_one_message(run, folder, part, text):
    workbook([["id", "answer"], ["z1", "0.08"]])
    with zipfile.ZipFile("a.xlsx") as old, zipfile.ZipFile("b.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, text if name == part else old.read(name))
    code, out, err = run("check", "two-two-two", "b.xlsx")
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1


def test_without_the_extra_it_is_told_what_to_install(run, folder, monkeypatch):
    workbook([["id", "answer"], ["z1", 0.08]])
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    _, _, err = run("check", "two-two-two", "a.xlsx")
    assert "pip install 'derive-by-hand[xlsx]'; or save it as CSV UTF-8" in err


def test_a_table_of_text_needs_no_openpyxl(folder):
    Path("a.csv").write_text("id,answer\nz1,0.08\n")
    script = (
        "import sys; from derive.cli import main; main(['check', 'two-two-two', 'a.csv']);"
        "sys.exit('openpyxl' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True).returncode == 0
