"""Lines of working out of a file: a text, or a table with a column of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from derive.answers import find_id
from derive.checking.marking import Marker
from derive.errors import SpecError, excerpt
from derive.grading.asking import AskedIds
from derive.grading.assessment import open_marker
from derive.grading.reports.lines import LineVoice, summarise
from derive.grading.reports.saying import Voice
from derive.grading.tables import STDIN, open_table
from derive.grading.texts import open_text
from derive.pages import Worksheet
from derive.workings import Line, Working

TABLES = (".toml", ".json", ".csv", ".tsv", ".xlsx")
Owned = tuple[str, Line]
"""Whose a line is, empty where nobody is named; and the line."""


class Workings:
    """The judged lines of a file, one by one; `counts` holds those that were given so far."""

    def __init__(self, voice: LineVoice, lines: Iterable[Owned]) -> None:
        """Judge nothing yet."""
        self.voice = voice
        self.counts: Counter[str] = Counter()
        self._lines = lines

    def __iter__(self) -> Iterator[Owned]:
        """Each line in turn; a name only where another one begins."""
        last = ""
        for owner, line in self._lines:
            self.counts[line.status] += 1
            yield (owner if owner != last else ""), line
            last = owner

    def write_json(self) -> Iterator[str]:
        """All lines as JSON, piece by piece."""
        yield '{"chains": ['
        owner = ""
        for place, (other, line) in enumerate(self):
            owner = other or owner
            member = {"student": owner} if owner else {}
            record: dict[str, Any] = {**self.voice.record(line), **member}
            yield (",\n" if place else "\n") + json.dumps(record, ensure_ascii=False)
        summary = json.dumps(summarise(self.counts.elements()))
        yield f'\n], "summary": {summary}}}\n'


def open_workings(
    sheet: Worksheet, source: str, name: str, language: str | None, reveal: str
) -> Workings:
    """The lines of a file against a sheet.

    `name` is the id that lines without one are about. Raises SpecError for a name that is
    no id, an unknown language or grade of help, and a file that cannot be read.
    """
    marker = open_marker(sheet.numbers)
    voice = Voice(language or sheet.spec.language, reveal, marker.judge.explainer)
    asked = _find(marker, name) if name else ""
    table = source != STDIN and Path(source).suffix.lower() in TABLES
    lines = _judge_table(marker, source) if table else _judge_text(marker, source, asked)
    first = next(lines, None)  # what cannot be read is told before anything is printed
    return Workings(LineVoice(voice), lines if first is None else chain([first], lines))


def _find(marker: Marker, name: str) -> str:
    found = find_id(name, marker.aliases)
    if found is None or found not in marker.exercise.order:
        near = marker.aliases.find_nearest(name)
        hint = f"; did you mean {near}?" if near else ""
        raise SpecError("--id", f"no quantity of this sheet is called {excerpt(name)}{hint}")
    return found


def judge_text(sheet: Worksheet, text: str, name: str = "") -> list[Line]:
    """Every chain of a text, judged; see `derive.working`."""
    marker = open_marker(sheet.numbers)
    asked = _find(marker, name) if name else ""
    return list(Working(marker, asked).judge_text(text.split("\n")))


def _judge_text(marker: Marker, source: str, asked: str) -> Iterator[Owned]:
    with open_text(source) as lines:
        for line in Working(marker, asked).judge_text(lines):
            yield "", line


def _judge_table(marker: Marker, source: str) -> Iterator[Owned]:
    """Every member's lines in the order of the rows."""
    members: dict[str | None, Working] = {}
    with open_table(source, AskedIds(marker)) as table:
        rows = [row for row in table.rows if row.working.strip()]
    for row in rows:
        name = find_id(row.id, marker.aliases) or ""
        name = name if name in marker.exercise.order else ""
        working = members.setdefault(row.student, Working(marker))
        for line in working.judge_text(row.working.split("\n"), name):
            yield row.student or "", line
