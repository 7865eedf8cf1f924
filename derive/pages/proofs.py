"""The functions of a sheet: their definitions, and each slope derived from its own."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator

from derive.algebra.expressions import Call, Cases, Expr, Name, cases, substitute, transform, walk
from derive.algebra.lemmas import derivative, slope
from derive.algebra.rules import OUTPUT, row_text
from derive.ops import FUNCTIONS
from derive.pages.document import Block, Lines, Part, Row, Words
from derive.pages.graphs import graph
from derive.pages.sheet import Sheet

DEFINING = ("activation", "definition")
"""Roles of quantities whose functions a page defines before it uses them."""


class ProofSheet(Sheet, ABC):
    """What a sheet says of the functions that it uses."""

    def definitions(self, *more: str) -> list[str]:
        """The functions of this exercise that are defined by others, in reading order.

        `more` are kinds of quantities that count too.
        """
        used: dict[str, None] = {}
        for quantity in self.graph.quantities.values():
            if quantity.expr is not None and quantity.role in (*DEFINING, *more):
                _defined(quantity.expr, used)
        return list(used)

    def definition(self, name: str) -> Lines:
        """The line that defines a function."""
        return Lines(
            (Row(_applied(name), (Part("=", row_text(FUNCTIONS[name].definition or "")),)),)
        )

    def proofs(self) -> Iterator[Block]:
        """The slope of each function used, derived from its definition."""
        names = self.definitions("unit_error")
        if names:
            yield self.heading("proofs")
        for name in names:
            yield self.under("proof", function=_applied(name))
            yield from self.proof(name)

    def proof(self, name: str) -> Iterator[Block]:
        """Every line from the definition to the taught slope, each with its rule."""
        text = FUNCTIONS[name].definition or ""
        variable = FUNCTIONS[name].parameters[0]
        found = derivative(row_text(text), variable)
        corner = _at_corner(slope(_applied(name), variable, Name(found.output)))
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
            yield self.say("output_name", output=Name(found.output), function=_applied(name))
        if "cases" in rules:
            yield self.say(FUNCTIONS[name].corner)
        for used in _unfamiliar(name):
            key = FUNCTIONS[used.function].meaning
            yield self.say(key, function=used, value=used.args[0])
        yield from self.identity(name)
        yield from self.shape(name, Name(found.output))

    def shape(self, name: str, output: Name) -> Iterator[Block]:
        """How large the slope can get, what is often said wrong, and the graph of both.

        `output` stands for the function, as in its proof.
        """
        row = FUNCTIONS[name]
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
            yield graph(name)

    def identity(self, name: str) -> Iterator[Block]:
        """Another form of the function, from its definition on."""
        row = FUNCTIONS[name]
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
        yield self.say("identity", function=_applied(name))
        yield Lines((*self.definition(name).rows, *rows))


def _defined(expr: Expr, used: dict[str, None]) -> None:
    """Note the functions with a definition, and those that these are made of."""
    for node in walk(expr):
        if isinstance(node, Call) and node.function not in used:
            row = FUNCTIONS[node.function]
            if row.definition:
                used[node.function] = None
                for text in (row.definition, row.slopes[0]):
                    _defined(row_text(text), used)


def _unfamiliar(name: str) -> list[Call]:
    """The primitives in the slope of a function whose meaning has to be told."""
    called = [node for node in walk(row_text(FUNCTIONS[name].slopes[0])) if type(node) is Call]
    return [node for node in called if FUNCTIONS[node.function].meaning]


def _applied(name: str) -> Call:
    return Call(name, tuple(Name(p) for p in FUNCTIONS[name].parameters))


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
