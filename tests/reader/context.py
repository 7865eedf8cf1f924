"""What is known while a page is read: true values, printed values, names of the page itself."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

from mpmath import mpf

from evaluate import evaluate
from matrices import matrix, slopes_of
from model import Model
from rounding import shown
from tape import Node, val
from tokens import Unread


@dataclass(frozen=True)
class Finding:
    """A line that says something that is not so: its kind by name, where, why."""

    kind: str
    line: int
    text: str
    why: str = ""

    def __str__(self) -> str:
        return f"{self.kind} at line {self.line}: {self.why} | {self.text.strip()[:300]}"


@dataclass
class Context:
    """One page and its exercise."""

    model: Model
    decimals: int
    stepwise: bool
    printed: dict[str, str] = field(default_factory=dict)
    definitions: dict[str, tuple] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    unread: list[Finding] = field(default_factory=list)
    lines: int = 0
    numbers: int = 0
    assumed: int = 0
    formulas: dict[str, list[tuple]] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    language: str = "en"
    sections: int = 0
    layers_seen: int = 0
    update: int = 1
    presentations: dict[tuple, int] = field(default_factory=dict)
    epoch_mistakes: list[str] = field(default_factory=list)
    signals: dict[str, str] = field(default_factory=dict)
    appendix: bool = False
    carried: list = field(default_factory=list)
    condition: tuple | None = None
    stands: tuple | None = None

    def report(self, kind: str, line: int, text: str, why: str = "") -> None:
        self.findings.append(Finding(kind, line, text, why))

    def give_up(self, line: int, text: str, why: str) -> None:
        self.unread.append(Finding("unread", line, text, why))

    def is_unknown(self, key: str) -> bool:
        """A name of the kind that an exercise gives its quantities, which this one has not."""
        own = re.match(r"[qzhoWbE]\d|[abzWE]\(\d", key) or "trees" in self.model.facts
        several = f"{key},s1" in self.model.nodes
        if key in self.model.facts.get("free", ()):
            return False
        return bool(own) and not self.appendix and not several and self.model.lookup(key) is None

    def relu_twin(self) -> Model:
        """The same network with ReLU in its hidden layers."""
        return self.model.facts["twin"]()

    def expected(self, key: str) -> set[str]:
        """The texts that may stand for a name: as printed before, as typed, or as rounded."""
        if key in self.printed:
            return {self.printed[key]}
        node = self.model.lookup(key)
        if node is None:
            return set()
        typed = {self.model.typed[key]} if key in self.model.typed else set()
        return typed or ({shown(node.value, self.decimals)} if not self.stepwise else set())

    def note_printed(self, key: str, text: str, line: int, raw: str) -> None:
        before = self.printed.setdefault(key, text)
        if before != text:
            self.report("two-texts-one-value", line, raw, f"{key}: {before} and {text}")


FREE = {"z", "u", "v", "a", "s", "S", "c", "x", "l", "t", "r"}


class Look:
    """Finds the value of a name; `seed` chooses where free names stand."""

    def __init__(self, context: Context, seed: int = 0, *, printed: bool = False) -> None:
        self.context, self.seed, self.by_print = context, seed, printed
        self.overrides: dict[str, object] = {}
        self.free: set[str] = set()

    def override(self, key: str, node: Node) -> Look:
        other = Look(self.context, self.seed, printed=self.by_print)
        other.overrides = {**self.overrides, key: node}
        other.free = self.free
        return other

    def __call__(self, key: str):
        if key in self.overrides:
            return self.overrides[key]
        context = self.context
        if context.appendix and self.is_free(key):
            return self.random(key)
        if context.appendix and key == "s" and context.stands:
            return evaluate(context.stands, self)
        if self.by_print and key in context.printed:
            return mpf(context.printed[key])
        node = context.model.lookup(key)
        if node is not None:
            return node.value
        found = matrix(context.model, key)
        if found is not None:
            return found
        if key in context.definitions:
            return evaluate(context.definitions[key], self)
        if key.startswith("d("):
            raise Unread(f"no such quantity: {key}")
        return self.random(key)

    def slopes(self, tree: tuple):
        layer, step = re.search(r"\((\d+)\)(.*)$", tree[1]).groups()
        return slopes_of(self.context.model, int(layer), step)

    def step(self, z) -> mpf:
        facts, z = self.context.model.facts, val(z)
        if abs(z) < mpf(10) ** -380:
            return facts["at_zero"]
        return mpf(1) if z > 0 else facts["low"]

    def is_free(self, key: str) -> bool:
        if key == "s":
            return self.context.stands is None
        plain = key in {"z", "u", "v", "a", "c", "l"} or (key[:1] == "u" and key[1:].isdigit())
        return plain and key not in self.overrides

    def random(self, key: str) -> mpf:
        self.free.add(key)
        draw = random.Random(f"{key} {self.seed}")  # noqa: S311 - a point to test at
        if self.seed > 2:  # where cases meet: all names alike, or all 0
            return mpf("0.7") if self.seed == 3 else mpf(0)
        low, high = ((0.2, 1.4), (-1.6, -0.2), (-1.5, 1.5))[self.seed]
        return mpf(str(round(draw.uniform(low, high), 6)))
