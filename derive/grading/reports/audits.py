"""What an audit has to say: as text, as tables, for other programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

import msgspec

from derive.audits.kinds import load_kinds
from derive.checking.verdicts import Remark
from derive.errors import InternalError, check_known, excerpt
from derive.grading.reports.lines import MARKS, draw, summarise
from derive.grading.reports.saying import words
from derive.grading.reports.tabular import Heading, Table, write_csv, write_html, write_markdown
from derive.numbers import rounding
from derive.numbers.balls import NotDefined, Undecided, Value
from derive.render.wording import SLOT, agree, list_ones
from derive.workings import STATUSES, Line

KEPT = 5_000
"""Lines that a report shows."""
PLACES, MORE = 8, 6
"""Decimals of a value, and so many more where two would look the same."""


class Audited(msgspec.Struct, frozen=True):
    """One judged chain of a file."""

    file: str
    line: Line


class AuditVoice:
    """Says what was found in one language; raises SpecError for an unknown one."""

    def __init__(self, language: str) -> None:
        """Load the words."""
        self.language = language
        self._words = words(language)

    def say(self, section: str, key: str, **slots: str) -> str:
        """One sentence with its slots filled."""
        text = self._words.get(section, {}).get(key)
        if text is None:
            raise InternalError(f"the checker has no words for {section}.{key}")
        return SLOT.sub(lambda slot: slots.get(slot.group(1), ""), agree(text, list_ones(slots)))

    def sentences(self, line: Line) -> list[str]:
        """What there is to say about a chain."""
        said = [self._remark(remark) for remark in line.remarks]
        sides = show_sides(line)
        if line.status == "false" and not line.remarks:
            left, right = sides or ("?", "?")
            place = str(line.false_at)
            said.append(self.say("audit", "false", place=place, left=left, right=right))
        if line.status == "rounded" and sides is not None:
            place = str(line.rounded_at)
            said.append(self.say("audit", "rounded", place=place, left=sides[0], right=sides[1]))
        return said + self._tell_slip(line) + self._tell_unread(line)

    def _remark(self, remark: Remark) -> str:
        """One remark, with functions called as people write them."""
        kinds = load_kinds()
        slots = {
            k: kinds[name].title if name in kinds else name for k, name in remark.slots.items()
        }
        section, _, key = remark.key.partition(".")
        return self.say(section, key, **slots)

    def _tell_slip(self, line: Line) -> list[str]:
        slip = line.slip
        if slip is None or line.remarks:
            return []
        said = [self.say("rule", slip.rule)] if slip.rule else []
        if slip.digits:
            said.append(self.say("working", slip.digits))
        names = [f"{self.say('name', code)} ({code})" for code in slip.misconceptions[:3]]
        if names:
            said.append(self.say("working", "mistakes", mistakes=", ".join(names)))
        return said

    def _tell_unread(self, line: Line) -> list[str]:
        said = []
        for place, remark in line.unread if line.status == "unread" else ():
            reason = self._remark(remark)
            said.append(self.say("working", "unread", place=str(place), reason=reason))
        return said

    def summary(self, counts: Counter[str]) -> str:
        """How many chains there are of each status."""
        slots = {status: str(counts[status]) for status in STATUSES}
        return self.say("audit", "summary", count=str(counts.total()), **slots)


def show_sides(line: Line) -> tuple[str, str] | None:
    """The values on both sides of the sign in question, with enough digits to tell them apart."""
    if line.left is None or line.right is None:
        return None
    for places in range(PLACES, PLACES + MORE):
        shown = _show(line.left, places), _show(line.right, places)
        if None in shown or shown[0] != shown[1]:
            break
    left, right = shown
    return (left, right) if left is not None and right is not None else None


def _show(value: Value, places: int) -> str | None:
    try:
        return rounding.show(value, places).text
    except (NotDefined, Undecided):
        return None


class Audit:
    """What is found in some files, one chain after the other; only what is not true is kept."""

    def __init__(self, found: Iterable[Audited], files: Sequence[str]) -> None:
        """Nothing is found yet."""
        self.files = tuple(files)
        self.counts: dict[str, Counter[str]] = {file: Counter() for file in files}
        self.kept: list[Audited] = []
        self.left_out = 0
        self._found = found

    def __iter__(self) -> Iterator[Audited]:
        """Each chain, counted."""
        for audited in self._found:
            self.counts[audited.file][audited.line.status] += 1
            if is_telling(audited.line):
                if len(self.kept) < KEPT:
                    self.kept.append(audited)
                else:
                    self.left_out += 1
            yield audited

    @property
    def total(self) -> Counter[str]:
        """How many chains there are of each status."""
        return sum(self.counts.values(), Counter())


def is_telling(line: Line) -> bool:
    """Whether there is more to say about a chain than that it is true."""
    return line.status != "true" or bool(line.remarks)


def write_text(audit: Audit, voice: AuditVoice) -> Iterator[str]:
    """A readable report: every chain that is not plainly true, then the counts of its file."""
    for file, found in groupby(audit, key=lambda audited: audited.file):
        yield f"{excerpt(file, 120)}\n"
        for audited in found:
            if is_telling(audited.line):
                yield from _write_line(audited.line, voice)
    for file, counts in audit.counts.items():
        yield f"{excerpt(file, 120)}: {voice.summary(counts)}\n"


def _write_line(line: Line, voice: AuditVoice) -> Iterator[str]:
    about = f"  {line.id}" if line.id is not None else ""
    number = voice.say("working", "line", line=str(line.chain.line))
    yield f"{MARKS[line.status]} {number}{about}  {voice.say('status', line.status)}\n"
    at = line.false_at or line.rounded_at
    text, width = draw(line.chain, at)
    yield f"    {text}\n"
    if at is not None:
        yield f"    {' ' * width}^\n"
    for sentence in voice.sentences(line):
        yield f"    {sentence}\n"


def write_json(audit: Audit, voice: AuditVoice) -> Iterator[str]:
    """Every chain for other programs, piece by piece."""
    yield '{"chains": ['
    for place, audited in enumerate(audit):
        yield (",\n" if place else "\n") + json.dumps(record(audited, voice), ensure_ascii=False)
    summary = json.dumps(summarise(audit.total.elements()))
    yield f'\n], "summary": {summary}}}\n'


def record(audited: Audited, voice: AuditVoice) -> dict[str, Any]:
    """One chain for other programs."""
    line = audited.line
    left, right = show_sides(line) or (None, None)
    return {
        "file": audited.file,
        "line": line.chain.line,
        "status": line.status,
        "false_at": line.false_at,
        "id": line.id,
        "rule": (line.slip.rule or None) if line.slip is not None else None,
        "misconceptions": [] if line.slip is None else list(line.slip.misconceptions),
        "left": left,
        "right": right,
        "message": " ".join(voice.sentences(line)),
    }


def _tabulate(audit: Audit, voice: AuditVoice) -> list[Table]:
    """A table of the files, and one of the lines that are not plainly true."""
    return [_tabulate_files(audit, voice), _tabulate_lines(audit, voice)]


def _tabulate_files(audit: Audit, voice: AuditVoice) -> Table:
    rows = [
        [file, str(own.total()), *(str(own[status]) for status in STATUSES)]
        for file, own in audit.counts.items()
    ]
    titles = [voice.say("status", status) for status in STATUSES]
    columns = [voice.say("audit", "file"), voice.say("audit", "read"), *titles]
    return Table(voice.say("audit", "files"), columns, rows)


def _tabulate_lines(audit: Audit, voice: AuditVoice) -> Table:
    rows = [
        [
            audited.file,
            str(audited.line.chain.line),
            voice.say("status", audited.line.status),
            excerpt(audited.line.chain.text, 300),
            " ".join(voice.sentences(audited.line)),
        ]
        for audited in audit.kept
    ]
    columns = [voice.say("audit", key) for key in ("file", "line", "status", "chain", "remark")]
    note = voice.say("audit", "more", count=str(audit.left_out)) if audit.left_out else ""
    return Table(voice.say("audit", "lines"), columns, rows, note)


def _head(audit: Audit, voice: AuditVoice) -> Heading:
    return Heading(voice.say("audit", "title"), voice.summary(audit.total), voice.language)


Report = Callable[[Audit, AuditVoice], str]
REPORTS: dict[str, Report] = {
    ".md": lambda audit, voice: write_markdown(_head(audit, voice), _tabulate(audit, voice)),
    ".html": lambda audit, voice: write_html(_head(audit, voice), _tabulate(audit, voice)),
    ".csv": lambda audit, voice: write_csv(_tabulate(audit, voice)),
}
"""How a report of a finished audit is written, by the ending of its file's name."""


def report_for(suffix: str) -> Report:
    """The writer of a file ending; raises SpecError for an unknown one."""
    check_known("--report", "ending", suffix.lower(), REPORTS)
    return REPORTS[suffix.lower()]
