"""What the checker says about an answer, as data."""

from __future__ import annotations

from typing import Literal

import msgspec

Verdict = Literal[
    "correct",
    "rounded",
    "carried",
    "misconception",
    "wrong",
    "unreadable",
    "blank",
]
RIGHT: tuple[Verdict, ...] = ("correct", "rounded")
FAULTY: tuple[Verdict, ...] = ("wrong", "misconception")
"""Verdicts that start an error; `carried` only hands one on."""


class Remark(msgspec.Struct, frozen=True):
    """One sentence to say: its key in the words of the checker, and what fills its slots."""

    key: str
    slots: dict[str, str] = {}


class Judgement(msgspec.Struct, frozen=True):
    """The verdict on one answer; `misconceptions` in the order of the catalogue."""

    verdict: Verdict
    misconceptions: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()


CORRECT, WRONG = Judgement("correct"), Judgement("wrong")
"""Verdicts about which there is no more to say."""


class Result(msgspec.Struct, frozen=True):
    """A judged answer of one member.

    `id` is the canonical id where the typed one was understood. `first_error`
    is the earliest step of the member's own that is wrong and that this answer
    needs, None where there is none.
    """

    student: str | None
    id: str
    answer: str
    judgement: Judgement
    first_error: str | None = None

    @property
    def verdict(self) -> Verdict:
        """The verdict's word."""
        return self.judgement.verdict
