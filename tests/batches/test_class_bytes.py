"""A member's sheet is the worksheet of the same numbers, but for the lines with the code."""

import json
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from classes import list_codes, make, write_toml
from sampling import few

from derive.spec import digest, loads

FORMATS = ("md", "html", "tex", "typ")
COUNTS = [
    ("two-two-two", 2), ("circuit", 1),
    ("two-two-two", 60), ("circuit", 40), ("and-gate", 20), ("softmax", 10), ("words", 20),
    ("momentum", 15), ("deep", 10), ("batch", 10), ("matrices", 10), ("yes-or-no", 5),
]  # fmt: skip


def drop(text, *words):
    """Lines without those that hold some words."""
    return [line for line in text.splitlines() if not any(word in line for word in words)]


def work(run, code, home, *options):
    """The folder of `derive worksheet` on the spec inside a key."""
    key = json.loads((home / f"leader/keys/{code}.json").read_bytes())
    text = write_toml(key["spec"])
    assert digest(loads(text)) == key["digest"]
    Path(f"{code}.toml").write_text(text, "utf-8")
    args = (f"{code}.toml", "--format", ",".join(FORMATS), "-o", "alone", *options)
    assert run("worksheet", *args)[0] == 0
    return Path("alone") / code, key["digest"]


@pytest.mark.parametrize(("name", "count"), few(COUNTS, 2))
def test_a_members_files_are_those_of_worksheet_but_for_the_code(run, folder, name, count):
    home = make(run, "--count", count, spec=name, formats=",".join(FORMATS))
    for code in list_codes(home):
        alone, named = work(run, code, home)
        for file in (*(f"worksheet.{form}" for form in FORMATS), "answers.toml"):
            ours = (home / "members" / code / file).read_text("utf-8")
            theirs = (alone / file).read_text("utf-8")
            assert code in ours
            assert drop(ours, code, named) == drop(theirs, code, named)
        for form in FORMATS:
            ours = (home / f"leader/keys/{code}.{form}").read_text("utf-8")
            theirs = (alone / f"key.{form}").read_text("utf-8")
            assert drop(ours, code, named) == drop(theirs, code, named)
        shutil.rmtree(alone)


OWN = """
inputs = [0.5, 0.2]
targets = [0.4]
learning_rate = 0.5
[[layers]]
activation = "sigmoid"
weights = [[0.3, 0.6], [0.1, -0.2]]
[[layers]]
activation = "sigmoid"
weights = [[0.3, 0.7]]
[variants]
weights = { from = -0.9, to = 0.9, step = 0.05 }
inputs = { from = 0.1, to = 0.9, step = 0.1 }
learning_rate = [0.1, 0.2, 0.3, 0.4]
keep = ["targets", "W5"]
"""


def test_ranges_and_lists_of_an_author_make_the_same_files(run, folder):
    Path("own.toml").write_text(OWN)
    home = make(run, "--count", 2, spec="own.toml", formats=",".join(FORMATS))
    for code in list_codes(home):
        alone, named = work(run, code, home)
        for file in (*(f"worksheet.{form}" for form in FORMATS), "answers.toml"):
            ours = (home / "members" / code / file).read_text("utf-8")
            assert drop(ours, code, named) == drop((alone / file).read_text("utf-8"), code, named)


OPTIONS = ["--level blank", "--weights W5", "--blanks 3", "--lang ko"]


@pytest.mark.parametrize("options", few(OPTIONS, 1))
def test_options_mean_what_they_mean_for_a_worksheet(run, folder, options):
    options = options.split()
    home = make(run, "--count", 1, *options, spec="two-two-two", formats=",".join(FORMATS))
    (code,) = list_codes(home)
    alone, named = work(run, code, home, *options)
    for file in (*(f"worksheet.{form}" for form in FORMATS), "answers.toml"):
        ours = (home / "members" / code / file).read_text("utf-8")
        assert drop(ours, code, named) == drop((alone / file).read_text("utf-8"), code, named)


def test_a_page_with_a_code_has_few_lines_more(run, folder):
    """The code takes one place on the page, not a line at every number."""
    home = make(run, "--count", 1, formats=",".join(FORMATS))
    (code,) = list_codes(home)
    for form in FORMATS:
        lines = (home / f"members/{code}/worksheet.{form}").read_text("utf-8").splitlines()
        assert 1 <= sum(code in line for line in lines) <= 2


def test_the_form_for_spreadsheets_says_the_code_in_every_row(run, folder):
    home = make(run, "--count", 1)
    (code,) = list_codes(home)
    header, *rows = (home / f"members/{code}/answers.csv").read_text("utf-8").splitlines()
    assert header.startswith("number,id,answer,code,")
    assert rows
    assert all(row.split(",")[3] == code for row in rows)


def test_two_runs_give_the_same_bytes_of_everything(run, folder):
    """But for the time, which is of the run."""
    one = make(run, "--count", 2, out="one", formats="md,html")
    other = make(run, "--count", 2, out="other", formats="md,html")
    for path in one.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (other / path.relative_to(one)).read_bytes()


@pytest.mark.parametrize("name", few(["circuit", "two-two-two", "softmax"], 1))
def test_processes_give_the_same_bytes_as_one(run, folder, name):
    one = make(run, "--count", 5, spec=name, out="one")
    other = make(run, "--count", 5, "--jobs", 2, spec=name, out="other")
    files = {path.relative_to(one) for path in one.rglob("*") if path.is_file()}
    assert files == {path.relative_to(other) for path in other.rglob("*") if path.is_file()}
    for file in files:
        assert (one / file).read_bytes() == (other / file).read_bytes()


def test_a_svg_of_the_page_is_well_formed(run, folder):
    home = make(run, "--count", 1, formats="html")
    (code,) = list_codes(home)
    text = (home / f"members/{code}/worksheet.html").read_text("utf-8")
    picture = text[text.index("<svg") : text.index("</svg>") + 6]
    assert ET.fromstring(picture).tag.endswith("svg")  # noqa: S314  our own page
