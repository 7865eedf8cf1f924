"""The command line: arguments, files, exit codes; no mathematics.

Only `click` is imported at the start; each command imports what it needs.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from derive.console import FOUND, Group, guarded, put, reading, show_version, with_progress
from derive.errors import SpecError

if TYPE_CHECKING:
    from derive.worksheet import Worksheet

SPEC = click.argument("spec")
OUT_FILE = click.option(
    "-o", "--output", "target", metavar="FILE", help="Write to FILE, not to the terminal."
)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=show_version,
    help="Show the version and exit.",
)
def cli() -> None:
    """Write out the mathematics of small neural networks, step by step.

    SPEC is a TOML file or the name of a built-in exercise (see: derive list).
    """


def spec_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that override keys of the spec."""
    for option in (
        click.option("--lang", "language", metavar="LANG", help="Language of the text."),
        click.option("--decimals", type=int, metavar="N", help="Printed decimals, 1 to 50."),
        click.option("--notation", metavar="STYLE", help="flat (W5) or indexed (W2_1_1)."),
        click.option("--rounding", metavar="RULE", help="exact or stepwise."),
        click.option("--steps", type=int, metavar="N", help="Number of updates."),
    ):
        command = option(command)
    return command


def sheet_of(source: str, changes: dict[str, object]) -> Worksheet:
    """The worksheet of a spec with the overrides of the command line."""
    from derive.spec import load, overridden  # noqa: PLC0415
    from derive.worksheet import Worksheet  # noqa: PLC0415

    return Worksheet(overridden(load(source), changes))


@cli.command(epilog="Example: derive worksheet two-two-two -o output --level guided")
@SPEC
@click.option("-o", "--output", "folder", default="output", metavar="DIR", help="Default: output.")
@click.option("--format", "formats", default="md,tex", metavar="LIST", help="Default: md,tex.")
@click.option(
    "--level", default="guided", metavar="LEVEL", help="full, guided (default) or blank."
)
@spec_options
def worksheet(spec: str, folder: str, formats: str, level: str, **changes: object) -> None:
    """Write worksheet, key and answer form of SPEC into DIR/NAME/."""
    from derive.files import folder_name, is_filled_in, write_file  # noqa: PLC0415

    with reading(spec):
        sheet = sheet_of(spec, changes)
        from derive.bundle import bundle, formats_from  # noqa: PLC0415

        files = bundle(sheet, formats_from(formats), level)
    home = Path(folder) / folder_name(spec)
    for name, text in files.items():
        path = home / name
        with reading(str(path)):
            if name.startswith("answers.") and is_filled_in(path):
                click.echo(f"{path}  (kept: it holds answers)")
                continue
            write_file(path, text)
        click.echo(str(path))


@cli.command(epilog="Example: derive key two-two-two --format json --only backward,update")
@SPEC
@click.option(
    "--format", "form", default="md", metavar="NAME", help="md (default), tex, csv, json."
)
@click.option("--only", metavar="STAGES", help="given, forward, backward, update, check.")
@click.option("--fields", metavar="LIST", help="Fields of json and csv records.")
@OUT_FILE
@spec_options
def key(
    spec: str,
    form: str,
    only: str | None,
    fields: str | None,
    target: str | None,
    **changes: object,
) -> None:
    """Print the answer key of SPEC: the worked solution, or a record per id."""
    from derive import api  # noqa: PLC0415
    from derive.render import forms  # noqa: PLC0415
    from derive.render.key import fields_from, stages_from  # noqa: PLC0415

    with reading(spec):
        sheet = sheet_of(spec, changes)
        if form not in ("json", "csv"):
            if only or fields:
                raise SpecError("--format", "--only and --fields need --format json or csv")
            put(api.key_page(sheet, form), target)
            return
        stages, chosen = stages_from(only), fields_from(fields)
        if form == "json":
            pieces = api.key_json(sheet, stages, chosen)
        else:
            pieces = forms.key_csv(sheet.numbers, stages, chosen)
        put(with_progress(pieces), target)


@cli.command(epilog="Example: derive fragment two-two-two dE_total/dW5 -o w5.tex")
@SPEC
@click.argument("name", metavar="ID")
@click.option("--format", "form", default="tex", metavar="NAME", help="tex (default) or md.")
@OUT_FILE
@spec_options
def fragment(spec: str, name: str, form: str, target: str | None, **changes: object) -> None:
    r"""Print one step of SPEC, ready for \input in anyone's slides."""
    from derive import api  # noqa: PLC0415

    with reading(spec):
        text = api.fragment(sheet_of(spec, changes), name, form)
    put(text, target)


