"""A report as a file: Markdown, one self-contained HTML page, or a table for spreadsheets."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Callable, Collection, Iterable

import msgspec
from msgspec.structs import replace

from derive.errors import check_known
from derive.grading.reports.saying import Voice
from derive.grading.reports.tallies import Tally
from derive.render.escape import markdown
from derive.render.forms import harmless, pretty_json
from derive.render.package import templates
from derive.render.wording import translate_title

STYLE = (
    "body{font:16px/1.5 sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}"
    "table{border-collapse:collapse;margin:1rem 0}"
    ".scroll{overflow-x:auto}"
    "th,td{border:1px solid #bbb;padding:.25rem .6rem;text-align:left}"
    ".picture .good{color:#15692f}.picture .fair{color:#8a5a00}.picture .poor{color:#b3261e}"
    ".picture .good .label,.picture .fair .label,.picture .poor .label{font-weight:bold}"
)


class Table(msgspec.Struct, frozen=True):
    """Rows of text below a heading."""

    title: str
    columns: list[str]
    rows: list[list[str]]
    note: str = ""


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
        ]
        for line in tally.members
    )
    columns = f"member {'sheet ' if coded else ''}right answered asked first_error commonest"
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


def _heading(tally: Tally, voice: Voice, exercise: str) -> tuple[str, str]:
    title = voice.word("report", "title_alone")
    if exercise:
        translated = translate_title(voice.language, exercise)
        title = voice.word("report", "title", exercise=translated)
    total = voice.word("report", "total", right=str(tally.right), asked=str(tally.asked))
    return title, total


def as_markdown(tally: Tally, voice: Voice, exercise: str, drawing: str = "") -> str:
    """The report for a repository page or a note; it holds no drawing."""
    del drawing
    title, total = _heading(tally, voice, exercise)
    lines = [f"# {markdown(title)}", "", markdown(total)]
    for table in tables(tally, voice):
        lines += ["", f"## {markdown(table.title)}", ""]
        lines.append("| " + " | ".join(map(markdown, table.columns)) + " |")
        lines.append("| " + " | ".join("---" for _ in table.columns) + " |")
        lines += ["| " + " | ".join(map(markdown, row)) + " |" for row in table.rows]
        lines += ["", markdown(table.note)] if table.note else []
    return "\n".join(lines) + "\n"


def as_html(tally: Tally, voice: Voice, exercise: str, drawing: str = "") -> str:
    """The report as one file that needs no network."""
    title, total = (html.escape(text) for text in _heading(tally, voice, exercise))
    language = html.escape(voice.language)
    parts = [
        f'<!doctype html>\n<html lang="{language}">\n<head><meta charset="utf-8">',
        f"<title>{title}</title><style>{STYLE}{_style() if drawing else ''}</style></head>",
        f"<body>\n<h1>{title}</h1>\n<p>{total}</p>",
        drawing,
    ]
    for table in tables(tally, voice):
        head = "".join(f'<th scope="col">{html.escape(cell)}</th>' for cell in table.columns)
        title = html.escape(table.title)
        parts.append(f'<h2>{title}</h2>\n<div class="scroll"><table>\n<tr>{head}</tr>')
        for row in table.rows:
            cells = "".join(f"<td>{html.escape(cell)}</td>" for cell in row)
            parts.append(f"<tr>{cells}</tr>")
        parts.append("</table></div>")
        parts += [f"<p>{html.escape(table.note)}</p>"] if table.note else []
    return "\n".join([*parts, "</body>\n</html>\n"])


def _style() -> str:
    """How drawings look on our pages."""
    rules = (templates() / "html" / "style.css").read_text("utf-8").splitlines()
    return "\n".join(line for line in rules if line.startswith((".picture", ".scroll")))


def as_csv(tally: Tally, voice: Voice, exercise: str, drawing: str = "") -> str:
    """The report as tables below each other; no cell is run by a spreadsheet.

    It begins with a byte order mark, without which Excel shows no Korean.
    """
    del exercise, drawing
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, lineterminator="\n")
    for index, table in enumerate(tables(tally, voice)):
        if index:
            writer.writerow([])
        writer.writerow([harmless(cell) for cell in table.columns])
        writer.writerows([harmless(cell) for cell in row] for row in table.rows)
    return text.getvalue()


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
