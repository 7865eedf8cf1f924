"""How a table holds its answers: one a row, a row per member, or a column per member.

What a header calls its columns decides, in English or Korean, in any order. A row
with more cells than its header is no answer at all: it is told what to do.
"""

from __future__ import annotations

import re
import unicodedata
from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Protocol

import msgspec

from derive.checking.marking import Given
from derive.errors import SpecError, excerpt
from derive.grading.origins import is_origin

MEMBER = ("student", "member", "name", "student id", "이름", "학생", "학번", "성명", "학생 이름")
CODE = ("code", "코드")
ID = ("id", "symbol", "quantity", "기호", "문항", "항목")
NUMBER = ("number", "no", "no.", "#", "blank", "번호", "문제", "문제 번호", "빈칸")
ANSWER = ("answer", "value", "답", "답안", "답변", "값")
WORKING = ("working", "work", "steps", "풀이", "풀이 과정", "과정")
"""What a column may be called in a header."""
LIKE = 0.75
"""How near to one of these a title is a misspelt one, and not the name of a member."""
STRANGE = 100
"""Columns that name no id, each of which is compared with all that there are."""
WHOLE, FRACTION = re.compile(r"\s*[+-]?\d+\s*"), re.compile(r"\s*\d+\s*")
"""What a decimal comma leaves in two cells."""
EXPECTED = (
    "expected a header with the columns id and answer (기호, 답), or name and a column "
    "for each id, or id and a column for each member"
)


class Flawed(Given, frozen=True):
    """A row that cannot be read as an answer, and why: a key of the checker's words."""

    problem: str = ""


class Ids(Protocol):
    """What a header must know of the exercise."""

    def find(self, text: str, /) -> str | None:
        """The id that a text names, or the number of a blank; None if there is none."""

    def is_near(self, text: str, /) -> bool:
        """Whether a text may be a misspelt id."""


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """What a header says: how many cells it has, up to which one they are named."""

    cells: int
    named: int
    left_out: tuple[str, ...] = ()

    def read(self, row: Sequence[str]) -> Iterator[Given]:
        """The answers in one row."""
        spilled = self._count_spilled(row)
        yield from self.explain(row, spilled) if spilled else self.answers(row)

    def _count_spilled(self, row: Sequence[str]) -> int:
        """By how many cells a row is longer than its header; empty ones may follow."""
        filled = max((i for i, cell in enumerate(row, 1) if cell.strip()), default=0)
        if filled > self.named:
            return filled - self.named
        split = any(
            WHOLE.fullmatch(_cell(row, at)) and FRACTION.fullmatch(_cell(row, at + 1))
            for at in self.places()
        )
        return max(len(row) - self.cells, 0) if split else 0

    @abstractmethod
    def places(self) -> tuple[int, ...]:
        """Where answers stand."""

    @abstractmethod
    def answers(self, row: Sequence[str]) -> Iterator[Given]:
        """The answers of a row that fits its header."""

    @abstractmethod
    def explain(self, row: Sequence[str], spilled: int) -> Iterator[Flawed]:
        """What is said of a row with so many cells too much."""


class Owned(Layout, frozen=True, kw_only=True):
    """Rows that say whose they are: by the code of a sheet, else by name."""

    member: tuple[int, ...]
    code: tuple[int, ...] = ()

    def owner(self, row: Sequence[str]) -> str | None:
        """Whose a row is; None where there is no such column."""
        return _first(row, self.code) or _join(row, self.member or self.code)


class OnePerRow(Owned, frozen=True, kw_only=True):
    """A row for each answer; the first filled column of `ids` names the id."""

    ids: tuple[int, ...]
    answer: int
    working: tuple[int, ...] = ()

    def places(self) -> tuple[int, ...]:
        """The one of the answer."""
        return (self.answer,)

    def answers(self, row: Sequence[str]) -> Iterator[Given]:
        """The one in this row, with the lines that lead to it."""
        answer = "" if self.answer in self.working else _cell(row, self.answer)
        lines = _first(row, self.working)
        yield Given(self.owner(row), _first(row, self.ids), answer, lines)

    def explain(self, row: Sequence[str], spilled: int) -> Iterator[Flawed]:
        """The cells in the middle are taken for the answer."""
        end = self.answer + spilled + 1
        answer = ",".join(row[self.answer : end])
        whole = [*row[: self.answer], answer, *row[end:]]
        member, name = self.owner(whole), _first(whole, self.ids)
        yield Flawed(member, name, answer, problem="more_cells")


class MemberPerRow(Owned, frozen=True, kw_only=True):
    """A row for each member; `columns` are places and the ids they hold."""

    columns: tuple[tuple[int, str], ...]

    def places(self) -> tuple[int, ...]:
        """Every column of answers."""
        return tuple(place for place, _ in self.columns)

    def answers(self, row: Sequence[str]) -> Iterator[Given]:
        """Those of one member."""
        member = self.owner(row)
        yield from (Given(member, name, row[p]) for p, name in self.columns if p < len(row))

    def explain(self, row: Sequence[str], spilled: int) -> Iterator[Flawed]:
        """Nobody can tell which cells belong together: one line about the whole row."""
        del spilled
        own = {*self.member, *self.code}
        rest = ",".join(cell for i, cell in enumerate(row) if i not in own)
        yield Flawed(self.owner(row), "", rest, problem="more_cells")


