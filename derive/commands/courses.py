"""The command that writes a file for a course system."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from derive.commands import completion
from derive.commands.console import put, reading
from derive.commands.options import OUT_FILE, SPEC, command, one_of, sheet_of, spec_options
from derive.errors import SpecError, check_known, read_list, unknown

if TYPE_CHECKING:
    from derive.pages import Worksheet


@command(epilog="Example: derive quiz two-two-two --to moodle -o quiz.xml")
@SPEC
@one_of("--to", words=completion.courses, default="moodle", help_="Default: moodle.")
@one_of("--level", words=completion.levels, default="guided", help_="Default: guided.")
@click.option("--blanks", type=int, metavar="N", help="At most N: those that teach most.")
@click.option("--weights", metavar="W5,W1,...", help="Only these parameters and what they need.")
@OUT_FILE
@spec_options
def quiz(  # noqa: PLR0913, PLR0917  one argument for each option
    spec: str,
    to: str,
    level: str,
    blanks: int | None,
    weights: str | None,
    target: str | None,
    **changes: object,
) -> None:
    """Write the blanks of SPEC as questions that a course system or Anki imports.

    A number is right within the tolerance of derive check; rounded too early it gets half
    of the marks. moodle is Moodle XML, gift its text format, qti a QTI 3 package (.zip),
    anki a deck (.apkg). SPEC is also the folder that derive batch made: each learner then
    gets the question for a blank from one of its sheets by chance.
    """
    from derive.batches import quiz as write_quiz  # noqa: PLC0415
    from derive.courses import COURSES  # noqa: PLC0415
    from derive.pages import LEVELS  # noqa: PLC0415
    from derive.pages.choosing import Choice  # noqa: PLC0415

    with reading(spec):
        check_known("--to", "course format", to, COURSES)
        if level not in LEVELS:
            raise unknown("--level", "level", level, LEVELS)
        ending = COURSES[to].packed
        if ending and target is None:
            raise SpecError("--output", f"{to} is no text; name its file: -o quiz{ending}")
        choice = Choice(blanks, tuple(read_list(weights or "")))
        sheets = _open_class(spec, changes) or sheet_of(spec, changes)
        content = write_quiz(sheets, to, level, choice)
    put(content, target)


def _open_class(source: str, changes: Mapping[str, object]) -> list[Worksheet]:
    """The sheets of a class; none where the source is no folder."""
    from derive.batches import open_class  # noqa: PLC0415

    if not Path(source).is_dir():
        return []
    if any(value is not None for value in changes.values()):
        raise SpecError("", "the sheets of a class are made already; leave such options out")
    return open_class(Path(source))
