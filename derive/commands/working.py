"""The command that reads a member's lines of working."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

import click

from derive.commands import completion
from derive.commands.checkup import is_coloured
from derive.commands.console import FOUND, put, reading
from derive.commands.options import OUT_FILE, command, one_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from derive.grading.workings import Workings


@command(epilog="Example: derive working two-two-two lines.txt --id dE_total/dW5")
@click.argument("spec", metavar="SPEC", shell_complete=completion.complete_spec)
@click.argument("file", metavar="FILE", shell_complete=completion.complete_file)
@click.option(
    "--id",
    "name",
    metavar="ID",
    default="",
    help="What lines without a name at their head are about.",
)
@click.option("--json", "as_json", is_flag=True, help="Print results for other programs.")
@one_of("--lang", "language", words=completion.languages, help_="Default: that of the spec.")
@one_of("--reveal", words=completion.reveals, default="hint", help_="Default: hint.")
@OUT_FILE
def working(  # noqa: PLR0913, PLR0917  one argument for each option
    spec: str,
    file: str,
    name: str,
    as_json: bool,  # noqa: FBT001  click passes flags by name
    language: str | None,
    reveal: str,
    target: str | None,
) -> None:
    """Find the first false equals sign in each line of FILE, and the rule it breaks.

    FILE holds lines as they are typed, pasted as LaTeX or copied from a chat; - is
    stdin. A table (TOML, JSON, CSV, .xlsx) has a column or key working beside its ids
    and names. SPEC is also a key.json. Lines below a false one are judged as following
    from it. Exit status 1 where something is false.
    """
    from derive.grading.keys import open_key  # noqa: PLC0415
    from derive.grading.workings import open_workings  # noqa: PLC0415

    with reading(spec), open_key(spec) as sheet, reading(file):
        judged = open_workings(sheet, file, name, language, reveal)
        put(judged.write_json() if as_json else _write(judged, colour=target is None), target)
    if judged.counts["false"]:
        sys.exit(FOUND)


def _write(judged: Workings, *, colour: bool) -> Iterator[str]:
    """A readable report: each chain, and how many there are."""
    coloured = colour and is_coloured()
    for owner, line in judged:
        if owner:
            yield f"{owner}\n"
        yield from judged.voice.report(line, colour=coloured)
    counts = Counter(judged.counts)
    yield f"{judged.voice.summary(counts)}\n"
