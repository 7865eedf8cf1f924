"""The command that reads documents of others."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from derive.commands import completion
from derive.commands.console import FOUND, put, reading
from derive.commands.options import OUT_FILE, command, one_of, sheet_of
from derive.errors import SpecError


@command(epilog="Example: derive audit notes.md --spec two-two-two --report audit.html")
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, shell_complete=completion.complete_file
)
@click.option(
    "--spec",
    "specs",
    metavar="SPEC",
    multiple=True,
    help="An exercise whose names the files use; may be given several times.",
    shell_complete=completion.complete_spec,
)
@click.option("--json", "as_json", is_flag=True, help="Print results for other programs.")
@one_of("--lang", "language", words=completion.languages, default="en", help_="Default: en.")
@click.option(
    "--report",
    metavar="FILE",
    help="Write tables: FILE.md, .html or .csv.",
    shell_complete=completion.complete_file,
)
@OUT_FILE
def audit(  # noqa: PLR0913, PLR0917  one argument for each option
    files: tuple[str, ...],
    specs: tuple[str, ...],
    as_json: bool,  # noqa: FBT001  click passes flags by name
    language: str,
    report: str | None,
    target: str | None,
) -> None:
    """Find false numbers in FILES: posts, slides, solutions of others.

    Reads Markdown, LaTeX, HTML, plain text, and PDF with the extra audit: every chain of
    numbers, each with what the file itself has defined before, and every definition of a
    named function. A typed decimal may be a rounded one: false is only what no numbers
    that round to the printed ones satisfy. Exit status 1 where something is false.
    """
    from derive.grading.audits import audit_files  # noqa: PLC0415
    from derive.grading.reports.audits import (  # noqa: PLC0415
        Audit,
        AuditVoice,
        report_for,
        write_json,
        write_text,
    )

    if report and target and Path(report).resolve() == Path(target).resolve():
        raise SpecError("--report", "names the file of -o too; give each a name of its own")
    write = report_for(Path(report).suffix) if report else None
    voice = AuditVoice(language)
    sheets = []
    for spec in specs:
        with reading(f"--spec {spec}"):
            sheets.append(sheet_of(spec, {}))
    found = Audit(audit_files(files, sheets), files)
    put(write_json(found, voice) if as_json else write_text(found, voice), target)
    if write is not None and report is not None:
        put(write(found, voice), report)
    if found.total["false"]:
        sys.exit(FOUND)
