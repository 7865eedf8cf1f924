"""The commands about what updates do: a table of the training run, plots."""

from __future__ import annotations

from derive.commands import completion
from derive.commands.console import put, reading, with_progress
from derive.commands.options import (
    OUT_FILE,
    SPEC,
    command,
    format_for,
    format_option,
    id_argument,
    sheet_of,
    spec_options,
)

PASSES = 200
"""Updates between two signs of progress."""


@command(epilog="Example: derive train two-two-two --steps 20")
@SPEC
@format_option("Default: md.", completion.key_formats, default="md")
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


@command(epilog="Example: derive plot two-two-two W5 -o w5.svg")
@SPEC
@id_argument(completion.plotted, "WHAT")
@format_option("Default: by the end of FILE, else svg.", completion.plot_formats)
@OUT_FILE
@spec_options
def plot(spec: str, name: str, form: str | None, target: str | None, **changes: object) -> None:
    """Plot what training does: WHAT is training, gradients, or the id of a parameter.

    training: the error after each of --steps updates. gradients: how large they
    are in each layer. W5: the error over W5, with its tangent and the step.
    """
    from derive import api  # noqa: PLC0415

    with reading(spec):
        picture = api.plot(sheet_of(spec, changes), name, format_for(form, target))
    put(picture, target)
