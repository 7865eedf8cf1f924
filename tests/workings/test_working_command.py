"""`derive working`: files and tables in, text and JSON out, exit codes, languages, help."""

import io
import json
import re
import sys
from pathlib import Path

import pytest
from sampling import slow

import derive

SHEETS = ("two-two-two", "circuit", "neuron", "softmax")
FALSE = "q = x + y = 3\nf = q*z = 3*-4 = 12\n"
KEYS = ["line", "status", "false_at", "id", "rule", "misconceptions", "message"]
SUMMARY = ["chains", "true", "rounded", "false", "carried", "unread"]


def write(text, name="a.txt"):
    Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return name


@pytest.fixture
def working(run):
    """The judged chains of a text, or of a table by its name."""

    def judge(text, *options, spec="circuit", name="a.txt"):
        code, out, err = run("working", spec, write(text, name), "--json", *options)
        assert code in (0, 1), err
        return json.loads(out)

    return judge


def test_the_json_has_the_shape_of_the_issue(working):
    found = working(FALSE)
    assert list(found) == ["chains", "summary"]
    assert [list(chain) for chain in found["chains"]] == [KEYS, KEYS]
    true, false = found["chains"]
    assert {**true, "message": ""} == {
        "line": 1,
        "status": "true",
        "false_at": None,
        "id": "q",
        "rule": None,
        "misconceptions": [],
        "message": "",
    }
    assert (false["line"], false["status"], false["false_at"]) == (2, "false", 3)
    assert (false["id"], false["rule"]) == ("f", "sign")
    assert isinstance(false["misconceptions"], list)


def test_the_summary_counts_every_status(working):
    found = working(FALSE + "f = foo = 3\nf = 12 = 3*4\n")
    assert list(found["summary"]) == SUMMARY
    assert found["summary"]["chains"] == len(found["chains"]) == 4
    assert sum(found["summary"][status] for status in SUMMARY[1:]) == 4


def test_a_text_without_a_sign_has_no_chains(working):
    assert working("nothing is said here\n") == {
        "chains": [],
        "summary": dict.fromkeys(SUMMARY, 0),
    }


@pytest.mark.parametrize(
    ("text", "code"),
    [(FALSE, 1), ("q = 3\n", 0), ("q = foo\n", 0), ("", 0), ("1/3 = 0.3\n", 0)],
)
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_the_exit_code_says_whether_something_is_false(run, text, code, options):
    assert run("working", "circuit", write(text), *options)[0] == code


@pytest.mark.parametrize(
    "arguments",
    [
        ("circuit", "missing.txt"),
        ("no-such-sheet", "a.txt"),
        ("circuit", "a.txt", "--id", "nobody"),
        ("circuit", "a.txt", "--lang", "xx"),
        ("circuit", "a.txt", "--reveal", "all"),
        ("circuit", "."),
        ("circuit", "b.toml"),
    ],
)
def test_what_cannot_be_read_is_one_message_and_exit_code_2(run, arguments):
    write(FALSE)
    write("q = [", "b.toml")
    code, out, err = run("working", *arguments)
    assert code == 2
    assert out == ""
    assert "Traceback" not in err
    assert err


def test_a_table_that_cannot_be_read_prints_no_half_of_a_json(run):
    write("q = [", "b.toml")
    assert run("working", "circuit", "b.toml", "--json")[:2] == (2, "")


def test_a_near_id_is_named(run):
    code, _, err = run("working", "two-two-two", write(FALSE), "--id", "dE_total/dW55")
    assert code == 2
    assert "did you mean dE_total/dW5" in err


@pytest.mark.parametrize("name", ["f", "df/dx", "df/dz"])
def test_lines_without_a_name_are_about_the_given_id(working, name):
    (chain,) = working("= 99.5\n", "--id", name)["chains"]
    assert (chain["id"], chain["status"]) == (name, "false")


def test_a_message_names_what_is_asked(working):
    (chain,) = working("= 99.5\n", "--id", "f")["chains"]
    assert "f is not 99.5" in chain["message"]


def test_a_dash_is_stdin(run, monkeypatch):
    stdin = io.TextIOWrapper(io.BytesIO(FALSE.encode()), "utf-8")
    monkeypatch.setattr(sys, "stdin", stdin)
    code, out, _ = run("working", "circuit", "-", "--json")
    assert code == 1
    assert [chain["line"] for chain in json.loads(out)["chains"]] == [1, 2]


def test_a_key_is_a_sheet_too(run):
    Path("key.json").write_text(json.dumps(derive.key(derive.load("circuit"))))
    assert run("working", "key.json", write(FALSE))[0] == 1


