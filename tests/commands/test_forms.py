"""The form that lies beside a sheet: its blanks, its level, its spec; what `check` counts."""

import csv
import json
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from sampling import examples

import derive
from derive.derivation.steps import STAGES
from derive.grading.practice import practice_page

LEVELS = ("full", "guided", "blank")
GUIDED = len(derive.api.asked("two-two-two", "guided"))


@cache
def key_of(name):
    sheet = derive.sheet(name)
    return {step.id: sheet.numbers.shown(step.id).text for step in derive.api.asked(sheet)}


@cache
def key_json(name):
    return "".join(derive.api.key_json(derive.load(name), STAGES, ("id",)))


def filled(home, form="toml", name="two-two-two", **other):
    """The form of a sheet with the key's numbers in it."""
    answers = key_of(name) | other
    path = Path(home) / f"answers.{form}"
    text = path.read_text("utf-8")
    for i, shown in answers.items():
        text = text.replace(f'"{i}" = ""', f'"{i}" = "{shown}"')
        text = re.sub(rf"^(\d+,{re.escape(i)},)$", rf"\g<1>{shown}", text, flags=re.MULTILINE)
    Path(f"a.{form}").write_text(text, "utf-8")
    return f"a.{form}"


@pytest.fixture
def home(run, folder):
    """The folder of a guided sheet of the deck's network."""
    run("worksheet", "two-two-two", "--format", "md")
    return folder / "output" / "two-two-two"


@pytest.mark.parametrize("name", examples())
@pytest.mark.parametrize("level", LEVELS)
def test_the_forms_hold_the_blanks_of_the_sheet_and_their_numbers(run, folder, name, level):
    run("worksheet", name, "--format", "md", "--level", level)
    home = folder / "output" / name
    sheet = (home / "worksheet.md").read_text("utf-8")
    blanks = sorted({int(n) for n in re.findall(r"\\underset\{\((\d+)\)\}", sheet)})
    every = [step.id for step in derive.api.asked(name)]
    ids = [every[n - 1] for n in blanks]
    toml = (home / "answers.toml").read_text("utf-8")
    assert list(tomllib.loads(toml)) == ids
    assert [int(n) for n in re.findall(r"# \((\d+)\)$", toml, re.MULTILINE)] == blanks
    with (home / "answers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(int(r["number"]), r["id"], r["answer"]) for r in rows] == [
        (n, i, "") for n, i in zip(blanks, ids, strict=True)
    ]
    assert [step.id for step in derive.api.asked(name, level)] == ids


@pytest.mark.parametrize("form", ["toml", "csv"])
def test_a_perfect_guided_sheet_is_right_throughout(run, home, form):
    code, out, err = run("check", "two-two-two", filled(home, form))
    assert (code, err) == (0, "")
    assert out.endswith(f"{GUIDED} of {GUIDED} right\n")
    (marked,) = derive.check("two-two-two", f"a.{form}")
    assert (marked.right, marked.asked) == (GUIDED, GUIDED)


@pytest.mark.parametrize(("level", "asked"), [("full", 0), ("guided", GUIDED), ("blank", 66)])
def test_the_option_names_another_sheet(run, home, level, asked):
    form = filled(home)
    _, out, _ = run("check", "two-two-two", form, "--level", level, "--json")
    right = min(asked, GUIDED)
    assert json.loads(out)["summary"] == {"asked": asked, "right": right}
    (marked,) = derive.check("two-two-two", form, level)
    assert (marked.right, marked.asked) == (right, asked)


@pytest.mark.parametrize("source", ["two-two-two", "key.json", "answers"])
def test_without_a_level_every_id_is_asked(run, folder, source):
    Path("a.json").write_text(json.dumps(key_of("two-two-two")))
    Path("key.json").write_text(key_json("two-two-two"))
    key = "key.json" if source == "key.json" else "two-two-two"
    assert run("check", key, "a.json")[1].endswith("66 of 66 right\n")


def test_an_unknown_level_is_told_with_those_there_are(run, home):
    code, _, err = run("check", "two-two-two", filled(home), "--level", "gided")
    assert (code, "did you mean guided?" in err) == (2, True)
    with pytest.raises(derive.SpecError, match="did you mean guided"):
        derive.check("two-two-two", {}, "gided")


def test_what_is_worked_on_the_sheet_may_be_answered_and_is_judged(run, home):
    form = Path(filled(home))
    form.write_text(form.read_text("utf-8") + '"z1" = "0.9"\n"h1" = ""\n"z3" = "0.44498412"\n')
    code, out, _ = run("check", "two-two-two", str(form))
    assert code == 1
    assert re.search(r"✗ z1 +0\.9", out)
    assert "z3" in out
    assert "h1 " not in out
    assert out.endswith(f"{GUIDED} of {GUIDED} right\n")