class MemberPerColumn(Layout, frozen=True, kw_only=True):
    """A row for each id; `columns` are places and the members they belong to."""

    ids: tuple[int, ...]
    columns: tuple[tuple[int, str], ...]

    def places(self) -> tuple[int, ...]:
        """Every column of answers."""
        return tuple(place for place, _ in self.columns)

    def answers(self, row: Sequence[str]) -> Iterator[Given]:
        """Those of all members to one id."""
        name = _first(row, self.ids)
        yield from (Given(member, name, row[p]) for p, member in self.columns if p < len(row))

    def explain(self, row: Sequence[str], spilled: int) -> Iterator[Flawed]:
        """Nobody can tell whose cells these are, so it costs each member this id."""
        del spilled
        rest = ",".join(cell for i, cell in enumerate(row) if i not in self.ids)
        for _, member in self.columns:
            yield Flawed(member, _first(row, self.ids), rest, problem="more_cells")


def find_layout(header: Sequence[str], below: Sequence[str], ids: Ids) -> Layout | None:
    """The layout of a table by its header and the first row below it; None if it is none.

    Raises SpecError for two columns of one name.
    """
    titles = _Titles(header)
    if titles.cells < 2:  # noqa: PLR2004  one column holds no answers to something
        return None
    layout = _one_per_row(titles) or _by_member(titles, below, ids)
    if layout is not None:
        titles.refuse_twice()
    return layout


class _Titles:
    """The titles of a header, sorted by what they may mean."""

    def __init__(self, header: Sequence[str]) -> None:
        titles = ["" if is_origin(cell) else cell.strip() for cell in header]
        self.named = {place: title for place, title in enumerate(titles) if title}
        words = {place: _fold(title) for place, title in self.named.items()}
        self.member = tuple(place for place, word in words.items() if word in MEMBER)
        self.code = tuple(place for place, word in words.items() if word in CODE)
        self.ids = tuple(
            place for kind in (ID, NUMBER) for place, word in words.items() if word in kind
        )
        self.answer = tuple(place for place, word in words.items() if word in ANSWER)
        self.working = tuple(place for place, word in words.items() if word in WORKING)
        known = {*self.member, *self.code, *self.ids, *self.working}
        self.others = {p: title for p, title in self.named.items() if p not in known}
        self.cells = len(header)
        self.end = max(self.named, default=-1) + 1

    def refuse_twice(self) -> None:
        for title, count in Counter(map(_fold, self.named.values())).items():
            if count > 1:
                raise SpecError("line 1", f"two columns are called {excerpt(title)}; keep one")


def _one_per_row(titles: _Titles) -> Layout | None:
    answer = titles.answer or titles.working
    if not answer or not titles.ids:
        return None
    return OnePerRow(
        cells=titles.cells,
        named=titles.end,
        member=titles.member,
        code=titles.code,
        ids=titles.ids,
        answer=answer[0],
        working=titles.working,
    )


def _by_member(titles: _Titles, below: Sequence[str], ids: Ids) -> Layout | None:
    """The layouts in which the other titles are ids, or members."""
    downwards = _names_id(below, ids)
    known = {p: title for p, title in titles.others.items() if ids.find(title)}
    first = (0,) if 0 not in known else ()
    own = titles.member or titles.code
    if known and (own or (first and not downwards)):
        return _member_per_row(titles, titles.member or (() if own else first), ids)
    rows = titles.ids or (first if downwards else ())
    members = {p: title for p, title in titles.named.items() if p not in rows}
    misspelt = any(get_close_matches(_fold(t), ANSWER, 1, LIKE) for t in members.values())
    if not rows or not members or misspelt or set(titles.member) - set(rows):
        return None
    return MemberPerColumn(
        cells=titles.cells, named=titles.end, ids=rows, columns=tuple(members.items())
    )


def _member_per_row(titles: _Titles, member: tuple[int, ...], ids: Ids) -> Layout:
    """Titles that are no id, and like none, are left out: the time, a remark."""
    others = {p: title for p, title in titles.others.items() if p not in member}
    if sum(ids.find(title) is None for title in others.values()) > STRANGE:
        raise SpecError("line 1", f"more than {STRANGE} columns name no id of this exercise")
    columns = {p: title for p, title in others.items() if ids.find(title) or ids.is_near(title)}
    return MemberPerRow(
        cells=titles.cells,
        named=titles.end,
        left_out=tuple(title for p, title in others.items() if p not in columns),
        member=member,
        code=titles.code,
        columns=tuple(columns.items()),
    )


def _names_id(below: Sequence[str], ids: Ids) -> bool:
    """Whether a row begins with an id that is no bare number."""
    start = _cell(below, 0)
    return any(c.isalpha() for c in start) and ids.find(start) is not None


def _fold(title: str) -> str:
    return unicodedata.normalize("NFKC", title).strip().casefold()


def _cell(row: Sequence[str], place: int) -> str:
    return row[place] if place < len(row) else ""


def _first(row: Sequence[str], places: Sequence[int]) -> str:
    """The first of some cells that holds something."""
    return next((text for p in places if (text := _cell(row, p).strip())), "")


def _join(row: Sequence[str], places: Sequence[int]) -> str | None:
    """What names a member, from one column or several; None where there is no column."""
    if not places:
        return None
    return " ".join(text for p in places if (text := _cell(row, p).strip()))
