"""A worksheet as questions: what is asked, what is known, which numbers earn marks. No words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from derive.algebra.expressions import Call, Expr, Name, Neg, Num, names, walk
from derive.algebra.rules import row_text
from derive.checking.exercise import Exercise
from derive.checking.targets import Target, Targets
from derive.courses.accepting import Accepted, list_accepted
from derive.derivation.steps import Step
from derive.errors import SpecError
from derive.numbers import rounding
from derive.ops import FUNCTIONS
from derive.pages import Level, Worksheet
from derive.pages.choosing import Choice
from derive.pages.document import Part, Row
from derive.pages.writing import Writer
from derive.render.filling import Filler
from derive.spec import Spec

GUARD = 4
"""Decimals of a known number behind those of the sheet: its last digit comes out of them."""


class Question(msgspec.Struct, frozen=True):
    """One blank of a sheet, with all that a learner needs to fill it.

    `formula` is the line of the sheet (none at level blank, and none that is the answer
    itself), `functions` define what it calls, `known` are numbers such as x1 = 0.1.
    """

    spec: Spec
    number: int
    id: str
    formula: Row | None
    functions: tuple[Row, ...]
    known: tuple[Row, ...]
    shown: str
    accepted: tuple[Accepted, ...]


class Group(msgspec.Struct, frozen=True):
    """The questions for one id, one of each worksheet that asks for it."""

    number: int
    id: str
    questions: tuple[Question, ...]


class Quiz(msgspec.Struct, frozen=True):
    """The questions of one worksheet, or of several of which each learner gets one by chance."""

    specs: tuple[Spec, ...]
    groups: tuple[Group, ...]

    @property
    def several(self) -> bool:
        """Whether there is something to choose from."""
        return len(self.specs) > 1


def make_quiz(sheets: Sequence[Worksheet], level: Level, choice: Choice, *, alone: bool) -> Quiz:
    """The blanks of some worksheets at a level as questions, in the order of the first sheet.

    Where a question stands `alone`, or is chosen by chance, the numbers before it are told
    with it; else those that the quiz asks for are left out. Raises SpecError where there
    is no blank.
    """
    groups: dict[str, list[Question]] = {}
    for sheet in sheets:
        for question in _list_questions(sheet, level, choice, alone=alone or len(sheets) > 1):
            groups.setdefault(question.id, []).append(question)
    if not groups:
        raise SpecError("--level", "there are no blanks to ask for; take guided or blank")
    specs = tuple(sheet.spec for sheet in sheets)
    rows = (Group(row[0].number, name, tuple(row)) for name, row in groups.items())
    return Quiz(specs, tuple(rows))


def _list_questions(
    sheet: Worksheet, level: Level, choice: Choice, *, alone: bool
) -> Iterator[Question]:
    asked = sheet.asked(sheet.document(level, choice=choice))
    hidden = frozenset() if alone else frozenset(step.id for step in asked.values())
    maker = _Maker(sheet, hidden, formulas=level != "blank")
    return (maker.make(number, step) for number, step in asked.items())


class _Maker:
    """Makes the questions of one sheet."""

    def __init__(self, sheet: Worksheet, hidden: frozenset[str], *, formulas: bool) -> None:
        """`hidden` are the ids whose numbers are not told."""
        self._sheet, self._hidden, self._formulas = sheet, hidden, formulas
        self._targets = Targets(Exercise(sheet.numbers))
        self._writer, self._filler = Writer(sheet.numbers), Filler(sheet.numbers)

    def make(self, number: int, step: Step) -> Question:
        """The question for a step by the number of its blank."""
        target = self._targets[step.id]
        left, expr = self._find_basis(step)
        line = self._writer.symbols(expr)[:1] if self._formulas and not _is_copy(expr) else []
        return Question(
            spec=self._sheet.spec,
            number=number,
            id=step.id,
            formula=Row(Name(left), tuple(line)) if line else None,
            functions=tuple(_define_functions(expr)),
            known=tuple(self._tell(name) for name in names(expr) if name not in self._hidden),
            shown=target.text,
            accepted=list_accepted(target),
        )

    def _find_basis(self, step: Step) -> tuple[str, Expr]:
        """What a step is worked out from, and its formula.

        The formula of a local derivative is that of the quantity differentiated where its
        own is nothing but the answer.
        """
        assert step.expr is not None
        whole = self._sheet.graph.quantities.get(step.of)
        if step.kind != "local" or not _is_copy(step.expr) or whole is None or whole.expr is None:
            return step.id, step.expr
        rename = self._sheet.derivation.rename_ids
        return str(names(rename(Name(step.of), step.updates))[0]), rename(whole.expr, step.updates)

    def _tell(self, name: str) -> Row:
        """A known number, with more digits than the sheet prints where it is rounded there.

        A number that is the answer to another question is told by the name of that.
        """
        answer = self._find_answer(name)
        if answer is not None:
            return Row(Name(name), (Part("=", answer),))
        row = Row(Name(name), (self._writer.value(name),))
        (part,) = self._filler.row(row).parts
        target = self._targets[name]
        if part.relation == "=" or target.stepwise:
            return Row(Name(name), (part,))
        return Row(Name(name), (Part("≈", Num(_write_finer(target))),))

    def _find_answer(self, name: str) -> Expr | None:
        """The hidden id, or its negative, that a number is nothing but a copy of."""
        expr = self._sheet.numbers.step(name).expr
        inner = expr.arg if isinstance(expr, Neg) else expr
        if isinstance(inner, Name) and inner.id in self._hidden:
            return expr
        return self._find_answer(expr.id) if isinstance(expr, Name) else None


def _write_finer(target: Target) -> str:
    places = target.places + GUARD
    number = target.round_to(target.value, places)
    return rounding.write_fixed(int((number * rounding.power_of_ten(places)).p), places)


def _is_copy(expr: Expr) -> bool:
    """Whether a formula is a name or number alone: it would tell the answer."""
    inner = expr.arg if isinstance(expr, Neg) else expr
    return isinstance(inner, Name | Num)


def _define_functions(expr: Expr) -> Iterator[Row]:
    """The functions that a formula calls, each once, and those that they are made of."""
    told: dict[str, Row] = {}
    waiting = [expr]
    while waiting:
        for node in walk(waiting.pop()):
            row = FUNCTIONS[node.function].take(len(node.args)) if type(node) is Call else None
            if row is not None and row.definition and row.name not in told:
                definition = row_text(row.definition)
                left = Call(row.name, tuple(map(Name, row.parameters)))
                told[row.name] = Row(left, (Part("=", definition),))
                waiting.append(definition)
    yield from told.values()
