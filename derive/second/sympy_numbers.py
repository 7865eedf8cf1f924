"""The number behind a SymPy expression, node by node in mpmath.

Faster than `evalf` on large nested expressions, because a part that occurs
often is computed once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy as sp
from mpmath import mp, mpf

from derive.second.functions import exponential, logarithm
from derive.second.wiring import NoValueError, SkippedError, sign

Point = Mapping[sp.Symbol, mpf]


FUNCTIONS: dict[type, Callable[[mpf], mpf]] = {
    sp.exp: exponential,
    sp.log: logarithm,
    sp.sin: mp.sin,
    sp.cos: mp.cos,
    sp.tanh: mp.tanh,
    sp.erf: mp.erf,
    sp.Abs: abs,
    sp.sign: mp.sign,
}
"""Functions that occur in a collapsed expression or in its derivative."""


CONSTANTS: dict[sp.Basic, Callable[[], mpf]] = {sp.E: lambda: mp.exp(1), sp.pi: lambda: +mp.pi}
"""At the current precision."""


class Sides:
    """One symbol for the sign of each number that decides a case.

    The condition of a Piecewise asks such a symbol, not the nested expression
    behind it: SymPy would rewrite conditions within conditions without end.
    """

    def __init__(self) -> None:
        self._symbols: dict[sp.Expr, sp.Symbol] = {}

    def of(self, subject: sp.Expr) -> sp.Symbol:
        """The symbol that stands for the sign of an expression."""
        if subject not in self._symbols:
            self._symbols[subject] = sp.Dummy("side", real=True)
        return self._symbols[subject]

    def settled(self, point: Point) -> Point:
        """The point with the sign of every subject."""
        values = dict(point)
        for subject, symbol in self._symbols.items():
            values[symbol] = mpf(sign(numeric(subject, values)))
        return values


def numeric(expr: sp.Expr, point: Point) -> mpf:
    """The real value of an expression at a point, at the current precision.

    Raises NoValueError where there is none.
    """
    return _value(expr, point, {})


def _value(expr: sp.Basic, point: Point, known: dict[sp.Basic, mpf]) -> mpf:
    if expr not in known:
        value = _compute(expr, point, known)
        if isinstance(value, mp.mpc):
            raise NoValueError("not a real number")
        known[expr] = value
    return known[expr]


def _compute(expr: sp.Basic, point: Point, known: dict[sp.Basic, mpf]) -> mpf:
    if isinstance(expr, sp.Symbol):
        return point[expr]
    if isinstance(expr, sp.Rational):
        return mpf(expr.p) / expr.q
    if expr in CONSTANTS:
        return CONSTANTS[expr]()
    if isinstance(expr, sp.Piecewise):
        return _chosen(expr, point, known)
    args = [_value(arg, point, known) for arg in expr.args]
    if isinstance(expr, sp.Add):
        return mp.fsum(args)
    if isinstance(expr, sp.Mul):
        return mp.fprod(args)
    if isinstance(expr, sp.Pow):
        if not args[0] and args[1] < 0:
            raise NoValueError("division by zero")
        return args[0] ** args[1]
    if type(expr) not in FUNCTIONS:
        raise SkippedError(f"{type(expr).__name__} in a collapsed expression")
    return FUNCTIONS[type(expr)](args[0])


def _chosen(expr: sp.Piecewise, point: Point, known: dict[sp.Basic, mpf]) -> mpf:
    for branch, condition in expr.args:
        if _holds(condition, point):
            return _value(branch, point, known)
    raise NoValueError("no case holds")


def _holds(condition: sp.Basic, point: Point) -> bool:
    """Whether a condition on the sides, whose values are -1, 0 or 1, is true."""
    if condition in (sp.true, sp.false):
        return bool(condition)
    if isinstance(condition, sp.And):
        return all(_holds(part, point) for part in condition.args)
    if isinstance(condition, sp.Or):
        return any(_holds(part, point) for part in condition.args)
    if isinstance(condition, sp.StrictGreaterThan | sp.StrictLessThan):
        greater, less = _value(condition.gts, point, {}), _value(condition.lts, point, {})
        return bool(greater > less)
    raise SkippedError(f"{type(condition).__name__} in a collapsed case")
