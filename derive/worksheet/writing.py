"""From a step to its lines: symbols, numbers, value, with the footnote if one is due."""

from __future__ import annotations

from typing import Literal

from derive.chains.local import in_terms_of
from derive.expressions import (
    Add,
    Cases,
    Expr,
    Mul,
    Name,
    Num,
    has_node,
    substitute,
    transform,
    walk,
)
from derive.lemmas import Derivative, derivative
from derive.numbers import NOTHING, Numbers
from derive.steps import Step
from derive.worksheet.document import Lines, Part, Relation, Row, Say, Words, blank

Treatment = Literal["worked", "symbols", "blank"]
MOST_TERMS = 40
"""Longer sums are not written out with numbers; the formula line stands for them."""


class Writer:
    """Writes the steps of one exercise; blanks are numbered in the key's order."""

    def __init__(self, numbers: Numbers) -> None:
        """Number the asked ids."""
        self.numbers = numbers
        self.derivation = numbers.derivation
        asked = (s.id for s in self.derivation.steps(("forward", "backward", "update", "check")))
        self._blanks = {name: index for index, name in enumerate(asked, 1)}

    def step(self, name: str) -> Step:
        """The step of an id of the derivation."""
        return self.numbers.step(name)

    def blank(self, name: str) -> Expr:
        """The numbered blank of an id."""
        return blank(self._blanks[name])

    def value(self, name: str) -> tuple[Relation, Num]:
        """`=` or `≈` and the printed number."""
        shown = self.numbers.shown(name)
        return ("=" if shown.exact else "≈"), Num(shown.text)

    def block(self, steps: list[Step], treatment: Treatment = "worked") -> list[Lines | Say]:
        """The lines of some steps as one aligned block, and the footnotes below it."""
        return self.mixed([(step, treatment) for step in steps])

    def mixed(self, steps: list[tuple[Step, Treatment]]) -> list[Lines | Say]:
        """The same with a treatment for each step."""
        rows: list[Row] = []
        notes: list[Say] = []
        for step, treatment in steps:
            rows.extend(self.rows(step, treatment))
            if treatment == "worked":
                notes.extend(self.notes(step))
        return [Lines(tuple(rows)), *notes] if rows else []

    def rows(
        self, step: Step, treatment: Treatment = "worked", *, boxed: bool = False
    ) -> list[Row]:
        """The lines of one step."""
        left = Name(step.id)
        relation, value = self.value(step.id)
        if treatment == "blank" or step.expr is None:
            shown = value if step.expr is None else self.blank(step.id)
            return [Row(left, (Part(relation, shown),))]
        if treatment == "symbols":
            return self._with_blanks(step, step.expr, relation)
        taught = self.taught_rows(step)
        parts = [] if taught else [Part("=", step.expr)]
        parts += self._settled_parts(step)
        numbers = self.with_numbers(self.numbers.settled(step).expr)
        if (
            numbers not in (value, parts[-1].expr if parts else None)
            and _terms(numbers) <= MOST_TERMS
        ):
            parts.append(Part("=", numbers))
        if not parts or parts[-1].expr != value:
            parts.append(Part(relation, value, boxed))
        mark = self.numbers.from_printed(step) is not None
        if taught:
            return [*taught, Row(None, tuple(parts), (), mark)]
        return [Row(left, tuple(parts), self._remarks(step), mark)]

    def _settled_parts(self, step: Step) -> list[Part]:
        """The branch taken, where the formula has cases."""
        if step.expr is None or not has_node(step.expr, Cases):
            return []
        return [Part("=", self.numbers.settled(step).expr)]

    def _remarks(self, step: Step) -> tuple[Words, ...]:
        if step.expr is None or not has_node(step.expr, Cases):
            return ()
        case = next(iter(_cases(step.expr)))
        value = self.with_numbers(case.subject)
        chosen = {"subject": case.subject, "value": value}
        return (Words("remark.case", chosen),)

    def _with_blanks(self, step: Step, expr: Expr, relation: Relation) -> list[Row]:
        parts = [Part("=", expr)]
        if isinstance(expr, Mul) and all(isinstance(f, Name) for f in expr.factors):
            parts.append(Part("=", Mul(tuple(blank() for _ in expr.factors))))
        parts.append(Part(relation, self.blank(step.id)))
        return [Row(Name(step.id), tuple(parts))]

    def taught_rows(self, step: Step) -> list[Row]:
        """The lines by named rules before the result, for the derivative of an error."""
        lines = self.lines(step)
        if lines is None:
            return []
        worked = lines.worked()
        left: Expr | None = Name(step.id)
        rows: list[Row] = []
        for line in worked:
            rules = tuple(Words(f"rule.{rule}") for rule in line.rules if rule != "tidy")
            rows.append(Row(left, (Part("=", self._named(step, line.expr, lines.output)),), rules))
            left = None
        if len(rows) > 1:
            first = self._rules_before(lines)
            rows[0] = Row(rows[0].left, rows[0].parts, tuple(Words(f"rule.{r}") for r in first))
        return rows

    def _rules_before(self, lines: Derivative) -> tuple[str, ...]:
        """The rules used up to the first worked line, each once, the plain ones left out."""
        used: dict[str, None] = {}
        for line in lines.lines:
            used.update(dict.fromkeys(line.rules))
            if line in lines.worked():
                break
        silent = {"constant_multiple", "sum", "identity", "tidy"}
        told = tuple(rule for rule in used if rule not in silent)
        return told or tuple(rule for rule in used if rule != "tidy")

    def lines(self, step: Step) -> Derivative | None:
        """Every proved line of a local step that has more than its result to show.

        None for sums of products, where the slope is read off at a glance, and
        for activations, whose slope is proved in the appendix.
        """
        silent = ("preactivation", "activation")
        if step.kind != "local" or self.derivation.graph[step.of].kind in silent:
            return None
        found = self.all_lines(step)
        return found if len(found.worked()) > 1 else None

    def all_lines(self, step: Step) -> Derivative:
        """Every proved line of a local step."""
        wrt = step.wrt.removesuffix("|local")
        return derivative(self.formula_of(step), wrt)

    def formula_of(self, step: Step) -> Expr:
        """The formula that a local step differentiates: an error is written out in outputs."""
        quantity = self.derivation.graph[step.of]
        assert quantity.expr is not None
        if quantity.kind != "error":
            return quantity.expr
        units = {u: self.derivation.graph[u].expr for u in quantity.uses}
        return substitute(quantity.expr, {u: e for u, e in units.items() if e is not None})

    def _named(self, step: Step, expr: Expr, output: str) -> Expr:
        quantity = self.derivation.graph[step.of]
        named = substitute(in_terms_of(quantity, expr), {output: Name(step.of)})
        return self.derivation.renamed(named, step.updates)

    def notes(self, step: Step) -> list[Say]:
        """Footnotes of a step: printed factors that give another digit, a kink."""
        found: list[Say] = []
        printed = self.numbers.from_printed(step)
        if printed is not None:
            slots: dict[str, Expr | Words | str] = {
                "id": Name(step.id),
                "printed": Num(printed),
            }
            key = "note.printed_nothing" if printed == NOTHING else "note.printed"
            found.append(Say(Words(key, slots), note=True))
        if self.numbers.settled(step).kink:
            found.append(Say(Words("note.kink", {"id": Name(step.id)}), note=True))
        return found

    def with_numbers(self, expr: Expr) -> Expr:
        """The formula with the printed numbers put in."""

        def printed(node: Expr) -> Expr | None:
            return Num(self.numbers.shown(node.id).text) if isinstance(node, Name) else None

        return transform(expr, printed)


def _cases(expr: Expr) -> list[Cases]:
    return [node for node in walk(expr) if isinstance(node, Cases)]


def _terms(expr: Expr) -> int:
    return len(expr.terms) if isinstance(expr, Add) else 1