def test_a_text_report_marks_the_false_sign(run):
    _, out, _ = run("working", "circuit", write(FALSE))
    lines = out.splitlines()
    place = next(i for i, line in enumerate(lines) if line.strip() == "^")
    assert lines[place - 1][lines[place].index("^") :].startswith("= 12")


def test_a_mark_stands_under_its_sign_behind_korean(run):
    _, out, _ = run("working", "circuit", write("값 a = 3 = 4\n"))
    lines = out.splitlines()
    place = next(i for i, line in enumerate(lines) if line.strip() == "^")
    assert lines[place - 1].rindex("=") <= lines[place].index("^")


def test_a_report_may_be_written_to_a_file(run):
    assert run("working", "circuit", write(FALSE), "-o", "out.txt")[1] == "out.txt\n"
    assert "\x1b" not in Path("out.txt").read_text()


@pytest.mark.parametrize(("language", "word"), [("en", "sign"), ("ko", "부호")])
def test_messages_are_in_the_language_asked_for(working, language, word):
    (_, chain) = working(FALSE, "--lang", language)["chains"]
    assert word in chain["message"]


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("reveal", ["none", "hint", "full"])
def test_no_slot_of_a_sentence_is_left_open(run, language, reveal):
    text = FALSE + "f = foo\nf = 21\ndf/dx = df/dq\nf = 1/0\n"
    options = ("--lang", language, "--reveal", reveal)
    _, out, _ = run("working", "circuit", write(text), *options)
    assert not re.search(r"[{}]", out)


