"""What every command shares: messages, exit codes, streams, help that keeps its lines."""

from __future__ import annotations

import shlex
import signal
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from derive.commands import streams
from derive.commands.completion import answer_shell
from derive.errors import DeriveError, SpecError, excerpt

DONE, FOUND, BAD = 0, 1, 2
"""Exit codes: done; something is not right; bad input or usage."""
INTERRUPTED, TERMINATED = 130, 143
MESSAGE_LINES = 25
OUTPUTS = ("target", "report")
"""Parameters that name a file to write."""
T = TypeVar("T")


class Lines(click.Command):
    """A command that takes no empty text, writes over no input, and keeps lines of its help."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  as click has it
        """Run it, unless an argument is empty or an output is an input."""
        for parameter in self.params:
            _refuse_empty(ctx, parameter)
        spare_inputs(path for name in OUTPUTS if (path := ctx.params.get(name)))
        return super().invoke(ctx)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example as it stands."""
        del ctx
        if self.epilog:
            formatter.write("\n" + self.epilog + "\n")


def _refuse_empty(ctx: click.Context, parameter: click.Parameter) -> None:
    """An empty name names nothing; what formats there are says who looks for one."""
    value = ctx.params.get(parameter.name or "")
    if isinstance(value, str) and not value.strip() and "--format" not in parameter.opts:
        source = ctx.get_parameter_source(parameter.name or "")
        if source is click.core.ParameterSource.COMMANDLINE:
            raise click.BadParameter("empty; leave it out or say something", ctx, parameter)


class Group(click.Group):
    """Suggests the nearest command for a misspelt one."""

    command_class = Lines

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of a name."""
        from derive.errors import nearest  # noqa: PLC0415

        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            hint = nearest(args[0], self.list_commands(ctx))
            ctx.fail(f"no such command {excerpt(args[0])}{hint}")
        return super().resolve_command(ctx, args)


def show_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001
    """Print the version and stop."""
    if value and not ctx.resilient_parsing:
        from derive.render.version import VERSION  # noqa: PLC0415

        click.echo(f"derive {VERSION}")
        ctx.exit(DONE)


@contextmanager
def reading(source: str) -> Iterator[None]:
    """Put the name of the input in front of what is wrong with it."""
    try:
        yield
    except SpecError as error:
        raise click.ClickException(f"{excerpt(source, 120)}: {error}") from None


def put(content: str | bytes | Iterable[str], target: str | None) -> None:
    """Write to a file, whole or not at all, or to the terminal piece by piece."""
    if target is None:
        if isinstance(content, bytes):
            click.echo(content, nl=False)
            return
        for piece in [content] if isinstance(content, str) else content:
            sys.stdout.write(piece)
        return
    from derive.commands.files import is_stdout  # noqa: PLC0415
    from derive.files import write_file  # noqa: PLC0415

    with reading(target):
        whole = content if isinstance(content, str | bytes) else "".join(content)
        write_file(Path(target), whole)
    if not is_stdout(target):
        click.echo(target)


def put_all(files: Mapping[str, str | bytes], home: Path) -> None:
    """Write files of these names into a folder, but no answer form that is filled in."""
    from derive.commands.files import is_filled_in  # noqa: PLC0415
    from derive.files import write_file  # noqa: PLC0415

    spare_inputs(home / name for name in files)
    for name, content in files.items():
        path = home / name
        with reading(str(path)):
            if name.startswith("answers.") and is_filled_in(path):
                click.echo(f"{path}  (kept: it holds answers)")
                continue
            write_file(path, content)
        click.echo(str(path))


def spare_inputs(outputs: Iterable[str | Path]) -> None:
    """Refuse to write over what the running command reads."""
    from derive.commands.files import refuse_input  # noqa: PLC0415

    arguments = click.get_current_context().params
    for path in outputs:
        with reading(str(path)):
            refuse_input(path, arguments)


def with_progress(pieces: Iterable[T], every: int = 5000) -> Iterator[T]:
    """Count records on a terminal's stderr while they are made."""
    shown = sys.stderr.isatty()
    count = 0
    for count, piece in enumerate(pieces, 1):
        if shown and count % every == 0:
            click.echo(f"\r{count} records", nl=False, err=True)
        yield piece
    if shown and count >= every:
        click.echo("", err=True)


def say(message: str) -> None:
    """A message on stderr, or nothing where that cannot be written."""
    with suppress(OSError):
        click.echo(f"derive: {message}", err=True)


def say_next(*words: str | Path) -> None:
    """The command that comes next, ready to be typed, on stderr."""
    with suppress(OSError):
        click.echo("next: " + shlex.join(map(str, words)), err=True)


def fail(message: str) -> int:
    """One message on stderr; exit code 2."""
    say("\n".join(message.splitlines()[:MESSAGE_LINES]))
    return BAD


def _terminated(*_: object) -> NoReturn:
    raise SystemExit(TERMINATED)


def guarded(cli: click.Group, args: Sequence[str] | None) -> int:
    """Run a command; the exit code."""
    signal.signal(signal.SIGTERM, _terminated)
    streams.prepare()
    try:
        code = run(cli, args)
        if code != BAD:
            sys.stdout.flush()
    except BrokenPipeError:
        return DONE
    except OSError as error:
        return fail(f"cannot be written ({error.strerror or error})")
    except KeyboardInterrupt:
        say("interrupted")
        return INTERRUPTED
    else:
        return code
    finally:
        streams.settle()


def run(cli: click.Group, args: Sequence[str] | None) -> int:
    """The exit code of a command, its own errors made into messages.

    Not by `cli.main`, which makes exit 1 of a reader that has left.
    """
    given = list(sys.argv[1:] if args is None else args)
    try:
        answered = answer_shell(cli)
        if answered is not None:
            return answered
        with cli.make_context("derive", given) as context:
            cli.invoke(context)
    except click.UsageError as error:
        hint = f"; try: {error.ctx.command_path} --help" if error.ctx else ""
        return fail(error.format_message() + hint)
    except click.ClickException as error:
        return fail(error.message)
    except (click.exceptions.Abort, EOFError):
        say("interrupted")
        return INTERRUPTED
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else FOUND
    except SpecError as error:
        return fail(str(error))
    except DeriveError as error:
        return fail(f"{error} (this is a defect of derive; please report it)")
    return DONE
