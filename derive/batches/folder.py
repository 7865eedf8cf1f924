"""Where the files of a class lie, what its `batch.json` says, and the index of its members.

members/CODE/    what a member gets
leader/          secret, keys/CODE.json, index.csv, batch.json: never beside the sheets
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

import msgspec

from derive import limits
from derive.errors import SpecError, excerpt
from derive.files import write_file, write_pieces
from derive.pages import Level
from derive.render.forms import csv_line, harmful, harmless, pretty_json
from derive.render.version import VERSION
from derive.spec import Spec, digest, from_plain, to_plain
from derive.spec.files import read_regular
from derive.variants.drawing import VERSION as NUMBERS

FORMAT = "derive-batch/1"
INDEX = ("code", "index", "student")
BOM = "\ufeff"


class Sheet(msgspec.Struct, frozen=True):
    """What is made for every member: the options of `derive worksheet`, and one file to print."""

    formats: tuple[str, ...] = ("md", "tex", "html")
    level: Level = "guided"
    blanks: int | None = None
    weights: tuple[str, ...] = ()
    practice: bool = False
    single_file: bool = False


class Manifest(msgspec.Struct, frozen=True):
    """What `batch.json` says: which spec, what for whom, and how much of it is there.

    `mark` is the code of the first variant, by which another secret shows; `version` is
    that of the numbers, `made_by` the program's.
    """

    format: str
    made_by: str
    version: str
    digest: str
    spec: Any
    count: int
    mark: str
    sheet: Sheet = Sheet()
    done: int = 0


class Member(msgspec.Struct, frozen=True):
    """A row of the index; `index` counts from 1."""

    code: str
    index: int
    student: str


class Folder:
    """The folder of one class."""

    def __init__(self, home: Path) -> None:
        """Look at nothing yet."""
        self.home = home
        self.members = home / "members"
        self.leader = home / "leader"
        self.keys = self.leader / "keys"
        self.practice = self.leader / "practice"
        self.index = self.leader / "index.csv"
        self.manifest = self.leader / "batch.json"
        self.secret = self.leader / "secret"
        self.print = home / "print.pdf"

    def prepare(self) -> None:
        """Make the folders; that of the leader is for its owner alone."""
        try:
            self.members.mkdir(parents=True, exist_ok=True)
            if not self.leader.exists():
                self.leader.mkdir(mode=0o700)
            self.keys.mkdir(exist_ok=True)
        except OSError as error:
            raise refuse_place(self.home, error) from None

    def is_batch(self) -> bool:
        """Whether a class has been made here, or begun."""
        return self.manifest.is_file()

    def read_manifest(self) -> Manifest:
        """What `batch.json` says; raises SpecError where it is none."""
        raw = read_regular(
            self.manifest, limits.FILE_BYTES * 2, "batch.json", smaller="it is a small file"
        )
        try:
            manifest = msgspec.json.decode(raw, type=Manifest)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            problem = "is damaged; delete it and run derive batch again as before"
            raise SpecError("leader/batch.json", problem) from None
        if manifest.format != FORMAT:
            given = excerpt(manifest.format)
            raise SpecError("leader/batch.json", f"expected {FORMAT}, got {given}")
        return manifest

    def write_manifest(self, manifest: Manifest) -> None:
        """Replace `batch.json`."""
        write_file(self.manifest, pretty_json(msgspec.to_builtins(manifest)))

    def has_member(self, code: str) -> bool:
        """Whether a member's files are there: they come all at once, after the keys."""
        return (self.members / code).is_dir() and (self.keys / f"{code}.json").is_file()

    def read_index(self) -> Iterator[Member]:
        """The members, in order; raises SpecError where the file is damaged."""
        try:
            with self.index.open(encoding="utf-8-sig", newline="") as file:
                for number, cells in enumerate(csv.reader(file)):
                    if number and len(cells) == len(INDEX) and cells[1].isdecimal():
                        yield Member(cells[0], int(cells[1]), harmful(cells[2]))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise SpecError("leader/index.csv", f"cannot be read ({reason})") from None

    def write_index(self, members: Iterable[Member]) -> None:
        """Replace the index, row by row; a name never becomes a formula of a spreadsheet."""
        rows = (
            csv_line((member.code, str(member.index), harmless(member.student)))
            for member in members
        )
        lines = chain([BOM + csv_line(INDEX)], rows)
        write_pieces(self.index, (line.encode() for line in lines))

    def check_names(self, students: Iterable[str]) -> None:
        """Raise SpecError unless the class begins with the members that it has already.

        Who had no name may get one.
        """
        if not self.index.is_file():
            return
        for number, (old, new) in enumerate(zip_longest(self.read_index(), students), 1):
            if old is None:
                return
            if new is None or old.student not in ("", new):
                now = "nobody" if new is None else excerpt(new)
                raise SpecError(
                    "--roster",
                    f"member {number} was {excerpt(old.student)} and is now {now}; new "
                    "members go to the end, another class into another folder",
                )


def refuse_place(path: Path, error: OSError) -> SpecError:
    """The error of a folder in which nothing can be written."""
    return SpecError(excerpt(str(path), 120), f"cannot be written ({error.strerror or error})")


def make_manifest(spec: Spec, count: int, mark: str, sheet: Sheet) -> Manifest:
    """What is to be made."""
    return Manifest(
        FORMAT, f"derive {VERSION}", NUMBERS, digest(spec), to_plain(spec), count, mark, sheet
    )


def check_same(old: Manifest, new: Manifest) -> None:
    """Raise SpecError where a folder holds another class than the one to make."""
    fields: dict[str, tuple[str, Callable[[Manifest], object]]] = {
        "--lang": ("another language", _read_language),
        "SPEC": ("another spec", lambda one: one.digest),
        "--secret-file": ("another secret", lambda one: one.mark),
        "--format": ("other formats", lambda one: one.sheet.formats),
        "--level": ("another level", lambda one: one.sheet.level),
        "--blanks": ("other blanks", lambda one: one.sheet.blanks),
        "--weights": ("other weights", lambda one: one.sheet.weights),
        "--practice": ("sheets with or without practice pages", lambda one: one.sheet.practice),
        "--single-file": ("one file to print, or none", lambda one: one.sheet.single_file),
        "derive": ("another version of derive", lambda one: (one.made_by, one.version)),
    }
    for place, (what, read) in fields.items():
        if read(old) != read(new):
            hint = "give the file again" if place == "--secret-file" else "give it as before"
            problem = f"the folder holds a class of {what}; {hint}, or take another folder"
            raise SpecError(place, problem)
    if new.count < old.count:
        problem = f"the folder holds {old.count}, now {new.count}; sheets are never taken back"
        raise SpecError("members", problem)


def _read_language(manifest: Manifest) -> object:
    """The language of a class whose spec is otherwise the same."""
    return manifest.spec.get("language") if isinstance(manifest.spec, dict) else None


def spec_of(manifest: Manifest) -> Spec:
    """The spec of a class, checked like an author's."""
    spec = from_plain(manifest.spec)
    if digest(spec) != manifest.digest:
        raise SpecError("leader/batch.json", "its digest does not fit its spec")
    return spec
