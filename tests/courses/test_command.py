"""derive quiz: what it writes, and what it says where it cannot."""

import sys

import pytest

import derive
from derive.courses import COURSES, Course
from derive.pages.choosing import Choice
from derive.spec import override


def test_text_goes_to_the_terminal_or_into_a_file(run, folder):
    code, out, _ = run("quiz", "two-two-two", "--to", "gift")
    assert code == 0
    assert out == derive.quiz("two-two-two", "gift")
    assert run("quiz", "two-two-two", "--to", "gift", "-o", "q.gift")[0] == 0
    assert (folder / "q.gift").read_text("utf-8") == out


def test_moodle_is_what_it_writes_unless_told_otherwise(run):
    assert run("quiz", "circuit")[1] == derive.quiz("circuit", "moodle")


def test_a_package_goes_into_a_file(run, folder):
    code, out, _ = run("quiz", "circuit", "--to", "qti", "-o", "q.zip")
    assert (code, out) == (0, "q.zip\n")
    assert (folder / "q.zip").read_bytes() == derive.quiz("circuit", "qti")


def test_level_blanks_and_weights_are_those_of_a_worksheet(run):
    out = run("quiz", "two-two-two", "--level", "blank", "--blanks", 5, "--weights", "W5")[1]
    assert out == derive.quiz("two-two-two", "moodle", "blank", Choice(5, ("W5",)))


def test_options_override_the_spec(run):
    out = run("quiz", "circuit", "--lang", "ko", "--decimals", 3)[1]
    assert out == derive.quiz(
        override(derive.load("circuit"), {"language": "ko", "decimals": 3}), "moodle"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--to", "moodel"), "--to: unknown course format moodel; did you mean moodle?"),
        (("--to", "qti"), "--output: qti is no text; name its file: -o quiz.zip"),
        (("--to", "anki"), "--output: anki is no text; name its file: -o quiz.apkg"),
        (("--level", "full"), "--level: there are no blanks to ask for; take guided or blank"),
        (("--level", "guidet"), "--level: unknown level guidet; did you mean guided?"),
        (("--blanks", "0"), "--blanks: expected a whole number from 1, got 0"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(run, folder, arguments, message):
    code, out, err = run("quiz", "two-two-two", *arguments)
    assert (code, out, err) == (2, "", f"derive: two-two-two: {message}\n")
    assert not list(folder.iterdir())


def test_without_genanki_no_file_is_written(run, folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "genanki", None)
    code, _, err = run("quiz", "circuit", "--to", "anki", "-o", "q.apkg")
    assert code == 2
    assert "anki needs the extra anki; pip install 'derive-by-hand[anki]'" in err
    assert not list(folder.iterdir())


def test_a_format_is_a_row(run, monkeypatch):
    row = Course("count", lambda quiz: f"{len(quiz.groups)}\n")
    monkeypatch.setitem(COURSES, "count", row)
    assert run("quiz", "circuit", "--to", "count")[:2] == (0, "3\n")


def test_a_quiz_writes_over_no_input(run, folder):
    (folder / "net.toml").write_text(derive.spec.read_example("circuit"), "utf-8")
    code, _, err = run("quiz", "net.toml", "-o", "net.toml")
    assert code == 2
    assert "holds the spec; name another file" in err
