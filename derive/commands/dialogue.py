"""`derive check --interactive`: one question after the other, going on where it stopped."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import click
import msgspec

from derive.checking.explaining import HINTS
from derive.checking.marking import Given, Marked
from derive.checking.verdicts import RIGHT
from derive.commands.checkup import Options, open_voice
from derive.commands.console import reading
from derive.derivation.steps import Step
from derive.errors import SpecError, excerpt
from derive.files import write_file
from derive.grading.asking import AskedIds, choose_page
from derive.grading.assessment import Grader, open_marker
from derive.grading.origins import Origin, refuse_other
from derive.grading.reports.saying import Voice
from derive.grading.tables import open_table
from derive.pages import Worksheet
from derive.render.forms import answers_toml
from derive.render.origin import form_origin

LEAVE = ("q", "quit", "exit")
"""What leaves the dialogue: the first word that is no quantity of the exercise."""


class Form:
    """Answers kept on disk as the form of their sheet, written anew with each of them."""

    def __init__(self, path: Path, asked: Mapping[int, Step], made: str, language: str) -> None:
        """Nothing is answered; `made` is the first line of the form."""
        self.path = path
        self.asked = asked
        self.answers: dict[str, str] = {}
        self._made = made
        self._language = language

    @property
    def missing(self) -> dict[int, str]:
        """The ids without an answer, by the numbers of their blanks."""
        steps = self.asked.items()
        return {number: step.id for number, step in steps if step.id not in self.answers}

    def put(self, name: str, text: str) -> None:
        """Keep one answer."""
        self.answers[name] = text
        write_file(self.path, answers_toml(self.asked, self._made, self._language, self.answers))


def ask(sheet: Worksheet, key: str, answers: str | None, options: Options) -> bool:
    """Ask for what is not answered yet; whether all of it is right."""
    path = Path(answers) if answers else Path(f"{Path(key).stem}-answers.toml")
    if path.suffix != ".toml":
        raise SpecError("", f"{excerpt(str(path))}: answers are kept as TOML; name a .toml file")
    marker = open_marker(sheet.numbers, gradient_check=options.gradient_check)
    voice = open_voice(sheet, marker, options)
    ids = AskedIds(marker)
    with reading(str(path)):
        kept = _read(path, ids) if path.exists() else Kept()
        if not options.force:
            refuse_other(kept.origin, sheet.spec)
    made = kept.origin.at(options.level)
    asked = sheet.asked(choose_page(sheet, made))
    line = form_origin(sheet.spec, made.level, made.choice)
    form = Form(path, asked, line, voice.language)
    form.answers |= kept.answers
    leave = next((word for word in LEAVE if ids.find(word) is None), "Ctrl-C")
    grader = Grader(marker, [step.id for step in asked.values()])
    return Dialogue(grader, voice, form, leave).run(_ask_on_terminal)


class Kept(msgspec.Struct, frozen=True):
    """What a form held before: answers by id, and how it was made."""

    answers: dict[str, str] = {}
    origin: Origin = Origin()


def _read(path: Path, ids: AskedIds) -> Kept:
    """The answers that one member has given so far; raises SpecError for a group's."""
    with open_table(str(path), ids) as table:
        rows = [ids.name(row) for row in table.rows]
    if any(row.student is not None for row in rows):
        raise SpecError("", "holds answers of several members; name the file of one")
    strange = next((row.id for row in rows if ids.find(row.id) is None), None)
    if strange is not None and not table.origin.digest:
        problem = f"holds {excerpt(strange)}, which is no id of this exercise; name another file"
        raise SpecError("", problem)
    answers = {ids.find(row.id) or row.id: row.answer for row in rows if row.answer.strip()}
    return Kept(answers, table.origin)


def _ask_on_terminal(prompt: str) -> str:
    click.echo(prompt, nl=False)
    line = sys.stdin.readline() if sys.stdin else ""
    if not line:
        raise EOFError
    return line.rstrip("\n")


class Dialogue:
    """One member at the terminal: a question, a verdict, a hint, the next question."""

    def __init__(self, grader: Grader, voice: Voice, form: Form, leave: str) -> None:
        """Nothing has been asked; `leave` is the word that ends it early."""
        self._grader = grader
        self._voice = voice
        self._form = form
        self._leave = leave

    def run(self, ask_for: Callable[[str], str]) -> bool:
        """Ask what is missing; whether all is right. Leaving early loses nothing."""
        self._say("help", leave=self._leave)
        missing, count = self._form.missing, len(self._form.asked)
        done = count - len(missing)
        if done:
            self._say("resumed", done=str(done), count=str(count), file=str(self._form.path))
        try:
            for place, (blank, name) in enumerate(missing.items(), done + 1):
                prompt = {"number": str(place), "count": str(count), "blank": str(blank)}
                self._one(self._word("question", id=name, **prompt), name, ask_for)
        except (KeyboardInterrupt, EOFError, click.Abort):
            click.echo()
            done = count - len(self._form.missing)
            self._say("left", done=str(done), count=str(count), file=str(self._form.path))
            return False
        marked = self._mark()
        for sentence in self._voice.joint(marked.joint):
            click.echo(sentence)
        self._say("end", asked=str(marked.asked), right=str(marked.right))
        return marked.right == marked.asked

    def _one(self, prompt: str, name: str, ask_for: Callable[[str], str]) -> None:
        """Ask one question until it is answered right, skipped or left."""
        hints = 0
        while True:
            typed = ask_for(prompt).strip()
            if typed.lower() == self._leave:
                raise click.Abort
            if typed == "?":
                hints += 1
                click.echo("    " + self._hint(name, hints))
                continue
            if not typed:
                return
            self._form.put(name, typed)
            result = next(r for r in self._mark().results if r.id == name)
            click.echo("    " + self._voice.verdict(result))
            for sentence in self._voice.sentences(result):
                click.echo("    " + sentence)
            if result.verdict in (*RIGHT, "carried"):
                return

    def _hint(self, name: str, level: int) -> str:
        if level > HINTS or self._voice.reveal == "none":
            return self._word("hints_used")
        return self._voice.give_hint(name, level)

    def _mark(self) -> Marked:
        given = [Given(None, name, text) for name, text in self._form.answers.items()]
        return self._grader.mark(None, given)

    def _word(self, key: str, **slots: str) -> str:
        return self._voice.word("interactive", key, **slots)

    def _say(self, key: str, **slots: str) -> None:
        click.echo(self._word(key, **slots))
