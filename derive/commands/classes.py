"""The commands for a class: a secret, a sheet with own numbers for every member."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from derive.commands import completion
from derive.commands.console import reading, say, say_next
from derive.commands.options import LANG, OUT_FOLDER, SPEC, command, format_option, one_of
from derive.errors import SpecError, counted, read_list

if TYPE_CHECKING:
    from derive.batches import Folder, Progress, Summary

LIKELY = 20
"""With fewer different sheets for each member, two of a small class are soon the same."""


@command(epilog="Example: derive secret class.secret")
@click.argument("path", metavar="FILE", shell_complete=completion.complete_file)
def secret(path: str) -> None:
    """Write a new secret for the numbers of a class; FILE must not be there yet.

    Whoever has it can compute every member's numbers: keep it from the sheets.
    """
    from derive.batches import make_secret, write_secret  # noqa: PLC0415

    with reading(path):
        write_secret(Path(path), make_secret())
    click.echo(path)


@command(epilog="Example: derive batch two-two-two --count 4 --format html -o evening")
@SPEC
@click.option("--count", type=int, metavar="N", help="So many members.")
@click.option(
    "--roster",
    metavar="FILE.csv",
    help="A member for each row.",
    shell_complete=completion.complete_file,
)
@click.option("--name-column", "column", metavar="NAME", help="Default: name, 이름, 학번, ...")
@click.option(
    "--secret-file",
    "secret_file",
    metavar="FILE",
    help="Default: one in DIR/NAME/leader/.",
    shell_complete=completion.complete_file,
)
@OUT_FOLDER
@format_option(
    "One or several; default: md,tex,html.", completion.class_formats, "formats", "md,tex,html"
)
@one_of("--level", words=completion.blank_levels, default="guided", help_="Default: guided.")
@LANG
@click.option("--blanks", type=int, metavar="N", help="At most N: those that teach most.")
@click.option("--weights", metavar="W5,W1,...", help="Only these parameters and what they need.")
@click.option("--practice", is_flag=True, help="Practice pages, for the leader to hand out.")
@click.option("--single-file", is_flag=True, help="Also print.pdf: all sheets in one file.")
@click.option("--jobs", type=click.IntRange(1, 256), default=1, metavar="N", help="Processes.")
@click.option(
    "--scheduler", metavar="ADDRESS", help="Of Dask, whose workers have derive; or local."
)
@click.option("--json", "as_json", is_flag=True, help="Print progress for other programs.")
def batch(spec: str, folder: str, **options: Any) -> None:  # noqa: ANN401  as click gives them
    """Write a sheet with own numbers for every member into DIR/NAME/.

    The numbers come from the ranges in the table [variants] of SPEC. members/ is what
    they get, a folder for each; leader/ holds keys, index and secret. A run that was
    stopped goes on where it was.
    """
    from derive.batches import Folder, check_sheet, run  # noqa: PLC0415
    from derive.commands.files import folder_name  # noqa: PLC0415
    from derive.spec import load, override  # noqa: PLC0415

    if options["scheduler"] is not None and options["jobs"] > 1:
        raise click.UsageError("give --jobs or --scheduler, one of both")
    home = Folder(Path(folder) / folder_name(spec))
    students = _read_roster(options)
    with reading(spec):
        loaded = override(load(spec), {"language": options["language"]})
        sheet = _choose_sheet(options)
        check_sheet(sheet)
    key, begin = _choose_secret(options["secret_file"], home)
    with reading(spec):
        summary = run(
            home,
            loaded,
            key,
            sheet,
            count=options["count"],
            students=students,
            jobs=options["jobs"],
            scheduler=options["scheduler"],
            watch=_watch(as_json=options["as_json"]),
            begin=begin,
        )
    _tell(home, summary, options)


def _choose_sheet(options: dict[str, Any]) -> Any:  # noqa: ANN401  imported late
    from derive.batches import Sheet  # noqa: PLC0415

    return Sheet(
        tuple(read_list(options["formats"])),
        options["level"],
        options["blanks"],
        tuple(read_list(options["weights"] or "")),
        options["practice"],
        options["single_file"],
    )


def _read_roster(options: dict[str, Any]) -> Callable[[], Iterable[str]] | None:
    """What gives the names; None where a number of members is named instead."""
    path, count, column = (options[key] for key in ("roster", "count", "column"))
    if (path is None) == (count is None):
        raise click.UsageError("give --count N or --roster FILE.csv")
    if path is None:
        return None
    from derive.grading.rosters import read_roster  # noqa: PLC0415

    with reading(path):
        if next(read_roster(path, column), None) is None:
            raise SpecError("", "holds no names; write one in each row below the heading")

    def names() -> Iterable[str]:
        with reading(path):
            yield from read_roster(path, column)

    return names


def _choose_secret(path: str | None, home: Folder) -> tuple[bytes, Callable[[], None]]:
    """That of a file, or the folder's own; a new one is written by the function beside it."""
    from derive.batches import choose_secret, read_secret  # noqa: PLC0415

    if path is not None:
        with reading(path):
            return read_secret(Path(path)), lambda: None
    place, is_new = home.secret, not home.secret.exists()
    with reading(str(place)):
        secret, write = choose_secret(home)

    def keep() -> None:
        with reading(str(place)):
            write()
        if is_new:
            say(f"new secret: {place}; keep it, or nobody can make these sheets again")

    return secret, keep


def _watch(*, as_json: bool) -> Callable[[Progress], None]:
    """What shows progress: a line for programs, or one on a terminal that is written over."""
    if as_json:
        encode = msgspec.json.Encoder().encode
        return lambda progress: click.echo(
            encode(msgspec.to_builtins(progress) | {"left": round(progress.left, 1)})
        )
    if sys.stderr.isatty():
        return lambda progress: click.echo(f"\r{_say_progress(progress)} ", nl=False, err=True)
    return lambda _: None


def _say_progress(progress: Progress) -> str:
    rate = progress.made / progress.seconds if progress.seconds else 0.0
    minutes, seconds = divmod(round(progress.left), 60)
    return f"{progress.done} of {progress.count}, {rate:.1f}/s, {minutes}:{seconds:02} left"


def _tell(home: Folder, summary: Summary, options: dict[str, Any]) -> None:
    """Where everything is, and what the numbers are worth."""
    if options["as_json"]:
        click.echo(msgspec.json.encode({"summary": msgspec.to_builtins(summary)}))
        return
    if sys.stderr.isatty():
        click.echo("", err=True)
    click.echo(f"{home.members}/  ({summary.count} folders)")
    click.echo(str(home.index))
    if options["single_file"]:
        click.echo(str(home.print))
    there = summary.count - summary.made
    made, draws = counted(summary.made, "variant"), counted(summary.draws, "draw")
    click.echo(f"{made} from {draws}" + (f", {there} were there" if there else ""))
    if summary.distance is not None:
        click.echo(
            "known mistakes differ by at least "
            f"{summary.distance} units of the last decimal in some answer"
        )
    if summary.different < summary.count * LIKELY:
        say(
            f"the ranges hold {counted(summary.different, 'different sheet')} at most, so several "
            "members may have the same numbers; widen [variants]"
        )
    say_next("derive", "check", home.home, "answers.csv", "--report", "report.html")
