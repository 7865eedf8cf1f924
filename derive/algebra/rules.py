"""Differentiation one rule at a time, with the lines a learner writes.

`differentiate` rewrites `Diff` nodes until none is left; each pass applies one
rule to every open derivative and is one line. The last line is tidied. Lines
are trees with the names of the rules, never sentences.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import chain, count

import msgspec

from derive.algebra.expressions import (
    ONE,
    ZERO,
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
    add,
    cases,
    children,
    constant,
    depends_on,
    has_node,
    mul,
    names,
    substitute,
    transform,
)
from derive.algebra.grammar import parse_row
from derive.algebra.tidy import tidy
from derive.ops import FUNCTIONS, Function

OUTPUT = "y"
"""The name of a function's own output in the rows of `ops`."""
OUTPUT_NAMES = ("s", "y", "a", "u", "w")
"""Names for that output in a derivation; the first that is free is taken."""


class Line(msgspec.Struct, frozen=True):
    """One line of a derivation and the rules that led to it from the line before."""

    expr: Expr
    rules: tuple[str, ...]


@lru_cache(maxsize=512)
def row_text(text: str) -> Expr:
    """The tree of a text from `ops`."""
    return parse_row(text)


def apply_row_text(function: Function, args: tuple[Expr, ...], text: str, output: Expr) -> Expr:
    """A text of a function's row with its parameters and `y` put in."""
    values: dict[str, Expr] = dict(
        zip(function.parameters, full_args(function, args), strict=True)
    )
    return substitute(row_text(text), values | {OUTPUT: output})


def write_definition(call: Call) -> Expr | None:
    """A call written out by the definition of its function; None if it has none."""
    function = FUNCTIONS[call.function].take(len(call.args))
    if function.definition is None:
        return None
    arguments = zip(function.parameters, full_args(function, call.args), strict=True)
    return substitute(row_text(function.definition), dict(arguments))


def drop_conventions(call: Call) -> Call:
    """What people read of a call: conventions that are numbers are named elsewhere."""
    function = FUNCTIONS[call.function]
    told = len(function.parameters) - function.conventions
    silent = call.args[told:]
    if function.conventions and silent and all(constant(arg) is not None for arg in silent):
        return Call(call.function, call.args[:told])
    return call


