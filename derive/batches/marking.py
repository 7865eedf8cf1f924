"""The answers of a class: each member's by the numbers of the own sheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

import msgspec
from msgspec.structs import replace

from derive import limits
from derive.algebra import lemmas
from derive.answers import is_blank
from derive.batches.folder import Folder, Manifest, Member, spec_of
from derive.batches.roll import Roll, StrayError
from derive.checking.marking import Given, Marked, Marker
from derive.checking.structure import is_branched
from derive.derivation.derivation import Derivation
from derive.errors import SpecError, excerpt
from derive.grading.asking import AskedIds, list_asked
from derive.grading.assessment import Grader, open_marker
from derive.grading.keys import open_key
from derive.grading.layouts import Flawed
from derive.grading.origins import Origin
from derive.grading.store import AnswerStore
from derive.grading.tables import open_table
from derive.numbers import Numbers
from derive.pages import Worksheet
from derive.pages.choosing import Choice
from derive.spec import Spec, digest

FORMS = (".toml", ".json", ".csv", ".xlsx")
"""Endings of the files in a folder that are looked at."""
NAMELESS = 20
"""So many answers without a name are told one by one."""
PLACES = 8
"""Digits of an index by which members are sorted."""


class Judged(msgspec.Struct, frozen=True):
    """A member's results with the numbers of their rows, and by whose numbers they are."""

    member: Member
    numbers: list[int]
    marked: Marked
    grader: Grader


