"""What sheets of every kind share: levels, given numbers, updates, the check, proofs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from derive.algebra.expressions import (
    Call,
    Cases,
    Expr,
    Name,
    Num,
    cases,
    substitute,
    transform,
    walk,
)
from derive.algebra.lemmas import derivative, slope
from derive.algebra.rules import OUTPUT, row_text
from derive.derivation.steps import Step
from derive.numbers import Numbers
from derive.ops import FUNCTIONS, Function
from derive.pages import scenes
from derive.pages.document import (
    Block,
    Grid,
    Heading,
    Level,
    Lines,
    Part,
    Row,
    Say,
    Words,
    blank,
    cell,
)
from derive.pages.graphs import graph
from derive.pages.optimizers import optimizer_blocks
from derive.pages.picture import Scene, picture
from derive.pages.writing import Treatment, Writer

DEFINING = ("activation", "definition")
"""Kinds of quantities whose functions a page defines before it uses them."""
COMPACT = 5
"""Rows of given numbers in one line of a table."""


class Sheet:
    """The blocks that do not depend on the kind of exercise."""

    def __init__(self, numbers: Numbers, level: Level) -> None:
        """Keep what every block needs."""
        self.numbers = numbers
        self.derivation = numbers.derivation
        self.graph = numbers.derivation.graph
        self.spec = numbers.derivation.graph.spec
        self.level = level
        self.write = Writer(numbers)

    def treatment(self, *, first: bool, last: bool = False) -> Treatment:
        """How much of a step is shown at this sheet's level."""
        if self.level == "full":
            return "worked"
        if self.level == "blank":
            return "blank"
        return "worked" if first else "blank" if last else "symbols"

    def heading(self, key: str, **slots: Expr | Words | str) -> Heading:
        """A numbered part of the sheet."""
        return Heading(1, Words(f"heading.{key}", slots))

    def under(self, key: str, **slots: Expr | Words | str) -> Heading:
        """A part of a part."""
        return Heading(2, Words(f"heading.{key}", slots))

    def say(self, key: str, **slots: Expr | Words | str) -> Say:
        """A sentence."""
        return Say(Words(f"say.{key}", slots))

    def rounding(self) -> Say:
        """The sentence that says how numbers are rounded here."""
        return self.say(self.spec.rounding, decimals=str(self.spec.decimals))

    def equations(self, names: list[str]) -> Row:
        """Given numbers in a row: x1 = 0.1, x2 = 0.2."""
        parts: list[Part] = []
        for index, name in enumerate(names):
            relation, value = self.write.value(name)
            parts += [Part("," if index else "", Name(name)), Part(relation, value)]
        return Row(None, tuple(parts))

    def drawing(self) -> Iterator[Block]:
        """What feeds what."""
        yield picture(self.graph)

    def results(self, scene: Callable[[Numbers], Scene]) -> Iterator[Block]:
        """A drawing with numbers, where no answer is asked for."""
        if self.level == "full":
            yield picture(self.graph, scene(self.numbers))

    def given_table(self, groups: list[tuple[Words, list[str]]]) -> Grid:
        """Given numbers by group."""
        rows = [
            (words, self.equations(names[i : i + COMPACT]))
            for words, names in groups
            for i in range(0, len(names), COMPACT)
        ]
        columns = (Words("column.what"), Words("column.values"))
        return Grid(columns, tuple(rows))

    def steps(self, *names: str) -> list[Step]:
        """Steps by their ids."""
        return [self.write.step(name) for name in names]

    def update(self) -> Iterator[Block]:
        """The new parameters, all from the old ones."""
        found = [s for s in self.derivation.steps({"update"}) if s.updates == 1]
        if not found:
            return
        yield self.heading("update")
        if self.derivation.method is not None:
            yield from optimizer_blocks(self, self.derivation.method)
            return
        yield self.say("update_up" if self.derivation.ascends else "update")
        yield from self.leveled(found)

    def leveled(self, found: list[Step]) -> Iterator[Block]:
        """Steps of one kind: the first worked, the last one with its name only."""
        last = len(found) - 1
        yield from self.write.mixed(
            [
                (step, self.treatment(first=index == 0, last=index == last and last > 0))
                for index, step in enumerate(found)
            ]
        )

    def first_worked(self, found: list[Step], *, anew: bool = True) -> Iterator[Block]:
        """Steps of one kind in one block; the first is worked where the kind is new."""
        yield from self.write.mixed(
            [(step, self.treatment(first=index == 0 and anew)) for index, step in enumerate(found)]
        )

    def check(self) -> Iterator[Block]:
        """The forward pass with the new parameters, and what it did to the result."""
        updates = self.derivation.updates
        if not updates:
            return
        if updates > 1:
            yield from self.later_steps()
        yield self.heading("check")
        found = list(self.derivation.steps({"check"}))
        yield self.say("check" if found else "check_nothing")
        yield from self.write.block(found, self.treatment(first=False))
        if self.level == "full":
            yield self.compare()
        if updates == 1:
            yield from self.results(scenes.updated)

    def compare(self) -> Say:
        """The output before and after; equal only where both numbers are exact."""
        total = Name(self.graph.total)
        last = self.derivation.renamed(total, self.derivation.updates)
        assert isinstance(last, Name)
        old, new = self.numbers.shown(total.id), self.numbers.shown(last.id)
        change = Decimal(new.text).compare(Decimal(old.text))
        same = "equal" if old.exact and new.exact else "unseen"
        key = "lower" if change < 0 else "higher" if change > 0 else same
        slots = {"old": Num(old.text), "new": Num(new.text)}
        return self.say(f"result_{key}", quantity=total, **slots)

    def later_steps(self) -> Iterator[Block]:
        """Everything between the first update and the last check, as a table.

        Of the footnotes only those at kinks are due: a row has no operands.
        """
        yield self.heading("later")
        yield self.say("later")
        columns = (Words("column.quantity"), Words("column.value"))
        rows: list[tuple[Row, Row]] = []
        notes: list[Say] = []
        first = {step.id for step in self.derivation.backward(1)}
        for step in self.derivation.steps({"forward", "backward", "update"}):
            later = step.updates > 1 if step.stage == "update" else step.updates > 0
            if later or (step.stage == "backward" and step.id not in first):
                relation, value = self.write.value(step.id)
                shown = value if self.level == "full" else self.write.blank(step.id)
                at_kink = self.write.notes(step, "blank")
                number = Row(None, (Part(relation, shown),), mark=bool(at_kink))
                rows.append((cell(Name(step.id)), number))
                notes += at_kink
        yield Grid(columns, tuple(rows))
        yield from notes

    def definitions(self, *more: str) -> list[Function]:
        """The functions of this exercise that are defined by others, in reading order.

        `more` are kinds of quantities that count too.
        """
        used: dict[Function, None] = {}
        for quantity in self.graph.quantities.values():
            if quantity.expr is not None and quantity.kind in (*DEFINING, *more):
                _defined(quantity.expr, used)
        return list(used)

    def definition(self, row: Function) -> Lines:
        """The line that defines a function."""
        return Lines((Row(_applied(row), (Part("=", row_text(row.definition or "")),)),))

    def proofs(self) -> Iterator[Block]:
        """The slope of each function used, derived from its definition."""
        functions = self.definitions("unit_error")
        if functions:
            yield self.heading("proofs")
        for row in functions:
            yield self.under("proof", function=_applied(row))
            yield from self.proof(row)

    def proof(self, row: Function) -> Iterator[Block]:
        """Every line from the definition to the taught slope, each with its rule."""
        variable = row.parameters[0]
        found = derivative(row_text(row.definition or ""), variable)
        corner = _at_corner(slope(_applied(row), variable, Name(found.output)))
        question, *lines = found.lines
        rows = [
            Row(
                None if index else question.expr,
                (Part("=", _with_corner(line.expr, corner)),),
                tuple(Words(f"rule.{rule}") for rule in line.rules),
            )
            for index, line in enumerate(lines)
        ]
        yield Lines(tuple(rows))
        rules = {rule for line in lines for rule in line.rules}
        if "name_output" in rules:
            yield self.say("output_name", output=Name(found.output), function=_applied(row))
        if "cases" in rules:
            yield self.say(row.corner)
        for used in _unfamiliar(row):
            key = FUNCTIONS[used.function].meaning
            yield self.say(key, function=used, value=used.args[0])
        yield from self.identity(row)
        yield from self.shape(row, Name(found.output))

    def shape(self, row: Function, output: Name) -> Iterator[Block]:
        """How large the slope can get, what is often said wrong, and the graph of both.

        `output` stands for the function, as in its proof.
        """
        if row.most:
            yield self.say(row.most)
        if row.bound:
            start, *forms = (substitute(row_text(b.text), {OUTPUT: output}) for b in row.bound)
            rules = [(Words(f"rule.{line.rule}"),) for line in row.bound[1:]]
            lefts = [start, *[None] * (len(forms) - 1)]
            parts = [(Part("=", form),) for form in forms]
            yield Lines(tuple(map(Row, lefts, parts, rules)))
        if row.told:
            yield self.say(row.told)
        if row.most:
            yield graph(row.name)

    def identity(self, row: Function) -> Iterator[Block]:
        """Another form of the function, from its definition on."""
        if not row.identity:
            return
        rows = [
            Row(
                None,
                (Part("=", row_text(line.text)),),
                (Words(f"rule.{line.rule}"),),
            )
            for line in row.identity
        ]
        yield self.say("identity", function=_applied(row))
        yield Lines((*self.definition(row).rows, *rows))


