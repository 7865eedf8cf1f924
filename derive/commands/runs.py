"""The commands about what updates do: a table of the training run, plots."""

from __future__ import annotations

import click

from derive.commands.options import OUT_FILE, SPEC, command, sheet_of, spec_options
from derive.console import put, reading, with_progress

PASSES = 200
"""Updates between two signs of progress."""


@command(epilog="Example: derive train two-two-two --steps 20")
@SPEC
@click.option(
    "--format", "form", default="md", metavar="NAME", help="md (default), tex, html, csv, json."
)
@OUT_FILE
@spec_options
def train(spec: str, form: str, target: str | None, **changes: object) -> None:
    """Print what training makes of SPEC: the error after each of --steps updates.

    Up to 12 parameters stand beside it.
    """
    from derive import api  # noqa: PLC0415

    with reading(spec):
        text = api.train(sheet_of(spec, changes), form, lambda rows: with_progress(rows, PASSES))
        put(text, target)
