"""What `derive check` does with its files: answers in, a report out."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import msgspec

from derive.checking.explaining import HINTS
from derive.checking.marking import Given, Marked
from derive.checking.verdicts import RIGHT
from derive.commands.console import put, reading
from derive.commands.files import is_filled_in, write_file
from derive.errors import SpecError, excerpt
from derive.grading.assessment import Assessment
from derive.grading.reports.data import record, together
from derive.grading.reports.saying import Voice
from derive.grading.reports.tallies import Tally
from derive.grading.reports.terminal import member_report, summary_report
from derive.grading.store import AnswerStore
from derive.grading.tables import rows
from derive.pages import Worksheet

Joints = list[dict[str, object]]


class Options(msgspec.Struct, frozen=True):
    """The options of `derive check`."""

    as_json: bool = False
    language: str | None = None
    reveal: str = "hint"
    report: str | None = None


def check(sheet: Worksheet, answers: str, options: Options, target: str | None) -> bool:
    """Check a table of answers and print what is found; whether all of it is right."""
    assessment = _assessment(sheet, options)
    write_report = _writer(options.report) if options.report else None
    with reading(answers):
        store = AnswerStore(rows(answers))
    if options.as_json:
        put(_json(assessment, store), target)
    else:
        put(_text(assessment, store, colour=target is None and _coloured()), target)
    if write_report is not None and options.report is not None:
        with reading(options.report):
            text = write_report(assessment.tally, assessment.voice, sheet.spec.title)
            write_file(Path(options.report), text)
    return assessment.all_right


def _coloured() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _writer(report: str) -> Callable[[Tally, Voice, str], str]:
    from derive.grading.reports.pages import report_for  # noqa: PLC0415  only where one is asked for

    return report_for(Path(report).suffix)


def _assessment(sheet: Worksheet, options: Options) -> Assessment:
    return Assessment(sheet, options.language or sheet.spec.language, options.reveal)


def _text(assessment: Assessment, store: AnswerStore, *, colour: bool) -> Iterator[str]:
    for _, marked in assessment.members(store):
        yield from member_report(marked, assessment.voice, colour=colour)
    yield from summary_report(assessment.tally, assessment.voice)


def _json(assessment: Assessment, store: AnswerStore) -> Iterator[str]:
    """The results in the order of the rows, streamed."""
    encode = msgspec.json.Encoder().encode
    joints: Joints = []
    for numbers, marked in assessment.members(store):
        texts = (encode(record(r, assessment.voice)).decode() for r in marked.results)
        store.say(zip(numbers, texts, strict=True))
        joint = together(marked)
        if joint is not None:
            joints.append(joint)
    yield '{"results": ['
    separator = "\n  "
    for text in store.said():
        yield separator + text
        separator = ",\n  "
    summary = {"asked": assessment.tally.asked, "right": assessment.tally.right}
    yield f'\n],\n"together": {json.dumps(joints)},\n"summary": {json.dumps(summary)}}}\n'


def ask(sheet: Worksheet, key: str, answers: str | None, options: Options) -> bool:
    """Ask for one quantity after the other; what is answered is kept in a form."""
    path = Path(answers) if answers else Path(f"{Path(key).stem}-answers.toml")
    if path.suffix != ".toml":
        raise SpecError("", f"{excerpt(str(path))}: answers are kept as TOML; name a .toml file")
    if is_filled_in(path):
        raise SpecError("", f"{path} holds answers already; name another file")
    assessment = _assessment(sheet, options)
    return Dialogue(assessment, path).run(_asked_on_terminal)


def _asked_on_terminal(prompt: str) -> str:
    click.echo(prompt, nl=False)
    line = sys.stdin.readline() if sys.stdin else ""
    if not line:
        raise EOFError
    return line.rstrip("\n")


class Dialogue:
    """One member at the terminal: a question, a verdict, a hint, the next question."""

    def __init__(self, assessment: Assessment, path: Path) -> None:
        """Nothing has been asked; `path` is where the answers are kept."""
        self.assessment = assessment
        self.voice: Voice = assessment.voice
        self.path = path
        self.answers: dict[str, str] = {}

    def run(self, ask_for: Callable[[str], str]) -> bool:
        """Ask everything; whether all was right. Leaving early keeps what was answered."""
        names = list(self.assessment.marker.exercise.order)
        click.echo(self.voice.word("interactive", "help"))
        done = 0
        try:
            for done, name in enumerate(names):
                self._one(name, done + 1, len(names), ask_for)
        except (KeyboardInterrupt, EOFError, click.Abort):
            click.echo()
            said = self.voice.word(
                "interactive", "left", done=str(done), count=str(len(names)), file=str(self.path)
            )
            click.echo(said)
            return False
        marked = self._marked()
        for sentence in self.voice.joint(marked.joint):
            click.echo(sentence)
        asked, right = str(marked.asked), str(marked.right)
        click.echo(self.voice.word("interactive", "end", asked=asked, right=right))
        return marked.right == marked.asked

    def _one(self, name: str, number: int, count: int, ask_for: Callable[[str], str]) -> None:
        prompt = self.voice.word(
            "interactive", "question", number=str(number), count=str(count), id=name
        )
        hints = 0
        while True:
            typed = ask_for(prompt).strip()
            if typed == "?":
                hints += 1
                click.echo("    " + self._hint(name, hints))
                continue
            if not typed:
                return
            self.answers[name] = typed
            self._keep()
            result = next(r for r in self._marked().results if r.id == name)
            click.echo("    " + self.voice.verdict(result))
            for sentence in self.voice.sentences(result):
                click.echo("    " + sentence)
            if result.verdict in (*RIGHT, "carried"):
                return

    def _hint(self, name: str, level: int) -> str:
        if level > HINTS or self.voice.reveal == "none":
            return self.voice.word("interactive", "hints_used")
        return self.voice.give_hint(name, level)

    def _marked(self) -> Marked:
        given = [Given(None, name, text) for name, text in self.answers.items()]
        return self.assessment.marker.mark(None, given)

    def _keep(self) -> None:
        lines = (
            f"{json.dumps(name)} = {json.dumps(text, ensure_ascii=False)}\n"
            for name, text in self.answers.items()
        )
        write_file(self.path, "".join(lines))
