"""Rows grouped by member without holding all of them: they wait in a private temporary table."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any

from derive.checking.marking import Given
from derive.errors import SpecError
from derive.grading.layouts import Flawed


class AnswerStore:
    """Answers in any order, given back member by member; texts given back in the first order.

    SQLite keeps small tables in memory and large ones in a file without a
    name, which is gone when the program ends.
    """

    def __init__(self, rows: Iterable[Given]) -> None:
        """Take all rows, numbered in their order; raises SpecError where the disk is full."""
        self._base = sqlite3.connect("")
        self._base.execute(
            "create table row "
            "(n integer primary key, who text, id text, answer text, working text, problem text)"
        )
        self._base.execute("create table said (n integer primary key, text text)")
        numbered = ((n, *_cells(row)) for n, row in enumerate(rows))
        with _refuse_full_disk():
            self._base.executemany("insert into row values (?, ?, ?, ?, ?, ?)", numbered)
            self._base.execute("create index by_member on row (who, n)")

    def members(self) -> Iterator[tuple[str | None, list[tuple[int, Given]]]]:
        """The rows of each member with their numbers, sorted by the member's name."""
        rows = self._base.execute(
            "select n, who, id, answer, working, problem from row order by who, n"
        )
        for student, group in groupby(rows, key=lambda row: row[1]):
            yield student, [(n, _given(cells)) for n, *cells in group]

    def say(self, texts: Iterable[tuple[int, str]]) -> None:
        """Keep the text of some rows."""
        with _refuse_full_disk():
            self._base.executemany("insert into said values (?, ?)", texts)

    def said(self) -> Iterator[str]:
        """All texts in the order of the rows."""
        for (text,) in self._base.execute("select text from said order by n"):
            yield text


def _cells(row: Given) -> tuple[str | None, str, str, str, str]:
    student = None if row.student is None else clean(row.student)
    problem = row.problem if isinstance(row, Flawed) else ""
    return student, clean(row.id), clean(row.answer), clean(row.working), problem


def _given(cells: list[Any]) -> Given:
    student, name, answer, working, problem = cells
    if problem:
        return Flawed(student, name, answer, working, problem)
    return Given(student, name, answer, working)


@contextmanager
def _refuse_full_disk() -> Iterator[None]:
    """Raise SpecError, whose reader can act, where SQLite finds no room."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise SpecError("", f"no room for its rows ({error})") from None


def clean(text: str) -> str:
    """Text that a table can hold: half a character pair becomes the sign for one."""
    return text.encode("utf-8", "replace").decode("utf-8")
