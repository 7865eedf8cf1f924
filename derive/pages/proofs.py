"""The functions of a sheet: their definitions, and each slope derived from its own."""

from __future__ import annotations

from abc import ABC
from collections.abc import Iterator

from derive.algebra.expressions import Call, Cases, Expr, Name, cases, substitute, transform, walk
from derive.algebra.lemmas import derivative, slope
from derive.algebra.rules import OUTPUT, row_text
from derive.layers import PARAMETER
from derive.ops import FUNCTIONS, Function
from derive.pages.document import Block, Lines, Part, Row, Words
from derive.pages.graphs import graph
from derive.pages.sheet import Sheet
from derive.spec import Network

DEFINING = ("activation", "definition")
"""Roles of quantities whose functions a page defines before it uses them."""


class ProofSheet(Sheet, ABC):
    """What a sheet says of the functions that it uses."""

    def definitions(self, *more: str) -> list[Function]:
        """The functions of this exercise that are defined by others, in reading order.

        `more` are kinds of quantities that count too.
        """
        used: dict[Function, None] = {}
        for quantity in self.graph.quantities.values():
            if quantity.expr is not None and quantity.role in (*DEFINING, *more):
                _defined(quantity.expr, used)
        return list(used)

    def definition(self, row: Function) -> Lines:
        """The line that defines a function."""
        return Lines((Row(_applied(row), (Part("=", row_text(row.definition or "")),)),))

    def proofs(self) -> Iterator[Block]:
        """The slope of each function used, derived from its definition."""
        if self.has_proofs():
            yield self.heading("proofs")
        for name, formula in self.own_functions().items():
            yield self.under("proof", function=Name(name))
            yield from self.own_proof(Name(name), formula)
        for row in self.definitions("unit_error"):
            yield self.under("proof", function=_applied(row))
            yield from self.proof(row)

    def has_proofs(self) -> bool:
        """Whether the slope of a function is derived."""
        return bool(self.definitions("unit_error") or self.own_functions())

    def own_functions(self) -> dict[str, Expr]:
        """The formulas of the activations that the spec defines and its layers use."""
        layers = self.spec.layers if isinstance(self.spec, Network) else ()
        return {
            layer.activation: row_text(layer.formula)
            for layer in layers
            if layer.formula is not None
        }

    def own_proof(self, function: Name, formula: Expr) -> Iterator[Block]:
        """Every line from such a formula to its slope, each with its rule."""
        yield Lines((Row(function, (Part("=", formula),)),))
        proved = derivative(formula, PARAMETER)
        question, *lines = proved.lines
        yield Lines(
            tuple(
                Row(
                    None if index else question.expr,
                    (Part("=", line.expr),),
                    tuple(Words(f"rule.{rule}") for rule in line.rules),
                )
                for index, line in enumerate(lines)
            )
        )
        rules = {rule for line in lines for rule in line.rules}
        if "name_output" in rules:
            yield self.say("output_name", output=Name(proved.output), function=function)
        if "cases" in rules:
            yield self.say("kink")

    def proof(self, row: Function) -> Iterator[Block]:
        """Every line from the definition to the taught slope, each with its rule."""
        variable = row.parameters[0]
        proved = derivative(row_text(row.definition or ""), variable)
        corner = _at_corner(slope(_applied(row), variable, Name(proved.output)))
        question, *lines = proved.lines
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
            yield self.say("output_name", output=Name(proved.output), function=_applied(row))
        if "cases" in rules:
            yield self.say(row.corner)
        for used in _unfamiliar(row):
            key = FUNCTIONS[used.function].meaning
            yield self.say(key, function=used, value=used.args[0])
        yield from self.identity(row)
        yield from self.shape(row, Name(proved.output))

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
        if row.misnamed:
            yield self.say(row.misnamed)
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
            row = FUNCTIONS[node.function].take(len(node.args))
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
