"""Anki: a deck of cards into which answers are typed, by the genanki package (extra `anki`)."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from derive.courses.packing import pack
from derive.courses.questions import Question, Quiz
from derive.courses.wording import name_questions, name_quiz, write_paragraphs
from derive.errors import SpecError
from derive.spec import digest

FIELDS = ("Question", "Answer", "Name")
FRONT = "{{Question}}{{type:Answer}}"
BACK = "{{FrontSide}}<hr id=answer>{{Answer}}"
STYLE = ".card { font-family: sans-serif; font-size: 20px; line-height: 1.5; }"
MODEL = "derive: a number"
"""The type of the notes; a change of its fields or cards needs another name."""
TIME = 946_684_800
"""When every note was made, in seconds: 2000, so that the same exercise gives the same bytes."""
HIGHEST_ID = 2**31 - 1
"""Anki reads ids up to here everywhere; 1 is the default deck."""


def write_anki(quiz: Quiz) -> bytes:
    """A deck with a note for each question; imported again, a note stays the same note."""
    genanki = package()
    model = genanki.Model(
        make_id(MODEL),
        MODEL,
        fields=[{"name": name} for name in FIELDS],
        templates=[{"name": "Card 1", "qfmt": FRONT, "afmt": BACK}],
        css=STYLE,
    )
    deck = genanki.Deck(make_id(*map(digest, quiz.specs)), name_deck(quiz))
    for group in quiz.groups:
        for name, question in name_questions(group):
            deck.add_note(_make_note(genanki, model, name, question))
    return _write_package(genanki, deck)


def _make_note(genanki: Any, model: Any, name: str, question: Question) -> Any:  # noqa: ANN401
    fields = [write_paragraphs(question), question.shown, name]
    guid = genanki.guid_for(digest(question.spec), question.id)
    return genanki.Note(model=model, fields=fields, guid=guid)


def _write_package(genanki: Any, deck: Any) -> bytes:  # noqa: ANN401
    """The package as genanki writes it, packed again without the time of day."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "deck.apkg"
        genanki.Package(deck).write_to_file(path, timestamp=TIME)
        with zipfile.ZipFile(path) as archive:
            return pack({name: archive.read(name) for name in archive.namelist()})


def name_deck(quiz: Quiz) -> str:
    """The title; two colons would make a deck inside another one."""
    return name_quiz(quiz).replace("::", ": :")


def make_id(*texts: str) -> int:
    """A number that is the same for the same texts everywhere."""
    told = hashlib.sha256("\n".join(texts).encode()).digest()
    return int.from_bytes(told[:4]) % (HIGHEST_ID - 1) + 2


def package() -> Any:  # noqa: ANN401  it has no types
    """The genanki package; raises SpecError with the extra that brings it."""
    try:
        import genanki  # noqa: PLC0415  an extra, and only this format needs it
    except ImportError:
        raise SpecError(
            "--to", "anki needs the extra anki; pip install 'derive-by-hand[anki]'"
        ) from None
    return genanki