@cli.command(epilog='Example: derive diff "1/(1+exp(-x))" --wrt x')
@click.argument("expression", metavar="EXPR")
@click.option("--wrt", required=True, metavar="NAME", help="The name to differentiate by.")
@click.option("--format", "form", default="text", metavar="NAME", help="text (default), md, tex.")
@click.option("--lang", "language", default="en", metavar="LANG", help="Language of the text.")
def diff(expression: str, wrt: str, form: str, language: str) -> None:
    """Differentiate EXPR, one named rule at a time."""
    from derive import api  # noqa: PLC0415

    with reading("diff"):
        put(api.diff_page(expression, wrt, form, language), None)


@cli.command(epilog="Example: derive verify two-two-two")
@SPEC
@spec_options
def verify(spec: str, **changes: object) -> None:
    """Compute every number of SPEC by independent roads, side by side."""
    from derive import api  # noqa: PLC0415

    with reading(spec):
        text, agrees = api.verification(sheet_of(spec, changes))
    put(text, None)
    if not agrees:
        sys.exit(FOUND)


@cli.command(epilog="Example: derive check two-two-two answers.toml")
@click.argument("key", metavar="KEY")
@click.argument("answers", metavar="ANSWERS", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print results for other programs.")
@click.option("--lang", "language", metavar="LANG", help="en or ko; the default is the key's own.")
@click.option("--reveal", default="hint", metavar="GRADE", help="none, hint (default) or full.")
@click.option("--report", metavar="FILE", help="Write a summary: FILE.md, FILE.html or FILE.csv.")
@click.option("--interactive", is_flag=True, help="Ask for one answer after the other.")
@OUT_FILE
def check(  # noqa: PLR0913, PLR0917  one argument for each option
    key: str,
    answers: str | None,
    as_json: bool,  # noqa: FBT001  click passes flags by name
    language: str | None,
    reveal: str,
    report: str | None,
    interactive: bool,  # noqa: FBT001
    target: str | None,
) -> None:
    """Check ANSWERS against KEY: which step went wrong, and why.

    KEY is a key.json, a spec or a built-in name. ANSWERS is TOML or JSON (id
    and answer) or CSV (columns id, answer and perhaps student); - is stdin.
    """
    from derive import checkup  # noqa: PLC0415
    from derive.keys import opened  # noqa: PLC0415

    with reading(key), opened(key) as sheet:
        options = checkup.Options(as_json, language, reveal, report)
        if interactive:
            right = checkup.ask(sheet, key, answers, options)
        elif answers is None:
            raise click.UsageError("ANSWERS is missing; give a file, or - for stdin")
        else:
            right = checkup.check(sheet, answers, options, target)
    if not right:
        sys.exit(FOUND)


@cli.command("list", epilog="Example: derive list")
def list_() -> None:
    """Show what exists: exercises, activations, losses, formats."""
    from derive.ops import ACTIVATIONS, LOSSES  # noqa: PLC0415
    from derive.render.formats import FORMATS  # noqa: PLC0415
    from derive.render.wording import languages  # noqa: PLC0415
    from derive.spec import builtin_names, load  # noqa: PLC0415

    for name in builtin_names():
        click.echo(f"{name:<14} {load(name).title}")
    click.echo(f"\nactivations: {', '.join(ACTIVATIONS)}")
    click.echo(f"losses: {', '.join(LOSSES)}")
    click.echo(f"formats: {', '.join(FORMATS)}; languages: {', '.join(languages())}")


@cli.command(epilog="Example: derive new mine && derive worksheet ./mine.toml")
@click.argument("name")
@click.option("--kind", default="network", metavar="KIND", help="network (default) or circuit.")
def new(name: str, kind: str) -> None:
    """Write a commented spec NAME.toml to start from."""
    from derive.files import folder_name, write_file  # noqa: PLC0415
    from derive.spec import template  # noqa: PLC0415

    path = Path(folder_name(name) + ".toml")
    with reading(str(path)):
        if path.exists() or path.is_symlink():
            raise SpecError("", "exists already; choose another name")
        write_file(path, template(kind))
    click.echo(str(path))


def main(args: Sequence[str] | None = None) -> int:
    """Run a command; the exit code."""
    return guarded(cli, args)
