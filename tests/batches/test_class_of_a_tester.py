"""What a tester broke: files of a class written over, codes that were not seen as such."""

import json
import shutil
from pathlib import Path

import pytest

import derive
from derive.batches import Folder
from derive.batches.roll import Roll
from derive.errors import SpecError
from derive.grading.rosters import read_roster

SECRET = "ab" * 32


@pytest.fixture
def made(run, folder):
    """A class of three in the folder that tests run in."""
    Path("s.secret").write_text(SECRET)
    options = ("--count", "3", "--secret-file", "s.secret", "--format", "md", "-o", ".")
    assert run("batch", "two-two-two", *options)[0] == 0
    shutil.copy("s.secret", "two-two-two/leader/secret")
    return Folder(Path("two-two-two"))


def answer(made, text="code,z2,W5+\n{},0.5,1\n"):
    code = next(made.read_index()).code
    Path("x.csv").write_text(text.format(code))
    return code


FILES = ("leader/index.csv", "leader/batch.json", "leader/secret", "leader/keys/{}.json")


@pytest.mark.parametrize("name", [*FILES, "members/{}/answers.toml"])
@pytest.mark.parametrize("command", ["report", "output", "quiz"])
def test_no_output_replaces_a_file_of_the_class(run, made, name, command):
    path = made.home / name.format(answer(made))
    before = path.read_bytes()
    arguments = {
        "report": ("check", str(made.home), "x.csv", "--report", str(path)),
        "output": ("check", str(made.home), "x.csv", "-o", str(path)),
        "quiz": ("quiz", str(made.home), "--to", "gift", "-o", str(path)),
    }
    code, _, err = run(*arguments[command])
    assert code == 2
    assert "belongs to the class" in err
    assert path.read_bytes() == before


def test_a_report_beside_the_sheets_is_written(run, made):
    answer(made)
    path = made.home / "report.html"
    for _ in range(2):
        assert run("check", str(made.home), "x.csv", "--report", str(path))[0] == 1
    assert path.read_text().startswith("<!doctype html>")


def test_an_answer_in_one_form_and_none_in_the_other_is_one_answer(run, made):
    code = answer(made)
    shutil.copytree(made.members / code, "filled")
    form = Path("filled/answers.toml")
    form.write_text(form.read_text().replace('"z2" = ""', '"z2" = "0.5"'))
    results = json.loads(run("check", str(made.home), "filled", "--json")[1])["results"]
    assert [r["verdict"] for r in results if r["id"] == "z2"] == ["wrong"]


@pytest.mark.parametrize(
    "typed",
    ["{0}", "{1}", "code {2}", "{3}"],
    ids=["a letter lost", "a letter doubled", "a word before it", "full width"],
)
def test_a_code_that_is_mistyped_is_seen_as_one(run, made, typed):
    code = answer(made)
    other = code[:3] + ("2" if code[3] != "2" else "3") + code[4:]
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code[:-1])
    text = typed.format(code[:5] + code[6:], code[:4] + code[3:], other, wide)
    with pytest.raises(SpecError, match=f"did you mean {code}"):
        Roll(made.read_index()).find(text)


def test_a_stranger_is_not_answered_with_everybodys_names(run, folder):
    Path("r.csv").write_text("name\nAda\nBo\nCy\n")
    run("batch", "neuron", "--roster", "r.csv", "--format", "md", "-o", ".")
    with pytest.raises(SpecError, match="nobody of this class is called so; give the code"):
        Roll(Folder(Path("neuron")).read_index()).find("Xerxes")


def test_the_report_tells_strays_in_its_language(run, made):
    answer(made, "code,id,answer\n{},z2,0.5\nABCDEFG9,z2,1\n,z2,1\n")
    run("check", str(made.home), "x.csv", "--report", "r.md", "--lang", "ko")
    text = Path("r.md").read_text("utf-8")
    assert "이 반의 문제지에 없는 코드입니다" in text
    assert "answer 3" in text
    assert "코드도 이름도 없는 답입니다" in text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name\nkim, ann\n", "line 2: 2 cells below a heading of 1"),
        ("", "is empty"),
        ("kim\nlee\n", "write such a heading above the names"),
        ("PK\x03\x04abc", "save the sheet as CSV"),
    ],
)
def test_a_roster_that_would_be_cut_is_refused(run, folder, text, told):
    Path("r.csv").write_text(text)
    with pytest.raises(SpecError) as error:
        list(read_roster("r.csv"))
    assert told in str(error.value)
    assert run("batch", "neuron", "--roster", "r.csv", "-o", ".")[0] == 2


@pytest.mark.parametrize("name", ["-minus", "=cmd()", "@at", "+82 hello", "'quoted"])
def test_a_name_stays_as_it_is_outside_spreadsheets(run, folder, name):
    Path("r.csv").write_text(f"name\n{name}\n")
    assert run("batch", "neuron", "--roster", "r.csv", "--format", "md", "-o", ".")[0] == 0
    (member,) = Folder(Path("neuron")).read_index()
    assert member.student == name
    assert f",'{name}" in Path("neuron/leader/index.csv").read_text() or name == "'quoted"


def test_a_secret_has_a_function_too(folder):
    derive.secret("mine.secret")
    assert len(bytes.fromhex(Path("mine.secret").read_text())) == 32
    with pytest.raises(SpecError, match="never replaced"):
        derive.secret("mine.secret")


def test_a_quiz_of_a_class_has_a_function_too(made):
    assert derive.quiz(made.home, "gift").count("CATEGORY") > 1
    with pytest.raises(SpecError, match="holds no class"):
        derive.quiz(".", "gift")
