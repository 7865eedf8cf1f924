"""What `derive check` does with a table: answers in, a report out."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from derive.checking.marking import Marker
from derive.commands.console import put, reading, say
from derive.errors import excerpt
from derive.files import write_file
from derive.grading.asking import AskedIds, list_asked
from derive.grading.assessment import Assessment, Grader, open_marker
from derive.grading.origins import refuse_other
from derive.grading.reports.data import record, together
from derive.grading.reports.saying import Voice
from derive.grading.reports.tallies import Tally
from derive.grading.reports.terminal import member_report, summary_report
from derive.grading.store import AnswerStore
from derive.grading.tables import open_table
from derive.pages import Worksheet

if TYPE_CHECKING:
    from derive.grading.reports.pages import Report

Joints = list[dict[str, object]]
Records = tuple[list[int], list[str]]
"""The numbers of a member's rows, and their results as JSON."""


class Options(msgspec.Struct, frozen=True):
    """The options of `derive check`."""

    as_json: bool = False
    language: str | None = None
    reveal: str = "hint"
    report: str | None = None
    level: str | None = None
    force: bool = False
    gradient_check: bool = False


def check(sheet: Worksheet, answers: str, options: Options, target: str | None) -> bool:
    """Check a table of answers and print what is found; whether all of it is right."""
    marker = open_marker(sheet.numbers, gradient_check=options.gradient_check)
    voice = open_voice(sheet, marker, options)
    write_report = _writer(options.report) if options.report else None
    with reading(answers), open_table(answers, AskedIds(marker)) as table:
        if not options.force:
            refuse_other(table.origin, sheet.spec)
        store = AnswerStore(table.rows)
    if table.left_out:
        titles = ", ".join(excerpt(title) for title in table.left_out)
        say(f"{excerpt(answers, 120)}: columns that name no id are left out: {titles}")
    asked = list_asked(sheet, table.origin.at(options.level))
    assessment = Assessment(Grader(marker, asked), voice)
    if options.as_json:
        joints: Joints = []
        records = _list_records(assessment, store, joints)
        put(write_results(store, records, assessment.tally, joints), target)
    else:
        put(_text(assessment, store, colour=target is None and is_coloured()), target)
    if write_report is not None and options.report is not None:
        with reading(options.report):
            text = write_report(assessment.tally, assessment.voice, sheet.spec.title, "")
            write_file(Path(options.report), text)
    return assessment.all_right


def open_voice(sheet: Worksheet, marker: Marker, options: Options) -> Voice:
    """The language and the grade of help that are asked for; raises SpecError for others."""
    language = options.language or sheet.spec.language
    return Voice(language, options.reveal, marker.judge.explainer)


def is_coloured() -> bool:
    """Whether somebody looks at a terminal that shows colours."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _writer(report: str) -> Report:
    from derive.grading.reports.pages import report_for  # noqa: PLC0415  only where one is asked for

    return report_for(Path(report).suffix)


def _text(assessment: Assessment, store: AnswerStore, *, colour: bool) -> Iterator[str]:
    for _, marked in assessment.members(store):
        yield from member_report(marked, assessment.voice, colour=colour)
    yield from summary_report(assessment.tally, assessment.voice)


def _list_records(assessment: Assessment, store: AnswerStore, joints: Joints) -> Iterator[Records]:
    """The results of each member as JSON, with the numbers of their rows."""
    encode = msgspec.json.Encoder().encode
    for numbers, marked in assessment.members(store):
        joint = together(marked)
        if joint is not None:
            joints.append(joint)
        yield numbers, [encode(record(r, assessment.voice)).decode() for r in marked.results]


def write_results(
    store: AnswerStore, records: Iterable[Records], tally: Tally, joints: Joints
) -> Iterator[str]:
    """All results as JSON in the order of the rows, streamed."""
    for numbers, texts in records:
        store.say(zip(numbers, texts, strict=True))
    yield '{"results": ['
    separator = "\n  "
    for text in store.said():
        yield separator + text
        separator = ",\n  "
    summary = {"asked": tally.asked, "right": tally.right}
    yield f'\n],\n"together": {json.dumps(joints)},\n"summary": {json.dumps(summary)}}}\n'
