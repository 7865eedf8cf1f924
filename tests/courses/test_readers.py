"""Course files as other programs take them: gift-pegjs, amc2moodle, a QTI player, Anki.

Slow; needs what .ci/run installs: node with gift-pegjs and qti-components, a browser, and
the packages of the extra `courses`.
"""

import functools
import http.server
import json
import shutil
import subprocess
import threading
import zipfile
from pathlib import Path

import pytest
from marking import mark
from test_accepting import accepted, near, questions
from tools import missing

import derive
from derive.courses.questions import make_quiz
from derive.courses.wording import name_group, write_paragraphs
from derive.pages.choosing import Choice
from derive.spec import override

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
MODULES = ROOT / ".ci" / "node_modules"
PLAYER = MODULES / "@citolab" / "qti-components" / "cdn" / "index.global.js"
SHEETS = ("two-two-two", "and-gate", "transformer", "adam", "smooth", "averages")
"""Weights, whole numbers with signs, four decimals, small numbers, functions, maps."""
SCORE = """item => {
    item.processResponse();
    return Number(item.getOutcome("SCORE").value);
}"""


def named(name):
    """The questions of a sheet by what a list shows."""
    sheets = [derive.sheet(name)]
    groups = make_quiz(sheets, "guided", Choice(), alone=False).groups
    return {name_group(group): group.questions[0] for group in groups}


