"""The command line: what is printed, what is written, which exit code."""

import csv
import io
import json
import re
import shlex
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from sampling import examples, few

import derive
from derive.cli import cli
from derive.spec import digest, from_plain

COMMANDS = sorted(cli.commands)


def test_there_are_these_commands():
    assert COMMANDS == [
        "audit",
        "batch",
        "check",
        "diff",
        "draw",
        "export",
        "fragment",
        "gradcheck",
        "key",
        "list",
        "new",
        "plot",
        "quiz",
        "schema",
        "secret",
        "slides",
        "train",
        "verify",
        "working",
        "worksheet",
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_example_in_each_help_runs(run, folder, name):
    Path("answers.toml").write_text('"W5+" = "0.43703857"')
    for lines in ("lines.txt", "notes.md"):
        Path(lines).write_text("dE/dW5 = 0.2094460 * 0.2380216 * 0.5199893 = 0.0259229")
    code, out, _ = run(name, "--help")
    assert code == 0
    example = re.search(r"Example: derive (.*)", out).group(1)
    missing_answers = 1 if name == "check" else 0
    for part in example.split(" && derive "):
        assert run(*shlex.split(part))[0] == missing_answers


def test_worksheet_writes_its_files_and_says_which(run, folder):
    code, out, err = run("worksheet", "two-two-two")
    home = Path("output") / "two-two-two"
    names = [
        "worksheet.md",
        "key.md",
        "worksheet.tex",
        "key.tex",
        "worksheet.html",
        "key.html",
        "key.json",
        "answers.toml",
        "answers.csv",
    ]
    assert (code, err) == (0, f"next: derive check two-two-two {home / 'answers.toml'}\n")
    assert out.split() == [str(home / name) for name in names]
    assert sorted(p.name for p in (folder / home).iterdir()) == sorted(names)


def test_each_command_ends_with_the_next_one_to_type(run, folder):
    """What is printed runs as it stands, from the list to the checked sheet."""
    told = run("new", "mine")[2]
    assert told == "next: derive worksheet mine.toml\n"
    told = run(*typed(told), "-o", "an evening")[2]
    assert told == "next: derive check mine.toml 'an evening/mine/answers.toml'\n"
    assert run(*typed(told))[0] == 1
    told = run("worksheet", "mine.toml", "--decimals", "4")[2]
    assert told == "next: derive check output/mine/key.json output/mine/answers.toml\n"
    assert run(*typed(told))[0] == 1
    assert run(*typed(run("list")[2]))[0] == 0
    assert run("slides", "neuron")[2] == "next: latexmk -cd -pdf output/neuron/slides.tex\n"
    assert run("slides", "neuron", "--format", "svg")[2] == ""


def typed(told):
    return shlex.split(told.removeprefix("next: derive "))


@pytest.mark.parametrize("level", ["full", "guided", "blank"])
def test_levels_differ_in_what_is_left_to_do(run, folder, level):
    assert run("worksheet", "two-two-two", "--level", level, "--format", "md")[0] == 0
    text = (folder / "output/two-two-two/worksheet.md").read_text("utf-8")
    blanks = {int(n) for n in re.findall(r"\\underset\{\((\d+)\)\}", text)}
    asked = len(derive.api.asked("two-two-two"))
    if level == "full":
        assert not blanks
    elif level == "blank":
        assert blanks == set(range(1, asked + 1))
    else:
        assert 0 < len(blanks) < asked


def test_overrides_of_the_command_line_reach_page_and_key(run, folder):
    args = ("--decimals", "4", "--notation", "indexed", "--rounding", "stepwise", "--steps", "2")
    assert run("worksheet", "two-two-two", *args)[0] == 0
    key = json.loads((folder / "output/two-two-two/key.json").read_text("utf-8"))
    assert (key["decimals"], key["notation"], key["rounding"]) == (4, "indexed", "stepwise")
    assert key["spec"]["steps"] == 2
    assert digest(from_plain(key["spec"])) == key["digest"]
    assert "W2_2_2@2" in [answer["id"] for answer in key["answers"]]


def test_the_key_is_what_the_contract_says(run):
    code, out, _ = run("key", "two-two-two", "--format", "json")
    key = json.loads(out)
    assert code == 0
    assert key["format"] == "derive-key/1"
    assert key["digest"] == digest(from_plain(key["spec"]))
    answers = {answer["id"]: answer for answer in key["answers"]}
    w5 = answers["dE_total/dW5"]
    assert w5["formula"] == "{dE_total/do1}*{do1/dz3}*{dz3/dW5}"
    assert w5["depends_on"] == ["dE_total/do1", "do1/dz3", "dz3/dW5"]
    assert w5["value"].startswith("0.025922855603647399")
    assert (w5["stage"], w5["asked"], w5["shown"]) == ("backward", True, "0.02592286")
    assert answers["x1"]["asked"] is False
    assert answers["z1"]["exact"] == "2/25"


def test_only_some_stages_and_fields(run):
    args = ("--only", "backward,update", "--fields", "id,value,shown")
    code, out, _ = run("key", "two-two-two", "--format", "json", *args)
    assert code == 0
    answers = json.loads(out)["answers"]
    assert all(list(answer) == ["id", "value", "shown"] for answer in answers)
    assert answers[0]["id"] == "dE_total/do1"
    assert answers[-1]["id"] == "W8+"


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("key", "circuit", "--format", "json", "--only", "forwrd"), "did you mean forward?"),
        (("key", "circuit", "--format", "json", "--fields", "valu"), "did you mean value?"),
        (("key", "circuit", "--only", "forward"), "need --format json or csv"),
        (("key", "circuit", "--format", "jsn"), "unknown format jsn"),
        (("worksheet", "circuit", "--format", "mdd"), "did you mean md?"),
        (("worksheet", "circuit", "--level", "ful"), "did you mean full?"),
        (("worksheet", "circuit", "--lang", "xx"), "language: no words for it"),
        (("worksheet", "circuit", "--notation", "fat"), "did you mean flat?"),
        (("worksheet", "circuit", "--decimals", "0"), "decimals: expected a whole number"),
        (("fragment", "two-two-two", "dE_total/dW55"), "did you mean dE_total/dW5?"),
        (("diff", "x+", "--wrt", "x"), "column 3"),
        (("diff", "x", "--wrt", "2x"), "is not a name"),
        (("diff", "x"), "Missing option '--wrt'"),
        (("new", "mine", "--kind", "netwrk"), "did you mean network?"),
        (("wrksheet", "circuit"), "did you mean worksheet?"),
        (("worksheet",), "Missing argument 'SPEC'"),
    ],
)
def test_usage_that_is_wrong_says_what_would_be_right(run, args, told):
    code, out, err = run(*args)
    assert code == 2
    assert out == ""
    assert told in err
    assert err.startswith("derive: ")


