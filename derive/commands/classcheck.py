"""What `derive check` does with a class: everybody's answers in, each by the own sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from derive.batches import Folder
from derive.batches.marking import ClassBook, Judged
from derive.batches.roll import StrayError, tell
from derive.checking.explaining import Explainer
from derive.commands.checkup import Options, is_coloured, write_results
from derive.commands.console import put, reading, say
from derive.errors import SpecError, excerpt
from derive.files import write_file
from derive.grading.reports.data import record, together
from derive.grading.reports.drawing import draw_shares
from derive.grading.reports.pages import report_for
from derive.grading.reports.saying import Voice
from derive.grading.reports.tallies import MemberLine, Tally
from derive.grading.reports.terminal import member_report, summary_report
from derive.grading.store import AnswerStore

MESSAGES = 20
"""So many answers that are of no member are told one by one."""


def check_class(
    source: str, answers: Sequence[str], options: Options, target: str | None
) -> bool | None:
    """Check the answers of a class and print what is found.

    Whether all of it is right; None where something is of no member of the class, which
    is told on stderr while all others are judged.
    """
    writer = report_for(Path(options.report).suffix) if options.report else None
    with reading(source):
        book = ClassBook(Folder(Path(source)))
    store = book.collect(answers)
    check = _Check(book, options)
    if options.as_json:
        put(write_results(store, check.list_records(store), check.tally, check.joints), target)
    else:
        put(check.write(store, colour=target is None and is_coloured()), target)
    if not check.tally.members:
        if not _tell(book):
            say(f"{', '.join(answers)}: no answers of this class")
        return None
    if writer is not None and options.report is not None:
        with reading(options.report):
            title = book.spec.title
            html = Path(options.report).suffix.lower() == ".html"
            language = check.voice.language
            drawing = draw_shares(book.sheet, check.tally.steps(), language) if html else ""
            text = writer(check.tally, check.voice, title, drawing)
            write_file(Path(options.report), text)
    return None if _tell(book) else check.all_right


class _Check:
    """One pass over the answers of a class."""

    def __init__(self, book: ClassBook, options: Options) -> None:
        self._book = book
        self._options = options
        self.tally = Tally(dict(book.marker.exercise.order), ())
        self.voice = self._open_voice(book.marker.judge.explainer)
        self.joints: list[dict[str, object]] = []

    def _open_voice(self, explainer: Explainer) -> Voice:
        language = self._options.language or self._book.spec.language
        return Voice(language, self._options.reveal, explainer)

    def _judge(self, store: AnswerStore) -> Iterator[tuple[Judged, Voice]]:
        for judged in self._book.mark(store, self._options.level):
            self.tally.count(judged.marked, judged.grader.asked)
            yield judged, self._open_voice(judged.grader.marker.judge.explainer)

    def write(self, store: AnswerStore, *, colour: bool) -> Iterator[str]:
        """The results as text, member by member, and what they sum up to."""
        for judged, voice in self._judge(store):
            yield from member_report(judged.marked, voice, colour=colour)
        self.finish()
        yield from summary_report(self.tally, self.voice)

    def list_records(self, store: AnswerStore) -> Iterator[tuple[list[int], list[str]]]:
        """The results of each member as JSON, with the numbers of their rows."""
        encode = msgspec.json.Encoder().encode
        for judged, voice in self._judge(store):
            code = {"code": judged.member.code}
            records = ({**record(r, voice), **code} for r in judged.marked.results)
            joint = together(judged.marked)
            if joint is not None:
                self.joints.append(joint | code)
            yield judged.numbers, [encode(one).decode() for one in records]
        self.finish()

    def finish(self) -> None:
        """Put those down who have not handed in, and what is nobody's."""
        self.tally.strays = [(w, self._say_stray(e)) for w, e in self._book.problems.items()]
        self.tally.missing = [
            MemberLine(member.student or None, 0, 0, 0, None, (), member.code)
            for member in self._book.list_missing()
        ]

    def _say_stray(self, error: SpecError) -> str:
        """Why an answer is of no member, in the language of the report."""
        if not isinstance(error, StrayError):
            return str(error)
        return self.voice.word("stray", error.kind, near=error.near)

    @property
    def all_right(self) -> bool:
        """Whether all that was asked of those who answered is right, and nothing else wrong."""
        return self.tally.right == self.tally.asked and not self.tally.faults


def _tell(book: ClassBook) -> bool:
    """Say which answers are of no member; whether there are any."""
    for what, error in list(book.problems.items())[:MESSAGES]:
        say(f"{excerpt(what, 120)}: {tell(error)}")
    more = len(book.problems) - MESSAGES
    if more > 0:
        say(f"{more} more are of no member of this class")
    return bool(book.problems)
