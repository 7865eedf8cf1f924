"""Where on this sheet a known mistake sits, and what helps with a step."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from derive.algebra.expressions import Call, Expr, Num, substitute, transform
from derive.algebra.grammar import to_text
from derive.algebra.rules import drop_conventions
from derive.checking.counterfactuals import Counterfactual
from derive.checking.exercise import AHEAD, Exercise
from derive.checking.misconceptions import Misconception
from derive.checking.targets import list_ids
from derive.checking.verdicts import Judgement, Remark
from derive.derivation.steps import Step

HINTS = 3
"""Hints of growing help: what the step needs, its formula, the formula with numbers."""

WITHOUT_NEEDS = ("unit", "none", "given")
"""Kinds of steps whose first hint names nothing that is needed."""


class Place(NamedTuple):
    """A step that a mistake changes: its id, its formula, and the wrong one."""

    id: str
    right: str
    wrong: str


def _tell(
    name: str, rows: Iterable[Misconception], places: Mapping[Misconception, Place | None]
) -> tuple[Remark, ...]:
    """A remark for each mistake; formulas that differ in a convention alone are not shown."""
    first: dict[str, Misconception] = {}
    for row in rows:
        first.setdefault(row.id, row)
    told = []
    for key, row in first.items():
        look, right, wrong = places[row] or Place(name, "", "")
        shown = {} if right != wrong else {"right": "", "wrong": ""}
        slots = {"here": name, "look": look, "right": right, "wrong": wrong, **shown}
        told.append(Remark(f"mistake.{key}", slots))
    return tuple(told)


class Explainer:
    """Finds the step to look at again."""

    def __init__(self, exercise: Exercise) -> None:
        """Look at nothing yet."""
        self.exercise = exercise
        self._needed: tuple[str, list[str]] | None = None

    def judge(
        self,
        name: str,
        rows: tuple[Misconception, ...],
        right: Collection[str] = (),
        alone: Collection[Misconception] = (),
    ) -> Judgement:
        """The verdict that known mistakes lead to an answer, each with its step on this sheet.

        At steps that are answered `right` no mistake was made: one that changes no other
        step is left out, as long as others remain. Those `alone` lead to the answer where
        they are made in its own step and nowhere before.
        """
        rows = self._keep_made_here(name, rows)
        places = {row: self.find_place(name, row, right, here=row in alone) for row in rows}
        made = tuple(row for row in rows if places[row] is not None)
        if not made:
            return Judgement("misconception", list_ids(rows), self.explain(name, rows))
        return Judgement("misconception", list_ids(made), _tell(name, made, places))

    def _keep_made_here(
        self, name: str, rows: tuple[Misconception, ...]
    ) -> tuple[Misconception, ...]:
        """Of a perceptron's output and difference, the mistakes made in this very step.

        There are so few values that a slip long before hits them by chance.
        """
        step = self.exercise.step(name)
        if self.exercise.graph.presented is None or step is None or step.kind == "update":
            return rows
        made = tuple(row for row in rows if row.rewrite(step, self.exercise) is not None)
        return made or rows

    def explain(
        self, name: str, rows: Iterable[Misconception], *, here: bool = False
    ) -> tuple[Remark, ...]:
        """One remark for each mistake, its step and formulas filled in.

        The step is the first that the mistake changes, or the own one where it is made `here`.
        """
        rows = tuple(rows)
        places = {row: self.find_place(name, row, here=here) for row in rows}
        return _tell(name, rows, places)

    def find_place(
        self, name: str, row: Misconception, right: Collection[str] = (), *, here: bool = False
    ) -> Place | None:
        """The first step on the way to an id that a mistake changes, but for those `right`.

        Only the own step where the mistake is made `here`.
        """
        for used in (name,) if here else (*self.list_needed(name), name):
            step = None if used in right else self.exercise.step(used)
            wrong = row.rewrite(step, self.exercise) if step is not None else None
            if step is None or step.expr is None or wrong is None or wrong == step.expr:
                continue
            if self._shows(step, wrong):
                return Place(used, write_readable(step.expr), write_readable(wrong))
        return None

    def _shows(self, step: Step, wrong: Expr) -> bool:
        """Whether a wrong formula has another value here.

        Asked of a perceptron alone: there each step comes back with every sample,
        and most of them are the same after a mistake.
        """
        if self.exercise.graph.presented is None:
            return True
        value = Counterfactual(self.exercise).evaluate(wrong)
        return bool(value != self.exercise.numbers.value(step.id))

    def list_needed(self, name: str) -> list[str]:
        """Every asked id that an id is computed from, in the order of the key."""
        if self._needed is None or self._needed[0] != name:
            self._needed = (name, self._collect(name))
        return self._needed[1]

    def _collect(self, name: str) -> list[str]:
        order = self.exercise.order
        return sorted(self.exercise.list_needed(name) & order.keys(), key=order.__getitem__)

    def give_hint(self, name: str, level: int) -> Remark:
        """The first, second or third hint for an id; none of them says its value."""
        numbers = self.exercise.numbers
        step = numbers.step(name)
        formula = numbers.settle_cases(step).expr
        if level == 1:
            kind: str = step.kind if step.uses or step.kind in WITHOUT_NEEDS else "alone"
            if kind == "update" and self.exercise.graph.presented is not None:
                kind = "update_rule"
            return Remark(f"hint.{kind}", {"here": name, "uses": ", ".join(step.uses)})
        if level == 2:  # noqa: PLR2004
            return Remark("hint.formula", {"here": name, "formula": write_readable(formula)})
        shown = {used: Num(numbers.shown(used).text) for used in step.uses}
        return Remark(
            "hint.numbers", {"here": name, "formula": write_readable(substitute(formula, shown))}
        )


def write_readable(expr: Expr) -> str:
    """A formula as a person types it: ids without braces, a cross for products."""
    text = to_text(transform(expr, _drop)).replace("{", "").replace("}", "")
    return text.replace("*", " × ").replace(AHEAD, " ahead of layer ")  # noqa: RUF001


def _drop(node: Expr) -> Expr | None:
    """A call without the conventions in it; None for any other node, and for one without."""
    if not isinstance(node, Call):
        return None
    told = drop_conventions(node)
    return None if told is node else transform(told, _drop)
