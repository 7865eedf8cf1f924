"""A table of answers marked member by member, with its summary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from derive.checking.marking import Given, Marked, Marker
from derive.grading.reports.saying import Voice
from derive.grading.reports.tallies import Tally
from derive.grading.spool import Spool
from derive.pages import Worksheet


class Assessment:
    """Marks answers to one exercise; memory does not grow with the rows."""

    def __init__(self, sheet: Worksheet, language: str = "en", reveal: str = "hint") -> None:
        """Raises SpecError for an unknown language or grade of help."""
        self.sheet = sheet
        self.marker = Marker(sheet.numbers)
        self.voice = Voice(language, reveal, self.marker.judge.explainer)
        self.tally = Tally(self.marker.exercise.order)

    def members(self, spool: Spool) -> Iterator[tuple[list[int], Marked]]:
        """Each member's results with the numbers of their rows."""
        for student, rows in spool.members():
            marked = self.marker.mark(student, [row for _, row in rows])
            self.tally.count(marked)
            yield [number for number, _ in rows], marked

    def spooled(self, rows: Iterable[Given]) -> Spool:
        """All rows, waiting to be marked."""
        spool = Spool()
        spool.fill(rows)
        return spool

    @property
    def all_right(self) -> bool:
        """Whether every asked answer of every member counted so far is right."""
        return self.tally.right == self.tally.asked
