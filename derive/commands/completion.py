"""What a shell offers at the TAB key, by click's own protocol: names, files, words, ids."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, get_args, get_type_hints

import click

from derive import limits
from derive.errors import DeriveError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from derive.derivation.derived import Derived

VARIABLE = "_DERIVE_COMPLETE"
Completer = Callable[[click.Context, click.Parameter, str], "list[CompletionItem]"]
Ids = Callable[["Derived"], Iterable[str]]
Words = Callable[[], Iterable[str]]


def answer_shell(cli: click.Command) -> int | None:
    """Answer a shell that asks by its variable; the exit code, None where none asks."""
    asked = os.environ.get(VARIABLE)
    if not asked:
        return None
    from click.shell_completion import shell_complete  # noqa: PLC0415

    return shell_complete(cli, {}, "derive", VARIABLE, asked)


def _items(start: str, words: Iterable[str], kind: str = "") -> list[CompletionItem]:
    """What starts so; a shell looks for files itself where nothing else does."""
    from click.shell_completion import CompletionItem  # noqa: PLC0415

    first = [CompletionItem(start, type=kind)] if kind else []
    return first + [CompletionItem(word) for word in words if word.startswith(start)]


def complete_file(_: click.Context, __: click.Parameter, start: str) -> list[CompletionItem]:
    """Any file."""
    return _items(start, (), "file")


def complete_folder(_: click.Context, __: click.Parameter, start: str) -> list[CompletionItem]:
    """Any folder."""
    return _items(start, (), "dir")


def complete_exercise(_: click.Context, __: click.Parameter, start: str) -> list[CompletionItem]:
    """A built-in exercise."""
    from derive.spec import builtin_names  # noqa: PLC0415

    return _items(start, builtin_names())


def complete_spec(_: click.Context, __: click.Parameter, start: str) -> list[CompletionItem]:
    """A built-in exercise, a spec or key that lies here, or any file."""
    from derive.spec import builtin_names  # noqa: PLC0415

    here = sorted(path.name for path in Path().iterdir() if path.suffix in (".toml", ".json"))
    return _items(start, [*builtin_names(), *here], "file")


def complete_words(words: Words) -> Completer:
    """One of a few words, also behind a comma."""

    def complete(_: click.Context, __: click.Parameter, start: str) -> list[CompletionItem]:
        before, comma, _last = start.rpartition(",")
        return _items(start, [before + comma + word for word in words()])

    return complete


def complete_ids(ids: Ids) -> Completer:
    """One of the ids of the exercise that stands before."""

    def complete(ctx: click.Context, _: click.Parameter, start: str) -> list[CompletionItem]:
        try:
            return _items(start, islice(ids(_derivation(ctx)), limits.COMPLETED))
        except DeriveError:
            return []

    return complete


def _derivation(ctx: click.Context) -> Derived:
    from derive.commands.options import SPEC_KEYS  # noqa: PLC0415
    from derive.derivation.derived import derive_graph  # noqa: PLC0415
    from derive.spec import build, load, override  # noqa: PLC0415

    changes = {key: ctx.params.get(key) for key in SPEC_KEYS}
    return derive_graph(build(override(load(ctx.params.get("spec") or ""), changes)))


def all_ids(derivation: Derived) -> Iterable[str]:
    """Every id of an exercise."""
    return (step.id for step in derivation.steps())


def derivatives(derivation: Derived) -> Iterable[str]:
    """Every derivative that the first update needs."""
    return (step.id for step in derivation.backward(1))


def given_numbers(derivation: Derived) -> Iterable[str]:
    """What the error or output is differentiated by."""
    graph = derivation.graph
    given = [q.id for q in graph.of_role("parameter", "constant", "value")]
    return (name for name in given if derivation.step(graph.derivative(graph.objective, name)))


def plotted(derivation: Derived) -> Iterable[str]:
    """What `derive plot` shows."""
    return ("training", "gradients", *given_numbers(derivation))


def formats() -> Iterable[str]:
    """The formats of pages and of single steps."""
    from derive.render.formats import FORMATS  # noqa: PLC0415

    return FORMATS


def page_formats() -> Iterable[str]:
    """The formats that hold whole pages."""
    from derive.render.formats import FORMATS  # noqa: PLC0415

    return [name for name, form in FORMATS.items() if not form.single]


def class_formats() -> Iterable[str]:
    """The formats of sheets that members get: none that computes the answers."""
    return [name for name in page_formats() if name != "ipynb"]


def key_formats() -> Iterable[str]:
    """Those of a key or a training run: pages and data."""
    return [*page_formats(), "csv", "json"]


def picture_formats() -> Iterable[str]:
    """Those that can hold a drawing."""
    from derive.render.formats import FORMATS  # noqa: PLC0415

    return [name for name, form in FORMATS.items() if form.draws]


def plot_formats() -> Iterable[str]:
    """Those of a plot."""
    from derive.plots import FORMS  # noqa: PLC0415

    return FORMS


def line_formats() -> Iterable[str]:
    """Those of one derivative: text for a terminal, or a step on a page."""
    return ["text", *formats()]


def languages() -> Iterable[str]:
    """The languages of pages."""
    from derive.render.wording import languages as known  # noqa: PLC0415

    return known()


def blank_levels() -> Iterable[str]:
    """The levels that leave something to the member."""
    return [level for level in levels() if level != "full"]


def levels() -> Iterable[str]:
    """How much of a sheet is worked."""
    from derive.pages import LEVELS  # noqa: PLC0415

    return LEVELS


def spec_words(key: str) -> Words:
    """The words that a key of every spec takes."""

    def words() -> Iterable[str]:
        from derive.spec import Spec  # noqa: PLC0415

        return get_args(get_type_hints(Spec)[key])

    return words


def kinds() -> Iterable[str]:
    """The kinds of exercises."""
    from derive.spec.model import KINDS  # noqa: PLC0415

    return KINDS


def scenes() -> Iterable[str]:
    """What a drawing can tell."""
    from derive.pages.worksheet import SCENES  # noqa: PLC0415

    return SCENES


def widths() -> Iterable[str]:
    """What a line of a slide may take."""
    from derive.render.layout import WIDTHS_OF_SLIDES  # noqa: PLC0415

    return WIDTHS_OF_SLIDES


def tools() -> Iterable[str]:
    """Tools that an exercise is exported to."""
    from derive.exports import EXPORTS  # noqa: PLC0415

    return EXPORTS


def courses() -> Iterable[str]:
    """Formats of course files."""
    from derive.courses import COURSES  # noqa: PLC0415

    return COURSES


def stages() -> Iterable[str]:
    """The stages of a key."""
    from derive.derivation.steps import STAGES  # noqa: PLC0415

    return STAGES


def fields() -> Iterable[str]:
    """The fields of a record of a key."""
    from derive.render.key import FIELDS  # noqa: PLC0415

    return FIELDS


def reveals() -> Iterable[str]:
    """How much help a check gives."""
    from derive.grading.reports.saying import REVEALS  # noqa: PLC0415

    return REVEALS


def schemas() -> Iterable[str]:
    """What there is a JSON schema of."""
    from derive.grading.reports.schemas import SCHEMAS  # noqa: PLC0415

    return ("spec", *SCHEMAS)
