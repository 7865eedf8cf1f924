"""Course files: every format whole, escaped, the same bytes each time."""

import io
import re
import sqlite3
import sys
import zipfile
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

import derive
from derive.courses import COURSES
from derive.courses.gift import write_gift
from derive.courses.moodle import write_moodle, write_path
from derive.courses.packing import pack
from derive.courses.questions import make_quiz
from derive.courses.wording import escape_html, name_quiz
from derive.errors import SpecError
from derive.pages.choosing import Choice
from derive.render.escape import one_line
from derive.spec import override

GOLDEN = Path(__file__).with_name("golden")
FOUR = Choice(4)
UNESCAPED = re.compile(r"\\([\\~=#{}:])")
SPECIAL = re.compile(r"(?<!\\)(?:\\\\)*[~=#{}:]")
QTI = "{http://www.imsglobal.org/xsd/imsqtiasi_v3p0}"
MATHML = "{http://www.w3.org/1998/Math/MathML}"


def parse(text):
    return ET.fromstring(text)  # noqa: S314  a file of our own


def titled(title):
    """A sheet of one blank or few, with a title from a stranger."""
    return derive.sheet(override(derive.load("circuit"), {"title": title}))


def variants():
    """Two worksheets with their own numbers."""
    spec = derive.load("two-two-two")
    return [spec, override(spec, {"learning_rate": "0.25"})]


def quiz_of(sheets, choice=FOUR):
    return make_quiz(list(map(derive.sheet, sheets)), "guided", choice, alone=False)


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(("to", "ending"), [("gift", "gift"), ("moodle", "xml")])
def test_a_file_is_the_one_that_was_read(to, ending, language):
    spec = override(derive.load("two-two-two"), {"language": language})
    golden = (GOLDEN / f"two-two-two.{language}.{ending}").read_text("utf-8")
    assert derive.quiz(spec, to, choice=FOUR) == golden


@pytest.mark.parametrize("to", sorted(set(COURSES) - {"anki"}))
def test_the_same_exercise_gives_the_same_bytes(to):
    assert derive.quiz(variants(), to) == derive.quiz(variants(), to)


def test_a_path_is_a_source_and_so_is_a_worksheet(folder):
    (folder / "net.toml").write_text(derive.spec.read_example("circuit"), "utf-8")
    text = derive.quiz("circuit", "gift")
    assert derive.quiz(folder / "net.toml", "gift") == text
    assert derive.quiz(derive.sheet("circuit"), "gift") == text
    assert derive.quiz([derive.load("circuit")], "gift") == text


def read_gift(text):
    """Categories, and questions with title, text and answers; fails at a stray sign."""
    categories, questions = [], []
    for part in text.split("\n\n")[1:]:
        if part.startswith("$CATEGORY: "):
            categories.append(part.removeprefix("$CATEGORY: ").strip())
            continue
        name, stem, answers = re.fullmatch(
            r"::(.*?)::\[html\](.*)(?<!\\)\{#\n(.*)\n\}\n?", part, re.DOTALL
        ).groups()
        assert not SPECIAL.search(name)
        assert not SPECIAL.search(stem)
        name, stem = (UNESCAPED.sub(r"\1", text) for text in (name, stem))
        questions.append((name, stem, answers.splitlines()))
    return categories, questions


def read_moodle(text):
    """The same of Moodle XML."""
    root = parse(text)
    categories = [node.text for node in root.iterfind("question/category/text")]
    questions = [
        (node.findtext("name/text"), node.findtext("questiontext/text"), node)
        for node in root.iterfind("question[@type='numerical']")
    ]
    return categories, questions


def test_gift_and_moodle_xml_say_the_same():
    sheets = variants()
    gift = read_gift(derive.quiz(sheets, "gift"))
    moodle = read_moodle(derive.quiz(sheets, "moodle"))
    assert gift[0] == moodle[0]
    assert [row[:2] for row in gift[1]] == [row[:2] for row in moodle[1]]
    for (_, _, lines), (_, _, node) in zip(gift[1], moodle[1], strict=True):
        answers = [
            (row.get("fraction"), row.findtext("text"), row.findtext("tolerance"))
            for row in node.iterfind("answer")
        ]
        told = [re.match(r"=(?:%(\d+)%)?(.*?):(.*?)(?:#|$)", line).groups() for line in lines]
        assert [(percent or "100", *number) for percent, *number in told] == answers


def test_one_worksheet_is_one_category():
    categories, questions = read_moodle(derive.quiz("two-two-two", "moodle"))
    assert categories == ["$course$/top/A 2-2-2 network by hand"]
    assert questions[0][0] == "(2) z2"


def test_of_several_worksheets_each_id_has_a_category():
    categories, questions = read_moodle(derive.quiz(variants(), "moodle"))
    assert "$course$/top/A 2-2-2 network by hand/(18) dE_total//dW6" in categories
    assert len(questions) == 2 * len(categories)
    assert [name for name, _, _ in questions[:2]] == ["(2) z2 #1", "(2) z2 #2"]