def test_csv_keys_hold_no_cell_that_a_spreadsheet_runs(run):
    code, out, _ = run("key", "two-two-two", "--format", "csv")
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    assert rows[0]["id"] == "x1"
    for row in rows:
        for cell in row.values():
            assert not cell.startswith(("=", "+", "@")) or re.fullmatch(r"[+-]?[\d.]+", cell)
            assert not cell.startswith("-") or re.fullmatch(r"-[\d.e-]+", cell)


def test_a_fragment_is_one_step_for_input(run, folder):
    code, _, _ = run("fragment", "two-two-two", "dE/dW5", "-o", "w5.tex")
    text = (folder / "w5.tex").read_text("utf-8")
    assert code == 0
    assert text.startswith("% derive ")
    assert "\\begin{align*}" in text
    assert "0.02592285" in text
    assert "documentclass" not in text


@pytest.mark.parametrize("form", ["text", "md", "tex"])
def test_diff_leads_the_sigmoid_to_its_output(run, form):
    code, out, _ = run("diff", "1/(1+exp(-x))", "--wrt", "x", "--format", form)
    assert code == 0
    assert ("s*(1-s)" if form == "text" else "s(1 - s)") in out
    assert "quotient rule" in out


def test_diff_prints_the_power_rule_before_it_is_multiplied_out(run):
    out = run("diff", "(t-o)^3/3", "--wrt", "o")[1]
    assert "3*(1/3)*(t-o)^(3-1)*(-1)" in out


@pytest.mark.parametrize("name", examples(5))
def test_verify_agrees_on_every_built_in(run, name):
    code, out, _ = run("verify", name)
    assert code == 0
    assert re.search(r"^(\d+) of \1 numbers agree$", out, re.MULTILINE)


def test_verify_says_when_a_number_disagrees(run, monkeypatch):
    from derive.numbers import rounding

    right = rounding.write_digits
    monkeypatch.setattr(
        rounding,
        "write_digits",
        lambda n, exponent, digits: right(n, exponent, digits).replace("0.0259", "0.0258"),
    )
    code, out, _ = run("verify", "two-two-two")
    assert code == 1
    assert "DIFFERS" in out
    assert any("DIFFER:" in line and "dE_total/dW5" in line for line in out.splitlines())


def test_list_names_what_exists(run):
    code, out, _ = run("list")
    assert code == 0
    for word in (*derive.examples(), "leaky_relu", "mean_squared_error", "md", "tex", "en"):
        assert word in out


@pytest.mark.parametrize("kind", ["network", "circuit"])
def test_new_gives_a_spec_that_works_and_never_overwrites(run, folder, kind):
    assert run("new", "mine", "--kind", kind)[:2] == (0, "mine.toml\n")
    assert run("worksheet", "mine.toml")[0] == 0
    assert run("verify", "mine.toml")[0] == 0
    (folder / "mine.toml").write_text("precious")
    code, _, err = run("new", "mine")
    assert code == 2
    assert "exists already" in err
    assert (folder / "mine.toml").read_text() == "precious"


