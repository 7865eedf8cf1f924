"""A table of answers marked member by member, with its summary."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from msgspec.structs import replace

from derive.checking.exercise import Exercise
from derive.checking.marking import Given, Marked, Marker, unreadable
from derive.checking.verdicts import RIGHT, Judgement, Remark, Result
from derive.grading.asking import AskedIds, read_number
from derive.grading.layouts import Flawed
from derive.grading.reports.saying import Voice
from derive.grading.reports.tallies import Tally
from derive.grading.store import AnswerStore
from derive.numbers import Numbers
from derive.render import tex
from derive.render.notation import choose_notation
from derive.workings import Working

WORKING = 4_000
"""Characters of somebody's lines beside an answer that are read."""


def open_marker(numbers: Numbers, *, gradient_check: bool = False) -> Marker:
    """The marker of an exercise; it reads every symbol as the sheet writes it.

    In a `gradient_check` derivatives are answered by difference quotients.
    """
    notation = choose_notation(numbers.derivation.graph.spec)
    exercise = Exercise(numbers, gradient_check=gradient_check)
    return Marker(exercise, notation.symbols, lambda name: tex.write(notation.plain(name)))


def list_first_false(marker: Marker, name: str, text: str) -> tuple[Remark, ...]:
    """Where lines that lead to an id go wrong first, and the rule that is broken there."""
    for line in Working(marker, name).judge_text(text.split("\n")):
        if line.false_at is not None and line.slip is not None:
            slots = {"line": str(line.chain.line), "place": str(line.false_at)}
            rule = (Remark(f"rule.{line.slip.rule}"),) if line.slip.rule else ()
            return (Remark("line", slots), *rule)
    return ()


class Grader:
    """Marks answers to one exercise and counts those that its sheet asks for."""

    def __init__(self, marker: Marker, asked: Collection[str] | None = None) -> None:
        """`asked` are the ids of the sheet's blanks; every one if none are named."""
        self.marker = marker
        self.ids = AskedIds(marker)
        self.asked = marker.exercise.order if asked is None else frozenset(asked)

    def members(self, store: AnswerStore) -> Iterator[tuple[list[int], Marked]]:
        """Each member's results with the numbers of their rows."""
        for student, rows in store.members():
            yield self.mark_rows(student, rows)

    def mark_rows(
        self, student: str | None, rows: Sequence[tuple[int, Given]]
    ) -> tuple[list[int], Marked]:
        """One member's results with the numbers of their rows."""
        named = [(number, self.ids.name(row)) for number, row in rows]
        kept = [(number, row) for number, row in named if not self._is_nothing(row)]
        own = [replace(row, student=student) for _, row in kept]
        return [number for number, _ in kept], self.mark(student, own)

    def _is_nothing(self, row: Given) -> bool:
        """Whether a row is the empty place of what is worked on the sheet."""
        if row.answer.strip() or isinstance(row, Flawed):
            return False
        if not row.id and row.working:
            return True
        name = self.ids.find(row.id)
        return name in self.marker.exercise.order and name not in self.asked

    def mark(self, student: str | None, rows: Sequence[Given]) -> Marked:
        """The results of one member; what is worked on the sheet is judged, not counted."""
        flaws = {i: flaw for i, row in enumerate(rows) if (flaw := self._find_flaw(row))}
        marked = self.marker.mark(student, [r for i, r in enumerate(rows) if i not in flaws])
        judged = iter(marked.results)
        results = tuple(
            self._flawed(row, flaws[i]) if i in flaws else next(judged)
            for i, row in enumerate(rows)
        )
        results = tuple(map(self._explain_lines, results, rows))
        right = sum(r.verdict in RIGHT and r.id in self.asked for r in results)
        return replace(marked, results=results, asked=len(self.asked), right=right)

    def _explain_lines(self, result: Result, row: Given) -> Result:
        """A result with the first false sign of the lines, or the chain, that lead to it."""
        if result.verdict in RIGHT or result.id not in self.marker.exercise.order:
            return result
        chained = row.answer if result.verdict == "unreadable" else ""
        text = row.working if row.working.strip() else chained
        remarks = list_first_false(self.marker, result.id, text[:WORKING]) if text else ()
        if not remarks:
            return result
        judgement = replace(result.judgement, remarks=(*result.judgement.remarks, *remarks))
        return replace(result, judgement=judgement)

    def _flawed(self, row: Given, flaw: Judgement) -> Result:
        return Result(row.student, self.ids.find(row.id) or row.id, row.answer, flaw)

    def _find_flaw(self, row: Given) -> Judgement | None:
        """Why a row cannot be an answer, whatever stands in it."""
        if isinstance(row, Flawed):
            return unreadable(row.problem)
        if read_number(row.id) is not None:
            return unreadable("no_blank", {"count": str(self.ids.count)})
        return None


class Assessment:
    """Marks answers to one exercise; memory does not grow with the rows."""

    def __init__(self, grader: Grader, voice: Voice) -> None:
        """Nobody has been marked."""
        self.grader = grader
        self.voice = voice
        self.tally = Tally(grader.marker.exercise.order, grader.asked)

    def members(self, store: AnswerStore) -> Iterator[tuple[list[int], Marked]]:
        """Each member's results with the numbers of their rows."""
        for numbers, marked in self.grader.members(store):
            self.tally.count(marked)
            yield numbers, marked

    @property
    def all_right(self) -> bool:
        """Whether all that was asked is right, and nothing else that was answered wrong."""
        return self.tally.right == self.tally.asked and not self.tally.faults
