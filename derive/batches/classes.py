"""A class as functions: the same as `derive batch`, and its sheets for other uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from derive import limits
from derive.api import Content, Source, sheet
from derive.batches.folder import Folder, Sheet
from derive.batches.running import Summary, Watch, run
from derive.batches.secrets import make_secret, read_secret, write_secret
from derive.errors import SpecError, check_known
from derive.grading.keys import open_key
from derive.pages import Level, Worksheet
from derive.pages.choosing import Choice
from derive.pages.worksheet import WHOLE
from derive.spec import Spec


def batch(  # noqa: PLR0913  what a class is
    source: Source,
    home: str | Path,
    *,
    count: int | None = None,
    students: Sequence[str] | None = None,
    secret: bytes | None = None,
    formats: Sequence[str] = ("md", "tex", "html"),
    level: Level = "guided",
    blanks: int | None = None,
    weights: Sequence[str] = (),
    practice: bool = False,
    single_file: bool = False,
    jobs: int = 1,
    scheduler: str | None = None,
    watch: Watch = lambda _: None,
) -> Summary:
    """Sheets with own numbers for every member of a class, in a folder.

    For so many members (`count`), or one for each of the `students`. `home` is the folder
    of the class: `members/CODE/` is what a member gets, `leader/` keys, index and secret.
    Without a `secret` the folder's own is taken, or made. What is there already is kept.
    `jobs` processes work, or the workers of a Dask `scheduler`: its address, or "local".
    `watch` is called with the progress after each variant. Raises SpecError for bad input,
    where the folder holds another class, and where the ranges give no good numbers.
    """
    folder = Folder(Path(home))
    if (count is None) == (students is None):
        raise SpecError("count", "give count or students, one of both")
    if students is not None and not _are_names(students):
        raise SpecError("students", "expected names, each a string")
    names = None if students is None else lambda: iter(students)
    chosen = Sheet(tuple(formats), level, blanks, tuple(weights), practice, single_file)
    key, begin = (secret, None) if secret is not None else choose_secret(folder)
    return run(
        folder,
        sheet(source).spec,
        key,
        chosen,
        count=count,
        students=names,
        jobs=jobs,
        scheduler=scheduler,
        watch=watch,
        begin=begin or (lambda: None),
    )


def _are_names(students: object) -> bool:
    return isinstance(students, list | tuple) and all(isinstance(s, str) for s in students)


def choose_secret(folder: Folder) -> tuple[bytes, Callable[[], None]]:
    """The secret that a class's folder holds, or a new one that the function beside it keeps."""
    if folder.secret.exists():
        return read_secret(folder.secret), lambda: None
    made = make_secret()
    return made, lambda: write_secret(folder.secret, made)


def quiz(
    sources: Source | Sequence[Source],
    to: str = "moodle",
    level: Level = "guided",
    choice: Choice = WHOLE,
) -> Content:
    """The blanks of a worksheet as questions for `moodle`, `gift`, `qti` or `anki`.

    Of several worksheets, each with numbers of its own, a learner gets the question for
    an id from one of them by chance (in Anki all of them). `sources` is also the folder of a
    class (see `batch`). Text of Moodle XML and GIFT; bytes of a QTI package and of an Anki
    deck. Raises SpecError for bad input, for a level without blanks, for a folder without a
    class, and where genanki (the extra `anki`) is missing.
    """
    from derive.courses import COURSES, write_quiz  # noqa: PLC0415  only course files

    check_known("--to", "course format", to, COURSES)
    if isinstance(sources, str | Path) and Path(sources).is_dir():
        sources = open_class(Path(sources))
    given = [sources] if isinstance(sources, str | Path | Spec | Worksheet) else sources
    return write_quiz(list(map(sheet, given)), COURSES[to], level, choice)


def open_class(home: Path) -> list[Worksheet]:
    """The sheets of a class; raises SpecError where the folder holds none, or too many."""
    folder = Folder(home)
    if not folder.is_batch():
        raise SpecError("", "holds no class; give a spec, or what derive batch made: DIR/NAME")
    sheets = list(islice(open_sheets(folder), limits.QUIZ_SHEETS + 1))
    if len(sheets) > limits.QUIZ_SHEETS:
        problem = f"more than {limits.QUIZ_SHEETS} sheets; a quiz chooses from fewer"
        raise SpecError("leader/index.csv", problem)
    return sheets


def open_sheets(folder: Folder) -> Iterator[Worksheet]:
    """The worksheets of a class's members by their keys, in the order of the index."""
    for member in folder.read_index():
        path = folder.keys / f"{member.code}.json"
        try:
            with open_key(str(path)) as worksheet:
                yield worksheet
        except SpecError as error:
            problem = f"{error}; run derive batch again, which makes what is missing"
            raise SpecError(f"leader/keys/{path.name}", problem) from None