@pytest.mark.parametrize(
    ("options", "choice"),
    [
        (("--blanks", "6"), derive.Choice(6)),
        (("--weights", "W5, W1"), derive.Choice(weights=("W5", "W1"))),
        (("--weights", "W5", "--blanks", "3"), derive.Choice(3, ("W5",))),
    ],
)
@pytest.mark.parametrize("form", ["toml", "csv"])
def test_a_sheet_of_an_evenings_size_counts_what_it_asks(run, folder, options, choice, form):
    run("worksheet", "two-two-two", "--format", "md", *options)
    steps = derive.api.asked("two-two-two", "guided", choice)
    sheet = Path("output/two-two-two/worksheet.md").read_text("utf-8")
    assert sheet == derive.page("two-two-two", choice=choice)
    count = len(steps)
    assert 0 < count < GUIDED
    answers = filled("output/two-two-two", form)
    assert run("check", "two-two-two", answers)[1].endswith(f"{count} of {count} right\n")
    (marked,) = derive.check("two-two-two", answers)
    assert (marked.right, marked.asked) == (count, count)
    whole = run("check", "two-two-two", answers, "--level", "guided")[1]
    assert whole.endswith(f"{count} of {GUIDED} right\n")


def test_a_practice_page_of_an_evenings_size_says_so_in_its_form(run, folder):
    run("worksheet", "circuit", "--format", "md", "--practice", "--blanks", "2")
    page = Path("output/circuit/practice.html").read_text("utf-8")
    assert page == derive.practice_page("circuit", choice=derive.Choice(2))
    assert "level guided, blanks 2" in page
    assert page.count('<form class="entry"') == 2


@pytest.mark.parametrize("options", [("--blanks", "0"), ("--weights", "W55")])
def test_a_choice_of_nothing_is_refused(run, folder, options):
    code, out, err = run("worksheet", "two-two-two", *options)
    assert (code, out) == (2, "")
    assert err.startswith(f"derive: two-two-two: {options[0]}: ")


def test_a_report_counts_the_blanks_of_the_sheet(run, home):
    form = Path(filled(home))
    form.write_text(form.read_text("utf-8") + '"z1" = "0.08"\n')
    run("check", "two-two-two", str(form), "--report", "r.csv")
    with Path("r.csv").open(encoding="utf-8-sig", newline="") as file:
        _, member = list(csv.reader(file))[:2]
    assert member[1:4] == [str(GUIDED)] * 3


def test_a_practice_page_hands_over_spec_and_level():
    page = practice_page(derive.sheet("two-two-two"), "guided")
    form = (Path(__file__).parents[2] / "output/two-two-two/answers.toml").read_text("utf-8")
    assert form.splitlines()[0].removeprefix("# ") in page


# --- another spec -----------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["toml", "csv"])
@pytest.mark.parametrize("key", ["circuit", "other.toml", "key.json"])
def test_a_form_of_another_spec_is_refused_unless_it_is_forced(run, home, form, key):
    text = (Path(derive.__file__).parent / "examples" / "two-two-two.toml").read_text("utf-8")
    Path("other.toml").write_text(text.replace("learning_rate = 0.5", "learning_rate = 0.4"))
    Path("key.json").write_text(key_json("other.toml"))
    answers = filled(home, form)
    code, out, err = run("check", key, answers)
    assert (code, out) == (2, "")
    assert err.startswith(f"derive: {answers}: was made for another spec (0260cc97..., the key ")
    assert "take the key.json that was written beside it, for a form of a class" in err
    assert run("check", key, answers, "--force")[0] == 1
    with pytest.raises(derive.SpecError, match="was made for another spec"):
        derive.check(key, answers)
    assert derive.check(key, answers, force=True)


@pytest.mark.parametrize("options", [("--lang", "ko"), ()])
def test_the_language_of_a_sheet_is_no_other_spec(run, folder, options):
    run("worksheet", "two-two-two", "--format", "md", *options)
    answers = filled("output/two-two-two")
    for language in ("en", "ko"):
        assert run("check", "two-two-two", answers, "--lang", language)[0] == 0


def test_the_key_beside_a_form_fits_it_whatever_was_overridden(run, folder):
    run("worksheet", "two-two-two", "--format", "md", "--decimals", "4", "--notation", "indexed")
    home = Path("output/two-two-two")
    assert run("check", "two-two-two", home / "answers.toml")[0] == 2
    assert run("check", home / "key.json", home / "answers.toml")[0] == 1


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_form_that_went_through_a_spreadsheet_is_still_one(run, home, delimiter, encoding):
    path = Path(filled(home, "csv"))
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([*row, ""] for row in rows)
    assert run("check", "two-two-two", path)[1].endswith(f"{GUIDED} of {GUIDED} right\n")
    assert run("check", "circuit", path)[0] == 2


def test_a_workbook_made_of_a_form_is_still_one(run, home):
    import openpyxl

    book = openpyxl.Workbook()
    with Path(filled(home, "csv")).open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            book.active.append(row)
    book.save("a.xlsx")
    assert run("check", "two-two-two", "a.xlsx")[1].endswith(f"{GUIDED} of {GUIDED} right\n")
    assert "was made for another spec" in run("check", "circuit", "a.xlsx")[2]


def test_a_form_over_stdin_carries_its_level(run, home, monkeypatch):
    import io

    for form in ("toml", "csv"):
        data = Path(filled(home, form)).read_bytes()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        assert run("check", "two-two-two", "-")[1].endswith(f"{GUIDED} of {GUIDED} right\n")
