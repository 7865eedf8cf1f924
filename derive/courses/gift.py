"""GIFT: the same questions as lines of text that Moodle and other systems import."""

from __future__ import annotations

from collections.abc import Iterator

from derive.courses.accepting import WHOLE, Accepted
from derive.courses.moodle import write_path
from derive.courses.questions import Question, Quiz
from derive.courses.wording import (
    name_group,
    name_questions,
    name_quiz,
    tell_origins,
    write_paragraphs,
    write_rounded,
)

SPECIAL = str.maketrans({sign: f"\\{sign}" for sign in "\\~=#{}:"})
"""What GIFT would act on; a backslash, too, for `\\n` ends a line."""


def write_gift(quiz: Quiz) -> str:
    """A paragraph for each question, under its category."""
    head = "\n".join(f"// {text}" for text in tell_origins(quiz))
    return "\n\n".join((head, *_list_paragraphs(quiz))) + "\n"


def _list_paragraphs(quiz: Quiz) -> Iterator[str]:
    if not quiz.several:
        yield f"$CATEGORY: {write_path(name_quiz(quiz))}"
    for group in quiz.groups:
        if quiz.several:
            yield f"$CATEGORY: {write_path(name_quiz(quiz), name_group(group))}"
        for name, question in name_questions(group):
            yield _write_question(name, question)


def _write_question(name: str, question: Question) -> str:
    remark = _escape(write_rounded(question))
    answers = "\n".join(_write_answer(accepted, remark) for accepted in question.accepted)
    text = _escape(write_paragraphs(question))
    return f"::{_escape(name)}::[html]{text}{{#\n{answers}\n}}"


def _write_answer(accepted: Accepted, remark: str) -> str:
    """A number with its tolerance; all marks need no percent, and Moodle reads none of 100."""
    number = f"{accepted.value}:{accepted.tolerance}"
    if accepted.percent == WHOLE:
        return f"={number}"
    return f"=%{accepted.percent}%{number}#{remark}"


def _escape(text: str) -> str:
    return text.translate(SPECIAL)
