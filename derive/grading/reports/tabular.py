"""Tables below each other, as Markdown, as one self-contained HTML page, or for spreadsheets."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Iterable

import msgspec

from derive.render.escape import markdown
from derive.render.forms import harmless

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


class Heading(msgspec.Struct, frozen=True):
    """What stands above the tables: the title, one line that sums them up, their language."""

    title: str
    total: str
    language: str


def write_markdown(heading: Heading, tables: Iterable[Table]) -> str:
    """The tables for a repository page or a note."""
    lines = [f"# {markdown(heading.title)}", "", markdown(heading.total)]
    for table in tables:
        lines += ["", f"## {markdown(table.title)}", ""]
        lines.append("| " + " | ".join(map(markdown, table.columns)) + " |")
        lines.append("| " + " | ".join("---" for _ in table.columns) + " |")
        lines += ["| " + " | ".join(map(markdown, row)) + " |" for row in table.rows]
        lines += ["", markdown(table.note)] if table.note else []
    return "\n".join(lines) + "\n"


def write_html(
    heading: Heading, tables: Iterable[Table], drawing: str = "", style: str = ""
) -> str:
    """The tables as one file that needs no network; `drawing` and `style` are HTML and CSS."""
    title = html.escape(heading.title)
    parts = [
        f'<!doctype html>\n<html lang="{html.escape(heading.language)}">',
        '<head><meta charset="utf-8">',
        f"<title>{title}</title><style>{STYLE}{style}</style></head>",
        f"<body>\n<h1>{title}</h1>\n<p>{html.escape(heading.total)}</p>",
        drawing,
    ]
    for table in tables:
        head = "".join(f'<th scope="col">{html.escape(cell)}</th>' for cell in table.columns)
        parts.append(
            f'<h2>{html.escape(table.title)}</h2>\n<div class="scroll"><table>\n<tr>{head}</tr>'
        )
        for row in table.rows:
            cells = "".join(f"<td>{html.escape(cell)}</td>" for cell in row)
            parts.append(f"<tr>{cells}</tr>")
        parts.append("</table></div>")
        parts += [f"<p>{html.escape(table.note)}</p>"] if table.note else []
    return "\n".join([*parts, "</body>\n</html>\n"])


def write_csv(tables: Iterable[Table]) -> str:
    """The tables below each other; no cell is run by a spreadsheet.

    It begins with a byte order mark, without which Excel shows no Korean.
    """
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, lineterminator="\n")
    for index, table in enumerate(tables):
        if index:
            writer.writerow([])
        writer.writerow([harmless(cell) for cell in table.columns])
        writer.writerows([harmless(cell) for cell in row] for row in table.rows)
    return text.getvalue()
