"""What a report says: names of mistakes with a legend, honest shares, its own language."""

import re
from pathlib import Path

import pytest

import derive
from derive.grading.reports.saying import words
from derive.grading.reports.tallies import StepLine

ANSWERS = """student,id,answer
김,W5+,0.46296143
김,dE_total/dW5,-0.02592286
이,W5+,0.39554516
이,h1,0.51998934
박,W5+,0.43703857
"""
NAMES = {
    "en": ("slope at the output left out (M03)", "Answers to A 2-2-2 network by hand"),
    "ko": ("출력층 미분 누락 (M03)", "손으로 푸는 2-2-2 신경망 채점"),
}


def report(run, form, *options):
    Path("a.csv").write_text(ANSWERS, "utf-8")
    assert run("check", "two-two-two", "a.csv", "--report", f"r.{form}", *options)[0] == 1
    return Path(f"r.{form}").read_text("utf-8")


@pytest.mark.parametrize("form", ["md", "html", "csv"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_mistakes_have_names_and_the_report_a_legend(run, folder, form, language):
    text = report(run, form, "--lang", language)
    name, _ = NAMES[language]
    assert name in text.replace("\\(", "(").replace("\\)", ")")
    title = "meaning" if form == "csv" else "legend"
    assert words(language)["report"][title] in text
    meaning = words(language)["mistake"]["M03"]
    assert text.count(meaning) == 1
    assert words(language)["mistake"]["M40"] not in text


@pytest.mark.parametrize("form", ["md", "html"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_its_title_is_in_its_language(run, folder, form, language):
    assert NAMES[language][1] in report(run, form, "--lang", language).replace("\\-", "-")


def test_an_exercise_without_a_title_has_a_report(run, folder):
    text = (Path(derive.__file__).parent / "examples" / "two-two-two.toml").read_text("utf-8")
    Path("net.toml").write_text(re.sub("^title.*$", "", text, flags=re.MULTILINE))
    Path("a.json").write_text('{"W5+": "0.4"}')
    run("check", "net.toml", "a.json", "--report", "r.md")
    assert Path("r.md").read_text().startswith("# Answers\n")


def test_without_mistakes_there_is_no_legend(run, folder):
    Path("a.json").write_text('{"z1": "0.08"}')
    run("check", "two-two-two", "a.json", "--report", "r.md")
    assert "The mistakes" not in Path("r.md").read_text()


def test_a_table_for_spreadsheets_begins_with_a_byte_order_mark(run, folder):
    report(run, "csv")
    assert Path("r.csv").read_bytes().startswith(b"\xef\xbb\xbfmember,right,")
    assert Path("r.csv").read_text("utf-8-sig").splitlines()[1].startswith("김,0,2,66,")


@pytest.mark.parametrize(
    ("right", "answered", "share"),
    [
        (11, 12, "91.7 %"),
        (1, 2, "50 %"),
        (2, 3, "66.7 %"),
        (0, 7, "0 %"),
        (7, 7, "100 %"),
        (1999, 2000, "99.9 %"),
        (9999, 10_000, "99.9 %"),
        (1, 10_000, "0.1 %"),
        (1, 8, "12.5 %"),
        (1, 3000, "0.1 %"),
    ],
)
def test_a_share_is_rounded_truthfully(right, answered, share):
    assert StepLine("z1", answered, right, None).share == share


def test_the_terminal_names_mistakes_too(run, folder):
    Path("a.csv").write_text(ANSWERS, "utf-8")
    out = run("check", "two-two-two", "a.csv")[1]
    assert "known mistake: slope at the output left out (M03)\n" in out
    assert re.search(
        r"^ +이 +1 / 66 +W5\+ +slope at the output left out \(M03\)$", out, re.MULTILINE
    )
    assert re.search(r"^ +W5\+ +33\.3 % +1 / 3 ", out, re.MULTILINE)


def test_joint_causes_name_mistakes(run, folder):
    Path("a.json").write_text('{"W5+": "0.46296143", "W6+": "0.41314795"}')
    out = run("check", "two-two-two", "a.json")[1]
    assert "sign of the error's derivative turned round (M04) or added instead" in out


def test_of_many_mistakes_three_are_named(run, folder):
    from derive.grading.assessment import open_marker
    from derive.grading.reports.saying import Voice

    voice = Voice("en", "hint", open_marker(derive.sheet("circuit").numbers).judge.explainer)
    said = voice.list_mistakes(("M13", "M14", "M44", "M51", "M52"))
    assert said.startswith("learning rate twice (M13), learning rate left out (M14), ")
    assert said.endswith(", targets exchanged (M44), M51, M52")
