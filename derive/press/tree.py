"""What follows from the answers to questions, found again by asking the same questions."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any, Generic, TypeVar

import msgspec

Subject = TypeVar("Subject")
Question = TypeVar("Question", bound=Hashable)
Leaf = TypeVar("Leaf")
Ask = Callable[[Subject], Hashable]
"""The answers of a subject to some questions, all at once."""


class _Node(msgspec.Struct, Generic[Subject, Question]):
    asked: tuple[Question, ...]
    ask: Ask[Subject]
    branches: dict[Hashable, Any]


class Tree(Generic[Subject, Question, Leaf]):
    """Leaves by answers. Who makes a leaf tells which questions it has depended on.

    Which question is the next one may depend on the answers before it, as in any program;
    so a leaf is reached by the questions that were asked when it was made, and maybe by
    others. `most` leaves are kept; then all are forgotten, and made again when they are
    needed.
    """

    def __init__(self, prepare: Callable[[tuple[Question, ...]], Ask[Subject]], most: int) -> None:
        """`prepare` makes of questions what asks them."""
        self._prepare = prepare
        self._most = most
        self._root: _Node[Subject, Question] | None = None
        self._count = 0

    def find(self, subject: Subject) -> Leaf | None:
        """The leaf of a subject's answers, if it was made."""
        found: Any = self._root
        while type(found) is _Node:
            found = found.branches.get(found.ask(subject))
        leaf: Leaf | None = found
        return leaf

    def add(self, subject: Subject, asked: Iterable[Question], leaf: Leaf) -> None:
        """Keep a leaf that was made for a subject, whose answers decided it."""
        if self._count >= self._most:
            self._root, self._count = None, 0
        self._count += 1
        rest = dict.fromkeys(asked)
        if self._root is None:
            self._root = self._make_node(rest)
        node = self._root
        while True:
            for question in node.asked:
                rest.pop(question, None)
            answers = node.ask(subject)
            below = node.branches.get(answers)
            if type(below) is not _Node:
                break
            node = below
        if rest:
            below = self._make_node(rest)
            node.branches[answers] = below
            node, answers = below, below.ask(subject)
        node.branches[answers] = leaf

    def _make_node(self, questions: Iterable[Question]) -> _Node[Subject, Question]:
        asked = tuple(questions)
        return _Node(asked, self._prepare(asked), {})
