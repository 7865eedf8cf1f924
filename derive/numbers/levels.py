"""Values at one precision, each computed once and kept where it is needed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from derive import limits
from derive.algebra.expressions import Cases, Pick, has_node
from derive.derivation.steps import Step
from derive.numbers.balls import Undecided, Value

if TYPE_CHECKING:
    from derive.numbers.numbers import Numbers


class Missing(Exception):  # noqa: N818  control flow between lookup and value
    """Raised for an id whose value has to be computed first."""

    def __init__(self, name: str) -> None:
        """Name it."""
        self.name = name


class Level:
    """All values that are known at one precision, by id."""

    def __init__(self, numbers: Numbers, bits: int) -> None:
        self.numbers = numbers
        self.bits = bits
        self.values: dict[str, Value] = {}
        self._recent: dict[str, Value] = {}

    def value(self, name: str) -> Value:
        """The value of an id; what it needs is computed first, without recursion."""
        try:
            return self.look_up(name)
        except Missing:
            waiting = [name]
        while True:
            step = self.numbers.step(waiting[-1])
            try:
                value = self.compute(step)
            except Missing as missing:
                waiting += self._list_missing(step) or [missing.name]
                continue
            waiting.pop()
            if not waiting:
                return value

    def _list_missing(self, step: Step) -> list[str]:
        """All that a formula waits for, the last first; nothing where it takes one of several.

        A long sum would else be tried anew for each of its terms.
        """
        assert step.expr is not None
        if has_node(step.expr, Cases) or has_node(step.expr, Pick):
            return []
        missing = []
        for name in reversed(step.uses):
            try:
                self.look_up(name)
            except Missing as found:
                missing.append(found.name)
            except Undecided:
                continue
        return missing

    def compute(self, step: Step) -> Value:
        """The value of a step; values needed again are kept, those of connections are not."""
        known = self.values.get(step.id)
        if known is not None:
            return known
        value = self.numbers.compute(step, self.look_up)
        self._keep(step, value)
        return value

    def copy(self, step: Step, source: Step) -> None:
        """Where the value of `source` is known, keep it for its copy `step` as well."""
        value = self.values.get(source.id)
        if value is not None:
            self._keep(step, value)

    def _keep(self, step: Step, value: Value) -> None:
        if not self.numbers.is_used_once(step):
            self.values[step.id] = value
            return
        if len(self._recent) >= limits.RECENT:
            self._recent.clear()
        self._recent[step.id] = value

    def look_up(self, name: str) -> Value:
        """The value of an id if it is at hand, or follows from values at hand."""
        value = self.values.get(name)
        if value is not None:
            return value
        value = self._recent.get(name)
        if value is not None:
            return value
        value = self.numbers.read_given(name)
        if value is not None:
            self.values[name] = value
            return value
        step = self.numbers.step(name)
        if self.numbers.is_used_once(step):
            return self.compute(step)
        raise Missing(name)