def read_gift(path):
    if shutil.which("node") is None or not (MODULES / "gift-pegjs").is_dir():
        missing("gift-pegjs")
    command = ["node", str(ROOT / ".ci" / "gift.mjs"), str(path)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", SHEETS)
def test_gift_is_read_by_gift_pegjs(tmp_path, name):
    (tmp_path / "quiz.gift").write_text(derive.quiz(name, "gift"), "utf-8")
    category, *found = read_gift(tmp_path / "quiz.gift")
    assert category["title"].startswith("$course$/top/")
    known = named(name)
    assert [row["title"] for row in found] == list(known)
    for row in found:
        question = known[row["title"]]
        assert row["type"] == "Numerical"
        assert row["stem"] == {"format": "html", "text": write_paragraphs(question)}
        told = [
            (float(a["text"]["number"]), float(a["text"]["range"]), a["weight"] or 100)
            for a in row["choices"]
        ]
        assert told == [(float(v), float(t), percent) for v, t, percent in accepted(question)]


def test_gift_keeps_a_title_that_looks_like_gift(tmp_path, title):
    sheet = derive.sheet(override(derive.load("circuit"), {"title": title}))
    (tmp_path / "quiz.gift").write_text(derive.quiz(sheet, "gift"), "utf-8")
    category, *found = read_gift(tmp_path / "quiz.gift")
    assert category["type"] == "Category"
    assert [row["type"] for row in found] == ["Numerical"] * 3


def test_moodle_xml_is_read_by_amc2moodle(tmp_path):
    try:
        from amc2moodle.moodle2amc import Quiz
    except ImportError:
        missing("amc2moodle with ImageMagick")
    (tmp_path / "quiz.xml").write_text(derive.quiz("two-two-two", "moodle"), "utf-8")
    Quiz(str(tmp_path / "quiz.xml")).convert(str(tmp_path / "quiz.tex"))
    text = (tmp_path / "quiz.tex").read_text("utf-8")
    assert text.count("\\AMCnumericChoices") == 38
    assert "\\AMCnumericChoices{0.06384491}{exact = 5, decimals = 9, " in text
    assert "scoreexact = 1, scoreapprox = 0.5, approx = 15}" in text
    assert r"\(z_4 = W_7 \, h_1 + W_8 \, h_2\)" in text
    assert r"\element{top-A 2-2-2 network by hand}" in text


@pytest.fixture
def served(tmp_path):
    """A folder and the address under which a browser on this machine finds it."""
    if not PLAYER.is_file():
        missing("qti-components")
    shutil.copy(PLAYER, tmp_path / "player.js")
    handler = functools.partial(Quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield tmp_path, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Nothing."""


def lay_out(folder, data):
    """The package as a folder, and a page that plays one of its items or the test."""
    (folder / "quiz.zip").write_bytes(data)
    with zipfile.ZipFile(folder / "quiz.zip") as archive:
        archive.extractall(folder)
    head = '<!doctype html><meta charset="utf-8"><script src="player.js"></script>'
    item = "<qti-item><item-container></item-container></qti-item>"
    (folder / "item.html").write_text(head + item, "utf-8")
    test = '<test-container test-url="test.xml"></test-container>'
    test = f'<qti-test navigate="item">{test}</qti-test>'
    (folder / "test.html").write_text(head + test, "utf-8")


@pytest.mark.parametrize("name", SHEETS)
def test_an_item_scores_as_the_checker_judges(served, browser, name):
    folder, address = served
    lay_out(folder, derive.quiz(name, "qti"))
    page = browser.new_page()
    page.goto(f"{address}/item.html")
    decimals = derive.load(name).decimals
    for question in questions(name)[::7]:
        play(page, f"items/q{question.number}-1.xml", question.id)
        for text in near(question, decimals):
            assert score(page, text) == mark(accepted(question), text) / 100, (question.id, text)
        first = accepted(question)[0][0]
        assert score(page, first.replace(".", ",")) == (0 if "." in first else 1)
        assert score(page, "") == 0
    page.close()


def play(page, href, name):
    """Show an item and wait until it is the one of an id."""
    show = "url => { document.querySelector('item-container').itemURL = url; }"
    page.evaluate(show, href)
    item = page.locator("qti-assessment-item")
    page.wait_for_function(
        "name => document.querySelector('item-container')?.shadowRoot"
        "?.querySelector('qti-assessment-item')?.title.endsWith(') ' + name)",
        arg=name,
    )
    item.wait_for()


def score(page, text):
    """What an item gives for a typed text."""
    box = page.locator("qti-text-entry-interaction input")
    box.fill(text)
    box.dispatch_event("change")
    return page.locator("qti-assessment-item").evaluate(SCORE)


def test_a_player_takes_the_test_of_a_package(served, browser):
    folder, address = served
    lay_out(folder, derive.quiz(["two-two-two", "two-two-two"], "qti", choice=Choice(5)))
    page = browser.new_page()
    page.goto(f"{address}/test.html")
    page.locator("qti-assessment-item").first.wait_for()
    assert page.locator("qti-assessment-section").count() == 6
    assert page.locator("qti-assessment-item-ref").count() in (5, 10)
    page.close()


@pytest.fixture
def collection(tmp_path):
    """An empty collection of Anki."""
    try:
        from anki.collection import Collection
    except ImportError:
        missing("anki")
    opened = Collection(str(tmp_path / "collection.anki2"))
    yield opened
    opened.close()


def put_in(collection, path, data):
    """Import a deck; how many notes are new and how many were there."""
    from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

    path.write_bytes(data)
    request = ImportAnkiPackageRequest(
        package_path=str(path), options=ImportAnkiPackageOptions(merge_notetypes=True)
    )
    log = collection.import_anki_package(request).log
    return len(log.new), len(log.duplicate) + len(log.updated)


def test_a_deck_is_imported_once(tmp_path, collection):
    deck = derive.quiz("two-two-two", "anki")
    assert put_in(collection, tmp_path / "quiz.apkg", deck) == (38, 0)
    assert put_in(collection, tmp_path / "quiz.apkg", deck) == (0, 38)
    assert deck == derive.quiz("two-two-two", "anki")


def test_decks_of_two_exercises_do_not_meet(tmp_path, collection):
    assert put_in(collection, tmp_path / "one.apkg", derive.quiz("circuit", "anki")) == (3, 0)
    assert put_in(collection, tmp_path / "two.apkg", derive.quiz("neuron", "anki")) == (8, 0)
    assert len(collection.find_notes("")) == 11


def test_a_deck_holds_a_note_for_each_id_and_worksheet(tmp_path, collection):
    other = override(derive.load("two-two-two"), {"learning_rate": "0.25"})
    deck = derive.quiz(["two-two-two", other], "anki", choice=Choice(3))
    assert put_in(collection, tmp_path / "quiz.apkg", deck) == (6, 0)
    notes = [collection.get_note(found) for found in collection.find_notes("")]
    assert {note["Name"] for note in notes} > {"(18) dE_total/dW6 #1", "(18) dE_total/dW6 #2"}


def test_a_card_shows_question_and_answer(tmp_path, collection):
    put_in(collection, tmp_path / "quiz.apkg", derive.quiz("two-two-two", "anki"))
    (card,) = collection.find_cards('Name:"(6) z4"')
    shown = collection.get_card(card).render_output()
    assert r"\(z_4 = W_7 \, h_1 + W_8 \, h_2\)" in shown.question_text
    assert "0.68047592" not in shown.question_text
    assert shown.answer_text.endswith("0.68047592")


def test_a_deck_keeps_the_title_of_a_stranger(tmp_path, collection, title):
    sheet = derive.sheet(override(derive.load("circuit"), {"title": title}))
    assert put_in(collection, tmp_path / "quiz.apkg", derive.quiz(sheet, "anki")) == (3, 0)
    decks = [deck.name for deck in collection.decks.all_names_and_ids()]
    assert len(decks) == 2
    assert not any("::" in name for name in decks)