def full_args(function: Function, args: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """The arguments with the row's defaults for those left out."""
    missing = len(function.parameters) - len(args)
    return (*args, *(row_text(d) for d in function.defaults[len(function.defaults) - missing :]))


def differentiate(expr: Expr, wrt: str) -> tuple[Line, ...]:
    """Every line from `d/dwrt expr` to the result; the first is the question."""
    lines = by_rules(expr, wrt)
    return (*lines, *_in_terms_of_the_output(expr, wrt, lines[-1].expr))


def by_rules(expr: Expr, wrt: str) -> tuple[Line, ...]:
    """The lines that rules alone give; the last one is tidied."""
    current: Expr = Diff(expr, wrt)
    lines = [Line(current, ())]
    while has_node(current, Diff):
        current, rules = _one_pass(current)
        lines.append(Line(current, rules))
    simple = tidy(current)
    if simple != current:
        lines.append(Line(simple, ("tidy",)))
    return tuple(lines)


def _one_pass(expr: Expr) -> tuple[Expr, tuple[str, ...]]:
    """Apply one rule to every open derivative; the rules in reading order, each once."""
    used: dict[str, None] = {}

    def change(node: Expr) -> Expr | None:
        if not isinstance(node, Diff):
            return None
        result, rules = apply_rule(node.expr, node.wrt)
        used.update(dict.fromkeys(rules))
        return result

    return transform(expr, change), tuple(used)


Rule = tuple[Expr, tuple[str, ...]]


def apply_rule(expr: Expr, wrt: str) -> Rule:
    """The derivative by the outermost rule; inner derivatives stay open as `Diff`."""
    if not depends_on(expr, wrt):
        return ZERO, ("constant",)
    straight = slope_of_linear(expr, wrt)
    if straight is not None:
        rules = {Name: ("identity",), Add: ("sum",)}.get(type(expr), ("constant_multiple",))
        return straight, rules
    return RULES[type(expr)](expr, wrt)


def slope_of_linear(expr: Expr, wrt: str) -> Expr | None:
    """The slope where `expr` is visibly linear in `wrt`, else None."""
    if isinstance(expr, Name):
        return ONE if expr.id == wrt else None
    if isinstance(expr, Neg):
        inner = slope_of_linear(expr.arg, wrt)
        return None if inner is None else Neg(inner)
    if isinstance(expr, Div) and not depends_on(expr.bottom, wrt):
        inner = slope_of_linear(expr.top, wrt)
        return None if inner is None else Div(inner, expr.bottom)
    if isinstance(expr, Mul):
        at = [i for i, factor in enumerate(expr.factors) if depends_on(factor, wrt)]
        if len(at) == 1 and expr.factors[at[0]] == Name(wrt):
            return mul(*expr.factors[: at[0]], *expr.factors[at[0] + 1 :])
    if isinstance(expr, Add):
        return _slope_of_sum(expr, wrt)
    return None


def _slope_of_sum(expr: Add, wrt: str) -> Expr | None:
    slopes: list[Expr] = []
    for term in expr.terms:
        if depends_on(term, wrt):
            slope = slope_of_linear(term, wrt)
            if slope is None:
                return None
            slopes.append(slope)
    return add(*slopes)


def _sum(expr: Add, wrt: str) -> Rule:
    return Add(tuple(Diff(term, wrt) for term in expr.terms)), ("sum",)


def _negative(expr: Neg, wrt: str) -> Rule:
    return Neg(Diff(expr.arg, wrt)), ("constant_multiple",)


def _product(expr: Mul, wrt: str) -> Rule:
    fixed = tuple(f for f in expr.factors if not depends_on(f, wrt))
    moving = tuple(f for f in expr.factors if depends_on(f, wrt))
    if len(moving) == 1:
        if isinstance(moving[0], Pow) and not depends_on(moving[0].exponent, wrt):
            (front, *rest), rules = _power_factors(moving[0], wrt)
            return mul(front, *fixed, *rest), ("constant_multiple", *rules)
        return mul(*fixed, Diff(moving[0], wrt)), ("constant_multiple",)
    terms = tuple(
        mul(*fixed, *moving[:i], Diff(factor, wrt), *moving[i + 1 :])
        for i, factor in enumerate(moving)
    )
    return Add(terms), ("product",)


def _quotient(expr: Div, wrt: str) -> Rule:
    top, bottom = expr.top, expr.bottom
    if not depends_on(bottom, wrt):
        if isinstance(top, Pow) and constant(bottom) is not None:
            return _product(Mul((Div(ONE, bottom), top)), wrt)
        return Div(Diff(top, wrt), bottom), ("constant_multiple",)
    over = Pow(bottom, Num("2"))
    difference = Add((mul(Diff(top, wrt), bottom), Neg(mul(top, Diff(bottom, wrt)))))
    return Div(difference, over), ("quotient",)


def _power(expr: Pow, wrt: str) -> Rule:
    if not depends_on(expr.exponent, wrt):
        factors, rules = _power_factors(expr, wrt)
        return mul(*factors), rules
    inner = Diff(mul(expr.exponent, Call("log", (expr.base,))), wrt)
    if not depends_on(expr.base, wrt):
        return Mul((expr, Call("log", (expr.base,)), Diff(expr.exponent, wrt))), (
            "exponential",
            "chain",
        )
    return Mul((expr, inner)), ("exponential", "chain")


def _power_factors(expr: Pow, wrt: str) -> tuple[tuple[Expr, ...], tuple[str, ...]]:
    """N, u^(n-1) and, unless u is the variable, its own derivative."""
    lowered = Pow(expr.base, Add((expr.exponent, Neg(ONE))))
    if expr.base == Name(wrt):
        return (expr.exponent, lowered), ("power",)
    return (expr.exponent, lowered, Diff(expr.base, wrt)), ("power", "chain")


CALL_RULES = {"exp": "exponential", "log": "logarithm", "ln": "logarithm"}


def _call(expr: Call, wrt: str) -> Rule:
    function = FUNCTIONS[expr.function].take(len(expr.args))
    terms: list[Expr] = []
    inner = False
    for argument, slope in zip(expr.args, function.slopes, strict=False):
        if not depends_on(argument, wrt):
            continue
        outer = apply_row_text(function, expr.args, slope, expr)
        inner = inner or argument != Name(wrt)
        terms.append(outer if argument == Name(wrt) else mul(outer, Diff(argument, wrt)))
    rule = CALL_RULES.get(function.name, f"slope_{function.name}")
    return add(*terms), (rule, "chain") if inner else (rule,)


def _cases(expr: Cases, wrt: str) -> Rule:
    """Each side on its own; at the border the slope of the formula that holds there."""
    parts = tuple(Diff(part, wrt) for part in (expr.negative, expr.zero, expr.positive))
    return cases((expr.subject, *parts), kink=True), ("cases",)


RULES: dict[type, Callable[..., Rule]] = {
    Add: _sum,
    Neg: _negative,
    Mul: _product,
    Div: _quotient,
    Pow: _power,
    Call: _call,
    Cases: _cases,
}


def match(pattern: Expr, expr: Expr, bound: dict[str, Expr]) -> bool:
    """Whether `expr` is `pattern` with its names put in; fills `bound`."""
    if isinstance(pattern, Name):
        return bound.setdefault(pattern.id, expr) == expr
    if type(pattern) is not type(expr) or isinstance(pattern, Num):
        return pattern == expr
    inside, outside = children(pattern), children(expr)
    same_shape = len(inside) == len(outside)
    if isinstance(pattern, Call) and isinstance(expr, Call):
        same_shape = same_shape and pattern.function == expr.function
    return same_shape and all(match(p, e, bound) for p, e in zip(inside, outside, strict=True))


def recognise(expr: Expr) -> tuple[Function, tuple[Expr, ...]] | None:
    """The function whose written-out definition `expr` is, with its arguments."""
    for function in FUNCTIONS.values():
        bound: dict[str, Expr] = {}
        if (
            function.proof
            and function.definition
            and match(row_text(function.definition), expr, bound)
        ):
            return function, tuple(bound[p] for p in function.parameters)
    return None


def _in_terms_of_the_output(expr: Expr, wrt: str, simple: Expr) -> list[Line]:
    """The proof lines of a taught slope, where `expr` is a definition written out."""
    hit = recognise(expr)
    if hit is None or not depends_on(expr, wrt):
        return []
    function, args = hit
    inner = by_rules(args[0], wrt)[-1].expr
    output = Name(output_name(expr))
    lines: list[Line] = []
    for step in function.proof:
        outer = apply_row_text(function, args, step.text, output)
        outers = outer.factors if isinstance(outer, Mul) else (outer,)
        line = outer if inner == ONE else mul(*outers, inner)
        if line != simple:
            lines.append(Line(line, (step.rule,)))
    return lines


def output_name(expr: Expr) -> str:
    """The letter that stands for the value of `expr` itself in its derivation."""
    taken = names(expr)
    numbered = (f"s{number}" for number in count(1))
    return next(name for name in chain(OUTPUT_NAMES, numbered) if name not in taken)