class ClassBook:
    """Marks the answers of a class; one member's sheet never stops another's."""

    def __init__(self, folder: Folder) -> None:
        """Raises SpecError where the folder holds no class."""
        if not folder.is_batch():
            raise SpecError("", "holds no class; give the folder that derive batch made, DIR/NAME")
        self.folder = folder
        self.manifest: Manifest = folder.read_manifest()
        self.spec = spec_of(self.manifest)
        self.roll = Roll(folder.read_index())
        self.problems: dict[str, SpecError] = {}
        """By what was typed or read, why it is of no member."""
        self.answered: set[int] = set()
        self._nameless = 0
        self._asked: dict[Origin, frozenset[str] | None] = {}

    @cached_property
    def sheet(self) -> Worksheet:
        """The exercise with the author's numbers: its ids are those of every variant."""
        with lemmas.trust_proofs():
            return Worksheet(self.spec)

    @cached_property
    def marker(self) -> Marker:
        """The marker of the author's numbers, which knows the ids."""
        return open_marker(self.sheet.numbers)

    def collect(self, sources: Iterable[str]) -> AnswerStore:
        """The answers of some tables, and of all forms in some folders."""
        ids = AskedIds(self.marker)
        paths = (path for source in sources for path in _list_files(source))
        return AnswerStore(row for path in paths for row in self._read(path, ids))

    def _read(self, path: str, ids: AskedIds) -> Iterator[Given]:
        """The rows of a table, each named by the place of its member in the index."""
        try:
            with open_table(path, ids) as table:
                for number, row in enumerate(table.rows, 1):
                    member = self._find(row.student, path, number)
                    if member is not None and self._belongs(member, table.origin, path):
                        yield replace(row, student=str(member.index).zfill(PLACES))
        except SpecError as error:
            self.problems[excerpt(path, 120)] = error

    def _find(self, who: str | None, path: str, number: int) -> Member | None:
        """The member of an answer, counted in its file; who cannot be told is noted."""
        try:
            return self.roll.find(who)
        except StrayError as error:
            self._nameless += not error.place
            if not error.place and self._nameless > NAMELESS:
                return None
            place = error.place or f"answer {number}"
            self.problems.setdefault(f"{excerpt(path, 120)}: {place}", error)
            return None

    def _belongs(self, member: Member, origin: Origin, path: str) -> bool:
        """Whether a form was made for the sheet of the member it names.

        Of a member whose key cannot be read that is told later.
        """
        if not origin.digest or self._read_digest(member) in ("", origin.digest):
            return True
        self.problems.setdefault(excerpt(path, 120), StrayError("", "form", member.code))
        return False

    def _read_digest(self, member: Member) -> str:
        try:
            with open_key(self._key(member)) as sheet:
                return digest(sheet.spec)
        except SpecError:
            return ""

    def _key(self, member: Member) -> str:
        return str(self.folder.keys / f"{member.code}.json")

    def mark(self, store: AnswerStore, level: str | None = None) -> Iterator[Judged]:
        """Every member who has answered, in the order of the index."""
        made = self._name_page(level)
        for place, rows in store.members():
            own = _drop_repeated(rows)
            if all(is_blank(row.answer) for _, row in own):
                continue
            member = self.roll.members[int(place or 0) - 1]
            self.answered.add(member.index)
            try:
                with open_key(self._key(member)) as sheet:
                    grader = self._open_grader(sheet, made)
                    numbers, marked = grader.mark_rows(member.student or member.code, own)
            except SpecError as error:
                where = f"leader/keys/{member.code}.json"
                self.problems[member.code] = SpecError(where, str(error))
                continue
            yield Judged(member, numbers, replace(marked, code=member.code), grader)

    def _open_grader(self, sheet: Worksheet, made: Origin) -> Grader:
        """What marks a member's answers; of the class's marker it takes all but numbers."""
        if not self._is_alike(sheet):
            return Grader(open_marker(sheet.numbers), list_asked(sheet, made))
        derivation = self.marker.exercise.derivation
        assert isinstance(derivation, Derivation)
        numbers = Numbers(derivation.renew(sheet.graph))
        asked = self._asked.get(made)
        if asked is None or made.choice.blanks is not None:
            asked = self._asked[made] = list_asked(sheet, made)
        return Grader(self.marker.renew(numbers), asked)

    def _is_alike(self, sheet: Worksheet) -> bool:
        """Whether a sheet differs from the author's in numbers alone, and no step by numbers."""
        ours, theirs = self.sheet.graph, sheet.graph
        return (
            self._is_shared
            and _leave_numbers(ours.spec) == _leave_numbers(theirs.spec)
            and ours.quantities.keys() == theirs.quantities.keys()
            and all(
                msgspec.structs.replace(own, typed="") == msgspec.structs.replace(other, typed="")
                for own, other in zip(
                    ours.quantities.values(), theirs.quantities.values(), strict=True
                )
            )
        )

    @cached_property
    def _is_shared(self) -> bool:
        """Whether the steps of all members are the same, with no branches."""
        exercise = self.marker.exercise
        if exercise.graph.presented is not None or not exercise.derivation.hold(limits.PAGE_STEPS):
            return False
        steps = exercise.derivation.steps()
        return not any(step.expr is not None and is_branched(step.expr) for step in steps)

    def _name_page(self, level: str | None) -> Origin:
        sheet = self.manifest.sheet
        choice = Choice(sheet.blanks, sheet.weights) if level is None else Choice()
        return Origin(self.manifest.digest, level or sheet.level, choice)

    def list_missing(self) -> Iterator[Member]:
        """Who has not handed in anything."""
        return (member for member in self.roll.members if member.index not in self.answered)


def _drop_repeated(rows: list[tuple[int, Given]]) -> list[tuple[int, Given]]:
    """The rows of a member without those that say the same of the same id, or nothing of it."""
    said: dict[str, str] = {}
    kept = []
    answered = {row.id for _, row in rows if not is_blank(row.answer)}
    for number, row in rows:
        answer = row.answer.strip()
        if is_blank(answer) and row.id in answered and not isinstance(row, Flawed):
            continue
        again = row.id in said and (said[row.id] == answer or not answer)
        if not again or isinstance(row, Flawed):
            said.setdefault(row.id, answer)
            kept.append((number, row))
    return kept


def _leave_numbers(spec: Spec) -> tuple[object, ...]:
    """What a spec says of its page and its run."""
    return (spec.kind, spec.decimals, spec.notation, spec.rounding, spec.steps, spec.symbols)


def _list_files(source: str) -> Iterator[str]:
    """A table, or every form in a folder and below."""
    folder = Path(source)
    if not folder.is_dir():
        yield source
        return
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in FORMS and path.is_file():
            yield str(path)
