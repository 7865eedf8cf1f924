"""Whether a line separates the samples: the inequalities, and what they add up to."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from msgspec.structs import replace

from derive import limits
from derive.algebra.expressions import ZERO, Expr, Mul, Name, Neg, Num, add, names
from derive.graph import Graph
from derive.pages.document import (
    Block,
    Cell,
    Grid,
    Heading,
    Lines,
    Part,
    Relation,
    Row,
    Words,
    cell,
    go_on,
    say,
)
from derive.pages.separation import Certificate, Condition, find_contradiction
from derive.spec import Perceptron
from derive.spec.presenting import run_of

SIGNS: dict[tuple[bool, bool], Relation] = {
    (True, True): ">",
    (True, False): "≥",
    (False, True): "<",
    (False, False): "≤",
}
"""By the side of 0 and whether 0 itself is left out."""
MOST_DIGITS = 6
"""Of a multiplier, and the weights of an inequality, up to which the proof is printed."""
MOST_WEIGHTS = 5
MOST_NAMES = 6
"""Weights in a sum of inequalities up to which it stands on one line."""
PATIENCE = 20_000
"""Presentations up to which a longer run is tried."""


def contradiction_blocks(spec: Perceptron, graph: Graph) -> Iterator[Block]:
    """The proof that no line separates the samples, or that one does, or that it is not known.

    A proof too wide for a page is told, not printed.
    """
    yield Heading(2, Words("heading.separable"))
    if len(spec.inputs) > limits.CERTIFIED_SAMPLES:
        yield say("undecided", count=str(limits.CERTIFIED_SAMPLES))
        return
    certificate = find_contradiction(spec)
    if certificate is None:
        yield from _say_separable(spec)
        return
    digits = max(len(str(times)) for times, _ in certificate.parts)
    if digits > MOST_DIGITS or len(graph.parameters) > MOST_WEIGHTS:
        yield say("contradiction_left_out", count=str(len(certificate.parts)), number=str(digits))
        return
    yield say("conditions" if spec.bias is not None else "conditions_without_bias")
    yield list_conditions(certificate, spec, graph)
    yield from add_inequalities(certificate, graph)


def _say_separable(spec: Perceptron) -> Iterator[Block]:
    """A longer run finds a line; how long, if that can be tried."""
    longest = min(limits.EPOCHS, PATIENCE // len(spec.inputs))
    longer = run_of(_set_epochs(spec, longest))
    if longer.ending == "clean":
        yield say("separable_in", number=str(longer.epoch))
    else:
        yield say("separable")


def list_conditions(certificate: Certificate, spec: Perceptron, graph: Graph) -> Grid:
    """What each sample of the proof asks for; how often it is taken where not always once."""
    counted = any(times != 1 for times, _ in certificate.parts)
    columns = [
        Words("column.sample"),
        Words("column.of", {"name": Name("t1")}),
        Words("column.asks"),
    ]
    columns += [Words("column.times")] if counted else []
    rows: list[tuple[Cell, ...]] = []
    for times, condition in certificate.parts:
        target = spec.targets[condition.sample - 1][0]
        left = sum_weights(condition.factors, graph)
        row: list[Cell] = [
            cell(Num(str(condition.sample))),
            cell(Num(str(target))),
            Row(None, (Part("", left), Part(_choose_sign(condition), ZERO))),
        ]
        rows.append((*row, cell(Num(str(times)))) if counted else tuple(row))
    return Grid(tuple(columns), tuple(rows))


def add_inequalities(certificate: Certificate, graph: Graph) -> Iterator[Block]:
    """Both sides added up: the same expression, which cannot be above and below."""
    for above in (True, False):
        group = [(times, c) for times, c in certificate.parts if c.above == above]
        if not group:
            continue
        yield say("add_above" if above else "add_below")
        terms = [_multiply(times, sum_weights(c.factors, graph)) for times, c in group]
        total = sum_weights(
            tuple(
                sum((times * f for (times, _), f in zip(group, column, strict=True)), Fraction(0))
                for column in zip(*(c.factors for _, c in group), strict=True)
            ),
            graph,
        )
        sign = SIGNS[above, any(c.strict for _, c in group)]
        yield Lines(_write_sum(terms, total, Part(sign, ZERO)))
    both = {c.above for _, c in certificate.parts}
    yield say("contradiction" if len(both) > 1 else "contradiction_alone")


def _write_sum(terms: list[Expr], total: Expr, sign: Part) -> tuple[Row, ...]:
    """The sum and what it comes to: on one line, or each inequality on its own."""
    whole = add(*terms)
    if whole == total:
        return (Row(whole, (sign,)),)
    if sum(len(names(term)) for term in terms) <= MOST_NAMES:
        return (Row(whole, (Part("=", total), sign)),)
    first, *others = terms
    each = (Row(None, (part,)) for part in (Part("", first), *map(go_on, others)))
    return (*each, Row(None, (Part("=", total), sign)))


def _multiply(times: int, expr: Expr) -> Expr:
    return expr if times == 1 else Mul((Num(str(times)), expr))


def _choose_sign(condition: Condition) -> Relation:
    return SIGNS[condition.above, condition.strict]


def sum_weights(factors: tuple[Fraction, ...], graph: Graph) -> Expr:
    """A sum of weights: those with the factor 0 are left out, a factor 1 is not written."""
    terms: list[Expr] = []
    for name, factor in zip(graph.parameters, factors, strict=True):
        if factor:
            size = Num(write_decimal(abs(factor)))
            term: Expr = Name(name) if abs(factor) == 1 else Mul((size, Name(name)))
            terms.append(Neg(term) if factor < 0 else term)
    return add(*terms) if terms else ZERO


def write_decimal(value: Fraction) -> str:
    """A fraction whose decimals end, written out."""
    places = 0
    while value.denominator != 1 and (value * 10**places).denominator != 1:
        places += 1
    whole = int(value * 10**places)
    text = str(whole).rjust(places + 1, "0")
    return f"{text[:-places]}.{text[-places:]}" if places else text


def _set_epochs(spec: Perceptron, epochs: int) -> Perceptron:
    """The same run without a limit of the page."""
    return replace(spec, epochs=epochs, steps=0)
