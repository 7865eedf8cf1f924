"""A report as a file: Markdown, one self-contained HTML page, or a table for spreadsheets."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

import msgspec
from msgspec.structs import replace

from derive.errors import check_known
from derive.grading.reports.saying import Voice
from derive.grading.reports.tabular import (
    Heading,
    Table,
    write_csv,
    write_html,
    write_markdown,
)
from derive.grading.reports.tallies import Tally
from derive.render.forms import pretty_json
from derive.render.package import templates
from derive.render.wording import translate_title


def tables(tally: Tally, voice: Voice) -> list[Table]:
    """The summary per member and per step, and what the mistakes named in them are."""
    found = {*(code for line in tally.members for code in line.mistakes)}
    found |= {step.commonest for step in tally.steps() if step.commonest}
    found |= {shared.mistake for shared in tally.shared()}
    more = (
        _shared(tally, voice),
        _missing(tally, voice),
        _table(voice, "strays", "answer remark", map(list, tally.strays)),
        _legend(voice, found),
    )
    return [
        _members(tally, voice),
        _steps(tally, voice),
        *(table for table in more if table.rows),
    ]


def _table(voice: Voice, title: str, columns: str, rows: Iterable[list[str]]) -> Table:
    """A table by the keys of its words; an empty cell has the sign for nobody."""
    nobody = voice.word("report", "nobody")
    return Table(
        voice.word("report", title),
        [voice.word("report", key) for key in columns.split()],
        [[cell or nobody for cell in row] for row in rows],
    )


def _members(tally: Tally, voice: Voice) -> Table:
    coded = any(line.code for line in tally.members)
    rows = (
        [
            line.student or "",
            *([line.code] if coded else []),
            str(line.right),
            str(line.answered),
            str(line.asked),
            line.first_error or "",
            voice.list_mistakes(line.mistakes),
            str(line.carried),
            ", ".join(line.again),
        ]
        for line in tally.members
    )
    sheet = "sheet " if coded else ""
    columns = f"member {sheet}right answered asked first_error mistakes carried again"
    return _table(voice, "members", columns, rows)


def _steps(tally: Tally, voice: Voice) -> Table:
    several = len(tally.members) > 1
    rows = (
        [
            step.id,
            step.share,
            str(step.right),
            str(step.answered),
            f"{voice.name_mistake(step.commonest)}: {step.times}" if step.commonest else "",
            *([_write_signed(step.discrimination)] if several else []),
        ]
        for step in tally.steps()
    )
    columns = f"id share right answered commonest{' discrimination' if several else ''}"
    table = _table(voice, "steps", columns, rows)
    return replace(table, note=voice.word("report", "about")) if several else table


def _write_signed(number: float | None) -> str:
    return "" if number is None else f"{number:+.2f}".replace("-0.00", "+0.00")


def _shared(tally: Tally, voice: Voice) -> Table:
    """Mistakes of several members, and whose."""
    rows = (
        [
            voice.name_mistake(shared.mistake),
            str(shared.count),
            ", ".join(shared.members) + (", ..." if shared.count > len(shared.members) else ""),
        ]
        for shared in tally.shared()
    )
    return _table(voice, "shared", "mistake count who", rows)


def _missing(tally: Tally, voice: Voice) -> Table:
    rows = ([line.student or "", line.code] for line in tally.missing)
    return _table(voice, "missing", "member sheet", rows)


def _legend(voice: Voice, codes: Collection[str]) -> Table:
    known = (code for code in voice.mistakes() if code in codes)
    rows = ([code, voice.word("name", code), voice.describe_mistake(code)] for code in known)
    return _table(voice, "legend", "code name meaning", rows)


def _heading(tally: Tally, voice: Voice, exercise: str) -> Heading:
    title = voice.word("report", "title_alone")
    if exercise:
        translated = translate_title(voice.language, exercise)
        title = voice.word("report", "title", exercise=translated)
    total = voice.word("report", "total", right=str(tally.right), asked=str(tally.asked))
    return Heading(title, total, voice.language)


def as_markdown(tally: Tally, voice: Voice, exercise: str, drawing: str = "") -> str:
    """The report for a repository page or a note; it holds no drawing."""
    del drawing
    return write_markdown(_heading(tally, voice, exercise), tables(tally, voice))


def as_html(tally: Tally, voice: Voice, exercise: str, drawing: str = "") -> str:
    """The report as one file that needs no network."""
    style = _style() if drawing else ""
    return write_html(_heading(tally, voice, exercise), tables(tally, voice), drawing, style)


def _style() -> str:
    """How drawings look on our pages."""
    rules = (templates() / "html" / "style.css").read_text("utf-8").splitlines()
    return "\n".join(line for line in rules if line.startswith((".picture", ".scroll")))


def as_csv(tally: Tally, voice: Voice, exercise: str, drawing: str = "") -> str:
    """The report as tables below each other, for a spreadsheet."""
    del exercise, drawing
    return write_csv(tables(tally, voice))


def as_json(tally: Tally, voice: Voice, exercise: str, drawing: str = "") -> str:
    """The report for other programs: counts and codes of mistakes, and their names."""
    del drawing
    codes = {*(code for line in tally.members for code in line.mistakes)}
    codes |= {step.commonest for step in tally.steps() if step.commonest}
    return pretty_json(
        {
            "title": translate_title(voice.language, exercise),
            "right": tally.right,
            "asked": tally.asked,
            "members": msgspec.to_builtins(tally.members),
            "steps": msgspec.to_builtins(list(tally.steps())),
            "shared": msgspec.to_builtins(list(tally.shared())),
            "missing": [{"student": m.student, "code": m.code} for m in tally.missing],
            "strays": [{"answers": what, "problem": why} for what, why in tally.strays],
            "mistakes": {code: voice.word("name", code) for code in sorted(codes)},
        }
    )


Report = Callable[[Tally, Voice, str, str], str]
"""From the counts, the language, the title and a drawing in HTML to the text of a file."""
REPORTS: dict[str, Report] = {
    ".md": as_markdown,
    ".html": as_html,
    ".csv": as_csv,
    ".json": as_json,
}
"""How a report is written, by the ending of its file's name."""


def report_for(suffix: str) -> Report:
    """The writer of a file ending; raises SpecError for an unknown one."""
    check_known("--report", "ending", suffix.lower(), REPORTS)
    return REPORTS[suffix.lower()]
