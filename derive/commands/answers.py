"""The commands that compare: answers with a key, numbers with independent checks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from derive.commands import completion
from derive.commands.console import BAD, DONE, FOUND, put, reading
from derive.commands.options import (
    OUT_FILE,
    SPEC,
    command,
    format_option,
    id_argument,
    one_of,
    sheet_of,
    spec_options,
)
from derive.errors import SpecError

if TYPE_CHECKING:
    from derive.commands.checkup import Options


@command(epilog="Example: derive verify two-two-two")
@SPEC
@click.option("--json", "as_json", is_flag=True, help="Print numbers for other programs.")
@spec_options
def verify(spec: str, as_json: bool, **changes: object) -> None:  # noqa: FBT001  click passes flags by name
    """Compute every number of SPEC by independent checks, side by side."""
    from derive import api  # noqa: PLC0415

    with reading(spec):
        sheet = sheet_of(spec, changes)
        text, agrees = api.verification_json(sheet) if as_json else api.verification(sheet)
    put(text, None)
    if not agrees:
        sys.exit(FOUND)


@command(epilog="Example: derive gradcheck two-two-two W1")
@SPEC
@id_argument(completion.given_numbers)
@format_option("Default: md.", completion.page_formats, default="md")
@OUT_FILE
@spec_options
def gradcheck(spec: str, name: str, form: str, target: str | None, **changes: object) -> None:
    """Compare a derivative of SPEC with difference quotients for ever smaller h.

    ID is a parameter such as W1; the first one where it is left out. Exit status 1
    where they do not agree.
    """
    from derive import api  # noqa: PLC0415

    with reading(spec):
        page, agrees = api.gradient_verification(sheet_of(spec, changes), name, form)
    put(page, target)
    if not agrees:
        sys.exit(FOUND)


@command(epilog="Example: derive check two-two-two answers.toml")
@click.argument("key", metavar="KEY", shell_complete=completion.complete_spec)
@click.argument("answers", metavar="ANSWERS...", nargs=-1, shell_complete=completion.complete_file)
@click.option("--json", "as_json", is_flag=True, help="Print results for other programs.")
@one_of("--lang", "language", words=completion.languages, help_="Default: that of the key.")
@one_of("--reveal", words=completion.reveals, default="hint", help_="Default: hint.")
@click.option(
    "--report",
    metavar="FILE",
    help="Write a summary: FILE.md, .html, .csv or .json.",
    shell_complete=completion.complete_file,
)
@one_of(
    "--level",
    words=completion.levels,
    help_="Count the blanks of this sheet; default: that of the form.",
)
@click.option("--force", is_flag=True, help="Check a form of another spec all the same.")
@click.option(
    "--gradient-check", is_flag=True, help="The derivatives are difference quotients of one h."
)
@click.option("--interactive", is_flag=True, help="Ask for what is not answered yet.")
@OUT_FILE
def check(  # noqa: PLR0913, PLR0917  one argument for each option
    key: str,
    answers: tuple[str, ...],
    as_json: bool,  # noqa: FBT001  click passes flags by name
    language: str | None,
    reveal: str,
    report: str | None,
    level: str | None,
    force: bool,  # noqa: FBT001
    gradient_check: bool,  # noqa: FBT001
    interactive: bool,  # noqa: FBT001
    target: str | None,
) -> None:
    """Check ANSWERS against KEY: which step went wrong, and why.

    KEY is a key.json, a spec or a built-in name. ANSWERS is TOML or JSON (id and
    answer), CSV or .xlsx: columns id, answer and perhaps name, or a column for each
    id, or one for each member. - is stdin. An id is also the number of its blank.

    KEY is also the folder that derive batch made; ANSWERS are then tables of
    everybody (code or name in a column), folders of filled forms, or both, and each
    member is judged by the own sheet.
    """
    from derive.commands import checkup  # noqa: PLC0415
    from derive.grading.keys import open_key  # noqa: PLC0415

    if report and target and Path(report).resolve() == Path(target).resolve():
        raise SpecError("--report", "names the file of -o too; give each a name of its own")
    options = checkup.Options(as_json, language, reveal, report, level, force, gradient_check)
    if Path(key).is_dir():
        sys.exit(_check_class(key, answers, options, target))
    if len(answers) > 1:
        raise click.UsageError("several ANSWERS need the folder of a class as KEY")
    source = answers[0] if answers else None
    with reading(key), open_key(key) as sheet:
        if interactive:
            from derive.commands import dialogue  # noqa: PLC0415

            right = dialogue.ask(sheet, key, source, options)
        elif source is None:
            raise click.UsageError("ANSWERS is missing; give a file, or - for stdin")
        else:
            right = checkup.check(sheet, source, options, target)
    if not right:
        sys.exit(FOUND)


def _check_class(key: str, answers: tuple[str, ...], options: Options, target: str | None) -> int:
    """The exit code of checking a class."""
    from derive.commands.classcheck import check_class  # noqa: PLC0415

    if not answers:
        raise click.UsageError("ANSWERS is missing; give tables, folders of forms, or both")
    right = check_class(key, answers, options, target)
    return BAD if right is None else DONE if right else FOUND
