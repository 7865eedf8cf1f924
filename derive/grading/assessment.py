"""A table of answers marked member by member, with its summary."""

from __future__ import annotations

from collections.abc import Iterator

from derive.checking.exercise import Exercise
from derive.checking.marking import Marked, Marker
from derive.grading.reports.saying import Voice
from derive.grading.reports.tallies import Tally
from derive.grading.store import AnswerStore
from derive.numbers import Numbers
from derive.pages import Worksheet
from derive.render import tex
from derive.render.notation import choose_notation


def open_marker(numbers: Numbers, *, gradient_check: bool = False) -> Marker:
    """The marker of an exercise; it reads every symbol as the sheet writes it.

    In a `gradient_check` derivatives are answered by difference quotients.
    """
    notation = choose_notation(numbers.derivation.graph.spec)
    exercise = Exercise(numbers, gradient_check=gradient_check)
    return Marker(exercise, notation.symbols, lambda name: tex.write(notation.plain(name)))


class Assessment:
    """Marks answers to one exercise; memory does not grow with the rows."""

    def __init__(self, sheet: Worksheet, language: str = "en", reveal: str = "hint") -> None:
        """Raises SpecError for an unknown language or grade of help."""
        self.sheet = sheet
        self.marker = open_marker(sheet.numbers)
        self.voice = Voice(language, reveal, self.marker.judge.explainer)
        self.tally = Tally(self.marker.exercise.order)

    def members(self, store: AnswerStore) -> Iterator[tuple[list[int], Marked]]:
        """Each member's results with the numbers of their rows."""
        for student, rows in store.members():
            marked = self.marker.mark(student, [row for _, row in rows])
            self.tally.count(marked)
            yield [number for number, _ in rows], marked

    @property
    def all_right(self) -> bool:
        """Whether every asked answer of every member counted so far is right."""
        return self.tally.right == self.tally.asked
