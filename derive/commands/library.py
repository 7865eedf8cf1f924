"""The commands that need no exercise: what exists, a new spec, one derivative."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import click

from derive.commands import completion
from derive.commands.console import put, reading, say_next
from derive.commands.options import command, format_option, one_of
from derive.errors import SpecError


@command(epilog='Example: derive diff "1/(1+exp(-x))" --wrt x')
@click.argument("expression", metavar="EXPR")
@click.option("--wrt", required=True, metavar="NAME", help="The name to differentiate by.")
@format_option("Default: text.", completion.line_formats, default="text")
@one_of("--lang", "language", words=completion.languages, default="en", help_="Default: en.")
def diff(expression: str, wrt: str, form: str, language: str) -> None:
    """Differentiate EXPR, one named rule at a time."""
    from derive import api  # noqa: PLC0415

    with reading("diff"):
        put(api.diff_page(expression, wrt, form, language), None)


@command("list", epilog="Example: derive list")
@click.option("--json", "as_json", is_flag=True, help="Print it for other programs.")
def list_(as_json: bool) -> None:  # noqa: FBT001  click passes flags by name
    """Show what exists: exercises, activations, losses, optimizers, formats."""
    from derive.render.forms import pretty_json  # noqa: PLC0415
    from derive.render.inventory import available  # noqa: PLC0415

    there = available()
    if as_json:
        put(pretty_json(there), None)
        return
    for unit, exercises in groupby(there["exercises"], key=lambda row: row["unit"]):
        click.echo(f"{unit}:")
        for row in exercises:
            click.echo(f"  {row['name']:<14} {row['title']}")
    click.echo()
    for name in ("activations", "losses", "optimizers", "formats", "languages"):
        click.echo(f"{name}: {', '.join(there[name])}")
    say_next("derive", "worksheet", there["exercises"][0]["name"])


@command(epilog="Example: derive schema --of working")
@one_of("--of", "what", words=completion.schemas, default="spec", help_="Default: spec.")
def schema(what: str) -> None:
    """Print the JSON schema of a spec, for editors that check TOML.

    Also that of what check, working and audit print with --json, for other programs.
    """
    from derive import api  # noqa: PLC0415
    from derive.render.forms import pretty_json  # noqa: PLC0415

    put(pretty_json(api.schema(what)), None)


@command(epilog="Example: derive new mine --like small-cnn && derive worksheet ./mine.toml")
@click.argument("name")
@one_of("--kind", words=completion.kinds, default="network", help_="Default: network.")
@click.option(
    "--like",
    metavar="EXERCISE",
    help="Start from a built-in exercise (see: derive list).",
    shell_complete=completion.complete_exercise,
)
def new(name: str, kind: str, like: str | None) -> None:
    """Write a commented spec NAME.toml to start from."""
    from derive.commands.files import folder_name  # noqa: PLC0415
    from derive.files import write_file  # noqa: PLC0415
    from derive.spec import read_example, template  # noqa: PLC0415

    path = Path(folder_name(name) + ".toml")
    with reading(str(path)):
        if path.exists() or path.is_symlink():
            raise SpecError("", "exists already; choose another name")
        write_file(path, template(kind) if like is None else read_example(like))
    click.echo(str(path))
    say_next("derive", "worksheet", path)
