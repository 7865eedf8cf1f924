"""From a step to its lines: symbols, numbers, value, with the footnote if one is due."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from derive.algebra.expressions import (
    Add,
    Cases,
    Expr,
    Mul,
    Name,
    Num,
    Value,
    children,
    constant,
    substitute,
    transform,
)
from derive.algebra.lemmas import Derivative, derivative
from derive.derivation.local import keep_terms_with, name_output
from derive.derivation.steps import Step
from derive.numbers import Numbers, Shown
from derive.pages.document import Lines, Part, Relation, Row, Words, blank

Treatment = Literal["worked", "symbols", "blank"]
MOST_NESTED = 2
"""Cases within cases up to which a formula with them is written out: max of three values."""
MOST_TERMS = 40
"""Longer sums are not written out with numbers; the formula line stands for them."""


class Writer:
    """Writes the steps of one exercise; blanks are numbered in the key's order."""

    def __init__(self, numbers: Numbers) -> None:
        """Number the asked ids."""
        self.numbers = numbers
        self.derivation = numbers.derivation
        self.graph = numbers.derivation.graph
        asked = (s.id for s in self.derivation.steps(("forward", "backward", "update", "check")))
        self._blanks = {name: index for index, name in enumerate(asked, 1)}

    def step(self, name: str) -> Step:
        """The step of an id of the derivation."""
        return self.numbers.step(name)

    def blank(self, name: str) -> Name:
        """The numbered blank of an id."""
        return blank(self._blanks[name])

    def value(self, name: str) -> Part:
        """The printed number of an id."""
        return Part("is", Value(name))

    def block(self, steps: list[Step], treatment: Treatment = "worked") -> list[Lines]:
        """The lines of some steps as one aligned block; none if there are none."""
        return self.mixed([(step, treatment) for step in steps])

    def mixed(self, steps: list[tuple[Step, Treatment]]) -> list[Lines]:
        """The same with a treatment for each step."""
        rows: list[Row] = []
        for step, treatment in steps:
            rows.extend(self.rows(step, treatment))
        return [Lines(tuple(rows))] if rows else []

    def rows(
        self, step: Step, treatment: Treatment = "worked", *, boxed: bool = False
    ) -> list[Row]:
        """The lines of one step, the last of which ends in its value or its blank."""
        if step.expr is None:
            return [Row(Name(step.id), (self.value(step.id),))]
        if treatment == "worked":
            rows = self._worked(step, step.expr, boxed=boxed)
        else:
            parts = self.symbols(step.expr) if treatment == "symbols" else []
            parts.append(Part(self.relation(step.id), self.blank(step.id)))
            rows = [Row(Name(step.id), tuple(parts))]
        rows[-1] = replace(rows[-1], of=step.id)
        return rows

    def relation(self, name: str) -> Relation:
        """`=` or `≈` before a blank, which holds no number that could tell."""
        return "=" if self.numbers.is_exact(name) else "≈"

    def _worked(self, step: Step, expr: Expr, *, boxed: bool) -> list[Row]:
        """Symbols, numbers, value; what reads like the one before it is left out."""
        taught = self.taught_rows(step)
        last = taught[-1].parts[-1] if taught else Part("=", expr)
        parts = [last, *self._settled_parts(step)]
        if not taught and _nest(expr) > MOST_NESTED:
            parts = parts[1:]
        numbers = with_values(self.numbers.settle_cases(step).expr)
        if _terms(numbers) <= MOST_TERMS:
            parts.append(Part("=", numbers, echo=True))
        parts.append(Part("is", Value(step.id), boxed, echo=True))
        if not taught:
            return [Row(Name(step.id), tuple(parts), self._remarks(step))]
        return [*taught, Row(None, tuple(parts[1:]), self._remarks(step))]

    def _settled_parts(self, step: Step) -> list[Part]:
        """The branch taken, where the formula has cases."""
        settled = self.numbers.settle_cases(step).expr
        return [] if settled is step.expr else [Part("=", settled)]

    def _remarks(self, step: Step) -> tuple[Words, ...]:
        if step.expr is None or self.numbers.settle_cases(step).expr is step.expr:
            return ()
        subjects = dict.fromkeys(case.subject for case in _outer_cases(step.expr))
        return tuple(
            Words("remark.case", {"equation": Row(subject, _evaluate(subject))})
            for subject in subjects
        )

    def symbols(self, expr: Expr) -> list[Part]:
        """What is given of a formula; nothing where it is the answer itself."""
        if constant(expr) is not None or _nest(expr) > MOST_NESTED:
            return []
        parts = [Part("=", expr)]
        if isinstance(expr, Mul) and all(isinstance(f, Name) for f in expr.factors):
            parts.append(Part("=", Mul(tuple(blank() for _ in expr.factors))))
        return parts

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
            expr = self._named(step, line.expr, lines.output)
            if rows and rows[-1].parts[0].expr == expr:  # only its name has changed
                rows[-1] = replace(rows[-1], remarks=(*rows[-1].remarks, *rules))
                continue
            rows.append(Row(left, (Part("=", expr),), rules))
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
        spoken = tuple(rule for rule in used if rule not in silent)
        return spoken or tuple(rule for rule in used if rule != "tidy")

    def lines(self, step: Step) -> Derivative | None:
        """Every proved line of a local step that has more than its result to show.

        None for sums of products, where the slope is read off at a glance, and
        for activations and shares of a softmax, whose slopes are proved in the appendix.
        """
        silent = ("preactivation", "activation")
        if step.kind != "local":
            return None
        top = self.graph[step.of]
        if top.role in silent or top.vector:
            return None
        lines = self.all_lines(step)
        return lines if len(lines.worked()) > 1 else None

    def all_lines(self, step: Step) -> Derivative:
        """Every proved line of a local step."""
        wrt = self.graph.source(step.wrt)
        return derivative(self.formula_of(step), wrt)

    def formula_of(self, step: Step) -> Expr:
        """The formula that a local step differentiates: an error is written out in outputs.

        Of a penalty only what the weight adds to it.
        """
        quantity = self.graph[step.of]
        assert quantity.expr is not None
        if quantity.role == "penalty":
            return keep_terms_with(quantity.expr, step.wrt)
        if quantity.role != "error":
            return quantity.expr
        units = {u: self.graph[u].expr for u in quantity.uses}
        return substitute(quantity.expr, {u: e for u, e in units.items() if e is not None})

    def _named(self, step: Step, expr: Expr, output: str) -> Expr:
        quantity = self.graph[step.of]
        named = substitute(name_output(quantity, expr), {output: Name(step.of)})
        return self.derivation.rename_ids(named, step.updates)


def write_number(shown: Shown) -> Part:
    """A printed number behind `=`, or behind `≈` where it is rounded."""
    return Part("=" if shown.exact else "≈", Num(shown.text))


def with_values(expr: Expr) -> Expr:
    """The formula with the printed numbers put in."""
    return transform(expr, lambda node: Value(node.id) if isinstance(node, Name) else None)


def _evaluate(subject: Expr) -> tuple[Part, ...]:
    """What decides cases, in numbers: a value, or the two that are compared."""
    numbers = with_values(subject)
    return (Part("is" if isinstance(numbers, Value) else "=", numbers),)


def _nest(expr: Expr) -> int:
    """How deep cases stand in cases; 0 where there are none."""
    inside = max(map(_nest, children(expr)), default=0)
    return inside + isinstance(expr, Cases)


def _outer_cases(expr: Expr) -> list[Cases]:
    """The cases that stand in no other: of those inside, not all are asked."""
    if isinstance(expr, Cases):
        return [expr]
    return [case for part in children(expr) for case in _outer_cases(part)]


def _terms(expr: Expr) -> int:
    return len(expr.terms) if isinstance(expr, Add) else 1