def _defined(expr: Expr, used: dict[Function, None]) -> None:
    """Note the functions with a definition, and those that these are made of."""
    for node in walk(expr):
        if isinstance(node, Call):
            row = FUNCTIONS[node.function].of(len(node.args))
            if row.definition and row not in used:
                used[row] = None
                for text in (row.definition, row.slopes[0]):
                    _defined(row_text(text), used)


def _unfamiliar(row: Function) -> list[Call]:
    """The primitives in the slope of a function whose meaning has to be told."""
    called = [node for node in walk(row_text(row.slopes[0])) if type(node) is Call]
    return [node for node in called if FUNCTIONS[node.function].meaning]


def _applied(row: Function) -> Call:
    return Call(row.name, tuple(map(Name, row.parameters)))


def _at_corner(taught: Expr) -> Expr:
    """What a taught slope is at its corner: a convention, which no line can prove."""
    return transform(taught, lambda node: node.zero if isinstance(node, Cases) else None)


def _with_corner(expr: Expr, corner: Expr) -> Expr:
    """A line of a proof, each side as derived, the corner as taught."""

    def put(node: Expr) -> Expr | None:
        if not isinstance(node, Cases) or not node.kink:
            return None
        return cases((node.subject, node.negative, corner, node.positive), kink=True)

    return transform(expr, put)


__all__ = ["Sheet", "blank"]
