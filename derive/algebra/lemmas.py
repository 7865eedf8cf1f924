"""Each rule and shape is differentiated and proved once, then only filled in.

`W5*h1 + W6*h2` by W5 and `q*z` by q are one shape: everything that does not
contain the variable becomes a placeholder `c0, c1, ...`, the variable becomes
`v`. The lines of a shape are derived by `rules`, compared with its slope at
points and with `sympy.diff`, and kept; `proved.json` in the package holds what
has been proved before, and a test makes it anew with SymPy. Cost grows with the
number of shapes, not of edges, and a known shape needs no SymPy at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from pathlib import Path

import msgspec

from derive.algebra.expressions import (
    Add,
    Call,
    Diff,
    Div,
    Expr,
    Mul,
    Name,
    children,
    constant,
    depends_on,
    has_node,
    rebuild,
    transform,
)
from derive.algebra.grammar import to_text
from derive.algebra.rules import Line, by_rules, differentiate, output_name
from derive.errors import InternalError

VARIABLE = "v"
PROVED = Path(__file__).resolve().with_name("proved.json")
"""Shapes that were compared with SymPy before; part of the package."""


class Shape(msgspec.Struct, frozen=True):
    """An expression with placeholders, and what stands in each place."""

    expr: Expr
    fillings: tuple[Expr, ...]


class Lemma(msgspec.Struct, frozen=True):
    """The proved lines for one shape; `evidence` is `proved`, `sampled` or `unchecked`.

    `plain` is the line that the rules alone end with, before the output of the
    function is named in it; `named` is the last line with the expression itself
    named wherever it occurs.
    """

    lines: tuple[Line, ...]
    evidence: str
    plain: Expr
    named: Expr


class Derivative(msgspec.Struct, frozen=True):
    """The lines for an expression, from the question to the result.

    `output` is the name that stands for the expression itself in its lines.
    """

    lines: tuple[Line, ...]
    output: str
    evidence: str

    @property
    def result(self) -> Expr:
        """The last line."""
        return self.lines[-1].expr

    def worked(self) -> tuple[Line, ...]:
        """The lines a learner writes: those without an open derivative."""
        return tuple(line for line in self.lines if not has_node(line.expr, Diff))


class _Shaping:
    def __init__(self, wrt: str) -> None:
        self.wrt = wrt
        self.places: dict[Expr, Expr] = {}

    def place(self, expr: Expr) -> Expr:
        return self.places.setdefault(expr, Name(f"c{len(self.places)}"))

    def shape(self, expr: Expr) -> Expr:
        if not depends_on(expr, self.wrt):
            return expr if constant(expr) is not None else self.place(expr)
        if isinstance(expr, Name):
            return Name(VARIABLE)
        if isinstance(expr, Add):
            return self.sum(expr)
        if isinstance(expr, Call):
            return Call(
                expr.function,
                tuple(
                    self.shape(a) if depends_on(a, self.wrt) else self.place(a) for a in expr.args
                ),
            )
        return rebuild(expr, tuple(self.shape(part) for part in children(expr)))

    def sum(self, expr: Add) -> Expr:
        """Neighbouring terms without the variable share one place."""
        terms: list[Expr] = []
        fixed: list[Expr] = []
        for term in (*expr.terms, None):
            if term is not None and not depends_on(term, self.wrt):
                fixed.append(term)
                continue
            if fixed:
                rest = fixed[0] if len(fixed) == 1 else Add(tuple(fixed))
                terms.append(rest if constant(rest) is not None else self.place(rest))
                fixed = []
            if term is not None:
                terms.append(self.shape(term))
        return terms[0] if len(terms) == 1 else Add(tuple(terms))


def is_mean(expr: Div) -> bool:
    """Whether names, or their sum, are shared out among some number of them.

    The slope of every mean is one over that number, so that one proof serves all.
    """
    top, count = expr.top, constant(expr.bottom)
    parts = top.terms if isinstance(top, Add) else (top,)
    return count is not None and count > 1 and all(type(part) is Name for part in parts)


def shape_of(expr: Expr, wrt: str) -> Shape:
    """The shape of an expression as a function of `wrt`."""
    if type(expr) is Call and len(expr.args) == 1 and expr.args[0] == Name(wrt):
        return Shape(Call(expr.function, (Name(VARIABLE),)), ())
    shaping = _Shaping(wrt)
    if type(expr) is Div and is_mean(expr):
        shaped: Expr = Div(shaping.shape(expr.top), shaping.place(expr.bottom))
    else:
        shaped = shaping.shape(expr)
    return Shape(shaped, tuple(shaping.places))


@cache
def known_proofs() -> dict[str, list[str]]:
    """The shapes proved before, as text, with the text of their lines."""
    data = PROVED.read_text("utf-8")
    loaded: dict[str, list[str]] = json.loads(data)
    return loaded


PROVED_BEFORE: ContextVar[bool] = ContextVar("PROVED_BEFORE", default=False)


@contextmanager
def trust_proofs() -> Iterator[None]:
    """Inside the block new shapes are taken as proved when their key was made, without SymPy."""
    before = PROVED_BEFORE.set(True)
    try:
        yield
    finally:
        PROVED_BEFORE.reset(before)


def lemma(shape: Expr) -> Lemma:
    """The lines of a shape by `v`, judged; raises InternalError if one is wrong."""
    return cached_lemma(shape, trusted=PROVED_BEFORE.get())


@lru_cache(maxsize=4096)
def cached_lemma(shape: Expr, *, trusted: bool) -> Lemma:
    """The same, once for each shape; a trusted one is not sent to SymPy."""
    lines = differentiate(shape, VARIABLE)
    plain = by_rules(shape, VARIABLE)[-1].expr
    output = Name(output_name(shape))
    named = transform(lines[-1].expr, lambda node: output if node == shape else None)
    known = trusted or _was_proved(shape, lines)
    return Lemma(lines, "proved" if known else evidence(shape, lines), plain, named)


def _was_proved(shape: Expr, lines: tuple[Line, ...]) -> bool:
    """Whether the package holds the proof of just these lines."""
    proof = known_proofs().get(to_text(shape))
    return proof is not None and proof == [to_text(line.expr) for line in lines]


def evidence(shape: Expr, lines: tuple[Line, ...]) -> str:
    """What speaks for the lines: `proved`, `sampled` or `unchecked`; InternalError if wrong."""
    from derive.algebra.evidence import lines_hold  # noqa: PLC0415  only a new shape needs SymPy

    verdict = lines_hold(
        Diff(shape, VARIABLE), tuple(line.expr for line in lines), output_name(shape)
    )
    if verdict == "wrong":
        raise InternalError(f"at some point a line is not the derivative of {to_text(shape)}")
    return verdict


def derivative(expr: Expr, wrt: str) -> Derivative:
    """Every proved line of `d expr / d wrt`, filled in."""
    return cached_derivative(expr, wrt, trusted=PROVED_BEFORE.get())


@lru_cache(maxsize=1024)
def cached_derivative(expr: Expr, wrt: str, *, trusted: bool) -> Derivative:
    """The same, once for each expression; a trusted shape is not sent to SymPy."""
    shape = shape_of(expr, wrt)
    general = cached_lemma(shape.expr, trusted=trusted)
    fill = filling(shape, wrt)
    old = output_name(shape.expr)
    new = output_name(expr)
    fill[old] = Name(new)
    lines = tuple(Line(_fill(line.expr, fill, wrt), line.rules) for line in general.lines)
    return Derivative(lines, new, general.evidence)


def slope(expr: Expr, wrt: str, output: Expr | None = None) -> Expr:
    """The result alone, filled in: what a step needs when nobody asks for its lines.

    `output` stands for the value of `expr`, where the result can be written
    with it; without it the result is the one that the rules alone give.
    """
    partner = _partner(expr, wrt)
    if partner is not None:
        return partner
    shape = shape_of(expr, wrt)
    general = lemma(shape.expr)
    fill = filling(shape, wrt)
    if output is None:
        return _fill(general.plain, fill, wrt)
    fill[output_name(shape.expr)] = output
    return _fill(general.named, fill, wrt)


@cache
def _products_proved() -> bool:
    """Whether `v*c0` and `c0*v` both have the slope c0, as the lemmas say."""
    v, c = Name(VARIABLE), Name("c0")
    return all(lemma(Mul(pair)).lines[-1].expr == c for pair in ((v, c), (c, v)))


def _partner(expr: Expr, wrt: str) -> Expr | None:
    """The slope of a product of two names, the shape that every weight has."""
    if not isinstance(expr, Mul) or len(expr.factors) != 2:  # noqa: PLR2004
        return None
    first, second = expr.factors
    if type(first) is not Name or type(second) is not Name or first.id == second.id:
        return None
    if wrt not in {first.id, second.id}:
        return None
    return (second if first.id == wrt else first) if _products_proved() else None


def filling(shape: Shape, wrt: str) -> dict[str, Expr]:
    """What stands in each place of a shape."""
    fill: dict[str, Expr] = {f"c{i}": part for i, part in enumerate(shape.fillings)}
    fill[VARIABLE] = Name(wrt)
    return fill


def _fill(expr: Expr, fill: dict[str, Expr], wrt: str) -> Expr:
    def change(node: Expr) -> Expr | None:
        if isinstance(node, Name):
            return fill.get(node.id)
        if isinstance(node, Diff):
            return Diff(_fill(node.expr, fill, wrt), wrt)
        return None

    return transform(expr, change)
