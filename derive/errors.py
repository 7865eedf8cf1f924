"""Errors by who must act: the author of a spec, the learner, or us.

DeriveError
├── SpecError      the author of a spec (or the caller of a command) can mend it
├── AnswerError    a learner's answer cannot be read
└── InternalError  a defect of derive itself
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches


class DeriveError(Exception):
    """Base of every error that derive raises on purpose."""


class SpecError(DeriveError):
    """Bad input from an author: a place, what is wrong, what would be right.

    `place` is the key path inside the input, counted from 1
    (`layers[1].weights`), empty where the whole input is meant.
    """

    def __init__(self, place: str, problem: str) -> None:
        """Keep the place apart from the problem, so that a caller can add the file."""
        super().__init__(f"{place}: {problem}" if place else problem)
        self.place = place
        self.problem = problem

    def __reduce__(self) -> tuple[type[SpecError], tuple[str, str]]:
        """How it goes from a worker process to the one that asked."""
        return type(self), (self.place, self.problem)


class AnswerError(DeriveError):
    """An answer that cannot be read; the message tells the learner why."""


class InternalError(DeriveError):
    """A taught line that is wrong or not confirmed, or a broken invariant of ours."""


LISTED = 20
"""Names of what is known that a message has room for."""


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean X?`, or the list of what is known when nothing is near."""
    options = list(known)
    close = get_close_matches(word, options, n=1, cutoff=0.6)
    if close:
        return f"; did you mean {excerpt(close[0])}?"
    shown = ", ".join(excerpt(option) for option in options[:LISTED])
    shown += f" and {len(options) - LISTED} more" if len(options) > LISTED else ""
    return f"; known: {shown}" if shown else ""


def unknown(place: str, what: str, name: str, known: Iterable[str]) -> SpecError:
    """The error of a name that is not known, with the nearest one."""
    shown = excerpt(name) or "''"
    return SpecError(place, f"unknown {what} {shown}{nearest(name, known)}")


def check_known(place: str, what: str, name: str, known: Collection[str]) -> None:
    """Raise SpecError for a name that is not known."""
    if name not in known:
        raise unknown(place, what, name, known)


def check_list(place: str, what: str, text: str, known: Collection[str]) -> list[str]:
    """`md,tex` as names, each once; raises SpecError where there is none or one is unknown."""
    names = read_list(text)
    for name in names or [""]:
        check_known(place, what, name, known)
    return names


def read_list(text: str) -> list[str]:
    """`W5, W1` as names, each once."""
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def counted(count: int, noun: str) -> str:
    """A count with its noun: `1 number`, `2 numbers`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def spell(value: object) -> str:
    """An untrusted value as text; an integer too long for Python to write is told so."""
    try:
        return str(value)
    except ValueError:
        return "a number of thousands of digits"


def excerpt(text: str, width: int = 40) -> str:
    """A short, printable, one-line form of untrusted text for a message."""
    clean = "".join(c if c.isprintable() else "?" for c in text[: width + 1])
    return clean[:width] + "..." if len(clean) > width else clean
