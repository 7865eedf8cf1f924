"""The bridge to SymPy: node by node, never from text.

Importing this module imports SymPy; everything that can do without it (help,
checking, a sheet whose shapes are already proved) does not import it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from math import prod
from typing import Any

import sympy as sp

from derive.algebra.expressions import (
    Add,
    Call,
    Cases,
    Diff,
    Div,
    Expr,
    Mul,
    Name,
    Neg,
    Num,
    Pow,
    children,
    substitute,
    transform,
    walk,
)
from derive.algebra.rules import full_args, row_text
from derive.ops import FUNCTIONS

PRIMITIVES: dict[str, Any] = {
    "exp": sp.exp,
    "log": sp.log,
    "ln": sp.log,
    "sqrt": sp.sqrt,
    "sin": sp.sin,
    "cos": sp.cos,
    "normal_cdf": lambda z: (1 + sp.erf(z / sp.sqrt(2))) / 2,
    "normal_pdf": lambda z: sp.exp(-(z**2) / 2) / sp.sqrt(2 * sp.pi),
}
WEIGHTS = {"normal_cdf": 8, "normal_pdf": 8}
"""Lengths of those that SymPy writes with others."""
MOST_TERMS = 1_000
"""Terms up to which an expression is multiplied out."""
HIGHEST_EXPANDED = 10
"""A higher power of two terms or more has more than MOST_TERMS, times itself."""
SPLIT_POWERS = dict.fromkeys(("mul", "multinomial", "power_base", "log", "basic"), False) | {
    "power_exp": True,
    "force": True,
}
"""Read b^(x+y) as b^x b^y, which holds wherever b is not 0, and change nothing else."""
Symbols = Mapping[str, Any]
"""What stands for each id in SymPy."""


def to_sympy(expr: Expr, symbols: Symbols) -> Any:  # noqa: ANN401  SymPy has no types
    """SymPy's form of a tree; `symbols` maps ids to SymPy expressions."""
    if isinstance(expr, Num):
        return sp.Rational(expr.text)
    if isinstance(expr, Name):
        return symbols[expr.id]
    if isinstance(expr, Neg):
        return -to_sympy(expr.arg, symbols)
    if isinstance(expr, Add):
        return sp.Add(*(to_sympy(term, symbols) for term in expr.terms))
    if isinstance(expr, Mul):
        return sp.Mul(*(to_sympy(factor, symbols) for factor in expr.factors))
    if isinstance(expr, Div):
        return to_sympy(expr.top, symbols) / to_sympy(expr.bottom, symbols)
    if isinstance(expr, Pow):
        return to_sympy(expr.base, symbols) ** to_sympy(expr.exponent, symbols)
    if isinstance(expr, Diff):
        return sp.diff(to_sympy(expr.expr, symbols), symbols[expr.wrt])
    if isinstance(expr, Cases):
        subject = to_sympy(expr.subject, symbols)
        parts = [to_sympy(p, symbols) for p in (expr.negative, expr.zero, expr.positive)]
        return sp.Piecewise(
            (parts[0], subject < 0), (parts[1], sp.Eq(subject, 0)), (parts[2], True)
        )
    assert isinstance(expr, Call)
    return _call(expr, symbols)


def _call(expr: Call, symbols: Symbols) -> Any:  # noqa: ANN401
    if expr.function in PRIMITIVES:
        return PRIMITIVES[expr.function](to_sympy(expr.args[0], symbols))
    return to_sympy(defined(expr), symbols)


def defined(expr: Call) -> Expr:
    """A call written out by its definition."""
    function = FUNCTIONS[expr.function].take(len(expr.args))
    assert function.definition is not None
    arguments = full_args(function, expr.args)
    return substitute(
        row_text(function.definition), dict(zip(function.parameters, arguments, strict=True))
    )


def write_out(expr: Expr) -> Expr:
    """Every call but the primitives replaced by its definition."""

    def change(node: Expr) -> Expr | None:
        if isinstance(node, Call) and node.function not in PRIMITIVES:
            return write_out(defined(node))
        return None

    return transform(expr, change)


def weigh(expr: Expr, weights: Mapping[str, float]) -> float:
    """The length of a formula with functions written out and powers written as products.

    `weights` holds the lengths of names that stand for more than a name.
    """
    if isinstance(expr, Name):
        return weights.get(expr.id, 1)
    if isinstance(expr, Call) and expr.function in PRIMITIVES:
        return WEIGHTS.get(expr.function, 1) + weigh(expr.args[0], weights)
    if isinstance(expr, Call):
        function = FUNCTIONS[expr.function].take(len(expr.args))
        assert function.definition is not None
        args = (weigh(arg, weights) for arg in full_args(function, expr.args))
        return weigh(
            row_text(function.definition), dict(zip(function.parameters, args, strict=True))
        )
    if isinstance(expr, Pow):
        count = sum(abs(float(n.text)) for n in walk(expr.exponent) if isinstance(n, Num))
        return weigh(expr.base, weights) * max(1, count) + weigh(expr.exponent, weights)
    return 1 + sum(weigh(part, weights) for part in children(expr))


def equal(one: Expr, others: Iterable[Expr], positive: Collection[str] = ()) -> bool:
    """Whether SymPy proves that expressions without cases are the same for all real names.

    Those of `positive` stand for positive numbers only.
    """
    whole = [write_out(expr) for expr in (one, *others)]
    ids = {node.id for expr in whole for node in walk(expr) if isinstance(node, Name)}
    symbols = {
        name: sp.Symbol(name, **({"positive": True} if name in positive else {"real": True}))
        for name in sorted(ids)
    }
    first, *rest = (to_sympy(expr, symbols) for expr in whole)
    return all(vanishes(expr - first) for expr in rest)


def vanishes(difference: Any) -> bool:  # noqa: ANN401
    """Whether SymPy shows that an expression is 0, in a few steps that end."""
    if difference == 0:
        return True
    plain = difference.replace(sp.sign, lambda arg: arg / sp.Abs(arg)).expand(**SPLIT_POWERS)
    top, _ = sp.fraction(sp.together(plain))
    return bool(expand_short(top) == 0 or expand_short(difference) == 0)


def expand_short(expr: Any) -> Any:  # noqa: ANN401
    """An expression multiplied out, if that does not make too many terms; else as it is."""
    return sp.expand(expr) if _count_terms(expr) <= MOST_TERMS else expr


def _count_terms(expr: Any) -> float:  # noqa: ANN401
    """How many terms an expression has when it is multiplied out."""
    if expr.is_Add:
        return sum(map(_count_terms, expr.args))
    if expr.is_Mul:
        return prod(map(_count_terms, expr.args))
    if expr.is_Pow and expr.exp.is_Integer:
        return prod([_count_terms(expr.base)] * min(abs(int(expr.exp)), HIGHEST_EXPANDED))
    return 1.0
