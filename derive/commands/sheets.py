"""The commands that write pages of a spec."""

from __future__ import annotations

from pathlib import Path

import click

from derive.commands import completion
from derive.commands.console import put, put_all, reading, say_next, with_progress
from derive.commands.options import (
    OUT_FILE,
    OUT_FOLDER,
    SPEC,
    WIDTH,
    command,
    format_for,
    format_option,
    id_argument,
    one_of,
    sheet_of,
    spec_options,
)
from derive.errors import SpecError, check_known, check_list, read_list


@command(epilog="Example: derive worksheet two-two-two -o output --level guided")
@SPEC
@OUT_FOLDER
@format_option(
    "One or several; default: md,tex,html.", completion.page_formats, "formats", "md,tex,html"
)
@one_of("--level", words=completion.levels, default="guided", help_="Default: guided.")
@click.option("--blanks", type=int, metavar="N", help="At most N: those that teach most.")
@click.option("--weights", metavar="W5,W1,...", help="Only these parameters and what they need.")
@click.option("--practice", is_flag=True, help="Add practice.html, a page to type answers into.")
@spec_options
def worksheet(  # noqa: PLR0913, PLR0917  one argument for each option
    spec: str,
    folder: str,
    formats: str,
    level: str,
    blanks: int | None,
    weights: str | None,
    *,
    practice: bool,
    **changes: object,
) -> None:
    """Write worksheet, key and answer form of SPEC into DIR/NAME/."""
    from derive.commands.files import folder_name  # noqa: PLC0415

    with reading(spec):
        sheet = sheet_of(spec, changes)
        from derive import api  # noqa: PLC0415
        from derive.commands.bundle import bundle  # noqa: PLC0415
        from derive.pages.choosing import Choice  # noqa: PLC0415
        from derive.render.formats import FORMATS  # noqa: PLC0415

        names = check_list("--format", "format", formats, FORMATS)
        choice = Choice(blanks, tuple(read_list(weights or "")))
        files = bundle(sheet, [*map(api.whole_format, names)], level, choice, practice=practice)
    home = Path(folder) / folder_name(spec)
    put_all(files, home)
    same = spec != "-" and not any(value is not None for value in changes.values())
    say_next("derive", "check", spec if same else home / "key.json", home / "answers.toml")


@command(epilog="Example: derive key two-two-two --format json --only backward,update")
@SPEC
@format_option("Default: md.", completion.key_formats, default="md")
@one_of("--only", words=completion.stages, several=True, help_="Stages in json and csv.")
@one_of("--fields", words=completion.fields, several=True, help_="Fields in json and csv.")
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
            if only is not None or fields is not None:
                raise SpecError("--format", "--only and --fields need --format json or csv")
            check_known("--format", "format", form, (*completion.page_formats(), "json", "csv"))
            put(api.key_page(sheet, form), target)
            return
        stages, chosen = stages_from(only), fields_from(fields)
        if form == "json":
            pieces = api.key_json(sheet, stages, chosen)
        else:
            pieces = forms.key_csv(sheet.numbers, stages, chosen)
        put(with_progress(pieces), target)


@command(epilog="Example: derive fragment two-two-two dE_total/dW5 -o w5.tex")
@SPEC
@id_argument(completion.all_ids, "ID")
@format_option("Default: tex.", completion.formats, default="tex")
@WIDTH
@OUT_FILE
@spec_options
def fragment(
    spec: str, name: str, form: str, width: str, target: str | None, **changes: object
) -> None:
    r"""Print one step of SPEC, ready for \input in anyone's slides."""
    from derive import api  # noqa: PLC0415

    with reading(spec):
        text = api.fragment(sheet_of(spec, changes), name, form, width)
    put(text, target)


@command(epilog="Example: derive slides two-two-two -o output")
@SPEC
@OUT_FOLDER
@format_option("One or several; default: tex.", completion.formats, "formats", "tex")
@WIDTH
@click.option("--caption", is_flag=True, help="svg, png: the slide's title above each picture.")
@spec_options
def slides(
    spec: str, folder: str, formats: str, width: str, *, caption: bool, **changes: object
) -> None:
    """Write a Beamer deck of SPEC and each step as a file, into DIR/NAME/.

    The deck is slides.tex, slides_handout.tex makes a page of each slide; the
    steps lie in slides/, named by id. Pictures (svg, png) are transparent and
    numbered in the order in which they are taught.
    """
    from derive import api  # noqa: PLC0415
    from derive.commands.files import folder_name  # noqa: PLC0415
    from derive.render.formats import FORMATS  # noqa: PLC0415

    with reading(spec):
        names = check_list("--format", "format", formats, FORMATS)
        files = api.slides(sheet_of(spec, changes), names, width, caption=caption)
    home = Path(folder) / folder_name(spec)
    put_all(files, home)
    if "slides.tex" in files:
        say_next("latexmk", "-cd", "-pdf", home / "slides.tex")


@command(epilog="Example: derive draw two-two-two dE_total/dW1 -o routes.svg")
@SPEC
@id_argument(completion.derivatives)
@one_of("--show", words=completion.scenes, default="values", help_="Default: values.")
@format_option("Default: by the end of FILE, else svg.", completion.picture_formats)
@OUT_FILE
@spec_options
def draw(
    spec: str, name: str, show: str, form: str | None, target: str | None, **changes: object
) -> None:
    """Draw SPEC: what feeds what, with values and derivatives.

    With the ID of a derivative, the routes along which it comes back.
    """
    from derive import api  # noqa: PLC0415

    with reading(spec):
        drawing = api.draw(sheet_of(spec, changes), name, show, format_for(form, target))
    put(drawing, target)


@command(epilog="Example: derive export two-two-two --to torch -o two_two_two.py")
@SPEC
@one_of(
    "--to",
    words=completion.tools,
    default="torch",
    help_="Default: torch (PyTorch); or SymPy, which shows the chain rule.",
)
@OUT_FILE
@spec_options
def export(spec: str, to: str, target: str | None, **changes: object) -> None:
    """Print SPEC as a short script of another tool that computes the same numbers."""
    from derive import api  # noqa: PLC0415

    with reading(spec):
        text = api.export(sheet_of(spec, changes), to)
    put(text, target)
