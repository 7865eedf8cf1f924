"""`derive check` as a function: answers in any form, checked against a key in any form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from derive.checking.marking import Given, Marked
from derive.grading.asking import AskedIds, list_asked
from derive.grading.assessment import Grader, open_marker
from derive.grading.keys import open_key
from derive.grading.origins import refuse_other
from derive.grading.store import AnswerStore
from derive.grading.tables import Table, open_table
from derive.pages import Level, Worksheet
from derive.spec import Spec

Typed = str | int | float | Decimal
"""An answer as a member gives it; text keeps the digits that were written."""
AnswerRow = tuple[str | None, str, Typed]
"""Who, which id, what; None where there is only one member."""
Answers = str | Path | Mapping[str, Typed] | Iterable[AnswerRow]


def check_sheet(
    key: str | Path | Spec | Worksheet,
    answers: Answers,
    level: Level | None = None,
    *,
    force: bool = False,
    gradient_check: bool = False,
) -> list[Marked]:
    """Answers to one sheet checked against its key; see `derive.check`."""
    with _open_key(key) as worksheet:
        marker = open_marker(worksheet.numbers, gradient_check=gradient_check)
        with _open_answers(answers, AskedIds(marker)) as table:
            if not force:
                refuse_other(table.origin, worksheet.spec)
            store = AnswerStore(table.rows)
        asked = list_asked(worksheet, table.origin.at(level))
        return [marked for _, marked in Grader(marker, asked).members(store)]


@contextmanager
def _open_key(key: str | Path | Spec | Worksheet) -> Iterator[Worksheet]:
    if isinstance(key, str | Path):
        with open_key(str(key)) as worksheet:
            yield worksheet
    else:
        yield key if isinstance(key, Worksheet) else Worksheet(key)


@contextmanager
def _open_answers(answers: Answers, ids: AskedIds) -> Iterator[Table]:
    if isinstance(answers, str | Path):
        with open_table(str(answers), ids) as table:
            yield table
        return
    if isinstance(answers, Mapping):
        answers = [(None, name, answer) for name, answer in answers.items()]
    yield Table(Given(student, name, str(answer)) for student, name, answer in answers)
