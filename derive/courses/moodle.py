"""Moodle XML: numerical questions, in a category of a course's question bank."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from derive.courses.accepting import HALF_MARKS, Accepted
from derive.courses.questions import Question, Quiz
from derive.courses.wording import (
    name_group,
    name_questions,
    name_quiz,
    tell_origins,
    write_paragraphs,
    write_rounded,
)

TOP = "$course$/top"
"""The default categories of the course into which a teacher imports."""

NO_UNITS = {"unitgradingtype": "0", "unitpenalty": "0", "showunits": "3", "unitsleft": "0"}
"""A number is asked for, without a unit behind it."""


def write_moodle(quiz: Quiz) -> str:
    """The questions of one worksheet in one category, else a category for each id.

    In a quiz, "add a random question" from the category of an id gives each learner
    the question of one of the worksheets.
    """
    root = ET.Element("quiz")
    root.extend(ET.Comment(f" {text} ") for text in tell_origins(quiz))
    if not quiz.several:
        _add_category(root, name_quiz(quiz))
    for group in quiz.groups:
        if quiz.several:
            _add_category(root, name_quiz(quiz), name_group(group))
        for name, question in name_questions(group):
            _add_question(root, name, question)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "unicode") + "\n"


def write_path(*names: str) -> str:
    """A category below the top one; a slash in a name is doubled."""
    return "/".join((TOP, *(name.replace("/", "//") for name in names)))


def _add_category(root: ET.Element, *names: str) -> None:
    category = ET.SubElement(ET.SubElement(root, "question", type="category"), "category")
    _add_text(category, write_path(*names))


def _add_question(root: ET.Element, name: str, question: Question) -> None:
    node = ET.SubElement(root, "question", type="numerical")
    _add_text(ET.SubElement(node, "name"), name)
    _add_html(node, "questiontext", write_paragraphs(question))
    ET.SubElement(node, "defaultgrade").text = "1"
    for accepted in question.accepted:
        _add_answer(node, accepted, write_rounded(question))
    for setting, value in NO_UNITS.items():
        ET.SubElement(node, setting).text = value


def _add_answer(node: ET.Element, accepted: Accepted, remark: str) -> None:
    share = {"fraction": str(accepted.percent), "format": "moodle_auto_format"}
    answer = ET.SubElement(node, "answer", share)
    _add_text(answer, accepted.value)
    _add_html(answer, "feedback", remark if accepted.percent == HALF_MARKS else "")
    ET.SubElement(answer, "tolerance").text = accepted.tolerance


def _add_html(node: ET.Element, tag: str, text: str) -> None:
    _add_text(ET.SubElement(node, tag, format="html"), text)


def _add_text(node: ET.Element, text: str) -> None:
    ET.SubElement(node, "text").text = text
