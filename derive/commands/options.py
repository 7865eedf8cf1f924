"""What several commands take: a spec, overrides of its keys, a file to write to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from derive.commands import completion
from derive.commands.console import Lines

if TYPE_CHECKING:
    from derive.pages import Worksheet

SPEC = click.argument("spec", shell_complete=completion.complete_spec)
OUT_FILE = click.option(
    "-o",
    "--output",
    "target",
    metavar="FILE",
    help="Write to FILE, not to the terminal.",
    shell_complete=completion.complete_file,
)
OUT_FOLDER = click.option(
    "-o",
    "--output",
    "folder",
    default="output",
    metavar="DIR",
    help="Default: output.",
    shell_complete=completion.complete_folder,
)
SPEC_KEYS = ("language", "decimals", "notation", "rounding", "steps")
"""Keys of a spec that options override."""
command = partial(click.command, cls=Lines)
"""A command whose example keeps its line ends in the help."""


class OneOf(click.Option):
    """An option that takes one of a few words, or several; its help shows them."""

    def __init__(
        self,
        names: Sequence[str],
        words: completion.Words,
        sign: str,
        **more: Any,  # noqa: ANN401  as click has it
    ) -> None:
        """`sign` stands between the words, which are asked for when help is shown."""
        self._words = words
        self._sign = sign
        super().__init__(names, shell_complete=completion.complete_words(words), **more)

    def make_metavar(self, ctx: click.Context | None = None) -> str:
        """The words, as a command line is written."""
        del ctx
        return self._sign.join(self._words())


def one_of(
    *names: str,
    words: completion.Words,
    help_: str,
    default: str | None = None,
    several: bool = False,
) -> Callable[..., Any]:
    """An option that takes one of a few words, or several of them."""
    sign = "," if several else "|"
    return click.option(*names, cls=OneOf, words=words, sign=sign, default=default, help=help_)


WIDTH = one_of(
    "--width",
    words=completion.widths,
    default="full",
    help_="Of a line; default: full.",
)
LANG = one_of("--lang", "language", words=completion.languages, help_="Language of the text.")


def spec_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that override keys of the spec."""
    for option in (
        LANG,
        click.option("--decimals", type=int, metavar="N", help="Printed decimals, 1 to 50."),
        one_of(
            "--notation",
            words=completion.spec_words("notation"),
            help_="Ids as W5 or W2_1_1; matrix: also in matrices.",
        ),
        one_of(
            "--rounding",
            words=completion.spec_words("rounding"),
            help_="All digits kept, or each step from printed numbers.",
        ),
        click.option("--steps", type=int, metavar="N", help="Number of updates."),
    ):
        command = option(command)
    return command


def id_argument(ids: completion.Ids, metavar: str = "[ID]") -> Callable[..., Any]:
    """The argument that names one id of the exercise, needed unless in brackets."""
    optional: dict[str, Any] = (
        {"required": False, "default": ""} if metavar.startswith("[") else {}
    )
    complete = completion.complete_ids(ids)
    return click.argument("name", metavar=metavar, shell_complete=complete, **optional)


def format_option(
    help_: str, words: completion.Words, name: str = "form", default: str | None = None
) -> Callable[..., Any]:
    """The option that names a format, or several."""
    several = name == "formats"
    return one_of("--format", name, words=words, several=several, default=default, help_=help_)


def sheet_of(source: str, changes: dict[str, object]) -> Worksheet:
    """The worksheet of a spec with the overrides of the command line."""
    from derive.pages import Worksheet  # noqa: PLC0415
    from derive.spec import load, override  # noqa: PLC0415

    return Worksheet(override(load(source), changes))


def format_for(form: str | None, target: str | None) -> str:
    """The format of a picture: as asked for, else by the ending of its file, else svg."""
    return form if form is not None else Path(target or "").suffix.removeprefix(".") or "svg"