# Tables


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", 'student,id,answer,working\nkim,f,12,"f = q*z\n= 12"\n'),
        ("a.csv", 'student,id,working\nkim,f,"f = q*z\n= 12"\n'),
        ("a.csv", '이름,기호,답,풀이\nkim,f,12,"f = q*z\n= 12"\n'),
        ("a.csv", '이름;기호;답;풀이 과정\nkim;f;12;"f = q*z\n= 12"\n'),
        ("a.tsv", "student\tid\tanswer\twork\nkim\tf\t12\tf = q*z = 12\n"),
        ("a.csv", '이름,기호,답,풀이\nkim,f,12,"f = q*z\n= 12"\n'.encode("cp949")),
        ("a.csv", '이름,기호,답,풀이\nkim,f,12,"f = q*z\n= 12"\n'.encode("utf-16")),
    ],
)
def test_a_column_of_a_table_holds_lines(working, name, text):
    (chain,) = working(text, name=name)["chains"]
    assert (chain["student"], chain["line"], chain["id"]) == ("kim", 1, "f")
    assert (chain["status"], chain["false_at"]) == ("false", 2)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.toml", 'f = { answer = "12", working = "f = q*z = 12" }\n'),
        ("a.json", '{"f": {"answer": "12", "working": "f = q*z = 12"}}'),
        ("a.json", '{"kim": {"f": {"answer": "12", "working": "f = q*z = 12"}}}'),
    ],
)
def test_a_key_of_an_answer_holds_lines(working, name, text):
    (chain,) = working(text, name=name)["chains"]
    assert (chain["id"], chain["status"]) == ("f", "false")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.toml", 'f = "12"\nworking = """\nq = 3\nf = q*z = 12\n"""\n'),
        ("a.json", '{"f": "12", "working": "q = 3\\nf = q*z = 12"}'),
        ("a.toml", 'f = "12"\n"풀이" = "f = q*z = 12"\n'),
    ],
)
def test_a_key_of_a_sheet_holds_lines(working, name, text):
    assert working(text, name=name)["summary"]["false"] == 1


@pytest.mark.parametrize("sign", ["=", "\\u2248"])
def test_lines_in_a_cell_without_a_name_are_about_its_row(working, sign):
    found = working(json.dumps({"f": {"answer": "1", "working": "= 13"}}), name="a.json")
    assert [chain["id"] for chain in found["chains"]] == ["f"]


def test_members_are_judged_each_by_themselves(working):
    text = "student,id,working\nkim,q,q = 4\nlee,f,f = 4*-4 = -16\nkim,f,f = 4*-4 = -16\n"
    found = working(text, name="a.csv")["chains"]
    assert [(c["student"], c["status"]) for c in found] == [
        ("kim", "false"),
        ("lee", "false"),
        ("kim", "carried"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        'student,id,answer,working\nkim,f,12,"f = q*z\n= 3*-4\n= 12"\n',
        '이름,기호,답,풀이\nkim,f,12,"f = q*z\n= 3*-4\n= 12"\n',
    ],
)
def test_check_says_where_the_lines_beside_an_answer_go_wrong(run, text):
    code, out, _ = run("check", "circuit", write(text, "a.csv"), "--json")
    (result,) = json.loads(out)["results"]
    assert code == 1
    assert "sign 3 is the first false one" in result["message"]


@pytest.mark.parametrize("reveal", ["none", "hint", "full"])
def test_check_is_told_by_lines_whatever_is_revealed(run, reveal):
    text = 'student,id,answer,working\nkim,f,12,"f = q*z = 12"\n'
    _, out, _ = run("check", "circuit", write(text, "a.csv"), "--json", "--reveal", reveal)
    assert json.loads(out)["results"][0]["verdict"] in ("wrong", "misconception")


def test_a_right_answer_stays_right_whatever_its_lines(run):
    text = 'student,id,answer,working\nkim,f,-12,"f = q*z = 12"\n'
    _, out, _ = run("check", "circuit", write(text, "a.csv"), "--json")
    assert json.loads(out)["results"][0]["verdict"] == "correct"


# Help


NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e-?\d+)?")


def digits(number):
    return re.sub(r"e.*|\D", "", number).strip("0")


def wrong_lines(rows):
    """Wrong lines of many kinds about everything that is asked."""
    for row in rows:
        value, formula = float(row["value"]), row["formula"]
        name = row["id"]
        yield f"{name} = {value * 2 + 0.37:.7f}"
        yield f"{name} = {-value:.2f}1"
        yield f"{name} = {value:.1g}7"
        yield f"{name} = 2*({formula})"
        yield f"{name} = {formula} + 1/7"
        yield f"{name} = foo = 3"
        yield f"{name} = 0.3 or 0.4"


@pytest.mark.parametrize(
    ("spec", "options", "step"),
    [
        ("circuit", ("--json",), 1),
        ("neuron", (), 1),
        ("two-two-two", ("--lang", "ko"), 6),
        ("softmax", ("--json", "--lang", "ko"), 12),
        *(slow((spec, (), 1)) for spec in SHEETS),
    ],
)
def test_without_help_no_digit_of_the_key_is_given_away(run, spec, options, step):
    rows = [row for row in derive.key(derive.load(spec))["answers"] if row["asked"]]
    text = "\n".join(wrong_lines(rows[::step])).replace("{", "").replace("}", "")
    known = {digits(number) for number in NUMBER.findall(text)}
    values = {digits(row["shown"]) for row in rows} - {""}
    _, out, _ = run("working", spec, write(text), "--reveal", "none", *options)
    told = {digits(number) for number in NUMBER.findall(out)} - known
    told = {number for number in told if len(number) >= 4}
    assert not [(n, v) for n in told for v in values if v.startswith(n)]


@pytest.mark.parametrize(
    ("reveal", "formula", "value"),
    [("none", False, False), ("hint", True, False), ("full", True, True)],
)
def test_help_grows_from_a_rule_to_a_formula_to_a_value(working, reveal, formula, value):
    (chain,) = working("f = 7 + 8\n", "--reveal", reveal)["chains"]
    assert ("f = q" in chain["message"]) is formula
    assert ("Here should stand -12" in chain["message"]) is value


def test_a_rule_is_named_without_help(working):
    (_, chain) = working(FALSE, "--reveal", "none")["chains"]
    assert "sign" in chain["message"]


@pytest.mark.parametrize("reveal", ["none", "hint"])
def test_a_number_of_the_sheet_stands_for_no_name_without_help(working, reveal):
    text = "W5+ = 0.45 - 0.5*0.0259 = 0.45 - 0.7*0.0259\n"
    (chain,) = working(text, "--reveal", reveal, spec="two-two-two")["chains"]
    assert "0.43" not in chain["message"]


# Python


def test_the_python_twin_gives_the_same_lines(working):
    lines = derive.working("circuit", FALSE)
    found = working(FALSE)["chains"]
    assert [(line.chain.line, line.status, line.false_at) for line in lines] == [
        (chain["line"], chain["status"], chain["false_at"]) for chain in found
    ]


def test_the_python_twin_takes_an_id():
    (line,) = derive.working(derive.load("circuit"), "= -12", "f")
    assert (line.id, line.status) == ("f", "true")


def test_the_python_twin_refuses_an_unknown_id():
    with pytest.raises(derive.SpecError, match="nobody"):
        derive.working("circuit", "= -12", "nobody")
