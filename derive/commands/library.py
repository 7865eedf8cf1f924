"""The commands that need no exercise: what exists, a new spec, one derivative."""

from __future__ import annotations

from pathlib import Path

import click

from derive.commands.console import put, reading
from derive.commands.options import command, format_option
from derive.errors import SpecError


@command(epilog='Example: derive diff "1/(1+exp(-x))" --wrt x')
@click.argument("expression", metavar="EXPR")
@click.option("--wrt", required=True, metavar="NAME", help="The name to differentiate by.")
@format_option("text (default), md, tex.", default="text")
@click.option("--lang", "language", default="en", metavar="LANG", help="Language of the text.")
def diff(expression: str, wrt: str, form: str, language: str) -> None:
    """Differentiate EXPR, one named rule at a time."""
    from derive import api  # noqa: PLC0415

    with reading("diff"):
        put(api.diff_page(expression, wrt, form, language), None)


@command("list", epilog="Example: derive list")
def list_() -> None:
    """Show what exists: exercises, activations, losses, optimizers, formats."""
    from derive.ops import ACTIVATIONS, LOSSES, OPTIMIZERS  # noqa: PLC0415
    from derive.render.formats import FORMATS  # noqa: PLC0415
    from derive.render.wording import languages  # noqa: PLC0415
    from derive.spec import builtin_units, load  # noqa: PLC0415

    for unit, names in builtin_units().items():
        click.echo(f"{unit}:")
        for name in names:
            click.echo(f"  {name:<14} {load(name).title}")
    click.echo(f"\nactivations: {', '.join(ACTIVATIONS)}")
    click.echo(f"losses: {', '.join(LOSSES)}")
    click.echo(f"optimizers: {', '.join(OPTIMIZERS)}")
    click.echo(f"formats: {', '.join(FORMATS)}; languages: {', '.join(languages())}")


@command(epilog="Example: derive new mine && derive worksheet ./mine.toml")
@click.argument("name")
@click.option(
    "--kind", default="network", metavar="KIND", help="network (default), circuit or perceptron."
)
def new(name: str, kind: str) -> None:
    """Write a commented spec NAME.toml to start from."""
    from derive.commands.files import folder_name, write_file  # noqa: PLC0415
    from derive.spec import template  # noqa: PLC0415

    path = Path(folder_name(name) + ".toml")
    with reading(str(path)):
        if path.exists() or path.is_symlink():
            raise SpecError("", "exists already; choose another name")
        write_file(path, template(kind))
    click.echo(str(path))