def test_new_starts_from_any_exercise(run, folder):
    assert run("new", "mine", "--like", "lstm")[0] == 0
    assert derive.load(folder / "mine.toml") == derive.load("lstm")
    code, _, err = run("new", "other", "--like", "lsmt")
    assert code == 2
    assert "unknown exercise lsmt; did you mean lstm?" in err
    assert not (folder / "other.toml").exists()


def test_version(run):
    assert run("--version")[:2] == (0, f"derive {derive.__version__}\n")


@pytest.mark.parametrize("form", ["toml", "csv"])
def test_a_form_that_was_filled_in_is_kept(run, folder, form):
    run("worksheet", "two-two-two")
    path = folder / "output/two-two-two" / f"answers.{form}"
    filled = (
        path.read_text("utf-8").replace('"z2" = ""', '"z2" = "0.11"').replace("z2,", "z2,0.11")
    )
    path.write_text(filled, "utf-8")
    code, out, _ = run("worksheet", "two-two-two")
    assert code == 0
    assert f"answers.{form}  (kept: it holds answers)" in out
    assert path.read_text("utf-8") == filled


def test_an_empty_form_is_made_anew(run, folder):
    run("worksheet", "two-two-two")
    run("worksheet", "two-two-two", "--notation", "indexed")
    path = folder / "output/two-two-two/answers.toml"
    assert "z1_2" in tomllib.loads(path.read_text("utf-8"))


def test_something_that_is_no_form_of_ours_is_kept(run, folder):
    home = folder / "output/two-two-two"
    home.mkdir(parents=True)
    (home / "answers.toml").write_bytes(b"\xff not toml")
    (home / "answers.csv").write_text('id,answer\n"z1')
    assert run("worksheet", "two-two-two")[0] == 0
    assert (home / "answers.toml").read_bytes() == b"\xff not toml"


@pytest.mark.parametrize("where", ["/proc/none", "file/inside"])
def test_a_folder_that_cannot_be_written_is_named(run, folder, where):
    (folder / "file").write_text("here")
    code, out, err = run("worksheet", "two-two-two", "-o", where)
    assert (code, out) == (2, "")
    assert err.startswith(f"derive: {where}")
    assert "cannot be written" in err


def test_a_link_at_the_target_is_replaced_and_not_followed(run, folder):
    (folder / "precious").write_text("precious")
    (folder / "w5.tex").symlink_to(folder / "precious")
    assert run("fragment", "two-two-two", "W5+", "-o", "w5.tex")[0] == 0
    assert (folder / "precious").read_text() == "precious"
    assert not (folder / "w5.tex").is_symlink()


def test_help_and_refusals_import_neither_sympy_nor_jinja():
    script = (
        "import sys; from derive.cli import main\n"
        "for args in (['--help'], ['--version'], ['worksheet', 'none.toml'], ['key', '--help']):\n"
        "    main(args)\n"
        "sys.exit(bool({'sympy', 'mpmath', 'jinja2'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True).returncode == 0


def test_the_main_job_needs_no_sympy_because_its_shapes_are_proved(tmp_path):
    script = (
        "import sys; from derive.cli import main\n"
        f"main(['worksheet', 'two-two-two', '-o', {str(tmp_path)!r}])\n"
        "sys.exit('sympy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True).returncode == 0


SLOW_WRITE = """
import os, sys, signal, pathlib
from derive.commands import files
from derive.cli import main
count = 0
original = pathlib.Path.replace
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
def replace(self, target):
    global count
    count += 1
    if count == int(sys.argv[2]):
        os.kill(os.getpid(), int(sys.argv[3]))
    return original(self, target)
pathlib.Path.replace = replace
sys.exit(main(["worksheet", "two-two-two", "-o", sys.argv[1]]))
"""


@pytest.mark.parametrize("write", few([3, 1, 2, 4, 5, 6, 7, 8, 9], 1))
@pytest.mark.parametrize("name", few(["SIGKILL", "SIGTERM", "SIGINT"], 2))
def test_a_kill_in_the_middle_leaves_no_half_file_and_the_next_run_repairs(
    run, tmp_path, write, name
):
    number = getattr(signal, name)
    command = [sys.executable, "-c", SLOW_WRITE, str(tmp_path), str(write), str(int(number))]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    expected = {"SIGKILL": -9, "SIGTERM": 143, "SIGINT": 130}
    assert done.returncode == expected[name]
    assert "Traceback" not in done.stderr
    output = Path(__file__).resolve().parents[2] / "output" / "two-two-two"
    home = tmp_path / "two-two-two"
    for path in home.iterdir():
        if path.name.startswith(".derive-"):
            assert name == "SIGKILL", "a temporary file was left"
            continue
        assert path.read_bytes() == (output / path.name).read_bytes()
    assert run("worksheet", "two-two-two", "-o", tmp_path)[0] == 0
    whole = {path.name for path in home.iterdir() if not path.name.startswith(".derive-")}
    assert whole == {
        "worksheet.md", "key.md", "worksheet.tex", "key.tex", "worksheet.html", "key.html",
        "key.json", "answers.toml", "answers.csv",
    }  # fmt: skip
    for file in whole:
        assert (home / file).read_bytes() == (output / file).read_bytes()
