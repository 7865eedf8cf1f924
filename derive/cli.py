"""The command line: arguments, files, exit codes; no mathematics.

Only `click` is imported at the start; each command imports what it needs.
"""

from __future__ import annotations

from collections.abc import Sequence

import click

from derive.commands import answers, auditing, classes, courses, library, runs, sheets, working
from derive.commands.console import Group, guarded, show_version


@click.group(
    cls=Group,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=show_version,
    help="Show the version and exit.",
)
@click.pass_context
def cli(context: click.Context) -> None:
    """Write out the mathematics of small neural networks, step by step.

    SPEC is a TOML file or the name of a built-in exercise (see: derive list).
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


for _command in (
    sheets.worksheet,
    sheets.key,
    sheets.fragment,
    sheets.slides,
    sheets.draw,
    sheets.export,
    courses.quiz,
    runs.plot,
    runs.train,
    answers.check,
    working.working,
    auditing.audit,
    classes.secret,
    classes.batch,
    answers.verify,
    answers.gradcheck,
    library.diff,
    library.list_,
    library.new,
    library.schema,
):
    cli.add_command(_command)


def main(args: Sequence[str] | None = None) -> int:
    """Run a command; the exit code."""
    return guarded(cli, args)
