"""Worksheets as questions in files that a course system or Anki imports: a row each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from derive.courses.anki import write_anki
from derive.courses.gift import write_gift
from derive.courses.moodle import write_moodle
from derive.courses.qti import write_qti
from derive.courses.questions import Quiz, make_quiz
from derive.pages import Level, Worksheet
from derive.pages.choosing import Choice


@dataclass(frozen=True, slots=True)
class Course:
    """A format of course files.

    `packed` is the ending of a file of bytes, empty where the file is text. In one where
    each question stands `alone`, it tells the numbers that it builds on.
    """

    name: str
    write: Callable[[Quiz], str | bytes]
    packed: str = ""
    alone: bool = False


COURSES: dict[str, Course] = {
    row.name: row
    for row in (
        Course("moodle", write_moodle),
        Course("gift", write_gift),
        Course("qti", write_qti, packed=".zip"),
        Course("anki", write_anki, packed=".apkg", alone=True),
    )
}
"""Every format by the name that `--to` takes."""


def write_quiz(
    sheets: Sequence[Worksheet], course: Course, level: Level, choice: Choice
) -> str | bytes:
    """The blanks of some worksheets as one file; raises SpecError where there is none."""
    return course.write(make_quiz(sheets, level, choice, alone=course.alone))
