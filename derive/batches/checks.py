"""`derive check` as a function, of one sheet or of a class."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from pathlib import Path

from derive.batches.folder import Folder
from derive.batches.marking import ClassBook
from derive.batches.roll import tell
from derive.checking.marking import Marked
from derive.errors import SpecError
from derive.grading.checks import Answers, check_sheet
from derive.pages import Level, Worksheet
from derive.spec import Spec


def check(
    key: str | Path | Spec | Worksheet,
    answers: Answers | Iterable[str | Path],
    level: Level | None = None,
    *,
    force: bool = False,
    gradient_check: bool = False,
) -> list[Marked]:
    """Answers checked against a key: what is right, which step went wrong, and why.

    `key` is also the path of a key.json. `answers` is the path of a table, one
    member's `{id: answer}`, or rows of member, id and answer; an id is also the
    number of its blank. What is `asked` are the blanks of the sheet of a level: the
    one named here, else that of the form, else every id. One `Marked` for each
    member, sorted by name; its `results` stand in the order of the rows. In a
    `gradient_check` derivatives were computed as difference quotients. Raises
    SpecError for bad input and, without `force`, for a form that was made for another
    spec; a bad answer is `unreadable` and no error.

    `key` is also the folder of a class (see `batch`), and `answers` then the path of a
    table of everybody or of a folder of forms, or several of these: each member is judged
    by the own sheet, `code` says which. Answers that are of no member stop nobody: each is a
    `UserWarning`; only where there are no others they raise SpecError.

        >>> (alone,) = check("two-two-two", {"W5+": "0.39554516", "h1": "0.51998934"})
        >>> [(r.id, r.verdict, r.judgement.misconceptions) for r in alone.results]
        [('W5+', 'misconception', ('M03',)), ('h1', 'correct', ())]
        >>> alone.right, alone.asked
        (1, 66)
    """
    if isinstance(key, str | Path) and Path(key).is_dir():
        return _check_class(Path(key), answers, level)
    return check_sheet(key, answers, level, force=force, gradient_check=gradient_check)  # type: ignore[arg-type]


def _check_class(home: Path, answers: object, level: Level | None) -> list[Marked]:
    book = ClassBook(Folder(home))
    several = [answers] if isinstance(answers, str | Path) else answers
    if not isinstance(several, Iterable):
        raise SpecError("answers", "expected the path of a table, or of a folder of forms")
    store = book.collect(map(str, several))
    marked = [judged.marked for judged in book.mark(store, level)]
    for what, error in book.problems.items():
        if not marked:
            raise SpecError(what, tell(error))
        warnings.warn(f"{what}: {tell(error)}", stacklevel=3)
    return marked
