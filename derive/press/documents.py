"""Documents that are the same for many sheets, but for their digits.

Making a document asks numbers a few questions: which branch a formula takes, whether a number
is exact. Sheets that answer alike have the same document. Whether it holds anything else of
one sheet is found by making it again for another one, each of them once at least, and until
every number that varies has differed between two sheets with equal documents.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from copy import copy
from typing import Any, TypeVar

import msgspec

from derive.algebra.expressions import Expr
from derive.derivation.steps import Step
from derive.numbers import Answer, Back, Numbers, Settled, Shown, may_be_corner
from derive.numbers.balls import Value
from derive.numbers.levels import Level
from derive.numbers.rounding import Change
from derive.pages import Worksheet
from derive.pages.document import Document
from derive.press.tree import Tree

Question = tuple[str, ...]
"""The name of a method of `Numbers`, and the ids that it is asked about."""
T = TypeVar("T")
Found = tuple[Document, bool]
"""A document, and whether it is the same object for other sheets."""
KEPT = 200
"""Documents of one level that are kept."""


class Overheard(Numbers):
    """Numbers of a sheet that keep what was asked of them; whether any digit was read."""

    def __init__(self, numbers: Numbers) -> None:
        """Nothing was asked."""
        self._numbers = numbers
        self.derivation = numbers.derivation
        self.decimals = numbers.decimals
        self.stepwise = numbers.stepwise
        self.bits = numbers.bits
        self.asked: dict[Question, None] = {}
        self.digits_read = False

    def _hear(self, *question: str) -> Any:  # noqa: ANN401  as the method
        self.asked[question] = None
        return getattr(self._numbers, question[0])(*question[1:])

    def _read(self) -> Numbers:
        self.digits_read = True
        return self._numbers

    def step(self, name: str) -> Step:
        """The same for all sheets."""
        return self._numbers.step(name)

    def require(self, name: str) -> None:
        """Of a sheet that is printed every id has a value."""
        self._numbers.require(name)

    def is_used_once(self, step: Step) -> bool:
        """The same for all sheets."""
        return self._numbers.is_used_once(step)

    def is_exact(self, name: str) -> bool:
        """A question."""
        return bool(self._hear("is_exact", name))

    def is_zero(self, name: str) -> bool:
        """A question."""
        return bool(self._hear("is_zero", name))

    def count_characters(self, name: str) -> int:
        """A question."""
        return int(self._hear("count_characters", name))

    def compare(self, old: str, new: str) -> Change:
        """A question."""
        change: Change = self._hear("compare", old, new)
        return change

    def gives_away(self, name: str, other: str) -> bool:
        """A question."""
        return bool(self._hear("gives_away", name, other))

    def settle(self, name: str) -> Settled:
        """A question, where the formula has cases."""
        return self.settle_cases(self.step(name))

    def settle_cases(self, step: Step) -> Settled:
        """A question, where the formula has cases."""
        if step.expr is not None and may_be_corner(step.expr):
            self.asked["settle", step.id] = None
        return self._numbers.settle_cases(step)

    def value(self, name: str) -> Value:
        """Digits."""
        return self._read().value(name)

    def answer(self, step: Step) -> Answer:
        """Digits."""
        return self._read().answer(step)

    def shown(self, name: str) -> Shown:
        """Digits."""
        return self._read().shown(name)

    def work_back(self, numbers: Expr, name: str) -> Back:
        """Digits."""
        return self._read().work_back(numbers, name)

    def read_given(self, name: str) -> Value | None:
        """Digits."""
        return self._read().read_given(name)

    def compute(self, step: Step, lookup: Callable[[str], Value]) -> Value:
        """Digits."""
        return self._read().compute(step, lookup)

    def decide(self, name: str, ask: Callable[[Value], T], step: Step | None = None) -> T:
        """Digits."""
        return self._read().decide(name, ask, step)

    def raise_precision(self, name: str, ask: Callable[[Level], T]) -> T:
        """Digits."""
        return self._read().raise_precision(name, ask)


def prepare(asked: tuple[Question, ...]) -> Callable[[Numbers], Hashable]:
    """What asks a sheet's numbers some questions."""
    exact = [names[0] for kind, *names in asked if kind == "is_exact"]
    others = [question for question in asked if question[0] != "is_exact"]

    def ask(numbers: Numbers) -> Hashable:
        return (
            *[numbers.shown(name).exact for name in exact],
            *[getattr(numbers, kind)(*names) for kind, *names in others],
        )

    return ask


class Shared(msgspec.Struct):
    """A document, and the numbers that it was made for.

    It is `alike` for sheets with the same answers, as far as is seen; `compared` once or more.
    """

    document: Document
    texts: tuple[str, ...]
    alike: bool
    compared: bool = False


class Documents:
    """The documents of one kind and level, for the numbers of any sheet."""

    def __init__(self, make: Callable[[Worksheet], Document], varying: tuple[bool, ...]) -> None:
        """`make` makes the document; `varying` says which numbers can differ at all."""
        self._make = make
        self._differed = [not varies for varies in varying]
        self._tree: Tree[Numbers, Question, Shared] = Tree(prepare, KEPT)

    def find(
        self, numbers: Numbers, texts: tuple[str, ...], open_sheet: Callable[[], Worksheet]
    ) -> Found:
        """The document of a sheet; `texts` are its numbers, `open_sheet` derives it anew."""
        shared = self._tree.find(numbers)
        if shared is not None and shared.alike and shared.compared and all(self._differed):
            return shared.document, True
        sheet = copy(open_sheet())
        heard = Overheard(sheet.numbers)
        sheet.numbers = heard
        document = self._make(sheet)
        if shared is None:
            shared = Shared(document, texts, alike=not heard.digits_read)
            self._tree.add(numbers, heard.asked, shared)
            return document, shared.alike
        if shared.alike and document == shared.document:
            shared.compared = True
            for place, (own, first) in enumerate(zip(texts, shared.texts, strict=True)):
                self._differed[place] |= own != first
            return shared.document, True
        shared.alike = False
        return document, False
