"""output/ is made by the program, byte for byte, whatever the machine's settings."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sampling import EXAMPLES, REPRESENTATIVES, few

import derive
from derive.commands.bundle import bundle
from derive.render.formats import FORMATS
from derive.spec import override

OUTPUT = Path(__file__).resolve().parents[1] / "output"
SHEETS = {
    "ko/two-two-two": ("two-two-two", {"language": "ko"}),
    **{name: (name, {}) for name in EXAMPLES},
}
"""Folder to the exercise and what the command line changes in it."""
FORMS = ("md", "tex", "html")
PAGES = {"published.md", "audit.md", "audits.md", "class"}
"""What is there beside a folder for each exercise."""
PRACTICE = "practice.html"
TYPESET = {".svg", ".pdf"}
"""Files whose bytes also depend on the version of the typesetter."""
EXAMPLES = Path(__file__).resolve().parents[1] / ".ci" / "examples.py"
SETTINGS = [
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C", "PYTHONUTF8": "0"},
    {"PYTHONHASHSEED": "20", "TZ": "Asia/Seoul", "LC_ALL": "C.UTF-8", "LANG": "ko_KR.UTF-8"},
]


@pytest.mark.parametrize("folder", few(SHEETS, 1 + len(REPRESENTATIVES)))
def test_the_committed_files_are_those_of_the_program(folder):
    name, changes = SHEETS[folder]
    spec = override(derive.load(name), changes)
    forms = (*FORMS, "ipynb") if name == "two-two-two" else FORMS
    files = bundle(derive.sheet(spec), [FORMATS[form] for form in forms], "guided")
    practised = set()
    if name == "two-two-two":
        files |= derive.slides(spec)
        practised = {PRACTICE}
    committed = (path for path in (OUTPUT / folder).rglob("*.*") if path.suffix not in TYPESET)
    found = {path.relative_to(OUTPUT / folder).as_posix() for path in committed}
    assert found == set(files) | practised
    for file, text in files.items():
        assert (OUTPUT / folder / file).read_bytes().decode() == text, f"{folder}/{file}"


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["two-two-two", "ko/two-two-two"])
def test_the_committed_page_to_type_into_is_that_of_the_program(folder):
    name, changes = SHEETS[folder]
    page = derive.practice_page(override(derive.load(name), changes))
    assert (OUTPUT / folder / PRACTICE).read_bytes().decode() == page


def test_output_holds_the_examples_and_nothing_else():
    found = {path.parent.relative_to(OUTPUT).as_posix() for path in OUTPUT.rglob("key.json")}
    assert found == set(SHEETS)
    folders = {f.split("/")[0] for f in SHEETS}
    assert {path.name for path in OUTPUT.iterdir()} == folders | PAGES


@pytest.mark.slow
@pytest.mark.parametrize("settings", SETTINGS, ids=["C", "Seoul"])
def test_hash_seed_time_zone_and_locale_change_no_byte(settings, tmp_path):
    """Every file, those of the typesetter too."""
    command = [sys.executable, str(EXAMPLES), str(tmp_path)]
    subprocess.run(command, check=True, env=os.environ | settings, capture_output=True)
    made = {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()}
    committed = {path.relative_to(OUTPUT) for path in OUTPUT.rglob("*") if path.is_file()}
    assert made == committed
    for path in made:
        assert (tmp_path / path).read_bytes() == (OUTPUT / path).read_bytes(), path


def test_no_file_names_a_date_or_a_place_of_the_machine():
    for path in OUTPUT.rglob("*"):
        if path.is_file():
            text = path.read_bytes().decode("utf-8", errors="replace")
            assert "/home/" not in text
            told = re.sub(r"https?://\S+", "", text)
            assert not re.search(r"\b20\d\d-[01]\d|\bUTC\b", told)
