"""What is the same for an exercise whatever its given numbers are: kept once for a whole class."""

from __future__ import annotations

from typing import Any

from derive.algebra.expressions import Call, Cases, Expr, Pick, walk
from derive.derivation.steps import Step
from derive.numbers.balls import BALLS
from derive.numbers.compiling import Remembered
from derive.ops import FUNCTIONS


class Structure:
    """Steps, and what else has been found out about the ids of an exercise.

    `plans` are by a mistake's rule how each id is computed with it, `affected` the asked
    ids that it changes. Where an exercise
    `is_branched`, a mistake's formula may depend on numbers, and nothing is shared.
    """

    def __init__(self) -> None:
        """Nothing is known."""
        self.order: dict[str, int] = {}
        self.steps: dict[str, Step | None] = {}
        self.uses: dict[str, tuple[str, ...]] = {}
        self.kinds: dict[str, str] = {}
        self.pairs: dict[str, tuple[str, str] | None] = {}
        self.needed: dict[str, frozenset[str]] = {}
        self.plans: dict[Any, dict[str, Any]] = {}
        self.affected: dict[Any, frozenset[str]] = {}
        self.evaluate = Remembered(BALLS).evaluate


def is_branched(expr: Expr) -> bool:
    """Whether a formula has cases, or calls a function that is defined by cases."""
    for node in walk(expr):
        if isinstance(node, Cases | Pick):
            return True
        if isinstance(node, Call):
            row = FUNCTIONS[node.function]
            texts = (row.definition or "", *row.slopes)
            if any("cases(" in text or "kink(" in text for text in texts):
                return True
    return False