def test_a_title_stays_text_in_every_file(title):
    sheet = titled(title)
    shown = one_line(title).strip()
    path = write_path(shown)
    assert read_gift(derive.quiz(sheet, "gift"))[0] == [path]
    assert read_moodle(derive.quiz(sheet, "moodle"))[0] == [path]
    test = parse(unpack(derive.quiz(sheet, "qti"))["test.xml"])
    assert test.get("title") == shown


@given(st.text(max_size=60))
def test_any_title_stays_text(title):
    quiz = quiz_of([titled(title)], Choice())
    path = write_path(name_quiz(quiz))
    gift, moodle = read_gift(write_gift(quiz)), read_moodle(write_moodle(quiz))
    assert gift[0] == moodle[0] == [path]
    assert len(gift[1]) == len(moodle[1]) == 3


@given(st.text(max_size=60))
def test_text_in_html_begins_no_formula_and_no_command(text):
    escaped = escape_html(text)
    assert not set(escaped) & set('\\$[<>"')
    assert parse(f"<p>{escaped}</p>").text in (one_line(text), None)


def test_names_of_a_stranger_stand_in_formulas_as_letters():
    spec = derive.loads(
        'kind = "circuit"\noutput = "f"\n[values]\nx_in = 2\n[definitions]\nf = "max(x_in, 3)"'
    )
    (question,) = read_gift(derive.quiz(spec, "gift", "blank"))[1][:1]
    assert r"x_{\mathrm{in}}" in question[1]


def unpack(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_zip_file_depends_on_its_files_alone():
    one, other = pack({"b": b"2", "a/c": b"1"}), pack({"a/c": b"1", "b": b"2"})
    assert one == other
    assert unpack(one) == {"a/c": b"1", "b": b"2"}


def test_a_package_names_all_that_it_holds():
    files = unpack(derive.quiz(variants(), "qti"))
    manifest = parse(files.pop("imsmanifest.xml"))
    named = [node.get("href") for node in manifest.iter() if node.tag.endswith("}resource")]
    assert sorted(named) == sorted(files)
    needed = {n.get("identifierref") for n in manifest.iter() if n.tag.endswith("}dependency")}
    known = {n.get("identifier") for n in manifest.iter() if n.tag.endswith("}resource")}
    assert needed == known - {"r-test"}


def test_a_test_selects_one_item_for_an_id():
    files = unpack(derive.quiz(variants(), "qti"))
    test = parse(files["test.xml"])
    sections = test.findall(f".//{QTI}qti-assessment-section[{QTI}qti-selection]")
    assert len(sections) == 38
    for section in sections:
        assert section.find(f"{QTI}qti-selection").get("select") == "1"
        hrefs = [ref.get("href") for ref in section.iter(f"{QTI}qti-assessment-item-ref")]
        assert len(hrefs) == 2
        assert set(hrefs) <= set(files)


def test_an_item_holds_its_formulas_in_mathml():
    item = parse(unpack(derive.quiz("two-two-two", "qti"))["items/q18-1.xml"])
    body = item.find(f"{QTI}qti-item-body")
    assert item.get("title") == "(18) dE_total/dW6"
    assert len(body.findall(f".//{MATHML}math")) == 5
    assert body.find(f".//{MATHML}mfrac/{MATHML}mrow/{MATHML}mi").text == "∂"
    assert body.find(f".//{QTI}qti-text-entry-interaction") is not None


def read_deck(data):
    """The fields of every note, and its id that stays."""
    path = Path("collection.anki2")
    path.write_bytes(unpack(data)["collection.anki2"])
    with closing(sqlite3.connect(path)) as found:
        rows = found.execute("select guid, flds from notes order by id").fetchall()
    return {guid: fields.split("\x1f") for guid, fields in rows}


def test_a_deck_tells_the_numbers_that_a_card_builds_on(folder):
    notes = read_deck(derive.quiz("two-two-two", "anki"))
    assert len(notes) == 38
    text = next(text for text, _, name in notes.values() if name == "(21) dE_total/dz4")
    assert "0.063844909698" in text
    assert all(r"\(" in text for text, *_ in notes.values())


def test_a_note_of_a_deck_is_known_by_exercise_and_id(folder):
    first = read_deck(derive.quiz("two-two-two", "anki"))
    both = read_deck(derive.quiz(variants(), "anki"))
    assert set(first) < set(both)
    assert len(both) == 76


def test_a_deck_is_the_same_each_time(folder):
    assert derive.quiz("circuit", "anki") == derive.quiz("circuit", "anki")


def test_without_genanki_a_deck_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "genanki", None)
    with pytest.raises(SpecError, match=r"pip install 'derive-by-hand\[anki\]'"):
        derive.quiz("circuit", "anki")


def test_an_unknown_format_suggests_the_nearest():
    with pytest.raises(SpecError, match=r"unknown course format moodel; did you mean moodle\?"):
        derive.quiz("circuit", "moodel")
